"""Reading agreements on file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agreements.dates.critical import CriticalDate, Place
from agreements.dates.queries import gathers
from comanage.identity.roles import Permission, Role
from scorecards.dataagreements.models import DataAgreement


@dataclass(frozen=True, slots=True)
class AgreementReading:
    """An agreement with its state in words."""

    agreement: DataAgreement
    word: str
    tone: str
    is_renewed: bool


def agreements_on_file(*, today: date) -> list[AgreementReading]:
    """List the agreements, the newest first, each with its state on a day, in one query."""
    agreements = list(DataAgreement.objects.select_related("filed_by", "document"))
    renewed = {each.renews_id for each in agreements}
    return [
        AgreementReading(each, *_state(each, today=today), is_renewed=each.pk in renewed)
        for each in agreements
    ]


def agreement_with_renewals(agreement_id: UUID | None) -> list[DataAgreement]:
    """List a feed's agreement and what renews it, oldest first, in one query; empty for none."""
    if agreement_id is None:
        return []
    return chain_from(agreement_id, list(DataAgreement.objects.all()))


def chain_from(agreement_id: UUID, agreements: Sequence[DataAgreement]) -> list[DataAgreement]:
    """Pick an agreement and its renewals out of all that are on file, oldest first."""
    renewal_of = {each.renews_id: each for each in agreements if each.renews_id}
    chain = [each for each in agreements if each.pk == agreement_id]
    while chain and chain[-1].pk in renewal_of:
        chain.append(renewal_of[chain[-1].pk])
    return chain


@gathers(seen_with=Permission.FEED_VIEW)
def last_days() -> list[CriticalDate]:
    """List the last day of each agreement that no renewal carries on without a gap; one query."""
    agreements = list(DataAgreement.objects.all())
    renewal_of = {each.renews_id: each for each in agreements if each.renews_id}
    return [
        CriticalDate(
            last_day,
            f"{each.get_kind_display()} ends: {each.counterparty}",
            f"data-agreement-{each.pk}",
            "File its renewal: from the day after, no case row comes in under it.",
            Role.COMPLIANCE,
            Place("scorecards:agreement-list"),
        )
        for each in agreements
        if (last_day := each.last_day) is not None and not _goes_on(each, renewal_of.get(each.pk))
    ]


def _goes_on(agreement: DataAgreement, renewal: DataAgreement | None) -> bool:
    end = agreement.valid_until
    return renewal is not None and end is not None and renewal.valid_from <= end


def _state(agreement: DataAgreement, *, today: date) -> tuple[str, str]:
    if agreement.valid_from > today:
        return "Begins later", "waiting"
    if agreement.is_in_force_on(today):
        return "In force", "good"
    return "Ended", "quiet"
