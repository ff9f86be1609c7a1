"""A negotiation as its pages and papers show it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agreements.drafting.document import AgreementDocument, Clause, numbered
from agreements.drafting.models import AgreementVersion
from agreements.negotiation.comparison import Mark, Piece, accepted
from agreements.negotiation.models import (
    ClauseComment,
    Outcome,
    Proposal,
    ProposalDecision,
    ProposedKind,
    Side,
    VersionShare,
    WordReturn,
)
from agreements.negotiation.policies import can_share, other_side
from agreements.negotiation.queries import changed_since, decision_of, share_of
from agreements.negotiation.redline import (
    FRONT,
    ClauseRedline,
    Fate,
    Redline,
    compare_clause,
    compare_versions,
)
from agreements.negotiation.word_changes import ADD, OMIT, Edit

WORDS = {
    Fate.SAME: "Unchanged",
    Fate.CHANGED: "Changed",
    Fate.MOVED: "Moved",
    Fate.ADDED: "Added",
    Fate.REMOVED: "Taken out",
}


@dataclass(frozen=True, slots=True)
class LineReading:
    """A paragraph with its number, its marks, and what became of it as a whole."""

    label: str
    pieces: tuple[Piece, ...]
    mark: str
    is_item: bool


@dataclass(frozen=True, slots=True)
class PartReading:
    """A clause or exhibit of a redline.

    Attributes:
        place: among the changed parts, from 1; None for one that is the same.
        before, after: the places of the changed parts next to it; None for none.
    """

    key: str
    number: str
    heading: tuple[Piece, ...]
    lines: tuple[LineReading, ...]
    said: str
    place: int | None
    before: int | None
    after: int | None

    @property
    def title(self) -> str:
        """Its heading as it reads now; as it read, for one that was taken out."""
        return accepted(self.heading) or "".join(piece.text for piece in self.heading)


@dataclass(frozen=True, slots=True)
class RedlineReading:
    """A redline part by part."""

    parts: tuple[PartReading, ...]

    @property
    def changed(self) -> tuple[PartReading, ...]:
        """The parts with changes, in their order."""
        return tuple(part for part in self.parts if part.place)


def read_redline(old: AgreementDocument, new: AgreementDocument) -> RedlineReading:
    """Read two versions against each other."""
    return read_parts(compare_versions(old, new))


def read_parts(redline: Redline) -> RedlineReading:
    """Number the changed parts, so that a reader goes from one to the next."""
    count = sum(part.fate != Fate.SAME for part in redline.parts)
    parts, place = [], 0
    for part in redline.parts:
        is_changed = part.fate != Fate.SAME
        place += is_changed
        parts.append(_part(part, place if is_changed else None, count))
    return RedlineReading(tuple(parts))


def _part(part: ClauseRedline, place: int | None, count: int) -> PartReading:
    return PartReading(
        key=part.key,
        number=_numbers(part),
        heading=part.heading,
        lines=tuple(_lines(part)),
        said=_said(part),
        place=place,
        before=place - 1 if place and place > 1 else None,
        after=place + 1 if place and place < count else None,
    )


def _said(part: ClauseRedline) -> str:
    said = WORDS[part.fate]
    return f"{said} and moved" if part.is_moved and part.fate == Fate.CHANGED else said


def _numbers(part: ClauseRedline) -> str:
    """Say the number of a clause in both versions; an exhibit says its own in its heading."""
    if not _is_clause(part):
        return ""
    old, new = part.old_number, part.new_number
    if old is None or new is None or old == new:
        return f"{new or old}."
    return f"{old}. → {new}."


def _is_clause(part: ClauseRedline) -> bool:
    return part.key != FRONT and not part.key.startswith("exhibit-")


def _lines(part: ClauseRedline) -> Iterator[LineReading]:
    """Number the paragraphs that are there now; one that was taken out has no number."""
    kept = tuple(accepted(each.pieces) for each in part.paragraphs if each.mark != Mark.DELETED)
    labels = iter([label for label, _ in numbered(Clause("", part.new_number or 0, "", kept))])
    for each in part.paragraphs:
        label = "" if each.mark == Mark.DELETED else next(labels)
        is_item = label.startswith("(")
        shown = label if _is_clause(part) and part.new_number and not is_item else ""
        yield LineReading(shown, each.pieces, each.mark.value, is_item)


@dataclass(frozen=True, slots=True)
class VersionReading:
    """A version with who reads it."""

    version: AgreementVersion
    share: VersionShare | None
    can_share: bool


def read_versions(
    versions: Iterable[AgreementVersion], *, may_share: bool
) -> tuple[VersionReading, ...]:
    """Read the versions with their shares at hand."""
    return tuple(
        VersionReading(
            each, share_of(each), may_share and can_share(each.agreement, share_of(each))
        )
        for each in versions
    )


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
    return _part(compare_clause(edit.key, old, new, is_moved=False), 1, 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the log: when, who, and what they did."""

    at: datetime
    name: str
    side: str
    said: str
    about: str


def read_log(
    versions: Iterable[AgreementVersion],
    readings: Iterable[ProposalReading],
    returns: Iterable[WordReturn],
) -> tuple[Entry, ...]:
    """Tell who shared, proposed and agreed what and when, the newest first."""
    entries = [
        *_shares(versions),
        *_proposals(readings),
        *(
            Entry(
                each.received_at,
                each.received_by.name,
                Side(each.side).label,
                f"Sent a Word file of version {each.version.number}",
                each.reason,
            )
            for each in returns
        ),
    ]
    return tuple(sorted(entries, key=lambda entry: (entry.at, entry.said), reverse=True))


def _shares(versions: Iterable[AgreementVersion]) -> Iterator[Entry]:
    for each in versions:
        share = share_of(each)
        if share is not None:
            said = f"Shared version {each.number} with the physicians"
            yield Entry(share.shared_at, share.shared_by.name, Side.HOSPITAL.label, said, each.note)


def _proposals(readings: Iterable[ProposalReading]) -> Iterator[Entry]:
    for each in readings:
        proposal, decision = each.proposal, each.decision
        deed = f"{each.deed[:1].lower()}{each.deed[1:]}"
        yield Entry(
            proposal.made_at,
            proposal.made_by.name,
            Side(proposal.side).label,
            f"Proposed to {deed} (proposal {proposal.number})",
            proposal.reason,
        )
        if decision is not None:
            yield Entry(
                decision.decided_at,
                decision.decided_by.name,
                Side(decision.side).label,
                f"{decision.get_outcome_display()} proposal {proposal.number}: {deed}",
                decision.note,
            )


@dataclass(frozen=True, slots=True)
class CommentReading:
    """A comment with the clause it is about."""

    comment: ClauseComment
    clause: str


def read_comments(
    comments: Sequence[ClauseComment], headings: Mapping[str, str]
) -> tuple[CommentReading, ...]:
    """Read comments, the newest first."""
    return tuple(
        CommentReading(each, headings.get(each.key, each.key)) for each in reversed(comments)
    )
