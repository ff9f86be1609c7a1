"""What was said in a negotiation, as its pages and papers show it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from agreements.drafting.models import AgreementVersion
from agreements.negotiation.models import ClauseComment, Side, VersionShare, WordReturn
from agreements.negotiation.policies import can_share
from agreements.negotiation.queries import share_of
from agreements.proposals.presenters import ProposalReading


@dataclass(frozen=True, slots=True)
class VersionReading:
    """A version with who reads it.

    Attributes:
        follows: whether an earlier one was shared, against which Word tracks its changes.
    """

    version: AgreementVersion
    share: VersionShare | None
    can_share: bool
    follows: bool


def read_versions(
    versions: Sequence[AgreementVersion], *, may_share: bool
) -> tuple[VersionReading, ...]:
    """Read the versions, the newest first, with their shares at hand."""
    shared = [each.number for each in versions if share_of(each) is not None]
    return tuple(
        VersionReading(
            each,
            share_of(each),
            may_share and can_share(each.agreement, share_of(each)),
            follows=any(number < each.number for number in shared),
        )
        for each in versions
    )


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
