"""Pages of work that was done, and of what was saved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.components.models import PAID_BY_WORK, ComponentKind
from agreements.components.queries import components_of
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.terms.queries import visible_years
from agreements.work.actions import approve_work, decline_work, record_savings, record_work
from agreements.work.forms import DeclineForm, FileForm, SavingsForm, TotalForm
from agreements.work.models import WorkSheet
from agreements.work.presenters import read_parts, read_shares, read_sheets
from agreements.work.queries import approved_entries, approved_savings, visible_sheets
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import errors_in_words
from comanage.web.posting import is_done, or_say_why, posted_only

RECORDED = "The work is recorded. It is paid once somebody else has approved it."


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)


def _sheet(request: MemberRequest, pk: UUID) -> WorkSheet:
    return get_object_or_404(visible_sheets(request.actor), pk=pk)


@requires(Permission.PROGRAM_VIEW)
def work_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show the work that counts, and the sheets that wait."""
    year = _year(request, pk)
    actor = request.actor
    parts = list(components_of(year).exclude(kind=ComponentKind.SALARY))
    by_work = [part for part in parts if part.kind in PAID_BY_WORK]
    sheets = visible_sheets(actor).filter(year=year)
    sheets = sheets.prefetch_related("entries__component", "entries__physician")
    may_record = actor.holds(Permission.WORK_RECORD)
    return render(
        request,
        "agreements/work/detail.html",
        {
            "year": year,
            "parts": read_parts(by_work, approved_entries([year.pk])),
            "sheets": read_sheets(
                sheets, year, by=actor, may_approve=actor.holds(Permission.WORK_APPROVE)
            ),
            "shares": read_shares(parts, approved_savings(year)),
            "can_record": may_record and year.status == YearStatus.OPEN,
        },
    )


@requires(Permission.WORK_RECORD)
def work_record(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Record one month of one physician."""
    year = _year(request, pk)
    form = TotalForm(request.POST or None, year=year, today=request.tenant.today())
    return _recorded(request, year, form, "Record a month")


@requires(Permission.WORK_RECORD)
def work_file(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Record months from a file."""
    form = FileForm(request.POST or None, request.FILES or None)
    return _recorded(request, _year(request, pk), form, "Record months from a file")


def _recorded(
    request: MemberRequest, year: MeasurementYear, form: TotalForm | FileForm, title: str
) -> HttpResponse:
    """Record what a form holds, or show it."""

    def deed() -> object:
        source = form.cleaned_data["source"]
        return record_work(year=year, source=source, totals=form.totals(), by=request.actor)

    if is_done(request, form, deed, RECORDED):
        return redirect("agreements:work-detail", request.tenant.slug, year.pk)
    context: dict[str, Any] = {"form": form, "year": year, "title": title}
    if isinstance(form, FileForm):
        context["parts"] = list(components_of(year).filter(kind__in=PAID_BY_WORK))
    return render(request, "agreements/work/record.html", context)


@requires(Permission.WORK_RECORD)
def work_savings(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Record what the year and the one before it cost."""
    year = _year(request, pk)
    form = SavingsForm(request.POST or None, year=year)
    if is_done(
        request,
        form,
        lambda: record_savings(
            year=year,
            source=form.cleaned_data["source"],
            count=form.count(),
            today=request.tenant.today(),
            by=request.actor,
        ),
        "The costs are recorded. Savings are shared once somebody else has approved them.",
    ):
        return redirect("agreements:work-detail", tenant, year.pk)
    return render(request, "agreements/work/savings.html", {"form": form, "year": year})


@requires(Permission.WORK_APPROVE)
@posted_only
def work_approve(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Approve a sheet."""
    sheet = _sheet(request, pk)
    with or_say_why(request):
        approve_work(sheet=sheet, by=request.actor)
        messages.success(request, "The sheet is approved. It counts when the year is settled.")
    return redirect("agreements:work-detail", tenant, sheet.year_id)


@requires(Permission.WORK_APPROVE)
@posted_only
def work_decline(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Decline a sheet."""
    sheet = _sheet(request, pk)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, errors_in_words(form))
        return redirect("agreements:work-detail", tenant, sheet.year_id)
    with or_say_why(request):
        decline_work(sheet=sheet, note=form.cleaned_data["note"], by=request.actor)
        messages.success(request, "The sheet is declined. It can be recorded anew.")
    return redirect("agreements:work-detail", tenant, sheet.year_id)
