"""The table of the rules, and how they are asked. Pure.

A finding says what was found and what would satisfy the rule. It draws no legal conclusion.

Source:
    DOMAIN 3 for the list; the regulation and paragraph stand with each rule.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from agreements.lint import kickback, safeguards, stark, worth
from agreements.lint.facts import Found, LintFacts, Severity
from comanage.values.period import day_text

RULES_DATED = date(2026, 11, 28)
NOTICE = (
    f"These rules are dated {day_text(RULES_DATED)}. They compare what is written and on file with "
    f"what a rule asks for. This is not legal advice, and whether the law is met is for counsel of "
    f"each party to say."
)


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
_PSA, _SET, _FMV = "42 CFR 411.357(d)(1)", "42 CFR 411.354(d)(1)", "42 CFR 411.351"
_OBP = "42 CFR 1001.952(d)"
_BODY = "26 CFR 53.4958-6"  # who approves pay, so that it is presumed to be reasonable
_ALERT = "OIG Fraud Alert of 9 June 2015"

RULES = (
    Rule("S1", _B, "services named, place to sign", f"{_PSA}(i)", stark.services_and_signatures),
    Rule("S1", _H, "duties listed", f"{_PSA}(i)", stark.duties_are_listed),
    Rule("S2", _W, "signed within 90 days", "42 CFR 411.354(e)(4)", stark.days_without_signature),
    Rule("S4", _B, "pay set in advance, in detail", f"{_SET}(i)", stark.terms_in_detail),
    Rule("S6", _B, "pay within the opinion", _FMV, worth.pay_within_opinion),
    Rule("S6", _H, "opinion before the term", _FMV, worth.opinion_before_the_term),
    Rule("S6", _H, "split as in the opinion", _FMV, worth.split_as_in_the_opinion),
    Rule("S7", _H, "memo on reasonableness, approved", _FMV, stark.reasonableness_on_file),
    Rule("S7", _W, "no duty paid for twice", _FMV, stark.nothing_paid_twice),
    Rule(
        "S8",
        _B,
        "no pay for volume or value",
        "42 CFR 411.354(d)(5)",
        stark.nothing_watched_is_paid,
    ),
    Rule(
        "S8",
        _H,
        "no name of volume or money",
        "42 CFR 411.354(d)(5)",
        stark.no_name_speaks_of_volume,
    ),
    Rule("S9", _B, "a term of a year", f"{_PSA}(iv)", stark.term_of_a_year),
    Rule("S9", _B, "nothing same ended early", f"{_PSA}(iv)", stark.nothing_similar_ended_early),
    Rule("S9", _H, "every contract listed", f"{_PSA}(ii)", stark.all_agreements_listed),
    Rule("S9", _H, "held over as it was", f"{_PSA}(vii)", stark.held_over_unchanged),
    Rule("S10", _H, "no required referrals", "42 CFR 411.354(d)(4)", stark.referrals_left_free),
    Rule("S11", _W, "reconciled at the end", "42 CFR 411.353(h)", stark.reconciliation_at_the_end),
    Rule("S14", _H, "value-based writing", "42 CFR 411.357(aa)(3)", stark.value_based_writing),
    Rule("S15", _H, "a tenth at risk", "42 CFR 411.357(aa)(2)", stark.a_tenth_at_risk),
    Rule("S17", _W, "personally performed work", "42 CFR 411.357(c)", stark.personally_performed),
    Rule("S17", _W, "a path that fits the model", "42 CFR 411.357(c)", stark.path_fits_the_model),
    Rule(
        "S17", _H, "employees' own contracts", "42 CFR 411.357(c)(1)", stark.letters_of_employment
    ),
    Rule("A2", _B, "evidence cited", f"{_OBP}(2)", kickback.evidence_of_each_indicator),
    Rule("A3", _H, "signed at commencement", f"{_OBP}(2)(iii)", kickback.signed_at_commencement),
    Rule("A4", _H, "pay for outcomes alone", f"{_OBP}(3)(iii)", kickback.pay_outside_outcomes),
    Rule("A5", _W, "looked at every year", f"{_OBP}(2)(vii)", kickback.yearly_review),
    Rule("A5", _W, "goals revised", f"{_OBP}(2)(vii)", kickback.goals_are_revised),
    Rule("A6", _H, "deficiencies corrected", f"{_OBP}(2)(viii)", kickback.quality_is_corrected),
    Rule(
        "A6",
        _H,
        "none open from before",
        f"{_OBP}(2)(viii)",
        kickback.deficiencies_of_earlier_years,
    ),
    Rule("A7", _B, "judgement left free", f"{_OBP}(2)(iv)", kickback.judgement_left_free),
    Rule(
        "A9", _I, "cash on a value-based path", "42 CFR 1001.952(ee) to (gg)", kickback.paid_in_cash
    ),
    Rule(
        "C1", _B, "cost balanced by quality", "42 U.S.C. 1320a-7a(b)", safeguards.costs_are_balanced
    ),
    Rule(
        "C2", _H, "savings written down", "42 CFR 510.500 (a model)", safeguards.savings_are_written
    ),
    Rule("T1", _B, "bond-financed space", "Rev. Proc. 2017-13", safeguards.bond_financed_space),
    Rule(
        "T2",
        _W,
        "eyes beyond the paid group",
        f"{_BODY}(a)(1); OIG Advisory Opinion 12-22",
        safeguards.committee_beyond_the_group,
    ),
    Rule("T2", _W, "interests disclosed", f"{_BODY}(c)(1)(iii)", safeguards.interests_disclosed),
    Rule("F1", _H, "opinion on file", f"{_FMV}; valuators' practice", worth.opinion_is_on_file),
    Rule("F1", _W, "opinion still fresh", f"{_FMV}; valuators' practice", worth.opinion_is_fresh),
    Rule("F2", _W, "hours as assumed", f"{_FMV}; valuators' practice", worth.hours_as_assumed),
    Rule("F2", _H, "an hour within its range", _FMV, worth.hour_within_its_range),
    Rule("F2", _H, "a fee as its duties make it", _FMV, worth.fee_as_built_up),
    Rule("F2", _H, "an hour paid within its range", _FMV, worth.hours_that_were_paid),
    Rule("F3", _I, "percentile and approval", "valuators' practice", worth.percentile_known),
    Rule("L1", _H, "time recorded before pay", _ALERT, safeguards.time_is_recorded),
    Rule("L1", _W, "work approved before pay", _ALERT, safeguards.work_is_approved),
    Rule(
        "M1",
        _I,
        "a saving paid for once",
        "42 CFR 512.525 and 512.565 (TEAM)",
        safeguards.savings_paid_once,
    ),
    Rule("X1", _H, "people looked up", "42 CFR 1001.1901(b)", safeguards.people_are_screened),
    Rule(
        "X1",
        _H,
        "people licensed",
        "law of the states that license",
        safeguards.people_are_licensed,
    ),
    Rule(
        "X2",
        _W,
        "the state's own law",
        "law of the state that governs",
        safeguards.law_of_the_state,
    ),
)

NOT_DECIDED = {
    "S3": "which papers make up the writing is for counsel; what is filed keeps the day it came",
    "S5": "nothing to find: the register refuses an amendment that does not lie ahead of its "
    "signature, and the database refuses a change of signed terms",
    "S12": "whether a lapse was outside a party's control is no matter of data",
    "S13": "small payments outside agreements are not recorded here",
    "S16": "financial risk from a payor is not recorded here",
    "A1": "its parts are S1, S4, S6, S8 and S9",
    "A8": "who pays is always this hospital; whose money stands behind it is not recorded here",
}

# What the rule asks besides, and nobody records here.
NOT_SEEN = {
    "T1": "how long the space is of use, and who sits on both boards",
    "F1": "a change in the market, before a new opinion says so",
    "X1": "whether physicians are enrolled in Medicare",
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
