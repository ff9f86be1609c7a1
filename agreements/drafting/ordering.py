"""In which order clauses stand: the standard's, with what was added and what was moved. Pure.

Changes are gone through in the order they were made, so that each one finds the clauses where
whoever made it saw them. Also clauses that are left out keep their place: others follow them.
"""

from collections.abc import Iterable

from agreements.drafting.facts import Change

MOVE = "move"


def order_of(standard: Iterable[str], changes: Iterable[Change]) -> list[str]:
    """Put the keys of all clauses in their order.

    Args:
        standard: the keys of its clauses, in its order.
        changes: those that hold, in the order they were made.
    """
    order = list(standard)
    follows: dict[str, str] = {}
    for change in changes:
        if change.kind == MOVE:
            _move(order, change)
        elif change.after and change.key not in order:
            order.insert(_place_behind(change.after, order, follows), change.key)
            follows[change.key] = change.after
    return order


def _move(order: list[str], change: Change) -> None:
    """Put a clause right after another; nothing happens where either is not there."""
    if change.key in order and change.after in order and change.key != change.after:
        order.remove(change.key)
        order.insert(order.index(change.after) + 1, change.key)


def _place_behind(key: str, order: list[str], follows: dict[str, str]) -> int:
    """Find the place of an added clause: behind those that were added there before it."""
    if key not in order:  # it follows a clause that the standard has no more
        return len(order)
    place = order.index(key) + 1
    while place < len(order) and _leads_to(order[place], key, follows):
        place += 1
    return place


def _leads_to(key: str, wanted: str, follows: dict[str, str]) -> bool:
    while key in follows:
        key = follows[key]
        if key == wanted:
            return True
    return False
