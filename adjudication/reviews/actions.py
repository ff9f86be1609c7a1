"""Recording an independent review."""

import json
from collections.abc import Mapping
from fractions import Fraction

from django.db import transaction
from django.utils import timezone

from adjudication.reviews import policies
from adjudication.reviews.models import Mark, Method, Recount, Sample, SampleMark
from adjudication.reviews.queries import marks_of
from adjudication.reviews.sampling import sample_size
from adjudication.years.figures import Figure, figures_in, figures_of, figures_text
from adjudication.years.models import Snapshot
from adjudication.years.policies import check_snapshot_was_seen
from adjudication.years.queries import standing
from adjudication.years.snapshot import result_of
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor

DIFFERS = "Computing it anew from the frozen inputs gives another result."

Found = tuple[Fraction | None, Fraction | None]


@transaction.atomic
def recompute_result(*, year: MeasurementYear, sha256: str, by: Actor) -> list[Recount]:
    """Compute every indicator anew from the frozen inputs, and record match or mismatch.

    Raises:
        PolicyError: not this person's review, or not its turn.
    """
    snapshot = _snapshot_to_review(year, sha256, by)
    document = json.loads(snapshot.canonical)
    again = result_of(document["inputs"])["scorecard"]
    figures, found = figures_of(document), figures_in(document["inputs"]["terms"], again)
    said = {each["slug"]: each for each in document["result"]["scorecard"]["indicators"]}
    differing = {each["slug"] for each in again["indicators"] if each != said.get(each["slug"])}
    recounts = [
        _keep(
            snapshot,
            figure,
            Method.RECOMPUTED,
            (found[slug].above, found[slug].below),
            note=DIFFERS if slug in differing else "",
            is_match=slug not in differing,
            by=by,
        )
        for slug, figure in figures.items()
    ]
    record_event(
        kind=EventKind.REVIEW_RECOMPUTED,
        subject=snapshot,
        by=by,
        sha256=snapshot.sha256,
        mismatches=len(differing),
    )
    return recounts


@transaction.atomic
def record_figures(
    *,
    year: MeasurementYear,
    sha256: str,
    method: Method,
    found: Mapping[str, Found],
    note: str,
    by: Actor,
) -> list[Recount]:
    """Record figures that the reviewer found elsewhere, each held against the snapshot's.

    Args:
        year: that is reviewed.
        sha256: of the snapshot that was looked at.
        method: own count, or verified offline.
        found: both numbers by indicator; None for one that there is not.
        note: where they differ.
        by: the reviewer.

    Raises:
        PolicyError: as for `recompute_result`, an indicator is unknown, or figures that differ
            have no note.
    """
    snapshot = _snapshot_to_review(year, sha256, by)
    figures = figures_of(json.loads(snapshot.canonical))
    recounts = []
    for slug, numbers in found.items():
        policies.check_indicator_is_reviewed(slug, figures)
        is_match = figures[slug].is_matched_by(*numbers)
        policies.check_mismatch_is_explained(note.strip(), is_match=is_match)
        recounts.append(
            _keep(snapshot, figures[slug], method, numbers, note=note, is_match=is_match, by=by)
        )
    record_event(
        kind=EventKind.FIGURES_RECORDED,
        subject=snapshot,
        by=by,
        sha256=snapshot.sha256,
        method=method.value,
        indicators=len(recounts),
        mismatches=sum(not recount.is_match for recount in recounts),
    )
    return recounts


@transaction.atomic
def mark_sample(
    *,
    year: MeasurementYear,
    sha256: str,
    indicator: str,
    cases: int,
    marks: Mapping[int, Mark],
    by: Actor,
) -> Sample:
    """Record what charts say of the sampled cases; a case that is marked anew counts as the last.

    Args:
        year: that is reviewed.
        sha256: of the snapshot that was looked at.
        indicator: its slug.
        cases: judged, of which the sample is drawn.
        marks: by place in the sample, from 1.
        by: the reviewer.

    Raises:
        PolicyError: as for `recompute_result`, or a mark is of no case of the sample.
    """
    snapshot = _snapshot_to_review(year, sha256, by)
    slugs = figures_of(json.loads(snapshot.canonical))
    policies.check_indicator_is_reviewed(indicator, slugs)
    policies.check_marks_are_of_the_sample(marks, sample_size(cases))
    now = timezone.now()
    sample, _ = Sample.objects.get_or_create(
        snapshot=snapshot,
        indicator=indicator,
        defaults={
            "cases": cases,
            "size": sample_size(cases),
            "drawn_at": now,
            "drawn_by_id": by.user_id,
        },
    )
    before = marks_of(snapshot, indicator)
    changed = {number: mark for number, mark in marks.items() if before.get(number) != mark}
    SampleMark.objects.bulk_create(
        SampleMark(sample=sample, number=number, mark=mark, marked_at=now, marked_by_id=by.user_id)
        for number, mark in changed.items()
    )
    record_event(
        kind=EventKind.SAMPLE_MARKED,
        subject=snapshot,
        by=by,
        indicator=indicator,
        cases=len(changed),
        of=sample.size,
    )
    return sample


def _snapshot_to_review(year: MeasurementYear, sha256: str, by: Actor) -> Snapshot:
    """Lock the year and return the snapshot that is reviewed now."""
    year = MeasurementYear.objects.select_for_update(no_key=True).get(pk=year.pk)
    now = standing(year)
    policies.check_can_record(now, by=by)
    assert now.snapshot is not None  # noqa: S101  (the policy saw to it)
    check_snapshot_was_seen(now.snapshot, sha256)
    return now.snapshot


def _keep(
    snapshot: Snapshot,
    figure: Figure,
    method: Method,
    found: Found,
    *,
    note: str,
    is_match: bool,
    by: Actor,
) -> Recount:
    return Recount.objects.create(
        snapshot=snapshot,
        indicator=figure.slug,
        method=method,
        is_match=is_match,
        reported=figure.text[:200],
        found=figures_text(*found)[:200],
        note=note.strip()[:1000],
        recorded_at=timezone.now(),
        recorded_by_id=by.user_id,
    )
