"""Rows are locked without their key, so that whoever points to one need not wait for it.

A deed writes its event, and as it ends its foreign keys lock the keys of the rows they point to.
Another that has one of these rows with its key, and waits to write its own event, waits for ever:
PostgreSQL ends one of the two, and a machine sees a 500.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("comanage", "indicators", "agreements", "scorecards", "adjudication")

# The row itself goes. No part of the file may slip in meanwhile; keeping one writes no event.
WITH_THEIR_KEY = {
    ("scorecards/parts/actions.py", "drop_parts"),
    ("scorecards/retention/actions.py", "destroy_parts"),
}


def locks(room: str) -> Iterator[tuple[tuple[str, str], bool]]:
    """Yield where a row is locked, and whether that leaves its key free."""
    for path in sorted((ROOT / room).rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef):
                place = (path.relative_to(ROOT).as_posix(), function.name)
                yield from (
                    (place, leaves_key(call)) for call in ast.walk(function) if is_lock(call)
                )


def is_lock(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
    )


def leaves_key(call: ast.Call) -> bool:
    return any(
        each.arg == "no_key" and isinstance(each.value, ast.Constant) and each.value.value is True
        for each in call.keywords
    )


def test_a_row_is_locked_without_its_key_unless_it_goes():
    found = [lock for room in ROOMS for lock in locks(room)]

    assert {place for place, is_free in found if not is_free} == WITH_THEIR_KEY
    assert len(found) > len(WITH_THEIR_KEY)
