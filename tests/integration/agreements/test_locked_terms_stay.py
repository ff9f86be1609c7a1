"""What is signed does not change: by no action, no ORM and no SQL of the app role."""

from datetime import date

import pytest
from django.db import Error, connection, transaction

from agreements.terms.actions import (
    agree_indicator,
    draft_year,
    edit_year,
    put_scoring_plan,
    withdraw_indicator,
)
from agreements.terms.models import AgreedIndicator, MeasurementYear, Tier
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.ground import SIGNED_ON, indicator_terms, small_draft, year_terms

STAY = "locked terms cannot change"


@pytest.fixture
def locked(inside):
    from agreements.terms.actions import lock_terms

    return lock_terms(year=small_draft(), signed_on=SIGNED_ON, by=member(Role.CONSULTANT))


@pytest.fixture
def next_draft(locked):
    """The next year's draft, with one indicator."""
    later = draft_year(
        program=locked.program,
        terms=year_terms(period=Period(locked.ends_on, date(2027, 1, 1))),
        by=member(Role.CONSULTANT),
    )
    terms = indicator_terms("average-length-of-stay", 100, (("Threshold", "4", "100%"),))
    agree_indicator(year=later, terms=terms, by=member(Role.CONSULTANT))
    return later


def sql(statement, *values):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_no_action_changes_locked_terms(locked):
    by = member(Role.CONSULTANT)
    terms = indicator_terms("average-length-of-stay", 10, (("Threshold", "4", "100%"),))

    with pytest.raises(PolicyError, match="locked"):
        edit_year(year=locked, terms=year_terms(), by=by)
    with pytest.raises(PolicyError, match="locked"):
        agree_indicator(year=locked, terms=terms, by=by)
    with pytest.raises(PolicyError, match="locked"):
        withdraw_indicator(agreed=locked.indicators.first(), by=by)
    with pytest.raises(PolicyError, match="locked"):
        put_scoring_plan(year=locked, document={}, by=by)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fixed_fee", Money.from_dollars("1.00")),
        ("incentive_pool", Money.from_dollars("1.00")),
        ("scope", "medical_specialty = 'Cardiology'"),
        ("missing_rule", "unpaid"),
        ("early_end", "none"),
        ("scoring_plan", {}),
        ("starts_on", date(2025, 2, 1)),
        ("ends_on", date(2025, 12, 1)),
        ("signed_on", date(2024, 12, 1)),
        ("terms", {}),
        ("terms_sha256", "0" * 64),
        ("status", "draft"),
    ],
)
def test_the_orm_cannot_change_locked_terms(locked, name, value):
    rows = MeasurementYear.objects.filter(pk=locked.pk)

    with pytest.raises(Error, match=STAY), transaction.atomic():
        rows.update(**{name: value})

    setattr(locked, name, value)
    with pytest.raises(Error, match=STAY), transaction.atomic():
        locked.save()


@pytest.mark.parametrize(
    "change", ["fixed_fee = fixed_fee + 1", "status = 'draft'", "terms = '{}'::jsonb"]
)
def test_sql_cannot_change_locked_terms(locked, change):
    with pytest.raises(Error, match=STAY):
        sql(f"UPDATE agreements_measurementyear SET {change} WHERE id = %s", locked.pk)


def test_sql_cannot_remove_locked_terms(locked):
    with pytest.raises(Error, match=STAY):
        sql("DELETE FROM agreements_measurementyear WHERE id = %s", locked.pk)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE agreements_agreedindicator SET weight = weight - 1",
        "UPDATE agreements_agreedindicator SET baseline_numerator = 1",
        "DELETE FROM agreements_agreedindicator",
        "UPDATE agreements_tier SET goal = goal * 2",
        "UPDATE agreements_tier SET share = share / 2",
        "DELETE FROM agreements_tier",
    ],
)
def test_indicators_and_tiers_of_locked_terms_stay(locked, statement):
    with pytest.raises(Error, match=STAY):
        sql(statement)


def test_no_indicator_is_added_to_locked_terms(locked):
    agreed = locked.indicators.first()
    agreed.pk, agreed._state.adding = None, True

    with pytest.raises(Error, match=STAY), transaction.atomic():
        AgreedIndicator.objects.bulk_create([agreed])


def test_no_tier_is_added_to_locked_terms(locked):
    with pytest.raises(Error, match=STAY), transaction.atomic():
        Tier.objects.create(
            indicator=locked.indicators.first(), position=9, name="Bonus", goal=0, share=1
        )


def test_no_indicator_moves_out_of_locked_terms_into_a_draft(locked, next_draft):
    moved = locked.indicators.first()

    with pytest.raises(Error, match=STAY):
        sql(
            "UPDATE agreements_agreedindicator SET year_id = %s WHERE id = %s",
            next_draft.pk,
            moved.pk,
        )


def test_no_tier_moves_out_of_locked_terms_into_a_draft(locked, next_draft):
    tier = Tier.objects.filter(indicator__year=locked).first()
    elsewhere = next_draft.indicators.get()

    with pytest.raises(Error, match=STAY):
        sql(
            "UPDATE agreements_tier SET indicator_id = %s, position = 9 WHERE id = %s",
            elsewhere.pk,
            tier.pk,
        )


def test_a_draft_beside_locked_terms_may_change(locked, next_draft):
    indicator = next_draft.indicators.get()

    assert sql("UPDATE agreements_tier SET goal = 5 WHERE indicator_id = %s", indicator.pk) == 1
    withdraw_indicator(agreed=indicator, by=member(Role.CONSULTANT))
    assert not next_draft.indicators.exists()


@pytest.mark.parametrize(
    "fees",
    [
        {"fixed_fee": "100000.01", "incentive_pool": "1.00"},
        {"fixed_fee": "1.00", "incentive_pool": "65000.01"},
        {"fixed_fee": "95000.00"},  # each part is within it, and their sum is not
    ],
)
def test_the_database_locks_no_pay_above_the_opinion(inside, fees):
    year = small_draft(**{name: Money.from_dollars(text) for name, text in fees.items()})

    with pytest.raises(Error, match="above the fair-market-value opinion"):
        sql(
            "UPDATE agreements_measurementyear SET status = 'locked', signed_on = starts_on, "
            "terms = '{}', terms_sha256 = 'x', locked_at = now() WHERE id = %s",
            year.pk,
        )


def test_the_database_locks_nothing_that_is_not_signed_and_hashed(inside):
    year = small_draft()

    with pytest.raises(Error, match="locked_year_is_signed_and_hashed"):
        sql("UPDATE agreements_measurementyear SET status = 'locked' WHERE id = %s", year.pk)


@pytest.mark.parametrize(
    "statement",
    ["UPDATE agreements_opinion SET total = total + 1", "DELETE FROM agreements_opinion"],
)
def test_an_opinion_on_file_stays(locked, statement):
    with pytest.raises(Error, match=r"Cannot update or delete|permission denied"):
        sql(statement)
