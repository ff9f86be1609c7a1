"""Whether those who took part may be paid and practice, as the report prints it.

Pure: from the year's records. That nobody unsearched is paid is a hold of the year; here stands
what was found.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from agreements.credentials.freshness import LISTS, Search, Searched, screening_gaps
from comanage.values.period import Period, day_text

Document = Mapping[str, Any]
Row = dict[str, str]


def people_in_order(
    people: Sequence[Document],
    *,
    as_of: date,
    period: Period,
    group: Document | None = None,
) -> list[Row]:
    """Hold the searches and licenses on file against what a payment needs.

    Args:
        people: of the records, with their searches in time order.
        group: as an entity, with its searches; None in records of before it was looked up.
        as_of: the day of which the records tell.
        period: the year.
    """
    return [_searches([*([group] if group else ()), *people], as_of), _licenses(people, period)]


def _searches(people: Sequence[Document], as_of: date) -> Row:
    searched = [_searched(each) for each in people]
    gaps = screening_gaps(searched, today=as_of)
    found = "; ".join(
        f"{person.name}: "
        + ", ".join(
            f"{LISTS[each.list_name]} {day_text(each.searched_on)}" for each in person.searches
        )
        for person in searched
        if person.searches
    )
    return {
        "what": "Nobody excluded is paid: LEIE and SAM searched",
        "state": "Open" if gaps else "Met",
        "finding": " ".join(gaps) or f"Nobody is on a list. {found or 'Nobody took part'}.",
    }


def _searched(person: Document) -> Searched:
    """Take the newest search of each list."""
    newest = {each["list"]: each for each in person["searches"]}
    return Searched(
        person["name"],
        tuple(
            Search(name, newest[name]["outcome"], date.fromisoformat(newest[name]["searched_on"]))
            for name in LISTS
            if name in newest
        ),
    )


def _licenses(people: Sequence[Document], period: Period) -> Row:
    """Name the licenses on file; nobody here judges which state's a physician needs."""
    lacking = [each["name"] for each in people if not _holds(each, period)]
    found = "; ".join(
        f"{each['name']}: "
        + ", ".join(
            f"{license_['state']} through {day_text(date.fromisoformat(license_['last_day']))}"
            for license_ in each["licenses"]
        )
        for each in people
        if each["licenses"]
    )
    lack = f"None for the whole year is on file of {', '.join(lacking)}." if lacking else ""
    return {
        "what": "Licenses",
        "state": "Not recorded" if lacking else "Met",
        "finding": " ".join(filter(None, (lack, f"{found}." if found else ""))),
    }


def _holds(person: Document, period: Period) -> bool:
    return any(date.fromisoformat(each["last_day"]) >= period.last for each in person["licenses"])
