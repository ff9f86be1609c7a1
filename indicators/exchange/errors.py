"""The one error of this folder: a file or record that cannot be exchanged, in one sentence."""

from __future__ import annotations

import unicodedata

LONGEST_QUOTE = 80
# Controls, marks that turn the direction of writing, halves of characters, ends of lines.
_NOT_SHOWN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


class ExchangeError(ValueError):
    """Something that is not imported or exported, said in one sentence with its place."""


def refusal(place: str, message: str) -> ExchangeError:
    """Make the error for one place, such as `MeasureReport.group[0].population[1].count`."""
    return ExchangeError(f"{place}: {message}")


def quoted(text: str) -> str:
    """Quote a code or a title from a file, cut when it is long."""
    flat = shown(" ".join(text.split()))
    return f"“{flat if len(flat) <= LONGEST_QUOTE else flat[: LONGEST_QUOTE - 1] + '…'}”"


def shown(text: str) -> str:
    """Write every control character as its number, so that no file can steer a screen."""
    return "".join(
        f"\\u{ord(one):04x}" if unicodedata.category(one) in _NOT_SHOWN else one for one in text
    )
