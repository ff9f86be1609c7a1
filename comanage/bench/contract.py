"""What a bench is. Each room names its own; the command `bench` gathers them."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Say = Callable[[str], object]


class BenchError(RuntimeError):
    """A contestant that did not finish, or that gave two different results."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One word after `manage.py bench`.

    Attributes:
        name: the word.
        help: what is measured, in a few words.
        add_options: to the command line.
        run: with the options and what prints a line; says whether every bar was held.
    """

    name: str
    help: str
    add_options: Callable[[ArgumentParser], None]
    run: Callable[[Mapping[str, Any], Say], bool]


def from_to(least: int, most: int) -> Callable[[str], int]:
    """Read an option that is a whole number, both ends inside."""

    def whole_number(text: str) -> int:
        if not text.isdecimal() or not least <= int(text) <= most:
            raise ArgumentTypeError(f"give a whole number from {least} to {most}")
        return int(text)

    return whole_number
