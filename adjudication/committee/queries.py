"""Reading the committee: who sits on it, and what it said of snapshots."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from adjudication.committee.models import Invitation
from adjudication.committee.window import Asked, Said, Window
from adjudication.years.models import Decision, SignOff, Snapshot
from agreements.programs.models import Program
from comanage.identity.models import Membership
from comanage.identity.roles import Role

_COLUMNS = ("pk", "snapshot_id", "member_id", "member__name", "role", "asked_at")
_WHEN = ("last_day", "closes_at", "comments__text", "comments__is_last", "comments__said_at")


def committee_of(program: Program, *, today: date) -> list[Membership]:
    """List who may comment on a program's result: its seated managers and the executives.

    In one query.
    """
    seated = Q(role=Role.PHYSICIAN_MANAGER, pk__in=program.seats.values("membership_id"))
    members = Membership.objects.select_related("user").filter(
        seated | Q(role=Role.EXECUTIVE), revoked_at=None
    )
    return [each for each in members.order_by("user__name") if each.is_active_on(today)]


def window_of(snapshot_id: UUID) -> Window | None:
    """Read a snapshot's comments, in one query; None where nobody was asked."""
    return windows_of([snapshot_id]).get(snapshot_id)


def windows_of(snapshots: Collection[UUID]) -> dict[UUID, Window]:
    """Read the comments of several snapshots by its id, in one query."""
    found: dict[UUID, dict[UUID, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    rows = Invitation.objects.filter(snapshot__in=snapshots).values(*_COLUMNS, *_WHEN)
    for row in rows.order_by("member__name", "pk", F("comments__said_at").asc(nulls_first=True)):
        found[row["snapshot_id"]][row["pk"]].append(row)
    return {snapshot: _window(list(asked.values())) for snapshot, asked in found.items()}


def windows_now(program: Program) -> list[Window]:
    """Read the comments on the newest snapshot of each of a program's years, in two queries.

    Those of a year that was returned are not among them: nobody waits for them.
    """
    newest = Snapshot.objects.filter(year__program=program).order_by("year_id", "-number")
    returned = SignOff.objects.filter(snapshot=OuterRef("pk"), decision=Decision.RETURNED)
    rows = newest.annotate(is_returned=Exists(returned)).distinct("year_id")
    awaited = [pk for pk, is_back in rows.values_list("pk", "is_returned") if not is_back]
    return list(windows_of(awaited).values())


def _window(asked: list[list[dict[str, Any]]]) -> Window:
    first = asked[0][0]
    return Window(
        asked=tuple(_asked(rows) for rows in asked),
        opened_at=first["asked_at"],
        last_day=first["last_day"],
        closes_at=first["closes_at"],
        now=timezone.now(),
    )


def _asked(rows: list[dict[str, Any]]) -> Asked:
    first = rows[0]
    return Asked(
        pk=first["pk"],
        member_id=first["member_id"],
        name=first["member__name"],
        role=Role(first["role"]),
        comments=tuple(
            Said(row["comments__text"], row["comments__is_last"], row["comments__said_at"])
            for row in rows
            if row["comments__said_at"] is not None
        ),
    )
