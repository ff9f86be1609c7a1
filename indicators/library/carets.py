"""Where in a criterion something is wrong: the line, and a caret under the character."""

from dataclasses import dataclass

LONGEST_LEAD = 24
LONGEST_EXCERPT = 60


@dataclass(frozen=True, slots=True)
class Caret:
    """Two lines of the same width: what was written, and a caret under one character."""

    excerpt: str
    pointer: str


def caret_at(text: str, position: int) -> Caret:
    """Cut out the line that a character stands on, and point to it.

    Args:
        text: as it was written.
        position: the character, from 1; one past the end points behind the last.
    """
    offset = min(max(position - 1, 0), len(text))
    line_start = text.rfind("\n", 0, offset) + 1
    start = max(line_start, offset - LONGEST_LEAD)
    line_end = text.find("\n", offset)
    end = min(len(text) if line_end < 0 else line_end, start + LONGEST_EXCERPT)
    before = "…" if start > line_start else ""
    after = "…" if end < (len(text) if line_end < 0 else line_end) else ""
    shown = text[start:end].replace("\t", " ").replace("\r", " ")
    return Caret(f"{before}{shown}{after}", " " * (len(before) + offset - start) + "^")
