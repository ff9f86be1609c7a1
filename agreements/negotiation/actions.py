"""Sharing a version, speaking about it, and taking a redline away."""

from django.db import transaction
from django.utils import timezone

from agreements.drafting.document import from_document
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.negotiation import policies
from agreements.negotiation.locking import locked_agreement
from agreements.negotiation.models import ClauseComment, PrivilegedNote, VersionShare
from agreements.negotiation.notices import tell_of_share
from agreements.negotiation.privileged import check_may_read, sealed_note
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor


@transaction.atomic
def share_version(*, version: AgreementVersion, by: Actor) -> VersionShare:
    """Let the physicians' side read a version, and tell their managers.

    Raises:
        PolicyError: it is shared already, or the agreement is over.
    """
    agreement = locked_agreement(version.agreement)
    policies.check_can_share(agreement, VersionShare.objects.filter(version=version).first())
    share = VersionShare.objects.create(
        version=version, shared_at=timezone.now(), shared_by_id=by.user_id
    )
    record_event(kind=EventKind.VERSION_SHARED, subject=agreement, by=by, version=version.number)
    tell_of_share(agreement, version, by=by)
    return share


@transaction.atomic
def comment_on_clause(
    *, version: AgreementVersion, key: str, text: str, by: Actor
) -> ClauseComment:
    """Say something about a clause or an exhibit, for both sides to read.

    Raises:
        PolicyError: the agreement is over, or the version has no such clause.
    """
    agreement = locked_agreement(version.agreement)
    policies.check_can_comment(agreement, from_document(version.document), key)
    comment = ClauseComment.objects.create(
        version=version,
        key=key,
        side=policies.side_of(by),
        text=text.strip(),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )
    record_event(
        kind=EventKind.CLAUSE_COMMENTED,
        subject=agreement,
        by=by,
        version=version.number,
        clause=key,
    )
    return comment


@transaction.atomic
def write_privileged_note(
    *, agreement: Agreement, key: str, text: str, by: Actor
) -> PrivilegedNote:
    """Keep a note about a clause for counsel and compliance alone; the trail says only that.

    Raises:
        PolicyError: by somebody else.
    """
    check_may_read(by)
    note = PrivilegedNote.objects.create(
        agreement=agreement,
        key=key,
        sealed_text=sealed_note(text.strip()),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )
    record_event(kind=EventKind.PRIVILEGED_NOTE_WRITTEN, subject=note, by=by)
    return note


@transaction.atomic
def note_redline_copy(*, version: AgreementVersion, form: str, against: int, by: Actor) -> None:
    """Record that somebody took a redline away, and in which form."""
    record_event(
        kind=EventKind.REDLINE_COPIED,
        subject=version.agreement,
        by=by,
        version=version.number,
        against=against,
        form=form,
    )
