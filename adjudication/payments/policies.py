"""When amounts may be estimated, approved, paid, recouped and corrected, and by whom.

Who signed or approved does not pay; who estimates does not approve.
"""

from collections.abc import Sequence
from datetime import date

from adjudication.compensation.estimates import EstimateTerms, most_of_quarter
from adjudication.compensation.terms import CompensationError
from adjudication.payments.items import Item, is_paid
from adjudication.payments.lifecycle import ESTIMATE_NEXT
from adjudication.payments.models import Estimate, EstimateStatus, LedgerEntry
from adjudication.years.queries import Standing
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.identity.actor import Actor
from comanage.identity.roles import Permission
from comanage.values.money import Money
from comanage.values.period import Period, day_text
from comanage.web.errors import PolicyError


def is_settled(standing: Standing, items: Sequence[Item]) -> bool:
    """Say whether a year is paid, and no newer snapshot of it waits to be signed."""
    return is_paid(items) and standing.is_authorized


def check_can_pay(standing: Standing, items: Sequence[Item], *, by: Actor) -> None:
    """Raise PolicyError unless the authorized snapshot is unpaid and this person may pay it.

    Args:
        standing: of the year.
        items: the year's own amounts.
        by: who would pay.
    """
    if is_settled(standing, items):
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
    if standing.window is not None and standing.window.has_comment_of(by.id):
        raise PolicyError("Whoever commented for the committee does not pay it.")
    for item in items:
        if item.to_come_back > Money(0):
            raise PolicyError(
                f"The {item.component_name.lower()} was paid {item.to_come_back} above what is "
                "owed. Record how that is recouped first."
            )


def can_pay(standing: Standing, items: Sequence[Item], *, by: Actor) -> bool:
    """Say whether the payment form should be shown."""
    if not by.holds(Permission.PAYMENT_RECORD):
        return False
    try:
        check_can_pay(standing, items, by=by)
    except PolicyError:
        return False
    return True


def check_paid_on(paid_on: date, *, today: date) -> None:
    """Raise PolicyError when the payment has not been made yet."""
    if paid_on > today:
        raise PolicyError(
            f"{day_text(paid_on)} has not come yet. Record the payment on the day it is made, or "
            f"after."
        )


def check_paid_after(period: Period, paid_on: date) -> None:
    """Raise PolicyError when a payment is dated before its services were rendered."""
    if paid_on < period.end:
        raise PolicyError(
            f"{day_text(paid_on)} lies before the end of {period}, and nothing is paid for "
            f"services to come. Give the day of the payment, {day_text(period.end)} or after."
        )


def check_can_estimate(year: MeasurementYear, *, is_booked: bool) -> None:
    """Raise PolicyError unless amounts of this year can be paid on account."""
    if year.status != YearStatus.OPEN or is_booked:
        raise PolicyError(
            "Estimates are made while the year is on the clock. This one is "
            f"{'settled' if is_booked else year.get_status_display().lower()}."
        )


def check_estimate(
    year: MeasurementYear, quarter: Period, component: str, amount: Money, *, today: date
) -> None:
    """Raise PolicyError unless the quarter is over and the terms allow the amount for it."""
    most = _most(year, quarter, component)
    if quarter.start >= year.pay_ends_on:
        raise PolicyError(f"Nothing is due for {quarter}: the agreement had ended before it began.")
    over_on = min(quarter.end, year.pay_ends_on)
    if today < over_on:
        raise PolicyError(
            f"The quarter {quarter} is not over. Estimate it from {day_text(over_on)}, for "
            "services that were rendered."
        )
    if not year.opinion.validity.covers(quarter):
        raise PolicyError(
            f"The fair-market-value opinion is in force {year.opinion.validity}, which does not "
            f"cover {quarter}."
        )
    if amount <= Money(0):
        raise PolicyError("An estimate of $0.00 pays nothing. Give an amount, or leave it out.")
    if amount > most:
        raise PolicyError(
            f"{amount} cannot be estimated for {quarter}: the terms allow up to {most}. Lower it."
        )


def check_goes_on(year: MeasurementYear, quarter: Period, over_on: date | None) -> None:
    """Raise PolicyError when a quarter has days without an agreement, and nobody said how.

    Args:
        year: with what it was told of its agreement's end.
        quarter: to be paid on account.
        over_on: first day without the agreement, by the register; None where it goes on.
    """
    if year.ending is None and over_on is not None and over_on < quarter.end:
        raise PolicyError(
            f"By the register the agreement is over before {day_text(over_on)}, and {quarter} has "
            f"days after that. Record there that it went on, by an extension, a renewal or a "
            f"holdover; or that it ended, and by whom."
        )


def check_no_live_estimate(estimates: Sequence[Estimate], quarter: Period, component: str) -> None:
    """Raise PolicyError when the quarter is estimated already."""
    live = {EstimateStatus.PROPOSED, EstimateStatus.APPROVED}
    for estimate in estimates:
        if (estimate.period, estimate.component) == (quarter, component) and (
            estimate.status in live
        ):
            raise PolicyError(
                f"There is an estimate for {quarter} already, {estimate.amount}. It is decided or "
                "taken back before another is made."
            )


def check_can_decide(estimate: Estimate, to: EstimateStatus, *, by: Actor) -> None:
    """Raise PolicyError unless this estimate waits for a decision, and not of its own maker."""
    if to not in ESTIMATE_NEXT[EstimateStatus(estimate.status)]:
        raise PolicyError(
            f"This estimate is {estimate.get_status_display().lower()}. It is decided once."
        )
    if estimate.proposed_by_id == by.id:
        raise PolicyError("Whoever proposed an estimate does not decide on it.")


def can_decide(estimate: Estimate, *, by: Actor) -> bool:
    """Say whether the decision should be offered."""
    if not by.holds(Permission.ESTIMATE_APPROVE):
        return False
    try:
        check_can_decide(estimate, EstimateStatus.APPROVED, by=by)
    except PolicyError:
        return False
    return True


def payable_item(estimate: Estimate, item: Item | None, *, by: Actor) -> Item:
    """Return what is to be paid of an estimate.

    Raises:
        PolicyError: the estimate is not approved, paid already, or approved by the payer.
    """
    if estimate.status != EstimateStatus.APPROVED or item is None:
        raise PolicyError(
            f"This estimate is {estimate.get_status_display().lower()}. Only an approved one is "
            "paid."
        )
    if estimate.decided_by_id == by.id:
        raise PolicyError("Whoever approved an estimate does not pay it.")
    if item.open <= Money(0):
        raise PolicyError("This estimate is paid already. A payment is recorded once.")
    return item


def check_can_recoup(item: Item, amount: Money) -> None:
    """Raise PolicyError unless so much is to come back."""
    if item.open >= Money(0):
        raise PolicyError("Nothing is to come back: no more was paid than is owed.")
    if not Money(0) < amount <= -item.open:
        raise PolicyError(f"{amount} cannot be recouped: {-item.open} is to come back.")


def check_can_offset(item: Item, target: Item, amount: Money, *, is_handed_over: bool) -> None:
    """Raise PolicyError unless the payment kept back is this payee's, and still to be made."""
    payees = {(each.key.payee_id, each.key.physician_id) for each in (item, target)}
    if len(payees) > 1:
        raise PolicyError("An overpayment is kept back from payments to the same payee alone.")
    if is_handed_over:
        raise PolicyError(
            "That amount is with accounts payable already. Keep the overpayment back from another."
        )
    if target.open < amount:
        raise PolicyError(
            f"{amount} cannot be kept back: only {max(target.open, Money(0))} is to be paid of it."
        )


def check_can_correct(entry: LedgerEntry, item: Item, *, is_booked: bool) -> None:
    """Raise PolicyError unless this entry can be taken back whole.

    What a signed snapshot says is amended by a new snapshot, signed anew, and by nothing else.
    """
    if entry.kind not in {"paid", "estimated"}:
        raise PolicyError(
            "Only a payment or an estimate is taken back. What a year owes changes when it is "
            "frozen and signed anew."
        )
    if any(other.about_id == entry.pk for other in item.entries):
        raise PolicyError("This entry was taken back already.")
    if entry.amount == Money(0):
        raise PolicyError("This entry moved nothing, so there is nothing to take back.")
    if entry.kind == "estimated" and is_booked:
        raise PolicyError("The year is settled, and its true-up counts this estimate.")
    if entry.kind == "estimated" and item.settled != Money(0):
        raise PolicyError("This estimate is paid. Take back the payment first.")


def can_correct(entry: LedgerEntry, item: Item, *, is_booked: bool, by: Actor) -> bool:
    """Say whether taking the entry back should be offered."""
    if not by.holds(Permission.PAYMENT_RECORD):
        return False
    try:
        check_can_correct(entry, item, is_booked=is_booked)
    except PolicyError:
        return False
    return True


def _most(year: MeasurementYear, quarter: Period, component: str) -> Money:
    try:
        terms = EstimateTerms.from_terms(year.terms or {}, year.period, ended_on=year.ended_on)
        return most_of_quarter(terms, quarter, component)
    except CompensationError as wrong:
        raise PolicyError(str(wrong)) from wrong
