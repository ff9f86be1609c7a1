"""The record of a review as page and report show it."""

from dataclasses import dataclass
from datetime import datetime

from adjudication.reviews.record import IndicatorRecord, Record
from adjudication.reviews.sampling import Marks

PERCENT = 100


@dataclass(frozen=True, slots=True)
class RecordReading:
    """One indicator's record.

    Attributes:
        word: match, mismatch or none yet, with its `tone` for the status component.
        figures: the reviewer's beside the snapshot's.
        sample: what charts said.
    """

    slug: str
    title: str
    word: str
    tone: str
    method: str
    figures: str
    note: str
    by: str
    at: datetime | None
    sample: str


def read_record(record: Record) -> tuple[RecordReading, ...]:
    """Read the record by indicator."""
    return tuple(_read(each) for each in record.indicators)


def sample_words(marks: Marks | None) -> str:
    """Say what the charts of a sample said, with how sure that is."""
    if marks is None:
        return "No charts were sampled."
    if marks.rate is None:
        return f"{marks.marked} of {marks.size} sampled cases are marked."
    of = "all" if marks.size == marks.cases else f"{marks.size} of"
    words = (
        f"Of {of} {marks.cases:,} judged cases, {marks.agrees} agreed with the chart, "
        f"{marks.differs} differed and {marks.not_found} had none: an error rate of "
        f"{_percent(float(marks.rate))}"
    )
    if marks.interval is None:
        return f"{words}."
    low, high = marks.interval
    return f"{words}, 95 % interval {_percent(low)} to {_percent(high)} (Wilson)."


def _read(each: IndicatorRecord) -> RecordReading:
    finding = each.finding
    if finding is None:
        word, tone = "Not recorded yet", "waiting"
    else:
        word, tone = ("Match", "good") if finding.is_match else ("Mismatch", "concern")
    return RecordReading(
        slug=each.slug,
        title=each.title,
        word=word,
        tone=tone,
        method=finding.method if finding else "",
        figures=_figures(finding.found, finding.reported) if finding else "",
        note=finding.note if finding else "",
        by=finding.by if finding else "",
        at=finding.at if finding else None,
        sample=sample_words(each.marks),
    )


def _figures(found: str, reported: str) -> str:
    return found if found == reported else f"{found}, where the snapshot has {reported}"


def _percent(share: float) -> str:
    return f"{share * PERCENT:.1f} %"
