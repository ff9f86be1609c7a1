"""One step of a calculation, in words and figures that a person can follow with a pencil."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """What was done with what, and what came out: all of it text.

    Attributes:
        label: what this step finds, such as `Tier reached`.
        rule: the rule of the agreement, in words.
        inputs: names and figures that go in, in order.
        output: the figure that comes out.
    """

    label: str
    rule: str
    inputs: tuple[tuple[str, str], ...]
    output: str

    def to_document(self) -> dict[str, Any]:
        """Write the step as plain values."""
        return {
            "label": self.label,
            "rule": self.rule,
            "inputs": [list(pair) for pair in self.inputs],
            "output": self.output,
        }
