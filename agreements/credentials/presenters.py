"""Licenses and searches as the page of a program's people shows them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from agreements.credentials.freshness import LICENSE_DAYS, LISTS, Searched
from agreements.credentials.models import License
from comanage.values.period import day_text


@dataclass(frozen=True, slots=True)
class Standing:
    """How something stands, in a word with its tone, and what it rests on."""

    word: str
    tone: str
    detail: str = ""


def license_standing(licenses: Iterable[License], *, today: date) -> Standing:
    """Say how a physician's licenses stand; of several in a state the one that ends last counts."""
    by_state: dict[str, License] = {}
    for each in licenses:
        if each.state not in by_state or each.valid_until > by_state[each.state].valid_until:
            by_state[each.state] = each
    if not by_state:
        return Standing("No license on record", "waiting")
    counting = sorted(by_state.values(), key=lambda each: each.valid_until)
    detail = "; ".join(
        f"{each.get_state_display()} {each.number}, to {day_text(each.last_day)}"
        for each in counting
    )
    if counting[0].valid_until <= today:
        return Standing("License ended", "concern", detail)
    if counting[0].valid_until <= today + timedelta(days=LICENSE_DAYS):
        return Standing("License ends soon", "waiting", detail)
    return Standing("Licensed", "good", detail)


def screening_standing(person: Searched, *, today: date) -> Standing:
    """Say how the searches for a person stand."""
    detail = "; ".join(
        f"{LISTS[each.list_name]} {day_text(each.searched_on)}" for each in person.searches
    )
    matches = person.matches()
    if any(each.outcome == "excluded" for each in matches):
        return Standing("Found on a list", "concern", detail)
    if matches:
        return Standing("A possible match", "concern", detail)
    if not person.searches:
        return Standing("Not looked up yet", "concern")
    if not person.is_fresh(today=today):
        return Standing("To be looked up again", "concern", detail)
    return Standing("On no list", "good", detail)
