"""Terms are locked complete or not at all."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import Error, transaction

from agreements.participants.models import Participant
from agreements.terms.actions import agree_indicator, draft_year, lock_terms, open_period
from agreements.terms.models import YearStatus
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.library.actions import save_version
from indicators.library.models import IndicatorVersion
from indicators.measure.definition import Definition
from tests.ground import (
    HBA1C,
    READMISSION,
    SIGNED_ON,
    YEAR,
    indicator_terms,
    small_draft,
    small_opinion,
    small_program,
    year_terms,
)

CONSULTANT = Role.CONSULTANT


def lock(year, signed_on=SIGNED_ON):
    return lock_terms(year=year, signed_on=signed_on, by=member(CONSULTANT))


def refused(year, signed_on=SIGNED_ON):
    """Try to lock; return the sentence, and see that nothing was written."""
    events = Event.objects.count()
    with pytest.raises(PolicyError) as refusal:
        lock(year, signed_on)
    year.refresh_from_db()
    assert (year.status, year.terms, year.signed_on) == (YearStatus.DRAFT, None, None)
    assert Event.objects.count() == events
    return str(refusal.value)


def test_complete_terms_are_locked_with_the_hash_of_what_they_say(inside):
    year = lock(small_draft())

    assert year.status == YearStatus.LOCKED
    assert year.terms_sha256 == sha256_of(year.terms)
    year.refresh_from_db()
    assert year.terms_sha256 == sha256_of(year.terms)


def test_weights_that_are_not_a_hundred_are_named(inside):
    slug, _, tiers = HBA1C

    sentence = refused(small_draft(indicators=(READMISSION, (slug, 30, tiers))))

    assert f"The weights add up to {60 + 30}, not 100." in sentence


def test_a_year_without_indicators_is_refused(inside):
    assert "There are no indicators yet" in refused(small_draft(indicators=()))


@pytest.mark.parametrize(
    "tiers",
    [
        (("Threshold", "5%", "50%"), ("Target", "10%", "100%")),
        (("Threshold", "10%", "100%"), ("Target", "5%", "50%")),
        (("Threshold", "10%", "50%"), ("Target", "10%", "100%")),
        (("Threshold", "10%", "50%"), ("Target", "5%", "50%")),
    ],
    ids=["goals backwards", "shares backwards", "same goal", "same share"],
)
def test_tiers_out_of_order_are_refused(inside, tiers):
    slug, _, _ = READMISSION

    assert "out of order" in refused(small_draft(indicators=((slug, 100, tiers),)))


def test_an_indicator_without_tiers_is_refused(inside):
    assert "has no tiers" in refused(small_draft(indicators=(("hba1c-measured", 100, ()),)))


def test_a_goal_above_all_cases_is_refused(inside):
    tiers = (("Threshold", "20%", "50%"), ("Target", "120%", "100%"))

    sentence = refused(small_draft(indicators=(("hba1c-measured", 100, tiers),)))

    assert "not between 0 % and 100 %" in sentence


def test_an_indicator_that_names_no_evidence_is_refused(inside):
    small_draft()
    version = IndicatorVersion.objects.get(indicator__slug="hba1c-measured")
    document = version.document | {"evidence": " "}
    silent = save_version(
        indicator=version.indicator,
        definition=Definition.from_document(document),
        by=member(CONSULTANT),
    )
    later = small_draft(
        indicators=(READMISSION,),
        program=a_second_program(),
        opinion=small_opinion(a_second_program()),
    )
    slug, weight, tiers = HBA1C
    agree_indicator(
        year=later,
        terms=indicator_terms(slug, weight, tiers, version=silent),
        by=member(CONSULTANT),
    )

    assert "names no evidence" in refused(later)


def a_second_program():
    from agreements.programs.models import Program

    found = Program.objects.filter(name="Joints").first()
    if found is None:
        found = small_program("Joints")
        first = Participant.objects.first()
        Participant.objects.create(
            program=found, physician=first.physician, joined_on=first.joined_on
        )
    return found


def test_a_program_without_participants_is_refused(inside):
    program = small_program("Spine")

    sentence = refused(small_draft(program=program, opinion=small_opinion(program)))

    assert "has no participants" in sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"fixed_fee": "100000.01"}, "fixed fee of $100,000.01 is above the opinion's $100,000.00"),
        ({"incentive_pool": "65000.01"}, "incentive pool of $65,000.01 is above"),
        ({"fixed_fee": "95000.00"}, "total of $155,000.01 is above the opinion's $155,000.00"),
    ],
)
def test_pay_above_the_opinion_is_refused_part_by_part_and_in_total(inside, changes, words):
    money = {name: Money.from_dollars(amount) for name, amount in changes.items()}

    assert words in refused(small_draft(**money))


@pytest.mark.parametrize(
    "validity",
    [
        {"valid_from": date(2025, 1, 2)},
        {"valid_until": date(2025, 12, 31)},
    ],
)
def test_an_opinion_that_does_not_hold_the_whole_year_is_refused(inside, validity):
    assert "not for the whole year" in refused(small_draft(opinion=small_opinion(**validity)))


def test_a_signature_on_a_day_that_has_not_come_is_refused(inside):
    tomorrow = Tenant.objects.get(pk=inside.pk).today() + timedelta(days=1)

    assert "has not come yet" in refused(small_draft(), signed_on=tomorrow)


def test_a_signature_after_the_year_began_is_refused_and_on_its_first_day_is_not(inside):
    year = small_draft()

    assert "after the year began" in refused(year, signed_on=date(2025, 1, 2))

    assert lock(year, signed_on=YEAR.start).status == YearStatus.LOCKED


@pytest.mark.parametrize(
    "scope", ["no_such_column = 1", "medical_specialty =", "medical_specialty = 3"]
)
def test_a_scope_that_does_not_fit_the_indicators_is_refused(inside, scope):
    assert "The scope does not fit" in refused(small_draft(scope=scope))


def test_terms_are_not_locked_twice(inside):
    year = lock(small_draft())

    with pytest.raises(PolicyError, match="locked already"):
        lock(year)


def test_a_draft_does_not_open(inside):
    with pytest.raises(PolicyError, match="opens only when its terms are locked"):
        open_period(year=small_draft(), today=YEAR.start, by=member(CONSULTANT))


def test_locked_terms_open_on_the_first_day_and_not_the_day_before(inside):
    year = lock(small_draft())

    with pytest.raises(PolicyError, match="Open it on that day or after"):
        open_period(year=year, today=date(2024, 12, 31), by=member(CONSULTANT))

    opened = open_period(year=year, today=YEAR.start, by=member(CONSULTANT))
    assert opened.status == YearStatus.OPEN
    with pytest.raises(PolicyError, match="on the clock"):
        open_period(year=year, today=YEAR.start, by=member(CONSULTANT))


@pytest.mark.parametrize(
    "period",
    [
        YEAR,
        Period(date(2025, 12, 31), date(2026, 12, 31)),
        Period(date(2024, 1, 2), date(2025, 1, 2)),
        Period(date(2025, 3, 1), date(2025, 4, 1)),
    ],
)
def test_years_of_a_program_that_share_a_day_are_refused(inside, period):
    year = small_draft()

    with pytest.raises(PolicyError, match="overlaps"):
        draft_year(program=year.program, terms=year_terms(period=period), by=member(CONSULTANT))

    with pytest.raises(Error, match="days_in_effect_do_not_overlap"), transaction.atomic():
        type(year).objects.create(
            program=year.program,
            starts_on=period.start,
            ends_on=period.end,
            opinion=year.opinion,
            fixed_fee=Money(0),
            incentive_pool=Money(0),
        )


def test_the_next_year_begins_where_this_one_ends(inside):
    year = small_draft()

    later = draft_year(
        program=year.program,
        terms=year_terms(period=Period(YEAR.end, date(2027, 1, 1))),
        by=member(CONSULTANT),
    )

    assert later.starts_on == year.ends_on


def test_a_goal_that_no_decimal_can_say_is_refused_and_leaves_nothing(inside):
    year = small_draft(indicators=(READMISSION,))

    with pytest.raises(PolicyError, match="1/3 is not a decimal"):
        agree(year, (("Threshold", "1/3", "50%"),))

    assert year.indicators.count() == 1


@pytest.mark.parametrize("goal", ["10000000000", "99999999999999999999"])
def test_a_goal_too_large_to_keep_is_refused_with_a_sentence(inside, goal):
    with pytest.raises(PolicyError, match=goal):
        agree(small_draft(indicators=(READMISSION,)), (("Threshold", goal, "50%"),))


@pytest.mark.parametrize("share", ["0", "100.1%", "-50%"])
def test_a_share_that_is_none_or_more_than_the_whole_is_refused_with_a_sentence(inside, share):
    year = small_draft(indicators=(READMISSION,))

    with pytest.raises(PolicyError, match="share"):
        agree(year, (("Threshold", "20%", share),))

    assert year.indicators.count() == 1


def test_an_indicator_is_agreed_once_a_year(inside):
    year = small_draft()

    with pytest.raises(PolicyError, match="in these terms already"):
        agree(year, HBA1C[2])


@pytest.mark.parametrize(
    "baseline",
    [{"baseline_denominator": Decimal(0)}, {"baseline_numerator": Decimal(-1)}],
)
def test_a_baseline_that_is_no_rate_is_refused_by_the_database(inside, baseline):
    year = small_draft(indicators=(READMISSION,))
    terms = indicator_terms(*HBA1C, **baseline)

    with pytest.raises(Error, match="baseline_is_a_rate"), transaction.atomic():
        agree_indicator(year=year, terms=terms, by=member(CONSULTANT))


def agree(year, tiers):
    slug, weight, _ = HBA1C
    terms = indicator_terms(slug, weight, tiers)
    return agree_indicator(year=year, terms=terms, by=member(CONSULTANT))
