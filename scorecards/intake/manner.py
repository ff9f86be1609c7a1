"""How a file is to be taken, beside what its feed declares."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manner:
    """What the sender of one file asked for.

    Args:
        skip_faulty: leave faulty rows out instead of refusing the file for them. It is refused
            all the same for what no row is to blame for, for identifiers, and when more than
            half of its rows would go.
        stated_rows: rows without the header as the sender counted them; None for unsaid.
    """

    skip_faulty: bool = False
    stated_rows: int | None = None


AS_IT_IS = Manner()
