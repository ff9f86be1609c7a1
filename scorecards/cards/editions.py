"""The editions of a year's scorecard: when each came out, why, and what it changed. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from comanage.values.money import Money
from scorecards.cards.reading import SliceReading, read_slices
from scorecards.restatements.effects import IndicatorEffect, difference_words, moved

Slices = Sequence[Mapping[str, Any]]
RestatedSlices = Mapping[tuple[str, int], str]


@dataclass(frozen=True, slots=True)
class Published:
    """What is read of one edition."""

    version: int
    computed_at: datetime
    engine_version: str
    earned: Money
    pool: Money
    slices: Slices
    results: Slices


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition in words.

    Attributes:
        why: what it rests on that the one before did not, one sentence each.
        difference: in dollars from the edition before; empty for the first.
        moved: the indicators that read otherwise than in the edition before.
    """

    version: int
    computed_at: datetime
    earned: Money
    pool: Money
    why: tuple[str, ...]
    difference: str
    moved: tuple[IndicatorEffect, ...]


def read_editions(
    terms: Mapping[str, Any], published: Sequence[Published], restated: RestatedSlices
) -> tuple[Edition, ...]:
    """Read editions, newest first.

    Args:
        terms: of the year; locked, so the same for every edition.
        published: newest first. The last is only what the one before it is held against,
            unless it is the first edition of all.
        restated: the reason of each slice that came in by a restatement.
    """
    pairs = list(zip(published, [*published[1:], None], strict=True))
    return tuple(
        _read(terms, now, before, restated)
        for now, before in pairs
        if before is not None or now.version == 1
    )


def restated_words(slices: Slices, restated: RestatedSlices) -> tuple[str, ...]:
    """Say which of the slices came in by a restatement, and why."""
    return tuple(
        f"Restated, {reading.period}: {restated[reading.sha256, reading.version]}"
        for reading in _readings(slices)
        if (reading.sha256, reading.version) in restated
    )


def _read(
    terms: Mapping[str, Any], now: Published, before: Published | None, restated: RestatedSlices
) -> Edition:
    return Edition(
        version=now.version,
        computed_at=now.computed_at,
        earned=now.earned,
        pool=now.pool,
        why=_why(now, before, restated),
        difference=difference_words(before.earned, now.earned) if before else "",
        moved=moved(terms, before.results, now.results) if before else (),
    )


def _why(now: Published, before: Published | None, restated: RestatedSlices) -> tuple[str, ...]:
    known = {(each["sha256"], each["version"]) for each in before.slices} if before else set()
    new = [each for each in now.slices if (each["sha256"], each["version"]) not in known]
    if new:
        return tuple(_words(reading, restated) for reading in _readings(new))
    if before is not None and before.engine_version != now.engine_version:
        return ("Counted anew by a newer version of the engine; the data is the same.",)
    return ("Counted anew; the data is the same.",) if before else ("Without data.",)


def _words(reading: SliceReading, restated: RestatedSlices) -> str:
    file = f"{reading.filename}, version {reading.version} of {reading.period}"
    reason = restated.get((reading.sha256, reading.version))
    return f"Restatement: {file}. {reason}" if reason else f"Data: {file}."


def _readings(slices: Slices) -> tuple[SliceReading, ...]:
    return read_slices({"slices": slices})
