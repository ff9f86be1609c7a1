"""What a process of the bench is told and answers, as text."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How much work it is.

    Attributes:
        programs: over all hospitals, each with one year to settle.
        indicators: of each year.
        hospitals: that share the programs evenly.
        seed: of the results.
    """

    programs: int
    indicators: int
    hospitals: int
    seed: int


@dataclass(frozen=True, slots=True)
class Task:
    """One process's work.

    Attributes:
        work: `found`, `adjudicate`, `report` or `what_if`.
        place: of this process among `of`, from zero: it takes every `of`-th program.
        times: how often, where the work is done more than once.
        tenants: ids of the hospitals, once they are made.
    """

    work: str
    size: Size
    place: int = 0
    of: int = 1
    times: int = 1
    tenants: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Write the task as one argument."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Task:
        """Read what `to_text` wrote."""
        given = json.loads(text)
        return cls(**given | {"size": Size(**given["size"]), "tenants": tuple(given["tenants"])})
