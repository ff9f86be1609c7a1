"""How many findings are open in the newest version of an agreement, as they were last kept."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from agreements.drafting.models import Agreement, AgreementStatus
from agreements.lint.document import still_open
from agreements.lint.facts import Severity
from agreements.lint.models import FindingWaiver, LintRun, WaiverOutcome

_NAMES = {
    Severity.BLOCK: "to mend",
    Severity.HOLD: "for counsel",
    Severity.WARN: "to look at",
    Severity.INFO: "to know",
}


@dataclass(frozen=True, slots=True)
class OpenFindings:
    """What is open in the newest version.

    Attributes:
        counts: by severity; what counsel waived since is not among them.
        seen_at: when the rules were last asked to keep what they find.
    """

    version_pk: UUID
    version_number: int
    counts: Counter[Severity]
    seen_at: datetime

    @property
    def words(self) -> str:
        """The counts in order of what to do, as a page says them."""
        told = [f"{self.counts[each]} {_NAMES[each]}" for each in Severity if self.counts[each]]
        return ", ".join(told) or "none"

    @property
    def stops(self) -> bool:
        """Whether the version is not sent and signed as it stands."""
        return bool(self.counts[Severity.BLOCK] or self.counts[Severity.HOLD])

    @property
    def tone(self) -> str:
        """How pressing it is."""
        return "concern" if self.stops else "good"


def with_open_findings(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """Read with each agreement what was last kept of its newest version, in the same query."""
    runs = LintRun.objects.filter(version__agreement=OuterRef("pk"))
    run = JSONObject(
        pk=F("version_id"), number=F("version__number"), at=F("ran_at"), document=F("document")
    )
    newest = runs.order_by("-version__number", "-ran_at").values_list(run)[:1]
    return agreements.annotate(last_run=Subquery(newest), waived=ArraySubquery(_waived()))


def open_findings(agreement: Agreement) -> OpenFindings | None:
    """Count what is open in an agreement read by `with_open_findings`; None before any run."""
    return _open(vars(agreement)["last_run"], vars(agreement)["waived"])


@dataclass(frozen=True, slots=True)
class Held:
    """A drafted agreement whose newest version waits for counsel."""

    title: str
    found: OpenFindings


def drafts_with_findings() -> ArraySubquery:
    """Gather beside each program what was last kept of the agreements that are drafted for it."""
    drafted = Agreement.objects.filter(program=OuterRef("pk"), status=AgreementStatus.DRAFTING)
    kept = JSONObject(title=F("title"), run=F("last_run"), waived=F("waived"))
    return ArraySubquery(with_open_findings(drafted).order_by("title").values_list(kept))


def read_held(drafts: Iterable[Mapping[str, Any]]) -> tuple[Held, ...]:
    """Read what `drafts_with_findings` gathered, where a HOLD is open."""
    return tuple(
        Held(each["title"], found)
        for each in drafts
        if (found := _open(each["run"], each["waived"])) is not None and found.counts[Severity.HOLD]
    )


def _open(
    run: Mapping[str, Any] | None, decided: Iterable[Mapping[str, str]]
) -> OpenFindings | None:
    if run is None:
        return None
    waived = {each["key"] for each in decided if each["version"] == run["pk"]}
    return OpenFindings(
        version_pk=UUID(run["pk"]),
        version_number=run["number"],
        counts=still_open(run["document"], waived),
        seen_at=datetime.fromisoformat(run["at"]),
    )


def _waived() -> QuerySet[FindingWaiver, object]:
    """List the waivers of an agreement's versions that count."""
    later = FindingWaiver.objects.filter(
        version=OuterRef("version"), key=OuterRef("key"), number__gt=OuterRef("number")
    )
    waived = FindingWaiver.objects.filter(
        ~Exists(later), version__agreement=OuterRef("pk"), outcome=WaiverOutcome.WAIVED
    )
    return waived.order_by().values_list(JSONObject(version=F("version_id"), key=F("key")))
