"""Reading licenses and searches."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agreements.credentials.freshness import LISTS, Search, Searched, screening_gaps
from agreements.credentials.models import Screening
from agreements.participants.models import Participant, Physician, PhysicianGroup
from agreements.programs.models import Program
from agreements.terms.models import MeasurementYear
from comanage.values.period import Period

_PARTS = ("on", "outcome")


def with_searches(participants: "QuerySet[Participant]") -> "QuerySet[Participant]":
    """Read with each participant the newest search of each list, in the same query.

    A later search counts, and of one day the one that was recorded later.
    """
    newest = _newest(physician=OuterRef("physician"))
    return participants.select_related("physician").annotate(**newest)


def with_entities(programs: "QuerySet[Program]") -> "QuerySet[Program]":
    """Read with each program the newest search of each list for its group, in the same query."""
    return programs.annotate(
        entity=JSONObject(name=F("group__name"), **_newest(group=OuterRef("group")))
    )


def entity_searched(program: Program) -> Searched:
    """Gather the searches for the group of a program that was read by `with_entities`."""
    return _searched(vars(program)["entity"])


def _newest(**whom: OuterRef) -> dict[str, Subquery]:
    newest: dict[str, Subquery] = {}
    for name in LISTS:
        of_list = Screening.objects.filter(**whom, list_name=name)
        ordered = of_list.order_by("-searched_on", "-recorded_at")
        newest[f"{name}_on"] = Subquery(ordered.values("searched_on")[:1])
        newest[f"{name}_outcome"] = Subquery(ordered.values("outcome")[:1])
    return newest


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
    """Read with each year its program's group and who takes part, with their searches; no query."""
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
    entity = JSONObject(name=F("program__group__name"), **_newest(group=OuterRef("program__group")))
    return years.annotate(roster=ArraySubquery(roster), entity=entity)


def screening_gaps_of(years: Iterable[MeasurementYear], *, today: date) -> dict[UUID, list[str]]:
    """Say by year what keeps its group and those who took part in it from being paid; no query.

    Args:
        years: read by `with_rosters`.
        today: at the hospital.
    """
    return {
        year.pk: screening_gaps(
            [_searched(vars(year)["entity"]), *_people(vars(year)["roster"], year.period)],
            today=today,
        )
        for year in years
    }


def matched_names(
    physicians: Iterable[Physician], group: PhysicianGroup | None, lists: Iterable[str]
) -> set[str]:
    """Return who the newest search of one of the lists found, in one query."""
    wanted = set(lists)
    newest: dict[tuple[str, str], Screening] = {}
    whom = Q(physician__in=list(physicians)) | Q(group__isnull=False, group=group)
    rows = Screening.objects.select_related("physician", "group").filter(whom)
    for each in rows.order_by("searched_on", "recorded_at"):
        newest[each.whom, each.list_name] = each
    return {
        each.whom
        for (_, name), each in newest.items()
        if name in wanted and each.outcome != "clear"
    }


def _people(roster: Iterable[Mapping[str, Any]], period: Period) -> list[Searched]:
    """Gather who took part on a day of a year, each once, by name."""
    people = {
        each["key"]: _searched(each)
        for each in roster
        if date.fromisoformat(each["joined_on"]) < period.end
        and (each["left_on"] is None or date.fromisoformat(each["left_on"]) > period.start)
    }
    return sorted(people.values(), key=lambda person: person.name)


def _searched(found: Mapping[str, Any]) -> Searched:
    """Read a name with its searches, as the database wrote them."""
    return Searched(
        found["name"],
        tuple(
            Search(name, found[f"{name}_outcome"], date.fromisoformat(searched_on))
            for name in LISTS
            if (searched_on := found[f"{name}_on"]) is not None
        ),
    )
