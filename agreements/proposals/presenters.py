"""Proposals as pages and papers show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from agreements.drafting.document import AgreementDocument, Clause
from agreements.negotiation.models import Outcome, Proposal, ProposalDecision, ProposedKind
from agreements.negotiation.policies import other_side
from agreements.negotiation.queries import changed_since, decision_of
from agreements.negotiation.redline import compare_clause
from agreements.negotiation.redline_presenters import PartReading, read_part
from agreements.negotiation.word_changes import ADD, OMIT, Edit


@dataclass(frozen=True, slots=True)
class ProposalReading:
    """A proposal, for whom it waits or what became of it.

    Attributes:
        is_stale: whether its clause was changed since the version that it is about.
    """

    proposal: Proposal
    decision: ProposalDecision | None
    clause: str
    is_stale: bool

    @property
    def waits_for(self) -> str:
        """The side that has not answered yet."""
        return other_side(self.proposal.side).label

    @property
    def deed(self) -> str:
        """What it would do, as a sentence."""
        kind = self.proposal.kind
        if kind == ProposedKind.ADD:
            return f"Add “{self.proposal.heading}”"
        return f"{'Leave out' if kind == ProposedKind.OMIT else 'Change'} “{self.clause}”"

    @property
    def tone(self) -> str:
        """The tone of its status."""
        if self.decision is None:
            return "waiting"
        return "good" if self.decision.outcome == Outcome.ACCEPTED else "quiet"

    @property
    def status(self) -> str:
        """Where it stands, in words."""
        if self.decision is not None:
            return self.decision.get_outcome_display()
        stale = ", and out of date" if self.is_stale else ""
        return f"Waits for the {self.waits_for.lower()}{stale}"


def read_proposals(
    proposals: Iterable[Proposal],
    headings: Mapping[str, str],
    moments: Mapping[str, datetime],
) -> tuple[ProposalReading, ...]:
    """Read proposals.

    Args:
        proposals: with what became of them at hand.
        headings: of the clauses, by key.
        moments: when each clause was changed last.
    """
    return tuple(
        ProposalReading(
            each,
            decision_of(each),
            _without_number(headings.get(each.key, each.key)),
            decision_of(each) is None and each.key in changed_since(moments, each.version),
        )
        for each in proposals
    )


def _without_number(title: str) -> str:
    """Say a clause by its heading alone: its number is another one in the next version."""
    number, _, heading = title.partition(". ")
    return heading if number.isdigit() else title


def read_proposed(edit: Edit, document: AgreementDocument) -> PartReading:
    """Read a proposed edit against the clause of its version."""
    old = None if edit.kind == ADD else document.clause(edit.key)
    number = old.number if old else 0
    new = None if edit.kind == OMIT else Clause(edit.key, number, edit.heading, edit.paragraphs)
    return read_part(compare_clause(edit.key, old, new, is_moved=False), 1, 1)
