"""The one error of this folder: a file or record that cannot be exchanged, in one sentence."""

from __future__ import annotations

LONGEST_QUOTE = 80


class ExchangeError(ValueError):
    """Something that is not imported or exported, said in one sentence with its place."""


def refusal(place: str, message: str) -> ExchangeError:
    """Make the error for one place, such as `MeasureReport.group[0].population[1].count`."""
    return ExchangeError(f"{place}: {message}")


def quoted(text: str) -> str:
    """Quote a code or a title from a file, cut when it is long."""
    flat = " ".join(text.split())
    return f"“{flat if len(flat) <= LONGEST_QUOTE else flat[: LONGEST_QUOTE - 1] + '…'}”"
