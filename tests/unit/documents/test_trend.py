"""The months of an indicator and its safeguards in the report, and how months are verified."""

from copy import deepcopy
from datetime import UTC, date

import pytest

from adjudication.package.conduct import Year
from adjudication.package.safeguards import NOT_DATED, safeguards_content
from adjudication.package.trend import trend_content, trends_of
from adjudication.verifying.problems import DoesNotHoldError
from adjudication.verifying.snapshot import check_months
from adjudication.years.snapshot import build
from comanage.values.money import Money
from comanage.values.period import Period
from scorecards.scoring.plan import Plan
from tests.planned import domain, indicator, paid_by, pool, small_plan, terms_of
from tests.standings import met, observed, standing, terms

RETURNS, STAY = "returns", "stay"
MONTHS = Period(date(2026, 1, 1), date(2027, 1, 1)).months()
RETURNED = (6, 2, 4, 7, 2, 6, 4, 2, 3, 22, 2, 3)
BY_SLUG = {
    RETURNS: [met(count, 40) for count in RETURNED],
    STAY: [observed([10_000 + place % 3, 90]) for place in range(12)],
}
YEAR = {slug: sum(months[1:], months[0]) for slug, months in BY_SLUG.items()}
TREND = {
    "by": "discharged_on",
    "months": [
        {"start": month.start.isoformat(), "end": month.end.isoformat()} for month in MONTHS
    ],
    "tallies": {
        slug: [month.to_document() for month in months] for slug, months in BY_SLUG.items()
    },
}
LISTED = [
    standing(terms("0.1", "0.05", slug=RETURNS, weight=60, minimum_cases=20), YEAR[RETURNS]),
    standing(terms("9", slug=STAY, scoring="mean", weight=40, minimum_cases=30), YEAR[STAY]),
]
HOLD = {"cause": "Open deficiency", "outcome": "Mended"}
RESTATED = {"start": "2026-01-01", "end": "2026-02-01", "decision": "Approved"}


def signed():
    """Sign terms that pay both indicators, one of which asks to be watched with care."""
    plan = Plan(tuple(each.terms for each in LISTED), Money(100_000), "redistribute")
    definitions = {each.terms.slug: each.definition.to_document() for each in LISTED}
    definitions[STAY]["safeguard"] = "Beside it stands readmission."
    return terms_of(plan, definitions)


def frozen(beside=None, agreed=None):
    return build(
        tenant="A",
        terms=agreed or signed(),
        terms_sha256="",
        tallies=YEAR,
        slices=(),
        beside=beside,
    )


def dated():
    return frozen({"trend": deepcopy(TREND), "files": []})


def months_of(document, slug):
    agreed = {each["slug"]: each for each in document["inputs"]["terms"]["indicators"]}
    return trend_content(document, agreed[slug], trends_of(document).get(slug))


def safeguards(document, holds=(), restatements=()):
    records = {"holds": list(holds), "restatements": list(restatements)}
    rows = safeguards_content(Year(document, records, (), UTC), trends_of(document))
    return {row["what"]: row["finding"] for row in rows}


def test_the_months_stand_with_counts_chart_and_sentence_as_many_beside_each_other_as_fit():
    returns, stay = (months_of(dated(), slug) for slug in (RETURNS, STAY))

    assert returns["head"] == ("Month", "Cases that met", "Cases judged", "Result")
    assert returns["months"][9] == ("Oct 2026", "22", "40", "55.0 %")
    (band,) = returns["bands"]
    assert (band["months"][9], band["rows"][0]["cells"][9]) == (["Oct", "2026"], "22")
    assert returns["chart"].startswith("<svg")
    assert returns["sentence"].startswith("Returns in Dec 2026 is 7.5 % (3 of 40 cases), against")
    assert stay["months"][1] == ("Feb 2026", "10,091", "2", "5045.5 days")
    assert [len(band["months"]) for band in stay["bands"]] == [6, 6]


def test_a_feed_without_days_says_so_and_a_snapshot_of_before_says_nothing():
    undated = frozen({"trend": None, "files": []})

    assert months_of(undated, RETURNS) is months_of(frozen(), RETURNS) is None
    assert safeguards(undated)["Special causes"] == NOT_DATED
    assert check_months(undated) == (0, 0)


def test_months_are_held_against_the_year_when_a_report_is_verified():
    def reason(change):
        document = dated()
        change(document["beside"]["trend"])
        with pytest.raises(DoesNotHoldError) as broken:
            check_months(document)
        return str(broken.value)

    assert check_months(dated()) == (12, 2)
    more = met(4, 41).to_document()
    assert "of “returns” do not fit" in reason(lambda trend: trend["tallies"][RETURNS].append(more))
    assert "of “returns” do not fit" in reason(
        lambda trend: trend["tallies"][RETURNS].__setitem__(0, more)
    )
    assert "within the year" in reason(lambda trend: trend["months"].reverse())
    assert "within the year" in reason(lambda trend: trend["months"][-1].update(end="2027-01-02"))


def test_safeguards_say_what_the_terms_ask_and_what_the_records_show():
    found = safeguards(dated(), [HOLD, {"cause": "Time logs"}], [RESTATED])

    assert found["Fewest cases for a result"] == (
        "Returns: 20; Stay: 30. Stay was not scored: Fewer cases than the agreed minimum."
    )
    assert "Returns: 10.0 %; Stay: 9.0 days" in found["Floors"]
    assert found["Beside Stay"] == "Beside it stands readmission."
    assert found["Special causes: Returns"] == (
        "Change for the worse: a point above the upper limit, Oct 2026."
    )
    assert found["Deficiencies"] == "1 named, 0 still open."
    assert found["Holds and disputes"].startswith("2 opened, 1 released, 1 still open")
    assert found["Data corrected after it was accepted"] == (
        "1 asked for; approved: 1 Jan 2026 to 31 Jan 2026."
    )


def test_without_months_holds_or_corrections_the_safeguards_claim_nothing():
    found = safeguards(frozen(), restatements=[RESTATED | {"decision": "Declined"}])

    assert not [what for what in found if what.startswith("Special causes")]
    assert found["Deficiencies"] == "Nobody named one."
    assert found["Holds and disputes"] == "None."
    assert found["Data corrected after it was accepted"] == "1 asked for; none approved."


def test_the_gates_of_a_scoring_plan_are_safeguards():
    gate = {"reads": {"indicator": RETURNS}, "at_most": "0.2"}
    plan = small_plan(
        domains=[domain("outcomes", "Outcomes", "60"), domain("process", "Process", "40")],
        indicators=[
            indicator(RETURNS, "decrease", "outcomes", threshold="10%", benchmark="5%"),
            indicator(STAY, "decrease", "process", threshold="9", benchmark="8"),
        ],
        adjustments=[{"name": "returns stay rare", "to": {"total": True}, "gate": gate}],
        pay=[pool("1000.00", "total")],
    )

    found = safeguards(frozen(agreed=paid_by(plan, signed())))

    assert "20" in found["Gates, caps and multipliers: returns stay rare"]
    assert found["Floors"].startswith("As the scoring plan says")
