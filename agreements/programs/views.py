"""Pages of programs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.contracts.queries import with_changes
from agreements.lint.counting import open_findings, with_open_findings
from agreements.programs.actions import create_program
from agreements.programs.forms import ProgramForm
from agreements.programs.queries import visible_programs
from agreements.valuations.presenters import read_opinions
from agreements.valuations.queries import opinion_triggers
from agreements.workplans.presenters import position_words
from agreements.workplans.queries import positions_of
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.errors import PolicyError


@requires(Permission.PROGRAM_VIEW)
def program_list(request: MemberRequest, tenant: str) -> HttpResponse:
    """List the programs a member sees, each with the step its workplan is at."""
    programs = list(visible_programs(request.actor))
    positions = positions_of(programs, today=request.tenant.today())
    return render(
        request,
        "agreements/programs/list.html",
        {
            "programs": [(each, *position_words(positions.get(each.pk))) for each in programs],
            "can_create": request.actor.holds(Permission.PROGRAM_EDIT),
            "can_change_chain": request.actor.holds(Permission.APPROVAL_CHAIN_EDIT),
        },
    )


@requires(Permission.PROGRAM_EDIT)
def program_create(request: MemberRequest, tenant: str) -> HttpResponse:
    """Found a program."""
    form = ProgramForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            program = create_program(**form.cleaned_data, by=request.actor)
        except PolicyError as broken:
            form.add_error("name", str(broken))
        else:
            messages.success(request, f"{program.name} is founded. Next: its physicians.")
            return redirect("agreements:program-detail", tenant, program.pk)
    return render(request, "agreements/programs/create.html", {"form": form})


@requires(Permission.PROGRAM_VIEW)
def program_detail(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show a program: its step, group, physicians, opinions and years."""
    program = get_object_or_404(with_changes(visible_programs(request.actor)), pk=pk)
    today = request.tenant.today()
    triggers = opinion_triggers(program, today=today, changed_on=vars(program)["changed_on"])
    position = positions_of([program], today=today).get(program.pk)
    step_word, step_tone = position_words(position)
    agreements = list(with_open_findings(program.agreements.all()))
    can_see_findings = request.actor.holds(Permission.FINDING_VIEW)
    return render(
        request,
        "agreements/programs/detail.html",
        {
            "program": program,
            "position": position,
            "step_word": step_word,
            "step_tone": step_tone,
            "agreements": [
                (each, open_findings(each) if can_see_findings else None) for each in agreements
            ],
            "can_draft_agreement": request.actor.holds(Permission.AGREEMENT_DRAFT)
            and not any(agreement.locks_terms for agreement in agreements),
            "participants": program.participants.select_related("physician"),
            "seats": program.seats.select_related("membership__user"),
            "opinions": read_opinions(triggers, today=today),
            "years": program.years.all(),
            "can_edit": request.actor.holds(Permission.PROGRAM_EDIT),
            "can_read_papers": request.actor.holds(Permission.VALUATION_READ),
            "can_see_ledger": request.actor.holds(Permission.ADJUDICATION_VIEW),
        },
    )
