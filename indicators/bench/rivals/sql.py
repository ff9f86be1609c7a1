"""The indicators in SQL, written by hand as an analyst would for DuckDB."""

# ruff: noqa: S608 - every part of these texts is written here; file names are our own
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from indicators.bench.generator import FIRST_YEAR
from indicators.bench.indicators import SSI_PROCEDURES
from indicators.bench.layout import PERIOD_COLUMN, STRATUM_COLUMN

MONTH = f"date_diff('month', date '{FIRST_YEAR}-01-01', {PERIOD_COLUMN})"
_SSI = ", ".join(f"'{code}'" for code in SSI_PROCEDURES)
_IN_ROOM = "date_diff('minute', wheels_in_at, wheels_out_at)"
_NOT_THERE = "(discharge_disposition = 'T0017') is not true"


@dataclass(frozen=True, slots=True)
class Counted:
    """A proportion: which cases can meet it, and which of those met it; null is no."""

    eligible: str
    met: str


@dataclass(frozen=True, slots=True)
class Summed:
    """Two sums over the cases inside; an empty sum counts cases."""

    inside: str
    above: str
    below: str = ""


@dataclass(frozen=True, slots=True)
class Valued:
    """A value of each case inside, for a median."""

    inside: str
    value: str


_FIRST_CASE = (
    "service_line in ('L0000', 'L0001', 'L0002', 'L0003') and first_case"
    " and case_class = 'C0000' and hour(scheduled_at) < 12 and cancelled is not true"
)
_STARTED = "coalesce(date_diff('minute', scheduled_at, wheels_in_at) <= 5, false)"

COUNTED: dict[str, Counted] = {
    "first-case-on-time": Counted(
        f"{_FIRST_CASE} and ({_STARTED} or (delay_reason in ('E0001', 'E0004')) is not true)",
        f"{_FIRST_CASE} and {_STARTED}",
    ),
    "antibiotic-in-time": Counted(
        "antibiotic_indicated and incision_at is not null"
        " and (antibiotic in ('B0020', 'B0021')) is not true",
        "date_diff('minute', antibiotic_at, incision_at) between 0 and 60",
    ),
    "readmission": Counted(
        "discharge_disposition not in ('T0018', 'T0019') and not died"
        " and planned_readmission is not true",
        "readmitted",
    ),
    "mortality": Counted(f"age >= 18 and admission_type <> 'A0004' and {_NOT_THERE}", "died"),
    "vte-prophylaxis": Counted(
        f"age >= 18 and {_IN_ROOM} >= 45 and (vte_method = 'V0007') is not true",
        "vte_prophylaxis",
    ),
    "return-to-or": Counted(
        "wheels_out_at is not null and not cancelled"
        " and (complication in ('O0030', 'O0031', 'O0032')) is not true",
        "returned_to_or",
    ),
    "checklist-and-consent": Counted(
        "not cancelled and incision_at is not null", "checklist_done and consent_signed"
    ),
    "discharge-before-noon": Counted(
        "discharge_disposition in ('T0000', 'T0001', 'T0005') and not died",
        "hour(discharged_at) < 12",
    ),
    "surgical-site-infection": Counted(
        f"procedure in ({_SSI}) and (wound_class = 'W0003') is not true",
        "infection is not null",
    ),
}
SUMMED: dict[str, Summed] = {
    "block-use": Summed(
        f"case_class = 'C0000' and {_IN_ROOM} is not null and allocated_minutes is not null",
        _IN_ROOM,
        "allocated_minutes",
    ),
    "implant-to-supply-cost": Summed(
        "service_line in ('L0000', 'L0001') and implant_cents is not null"
        " and supply_cents is not null",
        "implant_cents",
        "supply_cents",
    ),
    "mean-stay": Summed(
        "admission_type in ('A0000', 'A0001') and died is not true and stay_hours is not null",
        "stay_hours",
    ),
    "mortality-observed-expected": Summed(
        f"age >= 18 and {_NOT_THERE} and expected_mortality_ppm is not null",
        "died::int",
        "expected_mortality_ppm",
    ),
}
VALUED: dict[str, Valued] = {
    "turnover": Valued(
        "case_class in ('C0000', 'C0001') and not cancelled and turnover_minutes is not null",
        "turnover_minutes",
    ),
    "wheels-in-to-incision": Valued(
        "not cancelled and incision_at is not null and wheels_in_at is not null",
        "date_diff('minute', wheels_in_at, incision_at)",
    ),
}
HARD_VALUED: dict[str, Valued] = {
    "median-supply-cost": Valued(
        "service_line in ('L0000', 'L0001') and supply_cents is not null", "supply_cents"
    ),
    "median-stay-minutes": Valued(
        "not died and admitted_at is not null and discharged_at is not null",
        "date_diff('minute', admitted_at, discharged_at)",
    ),
}


def cube_by_masks(paths: Sequence[str]) -> str:
    """Evaluate each criterion in a subquery, then add up booleans: DuckDB's best form here."""
    masks, sums = [], []
    for number, counted in enumerate(COUNTED.values()):
        masks += [f"({counted.eligible}) as e{number}", f"({counted.met}) as m{number}"]
        sums += [f"count_if(e{number} and m{number})", f"count_if(e{number})"]
    for number, summed in enumerate(SUMMED.values()):
        below = f", {summed.below} as b{number}" if summed.below else ""
        masks.append(f"({summed.inside}) as i{number}, {summed.above} as a{number}{below}")
        sums.append(_sum(f"a{number}", f"i{number}"))
        sums.append(_sum(f"b{number}" if summed.below else "", f"i{number}"))
    return (
        f"select filename, month, stratum, {_columns(sums)} from "
        f"(select {_group(paths)}, {', '.join(masks)} from {_source(paths)}) group by all"
    )


def cube_by_filter(paths: Sequence[str]) -> str:
    """Write each aggregate with its whole criterion in a FILTER."""
    sums = []
    for counted in COUNTED.values():
        sums.append(f"count(*) filter (where {counted.eligible} and {counted.met})")
        sums.append(f"count(*) filter (where {counted.eligible})")
    for summed in SUMMED.values():
        sums.append(_sum(summed.above, summed.inside))
        sums.append(_sum(summed.below, summed.inside))
    return f"select {_group(paths)}, {_columns(sums)} from {_source(paths)} group by all"


def values_of(valued: Valued, paths: Sequence[str]) -> str:
    """Count how often each value occurs in each month and stratum."""
    return (
        f"select {_group(paths)}, {valued.value} as value, count(*) as n from {_source(paths)} "
        f"where {valued.inside} group by all"
    )


def look_back(paths: Sequence[str]) -> str:
    """Count the discharges followed by another admission of the same patient in 30 days."""
    inside = COUNTED["readmission"].eligible.split(" and planned_readmission")[0]
    source = f"{_source(paths)[:-1]}, file_row_number = true)"
    return (
        f"with stays as (select {_group(paths)}, patient_key, discharged_at::date as left_on, "
        f"admitted_at::date as came_on, ({inside}) as e0, file_row_number as stay from {source}), "
        f"back as (select distinct one.stay, one.filename from stays one join stays other "
        f"on one.patient_key = other.patient_key and one.filename = other.filename "
        f"and other.stay <> one.stay "
        f"and other.came_on between one.left_on and one.left_on + 30 where one.e0) "
        f"select filename, month, stratum, count(back.stay) as c0, count_if(e0) as c1 "
        f"from stays left join back using (stay, filename) group by all"
    )


def _sum(value: str, inside: str) -> str:
    if not value:
        return f"count(*) filter (where {inside})"
    return f"(sum({value}) filter (where {inside}))::bigint"


def _columns(sums: list[str]) -> str:
    return ", ".join(f"{total} as c{number}" for number, total in enumerate(sums))


def _group(paths: Sequence[str]) -> str:
    name = "filename" if len(paths) > 1 else f"'{paths[0]}' as filename"
    return f"{name}, {MONTH} as month, {STRATUM_COLUMN} as stratum"


def _source(paths: Sequence[str]) -> str:
    listed = ", ".join(f"'{path}'" for path in paths)
    return f"read_parquet([{listed}]{', filename = true' if len(paths) > 1 else ''})"
