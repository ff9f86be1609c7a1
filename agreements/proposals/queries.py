"""Which proposals wait for whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import JSONObject

from agreements.drafting.models import Agreement, AgreementStatus
from agreements.negotiation.models import Proposal
from agreements.negotiation.policies import side_of
from comanage.identity.actor import Actor


@dataclass(frozen=True, slots=True)
class Asked:
    """An agreement of which so many changes are proposed to the reader's side."""

    agreement_id: UUID
    title: str
    number: int


def proposals_waiting(by: Actor) -> ArraySubquery:
    """Gather what waits for a person's side, agreement by agreement, beside each program."""
    waits = Q(proposals__decision=None) & ~Q(proposals__side=side_of(by))
    agreements = (
        Agreement.objects.filter(program=OuterRef("pk"), status=AgreementStatus.DRAFTING)
        .annotate(number=Count("proposals", filter=waits))
        .filter(number__gt=0)
    )
    return ArraySubquery(
        agreements.order_by("title").values(
            asked=JSONObject(agreement_id="pk", title="title", number="number")
        )
    )


def with_asked(agreements: QuerySet[Agreement], by: Actor) -> QuerySet[Agreement]:
    """Read with each agreement whether a proposal waits for a person's side, in the same query."""
    waiting = Proposal.objects.filter(agreement=OuterRef("pk"), decision=None)
    return agreements.annotate(is_asked=Exists(waiting.exclude(side=side_of(by))))


def read_waiting(agreements: Iterable[Mapping[str, Any]]) -> tuple[Asked, ...]:
    """Read what `proposals_waiting` gathered."""
    return tuple(
        Asked(UUID(each["agreement_id"]), each["title"], each["number"]) for each in agreements
    )
