"""What the value-based performance extensions of a report say: kept as they were sent."""

from __future__ import annotations

from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.reading import Element, extension_value


def value_based_document(element: Element) -> list[dict[str, Any]]:
    """Keep what the value-based performance extensions say: score, threshold, payment stream."""
    return [
        {"name": part.text("url").removeprefix(v.VBPR), **_extension(part)}
        for part in element.children("extension")
        if part.text("url").startswith(v.VBPR)
    ]


def _extension(extension: Element) -> dict[str, Any]:
    inner = [
        {"name": part.text("url"), **_extension(part)} for part in extension.children("extension")
    ]
    kind, value = extension_value(extension)
    return ({"parts": inner} if inner else {}) | ({kind: value} if kind else {})
