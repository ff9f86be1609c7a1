"""Pages of a year's duties."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from agreements.duties.actions import agree_duty, change_duty, take_fee, withdraw_duty
from agreements.duties.catalogue import standard_duties
from agreements.duties.document import duty_document
from agreements.duties.forms import DutyForm, as_typed
from agreements.duties.presenters import duty_lines, read_fee, standard_areas
from agreements.duties.queries import duties_of, visible_duties
from agreements.terms.models import MeasurementYear
from agreements.terms.queries import visible_years
from comanage.identity.guards import requires
from comanage.identity.principals import MemberRequest
from comanage.identity.roles import Permission
from comanage.web.posting import is_done, or_say_why, posted_only


@requires(Permission.PROGRAM_VIEW)
def duty_list(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Show what the fixed fee pays for, and what that comes to."""
    year = _year(request, pk)
    duties = list(duties_of(year))
    written = {
        "pay": {"fixed_fee": year.fixed_fee.dollars_text},
        "duties": [duty_document(each) for each in duties],
    }
    can_edit = year.is_draft and request.actor.holds(Permission.PROGRAM_EDIT)
    context = {
        "year": year,
        "duties": duty_lines(duties),
        "fee": read_fee(written),
        "can_edit": can_edit,
        "catalogue": standard_areas(standard_duties().values(), taken=[each.key for each in duties])
        if can_edit
        else (),
    }
    return render(request, "agreements/duties/list.html", context)


@requires(Permission.PROGRAM_EDIT)
def duty_agree(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Add a duty to a draft; `from` in the address names one of the catalogue to begin with."""
    year = _year(request, pk)
    standard = standard_duties().get(request.GET.get("from", ""))
    form = DutyForm(request.POST or None, standard=standard)
    if is_done(
        request,
        form,
        lambda: agree_duty(year=year, terms=form.terms(), by=request.actor),
        "The duty is in the terms.",
    ):
        return redirect("agreements:duty-list", tenant, year.pk)
    context = {"form": form, "year": year, "standard": standard}
    return render(request, "agreements/duties/agree.html", context)


@requires(Permission.PROGRAM_EDIT)
def duty_change(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Change a duty of a draft."""
    duty = get_object_or_404(visible_duties(request.actor), pk=pk)
    form = DutyForm(request.POST or None, initial=as_typed(duty))
    if is_done(
        request,
        form,
        lambda: change_duty(duty=duty, terms=form.terms(), by=request.actor),
        "The duty is changed.",
    ):
        return redirect("agreements:duty-list", tenant, duty.year_id)
    context = {"form": form, "year": duty.year, "duty": duty}
    return render(request, "agreements/duties/agree.html", context)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def duty_withdraw(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Take a duty out of a draft."""
    duty = get_object_or_404(visible_duties(request.actor), pk=pk)
    with or_say_why(request):
        withdraw_duty(duty=duty, by=request.actor)
        messages.success(request, f"“{duty.name}” is out of the terms.")
    return redirect("agreements:duty-list", tenant, duty.year_id)


@requires(Permission.PROGRAM_EDIT)
@posted_only
def fee_take(request: MemberRequest, tenant: str, pk: UUID) -> HttpResponse:
    """Make the fixed fee of a draft what its duties come to."""
    year = _year(request, pk)
    with or_say_why(request):
        year = take_fee(year=year, by=request.actor)
        messages.success(request, f"The fixed fee is {year.fixed_fee} now.")
    return redirect("agreements:duty-list", tenant, year.pk)


def _year(request: MemberRequest, pk: UUID) -> MeasurementYear:
    return get_object_or_404(visible_years(request.actor), pk=pk)
