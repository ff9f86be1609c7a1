"""The form of an agreed indicator: goals in the unit that is printed, for up to three years."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from agreements.terms.actions import agree_indicator, change_indicator
from agreements.terms.document import terms_document
from agreements.terms.models import AgreedIndicator, MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.library.actions import adopt_indicator, save_version
from tests.ground import HBA1C, READMISSION, indicator_terms, small_draft


def fields(slug="readmission-30-day", **changes):
    """A filled-in form for an indicator that the library has."""
    version = indicator_terms(slug, 1, ()).version
    return {
        "version": str(version.pk),
        "weight": "60",
        "minimum_cases": "20",
        "compare_places": "1",
        "baseline_numerator": "4",
        "baseline_denominator": "40",
        "data_source": "EHR, the quality department",
        "baseline_source": "EHR",
        "threshold_goal": "10%",
        "threshold_share": "50%",
        **changes,
    }


def consultant():
    """The consultant's browser."""
    browser = Client()
    browser.force_login(Membership.objects.select_related("user").get(role=Role.CONSULTANT).user)
    return browser


def send(hospital, year, values):
    address = reverse("agreements:indicator-agree", args=[hospital.slug, year.pk])
    return consultant().post(address, values)


def test_a_goal_is_typed_in_the_unit_that_is_printed(inside):
    version = adopt_indicator(slug="hba1c-measured", by=member(Role.CONSULTANT))
    per_thousand = save_version(
        indicator=version.indicator,
        definition=replace(version.definition, multiplier=1000, unit="per 1,000 stays"),
        by=member(Role.CONSULTANT),
    )
    year = small_draft(indicators=(READMISSION,))

    values = fields(version=str(per_thousand.pk), threshold_goal="1.2", threshold_goal_2="1.4")
    answer = send(inside, year, values)

    assert answer.status_code == 302, answer.content.decode()
    agreed = AgreedIndicator.objects.get(version=per_thousand)
    assert [(tier.year_number, tier.goal) for tier in agreed.tiers.all()] == [
        (1, Decimal("0.0012")),
        (2, Decimal("0.0014")),
    ]
    page = detail(inside, year)
    assert "Threshold 1.2 per 1,000 stays" in page


def detail(hospital, year):
    address = reverse("agreements:year-detail", args=[hospital.slug, year.pk])
    return consultant().get(address).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"threshold_goal": "10"}, "Write a percentage with its sign"),
        ({"threshold_goal_2": "9"}, "Write a percentage with its sign"),
        ({"threshold_goal_3": "8%"}, "Give year 2 its goals before year 3."),
        ({"target_goal_2": "8%"}, "a goal for each tier of the first year, or none"),
        ({"target_goal": "5%"}, "Target needs both a goal and a share."),
        ({"baseline_first_day": "2024-01-01"}, "Give both days of the baseline, or neither."),
        (
            {"baseline_first_day": "2024-02-01", "baseline_last_day": "2024-01-31"},
            "The last day is before the first.",
        ),
        (
            {"slug": "average-length-of-stay", "threshold_goal": "3%"},
            "write the number without a %",
        ),
    ],
)
def test_what_does_not_fit_is_said_beside_its_field_and_nothing_is_agreed(inside, changes, words):
    year = small_draft(indicators=(HBA1C,))

    answer = send(inside, year, fields(**changes))

    assert words in answer.content.decode()
    assert year.indicators.count() == 1


def test_goals_ahead_and_days_of_the_baseline_come_in_by_the_form(inside):
    year = small_draft(indicators=(HBA1C,))
    values = {
        "threshold_goal_2": "9%",
        "threshold_goal_3": "8%",
        "baseline_first_day": "2024-01-01",
        "baseline_last_day": "2024-12-31",
    }

    send(inside, year, fields(**values))

    agreed = year.indicators.get(version__indicator__slug="readmission-30-day")
    assert agreed.baseline_period == Period(date(2024, 1, 1), date(2025, 1, 1))
    assert list(agreed.tiers.values_list("year_number", "goal", "share")) == [
        (1, Decimal("0.1"), Decimal("0.5")),
        (2, Decimal("0.09"), Decimal("0.5")),
        (3, Decimal("0.08"), Decimal("0.5")),
    ]


def test_the_benchmark_of_an_indicator_stands_beside_its_baseline_with_its_citation(inside):
    year = small_draft(indicators=(HBA1C,))
    terms = indicator_terms("central-line-infections", 60, (("Threshold", "0.9", "50%"),))
    agree_indicator(year=year, terms=terms, by=member(Role.CONSULTANT))

    page = detail(inside, year)

    given = terms.version.definition.benchmark
    assert f"Benchmark: {given['value']} {given['unit']}" in page
    assert given["source"] in page


def test_what_is_agreed_on_an_indicator_is_changed_in_the_form_as_it_was_typed(inside):
    year = small_draft(indicators=(HBA1C,))
    ahead = {"threshold_goal_2": "9.5%", "target_goal": "1.25%", "target_share": "100%"}
    days = {"baseline_first_day": "2024-01-01", "baseline_last_day": "2024-12-31"}
    send(inside, year, fields(**ahead, target_goal_2="1%", **days))
    agreed = year.indicators.get(version__indicator__slug="readmission-30-day")
    year.indicators.filter(pk=agreed.pk).update(baseline_sha256="0" * 64, baseline_scope="x = 1")
    address = reverse("agreements:indicator-change", args=[inside.slug, agreed.pk])
    other = year.indicators.exclude(pk=agreed.pk).get()
    before = terms_document(year)

    def shown():
        form = consultant().get(address).context["form"]
        filled = {name: form[name].value() for name in form.fields}
        return {name: str(value) for name, value in filled.items() if value not in (None, "")}

    def post(**changes):
        return consultant().post(address, shown() | changes)

    assert post().status_code == 302
    assert terms_document(MeasurementYear.objects.get(pk=year.pk)) == before
    taken = post(version=str(other.version_id))
    assert taken.context["form"].errors.keys() == {"version"}
    another = indicator_terms("hba1c-measured", 1, ())
    with pytest.raises(PolicyError, match="does not take the place of"):
        change_indicator(agreed=agreed, terms=another, by=member(Role.CONSULTANT))
    assert post(data_source="Registry of hearts", weight="55").status_code == 302
    agreed.refresh_from_db()
    assert (agreed.data_source, agreed.weight) == ("Registry of hearts", 55)
    assert agreed.baseline_sha256 == "0" * 64  # the same counts stay computed
    newer = save_version(
        indicator=agreed.version.indicator,
        definition=replace(agreed.version.definition, description="In other words."),
        by=member(Role.CONSULTANT),
    )
    for changes in (
        {"version": str(newer.pk)},
        {"baseline_numerator": "5"},
        {"baseline_source": "Typed"},
        {"baseline_last_day": "2024-12-30"},
    ):
        year.indicators.filter(pk=agreed.pk).update(baseline_sha256="0" * 64)
        post(**changes)
        agreed.refresh_from_db()
        assert (agreed.baseline_sha256, agreed.baseline_scope) == ("", ""), changes
    assert agreed.version == newer
    agreed.delete()
    assert consultant().get(address).status_code == 404
