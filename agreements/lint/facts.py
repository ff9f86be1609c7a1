"""What the rules look at: a version as it was printed, and what the program has on file. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """What a finding asks for, in order of what to do."""

    BLOCK = "BLOCK"
    HOLD = "HOLD"
    WARN = "WARN"
    INFO = "INFO"


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: on what it stands, with figures, and what would satisfy it.

    Attributes:
        clause: the key of the clause it stands on; empty where it stands on terms or papers.
        severity: where it differs from the rule's own.
    """

    stands_on: str
    what: str
    way_out: str
    clause: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class LintFacts:
    """A version of an agreement and what is known about it on a day.

    Attributes:
        today: at the hospital.
        begins_on, ends_on: the term, half-open.
        clauses: the keys of the clauses that were printed.
        terms: as `agreements.terms.document` writes them.
        pay_gaps: what of the pay the opinion does not support.
        term_gaps: what else the terms lack before they can be locked.
        stale: what makes the opinion stale, as rule, reason, and whether it is over.
        screening_gaps: what keeps people from being paid.
        memo_on: the day of the newest memo on commercial reasonableness; None without one.
    """

    today: date
    begins_on: date
    ends_on: date
    clauses: frozenset[str]
    terms: Mapping[str, Any] = field(hash=False)
    is_executed: bool = False
    is_bond_financed: bool = False
    pay_gaps: tuple[str, ...] = ()
    term_gaps: tuple[str, ...] = ()
    stale: tuple[tuple[str, str, bool], ...] = ()
    screening_gaps: tuple[str, ...] = ()
    memo_on: date | None = None

    @property
    def definitions(self) -> list[Mapping[str, Any]]:
        """The definitions of the agreed indicators, in their order."""
        return [each["definition"] for each in self.terms["indicators"]]

    @property
    def savings(self) -> list[str]:
        """The names of the parts of the pay that share a saving."""
        parts = self.terms.get("components", ())
        return [each["label"] for each in parts if each["kind"] == "savings"]
