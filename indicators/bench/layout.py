"""The columns of the bench's case table: about sixty, of which the indicators need thirty."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.measure.columns import Column, ColumnType

SHARED_CODES = 0  # the list is as long as `Shape.codes` says


@dataclass(frozen=True, slots=True)
class CodeList:
    """A column of codes.

    Attributes:
        name: of the column.
        prefix: what every code begins with; a number of four digits follows.
        length: how many codes there are; 0 for as many as the shape says.
        missing: share of cases without a code, in percent.
    """

    name: str
    prefix: str
    length: int
    missing: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A column of whole numbers from `low` to `high`, a share of them missing (percent)."""

    name: str
    low: int
    high: int
    missing: int


@dataclass(frozen=True, slots=True)
class Flag:
    """A column of yes and no: percent of yes, percent missing."""

    name: str
    yes: int
    missing: int


CODE_LISTS = (
    CodeList("procedure", "P", SHARED_CODES, 1),
    CodeList("diagnosis", "D", SHARED_CODES, 2),
    CodeList("drg", "G", 60, 3),
    CodeList("service_line", "L", 6, 0),
    CodeList("case_class", "C", 3, 1),
    CodeList("discharge_disposition", "T", 20, 2),
    CodeList("admission_source", "S", 9, 5),
    CodeList("admission_type", "A", 5, 1),
    CodeList("payer", "Y", 12, 4),
    CodeList("unit", "U", 30, 2),
    CodeList("room", "R", 24, 1),
    CodeList("anesthesia", "N", 6, 5),
    CodeList("asa_class", "K", 6, 8),
    CodeList("wound_class", "W", 4, 10),
    CodeList("delay_reason", "E", 30, 80),
    CodeList("cancel_reason", "X", 20, 95),
    CodeList("complication", "O", 40, 90),
    CodeList("infection", "F", 8, 95),
    CodeList("antibiotic", "B", 25, 25),
    CodeList("vte_method", "V", 8, 30),
    CodeList("implant_vendor", "I", 20, 60),
    CodeList("position", "Q", 7, 15),
    CodeList("laterality", "H", 3, 40),
    CodeList("region", "Z", 50, 6),
    CodeList("sex", "M", 3, 1),
    CodeList("language", "J", 40, 20),
    CodeList("referral", "EX", 35, 50),
)
FLAGS = (
    Flag("first_case", 22, 2),
    Flag("cancelled", 3, 1),
    Flag("antibiotic_indicated", 70, 4),
    Flag("readmitted", 8, 3),
    Flag("planned_readmission", 2, 10),
    Flag("died", 2, 1),
    Flag("vte_prophylaxis", 88, 5),
    Flag("returned_to_or", 3, 2),
    Flag("checklist_done", 97, 3),
    Flag("consent_signed", 98, 3),
)
AMOUNTS = (
    Amount("age", 0, 99, 1),
    Amount("turnover_minutes", 5, 180, 15),
    Amount("allocated_minutes", 30, 720, 10),
    Amount("supply_cents", 1_000, 2_500_000, 3),
    Amount("implant_cents", 0, 9_000_000, 45),
    Amount("stay_hours", 4, 900, 2),
    Amount("expected_mortality_ppm", 200, 300_000, 4),
    Amount("expected_stay_hours", 12, 400, 4),
    Amount("blood_loss_ml", 0, 3_000, 35),
    Amount("bmi_tenths", 140, 600, 12),
)
MOMENTS = (
    *("admitted_at", "scheduled_at", "wheels_in_at", "antibiotic_at", "incision_at"),
    *("closure_at", "wheels_out_at", "pacu_out_at", "discharged_at"),
)
KEYS = ("case_key", "upload_key", "patient_key", "physician")
PERIOD_COLUMN = "discharged_at"
STRATUM_COLUMN = "physician"

COLUMNS = (
    *(Column(name, ColumnType.CODE) for name in KEYS),
    *(Column(codes.name, ColumnType.CODE) for codes in CODE_LISTS),
    *(Column(flag.name, ColumnType.FLAG) for flag in FLAGS),
    *(Column(name, ColumnType.MOMENT) for name in MOMENTS),
    *(Column(amount.name, ColumnType.WHOLE) for amount in AMOUNTS),
)


def code_of(prefix: str, number: int) -> str:
    """Write a code of a list, such as P0007."""
    return f"{prefix}{number:04d}"
