"""What the rules found, as pages and paper show it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import groupby

from agreements.lint.document import Weighed, from_document
from agreements.lint.facts import Severity
from agreements.lint.forms import WaiverForm
from agreements.lint.models import LintRun
from agreements.lint.places import Place
from agreements.lint.rules import Finding

HEADINGS = {
    Severity.BLOCK: ("To mend before anybody signs", "concern"),
    Severity.HOLD: ("For counsel to look at before anybody signs", "waiting"),
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
class RunReading:
    """What was kept of one moment."""

    run: LintRun
    groups: tuple[Group, ...]

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
    return [RunReading(run, read_findings(from_document(run.document))) for run in runs]


def _form(weighed: Weighed, *, can_waive: bool) -> WaiverForm | None:
    decides = can_waive and weighed.finding.severity is Severity.HOLD
    return WaiverForm(key=weighed.key) if decides else None
