"""The tree of an organization out of a CSV file with the columns `unit` and `parent`."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from io import StringIO
from pathlib import Path

from indicators.measure.organization import Organization, OrganizationError
from scorecards.offline.errors import OfflineError
from scorecards.offline.groups import told_apart
from scorecards.offline.headers import HeaderError, find_header

UNITS_LISTED = 20


def read_organization(path: Path) -> Organization:
    """Read the tree; a unit that reads like a label of ours is quoted, as strata are.

    Raises:
        OfflineError: it cannot be read, or is no tree.
    """
    try:
        text = path.read_text("utf-8-sig")
    except OSError as broken:
        raise OfflineError(f"{path.name} cannot be read: {broken.strerror}.") from None
    except UnicodeDecodeError:
        raise OfflineError(f"{path.name} is not UTF-8 text. Export as CSV in UTF-8.") from None
    parents = _parents(path.name, text)
    lacking = {parent for parent in parents.values() if parent and parent not in parents}
    if lacking:
        raise OfflineError(f"{path.name}: {unknown_units(lacking)}")
    try:
        return Organization(parents)
    except OrganizationError as wrong:
        raise OfflineError(f"{path.name}: {wrong}") from None


def unknown_units(units: Iterable[str]) -> str:
    """Name the units that the organization lacks, the first of them if they are many."""
    names = sorted(units)
    listed = ", ".join(f"“{name}”" for name in names[:UNITS_LISTED])
    more = len(names) - UNITS_LISTED
    rest = f" and {more:,} more" if more > 0 else ""
    return f"The organization has no unit {listed}{rest}. Add each, with what it belongs to."


def _parents(name: str, text: str) -> dict[str, str]:
    rows = csv.DictReader(StringIO(text, newline=""))
    header = [each.strip() for each in rows.fieldnames or ()]
    rows.fieldnames = header
    try:
        unit_header, parent_header = (find_header((n,), header).header for n in ("unit", "parent"))
    except HeaderError:
        raise OfflineError(f"{name} needs the columns unit and parent.") from None
    parents: dict[str, str] = {}
    for number, row in enumerate(rows, 2):
        unit, parent = ((row[each] or "").strip() for each in (unit_header, parent_header))
        if not unit or told_apart(unit) in parents:
            raise OfflineError(f"{name}, row {number}: each unit stands in one row of its own.")
        parents[told_apart(unit)] = told_apart(parent)
    return parents
