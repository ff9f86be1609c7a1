"""The pages of the register."""

import csv
import io
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from agreements.contracts.actions import (
    enter_contract,
    keep_contract_paper,
    note_list_copy,
    note_paper_download,
    record_contract_event,
)
from agreements.contracts.forms import ContractForm, EventForm, PaperForm
from agreements.contracts.models import Contract, ContractEventKind
from agreements.contracts.policies import may_happen
from agreements.contracts.presenters import (
    DEEDS,
    HEADINGS,
    ContractReading,
    clock_words,
    read_contract,
    read_history,
    register_rows,
)
from agreements.contracts.queries import (
    contracts,
    of_physicians,
    papers,
    standing_of,
    year_of_the_end,
    year_to_follow,
)
from comanage.exports.cells import cell_text
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.downloads import download, download_or_say_why
from comanage.web.posting import is_done, posted_only


def _readings(request: MemberRequest) -> list[ContractReading]:
    today = request.tenant.today()
    return [read_contract(each, today=today) for each in contracts()]


@requires(Permission.CONTRACT_VIEW)
def contract_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """Show the master list: every contract, and under which physicians each is found."""
    readings = _readings(request)
    context = {
        "readings": readings,
        "physicians": of_physicians(each.contract for each in readings),
        "can_record": request.actor.holds(Permission.CONTRACT_RECORD),
    }
    return render(request, "agreements/contracts/list.html", context)


@requires(Permission.CONTRACT_VIEW)
@posted_only
def contract_csv(request: MemberRequest, tenant: str) -> HttpResponse:
    """Hand out the master list as a table."""
    rows = register_rows(_readings(request))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerows([HEADINGS, *([cell_text(cell) for cell in row] for row in rows)])
    note_list_copy(count=len(rows), by=request.actor)
    content = stream.getvalue().encode("utf-8-sig")  # so that a spreadsheet reads every letter
    name = f"contracts-{request.tenant.today()}.csv"
    return download(content, filename=name, content_type="text/csv")


@requires(Permission.CONTRACT_RECORD)
def contract_enter(request: MemberRequest, tenant: str) -> HttpResponse:
    """Enter a contract that was signed on paper or elsewhere."""
    form = ContractForm(request.POST or None, request.FILES or None)
    entered: list[Contract] = []

    def deed() -> None:
        entered.append(enter_contract(facts=form.facts(), document=form.paper, by=request.actor))

    if is_done(request, form, deed, "The contract is in the register."):
        return redirect("agreements:contract-detail", tenant, entered[0].pk)
    return render(request, "agreements/contracts/enter.html", {"form": form})


@requires(Permission.CONTRACT_VIEW)
def contract_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show one contract: how it stands, its clocks, and all that happened."""
    contract = get_object_or_404(contracts(), pk=pk)
    today = request.tenant.today()
    reading = read_contract(contract, today=today)
    year = year_of_the_end(contract, reading.stands)
    can_record = request.actor.holds(Permission.CONTRACT_RECORD)
    context = {
        "reading": reading,
        "contract": contract,
        "clocks": clock_words(reading.stands, year=year, today=today),
        "to_follow": year_to_follow(contract, reading.stands, today=today),
        "history": read_history(contract),
        "papers": papers().filter(contract=contract),
        "can_record": can_record,
        "offered": [(kind.value, DEEDS[kind]) for kind in may_happen(reading.stands, today=today)]
        if can_record
        else [],
    }
    return render(request, "agreements/contracts/detail.html", context)


@requires(Permission.CONTRACT_RECORD)
def paper_keep(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Keep a signed paper of a contract."""
    contract = get_object_or_404(Contract, pk=pk)
    form = PaperForm(request.POST or None, request.FILES or None)

    def deed() -> None:
        title, document = form.paper()
        keep_contract_paper(contract=contract, title=title, document=document, by=request.actor)

    if is_done(request, form, deed, "The paper is kept, with today as the day it came in."):
        return redirect("agreements:contract-detail", tenant, contract.pk)
    return render(request, "agreements/contracts/paper.html", {"form": form, "contract": contract})


@requires(Permission.CONTRACT_VIEW)
def paper_download(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponseBase:
    """Hand out a paper of a contract; each download is an event."""
    paper = get_object_or_404(papers(), pk=pk)
    return download_or_say_why(
        request,
        lambda: note_paper_download(paper=paper, by=request.actor),
        filename=f"contract-{paper.received_on.isoformat()}.pdf",
        back=redirect("agreements:contract-detail", tenant, paper.contract_id),
    )


@requires(Permission.CONTRACT_RECORD)
def event_record(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Record what happened to a contract; the address says which kind of thing."""
    contract = get_object_or_404(contracts(), pk=pk)
    given = request.GET.get("kind", ContractEventKind.AMENDED)
    if given not in ContractEventKind.values:
        raise Http404
    kind = ContractEventKind(given)
    stands = standing_of(contract)
    ends_on = stands.ended_on or stands.ends_on
    form = EventForm(request.POST or None, kind=kind, ends_on=ends_on)

    def deed() -> None:
        record_contract_event(contract=contract, facts=form.facts(), by=request.actor)

    if is_done(request, form, deed, "It is on record, and what was before stays."):
        return redirect("agreements:contract-detail", tenant, contract.pk)
    context = {"form": form, "contract": contract, "said": DEEDS[kind]}
    return render(request, "agreements/contracts/event.html", context)
