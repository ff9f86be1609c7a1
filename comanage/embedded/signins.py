"""The demo's sign-ins as lines for a terminal."""

from collections.abc import Mapping


def sign_in_lines(document: object) -> list[str]:
    """Set the sign-ins out in columns; `document` is what `manage.py demo --json` printed."""
    rows = document.get("sign_ins") if isinstance(document, Mapping) else document
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        return []
    heads = list(dict.fromkeys(str(key) for row in rows for key in row))
    table = [heads, *([str(row.get(head, "")) for head in heads] for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True))
        for line in table
    ]
    return ["", "Demo sign-ins", *(f"  {line}".rstrip() for line in lines)]
