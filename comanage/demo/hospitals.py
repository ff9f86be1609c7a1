"""What the demonstration hospitals agreed. Baselines and goals are illustrative."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from agreements.programs.models import ServiceLine
from comanage.demo.cast import LAKESHORE, RIVERSIDE, Person
from comanage.values.money import Money
from comanage.values.period import Period

DATA = Path(__file__).parent / "data"
YEAR = Period.inclusive(date(2025, 1, 1), date(2025, 12, 31))
SIGNED_ON = date(2024, 12, 18)
OPINED_ON = date(2024, 11, 25)
BASELINE_SOURCE = "Illustrative, as the goals are, for the demonstration"


@dataclass(frozen=True, slots=True)
class Goal:
    """One agreed indicator: baseline, weight, and goals with the shares they earn.

    Attributes:
        later: the goals of the second and the third year, tier by tier; the shares stay.
    """

    slug: str
    weight: int
    baseline: tuple[int, int]
    places: int
    tiers: tuple[tuple[str, str, str], ...]
    later: tuple[tuple[tuple[str, str, str], ...], ...] = ()


@dataclass(frozen=True, slots=True)
class DemoProgram:
    """One program with its year, its money and its data."""

    name: str
    service_line: ServiceLine
    group: str
    objective: str
    scope: str
    fixed_fee: Money
    incentive_pool: Money
    caps: tuple[Money, Money, Money]
    valuator: str
    physicians: tuple[tuple[str, str, str], ...]
    goals: tuple[Goal, ...]
    extract: Path


@dataclass(frozen=True, slots=True)
class Hospital:
    """A hospital system with its people and its program."""

    slug: str
    name: str
    time_zone: str
    people: tuple[Person, ...]
    program: DemoProgram


def _tiers(*goals: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        zip(("Threshold", "Target", "Stretch"), goals, ("50%", "75%", "100%"), strict=True)
    )


CARDIOLOGY = DemoProgram(
    name="Cardiovascular co-management",
    service_line=ServiceLine.CARDIOVASCULAR,
    group="Riverside Heart Physicians, LLC",
    objective="Fewer patients back within 30 days, diabetes looked after during every heart stay, "
    "and no day in hospital longer than it helps.",
    scope="medical_specialty = 'Cardiology'",
    fixed_fee=Money.from_dollars("312000.00"),
    incentive_pool=Money.from_dollars("187000.00"),
    caps=(
        Money.from_dollars("320000.00"),
        Money.from_dollars("190000.00"),
        Money.from_dollars("500000.00"),
    ),
    valuator="Northgate Valuation Partners",
    physicians=(
        ("2999999008", "Dr. Maria Alvarez", "Cardiology"),
        ("2999999016", "Dr. Samuel Cho", "Interventional cardiology"),
        ("2999999024", "Dr. Lena Fischer", "Electrophysiology"),
    ),
    goals=(
        Goal(
            "readmission-30-day",
            40,
            (470, 5200),
            1,
            _tiers("8.5%", "8.0%", "7.5%"),
            later=(_tiers("8.2%", "7.7%", "7.2%"), _tiers("8.0%", "7.5%", "7.0%")),
        ),
        Goal(
            "hba1c-measured",
            35,
            (620, 5200),
            1,
            _tiers("13%", "15%", "18%"),
            later=(_tiers("16%", "19%", "22%"), _tiers("20%", "24%", "28%")),
        ),
        Goal(
            "average-length-of-stay",
            25,
            (19240, 5200),
            2,
            _tiers("3.60", "3.50", "3.40"),
            later=(_tiers("3.55", "3.45", "3.35"), _tiers("3.50", "3.40", "3.30")),
        ),
    ),
    extract=DATA / "stays.csv",
)

ORTHOPAEDICS = DemoProgram(
    name="Orthopedic co-management",
    service_line=ServiceLine.ORTHOPAEDICS,
    group="Lakeshore Bone and Joint, PC",
    objective="Safe joints and spines: fewer readmissions, fewer deaths, shorter stays.",
    scope="medical_specialty in ('Orthopedics', 'Orthopedics-Reconstructive')",
    fixed_fee=Money.from_dollars("180000.00"),
    incentive_pool=Money.from_dollars("150000.00"),
    caps=(
        Money.from_dollars("185000.00"),
        Money.from_dollars("155000.00"),
        Money.from_dollars("335000.00"),
    ),
    valuator="Prairie Healthcare Appraisal",
    physicians=(
        ("2999999032", "Dr. Emma Clarke", "Orthopedic surgery"),
        ("2999999040", "Dr. Hugo Bauer", "Spine surgery"),
    ),
    goals=(
        Goal(
            "readmission-30-day",
            50,
            (290, 2600),
            1,
            _tiers("10.0%", "9.0%", "8.0%"),
            later=(_tiers("9.6%", "8.7%", "7.8%"), _tiers("9.2%", "8.4%", "7.6%")),
        ),
        Goal(
            "inpatient-mortality",
            20,
            (16, 2600),
            2,
            _tiers("0.50%", "0.40%", "0.25%"),
            later=(_tiers("0.48%", "0.38%", "0.24%"), _tiers("0.46%", "0.36%", "0.23%")),
        ),
        Goal(
            "average-length-of-stay",
            30,
            (10790, 2600),
            2,
            _tiers("4.00", "3.80", "3.60"),
            later=(_tiers("3.90", "3.70", "3.50"), _tiers("3.80", "3.60", "3.40")),
        ),
    ),
    extract=DATA / "stays_orthopedics.xlsx",
)

HOSPITALS = (
    Hospital("riverside", "Riverside Health", "America/Chicago", RIVERSIDE, CARDIOLOGY),
    Hospital("lakeshore", "Lakeshore Medical Center", "America/New_York", LAKESHORE, ORTHOPAEDICS),
)


def baseline(goal: Goal) -> tuple[Decimal, Decimal]:
    """Return the baseline's numerator and denominator."""
    return Decimal(goal.baseline[0]), Decimal(goal.baseline[1])
