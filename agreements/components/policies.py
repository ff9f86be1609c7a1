"""When a part of the pay can be agreed."""

from decimal import Decimal
from fractions import Fraction

from agreements.components.completeness import FITS, misfit
from agreements.components.models import ComponentKind
from agreements.programs.models import Program
from comanage.web.errors import PolicyError

RATE_PLACES = 8


def check_fits(kind: ComponentKind, program: Program) -> None:
    """Raise PolicyError for a part that the program's model does not pay by."""
    if why := misfit(kind.value, program.alignment_model):
        raise PolicyError(why)


def kinds_that_fit(program: Program) -> list[ComponentKind]:
    """List the kinds of pay that can be agreed under the program's model."""
    return [kind for kind in ComponentKind if kind.value in FITS[program.alignment_model]]


def check_has_cap(kind: ComponentKind, caps: tuple[int | None, ...]) -> None:
    """Raise PolicyError for hours that are paid without a limit."""
    if kind is ComponentKind.HOURLY and all(cap is None for cap in caps):
        raise PolicyError(
            "Paid hours need a cap by month, quarter or year: no opinion of value supports an "
            "open number of hours."
        )


def check_payee(kind: ComponentKind, *, is_a_physician: bool) -> None:
    """Raise PolicyError for a salary that is nobody's."""
    if kind is ComponentKind.SALARY and not is_a_physician:
        raise PolicyError("A salary is one physician's. Choose who it is.")
    if kind is ComponentKind.SAVINGS and is_a_physician:
        raise PolicyError(
            "Shared savings are the group's, which divides them by the terms. Pay no physician for "
            "them in person."
        )


def kept_exactly(rate: Fraction) -> Decimal:
    """Return a rate as a decimal of eight places; raise PolicyError where it is none."""
    decimal = round(Decimal(rate.numerator) / Decimal(rate.denominator), RATE_PLACES)
    if Fraction(decimal) != rate:
        raise PolicyError(f"{rate} is not a decimal of at most {RATE_PLACES} places. Write one.")
    return decimal
