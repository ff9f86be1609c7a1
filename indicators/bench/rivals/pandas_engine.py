"""Plain pandas: one mask an indicator, one group-by an indicator and period."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from indicators.bench.cells import Frame, Whole
from indicators.bench.generator import FIRST_YEAR
from indicators.bench.indicators import SSI_PROCEDURES
from indicators.bench.layout import PERIOD_COLUMN, STRATUM_COLUMN

MONTHS_A_YEAR = 12
NEEDED = (
    *(STRATUM_COLUMN, "service_line", "first_case", "case_class", "scheduled_at", "wheels_in_at"),
    *("cancelled", "delay_reason", "antibiotic_indicated", "incision_at", "antibiotic"),
    *("antibiotic_at", "discharge_disposition", "died", "planned_readmission", "readmitted"),
    *("age", "admission_type", "wheels_out_at", "vte_method", "vte_prophylaxis", "complication"),
    *("returned_to_or", "checklist_done", "consent_signed", "discharged_at", "procedure"),
    *("wound_class", "infection", "allocated_minutes", "implant_cents", "supply_cents"),
    *("stay_hours", "expected_mortality_ppm", "turnover_minutes"),
)

Mask = Any  # a boolean series; pandas' stubs do not follow comparisons


class Pandas:
    """The way a report is usually written: filter, group, aggregate, next indicator."""

    def __init__(self, frame: Frame) -> None:
        """Remember what is wanted."""
        self._frame = frame

    def run(self, path: Path) -> list[Whole]:
        """Compute all cells of one slice."""
        cases = pd.read_parquet(path, columns=list(NEEDED))
        moment = cases[PERIOD_COLUMN].dt
        month = (moment.year - FIRST_YEAR) * MONTHS_A_YEAR + moment.month - 1
        pairs = [self._sums(cases, month, *_columns_of(pair)) for pair in _counted(cases)]
        pairs += [self._sums(cases, month, *triple) for triple in _summed(cases)]
        rows = np.stack([part for pair in pairs for part in (pair[..., 0], pair[..., 1])])
        return [rows, *(self._medians(cases, month, *pair) for pair in _valued(cases))]

    def _sums(self, cases: pd.DataFrame, month: Any, inside: Mask, above: Any, below: Any) -> Whole:
        chosen = pd.DataFrame(
            {"stratum": cases[STRATUM_COLUMN], "above": above, "below": below, "month": month}
        )[inside]
        return self._by_period(
            chosen,
            lambda part: part.groupby("stratum", observed=True)[["above", "below"]].sum(),
            lambda part: part[["above", "below"]].sum(),
        )

    def _medians(self, cases: pd.DataFrame, month: Any, inside: Mask, value: Any) -> Whole:
        chosen = pd.DataFrame({"stratum": cases[STRATUM_COLUMN], "value": value, "month": month})[
            inside & value.notna()
        ]
        return self._by_period(
            chosen,
            lambda part: _twice(part.groupby("stratum", observed=True)["value"]),
            lambda part: [2 * part["value"].median(), len(part)] if len(part) else [0, 0],
        )

    def _by_period(
        self,
        chosen: pd.DataFrame,
        of_strata: Callable[[pd.DataFrame], pd.DataFrame],
        of_everyone: Callable[[pd.DataFrame], Any],
    ) -> Whole:
        periods = self._frame.periods
        found = np.zeros((len(periods), self._frame.strata, 2), np.int64)
        roster = list(self._frame.shape.roster)
        for number, (first, end) in enumerate(zip(periods.first, periods.end, strict=True)):
            part = chosen[(chosen["month"] >= first) & (chosen["month"] < end)]
            found[number, :-1] = of_strata(part).reindex(roster, fill_value=0).to_numpy()
            found[number, -1] = of_everyone(part)
        return found


def _twice(groups: Any) -> pd.DataFrame:
    return pd.DataFrame({"median": 2 * groups.median(), "count": groups.size()})


def _columns_of(pair: tuple[Mask, Mask]) -> tuple[Mask, Any, Any]:
    eligible, met = pair
    return eligible, (eligible & met).astype("int64"), eligible.astype("int64")


def _yes(flag: Any) -> Mask:
    return flag.fillna(value=False).astype(bool)


def _no(flag: Any) -> Mask:
    return (~flag.astype("boolean")).fillna(value=False).astype(bool)


def _minutes(cases: pd.DataFrame, first: str, second: str) -> Any:
    return (cases[second] - cases[first]).dt.total_seconds() / 60


def _counted(cases: pd.DataFrame) -> list[tuple[Mask, Mask]]:
    """Return for each proportion which cases can meet it, and which of those met it."""
    adult, here = cases["age"] >= 18, cases["discharge_disposition"] != "T0017"
    first_case = (
        cases["service_line"].isin(["L0000", "L0001", "L0002", "L0003"])
        & _yes(cases["first_case"])
        & (cases["case_class"] == "C0000")
        & (cases["scheduled_at"].dt.hour < 12)
        & ~_yes(cases["cancelled"])
    )
    started = _minutes(cases, "scheduled_at", "wheels_in_at") <= 5
    accepted = cases["delay_reason"].isin(["E0001", "E0004"])
    placed = cases["discharge_disposition"]
    left = placed.notna() & ~placed.isin(["T0018", "T0019"]) & _no(cases["died"])
    emergency = cases["admission_type"].isna() | (cases["admission_type"] == "A0004")
    cut, done = cases["incision_at"].notna(), _no(cases["cancelled"])
    before = _minutes(cases, "antibiotic_at", "incision_at")
    in_room = _minutes(cases, "wheels_in_at", "wheels_out_at")
    return [
        (first_case & (started | ~accepted), started),
        (
            _yes(cases["antibiotic_indicated"])
            & cut
            & ~cases["antibiotic"].isin(["B0020", "B0021"]),
            before.between(0, 60),
        ),
        (left & ~_yes(cases["planned_readmission"]), _yes(cases["readmitted"])),
        (adult & ~emergency & here, _yes(cases["died"])),
        (
            adult & (in_room >= 45) & (cases["vte_method"] != "V0007"),
            _yes(cases["vte_prophylaxis"]),
        ),
        (
            cases["wheels_out_at"].notna()
            & done
            & ~cases["complication"].isin(["O0030", "O0031", "O0032"]),
            _yes(cases["returned_to_or"]),
        ),
        (done & cut, _yes(cases["checklist_done"]) & _yes(cases["consent_signed"])),
        (
            placed.isin(["T0000", "T0001", "T0005"]) & _no(cases["died"]),
            cases["discharged_at"].dt.hour < 12,
        ),
        (
            cases["procedure"].isin(SSI_PROCEDURES) & (cases["wound_class"] != "W0003"),
            cases["infection"].notna(),
        ),
    ]


def _summed(cases: pd.DataFrame) -> list[tuple[Mask, Any, Any]]:
    """Return for each pair of sums the cases inside and what they add."""
    in_room, allocated = (
        _minutes(cases, "wheels_in_at", "wheels_out_at"),
        cases["allocated_minutes"],
    )
    implants, supplies = cases["implant_cents"], cases["supply_cents"]
    expected, stay = cases["expected_mortality_ppm"], cases["stay_hours"]
    return [
        (
            (cases["case_class"] == "C0000") & in_room.notna() & allocated.notna(),
            in_room,
            allocated,
        ),
        (
            cases["service_line"].isin(["L0000", "L0001"]) & implants.notna() & supplies.notna(),
            implants,
            supplies,
        ),
        (
            cases["admission_type"].isin(["A0000", "A0001"]) & ~_yes(cases["died"]) & stay.notna(),
            stay,
            1,
        ),
        (
            (cases["age"] >= 18) & (cases["discharge_disposition"] != "T0017") & expected.notna(),
            _yes(cases["died"]).astype("int64"),
            expected,
        ),
    ]


def _valued(cases: pd.DataFrame) -> list[tuple[Mask, Any]]:
    """Return for each median the cases inside and their value."""
    done = _no(cases["cancelled"])
    return [
        (cases["case_class"].isin(["C0000", "C0001"]) & done, cases["turnover_minutes"]),
        (done, _minutes(cases, "wheels_in_at", "incision_at")),
    ]
