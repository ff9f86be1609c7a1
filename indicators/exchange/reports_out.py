"""Our results as a summary MeasureReport of FHIR R4, in the shape of DEQM's profile."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from comanage.values.period import Period
from indicators.exchange import vocabulary as v
from indicators.exchange.measures_out import (
    Canonical,
    WrittenPopulation,
    period_resource,
    scoring_code,
    written_populations,
)
from indicators.exchange.writing import (
    Resource,
    absent,
    concept,
    exact_extension,
    extension,
    resource_id,
    score_decimal,
    stable_urn,
    without_blanks,
    words,
)
from indicators.measure.definition import Definition
from indicators.measure.rate import NotScored, exact_parts, performance_rate
from indicators.measure.tally import Tally

# The count of our tallies that each population of a report shows.
_COUNT_OF: Mapping[str, str] = {
    v.INITIAL_POPULATION: "initial_population",
    v.DENOMINATOR: "denominator",
    v.MEASURE_POPULATION: "denominator",
    v.DENOMINATOR_EXCLUSION: "denominator_exclusions",
    v.MEASURE_POPULATION_EXCLUSION: "denominator_exclusions",
    v.DENOMINATOR_EXCEPTION: "denominator_exceptions",
    v.NUMERATOR_EXCLUSION: "numerator_exclusions",
}
LARGEST_INTEGER = 2**31 - 1  # of FHIR R4
_ABSENT_REASONS: Mapping[str, str] = {
    "no_data": "unknown",
    "not_executable": "unsupported",
    "too_few_cases": "masked",
}


@dataclass(frozen=True, slots=True)
class Result:
    """What was measured for one period, or one part of it.

    Attributes:
        counts: by the names of a tally; None where aggregates make no whole number.
        above: the exact numerator: a count or a sum.
        below: the exact denominator.
        rate: the exact result; None when it is not scored.
        not_scored: the reason, when there is no rate.
    """

    counts: Mapping[str, int | None]
    above: Fraction
    below: Fraction
    rate: Fraction | None
    not_scored: str = ""

    @classmethod
    def of_tally(cls, definition: Definition, tally: Tally, minimum_cases: int = 0) -> Result:
        """Score a tally as its indicator is scored."""
        rate = performance_rate(tally, definition, minimum_cases)
        above, below = exact_parts(tally, definition)
        names = (*_COUNT_OF.values(), "numerator", "observations")
        counts = {name: getattr(tally, name) for name in names}
        if isinstance(rate, NotScored):
            return cls(counts, above, below, None, rate.reason.value)
        return cls(counts, above, below, rate)


@dataclass(frozen=True, slots=True)
class Stratum:
    """One part of the cases: the columns it was split by with their values, its result."""

    parts: Mapping[str, str]
    result: Result


@dataclass(frozen=True, slots=True)
class Sender:
    """Who reports, and when: both may be left open, and are needed for DEQM's profile."""

    name: str = ""
    dated: date | None = None


def report_resource(
    definition: Definition,
    result: Result,
    *,
    measure: Canonical,
    period: Period,
    sender: Sender,
    strata: Sequence[Stratum] = (),
) -> Resource:
    """Write a summary MeasureReport.

    Args:
        definition: what was measured.
        result: over the whole period.
        measure: by which name the Measure was exported.
        period: days measured.
        sender: the reporter and the day of the report.
        strata: results of parts of the cases, by column.

    Returns:
        The resource, ready for `write_json`. A score is there only when there is a rate;
        else a data-absent reason says why. Counts are of cases; the count of a ratio's
        observation is the sum of its values, and one that R4's integer cannot say stands
        exactly in an extension in its stead.

    Source:
        DEQM 5.0.0, Summary MeasureReport profile.
    """
    return without_blanks(
        {
            "resourceType": "MeasureReport",
            "id": resource_id(f"{definition.slug}-{period.start}"),
            "meta": {"profile": [v.DEQM_SUMMARY]} if sender.name and sender.dated else {},
            "extension": [
                extension(
                    v.DEQM_SCORING,
                    valueCodeableConcept=concept(v.SCORING_SYSTEM, scoring_code(definition)),
                )
            ],
            "status": "complete",
            "type": "summary",
            "measure": str(measure),
            "date": sender.dated.isoformat() if sender.dated else "",
            "reporter": {"display": sender.name} if sender.name else {},
            "period": period_resource(period),
            "improvementNotation": concept(v.IMPROVEMENT_SYSTEM, definition.improvement),
            "group": [
                without_blanks(
                    {
                        "id": "group-1",
                        "population": population_resources(definition, result),
                        "measureScore": score_resource(result),
                        "stratifier": _stratifiers(definition, strata),
                    }
                )
            ],
        }
    )


def bundle(resources: Sequence[Resource]) -> Resource:
    """Put resources in one collection."""
    return {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {"fullUrl": stable_urn(part["resourceType"], part["id"]), "resource": part}
            for part in resources
        ],
    }


def score_resource(result: Result) -> Resource:
    """Write the score, or why there is none."""
    if result.rate is not None:
        return {"value": score_decimal(result.rate)}
    return {"extension": [absent(_ABSENT_REASONS.get(result.not_scored, "not-applicable"))]}


def population_resources(definition: Definition, result: Result) -> list[Resource]:
    """Write the counts, population by population, under the ids of the Measure."""
    return [
        without_blanks(
            {
                "id": part.field,
                "extension": _sum_extensions(definition, part, result),
                "code": concept(
                    v.POPULATION_SYSTEM, part.code, part.code.replace("-", " ").title()
                ),
            }
        )
        | _count_element(definition, part, result)
        for part in written_populations(definition)
    ]


def _count_element(definition: Definition, part: WrittenPopulation, result: Result) -> Resource:
    total = _sum_of(definition, part, result)
    if total is not None:
        return {"count": int(total)} if _is_integer(total) else {}
    count = _count(part, result)
    return {} if count is None else {"count": count}


def _count(part: WrittenPopulation, result: Result) -> int | None:
    """Count the cases of a population.

    HL7 counts the numerator before its exclusions, and a tally after them.
    """
    if part.code == v.NUMERATOR:
        met, struck = result.counts["numerator"], result.counts["numerator_exclusions"]
        return None if met is None or struck is None else met + struck
    if part.field == "numerator":
        return result.counts["numerator"]
    if part.field == "numerator_exclusion":
        return result.counts["numerator_exclusions"]
    if part.code == v.MEASURE_OBSERVATION:
        return result.counts["observations"]
    return result.counts[_COUNT_OF[part.code]]


def _sum_extensions(
    definition: Definition, part: WrittenPopulation, result: Result
) -> list[Resource]:
    """Write what an observation is of, and a sum of its values that is no integer of R4."""
    if part.code != v.MEASURE_OBSERVATION:
        return []
    found = [extension(f"{v.CQFM}cqfm-criteriaReference", valueString=part.of)]
    total = _sum_of(definition, part, result)
    if total is not None and not _is_integer(total):
        found.append(exact_extension(total))
    return found


def _sum_of(definition: Definition, part: WrittenPopulation, result: Result) -> Fraction | None:
    """Return the sum of a ratio's observation; None for what is counted.

    Source:
        DEQM 5.0.0, example of a ratio: the count of an observation is its aggregate value.
    """
    if part.code != v.MEASURE_OBSERVATION or scoring_code(definition) != "ratio":
        return None
    return result.above if part.of == "numerator" else result.below


def _is_integer(total: Fraction) -> bool:
    return total.denominator == 1 and 0 <= total <= LARGEST_INTEGER


def _stratifiers(definition: Definition, strata: Sequence[Stratum]) -> list[Resource]:
    """Write the strata, those of the same columns under one stratifier."""
    columns = list(dict.fromkeys(tuple(stratum.parts) for stratum in strata))
    return [
        {
            "code": [words(column) for column in several],
            "stratum": [
                {
                    **_stratum_value(part),
                    "population": population_resources(definition, part.result),
                    "measureScore": score_resource(part.result),
                }
                for part in strata
                if tuple(part.parts) == several
            ],
        }
        for several in columns
    ]


def _stratum_value(stratum: Stratum) -> Resource:
    """Write the value of one column, or the values of several as components."""
    if len(stratum.parts) == 1:
        return {"value": words(next(iter(stratum.parts.values())))}
    return {
        "component": [
            {"code": words(column), "value": words(value)}
            for column, value in stratum.parts.items()
        ]
    }
