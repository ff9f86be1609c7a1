"""The hospitals of the bench: their programs, and the stored scorecards of years that are over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from adjudication.bench.oracle import Drawn
from adjudication.bench.task import Size, Task
from agreements.participants.actions import add_participant
from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, Program, ServiceLine
from agreements.terms.actions import (
    IndicatorTerms,
    TierTerms,
    YearTerms,
    agree_indicator,
    draft_year,
    lock_terms,
    open_period,
)
from agreements.terms.models import MeasurementYear, MissingRule
from agreements.valuations.actions import OpinionFacts, file_opinion
from comanage.identity.actions import grant_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.scope import tenant_scope
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.period import Period
from indicators.catalogue import standard_definitions
from indicators.library.actions import adopt_indicator
from indicators.library.models import IndicatorVersion
from indicators.measure.definition import Definition
from indicators.measure.tally import Tally
from scorecards.cards.actions import keep_scorecard
from scorecards.cards.engine import scorecard_document

SET_UP = Actor.system("Bench")
LAST_YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
FIXED, POOL = Money.from_dollars("180000.00"), Money.from_dollars("240000.01")
NPI = "2999999008"
MOST_CASES, FEWEST_CASES = 4_000, 40


@cache
def usable_definitions() -> tuple[Definition, ...]:
    """Return standard indicators that count cases and print percentages, in order."""
    return tuple(
        each
        for each in standard_definitions()
        if (each.scoring, each.data, each.use, each.multiplier)
        == ("proportion", "cases", "incentive", None)
    )


def found_all(size: Size) -> list[str]:
    """Make every hospital with its programs, and return their ids; none is there yet."""
    ids = []
    shares = [size.programs // size.hospitals] * size.hospitals
    for place in range(size.programs % size.hospitals):
        shares[place] += 1
    first = 0
    for place, programs in enumerate(shares, start=1):
        tenant = create_tenant(
            slug=f"bench-{place}", name=f"Bench {place}", time_zone="America/Chicago"
        )
        with tenant_scope(tenant.pk):
            _found(range(first, first + programs), size)
        first += programs
        ids.append(str(tenant.pk))
    return ids


def years_in_turn(task: Task) -> Iterator[tuple[UUID, int, MeasurementYear]]:
    """Walk through a process's share of the years that are over, each with its number."""
    for tenant_id in map(UUID, task.tenants):
        with tenant_scope(tenant_id):
            years = list(
                MeasurementYear.objects.filter(starts_on=LAST_YEAR.start).select_related("program")
            )
        for year in years:
            number = int(year.program.name.split()[-1])
            if number % task.of == task.place:
                yield tenant_id, number, year


def drawn(size: Size, number: int) -> list[Drawn]:
    """Draw the results of one program's year."""
    random = Random(f"{size.seed}-{number}")  # noqa: S311  (results of a bench)
    weights = [100 // size.indicators] * size.indicators
    for place in range(100 % size.indicators):
        weights[place] += 1
    results = []
    for definition, weight in zip(usable_definitions(), weights, strict=False):
        cases = random.randint(FEWEST_CASES, MOST_CASES)
        goals = sorted(Fraction(random.randint(5, 990), 1000) for _ in range(2))
        goals[1] += Fraction(1, 1000)  # two goals are never one
        is_more_better = definition.improvement == "increase"
        half, full = goals if is_more_better else reversed(goals)
        results.append(Drawn(random.randint(0, cases), cases, weight, half, full, is_more_better))
    return results


def actor(role: Role) -> Actor:
    """Act as the hospital's member of a role, inside its scope."""
    return Actor.member(Membership.objects.select_related("user").get(role=role))


def open_live_year(size: Size, today: date) -> MeasurementYear:
    """Put the year of today on the clock for one program, half of it received."""
    year = date(today.year, 1, 1), date(today.year + 1, 1, 1)
    program = Program.objects.order_by("name").first()
    if program is None:
        raise LookupError("The hospital has no program.")
    return _year(program, Period(*year), drawn(size, 0), _versions())


def _found(numbers: Sequence[int], size: Size) -> None:
    for role in Role:
        if role is not Role.EXTRACT_CLIENT:
            grant_membership(
                email=f"{role.value}@bench.example",
                name=role.label,
                role=role,
                starts_on=date(2024, 1, 1),
                ends_on=None,
                by=SET_UP,
            )
    by = actor(Role.CONSULTANT)
    for definition in usable_definitions()[: size.indicators]:
        adopt_indicator(slug=definition.slug, by=by)
    versions = _versions()
    for number in numbers:
        program = create_program(
            name=f"Program {number}",
            service_line=ServiceLine.CARDIOVASCULAR,
            alignment_model=AlignmentModel.CO_MANAGEMENT,
            objective="Fewer returns.",
            group_name=f"Group {number}, LLC",
            by=by,
        )
        add_participant(
            program=program,
            npi=NPI,
            name="Dr. Ada",
            specialty="Cardiology",
            joined_on=LAST_YEAR.start,
            by=by,
        )
        _year(program, LAST_YEAR, drawn(size, number), versions)


def _versions() -> Mapping[str, IndicatorVersion]:
    found = IndicatorVersion.objects.select_related("indicator")
    return {version.indicator.slug: version for version in found}


def _year(
    program: Program,
    period: Period,
    results: Sequence[Drawn],
    versions: Mapping[str, IndicatorVersion],
) -> MeasurementYear:
    """Agree on a year, open it, and store its scorecard."""
    by = actor(Role.CONSULTANT)
    opinion = file_opinion(
        program=program,
        facts=OpinionFacts(
            valuator="Valuers",
            opined_on=date(2024, 11, 1),
            valid_from=period.start,
            valid_until=period.end,
            fixed=FIXED,
            incentive=POOL,
            total=FIXED + POOL,
        ),
        by=by,
    )
    terms = YearTerms(period, opinion, FIXED, POOL, "", MissingRule.REDISTRIBUTE)
    year = draft_year(program=program, terms=terms, by=by)
    slugs = [definition.slug for definition in usable_definitions()[: len(results)]]
    for slug, each in zip(slugs, results, strict=True):
        agree_indicator(year=year, terms=_indicator(versions[slug], each), by=by)
    year = lock_terms(year=year, signed_on=date(2024, 12, 1), by=by)
    year = open_period(year=year, today=period.start, by=by)
    tallies = dict(zip(slugs, map(_tally, results), strict=True))
    document = scorecard_document(year.terms or {}, tallies) | {"slices": _slices(period)}
    keep_scorecard(
        year=year, document=document, input_sha256=sha256_of(document["slices"]), by=SET_UP
    )
    return year


def _indicator(version: IndicatorVersion, result: Drawn) -> IndicatorTerms:
    return IndicatorTerms(
        version=version,
        weight=result.weight,
        minimum_cases=20,
        compare_places=1,
        baseline_numerator=Decimal(1),
        baseline_denominator=Decimal(2),
        baseline_source="The year before",
        tiers=(
            TierTerms("Threshold", result.half_from, Fraction(1, 2)),
            TierTerms("Target", result.full_from, Fraction(1)),
        ),
    )


def _tally(result: Drawn) -> Tally:
    return Tally(
        initial_population=result.denominator,
        denominator=result.denominator,
        numerator=result.numerator,
        not_met=result.denominator - result.numerator,
    )


def _slices(period: Period) -> list[dict[str, Any]]:
    """Name what the scorecard would have been counted from: the year up to its middle."""
    middle = date(period.start.year, 7, 1)
    return [
        {
            "sha256": "0" * 64,
            "file_sha256": "0" * 64,
            "logical_sha256": "0" * 64,
            "rows": MOST_CASES,
            "version": 1,
            "start": period.start.isoformat(),
            "end": middle.isoformat(),
            "filename": "cases.csv",
            "received_at": datetime(middle.year, 7, 2, tzinfo=UTC).isoformat(),
        }
    ]
