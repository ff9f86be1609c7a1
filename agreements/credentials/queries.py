"""Reading licenses and searches."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery

from agreements.credentials.freshness import LISTS, Search, Searched, screening_gaps
from agreements.credentials.models import Screening
from agreements.participants.models import Participant, Physician
from agreements.terms.models import MeasurementYear
from comanage.values.period import Period


def with_searches(participants: "QuerySet[Participant]") -> "QuerySet[Participant]":
    """Read with each participant the newest search of each list, in the same query.

    A later search counts, and of one day the one that was recorded later.
    """
    newest: dict[str, Any] = {}
    for name in LISTS:
        of_list = Screening.objects.filter(physician=OuterRef("physician"), list_name=name)
        ordered = of_list.order_by("-searched_on", "-recorded_at")
        newest[f"{name}_on"] = Subquery(ordered.values("searched_on")[:1])
        newest[f"{name}_outcome"] = Subquery(ordered.values("outcome")[:1])
    return participants.select_related("physician").annotate(**newest)


def searched(participant: Participant) -> Searched:
    """Gather the searches of a participant who was read by `with_searches`."""
    return Searched(
        participant.physician.name,
        tuple(
            Search(name, getattr(participant, f"{name}_outcome"), searched_on)
            for name in LISTS
            if (searched_on := getattr(participant, f"{name}_on")) is not None
        ),
    )


def screening_gaps_of(years: Collection[MeasurementYear], *, today: date) -> dict[UUID, list[str]]:
    """Say by year what keeps those who took part in it from being paid, in one query."""
    if not years:
        return {}
    programs = {year.program_id for year in years}
    by_program: dict[UUID, list[Participant]] = defaultdict(list)
    for each in with_searches(Participant.objects.filter(program__in=programs)):
        by_program[each.program_id].append(each)
    return {
        year.pk: screening_gaps(_people(by_program[year.program_id], year.period), today=today)
        for year in years
    }


def matched_names(physicians: Iterable[Physician], lists: Iterable[str]) -> set[str]:
    """Return who the newest search of one of the lists found, in one query."""
    wanted = set(lists)
    newest: dict[tuple[UUID, str], Screening] = {}
    rows = Screening.objects.select_related("physician").filter(physician__in=list(physicians))
    for each in rows.order_by("searched_on", "recorded_at"):
        newest[each.physician_id, each.list_name] = each
    return {
        each.physician.name
        for (_, name), each in newest.items()
        if name in wanted and each.outcome != "clear"
    }


def _people(participants: Iterable[Participant], period: Period) -> list[Searched]:
    """Gather who took part on a day of a year, each once, by name."""
    people = {
        each.physician_id: searched(each)
        for each in participants
        if each.joined_on < period.end and (each.left_on is None or each.left_on > period.start)
    }
    return sorted(people.values(), key=lambda person: person.name)
