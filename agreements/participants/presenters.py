"""A program's people as their page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from agreements.credentials.freshness import Searched, screening_gaps
from agreements.credentials.models import License
from agreements.credentials.presenters import Standing, license_standing, screening_standing
from agreements.credentials.queries import searched
from agreements.governance.models import CommitteeSeat, Disclosure, Position
from agreements.governance.presenters import disclosure_standing
from agreements.participants.models import Participant
from comanage.values.period import day_text


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A physician: who they are, their days, and how their papers stand."""

    pk: UUID
    name: str
    specialty: str
    npi: str
    days: str
    license: Standing
    screening: Standing
    disclosure: Standing


@dataclass(frozen=True, slots=True)
class CommitteeLine:
    """Somebody on the committee."""

    pk: UUID
    name: str
    position: str
    organization: str
    side: str
    days: str
    can_end: bool
    disclosure: Standing


@dataclass(frozen=True, slots=True)
class Papers:
    """What is on record of people, by physician or seat.

    Attributes:
        year: the calendar year that disclosures are asked for.
    """

    licenses: Mapping[UUID, Sequence[License]]
    disclosures: Mapping[UUID, Disclosure]
    year: int


def person_lines(
    participants: Iterable[Participant], papers: Papers, *, today: date
) -> tuple[PersonLine, ...]:
    """Print physicians who were read with their searches."""
    return tuple(
        PersonLine(
            pk=each.pk,
            name=each.physician.name,
            specialty=each.physician.specialty,
            npi=each.physician.npi,
            days=_days(each.joined_on, each.left_on, "left", today=today),
            license=license_standing(papers.licenses.get(each.physician_id, ()), today=today),
            screening=screening_standing(searched(each), today=today),
            disclosure=disclosure_standing(
                papers.disclosures.get(each.physician_id), year=papers.year
            ),
        )
        for each in participants
    )


def committee_lines(
    seats: Iterable[CommitteeSeat], papers: Papers, *, today: date
) -> tuple[CommitteeLine, ...]:
    """Print the seats of the committee."""
    return tuple(
        CommitteeLine(
            pk=each.pk,
            name=each.name,
            position=each.get_position_display(),
            organization=each.organization,
            side="Outside the paid group" if each.is_outside_group else "Of the paid group",
            days=_days(each.sits_from, each.sits_until, "left", today=today),
            can_end=each.sits_until is None,
            disclosure=disclosure_standing(papers.disclosures.get(each.pk), year=papers.year),
        )
        for each in seats
    )


def attention(
    entity: Searched,
    participants: Iterable[Participant],
    seats: Sequence[CommitteeSeat],
    *,
    today: date,
) -> tuple[str, ...]:
    """Say what is to be mended of the group, those who are there or join, and the committee."""
    now = [each for each in seats if each.sits_on(today)]
    there = [
        searched(each) for each in participants if each.left_on is None or each.left_on > today
    ]
    found = screening_gaps([entity, *there], today=today)
    if now and not any(each.position == Position.CHAIR for each in now):
        found.append("Nobody chairs the committee today. Give the chair's seat to somebody.")
    if now and not any(each.is_outside_group for each in now):
        found.append(
            "Everybody on the committee belongs to the group that is paid. Seat somebody else too: "
            "what is paid for is to be set by more than those who are paid."
        )
    return tuple(found)


def _days(start: date, end: date | None, gone: str, *, today: date) -> str:
    begun = "since" if start <= today else "from"
    if end is None:
        return f"{begun} {day_text(start)}"
    return f"{begun} {day_text(start)}, {gone if end <= today else 'leaves'} {day_text(end)}"
