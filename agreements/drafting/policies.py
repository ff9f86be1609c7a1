"""What an agreement's state allows, and what its term and clauses must be."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from agreements.drafting.clauses import standard_clause
from agreements.drafting.facts import LEAST_NOTICE, LONGEST_NOTICE, AgreementFacts, Change
from agreements.drafting.lifecycle import AGREEMENT_NEXT
from agreements.drafting.models import Agreement, AgreementStatus, ChangeKind
from agreements.drafting.placeholders import PLACEHOLDERS, unknown_in
from agreements.drafting.words import STATES
from agreements.terms.models import MeasurementYear
from comanage.values.period import MONTHS_IN_A_YEAR, day_text, months_after
from comanage.web.errors import PolicyError

NO_YEAR = (
    "The program has no measurement year that begins within the term. Draft one: its terms are "
    "the agreement's exhibits."
)


def check_facts(facts: AgreementFacts, *, today: date) -> None:
    """Raise PolicyError unless term, state and days of notice are what an agreement may say.

    Source:
        42 CFR 411.357(d)(1)(iv) and 1001.952(d)(1)(ii): at least one year; 42 CFR
        411.354(d)(1): set out in writing before the services, so never back-dated.
    """
    term = facts.term
    if months_after(term.start, MONTHS_IN_A_YEAR) > term.end:
        raise PolicyError(
            f"A term from {term} is shorter than a year. An agreement with physicians runs for at "
            f"least one year: choose a later last day.",
            field="last_day",
        )
    if term.start < today:
        raise PolicyError(
            f"{day_text(term.start)} is past. An agreement takes effect on or after the day of its "
            f"last signature and is never back-dated: choose a first day from "
            f"{day_text(today)} on.",
            field="starts_on",
        )
    if facts.state not in STATES:
        raise PolicyError("Choose the state whose law governs.", field="state")
    for field in ("notice_days", "holdover_notice_days"):
        days = getattr(facts, field)
        if not LEAST_NOTICE <= days <= LONGEST_NOTICE:
            raise PolicyError(
                f"Notice of {days} days is outside {LEAST_NOTICE} to {LONGEST_NOTICE} days. Give "
                f"a number of days within them.",
                field=field,
            )


def check_can_begin(written: Agreement | None) -> None:
    """Raise PolicyError while another agreement of the program is being written."""
    if written is not None:
        raise PolicyError(
            f"The program has an agreement already that is being written, “{written.title}”. Go on "
            f"with that one, or withdraw it first."
        )


def check_begins_after(first_day: date, earlier: Iterable[tuple[str, date | None]]) -> None:
    """Raise PolicyError unless every earlier agreement of the program is over by a first day.

    Args:
        first_day: of the term.
        earlier: titles, each with the first day without it; None while it is held over.
    """
    for title, over_on in earlier:
        if over_on is None:
            raise PolicyError(
                f"“{title}” is held over and goes on until it is ended. Record its end in the "
                f"register of contracts first; the next agreement begins on the day after.",
                field="starts_on",
            )
        if first_day < over_on:
            last = day_text(over_on - timedelta(days=1))
            raise PolicyError(
                f"“{title}” runs through {last}. Begin on the day after or later; or, where it "
                f"ended before, record its end in the register of contracts first.",
                field="starts_on",
            )


def check_can_draft(agreement: Agreement) -> None:
    """Raise PolicyError unless clauses and facts may still change."""
    if not agreement.is_drafted:
        raise PolicyError(
            f"This agreement is {_word(agreement)}, so its text stays as it is. Have it returned "
            f"for changes, or agree on an amendment once it is executed."
        )


def check_can_withdraw(agreement: Agreement) -> None:
    """Raise PolicyError unless the agreement can still be given up."""
    if not can_withdraw(agreement):
        raise PolicyError(
            f"This agreement is {_word(agreement)} and cannot be withdrawn. One that is executed "
            f"is ended by its own clause on termination."
        )


def can_withdraw(agreement: Agreement) -> bool:
    """Say whether the form to withdraw should be shown."""
    return AgreementStatus.WITHDRAWN in AGREEMENT_NEXT[AgreementStatus(agreement.status)]


def check_can_be_composed(year: MeasurementYear | None) -> MeasurementYear:
    """Return the first year of the term; raise PolicyError unless it is there and a draft."""
    if year is None:
        raise PolicyError(NO_YEAR)
    if not year.is_draft:
        raise PolicyError(
            f"The terms for {year.period} are locked already, by an agreement that was signed "
            f"elsewhere. An agreement that is written here begins with a year in draft."
        )
    return year


def check_can_lock_alone(*, is_written_here: bool) -> None:
    """Raise PolicyError when the terms are locked by an agreement's execution, not by a day."""
    if is_written_here:
        raise PolicyError(
            "The agreement of this program is written here, so its execution locks these terms: on "
            "the day of the last signature. Have it approved and signed, or withdraw it if it was "
            "signed elsewhere."
        )


def check_change(change: Change, *, keys: Collection[str], changed: Collection[str]) -> None:
    """Raise PolicyError unless a change says what it must, of a clause that is there.

    Args:
        change: to be made.
        keys: of the standard's clauses and the added ones.
        changed: of the clauses that the program changed already.
    """
    is_added = change.kind == ChangeKind.ADD
    if not is_added and change.key not in keys:
        raise PolicyError("There is no such clause. Choose one of the agreement's.")
    if change.kind == ChangeKind.RESTORE and change.key not in changed:
        raise PolicyError("The clause is as in the standard already.")
    if is_added and (change.after not in keys or change.after == change.key):
        raise PolicyError("Choose the clause that the new one follows.", field="after")
    if change.kind == ChangeKind.MOVE and (change.after not in keys or change.after == change.key):
        raise PolicyError("Choose the clause that this one shall follow.", field="after")
    if is_added and standard_clause(change.key) is not None:
        raise PolicyError("The standard has that clause. Write it anew instead.", field="heading")
    if change.kind == ChangeKind.OMIT and standard_clause(change.key) is None:
        raise PolicyError("A clause that was added is taken back, not left out.")
    check_places(change, keys=keys)


def check_places(change: Change, *, keys: Collection[str]) -> None:
    """Raise PolicyError for anything in braces that nobody can fill, naming what can be.

    Args:
        change: with its text.
        keys: of the clauses that it may refer to.
    """
    unknown = unknown_in(change.text, keys=keys)
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
        raise PolicyError(
            f"{', '.join(dict.fromkeys(unknown))} is not a placeholder. Use one of these: {known}; "
            f"or {{section:fixed-fee}} for the number of a clause, by its key.",
            field="text",
        )


def check_can_be_a_version(problems: Collection[str]) -> None:
    """Raise PolicyError, naming everything, unless the draft can be printed whole."""
    if problems:
        raise PolicyError("No version can be made yet. " + " ".join(problems))


def check_differs(sha256: str, last: str) -> None:
    """Raise PolicyError when nothing has changed since the last version."""
    if sha256 == last:
        raise PolicyError("Nothing has changed since the last version, so it still stands.")


def _word(agreement: Agreement) -> str:
    return str(AgreementStatus(agreement.status).label).lower()
