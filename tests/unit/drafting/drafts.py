"""Terms and facts of which an agreement is composed."""

from dataclasses import replace
from datetime import date

from agreements.drafting.facts import AgreementFacts, Draft
from comanage.values.period import Period
from indicators.catalogue import standard_definition

FIXED, POOL = "312000.00", "187000.01"


def indicator(slug: str, weight: int, *goals: tuple[str, str, str]) -> dict:
    definition = standard_definition(slug)
    tiers = [{"name": name, "goal": goal, "share": share} for name, goal, share in goals]
    return {
        "slug": slug,
        "version": 1,
        "definition": definition.to_document(),
        "definition_sha256": definition.sha256,
        "weight": weight,
        "minimum_cases": 20,
        "compare_places": 1,
        "baseline": {
            "numerator": "4",
            "denominator": "40",
            "source": "Last year",
            "period": {"start": "2025-01-01", "end": "2026-01-01"},
            "sha256": "",
            "scope": "",
            "previous": None,
            "rebase_reason": "",
        },
        "tiers": tiers,
        "later_goals": [{"year": 2, "tiers": tiers}],
    }


def terms(model: str = "co_management", **changes) -> dict:
    return {
        "schema": "comanage.terms/1",
        "program": {
            "id": "1",
            "name": "Heart program",
            "service_line": "cardiovascular",
            "alignment_model": model,
            "group": "Heart Group, LLC",
        },
        "period": {"start": "2027-01-01", "end": "2028-01-01"},
        "signed_on": None,
        "opinion": {
            "id": "1",
            "valuator": "Northgate",
            "opined_on": "2026-11-02",
            "valid_from": "2027-01-01",
            "valid_until": "2028-01-01",
            "fixed": "320000.00",
            "incentive": "200000.00",
            "total": "510000.00",
        },
        "pay": {"fixed_fee": FIXED, "incentive_pool": POOL},
        "scope": "",
        "missing_rule": "redistribute",
        "participants": [
            {"npi": "2999999008", "name": "Dr. Ada", "joined_on": "2027-01-01", "left_on": None}
        ],
        "indicators": [
            indicator(
                "readmission-30-day", 60, ("Threshold", "1/10", "1/2"), ("Target", "1/20", "1")
            ),
            indicator("hba1c-measured", 40, ("Threshold", "1/5", "1/2")),
        ],
        **changes,
    }


def draft(given: dict | None = None, **changes) -> Draft:
    facts = AgreementFacts(
        title="Heart agreement",
        term=Period(date(2027, 1, 1), date(2030, 1, 1)),
        hospital="Riverside Hospital, Inc.",
        facility="Riverside Heart Center",
        state="TX",
        is_bond_financed=False,
        renewal="none",
    )
    made = Draft(facts, "Fewer patients back.", 10, given or terms())
    return replace(made, facts=replace(facts, **changes.pop("facts", {})), **changes)
