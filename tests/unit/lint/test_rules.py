"""What the rules find in a bad agreement, and that a good one has no findings."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from agreements.lint.facts import LintFacts
from agreements.lint.rules import NOT_DECIDED, NOTICE, RULES, run_rules

CLAUSES = frozenset(
    {"management-services", "signatures", "no-referrals", "effects-of-ending", "annual-review"}
    | {"quality-safeguards", "patient-choice", "time-records"}
)
OPINION = {"opined_on": "2026-11-01", "assumed_minutes": 60_000, "percentile": 50}
QUALITY = {"title": "Falls", "evidence": "AHRQ 2024", "obp_class": "quality", "use": "incentive"}
COST = QUALITY | {"title": "Cost", "obp_class": "payor_cost", "safeguard": "None below 4 %"}
SAVINGS = [{"kind": "savings", "label": "Implants"}]
BEGUN = date(2027, 1, 11)
CONCLUSIONS = re.compile(
    r"violat|illegal|unlawful|compliant|\blegal\b(?! advice)|complies|permitted|prohibited", re.I
)


def terms(*definitions, **changes):
    agreed = [{"definition": each, "weight": 60} for each in definitions or (QUALITY,)]
    period = {"start": "2027-01-01", "end": "2028-01-01"}
    given = {"period": period, "opinion": OPINION, "indicators": agreed}
    return {**given, "early_end": {"incentive": "none"}, **changes}


GOOD = LintFacts(
    today=date(2026, 12, 1),
    begins_on=date(2027, 1, 1),
    ends_on=date(2030, 1, 1),
    clauses=CLAUSES,
    terms=terms(),
    memo_on=date(2026, 11, 2),
)
BAD = {
    "no services": ({"clauses": CLAUSES - {"management-services"}}, "S1 BLOCK"),
    "no place to sign": ({"clauses": CLAUSES - {"signatures"}}, "S1 BLOCK"),
    "10 days unsigned": ({"today": BEGUN, "terms": terms(indicators=[])}, "S2 WARN"),
    "60 days unsigned": ({"today": date(2027, 3, 2)}, "S2 HOLD, A3 HOLD"),
    "91 days unsigned": ({"today": date(2027, 4, 2)}, "S2 BLOCK, A3 HOLD"),
    "begun unsigned": ({"today": BEGUN}, "A3 HOLD, S2 WARN"),
    "no baseline": ({"term_gaps": ("A baseline is missing.",)}, "S4 BLOCK"),
    "above the opinion": ({"pay_gaps": ("$2.00 is above $1.00.",)}, "S6 BLOCK"),
    "opinion too late": (
        {"terms": terms(opinion=OPINION | {"opined_on": "2027-01-02"})},
        "S6 HOLD",
    ),
    "no memo": ({"memo_on": None}, "S7 HOLD"),
    "end unsaid": ({"terms": {k: v for k, v in terms().items() if k != "early_end"}}, "S4 HOLD"),
    "volume": ({"terms": terms(QUALITY | {"use": "monitor_only"})}, "S8 BLOCK"),
    "short term": ({"ends_on": date(2027, 12, 31)}, "S9 BLOCK"),
    "referrals": ({"clauses": CLAUSES - {"no-referrals"}}, "S10 HOLD"),
    "no end": ({"clauses": CLAUSES - {"effects-of-ending"}}, "S11 WARN"),
    "no evidence": ({"terms": terms(QUALITY | {"evidence": " "})}, "A2 BLOCK"),
    "satisfaction": ({"terms": terms(QUALITY, QUALITY | {"obp_class": "satisfaction"})}, "A4 HOLD"),
    "savings": ({"terms": terms(components=SAVINGS)}, "A4 HOLD, C2 HOLD"),
    "no review": ({"clauses": CLAUSES - {"annual-review"}}, "A5 WARN"),
    "no correction": ({"clauses": CLAUSES - {"quality-safeguards"}}, "A6 HOLD"),
    "no choice": ({"clauses": CLAUSES - {"patient-choice"}}, "A7 BLOCK"),
    "cost alone": ({"terms": terms(COST)}, "C1 BLOCK"),
    "cost without floor": ({"terms": terms(QUALITY, COST | {"safeguard": ""})}, "C1 HOLD"),
    "bonds": ({"is_bond_financed": True}, "T1 BLOCK"),
    "31 years": (
        {
            "is_bond_financed": True,
            "begins_on": date(2028, 2, 29),
            "ends_on": date(2059, 1, 1),
            "clauses": CLAUSES | {"bond-financed"},
        },
        "T1 BLOCK",
    ),
    "stale": ({"stale": (("F1", "It ends soon.", False),)}, "F1 WARN"),
    "over": ({"stale": (("F1", "It ended.", True),)}, "F1 BLOCK"),
    "hours": ({"stale": (("F2", "9 hours, not 5.", False),)}, "F2 WARN"),
    "silent": ({"terms": terms(opinion={"opined_on": "2026-11-01"})}, "F2 WARN, F3 INFO"),
    "percentile": ({"terms": terms(opinion=OPINION | {"percentile": 75})}, "F3 WARN"),
    "no time": ({"clauses": CLAUSES - {"time-records"}}, "L1 HOLD"),
    "screening": ({"screening_gaps": ("Nobody searched.",)}, "X1 HOLD"),
}


def test_a_good_agreement_has_no_findings():
    assert run_rules(GOOD) == []


@pytest.mark.parametrize("fault", BAD)
def test_each_fault_gives_its_findings_and_no_others(fault):
    changes, expected = BAD[fault]

    found = run_rules(replace(GOOD, **changes))

    assert ", ".join(f"{each.rule} {each.severity}" for each in found) == expected
    assert not CONCLUSIONS.search(" ".join(f"{each.what} {each.way_out}" for each in found))
    assert all(each.source and each.way_out for each in found)


def test_every_rule_is_seen_and_every_rule_of_the_list_is_accounted_for():
    seen = {part.split()[0] for _, expected in BAD.values() for part in expected.split(", ")}
    whole = {f"S{n}" for n in range(1, 18)} | {f"A{n}" for n in range(1, 10)}
    whole |= {"C1", "C2", "T1", "T2", "F1", "F2", "F3", "L1", "M1", "X1", "X2"}

    assert seen == {rule.id for rule in RULES}
    assert seen | NOT_DECIDED.keys() == whole
    assert not seen & NOT_DECIDED.keys()
    assert not CONCLUSIONS.search(NOTICE)


def test_the_readme_holds_the_table_of_rules():
    readme = Path("agreements/lint/README.md").read_text()

    rows = [f"| {r.id} | {r.severity} | {r.asks} | {r.source} |" for r in RULES]
    rows += [f"| {rule} | not decided | {why} | |" for rule, why in NOT_DECIDED.items()]

    assert [line for line in readme.splitlines() if re.match(r"\| [A-Z]\d", line)] == rows
