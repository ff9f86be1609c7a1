"""Elements of a Word document, made by their names."""

from __future__ import annotations

import re
from typing import Any

_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, /, **attributes: str) -> Any:
    """Make an element such as `w:tblHeader`; its attributes are of the same space."""
    from docx.oxml import OxmlElement

    return OxmlElement(name, {tag(f"w:{key}"): value for key, value in attributes.items()})


def tag(name: str) -> str:
    """Write a name with its space in full, as trees hold it."""
    from docx.oxml.ns import qn

    return qn(name)


def printable(text: str) -> str:
    """Leave out what no XML can hold: a control character would stop the whole document."""
    return _UNPRINTABLE.sub("", text)
