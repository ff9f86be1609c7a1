"""Reading licenses and searches."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agreements.credentials.freshness import LISTS, Search, Searched, screening_gaps
from agreements.credentials.models import Screening
from agreements.participants.models import Participant, Physician
from agreements.terms.models import MeasurementYear
from comanage.values.period import Period

_PARTS = ("on", "outcome")


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


def with_rosters(years: "QuerySet[MeasurementYear]") -> "QuerySet[MeasurementYear]":
    """Read with each year who takes part in its program, and their searches, in the same query."""
    participants = Participant.objects.filter(program=OuterRef("program")).order_by()
    searches = {f"{name}_{part}": F(f"{name}_{part}") for name in LISTS for part in _PARTS}
    person = JSONObject(
        key=F("physician_id"),
        name=F("physician__name"),
        joined_on=F("joined_on"),
        left_on=F("left_on"),
        **searches,
    )
    roster = with_searches(participants).values_list(person)
    return years.annotate(roster=ArraySubquery(roster))


def screening_gaps_of(years: Iterable[MeasurementYear], *, today: date) -> dict[UUID, list[str]]:
    """Say by year what keeps those who took part in it from being paid; no query.

    Args:
        years: read by `with_rosters`.
        today: at the hospital.
    """
    return {
        year.pk: screening_gaps(_people(vars(year)["roster"], year.period), today=today)
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


def _people(roster: Iterable[Mapping[str, Any]], period: Period) -> list[Searched]:
    """Gather who took part on a day of a year, each once, by name."""
    people = {
        each["key"]: Searched(
            each["name"],
            tuple(
                Search(name, each[f"{name}_outcome"], date.fromisoformat(searched_on))
                for name in LISTS
                if (searched_on := each[f"{name}_on"]) is not None
            ),
        )
        for each in roster
        if date.fromisoformat(each["joined_on"]) < period.end
        and (each["left_on"] is None or date.fromisoformat(each["left_on"]) > period.start)
    }
    return sorted(people.values(), key=lambda person: person.name)
