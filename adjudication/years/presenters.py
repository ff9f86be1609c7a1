"""The chain of sign-offs, the statement and its calculation as page and report show them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from adjudication.committee.presenters import read_window
from adjudication.compensation.dues import COMPONENT_NAMES
from adjudication.compensation.roster import changes
from adjudication.years.models import Decision
from adjudication.years.queries import Standing
from adjudication.years.steps import ORDER, OWNER, Step
from agreements.drafting.anchors import Amount, anchor_of
from comanage.values.money import Money
from comanage.values.period import Period, day_text

_WORDS = {
    Decision.APPROVED: "Signed",
    Decision.CONDITIONAL: "Signed on condition",
    Decision.RETURNED: "Returned for changes",
}
_IDLE_ZEROS = re.compile(r"^(-?\$[\d,]+\.\d\d\d*?)0+$")
COMMITTEE, MEMBERS = "Governing committee comments", "Committee"


@dataclass(frozen=True, slots=True)
class StepReading:
    """One step of the chain, in words."""

    title: str
    state: str
    word: str
    role: str
    who: str = ""
    signed_at: datetime | None = None
    note: str = ""
    sha256: str = ""
    decision: str = ""
    is_signature: bool = True


def sign_off_steps(standing: Standing) -> list[StepReading]:
    """List every step in order: signed, next, waiting or returned."""
    taken = {sign_off.step: sign_off for sign_off in standing.sign_offs}
    readings = []
    for step in ORDER:
        if step is Step.COMPLIANCE and (committee := _committee(standing)) is not None:
            readings.append(committee)
        sign_off = taken.get(step)
        if sign_off is None:
            is_next = standing.next_step == step and not standing.is_commenting
            readings.append(_open(step, is_next=is_next))
            continue
        is_approved = sign_off.decision != Decision.RETURNED
        readings.append(
            StepReading(
                title=step.label,
                state="done" if is_approved else "returned",
                word=_WORDS[Decision(sign_off.decision)],
                role=OWNER[step].label,
                who=sign_off.signed_by.name,
                signed_at=sign_off.signed_at,
                note=sign_off.note,
                sha256=sign_off.snapshot_sha256,
                decision=sign_off.decision,
            )
        )
    return readings


@dataclass(frozen=True, slots=True)
class LineReading:
    """One line of the statement as printed.

    Attributes:
        clause: the key of the clause that it rests on, in an agreement that is written here.
    """

    name: str
    basis: str
    amount: Money
    clause: str


@dataclass(frozen=True, slots=True)
class StatementReading:
    """What is owed, line by line, and together.

    Attributes:
        division: the group's part, divided as the terms say; empty where they are silent.
        roster: who joined or left against the terms, in a sentence; empty for nobody.
    """

    lines: tuple[LineReading, ...]
    total: Money
    payees: str
    division: tuple[LineReading, ...] = ()
    roster: str = ""

    @property
    def divided(self) -> Money:
        """The group's part."""
        return sum((part.amount for part in self.division), Money(0))


@dataclass(frozen=True, slots=True)
class SchedulePart:
    """The steps of one part of the calculation."""

    title: str
    steps: tuple[Mapping[str, Any], ...]


def read_statement(document: Mapping[str, Any]) -> StatementReading:
    """Read the statement of a snapshot."""
    statement = document["result"]["statement"]
    return StatementReading(
        lines=tuple(
            LineReading(
                name=line_name(line),
                basis=line_basis(line, document["inputs"]["terms"]),
                amount=Money.from_dollars(line["amount"]),
                clause=anchor_of(Amount(line["component"])),
            )
            for line in statement["lines"]
        ),
        total=Money.from_dollars(statement["total"]),
        payees=payees_in_words(document["inputs"]["terms"]["program"]["group"], statement),
        division=read_division(document),
        roster=roster_in_words(document),
    )


def read_division(document: Mapping[str, Any]) -> tuple[LineReading, ...]:
    """Read how the group divides its part of a snapshot's dollars."""
    parts = document["result"].get("division", {}).get("parts", ())
    return tuple(
        LineReading(
            part["name"],
            part["basis"][:1].upper() + part["basis"][1:],
            Money.from_dollars(part["amount"]),
            anchor_of(Amount.DIVISION),
        )
        for part in parts
    )


def roster_in_words(document: Mapping[str, Any]) -> str:
    """Say who joined or left after the terms of a snapshot were locked; empty for nobody."""
    inputs = document["inputs"]
    if "roster" not in inputs:
        return ""
    terms = inputs["terms"]
    period = Period(
        date.fromisoformat(terms["period"]["start"]), date.fromisoformat(terms["period"]["end"])
    )
    found = changes(terms["participants"], inputs["roster"], period)
    told = "; ".join(f"{name} {what}" for name, what in found)
    return f"By the record of participants, other than in the signed terms: {told}."


def payees_in_words(group: str, statement: Mapping[str, Any]) -> str:
    """Say who is paid: the group, or the group and its physicians."""
    is_personal = any("payee" in line for line in statement["lines"])
    return f"{group} and its physicians" if is_personal else group


def line_name(line: Mapping[str, Any]) -> str:
    """Name a line of a statement: its part, and the physician who is paid in person."""
    name: str = line.get("label") or COMPONENT_NAMES[line["component"]]
    return f"{name}, {line['payee']['name']}" if "payee" in line else name


def line_basis(line: Mapping[str, Any], terms: Mapping[str, Any]) -> str:
    """Say what a line of a statement rests on, and its days where they are not the whole year."""
    basis: str = line["basis"]
    for part in terms.get("components", ()):
        days = Period(date.fromisoformat(part["start"]), date.fromisoformat(part["end"]))
        whole = terms["period"]
        if part["number"] == line.get("number") and (part["start"], part["end"]) != (
            whole["start"],
            whole["end"],
        ):
            return f"{basis} The terms have it in effect {days}."
    return basis


def read_schedule(document: Mapping[str, Any]) -> tuple[SchedulePart, ...]:
    """Read every step from the rates to the dollars, part by part."""
    result = document["result"]
    return (
        *(
            SchedulePart(indicator["title"], read_steps(indicator["score"]["steps"]))
            for indicator in result["scorecard"]["indicators"]
        ),
        SchedulePart("The whole pool", read_steps(result["scorecard"]["score"]["steps"])),
        SchedulePart("Statement", read_steps(result["statement"]["steps"])),
        *(
            [SchedulePart("Division", read_steps(result["division"]["steps"]))]
            if "division" in result
            else []
        ),
    )


def read_steps(steps: Sequence[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Read steps as they are printed: dollars without idle zeros beyond their cents.

    The steps that were hashed keep theirs, so that they are the same when computed again.
    """
    return tuple(
        {
            **step,
            "inputs": [(name, _printed(value)) for name, value in step["inputs"]],
            "output": _printed(step["output"]),
        }
        for step in steps
    )


def _printed(figure: str) -> str:
    return _IDLE_ZEROS.sub(r"\1", figure)


def what_comes_next(standing: Standing) -> str:
    """Say, after a signature, whose turn it is."""
    if standing.returned is not None:
        return "Returned for changes. The year is open again."
    if standing.next_step is None:
        return "Signed. Everybody has; finance records the payment next."
    return f"Signed. Next: {_next(standing)}."


def who_is_next(standing: Standing) -> str:
    """Say whose turn it is while a year is signed."""
    return _next(standing) if standing.is_commenting else f"{_next(standing)} next"


def _next(standing: Standing) -> str:
    if standing.is_commenting and standing.window is not None:
        return f"committee comments until {day_text(standing.window.last_day)}"
    return OWNER[standing.next_step].label.lower() if standing.next_step else ""


def _committee(standing: Standing) -> StepReading | None:
    """Read the committee's comments as a step; None where a snapshot of before had none."""
    window, step = standing.window, Step.COMPLIANCE
    if window is None:
        is_to_come = standing.next_step in {Step.ATTEST, Step.REVIEW}
        waiting = StepReading(COMMITTEE, "waiting", "Waiting", MEMBERS, is_signature=False)
        return waiting if is_to_come else None
    reading = read_window(window)
    is_over = reading.state == "done" or any(s.step == step for s in standing.sign_offs)
    state = "done" if is_over else "next" if standing.is_commenting else "waiting"
    return StepReading(
        COMMITTEE,
        state,
        reading.word,
        MEMBERS,
        note=reading.sentence if window.has_lapsed else "",
        is_signature=False,
    )


def _open(step: Step, *, is_next: bool) -> StepReading:
    return StepReading(
        title=step.label,
        state="next" if is_next else "waiting",
        word=f"Next: {OWNER[step].label.lower()}" if is_next else "Waiting",
        role=OWNER[step].label,
    )
