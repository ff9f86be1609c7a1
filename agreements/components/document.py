"""A part of the pay as the terms document holds it: exact text, and only the figures it has."""

from typing import Any

from agreements.components.models import PayComponent

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
    return document
