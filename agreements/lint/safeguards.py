"""The rules C, T, L, M and X: gainsharing, tax, time, people, states. Pure."""

from collections.abc import Iterator
from datetime import date

from agreements.credentials.freshness import names_text
from agreements.lint.facts import Found, LintFacts, Severity
from agreements.lint.looking import missing_clause, named, years_after
from comanage.values.period import Period, day_text

COST = frozenset({"payor_cost", "internal_saving"})
LONGEST_BOND_YEARS = 30
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
