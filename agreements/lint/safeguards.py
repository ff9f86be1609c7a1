"""The rules C, T, F, L, M and X: gainsharing, tax, value, time, people, states. Pure."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from agreements.credentials.freshness import names_text
from agreements.duties.fee import built_up
from agreements.lint.facts import Found, LintFacts, Severity, Worked
from agreements.lint.looking import missing_clause, named, years_after
from comanage.values.money import Money
from comanage.values.period import Period, day_text

COST = frozenset({"payor_cost", "internal_saving"})
COMPLIANCE_PERCENTILE = 75
LONGEST_BOND_YEARS = 30
MINUTES_AN_HOUR = 60
HOUR_TENTHS = 10  # more than one tenth of the hours
LOG_FORM = "Time record"
TEAM = Period(date(2026, 1, 1), date(2031, 1, 1))
TEAM_LINES = frozenset({"cardiovascular", "orthopedics", "neuroscience", "surgery"})


def costs_are_balanced(facts: LintFacts) -> Iterator[Found]:
    """C1: whoever is paid for cost is also judged on quality."""
    about_cost = facts.of_classes(COST)
    titles = [*(each["definition"]["title"] for each in about_cost), *facts.savings]
    if titles and not facts.of_classes(frozenset({"quality"})):
        yield Found(
            "Indicators",
            f"{named(titles)} is about cost, and no agreed indicator is about quality.",
            "Agree to a quality indicator that would show care being held back.",
            "incentive-fee",
        )
    for each in about_cost:
        if not each["definition"].get("safeguard"):
            yield Found(
                f"Indicator “{each['definition']['title']}”",
                "It is about cost, and its definition names no floor or safeguard.",
                "Write the clinical floor below which nothing is earned into the definition.",
                "incentive-fee",
                Severity.HOLD,
            )


def savings_are_written(facts: LintFacts) -> Iterator[Found]:
    """C2: the writing says how a saving is counted before it is shared."""
    if facts.savings:
        yield from missing_clause(facts, "shared-savings", "Shared savings")


def bond_financed_space(facts: LintFacts) -> Iterator[Found]:
    """T1: in bond-financed space the owner keeps control, and the term is limited."""
    if not facts.is_bond_financed:
        return
    yield from missing_clause(facts, "bond-financed", "Bond-financed space")
    yield from missing_clause(facts, "reserved-powers", "Reserved powers")
    if facts.ends_on > years_after(facts.begins_on, LONGEST_BOND_YEARS):
        yield Found(
            "Term",
            f"The space is bond-financed and the term is above {LONGEST_BOND_YEARS} years.",
            f"Shorten it to {LONGEST_BOND_YEARS} years, or to 80 % of the useful life if less.",
            "term",
        )


def committee_beyond_the_group(facts: LintFacts) -> Iterator[Found]:
    """T2: somebody whom the agreement does not pay sits on the committee.

    The opinion names such a committee; the regulation asks that whoever approves the pay has no
    part in it, which is said here and not seen: that body meets elsewhere.
    """
    if not facts.has_outside_member:
        yield Found(
            "Committee",
            "Nobody from beyond the paid group is recorded on the governing committee.",
            "Name a member from outside, and let a body of the hospital approve the pay in which "
            "nobody has a part in it.",
            "governance-committee",
        )


def interests_disclosed(facts: LintFacts) -> Iterator[Found]:
    """T2: everybody on the committee disclosed their interests for the calendar year."""
    if facts.undisclosed:
        yield Found(
            "Committee",
            f"No disclosure of interests for {facts.today.year} is recorded of "
            f"{names_text(facts.undisclosed)}.",
            "Record what they disclose, and who abstains from what.",
            "governance-committee",
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


def time_is_recorded(facts: LintFacts) -> Iterator[Found]:
    """L1: the writing asks for time records before pay, and has a form for them."""
    yield from missing_clause(facts, "time-records", "Time records")
    if LOG_FORM not in facts.exhibits:
        yield Found(
            "Exhibits",
            "This version has no form for time records.",
            "Make a version anew: the standard prints the form as an exhibit.",
            "time-records",
        )


def work_is_approved(facts: LintFacts) -> Iterator[Found]:
    """L1: work is approved by another before it is paid.

    Nobody approves what they recorded, and nobody of the physicians' side approves: the database
    and the roles refuse it. What is left to find is work that waits.
    """
    if facts.undecided_sheets:
        is_one = facts.undecided_sheets == 1
        yield Found(
            "Work",
            f"{facts.undecided_sheets} sheet{'' if is_one else 's'} of work of this program "
            f"wait{'s' if is_one else ''} to be approved.",
            "Have it approved or declined by somebody who did not record it, before it is paid.",
            "time-records",
        )


def people_are_screened(facts: LintFacts) -> Iterator[Found]:
    """X1: everybody who would be paid was looked up lately, and was not found."""
    for gap in facts.screening_gaps:
        severity = Severity.BLOCK if gap.is_match else None
        yield Found("People", gap.what, gap.way_out, severity=severity)


def people_are_licensed(facts: LintFacts) -> Iterator[Found]:
    """X1: everybody who would be paid has a license that holds."""
    if facts.lapsed:
        yield Found(
            "People",
            f"Every license on record for {names_text(facts.lapsed)} has ended.",
            "Record the renewed license with the program's people.",
            "participating-physicians",
        )
    if facts.unlicensed:
        yield Found(
            "People",
            f"Not known: no license is on record for {names_text(facts.unlicensed)}.",
            "Record the license with the program's people.",
            "participating-physicians",
            Severity.WARN,
        )


def savings_paid_once(facts: LintFacts) -> Iterator[Found]:
    """M1: a saving that TEAM pays for is not shared here once more.

    A hospital in TEAM shares its reconciliation payments and internal savings under a sharing
    arrangement (512.565) alone. Its episodes are 512.525's; a line of service may have more.
    """
    titles = [each["definition"]["title"] for each in facts.of_classes(COST)]
    titles += facts.savings
    overlaps = TEAM.overlaps(Period(facts.begins_on, facts.ends_on))
    if titles and overlaps and facts.terms["program"]["service_line"] in TEAM_LINES:
        yield Found(
            "Pay",
            f"{named(titles)} is about cost, in a service line and in years of CMS's TEAM model "
            f"({day_text(TEAM.start)} to {day_text(TEAM.last)}).",
            "Where the facility takes part in TEAM, say how no saving is paid for twice.",
        )


def law_of_the_state(facts: LintFacts) -> Iterator[Found]:
    """X2: what the law of some states restricts is looked at for the state that governs."""
    looked_at = []
    if facts.savings:
        looked_at.append("a fee that is a percentage")
    if facts.model == "employment":
        looked_at.append("the employment of physicians by a hospital")
    if looked_at:
        yield Found(
            "Governing law",
            f"The law of {facts.state} governs. Some states restrict {' and '.join(looked_at)}.",
            "Let counsel look at the law of that state.",
            "general",
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
