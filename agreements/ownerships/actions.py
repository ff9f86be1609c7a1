"""Recording who owns a group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from agreements.ownerships.models import EntityKind, Ownership
from agreements.ownerships.policies import check_is_a_whole
from agreements.participants.models import PhysicianGroup
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.values.rounding import exact_text


@dataclass(frozen=True, slots=True)
class Share:
    """What one owner holds; `npi` is empty for an owner who is no physician."""

    owner: str
    share: Fraction
    npi: str = ""


@dataclass(frozen=True, slots=True)
class OwnershipFacts:
    """Who owns a group from a day on, and the paper that says so."""

    entity: EntityKind
    effective_from: date
    shares: Sequence[Share]
    source: str


@transaction.atomic
def record_ownership(*, group: PhysicianGroup, facts: OwnershipFacts, by: Actor) -> Ownership:
    """Record all owners of a group from a day on. What held before stays on record.

    Raises:
        PolicyError: the shares are not one whole, or an owner is there twice.
    """
    check_is_a_whole(
        [each.npi or each.owner for each in facts.shares], [each.share for each in facts.shares]
    )
    ownership = Ownership.objects.create(
        group=group,
        entity=facts.entity,
        effective_from=facts.effective_from,
        shares=[
            {"owner": each.owner, "npi": each.npi, "share": exact_text(each.share)}
            for each in facts.shares
        ],
        source=facts.source,
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.OWNERSHIP_RECORDED,
        subject=ownership,
        by=by,
        effective_from=facts.effective_from.isoformat(),
        owners=len(facts.shares),
    )
    return ownership
