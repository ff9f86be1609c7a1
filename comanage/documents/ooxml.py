"""Elements of a Word document, made by their names."""

from __future__ import annotations

from typing import Any


def element(name: str, /, **attributes: str) -> Any:
    """Make an element such as `w:tblHeader`; its attributes are of the same space."""
    from docx.oxml import OxmlElement

    return OxmlElement(name, {tag(f"w:{key}"): value for key, value in attributes.items()})


def tag(name: str) -> str:
    """Write a name with its space in full, as trees hold it."""
    from docx.oxml.ns import qn

    return qn(name)
