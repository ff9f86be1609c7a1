"""The logic that comes with a measure: kept and shown, never executed, never dropped."""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from indicators.exchange import vocabulary as v
from indicators.exchange.concepts import concept_label
from indicators.exchange.errors import refusal
from indicators.exchange.reading import Element, extension_value
from indicators.exchange.resources import contained

SHOWN_AS_TEXT = ("text/cql", "text/plain", "text/fhirpath")


def libraries_of(measure: Element, beside: Sequence[Element]) -> list[Element]:
    """List the libraries of a measure: those inside it, and those beside it that it names."""
    named = {address.split("|")[0] for address in measure.texts("library")}
    needed = [
        part
        for part in beside
        if part.text("url").split("|")[0] in named or f"Library/{part.text('id')}" in named
    ]
    return [*contained(measure, "Library"), *needed]


def library_document(library: Element) -> dict[str, Any]:
    """Write one library: what it says of itself, its attachments, its named definitions."""
    return {
        "place": library.path,
        "id": library.text("id") or None,
        "url": library.text("url") or None,
        "version": library.text("version") or None,
        "name": library.text("name") or None,
        "title": library.text("title") or None,
        "type": concept_label(library.child("type")) or None,
        "executable_here": False,
        "attachments": [_attachment(part) for part in library.children("content")],
        "definitions": logic_definitions(library),
    }


def logic_definitions(library: Element) -> list[dict[str, str]]:
    """List the definitions that a data-requirements library spells out: library, name, words."""
    found = []
    for extension in library.extensions(*v.LOGIC_NAMES):
        said = {
            part.text("url"): extension_value(part)[1] for part in extension.children("extension")
        }
        found.append(
            {
                "library": str(said.get("libraryName", "")),
                "name": str(said.get("name", "")),
                "statement": str(said.get("statement", "")),
            }
        )
    return found


def attachment_bytes(attachment: Element) -> bytes | None:
    """Return what is inside an attachment, or None when it is elsewhere.

    Raises:
        ExchangeError: the content is not base64.
    """
    data = attachment.text("data")
    if not data:
        return None
    try:
        return b64decode("".join(data.split()), validate=True)
    except (Base64Error, ValueError):
        raise refusal(attachment.at("data"), "This must be base64.") from None


def _attachment(attachment: Element) -> dict[str, Any]:
    content = attachment_bytes(attachment)
    kind = attachment.text("contentType")
    kept: dict[str, Any] = {
        "content_type": kind or None,
        "title": attachment.text("title") or None,
        "url": attachment.text("url") or None,
        "bytes": None if content is None else len(content),
        "sha256": None if content is None else sha256(content).hexdigest(),
    }
    if content is None:
        return kept
    words = _words(content) if kind.split(";")[0] in SHOWN_AS_TEXT else None
    return kept | ({"text": words} if words is not None else {"data": attachment.text("data")})


def _words(content: bytes) -> str | None:
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
