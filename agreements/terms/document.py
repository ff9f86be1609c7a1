"""The terms of a year as one document: what is hashed at lock, and what everything else reads.

All amounts are dollars as text, all rates exact text, so that the document hashes the same
on every machine.
"""

from fractions import Fraction
from typing import Any

from agreements.terms.models import AgreedIndicator, MeasurementYear
from comanage.values.rounding import exact_text

SCHEMA = "comanage.terms/1"


def terms_document(year: MeasurementYear) -> dict[str, Any]:
    """Gather the year's terms; five queries."""
    program, opinion = year.program, year.opinion
    return {
        "schema": SCHEMA,
        "program": {
            "id": str(program.pk),
            "name": program.name,
            "service_line": program.service_line,
            "alignment_model": program.alignment_model,
            "group": program.group.name,
        },
        "period": {"start": year.starts_on.isoformat(), "end": year.ends_on.isoformat()},
        "signed_on": year.signed_on.isoformat() if year.signed_on else None,
        "opinion": {
            "id": str(opinion.pk),
            "valuator": opinion.valuator,
            "opined_on": opinion.opined_on.isoformat(),
            "valid_from": opinion.valid_from.isoformat(),
            "valid_until": opinion.valid_until.isoformat(),
            "fixed": opinion.fixed.dollars_text,
            "incentive": opinion.incentive.dollars_text,
            "total": opinion.total.dollars_text,
        },
        "pay": {
            "fixed_fee": year.fixed_fee.dollars_text,
            "incentive_pool": year.incentive_pool.dollars_text,
        },
        "scope": year.scope,
        "missing_rule": year.missing_rule,
        "participants": [
            {
                "npi": participant.physician.npi,
                "name": participant.physician.name,
                "joined_on": participant.joined_on.isoformat(),
                "left_on": participant.left_on.isoformat() if participant.left_on else None,
            }
            for participant in program.participants.select_related("physician")
        ],
        "indicators": [
            _indicator(agreed)
            for agreed in year.indicators.select_related("version__indicator").prefetch_related(
                "tiers"
            )
        ],
    }


def _indicator(agreed: AgreedIndicator) -> dict[str, Any]:
    return {
        "slug": agreed.version.indicator.slug,
        "version": agreed.version.number,
        "definition": agreed.version.document,
        "definition_sha256": agreed.version.sha256,
        "weight": agreed.weight,
        "minimum_cases": agreed.minimum_cases,
        "compare_places": agreed.compare_places,
        "baseline": {
            "numerator": exact_text(Fraction(agreed.baseline_numerator)),
            "denominator": exact_text(Fraction(agreed.baseline_denominator)),
            "source": agreed.baseline_source,
        },
        "tiers": [
            {
                "name": tier.name,
                "goal": exact_text(Fraction(tier.goal)),
                "share": exact_text(Fraction(tier.share)),
            }
            for tier in agreed.tiers.all()
        ],
    }
