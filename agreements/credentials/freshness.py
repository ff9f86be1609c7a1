"""Whether the people who are to be paid were looked up lately, and may be paid. Pure.

Source:
    42 CFR 1001.1901(b) and 42 U.S.C. 1320a-7a(a)(6): no payment for what an excluded person
    furnishes or manages. The OIG's Special Advisory Bulletin of 8 May 2013 on the effect of
    exclusion: the LEIE is updated monthly, so that a monthly search best limits what can be
    missed. SAM holds the exclusions of all agencies (2 CFR part 180).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from comanage.values.period import day_text

STALE_AFTER_DAYS = 31
LICENSE_DAYS = 60
LISTS = {"leie": "LEIE", "sam": "SAM"}
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Search:
    """The newest search of one list for one person."""

    list_name: str
    outcome: str
    searched_on: date


@dataclass(frozen=True, slots=True)
class Searched:
    """A person with the newest search of each list; a list that nobody searched is not there."""

    name: str
    searches: tuple[Search, ...]

    def matches(self) -> list[Search]:
        """List the searches that found, or may have found, the person."""
        return [each for each in self.searches if each.outcome != "clear"]

    def is_fresh(self, *, today: date) -> bool:
        """Say whether every list was searched within the last 31 days."""
        since = today - timedelta(days=STALE_AFTER_DAYS)
        fresh = {each.list_name for each in self.searches if each.searched_on >= since}
        return fresh == LISTS.keys()


@dataclass(frozen=True, slots=True)
class Gap:
    """What keeps people from being paid, and what ends that.

    Attributes:
        is_match: whether somebody stands on a list, as far as the newest search knows.
    """

    what: str
    way_out: str
    is_match: bool = False

    def __str__(self) -> str:
        return f"{self.what} {self.way_out}"


def screening_gaps(people: Iterable[Searched], *, today: date) -> list[str]:
    """Say what keeps people from being paid and what ends that; arguments as below."""
    return [str(gap) for gap in screening_found(people, today=today)]


def screening_found(people: Iterable[Searched], *, today: date) -> list[Gap]:
    """List what keeps people from being paid: each match, then everybody whose search is old.

    Args:
        people: who would be paid, each once.
        today: at the hospital.
    """
    listed = list(people)
    found = [_match(person, each) for person in listed for each in person.matches()]
    old = [person.name for person in listed if not person.is_fresh(today=today)]
    if old:
        found.append(
            Gap(
                f"The LEIE and SAM were not both searched in the last {STALE_AFTER_DAYS} days for "
                f"{names_text(old)}.",
                "Search them, and record what was found with the program's people.",
            )
        )
    return found


def names_text(names: Iterable[str]) -> str:
    """Name a few people, and count the others: `A, B, C and 4 more`."""
    listed = list(names)
    more = len(listed) - MOST_NAMED
    if more > 0:
        return f"{', '.join(listed[:MOST_NAMED])} and {more} more"
    return " and ".join(filter(None, (", ".join(listed[:-1]), listed[-1])))


def _match(person: Searched, search: Search) -> Gap:
    where = f"the {LISTS[search.list_name]} on {day_text(search.searched_on)}"
    if search.outcome == "possible":
        return Gap(
            f"{person.name} may be on {where}.",
            "Verify it with the agency, and record a new search that says how it was cleared.",
        )
    return Gap(
        f"{person.name} was found on {where}.",
        "Nobody is paid while that stands: ask legal counsel, and record a new search when it "
        "ends.",
        is_match=True,
    )
