"""The rules, each one small function over the facts, and the table of them. Pure.

A finding says what was found and what would satisfy the rule. It draws no legal conclusion.

Source:
    DOMAIN 3 for the list; the regulation and paragraph stand with each rule.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from agreements.lint.facts import Found, LintFacts, Severity
from comanage.values.period import day_text

RULES_DATED = date(2026, 11, 28)
NOTICE = (
    f"These rules are dated {day_text(RULES_DATED)}. They compare what is written and on file with "
    f"what a rule asks for. This is not legal advice, and whether the law is met is for counsel of "
    f"each party to say."
)
SERVICES = frozenset({"management-services", "professional-services", "employed-services"})
COST_CLASSES = frozenset({"payor_cost", "internal_saving"})
OUTSIDE_CLASSES = frozenset({"internal_saving", "satisfaction"})
COMPLIANCE_PERCENTILE = 75
GRACE_DAYS = 90
GRACE_HOLD_DAYS = 60
LONGEST_BOND_YEARS = 30


def _years_after(day: date, years: int) -> date:
    """Give the same day some years later; 28 February for 29 February."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _clause(facts: LintFacts, key: str, about: str) -> Iterator[Found]:
    if key not in facts.clauses:
        yield Found(
            "Clauses",
            f"This version has no clause “{about}”.",
            "Take the standard's clause back, or add one that says the same, and make a version.",
            clause=key,
        )


def services_and_signatures(facts: LintFacts) -> Iterator[Found]:
    """S1: the writing names the services, and has a place for the signatures."""
    if not facts.clauses & SERVICES:
        yield from _clause(facts, "management-services", "Management services")
    yield from _clause(facts, "signatures", "Signatures")


def days_without_signature(facts: LintFacts) -> Iterator[Found]:
    """S2: count the days since the term began while nobody has signed."""
    days = (facts.today - facts.begins_on).days
    if facts.is_executed or days <= 0:
        return
    severity = (
        Severity.BLOCK
        if days > GRACE_DAYS
        else Severity.HOLD
        if days >= GRACE_HOLD_DAYS
        else Severity.WARN
    )
    yield Found(
        "Term",
        f"The term began on {day_text(facts.begins_on)}, {days} days ago, and is not signed.",
        f"Sign within {GRACE_DAYS} days of that day, or let the term begin on a later day.",
        "term",
        severity,
    )


def terms_in_detail(facts: LintFacts) -> Iterator[Found]:
    """S4: the terms have all that the lock asks for."""
    for gap in facts.term_gaps:
        yield Found("Terms", gap, "Complete the draft of the measurement year.")
    if "early_end" not in facts.terms:
        yield Found(
            "Terms",
            "Nothing is said about the incentive of a year in which the agreement ends.",
            "Choose it in the draft of the measurement year; the clause follows it.",
            "effects-of-ending",
            Severity.HOLD,
        )


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
            Severity.HOLD,
        )


def reasonableness_on_file(facts: LintFacts) -> Iterator[Found]:
    """S7: a memo says why the arrangement makes sense without referrals."""
    if facts.memo_on is None:
        yield Found(
            "Memo",
            "No memo on commercial reasonableness is on file for this program.",
            "Write one, with purpose, need and alternatives, and have it approved.",
        )


def nothing_watched_is_paid(facts: LintFacts) -> Iterator[Found]:
    """S8: no pay for volume, share of market, revenue, margin or mix of payers."""
    for each in facts.definitions:
        if each.get("use") == "monitor_only":
            yield Found(
                f"Indicator “{each['title']}”",
                "Its definition may be watched but not paid for.",
                "Take it out of the terms. It can be followed without pay.",
                "incentive-fee",
            )


def term_of_a_year(facts: LintFacts) -> Iterator[Found]:
    """S9: the term is at least a year."""
    if facts.ends_on < _years_after(facts.begins_on, 1):
        days = (facts.ends_on - facts.begins_on).days
        yield Found(
            "Term", f"The term is {days} days.", "Let the term be one year or longer.", "term"
        )


def referrals_left_free(facts: LintFacts) -> Iterator[Found]:
    """S10: the writing says that nothing is paid for referrals and none are required."""
    return _clause(facts, "no-referrals", "No referrals")


def reconciliation_at_the_end(facts: LintFacts) -> Iterator[Found]:
    """S11: the writing says how payments are reconciled when it ends."""
    return _clause(facts, "effects-of-ending", "Effects of ending")


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
    """A4: how much is paid for internal savings or for satisfaction."""
    outside = [
        each
        for each in facts.terms["indicators"]
        if each["definition"].get("obp_class", "quality") in OUTSIDE_CLASSES
    ]
    if outside:
        titles = ", ".join(f"“{each['definition']['title']}”" for each in outside)
        weights = [each["weight"] for each in outside if "weight" in each]
        share = (
            f"with {sum(weights)} of 100 points of the incentive"
            if weights
            else "paid by the scoring plan, which says how much"
        )
        yield Found(
            "Indicators",
            f"{titles}: internal saving or satisfaction, {share}.",
            "Let counsel say on which other basis these are paid.",
            "incentive-fee",
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
    return _clause(facts, "annual-review", "Annual review")


def quality_is_corrected(facts: LintFacts) -> Iterator[Found]:
    """A6: the writing says how a deficiency in quality is corrected."""
    return _clause(facts, "quality-safeguards", "Quality safeguards")


def judgement_left_free(facts: LintFacts) -> Iterator[Found]:
    """A7: the writing leaves patients their choice and physicians their judgement."""
    return _clause(facts, "patient-choice", "Patient choice and professional judgement")


def costs_are_balanced(facts: LintFacts) -> Iterator[Found]:
    """C1: whoever is paid for cost is also judged on quality."""
    classes = {each.get("obp_class", "quality") for each in facts.definitions}
    about_cost = [e["title"] for e in facts.definitions if e.get("obp_class") in COST_CLASSES]
    named = [*about_cost, *facts.savings]
    if named and "quality" not in classes:
        yield Found(
            "Indicators",
            f"“{'”, “'.join(named)}” is about cost, and no agreed indicator is about quality.",
            "Agree to a quality indicator that would show care being held back.",
            "incentive-fee",
        )
    for each in facts.definitions:
        if each.get("obp_class") in COST_CLASSES and not each.get("safeguard"):
            yield Found(
                f"Indicator “{each['title']}”",
                "It is about cost, and its definition names no floor or safeguard.",
                "Write the clinical floor below which nothing is earned into the definition.",
                "incentive-fee",
                Severity.HOLD,
            )


def savings_are_written(facts: LintFacts) -> Iterator[Found]:
    """C2: the writing says how a saving is counted before it is shared."""
    if facts.savings:
        yield from _clause(facts, "shared-savings", "Shared savings")


def bond_financed_space(facts: LintFacts) -> Iterator[Found]:
    """T1: in bond-financed space the owner keeps control, and the term is limited."""
    if not facts.is_bond_financed:
        return
    yield from _clause(facts, "bond-financed", "Bond-financed space")
    if facts.ends_on > _years_after(facts.begins_on, LONGEST_BOND_YEARS):
        yield Found(
            "Term",
            f"The space is bond-financed and the term is above {LONGEST_BOND_YEARS} years.",
            f"Shorten it to {LONGEST_BOND_YEARS} years, or to 80 % of the useful life if less.",
            "term",
        )


def opinion_is_fresh(facts: LintFacts) -> Iterator[Found]:
    """F1: nothing has made the opinion stale."""
    return _stale(facts, "F1")


def hours_as_assumed(facts: LintFacts) -> Iterator[Found]:
    """F2: the duties take about the time that the opinion assumed, and it says which."""
    yield from _stale(facts, "F2")
    if facts.terms["opinion"].get("assumed_minutes") is None:
        yield Found(
            "Opinion",
            "Not known: the opinion on file states no hours of duties that it assumed.",
            "File an opinion with the hours that its fixed fee is for.",
            "fair-market-value",
        )


def _stale(facts: LintFacts, rule: str) -> Iterator[Found]:
    for name, reason, is_over in facts.stale:
        if name == rule:
            severity = Severity.BLOCK if is_over else None
            way_out = "File a new opinion, or what the valuator says of this one."
            yield Found("Opinion", reason, way_out, "fair-market-value", severity)


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
    """L1: the writing asks for time records before pay."""
    return _clause(facts, "time-records", "Time records")


def people_are_screened(facts: LintFacts) -> Iterator[Found]:
    """X1: everybody who would be paid was looked up lately, and was not found."""
    for gap in facts.screening_gaps:
        yield Found("People", gap, "Record the search with the program's people.")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: where it comes from, and the function that looks."""

    id: str
    severity: Severity
    asks: str
    source: str
    look: Callable[[LintFacts], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found under one rule."""

    rule: str
    severity: Severity
    source: str
    stands_on: str
    what: str
    way_out: str
    clause: str


_B, _H, _W, _I = Severity.BLOCK, Severity.HOLD, Severity.WARN, Severity.INFO
_PSA, _SET = "42 CFR 411.357(d)(1)", "42 CFR 411.354(d)(1)"
_OBP = "42 CFR 1001.952(d)"

RULES = (
    Rule("S1", _B, "services named, place to sign", f"{_PSA}(i)", services_and_signatures),
    Rule("S2", _W, "signed within 90 days", "42 CFR 411.354(e)(4)", days_without_signature),
    Rule("S4", _B, "pay set in advance, in detail", f"{_SET}(i)", terms_in_detail),
    Rule("S6", _B, "pay within the opinion", "42 CFR 411.351", pay_within_opinion),
    Rule("S6", _H, "opinion before the term", "42 CFR 411.351", opinion_before_the_term),
    Rule("S7", _H, "memo on reasonableness", "42 CFR 411.351", reasonableness_on_file),
    Rule("S8", _B, "no pay for volume or value", "42 CFR 411.354(d)(5)", nothing_watched_is_paid),
    Rule("S9", _B, "a term of a year", _PSA, term_of_a_year),
    Rule("S10", _H, "no required referrals", "42 CFR 411.354(d)(4)", referrals_left_free),
    Rule("S11", _W, "reconciled at the end", "42 CFR 411.353(h)", reconciliation_at_the_end),
    Rule("A2", _B, "evidence cited", f"{_OBP}(2)", evidence_of_each_indicator),
    Rule("A3", _H, "signed at commencement", f"{_OBP}(2)(iii)", signed_at_commencement),
    Rule("A4", _H, "pay for outcomes alone", f"{_OBP}(3)(iii)", pay_outside_outcomes),
    Rule("A5", _W, "looked at every year", f"{_OBP}(2)(vii)", yearly_review),
    Rule("A6", _H, "deficiencies corrected", f"{_OBP}(2)(viii)", quality_is_corrected),
    Rule("A7", _B, "judgement left free", f"{_OBP}(2)(iv)", judgement_left_free),
    Rule("C1", _B, "cost balanced by quality", "42 U.S.C. 1320a-7a(b)", costs_are_balanced),
    Rule("C2", _H, "savings written down", "42 CFR 510.500 (a model)", savings_are_written),
    Rule("T1", _B, "bond-financed space", "Rev. Proc. 2017-13", bond_financed_space),
    Rule("F1", _W, "opinion still fresh", "industry practice (K46)", opinion_is_fresh),
    Rule("F2", _W, "hours as assumed", "industry practice (K46b)", hours_as_assumed),
    Rule("F3", _I, "percentile and approval", "industry practice (K46c)", percentile_known),
    Rule("L1", _H, "time recorded before pay", "OIG fraud alert of June 2015", time_is_recorded),
    Rule("X1", _H, "people looked up", "42 CFR 1001.1901(b)", people_are_screened),
)

NOT_DECIDED = {
    "S3": "which papers make up the writing is for counsel; what is uploaded keeps its day",
    "S5": "the lock and the database refuse a change of signed terms; amendments come later",
    "S12": "whether a lapse was outside a party's control is no matter of data",
    "S13": "small payments outside agreements are not recorded here",
    "S14": "no agreement says yet that it follows the value-based path",
    "S15": "no agreement says yet that its physicians take downside risk",
    "S16": "financial risk from a payor is not recorded here",
    "S17": "the work feed takes wRVUs as given; who performed them is for the hospital to attest",
    "A1": "its parts are S1, S4, S6, S8 and S9",
    "A8": "what business a party is in is not recorded here",
    "A9": "cash for management cannot use the in-kind path; the others are not recorded here",
    "T2": "whether a body was disinterested is for its minutes to show",
    "M1": "which sites take part in TEAM is not recorded here",
    "X2": "the law of states differs; counsel looks at it for the state of the agreement",
}


def run_rules(facts: LintFacts) -> list[Finding]:
    """Ask every rule, and list what was found in order of what to do."""
    order = list(Severity)
    findings = [
        Finding(
            rule.id,
            found.severity or rule.severity,
            rule.source,
            found.stands_on,
            found.what,
            found.way_out,
            found.clause,
        )
        for rule in RULES
        for found in rule.look(facts)
    ]
    return sorted(findings, key=lambda finding: order.index(finding.severity))
