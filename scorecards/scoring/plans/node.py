"""Reads one object of a document field by field, and notes everything that is wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar, cast

from comanage.values.rounding import NumberTextError, fraction_from_text
from scorecards.scoring.plans.numbers import ZERO, Input, Number, Rounding

T = TypeVar("T")
SLUG = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
LONGEST_TEXT = 2_000
MOST_OBJECTS = 2_000
REQUIRED: Any = object()
HOWS = ("half_up", "half_even", "half_away", "down", "up")


@dataclass(frozen=True, slots=True)
class PlanProblem:
    """One thing that is wrong with a plan: where, what, and what to do."""

    place: str
    message: str

    def __str__(self) -> str:
        """One sentence."""
        return f"{self.place}: {self.message}" if self.place else self.message


class PlanDocumentError(ValueError):
    """A plan that cannot be used, with everything that is wrong with it."""

    def __init__(self, problems: Sequence[PlanProblem]) -> None:
        """Keep the problems beside their words."""
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


class Node:
    """An object of the document; a wrong field is noted and stands in as something harmless."""

    def __init__(self, document: object, place: str, problems: list[PlanProblem]) -> None:
        """Begin; `problems` is shared by the whole document."""
        self.place, self.problems = place, problems
        self.is_object = isinstance(document, dict)
        self._fields = cast("dict[str, Any]", document) if self.is_object else {}
        self._seen: set[str] = set()
        if not self.is_object:
            self.wrong("", "This takes an object with named fields.")

    def wrong(self, name: str, message: str) -> None:
        """Note what is wrong with a field; empty for the object itself."""
        place = f"{self.place}.{name}" if self.place and name else self.place or name
        self.problems.append(PlanProblem(place, message))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields that are there."""
        return tuple(map(str, self._fields))

    def has(self, name: str) -> bool:
        """Say whether a field is there."""
        return self._fields.get(name) is not None

    def take(self, name: str, default: Any = REQUIRED) -> Any:
        """Take a field as it is; None where it is absent and required, which is noted."""
        self._seen.add(name)
        value = self._fields.get(name)
        if value is not None:
            return value
        if default is REQUIRED and self.is_object:
            self.wrong(name, "This is needed.")
        return None if default is REQUIRED else default

    def text(self, name: str, default: Any = REQUIRED) -> str:
        """Take a text."""
        value = self.take(name, default)
        if (
            isinstance(value, str)
            and len(value) <= LONGEST_TEXT
            and (value.strip() or default == "")
        ):
            return value
        if value is not None:
            self.wrong(name, "This field takes text, up to 2,000 characters.")
        return ""

    def slug(self, name: str) -> str:
        """Take a short name."""
        value = self.text(name)
        if value and not SLUG.fullmatch(value):
            self.wrong(name, "A short name has small letters, digits and single hyphens.")
        return value

    def number(self, name: str, default: Any = REQUIRED) -> Number:
        """Take a number, or the name of an input."""
        value = self.take(name, default)
        if isinstance(value, Fraction):
            return value
        if isinstance(value, dict):
            node = Node(value, f"{self.place}.{name}" if self.place else name, self.problems)
            found = Input(node.text("input"))
            node.close()
            return found
        return self._fraction(name, value)

    def optional(self, name: str) -> Number | None:
        """Take a number that may be left out."""
        return self.number(name) if self.has(name) else self.take(name, None)

    def exact(self, name: str, default: Any = REQUIRED) -> Fraction:
        """Take a number that must stand in the plan itself."""
        value = self.take(name, default)
        return value if isinstance(value, Fraction) else self._fraction(name, value)

    def optional_exact(self, name: str) -> Fraction | None:
        """Take a number of the plan that may be left out."""
        return self.exact(name) if self.has(name) else self.take(name, None)

    def _fraction(self, name: str, value: object) -> Fraction:
        if type(value) is int:
            return Fraction(value)
        if isinstance(value, str):
            try:
                return fraction_from_text(value)
            except NumberTextError:
                pass
        if value is not None:
            self.wrong(
                name, 'This field takes an exact number, such as "0.085", "8.5%" or "53/660".'
            )
        return ZERO

    def whole(self, name: str, default: Any = REQUIRED) -> int:
        """Take a whole number, zero or more."""
        value = self.take(name, default)
        if type(value) is int and value >= 0:
            return value
        if isinstance(value, str) and value.isascii() and value.isdigit():
            return int(value[:18])
        if value is not None:
            self.wrong(name, "This field takes a whole number, zero or more.")
        return 0

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Take true or false."""
        value = self.take(name, default)
        if not isinstance(value, bool):
            self.wrong(name, "This field takes true or false.")
        return value is True

    def choice(self, name: str, options: Sequence[str], default: Any = REQUIRED) -> Any:
        """Take one of these words; a wrong one stands in as the first."""
        value = self.take(name, None if default is REQUIRED else default)
        if value in options:
            return value
        if self.is_object and (value is not None or default is REQUIRED):
            needed = "This is needed. It" if value is None else "This field"
            self.wrong(name, f"{needed} takes one of: {', '.join(filter(None, options))}.")
        return options[0]

    def child(self, name: str, default: Any = REQUIRED) -> Node | None:
        """Take an object."""
        value = self.take(name, default)
        return None if value is None else Node(value, self._inner(name), self.problems)

    def children(self, name: str, default: Any = REQUIRED) -> list[Node]:
        """Take a list of objects."""
        value = self.take(name, default)
        if value is None:
            return []
        if not isinstance(value, list | tuple) or len(value) > MOST_OBJECTS:
            self.wrong(name, f"This field takes a list of up to {MOST_OBJECTS:,} objects.")
            return []
        place = self._inner(name)
        return [Node(each, f"{place}[{at}]", self.problems) for at, each in enumerate(value)]

    def texts(self, name: str) -> tuple[str, ...]:
        """Take a list of texts, at least one."""
        value = self.take(name)
        if isinstance(value, list) and value and all(isinstance(each, str) for each in value):
            return tuple(value)
        if value is not None:
            self.wrong(name, "This field takes a list of names.")
        return ()

    def numbers_by_text(self, name: str) -> tuple[tuple[str, Fraction], ...]:
        """Take an object that gives a number to each of some texts; empty where it is absent."""
        node = self.child(name, None)
        if node is None:
            return ()
        if not all(map(str.strip, node.names)):
            node.wrong("", "A word is empty. Write it, or leave it out.")
        return tuple((text.strip(), node.exact(text)) for text in node.names)

    def rounding(self, name: str, default: Rounding | None = None) -> Rounding | None:
        """Take a rule of rounding; the word `none` for no rounding where there is a default."""
        if self._fields.get(name) == "none":
            self._seen.add(name)
            return None
        node = self.child(name, None)
        if node is None:
            return default
        return rounding_of(node)

    def close(self) -> None:
        """Note the fields that nobody asked for."""
        for name in self._fields:
            if name not in self._seen:
                known = ", ".join(sorted(self._seen))
                self.wrong(str(name), f"There is no such field here. Known are: {known}.")

    def _inner(self, name: str) -> str:
        return f"{self.place}.{name}" if self.place else name


def rounding_of(node: Node) -> Rounding:
    """Read a rule of rounding."""
    to, how = node.exact("to"), node.choice("how", HOWS, "half_up")
    node.close()
    if to <= 0:
        node.wrong("to", "A figure is rounded to a unit above zero, such as 0.01.")
        return Rounding(Fraction(1))
    return Rounding(to, how)
