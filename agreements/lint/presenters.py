"""What the rules found, as pages and paper show it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby

from agreements.lint.document import Weighed, earlier_from_document, from_document
from agreements.lint.earlier import HoursPaid, Reached, Stage, YearShown
from agreements.lint.facts import Severity
from agreements.lint.forms import WaiverForm
from agreements.lint.models import LintRun
from agreements.lint.rules import Finding
from agreements.lint.stark import PERCENT
from agreements.lint.worth import MINUTES_AN_HOUR
from comanage.values.period import day_text
from comanage.values.rounding import decimal_text
from comanage.web.places import Place

STAGES = {
    Stage.NOTHING: "Nothing is frozen yet",
    Stage.FROZEN: "Frozen, and not reviewed yet",
    Stage.REVIEWED: "Reviewed independently",
}
HEADINGS = {
    Severity.BLOCK: ("To mend before anybody signs", "concern"),
    Severity.HOLD: ("For counsel to look at before anybody signs", "concern"),
    Severity.WARN: ("To look at", "next"),
    Severity.INFO: ("To know", "quiet"),
}


@dataclass(frozen=True, slots=True)
class FindingReading:
    """A finding with what can be done about it here.

    Attributes:
        form: by which counsel waives it, or takes that back; None for anybody else.
        place: the page where it is mended; None on paper.
    """

    weighed: Weighed
    form: WaiverForm | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The findings of one severity."""

    heading: str
    tone: str
    severity: str
    readings: tuple[FindingReading, ...]


@dataclass(frozen=True, slots=True)
class YearReading:
    """What an earlier year showed, in words: a line for each thing it says."""

    period: str
    stage: str
    sha256: str
    reached: tuple[str, ...]
    deficiencies: str
    hours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunReading:
    """What was kept of one moment."""

    run: LintRun
    groups: tuple[Group, ...]
    earlier: tuple[YearReading, ...] = ()

    @property
    def count(self) -> int:
        """How many findings there were."""
        return sum(len(group.readings) for group in self.groups)


def _nowhere(finding: Finding) -> None:
    """Lead nowhere, as paper does."""


def read_findings(
    found: Iterable[Weighed],
    *,
    can_waive: bool = False,
    place_of: Callable[[Finding], Place | None] = _nowhere,
) -> tuple[Group, ...]:
    """Group findings, in order of what to do, by severity.

    Args:
        found: in that order.
        can_waive: whether the page offers counsel to decide on those that hold.
        place_of: finds the page where a finding is mended.
    """
    return tuple(
        Group(
            *HEADINGS[severity],
            severity.value,
            tuple(
                FindingReading(each, _form(each, can_waive=can_waive), place_of(each.finding))
                for each in listed
            ),
        )
        for severity, listed in groupby(found, key=lambda each: each.finding.severity)
    )


def read_runs(runs: Iterable[LintRun]) -> list[RunReading]:
    """Read what was kept, the newest first as it comes."""
    return [
        RunReading(
            run,
            read_findings(from_document(run.document)),
            read_years(earlier_from_document(run.document)),
        )
        for run in runs
    ]


def read_years(years: Iterable[YearShown]) -> tuple[YearReading, ...]:
    """Say what earlier years showed, in the order given."""
    return tuple(
        YearReading(
            period=year.period,
            stage=STAGES[year.stage],
            sha256=year.sha256,
            reached=tuple(map(_reached, year.reached)),
            deficiencies=_deficiencies(year),
            hours=tuple(map(_hours, year.hours)),
        )
        for year in years
    )


def _reached(reached: Reached) -> str:
    if reached.share is None:
        return f"{reached.title}: not scored"
    tier = f"{reached.tier}, " if reached.tier else ""
    earned = decimal_text(reached.share * PERCENT, 1)
    most = ", the most it can earn" if reached.is_most else ""
    return f"{reached.title}: {tier}{earned} % of its pay{most}"


def _deficiencies(year: YearShown) -> str:
    if year.open_until:
        days = ", ".join(map(day_text, year.open_until))
        return f"{len(year.open_until)} open, to be mended by {days}"
    return "None open" if year.is_known else "Not known"


def _hours(hours: HoursPaid) -> str:
    rate = hours.paid.times(Fraction(MINUTES_AN_HOUR, hours.minutes))
    return f"{hours.label}, {hours.payee}: {rate} an hour; the opinion supports up to {hours.high}"


def _form(weighed: Weighed, *, can_waive: bool) -> WaiverForm | None:
    decides = can_waive and weighed.finding.severity is Severity.HOLD
    return WaiverForm(key=weighed.key) if decides else None
