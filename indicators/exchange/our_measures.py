"""A Measure that we exported: its definition travels inside, and comes back exactly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.errors import ExchangeError, quoted, refusal
from indicators.exchange.json_text import parse_json
from indicators.exchange.libraries_in import attachment_bytes
from indicators.exchange.reading import Element
from indicators.measure.definition import Definition, DefinitionError


def own_definition(libraries: Sequence[Element]) -> Definition | None:
    """Return the definition inside a Measure of ours, or None when there is none.

    Raises:
        ExchangeError: it cannot be read.
    """
    for attachment in (part for library in libraries for part in library.children("content")):
        if attachment.text("contentType") == v.DEFINITION_TYPE:
            return _definition(attachment)
    return None


def check_same(definition: Definition, groups: Sequence[dict[str, Any]]) -> None:
    """Refuse a measure whose populations were changed and the definition inside was not."""
    if len(groups) != 1:
        raise ExchangeError("A measure with its definition inside has one group.")
    for population in groups[0]["populations"]:
        criteria = population["criteria"] or {}
        field = population["id"] or ""
        expected = getattr(definition, field, None) or v.EVERY_CASE
        if not criteria.get("executable_here") or criteria.get("expression") != expected:
            raise refusal(
                f"{groups[0]['place']}.population",
                f"The criteria of {quoted(field)} differ from those of the definition inside. "
                f"Export the measure again.",
            )


def _definition(attachment: Element) -> Definition:
    try:
        content = (attachment_bytes(attachment) or b"").decode()
        return Definition.from_document(parse_json(content))
    except (UnicodeDecodeError, ExchangeError, DefinitionError) as wrong:
        raise refusal(attachment.path, f"The definition inside cannot be read: {wrong}") from wrong
