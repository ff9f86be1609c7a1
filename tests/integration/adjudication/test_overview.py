"""The overview keeps a year in sight until it is settled, whatever else was drafted since."""

from datetime import timedelta

from adjudication.overview.queries import Row, due_items, overview_rows
from adjudication.years.queries import Standing
from adjudication.years.steps import Step
from agreements.terms.actions import draft_next_year
from agreements.terms.models import YearStatus
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from tests.signing import book, freeze, sign_up_to


def shown(year, role):
    """Say of each row its year and state, and what is due from the reader."""
    tenant, by = Tenant.objects.get(pk=year.tenant_id), member(role)
    rows = overview_rows(by, today=tenant.today(), zone=tenant.zone)
    own = [row for row in rows if row.program == year.program]
    due = due_items(own, by=by, today=tenant.today())
    return [(row.year, row.word) for row in own], [(item.text, item.pk) for item in due]


def test_a_year_stays_in_sight_until_it_is_settled_though_the_next_one_is_drafted(computed):
    freeze(computed)
    following = draft_next_year(year=computed, by=member(Role.CONSULTANT))

    states, due = shown(computed, Role.SERVICE_LINE_ADMINISTRATOR)
    assert states == [
        (computed, "In adjudication: service-line administrator next"),
        (following, "Draft"),
    ]
    assert due == [("Data owner attests: your signature is next", computed.pk)]

    sign_up_to(computed, Step.CEO)
    assert shown(computed, Role.FINANCE)[1] == [("Pay and record the payment", computed.pk)]

    book(computed)
    assert shown(computed, Role.FINANCE)[0] == [(following, "Draft")]
    assert shown(computed, Role.FINANCE)[1] == []

    following.status = YearStatus.LOCKED
    row = Row(following.program, following, None, Standing(None, ()), is_paid=False)
    begins, by = following.starts_on, member(Role.CONSULTANT)
    assert due_items([row], by=by, today=begins - timedelta(days=1)) == []
    assert [item.text for item in due_items([row], by=by, today=begins)] == [
        "Open the measurement year"
    ]
