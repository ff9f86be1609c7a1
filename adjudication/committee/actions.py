"""Asking the governing committee, and keeping what it says."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from adjudication.committee import policies
from adjudication.committee.models import Comment, Invitation
from adjudication.committee.queries import committee_of, window_of, windows_now
from adjudication.years.models import Snapshot
from adjudication.years.policies import check_snapshot_was_seen
from adjudication.years.queries import standing
from agreements.programs.models import Program
from agreements.signing.queries import signed_comment_days
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.notices.actions import tell
from comanage.notices.queries import members_in
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.period import day_text


@transaction.atomic
def invite_committee(*, snapshot: Snapshot, by: Actor) -> list[Invitation]:
    """Ask every member of the committee to comment, from now for the days that were signed.

    For those of the program where no agreement of the year was executed here.

    Raises:
        PolicyError: the committee has no member.
    """
    program = snapshot.year.program
    tenant = Tenant.objects.get(pk=active_tenant_id())
    members = committee_of(program, today=tenant.today())
    policies.check_committee_can_be_asked(len(members))
    days = signed_comment_days(snapshot.year) or program.comment_days
    last_day = tenant.today() + timedelta(days=days)
    closes_at = datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=tenant.zone)
    invitations = [
        Invitation.objects.create(
            snapshot=snapshot,
            member=member.user,
            role=member.role,
            asked_at=timezone.now(),
            last_day=last_day,
            closes_at=closes_at,
        )
        for member in members
    ]
    _tell(
        snapshot,
        [member.user for member in members],
        "Comment on the year's result",
        f"The independent reviewer has signed. Comment until {day_text(last_day)}.",
        by=by,
    )
    return invitations


@transaction.atomic
def set_comment_days(*, program: Program, days: int, by: Actor) -> Program:
    """Set the days in which the committee comments on a result, from the next review on.

    A year of an agreement that was executed here has the days that it prints.

    Raises:
        PolicyError: the committee comments now, or has as many days already.
    """
    program = Program.objects.select_for_update(no_key=True).get(pk=program.pk)
    policies.check_days_can_change(windows_now(program))
    policies.check_days_are_others(program.comment_days, days=days)
    before, program.comment_days = program.comment_days, days
    program.save(update_fields=["comment_days"])
    record_event(kind=EventKind.COMMENT_DAYS_SET, subject=program, by=by, days=days, before=before)
    return program


@transaction.atomic
def comment_on_result(
    *, year: MeasurementYear, sha256: str, text: str, is_last: bool, by: Actor
) -> Comment:
    """Keep what a member of the committee says of the frozen result.

    Args:
        year: whose result it is.
        sha256: of the snapshot that was looked at.
        text: may be empty where there is nothing further to say.
        is_last: whether the member has no further comment; the last of them ends the wait.
        by: the member.

    Raises:
        PolicyError: not asked, too late, or nothing is said.
    """
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    snapshot, asked = policies.member_to_comment(standing(year), by=by)
    check_snapshot_was_seen(snapshot, sha256)
    policies.check_says_something(text.strip(), is_last=is_last)
    comment = Comment.objects.create(
        invitation_id=asked.pk, text=text.strip(), is_last=is_last, said_at=timezone.now()
    )
    record_event(
        kind=EventKind.COMMENTED,
        subject=snapshot,
        by=by,
        sha256=snapshot.sha256,
        is_last=is_last,
    )
    after = window_of(snapshot.pk)
    if after is not None and after.has_everybody_said:
        _tell_compliance(snapshot, by=by)
    return comment


def _tell_compliance(snapshot: Snapshot, *, by: Actor) -> None:
    today = Tenant.objects.get(pk=active_tenant_id()).today()
    _tell(
        snapshot,
        members_in({Role.COMPLIANCE}, today=today),
        "The committee has commented",
        "No member has a further comment. Compliance signs next.",
        by=by,
    )


def _tell(snapshot: Snapshot, users: list[User], subject: str, body: str, *, by: Actor) -> None:
    tenant = Tenant.objects.get(pk=active_tenant_id())
    tell(
        users=users,
        key=f"comments:{snapshot.pk}",
        subject=f"{subject}: {snapshot.year.program.name}",
        body=body,
        path=reverse("adjudication:year-detail", args=[tenant.slug, snapshot.year_id]),
        by=by,
    )
