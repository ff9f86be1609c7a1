"""What the rules found, and what counsel waived of it, as plain values to be kept. Pure.

Schema `comanage.lint/1`. Keys may be added, and none changes its meaning.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from agreements.lint.earlier import YearShown
from agreements.lint.facts import Severity
from agreements.lint.rules import RULES_DATED, Finding
from comanage.values.canonical import sha256_of

SCHEMA = "comanage.lint/1"


@dataclass(frozen=True, slots=True)
class Waived:
    """That counsel waived a finding: who, when, and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding and what counsel said of it."""

    finding: Finding
    waived: Waived | None = None

    @property
    def key(self) -> str:
        """Equal for the same rule and the same facts: a changed figure is another finding."""
        found = self.finding
        return sha256_of({"rule": found.rule, "on": found.stands_on, "what": found.what})

    @property
    def stops(self) -> bool:
        """Whether nobody can sign while it is there: a BLOCK, or a HOLD that is not waived."""
        return self.finding.severity is Severity.BLOCK or self.is_held

    @property
    def is_held(self) -> bool:
        """Whether it waits for counsel."""
        return self.finding.severity is Severity.HOLD and self.waived is None


def to_document(
    weighed: Iterable[Weighed],
    *,
    number: int,
    sha256: str,
    today: date,
    earlier: Iterable[YearShown] = (),
) -> dict[str, Any]:
    """Write a run of the rules over one version as plain values.

    Args:
        weighed: in order of what to do.
        number: of the version.
        sha256: of the version.
        today: at the hospital.
        earlier: what the years before showed, on which some findings stand.
    """
    return {
        "schema": SCHEMA,
        "version": {"number": number, "sha256": sha256},
        "rules_dated": RULES_DATED.isoformat(),
        "today": today.isoformat(),
        "findings": [
            {"key": each.key, **asdict(each.finding), "waived": _written(each.waived)}
            for each in weighed
        ],
        "earlier_years": [year.to_document() for year in earlier],
    }


def from_document(document: Mapping[str, Any]) -> list[Weighed]:
    """Read the findings of a run back."""
    return [_weighed(each) for each in document["findings"]]


def earlier_from_document(document: Mapping[str, Any]) -> list[YearShown]:
    """Read back what earlier years showed at a run; nothing of a run before it was kept."""
    return [YearShown.from_document(each) for each in document.get("earlier_years", ())]


def still_open(document: Mapping[str, Any], waived: Iterable[str]) -> Counter[Severity]:
    """Count by severity what a run found and nobody has waived since.

    Args:
        document: of the run.
        waived: the keys of what is waived now.
    """
    keys = set(waived)
    return Counter(
        Severity(each["severity"])
        for each in document["findings"]
        if each["severity"] != Severity.HOLD or each["key"] not in keys
    )


def _written(waived: Waived | None) -> dict[str, str] | None:
    if waived is None:
        return None
    return {"by": waived.by, "at": waived.at.isoformat(), "reason": waived.reason}


def _weighed(each: Mapping[str, Any]) -> Weighed:
    given = {name: each[name] for name in Finding.__slots__}
    finding = Finding(**given | {"severity": Severity(each["severity"])})
    said = each["waived"]
    if said is None:
        return Weighed(finding)
    return Weighed(finding, Waived(said["by"], datetime.fromisoformat(said["at"]), said["reason"]))
