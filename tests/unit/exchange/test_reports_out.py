"""Our results go out as summary reports; a score is there only when it is defined."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from comanage.values.period import Period
from indicators.exchange.measures_out import canonical_of, measure_resource
from indicators.exchange.reports_out import (
    Result,
    Sender,
    Stratum,
    bundle,
    report_resource,
    score_resource,
)
from indicators.exchange.vocabulary import ABSENT
from indicators.measure.definition import Definition
from indicators.measure.tally import Tally

QUARTER = Period(date(2026, 1, 1), date(2026, 4, 1))
COLUMNS = [{"name": "late", "type": "flag"}, {"name": "minutes", "type": "decimal"}]
BASE = {"slug": "x", "title": "X", "improvement": "decrease", "unit": "u", "columns": COLUMNS}
PROPORTION = Definition.from_document(
    BASE
    | {
        "scoring": "proportion",
        "numerator": "late = true",
        "numerator_exclusion": "minutes < 1",
        "denominator_exclusion": "minutes > 600",
        "denominator_exception": "minutes > 500",
    }
)
RATIO = Definition.from_document(
    BASE | {"scoring": "ratio", "numerator": "late = true", "denominator_observation": "minutes"}
)
TALLY = Tally(
    initial_population=20,
    denominator=20,
    denominator_exclusions=3,
    denominator_exceptions=2,
    numerator=10,
    numerator_exclusions=1,
    not_met=5,
)


def written(definition, tally, strata=()):
    return report_resource(
        definition,
        Result.of_tally(definition, tally),
        measure=canonical_of(definition),
        period=QUARTER,
        sender=Sender("Mercy Hospital", date(2026, 4, 15)),
        strata=strata,
    )


def test_a_summary_report_is_accepted_by_outsiders(accepted_by_outsiders):
    part = Result.of_tally(PROPORTION, Tally())

    report = accepted_by_outsiders(
        written(
            PROPORTION,
            TALLY,
            [
                Stratum({"campus": "East"}, part),
                Stratum({"campus": "East", "payer": "A"}, part),
            ],
        )
    )

    assert report["type"] == "summary"
    assert report["measure"] == str(canonical_of(PROPORTION))
    assert report["period"] == {"start": "2026-01-01", "end": "2026-03-31"}
    assert report["group"][0]["measureScore"] == {"value": Decimal("0.666666666667")}


def test_counts_rate_and_period_survive_the_round_trip(imported):
    document = imported(written(PROPORTION, TALLY))

    (report,) = document["reports"]
    (group,) = report["groups"]
    assert group["counts"] == {
        "initial_population": 20,
        "denominator": 20,
        "denominator_exclusions": 3,
        "denominator_exceptions": 2,
        "numerator": 10 + 1,
        "numerator_exclusions": 1,
    }
    assert group["rate"] == "2/3"
    assert group["agreement"] == {"agrees": True, "how": "rounded"}
    assert report["period"]["until"] == "2026-04-01"
    assert report["reporter"]["name"] == "Mercy Hospital"


def test_strata_survive_the_round_trip(imported):
    part = Result.of_tally(PROPORTION, TALLY)

    document = imported(written(PROPORTION, TALLY, [Stratum({"campus": "East"}, part)]))

    (stratum,) = document["reports"][0]["groups"][0]["strata"]
    assert stratum["stratifier"]["code"][0]["text"] == "campus"
    assert (stratum["value"]["text"], stratum["rate"]) == ("East", "2/3")


def test_a_ratio_of_sums_that_are_no_whole_numbers_stays_exact(imported, accepted_by_outsiders):
    tally = Tally(
        initial_population=3,
        denominator=3,
        numerator=1,
        observations=3,
        numerator_sum=Fraction(1),
        denominator_sum=Fraction(10, 3),
    )
    report = written(RATIO, tally)
    accepted_by_outsiders(report)

    document = imported(bundle([measure_resource(RATIO), report]))

    assert document["reports"][0]["groups"][0]["rate"] == "3/10"


def observed(report):
    code = "measure-observation"
    populations = report["group"][0]["population"]
    return [part for part in populations if part["code"]["coding"][0]["code"] == code]


def test_a_sum_that_is_a_whole_number_is_the_count_of_its_observation(imported):
    tally = Tally(
        initial_population=3,
        denominator=3,
        numerator=1,
        observations=3,
        numerator_sum=Fraction(1),
        denominator_sum=Fraction(45),
    )
    report = written(RATIO, tally)

    (part,) = observed(report)

    assert part["count"] == 45
    assert [one["url"].rsplit("-", 1)[-1] for one in part["extension"]] == ["criteriaReference"]
    assert imported(report)["reports"][0]["groups"][0]["rate"] == "1/45"


@pytest.mark.parametrize("total", [Fraction("4.5"), Fraction(2**31)])
def test_a_sum_that_no_integer_says_has_no_count_that_could_be_taken_for_it(
    total, imported, accepted_by_outsiders
):
    tally = Tally(
        initial_population=3,
        denominator=3,
        numerator=1,
        observations=3,
        numerator_sum=Fraction(1),
        denominator_sum=total,
    )
    report = written(RATIO, tally)
    accepted_by_outsiders(report)

    (part,) = observed(report)

    assert "count" not in part
    assert imported(report)["reports"][0]["groups"][0]["rate"] == str(1 / total)


def test_a_count_of_aggregates_that_is_not_whole_is_left_out(accepted_by_outsiders):
    counts = dict.fromkeys(
        ("initial_population", "denominator", "numerator", "numerator_exclusions"), None
    )
    result = Result(counts, Fraction(1, 2), Fraction(5, 2), Fraction(1, 5))
    report = report_resource(
        RATIO, result, measure=canonical_of(RATIO), period=QUARTER, sender=Sender()
    )

    accepted_by_outsiders(report)

    assert not any("count" in part for part in report["group"][0]["population"])


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("no_data", "unknown"),
        ("no_eligible_cases", "not-applicable"),
        ("zero_denominator", "not-applicable"),
        ("too_few_cases", "masked"),
        ("not_executable", "unsupported"),
    ],
)
def test_no_rate_is_no_score_but_a_reason(reason, code):
    result = Result({}, Fraction(0), Fraction(0), None, reason)

    assert score_resource(result) == {"extension": [{"url": ABSENT, "valueCode": code}]}


def test_a_report_without_a_rate_is_accepted_by_outsiders(imported, accepted_by_outsiders):
    report = written(
        PROPORTION, Tally(initial_population=2, denominator=2, denominator_exclusions=2)
    )

    accepted_by_outsiders(report)

    (group,) = imported(report)["reports"][0]["groups"]
    assert (group["rate"], group["not_scored"]) == (None, "no_eligible_cases")
    assert group["reported_score"]["absent_reason"] == "not-applicable"


def test_a_rate_of_zero_is_a_score_of_zero():
    result = Result({}, Fraction(0), Fraction(7), Fraction(0))

    assert score_resource(result) == {"value": Decimal(0)}


def test_the_profile_is_claimed_only_by_a_report_that_keeps_it():
    result = Result.of_tally(PROPORTION, TALLY)
    whole = {"measure": canonical_of(PROPORTION), "period": QUARTER}

    signed = report_resource(
        PROPORTION, result, sender=Sender("Mercy Hospital", date(2026, 4, 15)), **whole
    )
    bare = report_resource(PROPORTION, result, sender=Sender(), **whole)

    assert signed["meta"]["profile"]
    assert not {"meta", "date", "reporter"} & bare.keys()
