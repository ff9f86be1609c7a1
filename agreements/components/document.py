"""A part of the pay as the terms document holds it: exact text, and only the figures it has."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

from agreements.components.models import PayComponent
from comanage.values.money import Money
from comanage.values.rounding import exact_text

RATES = ("share_rate", "minimum_rate", "limit_rate")
CAPS = ("month_cap", "quarter_cap", "year_cap")


def component_document(component: PayComponent) -> dict[str, Any]:
    """Write one part down; caps are whole minutes."""
    physician = component.physician
    document: dict[str, Any] = {
        "number": component.number,
        "kind": component.kind,
        "label": component.label,
        "payee": {"npi": physician.npi, "name": physician.name} if physician else None,
        "start": component.starts_on.isoformat(),
        "end": component.ends_on.isoformat(),
    }
    if component.rate is not None:
        caps = {cap: getattr(component, cap) for cap in CAPS}
        document |= {"rate": component.rate.dollars_text, **caps}
    if component.amount is not None:
        document["amount"] = component.amount.dollars_text
    if component.table_year is not None:
        document |= {"table_year": component.table_year, "rungs": component.rungs}
    if component.share_rate is not None:
        document |= _sharing(component)
    return document


def _sharing(component: PayComponent) -> dict[str, Any]:
    return {
        **{name: _rate(getattr(component, name)) for name in RATES},
        "fee": (component.fee or Money(0)).dollars_text,
        "least_points": component.least_points,
    }


def _rate(rate: Decimal | None) -> str | None:
    return None if rate is None else exact_text(Fraction(rate))
