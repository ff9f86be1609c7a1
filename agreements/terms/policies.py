"""What a measurement year's state allows."""

import re
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from agreements.terms.completeness import gaps, signature_gaps, why_unpayable
from agreements.terms.lifecycle import YEAR_NEXT
from agreements.terms.models import AgreedIndicator, MeasurementYear, YearStatus
from agreements.terms.outcomes import UNSAID
from comanage.values.canonical import CanonicalError, canonical_json
from comanage.values.period import MONTHS_IN_A_YEAR, Period, day_text, months_after
from comanage.web.errors import PolicyError
from indicators.library.models import IndicatorVersion
from indicators.library.vocabulary import OBP_CLASSES, spoken
from indicators.measure.definition import Definition

LONGEST_PLAN = 500_000
_NOTHING = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


def check_can_edit(year: MeasurementYear) -> None:
    """Raise PolicyError unless the terms may still change."""
    if not year.is_draft:
        raise PolicyError(
            "These terms are locked. What both parties signed does not change; draft the next "
            "year instead."
        )


def check_days_are_free(period: Period, others: Iterable[MeasurementYear]) -> None:
    """Raise PolicyError unless no other year of the program is in effect on a day of a period.

    A year whose agreement ended inside it leaves the days after to what the next one agrees.
    """
    for other in others:
        if other.in_effect is None or not other.in_effect.overlaps(period):
            continue
        way_out = (
            f"Begin on {day_text(other.pay_ends_on)} or later."
            if other.is_draft or other.ended_on
            else f"Begin on {day_text(other.pay_ends_on)} or later; or, where its agreement ended "
            f"before that, record the end in the register of contracts first."
        )
        raise PolicyError(
            f"{period} overlaps the program's year {other.in_effect}, and no day is paid by two "
            f"terms. {way_out}"
        )


def check_baseline_is_before(agreed: AgreedIndicator, first_day: date) -> None:
    """Raise PolicyError when a baseline that was counted would reach into the year."""
    if agreed.baseline_sha256 and agreed.baseline_until and agreed.baseline_until > first_day:
        raise PolicyError(
            f"The baseline of {agreed} was counted up to {day_text(agreed.baseline_until)}, into "
            f"the year that would begin on {day_text(first_day)}. Choose a later first day.",
            field="starts_on",
        )


def check_can_be_followed(year: MeasurementYear) -> None:
    """Raise PolicyError unless the terms are locked, so that a next year can follow from them."""
    if year.is_draft:
        raise PolicyError("These terms are a draft. Lock them first; the next year follows them.")
    if year.ends_on == date.max:
        raise PolicyError("The calendar has no days after this year.")


def days_to_follow(year: MeasurementYear) -> Period:
    """Return the twelve months after the days in effect of a year."""
    return Period(year.pay_ends_on, months_after(year.pay_ends_on, MONTHS_IN_A_YEAR))


def can_be_followed(year: MeasurementYear, *, has_later_year: bool) -> bool:
    """Say whether the button for the next year should be shown."""
    try:
        check_can_be_followed(year)
    except PolicyError:
        return False
    return not has_later_year


def check_may_be_paid(definition: Definition) -> None:
    """Raise PolicyError for an indicator that may be watched but not paid for."""
    if why := why_unpayable(definition):
        raise PolicyError(why)


def check_outcome_class(definition: Definition, said: str) -> None:
    """Raise PolicyError when the parties say another class than a definition that says one."""
    if said and definition.obp_class not in {UNSAID, said}:
        raise PolicyError(
            f"The definition of “{definition.title}” says what it is about: "
            f"{spoken(OBP_CLASSES, definition.obp_class).lower()}. Leave it so, or write a new "
            f"version of the definition.",
            field="outcome_class",
        )


def check_is_in_the_terms(
    agreed: AgreedIndicator, indicators: Collection[AgreedIndicator]
) -> AgreedIndicator:
    """Return an indicator as the draft has it now; raise PolicyError once it was taken out."""
    for each in indicators:
        if each == agreed:
            return each
    raise PolicyError("The indicator was taken out of these terms meanwhile. Add it again first.")


def check_is_of_the_same(now: IndicatorVersion, then: IndicatorVersion) -> None:
    """Raise PolicyError when another indicator would take the place of one."""
    if now.indicator_id != then.indicator_id:
        raise PolicyError(
            f"Another indicator does not take the place of {now.indicator}. Take it out of the "
            f"terms, and add the other.",
            field="version",
        )


def check_share(share: Fraction) -> None:
    """Raise PolicyError unless a tier earns something, and not more than the whole."""
    if not 0 < share <= 1:
        raise PolicyError(
            "A tier earns a share above 0 % and at most 100 %. Write it with its sign, such as 50%."
        )


def check_estimate_share(share: Fraction | None) -> None:
    """Raise PolicyError unless nothing, or a part of the incentive, may be paid on account."""
    if share is not None and not 0 < share <= 1:
        raise PolicyError(
            "Of the incentive above 0 % and at most 100 % may be paid on account. Write it with "
            "its sign, such as 50%, or leave it out."
        )


def check_can_be_kept(plan: Mapping[str, Any] | None) -> None:
    """Raise PolicyError unless a scoring plan can be kept, and hashed, exactly as it is written."""
    if plan is None:
        return
    try:
        written = canonical_json(dict(plan))
    except CanonicalError as wrong:
        raise PolicyError(f"The scoring plan cannot be kept exactly: {wrong}") from wrong
    if len(written) > LONGEST_PLAN:
        raise PolicyError(f"A scoring plan has up to {LONGEST_PLAN:,} characters. Shorten it.")
    if _NOTHING.search(written):
        raise PolicyError("The scoring plan holds a character that is none (U+0000). Take it out.")


def check_can_lock(year: MeasurementYear, terms: Mapping[str, Any], *, today: date) -> None:
    """Raise PolicyError, naming everything that is missing, unless the terms can be locked."""
    _check_move(year, YearStatus.LOCKED)
    if year.signed_on is not None and year.signed_on > today:
        raise PolicyError(
            f"{day_text(year.signed_on)} has not come yet. Lock the terms once both have signed."
        )
    missing = [*gaps(terms), *signature_gaps(terms)]
    if missing:
        raise PolicyError("The terms cannot be locked yet. " + " ".join(missing))


def check_can_open(year: MeasurementYear, *, today: date) -> None:
    """Raise PolicyError unless the locked year has begun."""
    if year.status != YearStatus.LOCKED:
        raise PolicyError(_REFUSALS[YearStatus.OPEN].format(status=_word(year)))
    if today < year.starts_on:
        raise PolicyError(
            f"The year begins on {day_text(year.starts_on)}. Open it on that day or after."
        )
    if year.in_effect is None:
        raise PolicyError(
            f"The agreement ended before {day_text(year.pay_ends_on)}, and this year begins after "
            "that: it is not put on the clock."
        )


def can_open(year: MeasurementYear, *, today: date) -> bool:
    """Say whether the open button should be shown."""
    try:
        check_can_open(year, today=today)
    except PolicyError:
        return False
    return True


def check_can_close(year: MeasurementYear, *, today: date) -> None:
    """Raise PolicyError unless the year is on the clock and over."""
    _check_move(year, YearStatus.CLOSED)
    if today < year.pay_ends_on:
        raise PolicyError(
            f"The year {year.in_effect or year.period} is not over. It can be adjudicated from "
            f"{day_text(year.pay_ends_on)} on."
        )


def check_can_reopen(year: MeasurementYear) -> None:
    """Raise PolicyError unless the year is closed."""
    if year.status != YearStatus.CLOSED:
        raise PolicyError(f"Only a closed year is reopened; this year is {_word(year)}.")


def _check_move(year: MeasurementYear, to: YearStatus) -> None:
    if to not in YEAR_NEXT[YearStatus(year.status)]:
        raise PolicyError(_REFUSALS[to].format(status=_word(year)))


def _word(year: MeasurementYear) -> str:
    return str(YearStatus(year.status).label).lower()


_REFUSALS = {
    YearStatus.LOCKED: "These terms are locked already; the year is {status}.",
    YearStatus.OPEN: "A period opens only when its terms are locked; this year is {status}.",
    YearStatus.CLOSED: "Only a year on the clock can be closed; this year is {status}.",
}
