"""When a payment may be recorded."""

from datetime import date

from adjudication.years.queries import Standing
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.values.period import day_text
from comanage.web.errors import PolicyError


def check_can_pay(standing: Standing, *, has_payments: bool, by: Actor) -> None:
    """Raise PolicyError unless the authorized snapshot is unpaid and this person may pay it."""
    if has_payments:
        raise PolicyError("This year is paid already. A payment is recorded once.")
    if not standing.is_authorized:
        due = standing.next_step
        missing = f"“{due.label}” is still to come" if due else "the year is not signed"
        raise PolicyError(f"Nothing can be paid before the CEO authorizes it: {missing}.")
    if standing.is_restated:
        raise PolicyError(
            "The year's data was restated after it was signed. It must be frozen and signed anew "
            "before anything is paid."
        )
    if any(sign_off.signed_by_id == by.id for sign_off in standing.sign_offs):
        raise PolicyError("Whoever signed the year does not pay it.")


def check_paid_on(paid_on: date, *, today: date) -> None:
    """Raise PolicyError when the payment has not been made yet."""
    if paid_on > today:
        raise PolicyError(
            f"{day_text(paid_on)} has not come yet. Record the payment on the day it is made, or "
            f"after."
        )


def can_pay(standing: Standing, *, has_payments: bool, by: Actor) -> bool:
    """Say whether the payment form should be shown."""
    if not by.holds(Permission.PAYMENT_RECORD):
        return False
    try:
        check_can_pay(standing, has_payments=has_payments, by=by)
    except PolicyError:
        return False
    return True
