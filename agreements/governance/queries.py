"""Reading the committee and what its people disclosed."""

from uuid import UUID

from django.db.models import Q, QuerySet

from agreements.governance.models import CommitteeSeat, Disclosure
from agreements.programs.models import Program
from agreements.programs.queries import visible_programs
from comanage.identity.actor import Actor


def visible_committee_seats(by: Actor) -> "QuerySet[CommitteeSeat]":
    """List the committees' seats in the programs a person sees."""
    return CommitteeSeat.objects.select_related("program").filter(program__in=visible_programs(by))


def disclosures_of(program: Program) -> "QuerySet[Disclosure]":
    """List what a program's physicians and committee disclosed, the newest first, in one query."""
    return (
        Disclosure.objects.select_related("physician", "seat", "recorded_by")
        .filter(
            Q(seat__program=program) | Q(physician__in=program.participants.values("physician"))
        )
        .order_by("-year", "-recorded_at")
    )


def newest_of_year(disclosures: "QuerySet[Disclosure]", year: int) -> dict[UUID, Disclosure]:
    """Return what counts for a calendar year, by physician or seat, in one query."""
    found: dict[UUID, Disclosure] = {}
    for each in disclosures.filter(year=year):
        whose = each.physician_id or each.seat_id
        if whose is not None:
            found.setdefault(whose, each)
    return found
