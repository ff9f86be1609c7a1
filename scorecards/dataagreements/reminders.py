"""Which agreements are about to end, and what is told of them. Pure: today is an argument."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from comanage.values.period import day_text
from scorecards.dataagreements.models import DataAgreement

DAYS_BEFORE = (7, 30, 90)


@dataclass(frozen=True, slots=True)
class EndingAgreement:
    """An agreement that ends soon and has no renewal: what is told of it."""

    agreement: DataAgreement
    key: str
    subject: str
    body: str


def ending_agreements(agreements: Sequence[DataAgreement], *, today: date) -> list[EndingAgreement]:
    """List what ends within 90 days and is not carried on by a renewal without a gap.

    The key names the nearest of the three marks that was reached, so that each is told once.
    """
    renewal_of = {each.renews_id: each for each in agreements if each.renews_id}
    return [
        _telling(each, days_left)
        for each in agreements
        if each.valid_until is not None
        for days_left in ((each.valid_until - today).days,)
        if 0 < days_left <= max(DAYS_BEFORE) and not _goes_on(each, renewal_of.get(each.pk))
    ]


def _goes_on(agreement: DataAgreement, renewal: DataAgreement | None) -> bool:
    end = agreement.valid_until
    return renewal is not None and end is not None and renewal.valid_from <= end


def _telling(agreement: DataAgreement, days_left: int) -> EndingAgreement:
    mark = min(each for each in DAYS_BEFORE if days_left <= each)
    last_day = agreement.last_day
    assert last_day is not None  # noqa: S101  (only what ends is listed)
    return EndingAgreement(
        agreement,
        key=f"agreement:{agreement.pk}:{mark}",
        subject=f"The {agreement.get_kind_display().lower()} ends on {day_text(last_day)}",
        body=(
            f"It was signed with {agreement.counterparty}. From the day after, no case row comes "
            f"in under it. File its renewal before that."
        ),
    )
