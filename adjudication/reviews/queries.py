"""Reading the record of a review."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import F

from adjudication.reviews.models import Mark, Method, Recount, Sample
from adjudication.reviews.record import Finding, IndicatorRecord, Record
from adjudication.reviews.sampling import Marks
from adjudication.years.models import Snapshot


def record_of(snapshot: Snapshot, titles: Mapping[str, str]) -> Record:
    """Read what was recorded of a snapshot, in two queries.

    Args:
        snapshot: the one that is reviewed.
        titles: of its indicators by slug, in the order of the terms.
    """
    recounts = Recount.objects.select_related("recorded_by").filter(snapshot=snapshot)
    newest = {recount.indicator: recount for recount in recounts}
    samples = _samples(snapshot)
    people = {recount.recorded_by_id for recount in recounts}
    return Record(
        indicators=tuple(
            IndicatorRecord(
                slug=slug,
                title=title,
                finding=_finding(newest[slug]) if slug in newest else None,
                marks=_counted(samples[slug]) if slug in samples else None,
            )
            for slug, title in titles.items()
        ),
        people=frozenset(people | {row["marks__marked_by_id"] for row in _rows(samples)}),
    )


def marks_of(snapshot: Snapshot, slug: str) -> dict[int, Mark]:
    """Return the newest mark of each case of a sample that has one, by its number."""
    rows = _samples(snapshot).get(slug, [])
    return {row["marks__number"]: Mark(row["marks__mark"]) for row in rows if row["marks__number"]}


def sample_of(snapshot: Snapshot, slug: str) -> Sample | None:
    """Return the sample that was drawn of an indicator, or None."""
    return Sample.objects.filter(snapshot=snapshot, indicator=slug).first()


def has_recorded(snapshot: Snapshot, person: UUID | None) -> bool:
    """Say whether a person recorded anything of a snapshot's review, in two queries."""
    return (
        Recount.objects.filter(snapshot=snapshot, recorded_by=person).exists()
        or Sample.objects.filter(snapshot=snapshot, marks__marked_by=person).exists()
    )


def _samples(snapshot: Snapshot) -> dict[str, list[dict[str, Any]]]:
    """List the marks of each sample by slug, the oldest first, in one query."""
    found: dict[str, list[dict[str, Any]]] = {}
    rows = Sample.objects.filter(snapshot=snapshot).values(
        "indicator", "cases", "size", "marks__number", "marks__mark", "marks__marked_by_id"
    )
    for row in rows.order_by("indicator", F("marks__marked_at").asc(nulls_first=True)):
        found.setdefault(row["indicator"], []).append(dict(row))
    return found


def _rows(samples: Mapping[str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [row for rows in samples.values() for row in rows if row["marks__number"]]


def _counted(rows: list[dict[str, Any]]) -> Marks:
    newest = {row["marks__number"]: row["marks__mark"] for row in rows if row["marks__number"]}
    return count_marks(rows[0]["cases"], rows[0]["size"], newest.values())


def count_marks(cases: int, size: int, marks: Iterable[str]) -> Marks:
    """Count the marks of a sample of so many cases."""
    by_mark = Counter(marks)
    return Marks(
        cases=cases,
        size=size,
        agrees=by_mark[Mark.AGREES],
        differs=by_mark[Mark.DIFFERS],
        not_found=by_mark[Mark.NOT_FOUND],
    )


def _finding(recount: Recount) -> Finding:
    return Finding(
        is_match=recount.is_match,
        method=Method(recount.method).label,
        reported=recount.reported,
        found=recount.found,
        note=recount.note,
        by=recount.recorded_by.name,
        at=recount.recorded_at,
    )
