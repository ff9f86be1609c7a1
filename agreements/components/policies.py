"""When a part of the pay can be agreed."""

from agreements.components.models import ComponentKind
from comanage.web.errors import PolicyError


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
