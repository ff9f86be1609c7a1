"""What the rules find in a bad agreement, and that a good one has no findings."""

import json
import re
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from uuid import UUID

import pytest

from agreements.credentials.freshness import Gap
from agreements.lint.document import earlier_from_document, to_document
from agreements.lint.earlier import HoursPaid, Reached, Stage, YearShown
from agreements.lint.facts import Elsewhere, LintFacts, MemoFacts, Worked
from agreements.lint.gathering import unchanged_goals
from agreements.lint.places import door_of
from agreements.lint.rules import NOT_DECIDED, NOT_SEEN, NOTICE, RULES, run_rules
from agreements.terms.models import MeasurementYear
from comanage.values.canonical import canonical_json
from comanage.values.money import Money

CLAUSES = frozenset(
    {"management-services", "signatures", "no-referrals", "effects-of-ending", "annual-review"}
    | {"quality-safeguards", "patient-choice", "time-records", "other-arrangements"}
)
OPINION = {
    "fixed": "120000.00",
    "incentive": "80000.00",
    "total": "200000.00",
    "basis": "both",
    "opined_on": "2026-11-01",
    "assumed_minutes": 12_000,
    "percentile": 50,
    "hourly_range": {"low": "200.00", "high": "300.00"},
}
SILENT = {each: OPINION[each] for each in ("opined_on", "fixed", "incentive", "total")}
DUTIES = [{"key": "direction", "name": "Direction", "minutes": 12_000, "rate": "300.00"}]
QUALITY = {"title": "Falls", "evidence": "AHRQ 2024", "obp_class": "quality"}
COST = QUALITY | {"title": "Cost", "obp_class": "payor_cost", "safeguard": "None below 4 %"}
SAVINGS = [{"kind": "savings", "label": "Implants"}]
WRVU = {"kind": "wrvu", "label": "Clinic", "payee": None}
SALARY = {
    "kind": "salary",
    "label": "Salary",
    "payee": None,
    "amount": "400000.00",
    "start": "2027-01-01",
    "end": "2028-01-01",
}
EMPLOYED = {"alignment_model": "employment", "service_line": "oncology"}
HEART = {"alignment_model": "co_management", "service_line": "cardiovascular"}
SOMEWHERE = UUID(int=1)
BASELINE = {"numerator": "4", "denominator": "40"}
BEGUN = date(2027, 1, 11)
CONCLUSIONS = re.compile(
    r"violat|illegal|unlawful|compliant|\blegal\b(?! advice)|complies|permitted|prohibited", re.I
)


def terms(*definitions, **changes):
    agreed = [
        {"slug": each["title"].lower(), "definition": each, "weight": 60, "data_source": "EHR"}
        for each in definitions or (QUALITY,)
    ]
    given = {
        "program": {"alignment_model": "co_management", "service_line": "oncology"},
        "period": {"start": "2027-01-01", "end": "2028-01-01"},
        "pay": {"fixed_fee": "60000.00", "incentive_pool": "40000.00"},
        "opinion": OPINION,
        "duties": DUTIES,
        "scope": "unit = 'heart'",
        "early_end": {"incentive": "none"},
        "indicators": agreed,
    }
    return given | changes


def said(obp_class):
    """An indicator whose definition says quality, and of which the parties say another class."""
    return {"definition": QUALITY, "obp_class": obp_class, "weight": 40, "data_source": "EHR"}


def reviewed(falls="less", **more):
    """A year whose review is signed, and how `Falls` did in it."""
    reached = Reached("falls", "Falls", falls.title(), Fraction(1), is_most=falls == "most")
    return YearShown("2026", Stage.REVIEWED, "0" * 64, (reached,), **more)


GOOD = LintFacts(
    today=date(2026, 12, 1),
    begins_on=date(2027, 1, 1),
    ends_on=date(2030, 1, 1),
    clauses=CLAUSES,
    exhibits=frozenset({"Time record"}),
    terms=terms(),
    path="personal_services",
    state="Texas",
    memo=MemoFacts(date(2026, 11, 2), "Casey Rivera"),
    has_outside_member=True,
)
HOURS = HoursPaid("Calls", "Dr. Lee", Money.from_dollars("300.01"), 60, Money.from_dollars("300"))
WIDER = OPINION | {"incentive": "80000.02"}  # so that the total leaves the split open
GOOD_TOO = (
    {"terms": terms(pay={"fixed_fee": "60000.00", "incentive_pool": "0.00"}, components=[SALARY])},
    {"terms": terms(opinion=WIDER, pay={"fixed_fee": "60000.00", "incentive_pool": "40000.01"})},
    {"unchanged_goals": ("falls",), "earlier_years": (reviewed("less"), reviewed("most"))},
    {"unchanged_goals": ("falls",), "earlier_years": (YearShown("2025"), reviewed("less"))},
    {"earlier_years": (reviewed("most"), reviewed("most"))},
    {"earlier_years": (reviewed(worked=10_800, hours=(replace(HOURS, minutes=61),)),)},
    {"earlier_years": (replace(reviewed(hours=(HOURS,), worked=1), stage=Stage.FROZEN),)},
    {"earlier_years": (reviewed(worked=1), reviewed(worked=13_200))},
    {"earlier_years": (reviewed(worked=1),), "worked": (Worked("Q1", 3_000, 3_000),)},
)
BAD = {
    "no services": ({"clauses": CLAUSES - {"management-services"}}, "S1 BLOCK"),
    "no place to sign": ({"clauses": CLAUSES - {"signatures"}}, "S1 BLOCK"),
    "no duties": ({"terms": terms(duties=[])}, "S1 HOLD"),
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
    "more fixed": (
        {"terms": terms(pay={"fixed_fee": "60000.00", "incentive_pool": "39999.99"})},
        "S6 HOLD",
    ),
    "less fixed": (
        {"terms": terms(pay={"fixed_fee": "60000.00", "incentive_pool": "40000.01"})},
        "S6 WARN",
    ),
    "no memo": ({"memo": None}, "S7 HOLD"),
    "end unsaid": ({"terms": {k: v for k, v in terms().items() if k != "early_end"}}, "S4 HOLD"),
    "memo of the payee": (
        {"memo": MemoFacts(date(2026, 11, 2), "Dr. Lee", is_of_physicians=True)},
        "S7 HOLD",
    ),
    "memo too late": ({"memo": MemoFacts(date(2027, 1, 2), "Casey Rivera")}, "S7 HOLD"),
    "memo in words": (
        {"memo": MemoFacts(date(2026, 11, 2), "Casey Rivera", has_paper=False)},
        "S7 WARN",
    ),
    "same duty": ({"elsewhere": Elsewhere(same_duties=(("Direction", "Spine"),))}, "S7 WARN"),
    "same hours": ({"elsewhere": Elsewhere(contracts=(("Director", BEGUN),))}, "S7 WARN"),
    "same duty, of family": ({"families": Elsewhere(same_duties=(("Call", "Spine"),))}, "S7 WARN"),
    "same hours, of family": ({"families": Elsewhere(contracts=(("Director", BEGUN),))}, "S7 WARN"),
    "watched": ({"unpayable": (("Cases", "“Cases” may be watched."),)}, "S8 BLOCK"),
    "volume": ({"terms": terms(QUALITY | {"title": "Growth in elective cases"})}, "S8 HOLD"),
    "short term": ({"ends_on": date(2027, 12, 31)}, "S9 BLOCK"),
    "ended early": (
        {"elsewhere": Elsewhere(barred=(("Heart", BEGUN, date(2027, 6, 1)),))},
        "S9 BLOCK",
    ),
    "no list": ({"clauses": CLAUSES - {"other-arrangements"}}, "S9 HOLD"),
    "unlisted": ({"elsewhere": Elsewhere(unlisted=("Spine",))}, "S9 HOLD"),
    "family ended early": (
        {"families": Elsewhere(barred=(("Heart", BEGUN, date(2027, 6, 1)),))},
        "S9 HOLD",
    ),
    "family unlisted": ({"families": Elsewhere(unlisted=("Spine",))}, "S9 HOLD"),
    "amended holdover": (
        {"elsewhere": Elsewhere(amended_holdovers=(("Heart", BEGUN),))},
        "S9 HOLD",
    ),
    "goes on": ({"renewal": "holdover"}, "S9 HOLD"),
    "referrals": ({"clauses": CLAUSES - {"no-referrals"}}, "S10 HOLD"),
    "referrals in other words": ({"rewritten": frozenset({"no-referrals"})}, "S10 HOLD"),
    "choice in other words": ({"rewritten": frozenset({"patient-choice"})}, "A7 HOLD"),
    "end in other words": ({"rewritten": frozenset({"effects-of-ending"})}, "S11 WARN"),
    "review in other words": ({"rewritten": frozenset({"annual-review"})}, "A5 WARN"),
    "no end": ({"clauses": CLAUSES - {"effects-of-ending"}}, "S11 WARN"),
    "no path": ({"path": ""}, "S14 INFO"),
    "value-based": (
        {"path": "value_based", "terms": terms(indicators=[], scope="")},
        "S14 HOLD, S14 HOLD, S14 HOLD, S14 INFO, A9 INFO",
    ),
    "little at risk": (
        {
            "path": "downside_risk",
            "clauses": CLAUSES | {"records"},
            "terms": terms(pay={"fixed_fee": "60000.00", "incentive_pool": "6000.00"}),
        },
        "S6 HOLD, S15 HOLD, S14 INFO, A9 INFO",
    ),
    "a salary not at risk": (
        {
            "path": "downside_risk",
            "clauses": CLAUSES | {"records"},
            "terms": terms(components=[SALARY]),
        },
        "S15 HOLD, S14 INFO, A9 INFO",
    ),
    "open at risk": (
        {
            "path": "downside_risk",
            "clauses": CLAUSES | {"records"},
            "terms": terms(components=[{"kind": "hourly", "label": "Calls"}]),
        },
        "S15 HOLD, S14 INFO, A9 INFO",
    ),
    "employed": (
        {"path": "employment", "terms": terms(program=EMPLOYED, components=[WRVU])},
        "S17 WARN, X2 WARN",
    ),
    "employed for services": ({"terms": terms(program=EMPLOYED)}, "S17 WARN, X2 WARN"),
    "engaged as employees": ({"path": "employment"}, "S17 WARN"),
    "no letter": (
        {"path": "", "terms": terms(program=EMPLOYED), "without_letter": ("Dr. Lee",)},
        "S17 HOLD, X2 WARN, S14 INFO",
    ),
    "no evidence": ({"terms": terms(QUALITY | {"evidence": " "})}, "A2 BLOCK"),
    "satisfaction": ({"terms": terms(QUALITY, QUALITY | {"obp_class": "satisfaction"})}, "A4 HOLD"),
    "said to be operational": (
        {"terms": terms(indicators=[said("quality"), said("operational")])},
        "A4 WARN",
    ),
    "data from nowhere": (
        {"terms": terms(indicators=[said("quality") | {"data_source": ""}])},
        "S4 HOLD",
    ),
    "savings": ({"terms": terms(components=SAVINGS)}, "A4 HOLD, C2 HOLD, X2 WARN"),
    "no review": ({"clauses": CLAUSES - {"annual-review"}}, "A5 WARN"),
    "same goals, all earned": (
        {"unchanged_goals": ("falls",), "earlier_years": (reviewed("most"), reviewed("most"))},
        "A5 WARN",
    ),
    "same goals, unknown": (
        {"unchanged_goals": ("falls",), "earlier_years": (YearShown("2025"), reviewed("most"))},
        "A5 WARN, A6 INFO",
    ),
    "no correction": ({"clauses": CLAUSES - {"quality-safeguards"}}, "A6 HOLD"),
    "years before": ({"earlier_years": (YearShown("2026"),)}, "A6 INFO"),
    "frozen before": (
        {"earlier_years": (replace(reviewed(), stage=Stage.FROZEN, open_until=(BEGUN,)),)},
        "A6 HOLD, A6 INFO",
    ),
    "deficient before": ({"earlier_years": (reviewed(open_until=(BEGUN, BEGUN)),)}, "A6 HOLD"),
    "no choice": ({"clauses": CLAUSES - {"patient-choice"}}, "A7 BLOCK"),
    "cost alone": ({"terms": terms(COST)}, "C1 BLOCK"),
    "said to be cost": (
        {"terms": terms(indicators=[said("payor_cost")])},
        "C1 BLOCK, C1 HOLD",
    ),
    "cost without floor": ({"terms": terms(QUALITY, COST | {"safeguard": ""})}, "C1 HOLD"),
    "bonds": ({"is_bond_financed": True}, "T1 BLOCK, T1 BLOCK"),
    "31 years": (
        {
            "is_bond_financed": True,
            "begins_on": date(2028, 2, 29),
            "ends_on": date(2059, 1, 1),
            "clauses": CLAUSES | {"bond-financed", "reserved-powers"},
        },
        "T1 BLOCK",
    ),
    "among themselves": ({"has_outside_member": False}, "T2 WARN"),
    "undisclosed": ({"undisclosed": ("Dr. Lee",)}, "T2 WARN"),
    "no paper": ({"has_opinion_paper": False}, "F1 HOLD"),
    "no basis": ({"terms": terms(opinion=OPINION | {"basis": ""})}, "F1 WARN"),
    "stale": ({"stale": (("F1", "It ends soon.", False),)}, "F1 WARN"),
    "over": ({"stale": (("F1", "It ended.", True),)}, "F1 BLOCK"),
    "hours": ({"stale": (("F2", "9 hours, not 5.", False),)}, "F2 WARN"),
    "a tenth more": (
        {"worked": (Worked("Q1", 3_301, 3_000), Worked("Q2", 3_300, 3_000))},
        "F2 WARN",
    ),
    "a tenth less before": ({"earlier_years": (reviewed(worked=10_799),)}, "F2 WARN"),
    "a dear hour paid": ({"earlier_years": (reviewed(hours=(HOURS,)),)}, "F2 HOLD"),
    "a dear hour": (
        {"terms": terms(duties=[DUTIES[0] | {"minutes": 11_999}])},
        "F2 HOLD, F2 HOLD",  # and so the duties come to less than the fee
    ),
    "a dear duty": (
        {
            "terms": terms(
                duties=[
                    DUTIES[0] | {"minutes": 6_000, "rate": "400.00"},
                    DUTIES[0] | {"minutes": 6_000, "rate": "200.00"},
                ]
            )
        },
        "F2 HOLD",
    ),
    "silent": ({"terms": terms(opinion=SILENT)}, "F1 WARN, F2 WARN, F3 INFO"),
    "percentile": ({"terms": terms(opinion=OPINION | {"percentile": 75})}, "F3 WARN"),
    "no time": ({"clauses": CLAUSES - {"time-records"}}, "L1 HOLD"),
    "no form": ({"exhibits": frozenset({"Duties"})}, "L1 HOLD"),
    "waiting work": ({"undecided_sheets": 1}, "L1 WARN"),
    "paid twice": (
        {"terms": terms(QUALITY, COST, program=HEART)},
        "M1 INFO",
    ),
    "paid twice, spine": (
        {"terms": terms(QUALITY, COST, program=HEART | {"service_line": "neuroscience"})},
        "M1 INFO",
    ),
    "excluded": ({"screening_gaps": (Gap("Found.", "Ask.", is_match=True),)}, "X1 BLOCK"),
    "screening": ({"screening_gaps": (Gap("Nobody searched.", "Search."),)}, "X1 HOLD"),
    "lapsed": ({"lapsed": ("Dr. Lee",)}, "X1 HOLD"),
    "unlicensed": ({"unlicensed": ("Dr. Lee",)}, "X1 WARN"),
}


def test_a_good_agreement_has_no_findings():
    assert run_rules(GOOD) == []
    for changes in GOOD_TOO:
        told = [(each.rule, each.severity) for each in run_rules(replace(GOOD, **changes))]
        assert [each for each in told if each != ("A6", "INFO")] == []


@pytest.mark.parametrize(
    ("ended_on", "said"), [(BEGUN, "ended on"), (date(2027, 1, 12), "ends on")]
)
def test_a_contract_whose_end_lies_ahead_is_not_said_to_have_ended(ended_on, said):
    elsewhere = Elsewhere(barred=(("Heart", ended_on, date(2027, 6, 1)),))
    told = run_rules(replace(GOOD, today=BEGUN, elsewhere=elsewhere))

    assert [said in each.what for each in told if each.rule == "S9"] == [True]


def test_what_nobody_reviewed_is_not_known():
    changes, _ = BAD["same goals, unknown"]

    told = [each.what for each in run_rules(replace(GOOD, **changes))]

    assert [each.split(" in 2025.")[0] for each in told] == [
        "Not known: whether it earned all that it can",
        "Not known: whether there are deficiencies",
    ]


def test_goals_stay_the_same_where_neither_tiers_nor_a_plan_nor_a_baseline_changed():
    def agreed(**changes):
        plan = {"indicators": [{"slug": "falls", "points": changes.pop("points", 10)}]}
        indicator = {"slug": "falls", "tiers": [], "baseline": BASELINE} | changes
        return {"indicators": [indicator], "scoring_plan": plan, "period": {"start": "2027-01-01"}}

    def before(*years):
        return [
            MeasurementYear(
                tenant_id=SOMEWHERE,
                starts_on=date(number, 1, 1),
                ends_on=date(number + 1, 1, 1),
                terms=terms,
                status=state,
            )
            for number, (terms, state) in enumerate(years, start=2025)
        ]

    signed = (agreed(), "closed")
    assert unchanged_goals(agreed(), before(signed, signed)) == ("falls",)
    for other in (
        (agreed(points=9), "closed"),
        (agreed(tiers=[{"goal": "1"}]), "closed"),
        (agreed(baseline=BASELINE | {"numerator": "5"}), "closed"),
        (agreed(), "draft"),
    ):
        assert unchanged_goals(agreed(), before(signed, other)) == ()


def test_what_earlier_years_showed_is_kept_with_the_findings():
    years = (
        YearShown("2025"),
        reviewed("most", hours=(HOURS,), worked=60, open_until=(BEGUN,)),
        replace(reviewed(), reached=(Reached("falls", "Falls", "", None, is_most=False),)),
    )
    kept = to_document([], number=1, sha256="0" * 64, today=BEGUN, earlier=years)

    assert tuple(earlier_from_document(json.loads(canonical_json(kept)))) == years
    assert earlier_from_document({"findings": []}) == []  # kept before years were told


@pytest.mark.parametrize("fault", BAD)
def test_each_fault_gives_its_findings_and_no_others(fault):
    changes, expected = BAD[fault]

    found = run_rules(replace(GOOD, **changes))

    assert ", ".join(f"{each.rule} {each.severity}" for each in found) == expected
    assert not CONCLUSIONS.search(" ".join(f"{each.what} {each.way_out}" for each in found))
    assert all(each.source and each.way_out and door_of(each) for each in found)


def test_every_rule_is_seen_and_every_rule_of_the_list_is_accounted_for():
    found = {
        rule.look
        for rule in RULES
        for changes, _ in BAD.values()
        if list(rule.look(replace(GOOD, **changes)))
    }
    seen = {part.split()[0] for _, expected in BAD.values() for part in expected.split(", ")}
    whole = {f"S{n}" for n in range(1, 18)} | {f"A{n}" for n in range(1, 10)}
    whole |= {"C1", "C2", "T1", "T2", "F1", "F2", "F3", "L1", "M1", "X1", "X2"}

    assert seen == {rule.id for rule in RULES}
    assert found == {rule.look for rule in RULES}
    assert seen | NOT_DECIDED.keys() == whole
    assert not seen & NOT_DECIDED.keys()
    assert NOT_SEEN.keys() <= seen
    assert not CONCLUSIONS.search(NOTICE)


def test_the_readme_holds_the_table_of_rules():
    readme = Path("agreements/lint/README.md").read_text()

    rows = [f"| {r.id} | {r.severity} | {r.asks} | {r.source} |" for r in RULES]
    rows += [f"| {rule} | not seen | {what} | |" for rule, what in NOT_SEEN.items()]
    rows += [f"| {rule} | not decided | {why} | |" for rule, why in NOT_DECIDED.items()]

    assert [line for line in readme.splitlines() if re.match(r"\| [A-Z]\d", line)] == rows
