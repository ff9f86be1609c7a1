"""The chain of sign-offs as page and report show it."""

from dataclasses import dataclass
from datetime import datetime

from adjudication.years.models import Decision
from adjudication.years.queries import Standing
from adjudication.years.steps import ORDER, OWNER, Step


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


def sign_off_steps(standing: Standing) -> list[StepReading]:
    """List every step in order: signed, next, waiting or returned."""
    taken = {sign_off.step: sign_off for sign_off in standing.sign_offs}
    readings = []
    for step in ORDER:
        sign_off = taken.get(step)
        if sign_off is None:
            readings.append(_open(step, is_next=standing.next_step == step))
            continue
        is_approved = sign_off.decision == Decision.APPROVED
        readings.append(
            StepReading(
                title=step.label,
                state="done" if is_approved else "returned",
                word="Signed" if is_approved else "Returned for changes",
                role=OWNER[step].label,
                who=sign_off.signed_by.name,
                signed_at=sign_off.signed_at,
                note=sign_off.note,
                sha256=sign_off.snapshot_sha256,
            )
        )
    return readings


def _open(step: Step, *, is_next: bool) -> StepReading:
    return StepReading(
        title=step.label,
        state="next" if is_next else "waiting",
        word=f"Next: {OWNER[step].label.lower()}" if is_next else "Waiting",
        role=OWNER[step].label,
    )
