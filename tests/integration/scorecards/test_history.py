"""History comes in before any year is open, and every hospital counts its own."""

from datetime import date

import pytest

from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.baselines.actions import freeze_baseline
from scorecards.baselines.models import Baseline
from scorecards.baselines.queries import compute_baseline
from scorecards.intake.models import UploadStatus
from tests.ground import hand_in, small_draft, small_hospital, stays

BEFORE = Period(date(2024, 1, 1), date(2025, 1, 1))


def readmission(year):
    return year.indicators.get(version__indicator__slug="readmission-30-day")


def refusal(agreed):
    with pytest.raises(PolicyError) as refused:
        compute_baseline(agreed=agreed, period=BEFORE)
    return str(refused.value)


def freeze(agreed):
    return freeze_baseline(
        agreed=agreed,
        period=BEFORE,
        shown_sha256=compute_baseline(agreed=agreed, period=BEFORE).sha256,
        by=member(Role.CONSULTANT),
    )


def test_without_any_history_nothing_is_counted(inside):
    assert "Received inside it: nothing." in refusal(readmission(small_draft()))


def test_history_in_which_nobody_is_in_scope_gives_no_baseline(inside):
    year = small_draft(scope="medical_specialty = 'Neurology'")
    hand_in(stays(), period=BEFORE)

    assert f"{BEFORE} gives no baseline. No cases" in refusal(readmission(year))


def test_history_is_taken_before_any_year_is_open_and_makes_no_scorecard(inside):
    year = small_draft()

    upload = hand_in(stays(), period=BEFORE)

    assert upload.status == UploadStatus.ACCEPTED
    assert not year.scorecards.exists()


def test_days_that_reach_into_the_first_year_or_come_after_it_are_no_history(inside):
    small_draft()

    for period in (
        Period(BEFORE.start, date(2025, 1, 2)),
        Period(date(2026, 1, 1), date(2027, 1, 1)),
    ):
        with pytest.raises(PolicyError, match="No measurement year covers"):
            hand_in(stays(), period=period)


def test_two_hospitals_count_their_own_history(hospital):
    lakeside = small_hospital("lakeside")
    counted = {}
    for tenant, readmitted in ((hospital, 3), (lakeside, 7)):
        with tenant_scope(tenant.pk):
            agreed = readmission(small_draft())
            hand_in(stays(40, readmitted=readmitted), period=BEFORE)
            freeze(agreed)
            agreed.refresh_from_db()
            counted[tenant.slug] = agreed.baseline_numerator
            assert Baseline.objects.count() == 1

    assert counted == {"smallville": 3, "lakeside": 7}
