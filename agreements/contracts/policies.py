"""What the register takes, and which events are too late, too early or against a rule."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from agreements.contracts.amending import Amendment, Paper, Writing
from agreements.contracts.clocks import barred_until, earliest_end
from agreements.contracts.models import Cause, ContractEventKind, Ender, Subject
from agreements.contracts.standing import Standing, State
from agreements.drafting.models import Agreement, AgreementStatus
from agreements.terms.models import EarlyEnd
from comanage.values.period import MONTHS_IN_A_YEAR, Period, day_text, months_after
from comanage.vault.models import SealedFile
from comanage.web.errors import PolicyError

AFTER_THE_END = frozenset({ContractEventKind.END_RULE, ContractEventKind.RECONCILED})
FIXED_IN_A_PERIOD = frozenset(
    {Subject.TARGET, Subject.WEIGHT, Subject.TIER, Subject.DATA_SOURCE, Subject.PAY}
)


@dataclass(frozen=True, slots=True)
class EndedContract:
    """A contract that was ended, for the one that would follow it."""

    title: str
    began_on: date
    ended_on: date


@dataclass(frozen=True, slots=True)
class EventFacts:
    """What happened to a contract; what a kind does not have is None or empty."""

    kind: ContractEventKind
    effective_on: date
    text: str
    signed_on: date | None = None
    ends_on: date | None = None
    subject: Subject | None = None
    cause: Cause | None = None
    ended_by: Ender | None = None
    early_end: EarlyEnd | None = None
    notice_on: date | None = None
    is_identical: bool | None = None


@dataclass(frozen=True, slots=True)
class Ground:
    """What an event is held against.

    Attributes:
        stands: the contract before it.
        notice_days: that end it without cause.
        periods: signed measurement years of its program that are not closed.
        is_in_program: whether a program's pay is about it.
        fmv_until: first day without an opinion; None where nobody knows one.
        changes_later: whether an amendment takes effect on the day after the term, or later.
        today: at the hospital.
        end_cause: why it was terminated; None where it was not.
        holdover_notice_days: that end it while it is held over, where it names others.
    """

    stands: Standing
    notice_days: int
    periods: tuple[Period, ...]
    is_in_program: bool
    fmv_until: date | None
    changes_later: bool
    today: date
    end_cause: Cause | None = None
    holdover_notice_days: int | None = None

    def notice_from(self, day: date) -> int:
        """Say how many days of notice end it, where notice is given on a day."""
        held_from = self.stands.held_from
        if held_from is None or day < held_from or self.holdover_notice_days is None:
            return self.notice_days
        return self.holdover_notice_days


def check_term(starts_on: date, ends_on: date, signed_on: date | None, *, today: date) -> None:
    """Raise PolicyError unless a contract runs a year, and was signed by today.

    Source:
        42 CFR 411.357(d)(1)(iv): at least one year.
    """
    if months_after(starts_on, MONTHS_IN_A_YEAR) > ends_on:
        raise PolicyError(
            "The term is shorter than a year. A contract with physicians runs for at least one "
            "year: give the last day of the term as signed.",
            field="last_day",
        )
    if signed_on is not None and signed_on > today:
        raise PolicyError(
            f"{day_text(signed_on)} has not come yet. Leave the day empty until all have signed.",
            field="signed_on",
        )


def check_may_contract_again(earlier: Iterable[EndedContract], starts_on: date) -> None:
    """Raise PolicyError when a same or similar contract ended in its first year, still running.

    Source:
        42 CFR 411.357(d)(1)(iv).
    """
    for each in earlier:
        until = barred_until(each.began_on, each.ended_on)
        if until is not None and each.began_on <= starts_on < until:
            raise PolicyError(
                f"“{each.title}” ended on {day_text(each.ended_on)}, within its first year. No "
                f"same or similar contract with the same party begins before {day_text(until)} "
                f"(42 CFR 411.357(d)(1)(iv)): begin on that day or after.",
                field="starts_on",
            )


def check_can_enter_agreement(agreement: Agreement, *, is_in_the_register: bool) -> None:
    """Raise PolicyError unless an agreement was executed here, and is not in the register yet."""
    if is_in_the_register:
        raise PolicyError("The agreement is in the register already.")
    if agreement.status != AgreementStatus.EXECUTED:
        raise PolicyError(
            "An agreement enters the register as it is executed. Have it signed first."
        )


def check_can_download(file: SealedFile) -> SealedFile:
    """Return the file of a paper; raise PolicyError once it was destroyed."""
    if file.shredded_at is not None:
        raise PolicyError("The paper was destroyed when its time was over. Its row stays.")
    return file


def check_event(facts: EventFacts, ground: Ground) -> None:
    """Raise PolicyError unless an event may happen to a contract as it stands."""
    _check_is_not_over(facts, ground)
    if facts.signed_on is not None and facts.signed_on > ground.today:
        raise PolicyError(
            f"{day_text(facts.signed_on)} has not come yet. Record it once all have signed.",
            field="signed_on",
        )
    _CHECKS[facts.kind](facts, ground)


def _check_is_not_over(facts: EventFacts, ground: Ground) -> None:
    if facts.kind in AFTER_THE_END:
        return
    if ground.stands.ended_on is not None:
        raise PolicyError(
            f"The contract is terminated as of {day_text(ground.stands.ended_on)}. What comes "
            f"after is another contract."
        )
    is_unsigned = ground.stands.signed_on is None
    if is_unsigned and facts.kind not in {ContractEventKind.SIGNED, ContractEventKind.TERMINATED}:
        raise PolicyError("Not all have signed the contract yet. Record its signature first.")


def _check_signed(facts: EventFacts, ground: Ground) -> None:
    if ground.stands.signed_on is not None:
        raise PolicyError(
            f"The contract was signed on {day_text(ground.stands.signed_on)} already."
        )


def _check_amended(facts: EventFacts, ground: Ground) -> None:
    """Hold an amendment against the rule that a change is only ever prospective.

    Source:
        42 CFR 411.354(d)(1)(ii): written and signed before the services it pays for; the grace
        for signatures does not apply to it.
    """
    stands = ground.stands
    is_over = stands.state(ground.today) is State.EXPIRED
    if is_over and facts.effective_on >= stands.ends_on:
        raise PolicyError(
            f"On {day_text(facts.effective_on)} there was nothing to amend: the term was over on "
            f"{day_text(stands.ends_on)}. Record its renewal or its holdover first.",
            field="effective_on",
        )
    if facts.signed_on is None:
        raise PolicyError("Give the day of the last signature.", field="signed_on")
    if facts.effective_on <= facts.signed_on:
        raise PolicyError(
            f"An amendment is prospective only: signed on {day_text(facts.signed_on)}, it takes "
            f"effect on a later day, never on {day_text(facts.effective_on)} (42 CFR "
            f"411.354(d)(1)(ii)). Choose a later day; what was done before is paid as it was "
            f"agreed before.",
            field="effective_on",
        )
    if ground.is_in_program and facts.effective_on <= ground.today:
        raise PolicyError(
            f"An amendment of a program takes effect after the day it is locked here, which is "
            f"today, {day_text(ground.today)} (42 CFR 411.354(d)(1)(ii)). Choose a later day.",
            field="effective_on",
        )
    if facts.subject not in FIXED_IN_A_PERIOD:
        return
    for period in ground.periods:
        if period.start < facts.effective_on < period.end:
            raise PolicyError(
                f"{Subject(facts.subject).label} does not change inside the signed period "
                f"{period} (42 CFR 411.354(d)(1)(ii)). Let it take effect on "
                f"{day_text(period.end)} and write it into the draft of the next year, or agree "
                f"on a new period that begins then.",
                field="effective_on",
            )


def _check_extended(facts: EventFacts, ground: Ground) -> None:
    _check_before_the_end(facts, ground, "An extension")
    if facts.ends_on is None or facts.ends_on <= ground.stands.ends_on:
        raise PolicyError(
            "An extension ends later than the term does now. Give a later last day.",
            field="last_day",
        )


def _check_renewed(facts: EventFacts, ground: Ground) -> None:
    stands = ground.stands
    if facts.signed_on is not None and facts.signed_on > facts.effective_on:
        raise PolicyError(
            "A renewal is signed by its first day. Begin it after the signature.",
            field="effective_on",
        )
    if facts.effective_on < stands.ends_on:
        raise PolicyError(
            f"The term runs to {day_text(Period(stands.starts_on, stands.ends_on).last)}. A "
            f"renewal begins on the day after, or later after a holdover.",
            field="effective_on",
        )
    if stands.held_from is None and facts.effective_on > stands.ends_on:
        raise PolicyError(
            f"From {day_text(stands.ends_on)} to that day there would be no contract. Begin on "
            f"{day_text(stands.ends_on)}, record the holdover, or enter a new contract.",
            field="effective_on",
        )
    if facts.ends_on is None or months_after(facts.effective_on, MONTHS_IN_A_YEAR) > facts.ends_on:
        raise PolicyError("A renewal runs for at least a year.", field="last_day")


def _check_held_over(facts: EventFacts, ground: Ground) -> None:
    """Hold a holdover against its conditions.

    Source:
        42 CFR 411.357(d)(1)(vii): indefinite, on the same terms, while it still complies.
    """
    stands = ground.stands
    if stands.held_from is not None:
        raise PolicyError("The contract is held over already.")
    if facts.effective_on != stands.ends_on:
        raise PolicyError(
            f"A holdover begins on the day after the term, {day_text(stands.ends_on)}.",
            field="effective_on",
        )
    if not facts.is_identical or ground.changes_later:
        raise PolicyError(
            "A holdover is on the very same terms (42 CFR 411.357(d)(1)(vii)). With other terms, "
            "sign a renewal instead.",
            field="is_identical",
        )
    on = max(facts.effective_on, ground.today)
    if ground.fmv_until is None or ground.fmv_until <= on:
        raise PolicyError(
            f"No fair-market-value opinion is on file that holds on {day_text(on)}, so the "
            f"contract cannot be held over (42 CFR 411.357(d)(1)(vii)). Have it renewed, or let "
            f"the contract end."
        )


def _check_terminated(facts: EventFacts, ground: Ground) -> None:
    if facts.effective_on < ground.stands.began_on:
        raise PolicyError(
            "A contract does not end before it begins. Give a later day.", field="last_day"
        )
    _check_ender(facts, facts.cause)
    if facts.cause is Cause.EXPIRED:
        _check_ends_with_its_term(facts, ground.stands)
    if facts.cause is not Cause.WITHOUT_CAUSE:
        return
    if facts.notice_on is None:
        raise PolicyError("Give the day on which notice was given.", field="notice_on")
    notice_days = ground.notice_from(facts.notice_on)
    earliest = earliest_end(facts.notice_on, notice_days)
    if facts.effective_on < earliest:
        raise PolicyError(
            f"Notice of {notice_days} days from {day_text(facts.notice_on)} is not over by "
            f"then. Its last day is {day_text(earliest - timedelta(days=1))} or later.",
            field="last_day",
        )


def _check_ends_with_its_term(facts: EventFacts, stands: Standing) -> None:
    if stands.held_from is not None or facts.effective_on != stands.ends_on:
        raise PolicyError(
            f"Its term runs to {day_text(Period(stands.starts_on, stands.ends_on).last)}"
            f"{' and it is held over' if stands.held_from else ''}. Give that as its last day, or "
            f"another cause.",
            field="last_day",
        )
    if facts.ended_by is not Ender.BOTH:
        raise PolicyError("A term that is over was ended by neither side alone.", field="ended_by")


def _check_end_rule(facts: EventFacts, ground: Ground) -> None:
    """Take what a paper says of its end only once it has ended: before, an amendment says it."""
    if ground.stands.ended_on is None:
        raise PolicyError(
            "The contract is not terminated. Record its termination first; before that, what "
            "is due at its end is amended."
        )
    _check_ender(facts, ground.end_cause)


def _check_reconciled(facts: EventFacts, ground: Ground) -> None:
    """Take that payments were reconciled only after the end, on a day that has come, and once.

    Source:
        42 CFR 411.353(h): after expiry or termination. One that comes late is taken, and is late.
    """
    stands = ground.stands
    over = stands.over_on
    if over is None or ground.today < over:
        raise PolicyError(
            "The contract is not over. What was due and what was paid are reconciled after its "
            "last day: record the end first, or wait for it."
        )
    if stands.reconciled_on is not None:
        raise PolicyError(
            f"That its payments were reconciled on {day_text(stands.reconciled_on)} is on record "
            f"already."
        )
    if not over <= facts.effective_on <= ground.today:
        raise PolicyError(
            f"Payments are reconciled after the last day of the contract, and on a day that has "
            f"come. Give a day from {day_text(over)} to {day_text(ground.today)}.",
            field="done_on",
        )


def _check_ender(facts: EventFacts, cause: Cause | None) -> None:
    is_of_one = cause in {Cause.FOR_CAUSE, Cause.WITHOUT_CAUSE}
    if facts.ended_by is None or (is_of_one and facts.ended_by is Ender.BOTH):
        raise PolicyError(
            "Say who ends it, the hospital or the physicians: what is due for the year depends on "
            "it.",
            field="ended_by",
        )


def _check_before_the_end(facts: EventFacts, ground: Ground, what: str) -> None:
    if facts.signed_on is not None and facts.signed_on >= ground.stands.ends_on:
        raise PolicyError(
            f"{what} is signed before the term is over. Sign a renewal, or record the holdover.",
            field="signed_on",
        )


def check_has_its_writing(
    writing: Writing, *, today: date, by: UUID | None
) -> tuple[Amendment, Paper]:
    """Return what the terms of a later year are locked by; raise PolicyError, naming what lacks."""
    missing, found = writing.lacks(today=today, by=by), writing.rests_on(by=by)
    if missing or found is None:
        raise PolicyError(missing)
    return found


def may_happen(stands: Standing, *, today: date) -> tuple[ContractEventKind, ...]:
    """Say which events the page of a contract offers."""
    is_open = stands.is_over(today) and stands.reconciled_on is None
    to_reconcile = (ContractEventKind.RECONCILED,) if is_open else ()
    if stands.ended_on is not None:
        return (*to_reconcile, ContractEventKind.END_RULE)
    return (*_before_the_end(stands, stands.state(today)), *to_reconcile)


def _before_the_end(stands: Standing, state: State) -> tuple[ContractEventKind, ...]:
    if state is State.UNSIGNED:
        return (ContractEventKind.SIGNED, ContractEventKind.TERMINATED)
    offered = [ContractEventKind.AMENDED]
    if state in {State.AHEAD, State.IN_FORCE}:
        offered.append(ContractEventKind.EXTENDED)
    offered.append(ContractEventKind.RENEWED)
    if stands.held_from is None:
        offered.append(ContractEventKind.HELD_OVER)
    return (*offered, ContractEventKind.TERMINATED)


_CHECKS = {
    ContractEventKind.SIGNED: _check_signed,
    ContractEventKind.AMENDED: _check_amended,
    ContractEventKind.EXTENDED: _check_extended,
    ContractEventKind.RENEWED: _check_renewed,
    ContractEventKind.HELD_OVER: _check_held_over,
    ContractEventKind.TERMINATED: _check_terminated,
    ContractEventKind.END_RULE: _check_end_rule,
    ContractEventKind.RECONCILED: _check_reconciled,
}
