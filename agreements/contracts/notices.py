"""Whom the register tells what."""

from datetime import date

from django.urls import reverse

from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.identity.roles import GRANTS, Permission
from comanage.notices.actions import tell
from comanage.notices.queries import members_in
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import day_text

EDITORS = tuple(role for role, held in GRANTS.items() if Permission.PROGRAM_EDIT in held)


def tell_to_draft_next_year(year: MeasurementYear, *, today: date, by: Actor) -> None:
    """Tell who drafts terms, once, that a program goes on after its last signed year."""
    tenant = Tenant.objects.get(pk=active_tenant_id())
    tell(
        users=members_in(EDITORS, today=today),
        key=f"next-year:{year.pk}",
        subject=f"{year.program.name} goes on: draft its next year",
        body=f"Its contract runs past {day_text(year.period.last)}, the last day of the terms that "
        f"are signed. Draft the next year from the page of this one.",
        path=reverse("agreements:year-detail", args=[tenant.slug, year.pk]),
        by=by,
    )
