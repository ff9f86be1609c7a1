"""The days that a contract brings with it, from how it stands. Pure: today is an argument."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.contracts.clocks import (
    last_notice_day,
    reconciliation_deadline,
    signature_clock,
)
from agreements.contracts.standing import Standing, State
from comanage.identity.roles import Role

_A_DAY = timedelta(days=1)
_GOES_ON = frozenset({State.UNSIGNED, State.AHEAD, State.IN_FORCE, State.HELD_OVER})


@dataclass(frozen=True, slots=True)
class Due:
    """One day of a contract; `what` tells it apart from the other days of the same one."""

    what: str
    due_on: date
    title: str
    to_do: str
    owner: Role


def days_of_contract(
    stands: Standing, *, notice_days: int, fmv_until: date | None, today: date
) -> Iterator[Due]:
    """List what a contract must not miss, in no order.

    Args:
        stands: the contract with all that happened to it.
        notice_days: that end it without cause; 0 for no notice.
        fmv_until: first day without an opinion, where no program knows it.
        today: at the hospital.
    """
    state = stands.state(today)
    if state is State.UNSIGNED and stands.ended_on is None:
        yield _signature(stands, today)
    if fmv_until is not None and state in _GOES_ON:
        yield Due(
            "opinion",
            fmv_until - _A_DAY,
            "Fair-market-value opinion ends",
            "Have it renewed before pay goes on.",
            Role.COMPLIANCE,
        )
    over = stands.over_on
    if over is not None and today >= over:
        if stands.reconciled_on is None:
            yield _reconciliation(stands, over)
    elif over is not None:
        yield from _end(stands, over, notice_days, today)


def _signature(stands: Standing, today: date) -> Due:
    clock = signature_clock(stands.began_on, today=today)
    return Due(
        "signature",
        clock.deadline if clock else stands.began_on - _A_DAY,
        "Signature",
        "Have it signed by all; a late signature has 90 days from the first day of service.",
        Role.COUNSEL,
    )


def _end(stands: Standing, over: date, notice_days: int, today: date) -> Iterator[Due]:
    """The end of the term; the day for notice is no more business of anybody once it is past."""
    if stands.ended_on is not None:
        yield Due(
            "end",
            over - _A_DAY,
            "Last day of the contract",
            "It is terminated: nothing is done or paid under it after this day.",
            Role.COUNSEL,
        )
        yield _reconciliation(stands, over)
        return
    yield Due(
        "end",
        over - _A_DAY,
        "Last day of the term",
        "Renew or extend it, record the holdover, or let it end.",
        Role.COUNSEL,
    )
    last = last_notice_day(over, notice_days)
    if notice_days and last >= today:
        yield Due(
            "notice",
            last,
            "Last day for notice",
            "Say in writing whether it ends with its term.",
            Role.COUNSEL,
        )


def _reconciliation(stands: Standing, over: date) -> Due:
    goes_on = "" if stands.ended_on else " If it goes on, record its renewal or holdover."
    return Due(
        "reconciliation",
        reconciliation_deadline(over),
        "Reconciliation",
        f"Reconcile what was due and what was paid, and have it recorded in the register.{goes_on}",
        Role.FINANCE,
    )
