"""What an agreement is composed from: its facts, the program's, and the terms. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from comanage.values.money import Money
from comanage.values.period import Period

Terms = Mapping[str, Any]

# Days of notice that end an agreement without cause, and one that is held over.
STANDARD_NOTICE_DAYS, STANDARD_HOLDOVER_NOTICE_DAYS = 90, 30
LEAST_NOTICE, LONGEST_NOTICE = 30, 365
STANDARD_DAYS: Mapping[str, int] = {
    "notice_days": STANDARD_NOTICE_DAYS,
    "holdover_notice_days": STANDARD_HOLDOVER_NOTICE_DAYS,
}

# What the clauses call the side of the physicians.
ROLES: Mapping[str, str] = {
    "co_management": "Manager",
    "psa": "Group",
    "employment": "Physicians",
}


@dataclass(frozen=True, slots=True)
class AgreementFacts:
    """What an agreement says of itself, apart from its clauses and its terms.

    Attributes:
        state: whose law governs, in two letters.
        renewal: a word of `models.Renewal`.
        path: a word of `models.ExceptionPath`; no clause depends on it.
        notice_days: that end it without cause.
        holdover_notice_days: that end it while it is held over; printed only where it may be.
        hospital_address, physicians_address: for notices; empty where the paper leaves a line.
    """

    title: str
    term: Period
    hospital: str
    facility: str
    state: str
    is_bond_financed: bool
    renewal: str
    path: str = ""
    notice_days: int = STANDARD_NOTICE_DAYS
    holdover_notice_days: int = STANDARD_HOLDOVER_NOTICE_DAYS
    hospital_address: str = ""
    physicians_address: str = ""

    @property
    def counted(self) -> dict[str, int]:
        """The days that the register and the calendar count by, by their placeholders."""
        days = {"notice_days": self.notice_days}
        if self.renewal == "holdover":
            days["holdover_notice_days"] = self.holdover_notice_days
        return days

    def counting(self, days: Mapping[str, int]) -> AgreementFacts:
        """Return it with the days of a version; where that kept none, with the standard's."""
        said = {**STANDARD_DAYS, **days}
        return replace(
            self,
            notice_days=said["notice_days"],
            holdover_notice_days=said["holdover_notice_days"],
        )


@dataclass(frozen=True, slots=True)
class Change:
    """What a program does to one clause, as `models.ClauseChange` keeps it."""

    key: str
    kind: str
    heading: str = ""
    text: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A part of the scoring plan in words: what it is about, and its sentences."""

    title: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything an agreement is composed from.

    Attributes:
        objective: of the program.
        comment_days: in which the committee comments on a year's result.
        terms: of the first measurement year, as `agreements.terms.document` writes them.
        changes: of the words of each clause the latest, where the first stood, and every move.
        plan: the scoring plan in words; empty where weights and tiers pay.
    """

    facts: AgreementFacts
    objective: str
    comment_days: int
    terms: Terms = field(hash=False)
    changes: tuple[Change, ...] = ()
    plan: tuple[PlanSection, ...] = ()

    @property
    def model(self) -> str:
        """The arrangement, as `programs.AlignmentModel` says it."""
        return str(self.terms["program"]["alignment_model"])

    def dollars(self, name: str) -> Money:
        """Read a part of the pay: `fixed_fee` or `incentive_pool`."""
        return Money.from_dollars(self.terms["pay"][name])

    def has_part(self, kind: str) -> bool:
        """Say whether the pay has a further part of a kind."""
        return any(part["kind"] == kind for part in self.terms.get("components", ()))
