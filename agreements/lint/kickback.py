"""The rules A1 to A9: 42 CFR 1001.952, each one small function over the facts. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from agreements.lint.facts import Found, LintFacts, Severity
from agreements.lint.looking import missing_clause, named
from agreements.lint.stark import VALUE_BASED
from comanage.values.period import day_text

# What outcomes-based payments leave out; and what they do not name, being neither quality nor a
# cost of payers.
LEFT_OUT = frozenset({"internal_saving", "satisfaction"})
NOT_NAMED = frozenset({"operational"})
YEARS_UNCHANGED = 2  # after them, goals that were reached are looked at


def evidence_of_each_indicator(facts: LintFacts) -> Iterator[Found]:
    """A2: each outcome measure rests on evidence that is cited."""
    for each in facts.definitions:
        if not str(each.get("evidence", "")).strip():
            yield Found(
                f"Indicator “{each['title']}”",
                "Its definition cites no evidence.",
                "Write its evidence into a new version of the definition, and agree to that one.",
                "incentive-fee",
            )


def signed_at_commencement(facts: LintFacts) -> Iterator[Found]:
    """A3: outcome measures are signed for before or when their year begins."""
    start = date.fromisoformat(facts.terms["period"]["start"])
    if facts.terms["indicators"] and not facts.is_executed and facts.today > start:
        yield Found(
            "Measurement year",
            f"It began on {day_text(start)} and has outcome measures that nobody has signed for.",
            "Begin the measurement year on or after the day of signature.",
            "incentive-fee",
        )


def pay_outside_outcomes(facts: LintFacts) -> Iterator[Found]:
    """A4: how much is paid for savings or satisfaction, and how much for operations."""
    for classes, about, severity in (
        (LEFT_OUT, "internal saving or satisfaction", None),
        (NOT_NAMED, "operations, neither quality nor a cost of payers", Severity.WARN),
    ):
        outside = facts.of_classes(classes)
        if outside:
            titles = named([each["definition"]["title"] for each in outside])
            yield Found(
                "Indicators",
                f"{titles}: {about}, {_share(outside)}.",
                "Let counsel say on which other basis this is paid.",
                "incentive-fee",
                severity,
            )
    for name in facts.savings:
        yield Found(
            f"Pay, “{name}”",
            "It shares an internal saving, which the outcomes rule does not cover.",
            "Let counsel say on which other basis it is paid.",
            "shared-savings",
        )


def yearly_review(facts: LintFacts) -> Iterator[Found]:
    """A5: benchmarks and pay are looked at every year."""
    return missing_clause(facts, "annual-review", "Independent annual review", Severity.WARN)


def goals_are_revised(facts: LintFacts) -> Iterator[Found]:
    """A5: goals do not go on for a third year once the best of them was reached in two."""
    before = facts.earlier_years[-YEARS_UNCHANGED:]
    unknown = [year.period for year in before if not year.is_known]
    for slug in facts.unchanged_goals:
        if not all(year.reached_most(slug) for year in before if year.is_known):
            continue
        what = (
            f"Not known: whether it earned all that it can in {' and '.join(unknown)}. Goals and "
            f"baseline are those of the two signed years before."
            if unknown
            else "It earned all that it can in both signed years before, by the goals and the "
            "baseline that it has here."
        )
        yield Found(
            f"Indicator “{facts.titles[slug]}”",
            what,
            "Hold the goals against what was reached, and set them anew or say why they stay.",
            "incentive-fee",
        )


def quality_is_corrected(facts: LintFacts) -> Iterator[Found]:
    """A6: the writing says how a deficiency in quality is corrected."""
    return missing_clause(facts, "quality-safeguards", "Quality safeguards")


def deficiencies_of_earlier_years(facts: LintFacts) -> Iterator[Found]:
    """A6: what is open from the years before is known and mended before another one is signed."""
    for year in facts.earlier_years:
        if year.open_until:
            day, count = day_text(year.open_until[0]), len(year.open_until)
            yield Found(
                "Earlier years",
                f"A deficiency of {year.period} is open, to be mended by {day}."
                if count == 1
                else f"{count} deficiencies of {year.period} are open, the first to be mended by "
                f"{day}.",
                "Have it mended and the hold released on the page of that year.",
                "quality-safeguards",
            )
    unknown = [year.period for year in facts.earlier_years if not year.is_known]
    if unknown:
        yield Found(
            "Earlier years",
            f"Not known: whether there are deficiencies in {', '.join(unknown)}. No independent "
            f"review of it is signed here.",
            "Have each year reviewed, or look at what was recorded of it elsewhere.",
            "quality-safeguards",
            Severity.INFO,
        )


def judgement_left_free(facts: LintFacts) -> Iterator[Found]:
    """A7: the writing leaves patients their choice and physicians their judgement."""
    about = "Patient choice and professional judgement"
    return missing_clause(facts, "patient-choice", about)


def paid_in_cash(facts: LintFacts) -> Iterator[Found]:
    """A9: what the value-based safe harbors ask of pay in cash."""
    if facts.path in VALUE_BASED:
        yield Found(
            "Agreement",
            "It follows a value-based path and pays in cash. Care coordination, 1001.952(ee), is "
            "about remuneration in kind alone.",
            "Let counsel look at (ff), which asks 30 % of losses of the enterprise (20 % for some "
            "episodes) and 5 % of the physicians, or at (gg). Records are kept for 6 years.",
        )


def _share(indicators: list[Mapping[str, Any]]) -> str:
    weights = [each["weight"] for each in indicators if "weight" in each]
    if not weights:
        return "paid by the scoring plan, which says how much"
    return f"with {sum(weights)} of 100 points of the incentive"
