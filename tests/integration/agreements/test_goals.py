"""Goals reach up to three years ahead; baselines stay until somebody says why they change."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import Error, transaction
from django.test import Client
from django.urls import reverse

from agreements.terms.actions import (
    agree_indicator,
    draft_next_year,
    lock_terms,
    withdraw_indicator,
)
from agreements.terms.completeness import gaps
from agreements.terms.document import terms_document
from agreements.terms.models import MeasurementYear, Tier
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.library.actions import adopt_indicator, save_version
from indicators.measure.definition_document import Foreign
from tests.ground import (
    HBA1C,
    READMISSION,
    SIGNED_ON,
    YEAR,
    indicator_terms,
    small_draft,
    small_hospital,
    small_opinion,
)

PROHIBITED = ["prohibited-example-case-volume-growth", "prohibited-example-contribution-margin"]
SECOND_YEAR = (("Threshold", "9%", "50%"), ("Target", "4.5%", "100%"))
THIRD_YEAR = (("Threshold", "8%", "50%"), ("Target", "4%", "100%"))


def tiers(given):
    return indicator_terms("readmission-30-day", 1, given).tiers


def by():
    return member(Role.CONSULTANT)


def lock(year):
    return lock_terms(year=year, signed_on=SIGNED_ON, by=by())


def draft_with_goals_ahead(*later, **changes):
    """A draft of both indicators; the goals ahead are those of the readmission rate."""
    year = small_draft(indicators=(HBA1C,))
    terms = indicator_terms(*READMISSION, later=tuple(map(tiers, later)), **changes)
    agree_indicator(year=year, terms=terms, by=by())
    return year


def readmission(year):
    return year.indicators.get(version__indicator__slug="readmission-30-day")


def goals(year, number=1):
    return [Fraction(tier.goal) for tier in readmission(year).tiers.filter(year_number=number)]


def expected(given):
    return [tier.goal for tier in tiers(given)]


def test_goals_ahead_stand_in_the_terms_and_pay_nothing_in_the_first_year(inside):
    year = lock(draft_with_goals_ahead(SECOND_YEAR, THIRD_YEAR))

    agreed = next(each for each in year.terms["indicators"] if each["later_goals"])
    assert agreed["slug"] == "readmission-30-day"
    assert [tier["goal"] for tier in agreed["tiers"]] == ["1/10", "1/20"]
    assert [later["year"] for later in agreed["later_goals"]] == [2, 3]
    assert [tier["goal"] for tier in agreed["later_goals"][1]["tiers"]] == ["2/25", "1/25"]


def test_the_next_draft_takes_the_goals_of_year_two_and_the_one_after_those_of_year_three(inside):
    first = lock(draft_with_goals_ahead(SECOND_YEAR, THIRD_YEAR))

    second = draft_next_year(year=first, by=by())
    assert second.period == Period(YEAR.end, date(2027, 1, 1))
    assert goals(second) == expected(SECOND_YEAR)
    assert goals(second, 2) == expected(THIRD_YEAR)
    assert goals(second, 3) == []

    covered(second)
    third = draft_next_year(year=lock(second), by=by())
    assert goals(third) == expected(THIRD_YEAR)
    assert goals(third, 2) == []

    covered(third)
    fourth = draft_next_year(year=lock(third), by=by())
    assert goals(fourth) == expected(THIRD_YEAR), "no goals ahead: those of the year stay"


def covered(year):
    """Give a draft an opinion that holds for its days."""
    year.opinion = small_opinion(year.program, valid_from=year.starts_on, valid_until=year.ends_on)
    year.save(update_fields=["opinion"])


def test_the_next_draft_carries_pay_scope_weights_and_baselines(inside):
    draft = small_draft(scope="medical_specialty = 'Cardiology'")
    draft.indicators.update(data_source="EHR, the quality department")
    year = lock(draft)

    following = draft_next_year(year=year, by=by())

    assert (following.fixed_fee, following.incentive_pool) == (year.fixed_fee, year.incentive_pool)
    assert following.scope == year.scope
    kept = (
        *("weight", "minimum_cases", "data_source", "version_id"),
        *("baseline_numerator", "baseline_denominator"),
    )
    assert list(following.indicators.values_list(*kept)) == list(year.indicators.values_list(*kept))


def test_a_draft_is_not_followed_by_another(inside):
    with pytest.raises(PolicyError, match="Lock them first"):
        draft_next_year(year=small_draft(), by=by())

    assert MeasurementYear.objects.count() == 1


def test_a_year_is_followed_once(inside):
    year = lock(small_draft())
    draft_next_year(year=year, by=by())

    with pytest.raises(PolicyError, match="overlaps"):
        draft_next_year(year=year, by=by())


def test_goals_ahead_that_are_out_of_order_are_refused(inside):
    year = draft_with_goals_ahead(SECOND_YEAR[::-1])

    with pytest.raises(PolicyError, match="out of order"):
        lock(year)


def test_the_database_knows_three_years_of_goals(inside):
    agreed = small_draft().indicators.first()

    with pytest.raises(Error, match="tier_year_1_3"), transaction.atomic():
        Tier.objects.create(
            indicator=agreed, year_number=4, position=1, name="Far", goal=1, share=1
        )


# --- Rebasing ---------------------------------------------------------------------------------


def rebased(year, **changes):
    """Take the readmission rate out of a draft and put it back with another baseline."""
    withdraw_indicator(agreed=readmission(year), by=by())
    agree_indicator(year=year, terms=indicator_terms(*READMISSION, **changes), by=by())


def test_another_baseline_than_the_year_before_needs_a_reason(inside):
    following = draft_next_year(year=lock(small_draft()), by=by())
    covered(following)
    rebased(following, baseline_numerator=Decimal(3))

    with pytest.raises(PolicyError, match=r"not that of the year before \(4 over 40\)"):
        lock(following)

    rebased(following, baseline_numerator=Decimal(3), rebase_reason="One ward was left out.")
    locked = lock(following)
    baseline = next(
        each["baseline"]
        for each in locked.terms["indicators"]
        if each["slug"] == "readmission-30-day"
    )
    assert baseline["rebase_reason"] == "One ward was left out."
    assert baseline["previous"] == {"numerator": "4", "denominator": "40"}


def test_the_same_rate_of_other_counts_needs_a_reason_too(inside):
    following = draft_next_year(year=lock(small_draft()), by=by())
    covered(following)
    rebased(following, baseline_numerator=Decimal(8), baseline_denominator=Decimal(80))

    with pytest.raises(PolicyError, match="say why it was rebased"):
        lock(following)


def test_the_same_baseline_needs_no_reason(inside):
    following = draft_next_year(year=lock(small_draft()), by=by())
    covered(following)

    assert lock(following).terms_sha256


def test_the_year_before_is_the_last_that_was_signed_whatever_is_drafted_between(inside):
    lock(small_draft())
    small_draft(period=Period(YEAR.end, date(2027, 1, 1)))
    following = small_draft(period=Period(date(2027, 1, 1), date(2028, 1, 1)))

    before = [each["baseline"]["previous"] for each in terms_document(following)["indicators"]]

    assert before == [{"numerator": "4", "denominator": "40"}] * 2


def test_the_first_year_has_no_year_before(inside):
    indicators = terms_document(small_draft())["indicators"]

    assert [each["baseline"]["previous"] for each in indicators] == [None, None]


# --- What may be paid for ---------------------------------------------------------------------


@pytest.mark.parametrize("slug", PROHIBITED)
def test_an_indicator_that_may_only_be_watched_is_not_agreed(inside, slug):
    year = small_draft(indicators=(READMISSION,))
    terms = indicator_terms(slug, 40, (("Threshold", "1", "50%"),))

    with pytest.raises(PolicyError, match="may be watched but not paid for") as refusal:
        agree_indicator(year=year, terms=terms, by=by())

    assert terms.version.definition.safeguard in str(refusal.value)
    assert year.indicators.count() == 1


@pytest.mark.parametrize("slug", PROHIBITED)
def test_terms_that_hold_one_are_not_locked(inside, slug):
    """A row that came around the action must not be locked either."""
    year = small_draft(indicators=(READMISSION,))
    agreed = agree_indicator(year=year, terms=indicator_terms(*HBA1C), by=by())
    agreed.version = adopt_indicator(slug=slug, by=by())
    agreed.save()

    found = gaps(terms_document(year))

    assert any("may be watched but not paid for" in gap for gap in found)


def test_logic_that_cannot_run_here_is_not_locked(inside):
    version = adopt_indicator(slug="hba1c-measured", by=by())
    logic = Foreign(language="text/cql", place="numerator", name="Met", expression="true")
    foreign = replace(version.definition, numerator="", deck=(), foreign=(logic,))
    kept = save_version(indicator=version.indicator, definition=foreign, by=by())
    year = small_draft(indicators=(READMISSION,))
    agree_indicator(year=year, terms=indicator_terms(*HBA1C, version=kept), by=by())

    assert any("not executable here" in gap for gap in gaps(terms_document(year)))


def test_another_hospitals_year_is_not_followed(hospital):
    lakeside = small_hospital("lakeside")
    with tenant_scope(lakeside.pk):
        theirs = lock(small_draft())
    browser = Client()
    with tenant_scope(hospital.pk):
        browser.force_login(
            Membership.objects.select_related("user").get(role=Role.CONSULTANT).user
        )

    for hospital in ("smallville", "lakeside"):
        answer = browser.post(reverse("agreements:year-next", args=[hospital, theirs.pk]))
        assert answer.status_code == 404

    with tenant_scope(lakeside.pk):
        assert MeasurementYear.objects.count() == 1
