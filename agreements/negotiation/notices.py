"""Whom a negotiation tells what. What was said stands on its page alone, never in a message."""

from collections.abc import Sequence

from django.urls import reverse

from agreements.drafting.models import Agreement, AgreementVersion
from agreements.negotiation.models import Proposal, ProposalDecision, Side
from agreements.negotiation.queries import drafters_of, managers_of
from comanage.identity.actor import Actor
from comanage.identity.models import User
from comanage.notices.actions import mark_read, tell
from comanage.notices.queries import unread_under
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id


def tell_of_share(agreement: Agreement, version: AgreementVersion, *, by: Actor) -> None:
    """Tell the physicians' managers that a version is there to be read."""
    said = f"Version {version.number} of {agreement.title} is shared with you"
    _tell(agreement, managers_of(agreement), f"version-shared:{version.pk}", said, by=by)


def tell_of_proposals(agreement: Agreement, proposals: Sequence[Proposal], *, by: Actor) -> None:
    """Tell the other side what waits for it."""
    if not proposals:
        return
    first, count = proposals[0], len(proposals)
    waiting = f"{count} proposals wait" if count > 1 else f"{first} waits"
    is_theirs = first.side == Side.PHYSICIANS
    people = drafters_of(agreement) if is_theirs else managers_of(agreement)
    said = f"{waiting} for you: {agreement.title}"
    _tell(agreement, people, _key_of_wait(first), said, by=by)


def end_wait(proposal: Proposal) -> None:
    """Count what told of a proposal as read, once nothing that came with it waits any more."""
    together = Proposal.objects.filter(agreement=proposal.agreement_id, made_at=proposal.made_at)
    if not together.filter(decision=None).exists():
        mark_read(notices=unread_under(*map(_key_of_wait, together)))


def tell_of_decision(proposal: Proposal, decision: ProposalDecision, *, by: Actor) -> None:
    """Tell whoever made a proposal what became of it."""
    agreement = proposal.agreement
    said = f"{proposal} is {decision.get_outcome_display().lower()}: {agreement.title}"
    _tell(agreement, [proposal.made_by], f"decided:{proposal.pk}", said, by=by)


def _key_of_wait(first: Proposal) -> str:
    """Name the notice of proposals that came together by the first of them."""
    return f"proposed:{first.pk}"


def _tell(agreement: Agreement, users: list[User], key: str, said: str, *, by: Actor) -> None:
    tenant = Tenant.objects.get(pk=active_tenant_id())
    tell(
        users=users,
        key=key,
        subject=said,
        body="Both sides' words stand in the negotiation of the agreement.",
        path=reverse("agreements:negotiation", args=[tenant.slug, agreement.pk]),
        by=by,
    )
