"""Files read as FHIR JSON, and elements that know their place for messages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from pathlib import Path
from typing import Any

from indicators.exchange.errors import ExchangeError, refusal
from indicators.exchange.json_text import parse_json

LARGEST_FILE = 100 * 1024 * 1024
HL7 = "http://hl7.org/fhir/"
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Element:
    """One JSON object of a resource.

    Attributes:
        value: its names and values.
        path: where it is, such as `Measure.group[0].population[2]`.
    """

    value: Mapping[str, Any]
    path: str

    def at(self, name: str) -> str:
        """Name the place of one of its elements."""
        return f"{self.path}.{name}"

    def text(self, name: str) -> str:
        """Return a text, or empty text when it is absent.

        Raises:
            ExchangeError: it is something else.
        """
        found = self.value.get(name)
        if found is None:
            return ""
        if not isinstance(found, str):
            raise refusal(self.at(name), "This must be a text.")
        return found.strip()

    def flag(self, name: str) -> bool | None:
        """Return true or false, or None when it is absent."""
        found = self.value.get(name)
        if found is not None and not isinstance(found, bool):
            raise refusal(self.at(name), "This must be true or false.")
        return found

    def number(self, name: str) -> Fraction | None:
        """Return an exact number, or None when it is absent."""
        found = self.value.get(name)
        if found is None:
            return None
        if isinstance(found, bool) or not isinstance(found, int | Decimal):
            raise refusal(self.at(name), "This must be a number, without quotes.")
        return Fraction(found)

    def child(self, name: str) -> Element | None:
        """Return an object inside, or None when it is absent."""
        found = self.value.get(name)
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise refusal(self.at(name), "This must be an object, in { }.")
        return Element(found, self.at(name))

    def children(self, name: str) -> list[Element]:
        """Return the objects of a list inside; empty when it is absent."""
        return [
            Element(_object(part, f"{self.at(name)}[{place}]"), f"{self.at(name)}[{place}]")
            for place, part in enumerate(self._list(name))
        ]

    def one_or_more(self, name: str) -> list[Element]:
        """Return objects that R4 and R5 write as a list and as one object, or the reverse."""
        if isinstance(self.value.get(name), Mapping):
            found = self.child(name)
            return [found] if found else []
        return self.children(name)

    def texts(self, name: str) -> list[str]:
        """Return the texts of a list inside; empty when it is absent."""
        found = self._list(name)
        if not all(isinstance(part, str) for part in found):
            raise refusal(self.at(name), "This must be a list of texts.")
        return [part.strip() for part in found]

    def extensions(self, *names: str) -> list[Element]:
        """Return the extensions with one of these names: whole, or HL7's without its prefix."""
        return [
            part
            for part in self.children("extension")
            if part.text("url") in names or names_of(part.text("url")) & {*names}
        ]

    def _list(self, name: str) -> list[Any]:
        found = self.value.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            raise refusal(self.at(name), "This must be a list, in [ ].")
        return found


def last_part(address: str) -> str:
    """Return what stands after the last slash or hash."""
    return address.replace("#", "/").rsplit("/", 1)[-1]


def names_of(url: str) -> set[str]:
    """Return the names of an extension: its last part, and HL7's without the guide's prefix."""
    name = last_part(url)
    return {name, name.partition("-")[2]} if url.startswith(HL7) else {name}


def extension_value(extension: Element) -> tuple[str, Any]:
    """Return the name and the value of `value[x]`: `("valueCode", "median")`, or two blanks."""
    for name, value in extension.value.items():
        if name.startswith("value"):
            return name, value
    return "", None


def read_file(path: Path) -> Element:
    """Read one file as a FHIR resource in JSON.

    Raises:
        ExchangeError: it cannot be read, is too large, not JSON, or not a resource.
    """
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise ExchangeError(
                f"This file has {size // MEGABYTE:,} MB; at most {LARGEST_FILE // MEGABYTE} MB "
                f"are read. Leave patients and value sets out of the bundle."
            )
        content = path.read_bytes()
    except OSError as wrong:
        raise ExchangeError(f"This file cannot be read: {wrong.strerror}.") from wrong
    return read_resource(_decoded(content))


def sha256_of_file(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return sha256(path.read_bytes()).hexdigest()


def read_resource(text: str) -> Element:
    """Read one FHIR resource from JSON text."""
    value = parse_json(text)
    if not isinstance(value, dict):
        raise ExchangeError("This is JSON, but not a FHIR resource: that is one object, in { }.")
    kind = value.get("resourceType")
    if not isinstance(kind, str) or not kind:
        raise ExchangeError("This is JSON, but not a FHIR resource: it has no resourceType.")
    return Element(value, kind)


def walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield every object inside, with its place, the narrative text left out."""
    if isinstance(value, Mapping):
        yield path, value
        for name, part in value.items():
            if name != "text" or not isinstance(part, Mapping) or "div" not in part:
                yield from walk(part, f"{path}.{name}")
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield from walk(part, f"{path}[{place}]")


def _decoded(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ExchangeError("This is not JSON in UTF-8, as FHIR asks for.") from None
    if text.lstrip().startswith("<"):
        raise ExchangeError("This is XML. Only FHIR in JSON is read; export it as JSON.")
    if not text.strip():
        raise ExchangeError("This file is empty.")
    return text


def _object(value: Any, path: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise refusal(path, "This must be an object, in { }.")
    return value
