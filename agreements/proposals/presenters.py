"""Proposals as pages and papers show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from agreements.drafting.document import AgreementDocument, Clause
from agreements.negotiation.models import Outcome, Proposal, ProposalDecision, ProposedKind
from agreements.negotiation.policies import other_side
from agreements.negotiation.queries import Moments, decision_of, is_overtaken
from agreements.negotiation.redline import compare_clause
from agreements.negotiation.redline_presenters import PartReading, read_part
from agreements.negotiation.word_changes import ADD, MOVE, OMIT, Edit


@dataclass(frozen=True, slots=True)
class ProposalReading:
    """A proposal, for whom it waits or what became of it.

    Attributes:
        clause: the heading of its clause.
        after: the heading of the clause that an added or moved one would follow.
        is_stale: whether its clause was changed since the version that it is about.
    """

    proposal: Proposal
    decision: ProposalDecision | None
    clause: str
    after: str
    is_stale: bool

    @property
    def waits_for(self) -> str:
        """The side that has not answered yet."""
        return other_side(self.proposal.side).label

    @property
    def deed(self) -> str:
        """What it would do, as a sentence."""
        kind = self.proposal.kind
        if kind == ProposedKind.MOVE:
            return f"Move “{self.clause}” after “{self.after}”"
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
    moments: Moments,
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
            _without_number(headings.get(each.after, each.after)),
            decision_of(each) is None and is_overtaken(each, moments),
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
    if edit.kind == MOVE:
        new = old
    part = read_part(compare_clause(edit.key, old, new, is_moved=edit.kind == MOVE), 1, 1)
    return replace(part, where=_place(edit, document))


def _place(edit: Edit, document: AgreementDocument) -> str:
    """Say where a clause would stand, and where one that would move stands now."""
    clause, after = document.clause(edit.key), document.clause(edit.after)
    if after is None:
        return ""
    would = f"would stand after {after.number}, “{after.heading}”."
    if clause is None:
        return f"It {would}"
    before = next((each for each in document.clauses if each.number == clause.number - 1), None)
    behind = f", after “{before.heading}”" if before else ""
    return f"It stands as {clause.number}{behind}. It {would}"
