"""The indicators of the bench, as definition documents: 15 usual ones and 3 hard ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from indicators.bench.layout import COLUMNS, code_of
from indicators.measure.definition import Definition

SSI_PROCEDURES = tuple(code_of("P", number) for number in range(1, 41))

PROPORTIONS: Mapping[str, Mapping[str, str]] = {
    "first-case-on-time": {
        "initial_population": "service_line in ('L0000', 'L0001', 'L0002', 'L0003')",
        "denominator": (
            "first_case = true and case_class = 'C0000' and minute_of_day(scheduled_at) < 720"
        ),
        "denominator_exclusion": "cancelled = true",
        "numerator": "minutes_between(scheduled_at, wheels_in_at) <= 5",
        "denominator_exception": "delay_reason in ('E0001', 'E0004')",
    },
    "antibiotic-in-time": {
        "denominator": "antibiotic_indicated = true and incision_at is not null",
        "denominator_exclusion": "antibiotic in ('B0020', 'B0021')",
        "numerator": "minutes_between(antibiotic_at, incision_at) between 0 and 60",
    },
    "readmission": {
        "denominator": "discharge_disposition not in ('T0018', 'T0019') and died = false",
        "denominator_exclusion": "planned_readmission = true",
        "numerator": "readmitted = true",
    },
    "mortality": {
        "denominator": "age >= 18 and admission_type <> 'A0004'",
        "denominator_exclusion": "discharge_disposition = 'T0017'",
        "numerator": "died = true",
    },
    "vte-prophylaxis": {
        "denominator": "age >= 18 and minutes_between(wheels_in_at, wheels_out_at) >= 45",
        "denominator_exclusion": "vte_method = 'V0007'",
        "numerator": "vte_prophylaxis = true",
    },
    "return-to-or": {
        "denominator": "wheels_out_at is not null and cancelled = false",
        "denominator_exclusion": "complication in ('O0030', 'O0031', 'O0032')",
        "numerator": "returned_to_or = true",
    },
    "checklist-and-consent": {
        "denominator": "cancelled = false and incision_at is not null",
        "numerator": "checklist_done = true and consent_signed = true",
    },
    "discharge-before-noon": {
        "denominator": "discharge_disposition in ('T0000', 'T0001', 'T0005') and died = false",
        "numerator": "minute_of_day(discharged_at) < 720",
    },
    "surgical-site-infection": {
        "denominator": f"procedure in {SSI_PROCEDURES!r}",
        "denominator_exclusion": "wound_class = 'W0003'",
        "numerator": "infection is not null",
    },
}
SUMS: Mapping[str, Mapping[str, str]] = {
    "block-use": {
        "scoring": "ratio",
        "denominator": "case_class = 'C0000'",
        "numerator_observation": "minutes_between(wheels_in_at, wheels_out_at)",
        "denominator_observation": "allocated_minutes",
    },
    "implant-to-supply-cost": {
        "scoring": "ratio",
        "denominator": "service_line in ('L0000', 'L0001')",
        "numerator_observation": "implant_cents",
        "denominator_observation": "supply_cents",
    },
    "mean-stay": {
        "scoring": "mean",
        "denominator": "admission_type in ('A0000', 'A0001')",
        "denominator_exclusion": "died = true",
        "observation": "stay_hours",
    },
    "mortality-observed-expected": {
        "scoring": "observed_over_expected",
        "denominator": "age >= 18",
        "denominator_exclusion": "discharge_disposition = 'T0017'",
        "numerator": "died = true",
        "expected": "expected_mortality_ppm / 1000000",
    },
}
MEDIANS: Mapping[str, Mapping[str, str]] = {
    "turnover": {
        "scoring": "median",
        "denominator": "case_class in ('C0000', 'C0001') and cancelled = false",
        "observation": "turnover_minutes",
    },
    "wheels-in-to-incision": {
        "scoring": "median",
        "denominator": "cancelled = false",
        "observation": "minutes_between(wheels_in_at, incision_at)",
    },
}
# What the usual workload flatters: another case has to be found; values have no known range.
HARD: Mapping[str, Mapping[str, str]] = {
    "readmission-looked-up": {
        "denominator": "discharge_disposition not in ('T0018', 'T0019') and died = false",
        "numerator": (
            "followed_within(30, patient_key, date_of(discharged_at), date_of(admitted_at))"
        ),
    },
    "median-supply-cost": {
        "scoring": "median",
        "denominator": "service_line in ('L0000', 'L0001')",
        "observation": "supply_cents",
    },
    "median-stay-minutes": {
        "scoring": "median",
        "denominator": "died = false",
        "observation": "minutes_between(admitted_at, discharged_at)",
    },
}
USUAL: Mapping[str, Mapping[str, str]] = {**PROPORTIONS, **SUMS, **MEDIANS}


def definitions(*, with_hard: bool = False) -> tuple[Definition, ...]:
    """Return the 15 usual indicators, in a fixed order; with the 3 hard ones behind them."""
    chosen = {**USUAL, **HARD} if with_hard else USUAL
    return tuple(Definition.from_document(_document(slug, chosen[slug])) for slug in chosen)


def _document(slug: str, populations: Mapping[str, str]) -> dict[str, Any]:
    columns = [{"name": column.name, "type": column.type.value} for column in COLUMNS]
    head = {"slug": slug, "title": slug, "improvement": "increase", "unit": "cases"}
    return {"scoring": "proportion", **head, "columns": columns, **populations}
