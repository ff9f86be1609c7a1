"""Sharing a version, speaking about it, proposing changes, and deciding on them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.drafting.actions import change_clause
from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.facts import Change, Draft
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.policies import check_can_be_composed
from agreements.drafting.queries import draft_of, first_year, latest_changes
from agreements.negotiation import policies
from agreements.negotiation.carrying import StaleError, change_of
from agreements.negotiation.models import (
    ClauseComment,
    Outcome,
    PrivilegedNote,
    Proposal,
    ProposalDecision,
    VersionShare,
    WordReturn,
)
from agreements.negotiation.notices import tell_of_decision, tell_of_proposals, tell_of_share
from agreements.negotiation.privileged import check_may_read, sealed_note
from agreements.negotiation.queries import (
    changed_since,
    changes_by_key,
    earlier_return,
    edit_of,
    printed,
    share_of,
    version_behind,
    version_marked,
)
from agreements.negotiation.unfilling import FilledInError
from agreements.negotiation.word_changes import Edit, Returned, changes_in
from agreements.negotiation.word_in import WordReading, read_word
from agreements.negotiation.word_marks import AGAINST
from agreements.negotiation.word_out import word_of
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError

LONGEST_REASON_THERE = 500  # of a changed clause


@dataclass(frozen=True, slots=True)
class CameBack:
    """A Word file that somebody sent: what it says, its hash, and what it is for."""

    reading: WordReading
    sha256: str
    reason: str


@transaction.atomic
def share_version(*, version: AgreementVersion, by: Actor) -> VersionShare:
    """Let the physicians' side read a version, and tell their managers.

    Raises:
        PolicyError: it is shared already, or the agreement is over.
    """
    agreement = _locked(version.agreement)
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
    agreement = _locked(version.agreement)
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
def propose_change(*, version: AgreementVersion, edit: Edit, reason: str, by: Actor) -> Proposal:
    """Propose a change of a clause to the other side.

    Raises:
        PolicyError: the version is not shared or no draft any more, no such clause, nothing or
            something that is filled in is changed, or the clause was changed meanwhile.
    """
    agreement = _locked(version.agreement)
    policies.check_can_propose(agreement, share_of(version))
    document = from_document(version.document)
    policies.check_edit(edit, document)
    _carried(edit, document, _draft(agreement))
    proposal = _proposal(version, edit, reason, _last_number(agreement) + 1, by)
    proposal.save(force_insert=True)
    record_event(
        kind=EventKind.CHANGE_PROPOSED,
        subject=agreement,
        by=by,
        proposal=proposal.number,
        clause=edit.key,
        change=edit.kind,
    )
    tell_of_proposals(agreement, [proposal], by=by)
    return proposal


@transaction.atomic
def receive_word(*, agreement: Agreement, came: CameBack, by: Actor) -> WordReturn:
    """Take a Word file that came back: each difference is a proposal, each comment a comment.

    Raises:
        PolicyError: the file is of no version that the person reads, was sent before, or the
            agreement is no draft any more.
    """
    agreement = _locked(agreement)
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
    returned = changes_in(came.reading, _as_it_went(version, came.reading), document)
    edits, refused = _takeable(returned, document, _draft(agreement))
    row = WordReturn.objects.create(
        version=version,
        side=side,
        sha256=came.sha256,
        reason=came.reason,
        refused=refused,
        received_at=timezone.now(),
        received_by_id=by.user_id,
    )
    _keep(row, edits, returned, by)
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


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: Actor) -> ProposalDecision:
    """Agree to a proposal, so that the next version holds it.

    Raises:
        PolicyError: decided already, of the same side, or its clause was changed meanwhile.
    """
    agreement = _locked(proposal.agreement)
    changed = changed_since(changes_by_key(agreement), proposal.version)
    policies.check_can_decide(proposal, _decision(proposal), changed, by=by)
    edit = edit_of(proposal)
    change = _carried(edit, from_document(proposal.version.document), _draft(agreement))
    made = change_clause(
        agreement=agreement,
        change=change,
        reason=f"{proposal} of {proposal.made_by.name}: {proposal.reason}"[:LONGEST_REASON_THERE],
        by=by,
    )
    decision = _decided(proposal, Outcome.ACCEPTED, "", by)
    decision.change = made
    decision.save(force_insert=True)
    record_event(
        kind=EventKind.PROPOSAL_ACCEPTED, subject=agreement, by=by, proposal=proposal.number
    )
    tell_of_decision(proposal, decision, by=by)
    return decision


@transaction.atomic
def decline_proposal(*, proposal: Proposal, note: str, by: Actor) -> ProposalDecision:
    """Say no to a proposal, and why.

    Raises:
        PolicyError: decided already, of the same side, or without a reason.
    """
    agreement = _locked(proposal.agreement)
    policies.check_can_decline(proposal, _decision(proposal), by=by)
    if not note.strip():
        raise PolicyError("Say why, so that the other side can propose something else.")
    decision = _decided(proposal, Outcome.DECLINED, note.strip(), by)
    decision.save(force_insert=True)
    record_event(
        kind=EventKind.PROPOSAL_DECLINED, subject=agreement, by=by, proposal=proposal.number
    )
    tell_of_decision(proposal, decision, by=by)
    return decision


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Actor) -> ProposalDecision:
    """Take a proposal of one's own side back.

    Raises:
        PolicyError: decided already, or of the other side.
    """
    agreement = _locked(proposal.agreement)
    policies.check_can_withdraw(proposal, _decision(proposal), by=by)
    decision = _decided(proposal, Outcome.WITHDRAWN, "", by)
    decision.save(force_insert=True)
    record_event(
        kind=EventKind.PROPOSAL_WITHDRAWN, subject=agreement, by=by, proposal=proposal.number
    )
    return decision


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


def _carried(edit: Edit, document: AgreementDocument, draft: Draft) -> Change:
    """Carry an edit over to the draft; say in words why it cannot be."""
    try:
        return change_of(edit, document, draft)
    except (StaleError, FilledInError) as why:
        raise PolicyError(str(why)) from why


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


def _keep(row: WordReturn, edits: Iterable[Edit], returned: Returned, by: Actor) -> None:
    """Write what a file brought, under the name of whoever sent it."""
    agreement = row.version.agreement
    start = _last_number(agreement) + 1
    proposals = [
        _proposal(row.version, edit, row.reason, number, by)
        for number, edit in enumerate(edits, start)
    ]
    for proposal in proposals:
        proposal.word_return = row
    Proposal.objects.bulk_create(proposals)
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
        for remark in returned.remarks
    )
    tell_of_proposals(agreement, proposals, by=by)


def _as_it_went(version: AgreementVersion, came: WordReading) -> WordReading:
    """Read the file that the edits began with: the same versions give the same file."""
    mark = came.against.removeprefix(AGAINST)
    against = version_marked(version.agreement, mark) if mark else None
    return read_word(word_of(printed(version), printed(against) if against else None))


def _proposal(
    version: AgreementVersion, edit: Edit, reason: str, number: int, by: Actor
) -> Proposal:
    return Proposal(
        agreement=version.agreement,
        number=number,
        version=version,
        side=policies.side_of(by),
        kind=edit.kind,
        key=edit.key,
        heading=edit.heading,
        text="\n\n".join(edit.paragraphs),
        after=edit.after,
        reason=reason.strip(),
        made_at=timezone.now(),
        made_by_id=by.user_id,
    )


def _decided(proposal: Proposal, outcome: Outcome, note: str, by: Actor) -> ProposalDecision:
    return ProposalDecision(
        proposal=proposal,
        outcome=outcome,
        side=policies.side_of(by),
        note=note,
        decided_at=timezone.now(),
        decided_by_id=by.user_id,
    )


def _decision(proposal: Proposal) -> ProposalDecision | None:
    """Return what became of a proposal by now: the page that asks may be old."""
    return ProposalDecision.objects.filter(proposal=proposal).first()


def _draft(agreement: Agreement) -> Draft:
    year = check_can_be_composed(first_year(agreement))
    return draft_of(agreement, year, latest_changes(agreement))


def _last_number(agreement: Agreement) -> int:
    return agreement.proposals.aggregate(last=Max("number"))["last"] or 0


def _locked(agreement: Agreement) -> Agreement:
    return (
        Agreement.objects.select_related("program__group")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=agreement.pk)
    )
