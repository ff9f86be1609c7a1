"""Who may say what about a version, and who decides."""

from agreements.drafting.document import AgreementDocument, Clause
from agreements.drafting.models import Agreement
from agreements.drafting.policies import check_can_draft
from agreements.negotiation.models import (
    Proposal,
    ProposalDecision,
    ProposedKind,
    Side,
    VersionShare,
    WordReturn,
)
from agreements.negotiation.redline import FRONT, exhibit_key
from agreements.negotiation.word_changes import MOVE, REPLACE, Edit
from comanage.identity.actor import Actor
from comanage.web.errors import PolicyError


def side_of(by: Actor) -> Side:
    """Say for whom somebody speaks: those who are bound to their programs are physicians."""
    return Side.PHYSICIANS if by.sees_only_own_programs else Side.HOSPITAL


def other_side(side: str) -> Side:
    """Return the other one."""
    return Side.HOSPITAL if side == Side.PHYSICIANS else Side.PHYSICIANS


def check_can_share(agreement: Agreement, share: VersionShare | None) -> None:
    """Raise PolicyError unless a version waits to be shared."""
    if share is not None:
        raise PolicyError("The physicians' side reads this version already.")
    if not agreement.is_live:
        raise PolicyError("The agreement is over, so nothing of it is shared any more.")


def can_share(agreement: Agreement, share: VersionShare | None) -> bool:
    """Say whether the button to share should be shown."""
    return share is None and agreement.is_live


def check_can_comment(agreement: Agreement, document: AgreementDocument, key: str) -> None:
    """Raise PolicyError unless the agreement is live and has such a part."""
    if not agreement.is_live:
        raise PolicyError("The agreement is over, so nothing is said about it any more.")
    if key not in parts_of(document):
        raise PolicyError("There is no such clause. Choose one of the version's.")


def parts_of(document: AgreementDocument) -> dict[str, str]:
    """Name everything that can be commented on, by its key."""
    clauses = {each.key: f"{each.number}. {each.heading}" for each in document.clauses}
    exhibits = {exhibit_key(each): f"{each.name}: {each.title}" for each in document.exhibits}
    return {FRONT: "Parties and term"} | clauses | exhibits


def check_can_propose(agreement: Agreement, share: VersionShare | None) -> None:
    """Raise PolicyError unless changes of a version can be proposed."""
    check_can_draft(agreement)
    if share is None:
        raise PolicyError(
            "The physicians' side does not read this version yet. Share it first, so that both "
            "sides speak of the same text."
        )


def can_propose(agreement: Agreement, share: VersionShare | None) -> bool:
    """Say whether the forms to propose should be shown."""
    return agreement.is_drafted and share is not None


def check_edit(edit: Edit, document: AgreementDocument) -> None:
    """Raise PolicyError unless an edit is of a clause of the version, and changes it."""
    named = [key for key in (edit.key, edit.after) if key]
    if not named or any(document.clause(key) is None for key in named):
        raise PolicyError("There is no such clause. Choose one of the version's.")
    clause = document.clause(named[0])
    if edit.kind == MOVE and edit.after in {edit.key, key_before(edit.key, document)}:
        raise PolicyError("The clause stands there already. Choose another place.", field="after")
    if clause and edit.kind == REPLACE and _says_the_same(edit, clause):
        raise PolicyError("Nothing is changed yet. Change the words, then send the proposal.")


def key_before(key: str, document: AgreementDocument) -> str:
    """Return the key of the clause that one stands after; empty for the first."""
    keys = ["", *(each.key for each in document.clauses)]
    return keys[keys.index(key) - 1]


def _says_the_same(edit: Edit, clause: Clause) -> bool:
    return (edit.heading, edit.paragraphs) == (clause.heading, clause.paragraphs)


def check_can_decide(
    proposal: Proposal, decision: ProposalDecision | None, *, is_overtaken: bool, by: Actor
) -> None:
    """Raise PolicyError unless a proposal waits for this person's side.

    Args:
        proposal: to be decided on.
        decision: what was said of it; None while it waits.
        is_overtaken: whether what it is about was changed since its version.
        by: who decides.
    """
    _check_waits(decision)
    if proposal.made_by_id == by.user_id or proposal.side == side_of(by):
        raise PolicyError(
            "Nobody decides on a proposal of their own side. The other side accepts or declines it."
        )
    if is_overtaken:
        done = "moved" if proposal.kind == ProposedKind.MOVE else "changed"
        raise PolicyError(
            f"The clause was {done} since the version that the proposal is about. Decline it, or "
            "ask for one that begins with the newest version."
        )


def check_can_decline(proposal: Proposal, decision: ProposalDecision | None, *, by: Actor) -> None:
    """Raise PolicyError unless this person's side may say no; also to what is out of date."""
    check_can_decide(proposal, decision, is_overtaken=False, by=by)


def check_can_withdraw(proposal: Proposal, decision: ProposalDecision | None, *, by: Actor) -> None:
    """Raise PolicyError unless a proposal of the person's own side waits."""
    _check_waits(decision)
    if proposal.side != side_of(by):
        raise PolicyError("Only the side that made a proposal withdraws it. Decline it instead.")


def check_comes_first(earlier: WordReturn | None) -> None:
    """Raise PolicyError for a Word file that was sent before."""
    if earlier is not None:
        raise PolicyError(
            f"{earlier.received_by.name} sent this very file before. Its changes are proposals "
            f"already."
        )


def _check_waits(decision: ProposalDecision | None) -> None:
    if decision is not None:
        raise PolicyError(f"This proposal is {decision.get_outcome_display().lower()} already.")
