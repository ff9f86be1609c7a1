"""Drafting, locking and opening a measurement year."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from agreements.allocations.actions import carry_allocation_over
from agreements.components.actions import carry_components_over
from agreements.duties.actions import carry_duties_over
from agreements.programs.models import Program
from agreements.terms import policies
from agreements.terms.document import terms_document
from agreements.terms.models import (
    AgreedIndicator,
    EarlyEnd,
    MeasurementYear,
    MissingRule,
    Tier,
    YearStatus,
)
from agreements.valuations.models import Opinion
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.queue import enqueue
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from indicators.library.models import IndicatorVersion

_EIGHT_PLACES = Decimal("0.00000001")
_LARGEST = 10**10  # ten digits before the eight places


# What a baseline that was computed from history rests on.
OF_A_BASELINE = (
    *("version", "baseline_numerator", "baseline_denominator", "baseline_period"),
    "baseline_source",
)


@dataclass(frozen=True, slots=True)
class YearTerms:
    """What the parties agreed for a year, apart from its indicators.

    Attributes:
        estimate_share: of the incentive pool that may be paid on account, quarter by quarter,
            before the year is adjudicated; None for nothing of it.
        early_end: what is due of the incentive when the agreement ends inside the year.
    """

    period: Period
    opinion: Opinion
    fixed_fee: Money
    incentive_pool: Money
    scope: str
    missing_rule: MissingRule
    estimate_share: Fraction | None = None
    early_end: EarlyEnd = EarlyEnd.SILENT


@dataclass(frozen=True, slots=True)
class TierTerms:
    """One tier: a goal as an exact rate, and the share it earns."""

    name: str
    goal: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class IndicatorTerms:
    """What the parties agreed on one indicator."""

    version: IndicatorVersion
    weight: int
    minimum_cases: int
    compare_places: int
    baseline_numerator: Decimal
    baseline_denominator: Decimal
    baseline_source: str
    tiers: tuple[TierTerms, ...]
    baseline_period: Period | None = None
    rebase_reason: str = ""
    later: tuple[tuple[TierTerms, ...], ...] = ()
    outcome_class: str = ""
    data_source: str = ""


@dataclass(frozen=True, slots=True)
class ComputedBaseline:
    """A baseline as it was computed from history, with the hash of the computation.

    Attributes:
        scope: the criterion that restricted the cases; empty for all.
        feed: that the cases came from, with its system.
    """

    period: Period
    numerator: Decimal
    denominator: Decimal
    source: str
    scope: str
    sha256: str
    feed: str = ""


@transaction.atomic
def draft_year(*, program: Program, terms: YearTerms, by: Actor) -> MeasurementYear:
    """Start the draft of a program's year.

    Raises:
        PolicyError: another year of the program is in effect on one of its days.
    """
    policies.check_estimate_share(terms.estimate_share)
    program = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=program.pk)
    policies.check_days_are_free(terms.period, program.years.all())
    year = MeasurementYear.objects.create(
        program=program,
        starts_on=terms.period.start,
        ends_on=terms.period.end,
        opinion=terms.opinion,
        fixed_fee=terms.fixed_fee,
        incentive_pool=terms.incentive_pool,
        scope=terms.scope,
        missing_rule=terms.missing_rule,
        estimate_share=_kept(terms.estimate_share),
        early_end=terms.early_end,
    )
    record_event(kind=EventKind.YEAR_DRAFTED, subject=year, by=by, program=program.name)
    return year


@transaction.atomic
def edit_year(*, year: MeasurementYear, terms: YearTerms, by: Actor) -> MeasurementYear:
    """Change a draft's days, pay, scope or rule; parts for the whole of its days move along.

    Raises:
        PolicyError: the terms are locked, another year is in effect on one of the days, or a
            baseline would reach into them.
    """
    year = _locked_row(year)
    policies.check_can_edit(year)
    policies.check_estimate_share(terms.estimate_share)
    if terms.period != year.period:
        _move(year, terms.period)
    year.opinion, year.scope = terms.opinion, terms.scope
    year.fixed_fee, year.incentive_pool = terms.fixed_fee, terms.incentive_pool
    year.missing_rule = terms.missing_rule
    year.estimate_share, year.early_end = _kept(terms.estimate_share), terms.early_end
    year.save(
        update_fields=[
            *("starts_on", "ends_on", "opinion", "scope", "fixed_fee", "incentive_pool"),
            "missing_rule",
            *("estimate_share", "early_end"),
        ]
    )
    record_event(kind=EventKind.YEAR_EDITED, subject=year, by=by)
    return year


def _move(year: MeasurementYear, period: Period) -> None:
    """Give a draft other days, with the parts of its pay that last as long as it does."""
    program = Program.objects.select_for_update(of=("self",), no_key=True).get(pk=year.program_id)
    policies.check_days_are_free(period, program.years.exclude(pk=year.pk))
    for agreed in year.indicators.select_related("version__indicator"):
        policies.check_baseline_is_before(agreed, period.start)
    lasting = year.components.filter(starts_on=year.starts_on, ends_on=year.ends_on)
    lasting.update(starts_on=period.start, ends_on=period.end)
    year.starts_on, year.ends_on = period.start, period.end


@transaction.atomic
def put_scoring_plan(
    *, year: MeasurementYear, document: Mapping[str, Any] | None, by: Actor
) -> MeasurementYear:
    """Put the plan into a draft by which results earn the pool, in place of weights and tiers.

    What the plan says is read and held against the terms by `scorecards.plans.policies`, before;
    here nobody can read plans. That it is about these indicators and this pool is asked at lock.

    Args:
        year: a draft.
        document: the plan; None takes it out again, and weights and tiers pay.
        by: who puts it there.

    Raises:
        PolicyError: the terms are locked, or the plan cannot be kept as it was written.
    """
    year = _locked_row(year)
    policies.check_can_edit(year)
    policies.check_can_be_kept(document)
    year.scoring_plan = None if document is None else dict(document)
    year.save(update_fields=["scoring_plan"])
    sha256 = sha256_of(year.scoring_plan) if year.scoring_plan is not None else ""
    record_event(kind=EventKind.SCORING_PLAN_PUT, subject=year, by=by, sha256=sha256)
    return year


@transaction.atomic
def agree_indicator(*, year: MeasurementYear, terms: IndicatorTerms, by: Actor) -> AgreedIndicator:
    """Put an indicator with its baseline, weight and tiers into a draft.

    Raises:
        PolicyError: the terms are locked, hold this indicator already, or name a goal or share
            that cannot be kept exactly.
    """
    year = _locked_row(year)
    policies.check_can_edit(year)
    _check(terms)
    if year.indicators.filter(version__indicator=terms.version.indicator_id).exists():
        raise PolicyError(f"{terms.version.indicator} is in these terms already.")
    last = year.indicators.aggregate(last=Max("position"))["last"] or 0
    agreed = AgreedIndicator(year=year, position=last + 1)
    _put(terms, agreed)
    record_event(kind=EventKind.INDICATOR_AGREED, subject=agreed, by=by, weight=terms.weight)
    return agreed


@transaction.atomic
def change_indicator(
    *, agreed: AgreedIndicator, terms: IndicatorTerms, by: Actor
) -> AgreedIndicator:
    """Agree anew on an indicator of a draft; a newer version of it may take its place.

    A baseline that was computed from history stays so unless its counts, their source or the
    definition change.

    Raises:
        PolicyError: the terms are locked, the indicator was taken out of them meanwhile, another
            one would take its place, or a goal or share cannot be kept exactly.
    """
    year = _locked_row(agreed.year)
    policies.check_can_edit(year)
    agreed = policies.check_is_in_the_terms(agreed, list(year.indicators.all()))
    policies.check_is_of_the_same(agreed.version, terms.version)
    _check(terms)
    if any(getattr(terms, name) != getattr(agreed, name) for name in OF_A_BASELINE):
        agreed.baseline_sha256 = agreed.baseline_scope = ""
    agreed.tiers.all().delete()
    _put(terms, agreed)
    record_event(kind=EventKind.INDICATOR_CHANGED, subject=agreed, by=by, weight=terms.weight)
    return agreed


def _check(terms: IndicatorTerms) -> None:
    policies.check_may_be_paid(terms.version.definition)
    policies.check_outcome_class(terms.version.definition, terms.outcome_class)
    for tier in (*terms.tiers, *(tier for tiers in terms.later for tier in tiers)):
        policies.check_share(tier.share)


def _put(terms: IndicatorTerms, agreed: AgreedIndicator) -> None:
    period = terms.baseline_period
    agreed.version, agreed.weight = terms.version, terms.weight
    agreed.minimum_cases, agreed.compare_places = terms.minimum_cases, terms.compare_places
    agreed.outcome_class, agreed.data_source = terms.outcome_class, terms.data_source
    agreed.baseline_numerator = terms.baseline_numerator
    agreed.baseline_denominator = terms.baseline_denominator
    agreed.baseline_source = terms.baseline_source
    agreed.baseline_from = period.start if period else None
    agreed.baseline_until = period.end if period else None
    agreed.rebase_reason = terms.rebase_reason
    agreed.save()
    Tier.objects.bulk_create(
        Tier(
            indicator=agreed,
            year_number=year_number,
            position=position,
            name=tier.name,
            goal=_decimal(tier.goal),
            share=_decimal(tier.share),
        )
        for year_number, tiers in enumerate((terms.tiers, *terms.later), 1)
        for position, tier in enumerate(tiers, 1)
    )


@transaction.atomic
def take_baseline(
    *, agreed: AgreedIndicator, computed: ComputedBaseline, reason: str = "", by: Actor
) -> AgreedIndicator:
    """Put a baseline that was computed from history into a draft.

    Args:
        agreed: the indicator of the draft.
        computed: the counts, their period and the hash of the computation.
        reason: why it differs from the baseline of the year before; empty when it does not.
        by: who puts it there.

    Raises:
        PolicyError: the terms are locked, or the indicator was taken out of them meanwhile.
    """
    year = _locked_row(agreed.year)
    policies.check_can_edit(year)
    agreed = policies.check_is_in_the_terms(agreed, list(year.indicators.all()))
    agreed.baseline_numerator = computed.numerator
    agreed.baseline_denominator = computed.denominator
    agreed.baseline_source = computed.source
    agreed.data_source = agreed.data_source or computed.feed
    agreed.baseline_from, agreed.baseline_until = computed.period.start, computed.period.end
    agreed.baseline_sha256, agreed.baseline_scope = computed.sha256, computed.scope
    agreed.rebase_reason = reason
    agreed.save()
    record_event(
        kind=EventKind.BASELINE_TAKEN, subject=agreed, by=by, sha256=computed.sha256, reason=reason
    )
    return agreed


@transaction.atomic
def draft_next_year(*, year: MeasurementYear, by: Actor) -> MeasurementYear:
    """Draft the year after a signed one: same pay, plan and indicators, the goals agreed for it.

    Where no goals were agreed ahead, those of this year are carried over. Baselines stay. After
    an agreement that ended early it begins on the day after, and can be moved.

    Raises:
        PolicyError: the year is a draft, or the next one exists.
    """
    year = _locked_row(year)
    policies.check_can_be_followed(year)
    following = draft_year(
        program=year.program,
        terms=YearTerms(
            period=policies.days_to_follow(year),
            opinion=year.opinion,
            fixed_fee=year.fixed_fee,
            incentive_pool=year.incentive_pool,
            scope=year.scope,
            missing_rule=MissingRule(year.missing_rule),
            estimate_share=None if year.estimate_share is None else Fraction(year.estimate_share),
            early_end=EarlyEnd(year.early_end),
        ),
        by=by,
    )
    for agreed in year.indicators.select_related("version__indicator").prefetch_related("tiers"):
        carried = agree_indicator(year=following, terms=_carried_over(agreed), by=by)
        carried.baseline_sha256 = agreed.baseline_sha256
        carried.baseline_scope = agreed.baseline_scope
        carried.save(update_fields=["baseline_sha256", "baseline_scope"])
    if year.scoring_plan is not None:
        put_scoring_plan(year=following, document=year.scoring_plan, by=by)
        following.refresh_from_db(fields=["scoring_plan"])
    carry_allocation_over(year=year, following=following, by=by)
    carry_components_over(year=year, following=following, by=by)
    carry_duties_over(year=year, following=following, by=by)
    return following


def _carried_over(agreed: AgreedIndicator) -> IndicatorTerms:
    by_year: dict[int, list[TierTerms]] = {}
    for tier in agreed.tiers.all():
        terms = TierTerms(tier.name, Fraction(tier.goal), Fraction(tier.share))
        by_year.setdefault(tier.year_number, []).append(terms)
    first = tuple(by_year.pop(1, ()))
    ahead = [tuple(by_year[number]) for number in sorted(by_year)]
    return IndicatorTerms(
        version=agreed.version,
        weight=agreed.weight,
        minimum_cases=agreed.minimum_cases,
        compare_places=agreed.compare_places,
        baseline_numerator=agreed.baseline_numerator,
        baseline_denominator=agreed.baseline_denominator,
        baseline_source=agreed.baseline_source,
        baseline_period=agreed.baseline_period,
        tiers=ahead[0] if ahead else first,
        later=tuple(ahead[1:]),
        outcome_class=agreed.outcome_class,
        data_source=agreed.data_source,
    )


@transaction.atomic
def withdraw_indicator(*, agreed: AgreedIndicator, by: Actor) -> None:
    """Take an indicator out of a draft.

    Raises:
        PolicyError: the terms are locked.
    """
    policies.check_can_edit(_locked_row(agreed.year))
    record_event(kind=EventKind.INDICATOR_WITHDRAWN, subject=agreed, by=by)
    agreed.delete()


@transaction.atomic
def lock_terms(*, year: MeasurementYear, signed_on: date, by: Actor) -> MeasurementYear:
    """Freeze the terms that both parties signed, and hash them.

    Raises:
        PolicyError: something is missing, or the signature is later than the year's start.
    """
    year = _locked_row(year)
    year.signed_on = signed_on
    terms = terms_document(year)
    today = Tenant.objects.get(pk=active_tenant_id()).today()
    policies.check_can_lock(year, terms, today=today)
    year.status = YearStatus.LOCKED
    year.terms, year.terms_sha256 = terms, sha256_of(terms)
    year.locked_at, year.locked_by_id = timezone.now(), by.user_id
    year.save(
        update_fields=["status", "signed_on", "terms", "terms_sha256", "locked_at", "locked_by"]
    )
    record_event(kind=EventKind.TERMS_LOCKED, subject=year, by=by, sha256=year.terms_sha256)
    return year


@transaction.atomic
def open_period(*, year: MeasurementYear, today: date, by: Actor) -> MeasurementYear:
    """Put a locked year on the clock, so that data may come in.

    Raises:
        PolicyError: the terms are not locked, or the year has not begun.
    """
    year = _locked_row(year)
    policies.check_can_open(year, today=today)
    year.status = YearStatus.OPEN
    year.opened_at, year.opened_by_id = timezone.now(), by.user_id
    year.save(update_fields=["status", "opened_at", "opened_by"])
    record_event(kind=EventKind.PERIOD_OPENED, subject=year, by=by)
    return year


@transaction.atomic
def close_period(*, year: MeasurementYear, today: date, by: Actor) -> MeasurementYear:
    """Take a year that is over off the clock: its data is cut off.

    Raises:
        PolicyError: the year is not on the clock, or not over.
    """
    year = _locked_row(year)
    policies.check_can_close(year, today=today)
    return _set_status(year, YearStatus.CLOSED, EventKind.PERIOD_CLOSED, by)


@transaction.atomic
def end_year_early(
    *, year: MeasurementYear, ending: Mapping[str, Any], by: Actor
) -> MeasurementYear:
    """Note in a signed year how its agreement ended, as the register has it.

    No term changes: what is due for the days in effect follows the terms. The scorecard is
    computed anew, over those days.

    Args:
        year: that ends after the agreement did.
        ending: `on`, the first day without the agreement; `cause` and `by`, why and who ended it;
            and `rule`, what the signed agreement says, where the terms name none. The year keeps
            with it when its end was first noted, `noted_at`.
        by: who recorded it.
    """
    year = _locked_row(year)
    known = year.ending or {}
    is_known = known.get("on") == ending["on"]
    noted_at = known["noted_at"] if is_known else timezone.now().isoformat()
    year.ending = {**ending, "noted_at": noted_at}
    year.save(update_fields=["ending"])
    record_event(kind=EventKind.YEAR_ENDED_EARLY, subject=year, by=by, ended_on=ending["on"])
    if year.status != YearStatus.LOCKED and year.in_effect is not None:
        enqueue(
            JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk, key=f"ended:{sha256_of(year.ending)}"
        )
    return year


@transaction.atomic
def reopen_period(*, year: MeasurementYear, by: Actor) -> MeasurementYear:
    """Put a closed year back on the clock, so that its data can be corrected.

    Raises:
        PolicyError: the year is not closed.
    """
    year = _locked_row(year)
    policies.check_can_reopen(year)
    return _set_status(year, YearStatus.OPEN, EventKind.PERIOD_REOPENED, by)


def _set_status(
    year: MeasurementYear, status: YearStatus, kind: EventKind, by: Actor
) -> MeasurementYear:
    year.status = status
    year.save(update_fields=["status"])
    record_event(kind=kind, subject=year, by=by)
    return year


def _locked_row(year: MeasurementYear) -> MeasurementYear:
    return (
        MeasurementYear.objects.select_related("program__group", "opinion")
        .select_for_update(of=("self",), no_key=True)
        .get(pk=year.pk)
    )


def _kept(share: Fraction | None) -> Decimal | None:
    return None if share is None else _decimal(share)


def _decimal(value: Fraction) -> Decimal:
    """Return the same number as a decimal of eight places, or refuse: terms are never rounded."""
    if abs(value) >= _LARGEST:
        raise PolicyError(f"{value} is too large to be a goal. Check its digits.")
    decimal = (Decimal(value.numerator) / Decimal(value.denominator)).quantize(_EIGHT_PLACES)
    if Fraction(decimal) != value:
        raise PolicyError(f"{value} is not a decimal of at most eight places. Write one.")
    return decimal
