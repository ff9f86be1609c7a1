"""Weighing a checked file before it counts: how it sits in history, and what it would change.

`read_scales` asks the database; `weigh` counts and compares in the worker, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from typing import Any
from uuid import UUID

from agreements.terms.models import MeasurementYear, YearStatus
from comanage.values.canonical import sha256_of
from comanage.values.period import Period
from comanage.vault.files import UnlockedFile, unlock
from comanage.web.errors import PolicyError
from indicators.measure.columns import CasesError
from indicators.measure.rate import exact_parts
from indicators.measure.tally import Tally
from scorecards.cards import engine
from scorecards.cards.counting import count_slices
from scorecards.cards.loading import MOST_ROWS, open_cases
from scorecards.cards.queries import calendar_of, prior_results
from scorecards.feeds.models import FeedExpectation
from scorecards.intake.candidates import Candidate
from scorecards.intake.models import Slice, Upload
from scorecards.intake.outcome import Finding, Severity
from scorecards.intake.queries import (
    SliceFacts,
    current_slice,
    current_slices,
    facts_of,
    slices_before,
    spec_for,
    version_before,
    years_counting,
)
from scorecards.intake.spec import FeedSpec
from scorecards.restatements.differences import CaseChanges, Cases, Comparison
from scorecards.restatements.effects import effect_document
from scorecards.restatements.history import (
    FEWEST_PERIODS,
    Population,
    comparable,
    population_warnings,
    row_warnings,
)
from scorecards.trends.months import Calendar

Terms = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class YearScale:
    """A year that counts the days of the file, and what it counts now."""

    id: UUID
    program: str
    period: Period
    is_closed: bool
    terms: Terms
    terms_sha256: str
    calendar: Calendar | None
    slices: tuple[SliceFacts, ...]
    prior: engine.Prior


@dataclass(frozen=True, slots=True)
class Scales:
    """What a file is weighed against.

    Attributes:
        current: the version of its period that counts now; None for none.
        stored: its cases.
        earlier: comparable periods before it, in time order.
        expected: rows there should be, and who says so.
        restates: whether a year that counts the file is closed.
    """

    spec: FeedSpec
    tolerance: int
    expected: tuple[int, str] | None
    current: SliceFacts | None
    stored: UnlockedFile | None
    earlier: tuple[SliceFacts, ...]
    years: tuple[YearScale, ...]
    restates: bool

    @property
    def basis(self) -> str:
        """Hash what the changes are changes of: when it moves, they are computed again."""
        return sha256_of(
            {
                "current": [self.current.version, self.current.sha256] if self.current else None,
                "years": [
                    [
                        str(year.id),
                        year.terms_sha256,
                        year.is_closed,
                        [slice_.sha256 for slice_ in year.slices],
                    ]
                    for year in self.years
                ],
            }
        )


@dataclass(frozen=True, slots=True)
class Weighing:
    """What came out.

    Attributes:
        basis: of the scales.
        warnings: what does not sit in history, in words.
        cases: what changes of the version that counts; None where there is none.
        years: for each year, its results before and after.
    """

    basis: str
    warnings: tuple[Finding, ...]
    cases: CaseChanges | None
    years: tuple[dict[str, Any], ...]

    def to_document(self) -> dict[str, Any]:
        """Write what a person decides on as plain JSON."""
        return {
            "basis": self.basis,
            "cases": self.cases.to_document() if self.cases else None,
            "years": list(self.years),
        }


def read_scales(upload: Upload) -> Scales:
    """Read what a file is weighed against; its feed and map are at hand.

    Seven queries, and three for each year.
    """
    feed, period = upload.feed, upload.period
    current, counting = current_slice(feed, period), years_counting(upload)
    before = {slice_.period: slice_ for slice_ in slices_before(feed, period.start)}
    return Scales(
        spec=spec_for(upload),
        tolerance=feed.tolerance_percent,
        expected=_expected(upload),
        current=facts_of(current) if current else None,
        stored=unlock([current.storage_name])[0] if current else None,
        earlier=tuple(before[each] for each in comparable(period, list(before))),
        years=tuple(
            YearScale(
                id=year.pk,
                program=year.program.name,
                period=year.period,
                is_closed=year.status == YearStatus.CLOSED,
                terms=year.terms or {},
                terms_sha256=year.terms_sha256,
                calendar=calendar_of(year),
                slices=tuple(current_slices(feed, year.period)),
                prior=prior_results(year),
            )
            for year in sorted(counting, key=_by_program)
            if year.terms is not None
        ),
        restates=any(year.status == YearStatus.CLOSED for year in counting),
    )


def weigh(tenant_id: UUID, scales: Scales, candidate: SliceFacts, cases: Cases) -> Weighing:
    """Weigh checked cases.

    A file that has no history and changes nothing is not counted here: it counts at once.

    Args:
        tenant_id: whose cases they are.
        scales: what they are weighed against.
        candidate: the cases, named as a slice would be; their companion can be opened.
        cases: the same, to be read.
    """
    warnings = list(
        row_warnings(
            candidate.rows,
            expected=scales.expected,
            before=[slice_.rows for slice_ in scales.earlier],
            tolerance=scales.tolerance,
        )
    )
    for year in scales.years if len(scales.earlier) >= FEWEST_PERIODS else ():
        with _noted(warnings, year):
            warnings += _population_warnings(tenant_id, scales, year, candidate)
    changes = _case_changes(scales, cases)
    effects = []
    for year in scales.years if changes or warnings or scales.restates else ():
        with _noted(warnings, year):
            effects.append(_effect(tenant_id, year, candidate))
    return Weighing(scales.basis, tuple(dict.fromkeys(warnings)), changes, tuple(effects))


@contextmanager
def _noted(warnings: list[Finding], year: YearScale) -> Iterator[None]:
    """Turn what cannot be counted into a warning in words."""
    try:
        yield
    except (PolicyError, CasesError) as wrong:
        words = f"{year.program} cannot be counted with this file. {wrong}"
        warnings.append(Finding("not-countable", Severity.WARNING, None, None, words))


@contextmanager
def changed_cases(upload: Upload) -> Iterator[Comparison]:
    """Match the cases of a file with the version before it; its map is at hand.

    Raises:
        PolicyError: there is no version before, its cases are kept no more, or they are too many.
    """
    mine = Slice.objects.filter(upload=upload).first()
    if mine is not None:
        rows, name, version = mine.rows, mine.storage_name, mine.version
    elif upload.candidate is not None:
        candidate = Candidate.from_document(upload.candidate)
        rows, name, version = candidate.rows, candidate.storage_name, None
    else:
        raise PolicyError("Nothing of this file is kept, so no case can be shown.")
    before = version_before(upload, version)
    if before is None:
        raise PolicyError("Nothing counted for these days before, so every case is new.")
    if max(rows, before.rows) > MOST_ROWS:
        raise PolicyError(f"A page compares up to {MOST_ROWS:,} cases; this file has {rows:,}.")
    key = spec_for(upload).row_key
    files = unlock([before.storage_name, name])
    with open_cases(files[0]) as old, open_cases(files[1]) as new:
        yield Comparison(old, new, key)


def _by_program(year: MeasurementYear) -> tuple[str, Any]:
    return year.program.name, year.starts_on


def _expected(upload: Upload) -> tuple[int, str] | None:
    """Return the rows an independent source counts, or else those of an ordinary period."""
    stated = (
        FeedExpectation.objects.filter(
            feed=upload.feed_id, starts_on=upload.starts_on, ends_on=upload.ends_on
        )
        .order_by("-stated_at")
        .first()
    )
    if stated is not None:
        return stated.rows, f"{stated.source} counts"
    ordinary = upload.feed.expected_rows
    return None if ordinary is None else (ordinary, "an ordinary period has")


def _case_changes(scales: Scales, cases: Cases) -> CaseChanges | None:
    if scales.stored is None:
        return None
    with open_cases(scales.stored) as before:
        return Comparison(before, cases, scales.spec.row_key).changes


def _population_warnings(
    tenant_id: UUID, scales: Scales, year: YearScale, candidate: SliceFacts
) -> Iterator[Finding]:
    """Hold each agreed indicator of the file against the same of earlier periods."""
    before = [_populations(tenant_id, year, [slice_]) for slice_ in scales.earlier]
    now = _populations(tenant_id, year, [candidate])
    for agreed in year.terms["indicators"]:
        slug = agreed["slug"]
        yield from population_warnings(
            agreed["definition"]["title"],
            now[slug],
            [populations[slug] for populations in before],
            scales.tolerance,
        )


def _populations(
    tenant_id: UUID, year: YearScale, slices: Sequence[SliceFacts]
) -> dict[str, Population]:
    definitions = engine.definitions_of(year.terms)
    return {
        slug: Population(
            exact_parts(tally, definitions[slug])[1]
            if definitions[slug].data == "aggregates"
            else Fraction(tally.denominator),
            tally.denominator_exclusions,
        )
        for slug, tally in _tallies(tenant_id, year, slices).items()
    }


def _effect(tenant_id: UUID, year: YearScale, candidate: SliceFacts) -> dict[str, Any]:
    others = [slice_ for slice_ in year.slices if slice_.period != candidate.period]
    sides = [
        engine.scorecard_document(year.terms, _tallies(tenant_id, year, slices), year.prior)
        for slices in (year.slices, [*others, candidate])
    ]
    return {
        "year": str(year.id),
        "program": year.program,
        "period": str(year.period),
        "is_closed": year.is_closed,
        **effect_document(year.terms, *sides),
    }


def _tallies(tenant_id: UUID, year: YearScale, slices: Sequence[SliceFacts]) -> dict[str, Tally]:
    """Count as a scorecard does, so that each of the two finds what the other has counted."""
    plan = engine.plan_of_counting(year.terms, year.calendar)
    cube = count_slices(tenant_id, plan, slices).cube
    counted = engine.read_counted(year.terms, cube, year.calendar)
    return {slug: one.year for slug, one in counted.items()}
