"""Proposing changes of clauses to the other side, and deciding on them."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.drafting.actions import change_clause
from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.facts import Change, Draft
from agreements.drafting.models import AgreementVersion
from agreements.negotiation import policies
from agreements.negotiation.carrying import StaleError, change_of
from agreements.negotiation.locking import locked_agreement
from agreements.negotiation.models import Outcome, Proposal, ProposalDecision, WordReturn
from agreements.negotiation.notices import end_wait, tell_of_decision, tell_of_proposals
from agreements.negotiation.queries import (
    changes_by_key,
    draft_now,
    edit_of,
    is_overtaken,
    share_of,
)
from agreements.negotiation.unfilling import FilledInError
from agreements.negotiation.word_changes import Edit
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError

LONGEST_REASON_THERE = 500  # of a changed clause


@transaction.atomic
def propose_change(*, version: AgreementVersion, edit: Edit, reason: str, by: Actor) -> Proposal:
    """Propose a change of a clause to the other side.

    Raises:
        PolicyError: the version is not shared or no draft any more, no such clause, nothing or
            something that is filled in is changed, or the clause was changed meanwhile.
    """
    agreement = locked_agreement(version.agreement)
    policies.check_can_propose(agreement, share_of(version))
    document = from_document(version.document)
    policies.check_edit(edit, document)
    _carried(edit, document, draft_now(agreement))
    (proposal,) = keep_proposals(version=version, edits=[edit], reason=reason, by=by)
    record_event(
        kind=EventKind.CHANGE_PROPOSED,
        subject=agreement,
        by=by,
        proposal=proposal.number,
        clause=edit.key,
        change=edit.kind,
    )
    return proposal


@transaction.atomic
def keep_proposals(
    *,
    version: AgreementVersion,
    edits: Iterable[Edit],
    reason: str,
    by: Actor,
    word_return: WordReturn | None = None,
) -> list[Proposal]:
    """Write proposals that were found in order, and tell the other side what waits for it.

    Args:
        version: that they are about; its agreement is held by whoever calls.
        edits: what they would do, one each.
        reason: of all of them.
        by: who sent them.
        word_return: the Word file that they came in.
    """
    agreement, side, now = version.agreement, policies.side_of(by), timezone.now()
    last = agreement.proposals.aggregate(last=Max("number"))["last"] or 0
    proposals = [
        Proposal(
            agreement=agreement,
            number=number,
            version=version,
            side=side,
            kind=edit.kind,
            key=edit.key,
            heading=edit.heading,
            text="\n\n".join(edit.paragraphs),
            after=edit.after,
            reason=reason.strip(),
            word_return=word_return,
            made_at=now,
            made_by_id=by.user_id,
        )
        for number, edit in enumerate(edits, last + 1)
    ]
    Proposal.objects.bulk_create(proposals)
    tell_of_proposals(agreement, proposals, by=by)
    return proposals


@transaction.atomic
def accept_proposal(*, proposal: Proposal, by: Actor) -> ProposalDecision:
    """Agree to a proposal, so that the next version holds it.

    Raises:
        PolicyError: decided already, of the same side, or its clause was changed meanwhile.
    """
    agreement = locked_agreement(proposal.agreement)
    overtaken = is_overtaken(proposal, changes_by_key(agreement))
    policies.check_can_decide(proposal, _decision(proposal), is_overtaken=overtaken, by=by)
    edit = edit_of(proposal)
    change = _carried(edit, from_document(proposal.version.document), draft_now(agreement))
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
    end_wait(proposal)
    tell_of_decision(proposal, decision, by=by)
    return decision


@transaction.atomic
def decline_proposal(*, proposal: Proposal, note: str, by: Actor) -> ProposalDecision:
    """Say no to a proposal, and why.

    Raises:
        PolicyError: decided already, of the same side, or without a reason.
    """
    agreement = locked_agreement(proposal.agreement)
    policies.check_can_decline(proposal, _decision(proposal), by=by)
    if not note.strip():
        raise PolicyError("Say why, so that the other side can propose something else.")
    decision = _decided(proposal, Outcome.DECLINED, note.strip(), by)
    decision.save(force_insert=True)
    record_event(
        kind=EventKind.PROPOSAL_DECLINED, subject=agreement, by=by, proposal=proposal.number
    )
    end_wait(proposal)
    tell_of_decision(proposal, decision, by=by)
    return decision


@transaction.atomic
def withdraw_proposal(*, proposal: Proposal, by: Actor) -> ProposalDecision:
    """Take a proposal of one's own side back.

    Raises:
        PolicyError: decided already, or of the other side.
    """
    agreement = locked_agreement(proposal.agreement)
    policies.check_can_withdraw(proposal, _decision(proposal), by=by)
    decision = _decided(proposal, Outcome.WITHDRAWN, "", by)
    decision.save(force_insert=True)
    record_event(
        kind=EventKind.PROPOSAL_WITHDRAWN, subject=agreement, by=by, proposal=proposal.number
    )
    end_wait(proposal)
    return decision


def _carried(edit: Edit, document: AgreementDocument, draft: Draft) -> Change:
    """Carry an edit over to the draft; say in words why it cannot be."""
    try:
        return change_of(edit, document, draft)
    except (StaleError, FilledInError) as why:
        raise PolicyError(str(why)) from why


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
