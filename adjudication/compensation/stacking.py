"""One physician's hours and dollars from every agreement of a year, held against limits. Pure.

Source:
    42 CFR 411.357(d)(1)(iii): the aggregate services do not exceed those that are reasonable and
    necessary; 42 CFR 411.354(d)(1). Each agreement may be within its opinion, and their sum not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adjudication.compensation.hours import MINUTES_AN_HOUR
from agreements.components.completeness import most_dollars, most_minutes, period_of
from comanage.values.money import Money

MOST_HOURS = 2_080
"""Hours of one full-time year: 52 weeks of 40."""


@dataclass(frozen=True, slots=True)
class StackLine:
    """One part of one agreement.

    Attributes:
        program: whose agreement it is.
        label: the part, as the terms call it.
        most_minutes: that can be paid; None where the part counts no hours, or is the group's.
        approved_minutes: recorded and approved so far.
        most: that it can pay; None where it pays the group.
    """

    program: str
    label: str
    most_minutes: int | None
    approved_minutes: int
    most: Money | None


@dataclass(frozen=True, slots=True)
class Stack:
    """One physician, with every part of every agreement.

    Attributes:
        cap: the lowest that an opinion states for all agreements; None where none does.
    """

    npi: str
    name: str
    lines: tuple[StackLine, ...]
    cap: Money | None

    @property
    def minutes(self) -> int:
        """The hours that count against the limit: what can be paid, or more where approved."""
        return sum(max(line.most_minutes or 0, line.approved_minutes) for line in self.lines)

    @property
    def approved_minutes(self) -> int:
        """Minutes that were recorded and approved so far."""
        return sum(line.approved_minutes for line in self.lines)

    @property
    def most(self) -> Money:
        """What the parts that are paid in person can come to."""
        return sum((line.most for line in self.lines if line.most is not None), Money(0))

    @property
    def has_too_many_hours(self) -> bool:
        """Whether the hours pass those of a full-time year."""
        return self.minutes > MOST_HOURS * MINUTES_AN_HOUR

    @property
    def has_too_many_dollars(self) -> bool:
        """Whether the dollars pass what an opinion states for all agreements."""
        return self.cap is not None and self.most > self.cap


def stacks(
    years: Iterable[tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]],
) -> list[Stack]:
    """Gather the parts of every agreement by physician, in the order of their names.

    Args:
        years: terms documents, each with its approved work as the snapshot holds it.
    """
    names: dict[str, str] = {}
    lines: dict[str, list[StackLine]] = {}
    caps: dict[str, list[Money]] = {}
    for terms, work in years:
        names |= {each["npi"]: each["name"] for each in terms["participants"]}
        stated = terms["opinion"].get("all_agreements")
        for npi, line in _lines(terms, work):
            lines.setdefault(npi, []).append(line)
            caps.setdefault(npi, []).extend([Money.from_dollars(stated)] if stated else [])
    found = [
        Stack(npi, names.get(npi, npi), tuple(of_one), min(caps[npi], default=None))
        for npi, of_one in lines.items()
    ]
    return sorted(found, key=lambda stack: (stack.name, stack.npi))


def _lines(
    terms: Mapping[str, Any], work: Sequence[Mapping[str, Any]]
) -> Iterable[tuple[str, StackLine]]:
    for component in terms.get("components", []):
        done: dict[str, int] = {}
        for total in work:
            if total["component"] == component["number"]:
                done[total["npi"]] = done.get(total["npi"], 0) + total.get("minutes", 0)
        payee = component["payee"]["npi"] if component["payee"] else None
        for npi in sorted({*done, *([payee] if payee else [])}):
            is_paid = npi == payee
            yield (
                npi,
                StackLine(
                    program=terms["program"]["name"],
                    label=component["label"],
                    most_minutes=_minutes(component, terms) if is_paid else None,
                    approved_minutes=done.get(npi, 0),
                    most=_dollars(component, terms) if is_paid else None,
                ),
            )


def _minutes(component: Mapping[str, Any], terms: Mapping[str, Any]) -> int | None:
    if component["kind"] != "hourly":
        return None
    return most_minutes(component, period_of(terms))


def _dollars(component: Mapping[str, Any], terms: Mapping[str, Any]) -> Money:
    """Return the most of a part; of one that only work bounds, what the opinion lets be paid."""
    most = most_dollars(component, period_of(terms))
    return (
        most
        if most is not None
        else Money.from_dollars(terms["opinion"]["caps"][component["kind"]])
    )
