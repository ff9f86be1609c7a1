"""Taking a Word file that comes back: each difference is a proposal, each comment a comment."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.facts import Draft
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.negotiation import policies
from agreements.negotiation.carrying import StaleError, change_of
from agreements.negotiation.locking import locked_agreement
from agreements.negotiation.models import ClauseComment, WordReturn
from agreements.negotiation.queries import (
    draft_now,
    earlier_return,
    printed,
    said_on,
    share_of,
    version_behind,
    version_marked,
)
from agreements.negotiation.unfilling import FilledInError
from agreements.negotiation.word_changes import Edit, Remark, Returned, changes_in
from agreements.negotiation.word_in import WordReading, read_word
from agreements.negotiation.word_marks import AGAINST
from agreements.negotiation.word_out import word_of
from agreements.proposals.actions import keep_proposals
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.web.errors import PolicyError


@dataclass(frozen=True, slots=True)
class CameBack:
    """A Word file that somebody sent: what it says, its hash, and what it is for."""

    reading: WordReading
    sha256: str
    reason: str


@transaction.atomic
def receive_word(*, agreement: Agreement, came: CameBack, by: Actor) -> WordReturn:
    """Take a Word file that came back: each difference is a proposal, each comment a comment.

    Raises:
        PolicyError: the file is of no version that the person reads, was sent before, or the
            agreement is no draft any more.
    """
    agreement = locked_agreement(agreement)
    version = version_behind(agreement, came.reading.version, by)
    if version is None:
        raise PolicyError(
            "The file was made from another agreement, or from a version that you do not read. "
            "Take the Word file of one of these versions, and edit that one.",
            field="file",
        )
    policies.check_can_propose(agreement, share_of(version))
    side = policies.side_of(by)
    policies.check_comes_first(earlier_return(version, side, came.sha256))
    document = from_document(version.document)
    went, said = _as_it_went(version, came.reading), said_on(version, document)
    returned = changes_in(came.reading, went, document, said)
    edits, refused = _takeable(returned, document, draft_now(agreement))
    row = WordReturn.objects.create(
        version=version,
        side=side,
        sha256=came.sha256,
        reason=came.reason,
        refused=refused,
        received_at=timezone.now(),
        received_by_id=by.user_id,
    )
    _keep_remarks(row, returned.remarks, by)
    keep_proposals(version=version, edits=edits, reason=came.reason, by=by, word_return=row)
    record_event(
        kind=EventKind.WORD_RECEIVED,
        subject=agreement,
        by=by,
        version=version.number,
        sha256=came.sha256,
        proposals=len(edits),
        comments=len(returned.remarks),
        refused=len(refused),
    )
    return row


def _takeable(
    returned: Returned, document: AgreementDocument, draft: Draft
) -> tuple[list[Edit], list[str]]:
    """Part the edits that can be proposed from those that are refused, with each reason.

    One that is stale is a proposal all the same: its words are not lost, and its page says so.
    """
    taken, refused = [], list(returned.refused)
    for edit in returned.edits:
        try:
            change_of(edit, document, draft)
        except FilledInError as why:
            heading = edit.heading or edit.key
            refused.append(f"{heading}: {why} The edit of this clause was not taken.")
            continue
        except StaleError:
            pass
        taken.append(edit)
    return taken, refused


def _keep_remarks(row: WordReturn, remarks: Iterable[Remark], by: Actor) -> None:
    """Write the comments of a file, under the name of whoever sent it."""
    ClauseComment.objects.bulk_create(
        ClauseComment(
            version=row.version,
            key=remark.key,
            side=row.side,
            text=remark.text,
            written_by=remark.author,
            word_return=row,
            made_at=row.received_at,
            made_by_id=by.user_id,
        )
        for remark in remarks
    )


def _as_it_went(version: AgreementVersion, came: WordReading) -> WordReading:
    """Read the file that the edits began with: the same versions give the same file."""
    mark = came.against.removeprefix(AGAINST)
    against = version_marked(version.agreement, mark) if mark else None
    zone = Tenant.objects.get(pk=active_tenant_id()).zone
    beside = printed(against, zone) if against else None
    return read_word(word_of(printed(version, zone), beside))
