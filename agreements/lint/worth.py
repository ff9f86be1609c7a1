"""The rules S6 and F1 to F3: what the work is worth, by the opinion on file. Pure."""

import math
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from agreements.duties.fee import built_up
from agreements.lint.facts import Found, LintFacts, Severity, Worked
from comanage.values.money import Money
from comanage.values.period import day_text

COMPLIANCE_PERCENTILE = 75
MINUTES_AN_HOUR = 60
HOUR_TENTHS = 10  # more than one tenth of the hours


def pay_within_opinion(facts: LintFacts) -> Iterator[Found]:
    """S6: no part of the pay, and not its total, is above the opinion."""
    for gap in facts.pay_gaps:
        yield Found("Pay", gap, "Bring pay and opinion together before anybody signs.")


def opinion_before_the_term(facts: LintFacts) -> Iterator[Found]:
    """S6: the opinion was given before the term began."""
    opined_on = date.fromisoformat(facts.terms["opinion"]["opined_on"])
    if opined_on > facts.begins_on:
        yield Found(
            "Opinion",
            f"The opinion is of {day_text(opined_on)}; the term begins on "
            f"{day_text(facts.begins_on)}.",
            "Let the valuator state the value on the day when the parties agree, or begin later.",
            "fair-market-value",
        )


def split_as_in_the_opinion(facts: LintFacts) -> Iterator[Found]:
    """S6: as much is fixed, and as much depends on results, as the opinion supports.

    No part is above its own most, by `pay_within_opinion`. Where these add up to more than the
    opinion's total, the split is open between them. Pay that has further parts has no such split.
    """
    if facts.terms.get("components"):
        return
    fixed, incentive, total = (
        Money.from_dollars(facts.terms["opinion"][part]) for part in ("fixed", "incentive", "total")
    )
    whole, paid = min(total, fixed + incentive), facts.fixed_fee + facts.pool
    if min(whole, paid) <= Money(0):
        return
    share = Fraction(facts.fixed_fee.cents, paid.cents)
    most, least = Fraction(fixed.cents, whole.cents), 1 - Fraction(incentive.cents, whole.cents)
    what = f"{facts.fixed_fee} of {paid} is fixed."
    if share > most:
        yield Found(
            "Pay",
            f"{what} By the split of the opinion it is at most {_floor(paid, most)}.",
            "Lower the fixed fee, let more depend on results, or file an opinion of this split.",
            "fair-market-value",
        )
    if share < least:
        yield Found(
            "Pay",
            f"{what} By the split of the opinion it is at least {-_floor(-paid, least)}.",
            "Ask the valuator whether the opinion holds for this split, or bring the two together.",
            "fair-market-value",
            Severity.WARN,
        )


def opinion_is_on_file(facts: LintFacts) -> Iterator[Found]:
    """F1: the opinion itself is on file, and how the valuator came to it."""
    if not facts.has_opinion_paper:
        yield Found(
            "Opinion",
            "Its figures are on file, the signed paper is not.",
            "File the opinion with its paper, and let the terms rest on that one.",
            "fair-market-value",
        )
    if not facts.terms["opinion"].get("basis"):
        yield Found(
            "Opinion",
            "Not known: by which approach the valuator came to its figures.",
            "File the opinion with its basis, and let the terms rest on that one.",
            "fair-market-value",
            Severity.WARN,
        )


def opinion_is_fresh(facts: LintFacts) -> Iterator[Found]:
    """F1: nothing has made the opinion stale."""
    return _stale(facts, "F1")


def hours_as_assumed(facts: LintFacts) -> Iterator[Found]:
    """F2: duties and logged hours are about the time that the opinion assumed, and it says which.

    Hours of a fixed fee are not logged; where all duties are paid by the hour, quarters are held
    against a quarter of the assumed year, and where none is at hand the last year that was
    reviewed against the whole.
    """
    yield from _stale(facts, "F2")
    assumed = facts.terms["opinion"].get("assumed_minutes")
    if assumed is None:
        yield Found(
            "Opinion",
            "Not known: the opinion on file states no hours of duties that it assumed.",
            "File an opinion with the hours that its fixed fee is for.",
            "fair-market-value",
        )
    for each in facts.worked or _worked_before(facts, assumed):
        if abs(each.minutes - each.assumed) * HOUR_TENTHS > each.assumed:
            yield Found(
                f"Work of {each.period}",
                f"{_hours(each.minutes)} were logged and approved; the opinion assumed "
                f"{_hours(each.assumed)}, more than a tenth apart.",
                "Let somebody clinical say which hours are needed, and ask the valuator.",
                "time-records",
            )


def _worked_before(facts: LintFacts, assumed: int | None) -> tuple[Worked, ...]:
    known = [year for year in facts.earlier_years if year.is_known and year.worked is not None]
    if not known or assumed is None:
        return ()
    return (Worked(known[-1].period, known[-1].worked or 0, assumed),)


def hour_within_its_range(facts: LintFacts) -> Iterator[Found]:
    """F2: the fixed fee over its hours is not above what an hour is worth.

    Here over the agreed hours; `hours_that_were_paid` looks at those that were worked.
    """
    given = facts.terms["opinion"].get("hourly_range")
    minutes = sum(duty["minutes"] for duty in facts.terms.get("duties", ()))
    if not given or not minutes:
        return
    high = Money.from_dollars(given["high"])
    if facts.fixed_fee.cents * MINUTES_AN_HOUR > high.cents * minutes:
        rate = facts.fixed_fee.times(Fraction(MINUTES_AN_HOUR, minutes))
        yield Found(
            "Fixed fee",
            f"{facts.fixed_fee} for {_hours(minutes)} of duties is {rate} an hour, above the "
            f"opinion's {high}.",
            "Lower the fee, or agree on the hours it pays for, and have the opinion say so.",
            "fixed-fee",
        )


def fee_as_built_up(facts: LintFacts) -> Iterator[Found]:
    """F2: the fixed fee is what its duties come to, and no duty's hour is above its range."""
    duties = facts.terms.get("duties", ())
    made = built_up(duties, fixed_fee=facts.fixed_fee)
    if duties and not made.is_equal:
        yield Found(
            "Fixed fee",
            f"The fixed fee is {made.fixed_fee}, and its duties come to {made.total}.",
            "Set the fee to what the duties come to, or agree on the hours and rates that make it.",
            "fixed-fee",
        )
    given = facts.terms["opinion"].get("hourly_range")
    for duty in duties if given else ():
        rate, high = Money.from_dollars(duty["rate"]), Money.from_dollars(given["high"])
        if rate > high:
            yield Found(
                f"Duty “{duty['name']}”",
                f"Its hour is paid at {rate}, above the opinion's {high}.",
                "Lower the rate, or have the opinion say what this duty's hour is worth.",
                "fixed-fee",
            )


def hours_that_were_paid(facts: LintFacts) -> Iterator[Found]:
    """F2: what an approved hour came to in earlier years was not above what it is worth."""
    for year in facts.earlier_years:
        for part in year.hours if year.is_known else ():
            if part.paid.cents * MINUTES_AN_HOUR > part.high.cents * part.minutes:
                rate = part.paid.times(Fraction(MINUTES_AN_HOUR, part.minutes))
                yield Found(
                    "Earlier years",
                    f"In {year.period}, {part.label} of {part.payee} came to {rate} an hour: "
                    f"{part.paid} for {_hours(part.minutes)}. That year's opinion supports at most "
                    f"{part.high}.",
                    "Let counsel look at that year, and agree on a rate and caps that keep within "
                    "the opinion.",
                    "fair-market-value",
                )


def percentile_known(facts: LintFacts) -> Iterator[Found]:
    """F3: a high percentile asks for more approval."""
    percentile = facts.terms["opinion"].get("percentile")
    if percentile is None:
        yield Found(
            "Opinion",
            "Not known: the opinion on file states no percentile of its survey.",
            "File an opinion that states it, so that it is clear who has to approve.",
            "fair-market-value",
        )
    elif percentile >= COMPLIANCE_PERCENTILE:
        yield Found(
            "Opinion",
            f"The pay is at percentile {percentile} of the valuator's survey.",
            f"From percentile {COMPLIANCE_PERCENTILE} on, have compliance approve it too.",
            "fair-market-value",
            Severity.WARN,
        )


def _stale(facts: LintFacts, rule: str) -> Iterator[Found]:
    for name, reason, is_over in facts.stale:
        if name == rule:
            severity = Severity.BLOCK if is_over else None
            way_out = "File a new opinion, or what the valuator says of this one."
            yield Found("Opinion", reason, way_out, "fair-market-value", severity)


def _hours(minutes: int) -> str:
    hours, rest = divmod(minutes, MINUTES_AN_HOUR)
    return f"{hours:,} h {rest} min" if rest else f"{hours:,} hours"


def _floor(whole: Money, share: Fraction) -> Money:
    return Money(math.floor(whole.cents * share))
