"""Rules that need no database."""

from datetime import date
from fractions import Fraction
from uuid import uuid4

import pytest

from adjudication.years.policies import check_order
from adjudication.years.queries import Standing
from adjudication.years.steps import ORDER, OWNER
from agreements.terms.lifecycle import YEAR_NEXT
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.terms.policies import can_be_followed, check_share
from comanage.api.periods import read_period
from comanage.identity.roles import GRANTS, Permission, Role
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.intake.models import UploadPart
from scorecards.intake.policies import check_is_of_one_year, check_period_fits, covering_years
from scorecards.parts.policies import check_complete

FIRST = Period(date(2025, 1, 1), date(2025, 4, 1))
FULL = [(1, 10), (2, 5)]
SECOND = Period(date(2025, 4, 1), date(2025, 7, 1))


def test_a_period_may_be_sent_again_or_stand_beside():
    check_period_fits(FIRST, [FIRST, SECOND])
    check_period_fits(SECOND, [FIRST])


@pytest.mark.parametrize(
    "period",
    [
        Period(FIRST.start, SECOND.end),
        Period(date(2025, 2, 1), date(2025, 3, 1)),
        Period(date(2025, 3, 31), date(2025, 4, 2)),
    ],
)
def test_a_period_does_not_cut_across_another(period):
    with pytest.raises(PolicyError, match="cuts across"):
        check_period_fits(period, [FIRST])


def test_a_file_does_not_reach_from_a_year_that_ended_early_into_the_next():
    of_program, may = {"tenant_id": uuid4(), "program_id": uuid4()}, date(2025, 5, 1)
    ended = MeasurementYear(
        **of_program,
        starts_on=FIRST.start,
        ends_on=date(2026, 1, 1),
        ending={"on": SECOND.start.isoformat()},
    )
    following = MeasurementYear(**of_program, starts_on=may, ends_on=date(2026, 5, 1))
    crossing = Period(date(2025, 3, 1), date(2025, 6, 1))

    assert covering_years(FIRST, [ended, following]) == [ended]
    assert covering_years(Period(may, SECOND.end), [ended, following]) == [following]
    with pytest.raises(PolicyError, match="one up to the day before, and one from that day"):
        check_is_of_one_year(crossing, [ended, following], [])
    check_is_of_one_year(crossing, [ended, following], [crossing])
    check_is_of_one_year(crossing, [ended], [])


@pytest.mark.parametrize("share", [Fraction(1, 10**8), Fraction(1, 2), Fraction(1)])
def test_a_tier_earns_something_and_at_most_the_whole(share):
    check_share(share)


@pytest.mark.parametrize("share", [Fraction(0), Fraction(-1, 2), Fraction(10**8 + 1, 10**8)])
def test_a_tier_earns_neither_nothing_nor_more_than_the_whole(share):
    with pytest.raises(PolicyError, match="share"):
        check_share(share)


@pytest.mark.parametrize(
    ("status", "ends_on", "has_later_year", "is_followed"),
    [
        (YearStatus.LOCKED, date(2026, 1, 1), False, True),
        (YearStatus.CLOSED, date(2026, 1, 1), False, True),
        (YearStatus.DRAFT, date(2026, 1, 1), False, False),
        (YearStatus.LOCKED, date(2026, 1, 1), True, False),
        (YearStatus.LOCKED, date.max, False, False),
    ],
)
def test_a_signed_year_is_followed_once_while_there_are_days(
    status, ends_on, has_later_year, is_followed
):
    year = MeasurementYear(tenant_id=uuid4(), status=status, ends_on=ends_on)

    assert can_be_followed(year, has_later_year=has_later_year) is is_followed


@pytest.mark.parametrize("step", ORDER)
def test_after_the_last_return_or_before_a_snapshot_no_step_is_out_of_order(step):
    check_order(Standing(None, ()), step)


def test_five_steps_have_five_owners_who_may_sign_and_neither_prepare_nor_pay():
    assert len(set(OWNER.values())) == len(ORDER) == len(OWNER)
    for role in OWNER.values():
        assert Permission.ADJUDICATION_SIGN in GRANTS[role]
        assert GRANTS[role].isdisjoint({Permission.ADJUDICATION_PREPARE, Permission.PAYMENT_RECORD})


@pytest.mark.parametrize("permission", [Permission.ADJUDICATION_PREPARE, Permission.PAYMENT_RECORD])
def test_preparing_and_paying_belong_to_one_role_each(permission):
    holders = {role for role, granted in GRANTS.items() if permission in granted}

    assert holders in ({Role.CONSULTANT}, {Role.FINANCE})


def test_terms_are_never_a_draft_again():
    assert not any(YearStatus.DRAFT in after for after in YEAR_NEXT.values())


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("2025", Period(date(2025, 1, 1), date(2026, 1, 1))),
        ("2025-12", Period(date(2025, 12, 1), date(2026, 1, 1))),
        ("2024-02", Period(date(2024, 2, 1), date(2024, 3, 1))),
        ("2025-01-01/2025-03-31", FIRST),
    ],
)
def test_a_period_in_an_address_is_a_year_a_month_or_two_days(text, period):
    assert read_period(text) == period


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("25", "Give period as"),
        ("x/y", "Give period as"),
        ("2025-1", "Give period as"),
        ("20250101/20250331", "Give period as"),
        ("2025-W01-1/2025-W02-1", "Give period as"),
        ("9999", "The calendar ends"),
        ("9999-12", "The calendar ends"),
        ("2025-01-01/9999-12-31", "The calendar ends"),
        ("0000", "The period has a year before 0001"),
        ("2025-13", "The period has a month that is none"),
        ("2025-00-01/2025-01-31", "The first day has a month that is none"),
        ("2025-01-01/2025-13-01", "The last day has a month that is none"),
        ("2025-02-30/2025-03-01", "The first day is not in the calendar. .* 01 to 28"),
        ("2024-02-01/2024-02-30", "The last day is not in the calendar. .* 01 to 29"),
        ("2025-03-01/2025-02-28", "The last day lies before the first"),
    ],
)
def test_what_is_no_period_says_what_is_wrong_with_it(text, said):
    with pytest.raises(ValueError, match=f"^{said}") as refused:
        read_period(text)

    assert "/" not in text or text not in str(refused.value)


def test_the_parts_of_a_file_are_together_no_larger_than_a_file(settings):
    settings.UPLOAD_PART_BYTES, settings.UPLOAD_MAX_TOTAL_BYTES = 10, 15
    parts = [UploadPart(tenant_id=uuid4(), number=number, size=size) for number, size in FULL]

    check_complete(parts)
    parts[-1].size += 1
    with pytest.raises(PolicyError, match="at most 15"):
        check_complete(parts)
