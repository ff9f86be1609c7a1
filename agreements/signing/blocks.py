"""The places where both parties sign, filled with who was named, who signed and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from agreements.drafting.document import AgreementDocument, Party
from agreements.drafting.models import AgreementVersion
from agreements.drafting.parties import SignatureBlock, blank_blocks
from agreements.drafting.words import legal_day
from agreements.negotiation.models import Side
from agreements.signing.models import AgreementSignature, SignedOutcome, SigningRound
from agreements.signing.policies import confirmed_scan
from agreements.signing.queries import standing_round, titles_of
from comanage.identity.models import User


@dataclass(frozen=True, slots=True)
class Signed:
    """How far a version is signed.

    Attributes:
        blocks: of both parties.
        executed_on: the day of the last signature; None before both have signed.
    """

    blocks: tuple[SignatureBlock, ...]
    executed_on: date | None


def how_signed(version: AgreementVersion, document: AgreementDocument, zone: ZoneInfo) -> Signed:
    """Read how far a version is signed, in no query while it is drafted."""
    round_ = standing_round(version)
    if round_ is None:
        return Signed(blank_blocks(document.parties), None)
    is_executed = hasattr(round_, "executed")
    return Signed(
        blocks_of(round_, document, zone), _last_day(round_, zone) if is_executed else None
    )


def blocks_of(
    round_: SigningRound, document: AgreementDocument, zone: ZoneInfo
) -> tuple[SignatureBlock, ...]:
    """Fill the places of both parties from a round, in one query more than it took to read."""
    people = {
        Side.HOSPITAL: round_.hospital_signatory,
        Side.PHYSICIANS: round_.physicians_signatory,
    }
    titles = titles_of(people.values())
    return tuple(
        _block(round_, side, person, document, titles, zone) for side, person in people.items()
    )


def party_of(side: str, document: AgreementDocument) -> Party:
    """Find the party of a side: the hospital stands first in every version."""
    hospital, physicians = document.parties
    return hospital if side == Side.HOSPITAL else physicians


def _block(
    round_: SigningRound,
    side: Side,
    person: User,
    document: AgreementDocument,
    titles: Mapping[UUID, str],
    zone: ZoneInfo,
) -> SignatureBlock:
    by, day = _signature(round_, side, zone)
    title = titles.get(person.pk, "")
    return SignatureBlock(party_of(side, document), by, person.name, title, day)


def _signature(round_: SigningRound, side: Side, zone: ZoneInfo) -> tuple[str, str]:
    """Say how a side signed and on which day; empty words where it has not."""
    scan = confirmed_scan(round_)
    if scan is not None:
        return (
            "Signed by hand, on paper",
            f"As on the paper; the last on {legal_day(scan.signed_on)}",
        )
    for each in _signatures(round_):
        if each.side == side:
            return f"/s/ {each.typed_name}, signed electronically", legal_day(_day(each, zone))
    return "", ""


def _signatures(round_: SigningRound) -> list[AgreementSignature]:
    return [each for each in round_.signatures.all() if each.outcome == SignedOutcome.SIGNED]


def _last_day(round_: SigningRound, zone: ZoneInfo) -> date:
    scan = confirmed_scan(round_)
    if scan is not None:
        return scan.signed_on
    return max(_day(each, zone) for each in _signatures(round_))


def _day(signature: AgreementSignature, zone: ZoneInfo) -> date:
    return signature.signed_at.astimezone(zone).date()
