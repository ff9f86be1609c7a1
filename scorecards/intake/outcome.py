"""What a check found: messages without a value, and apart from them values that name nobody."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from scorecards.intake.conversion import MARK_SHAPE
from scorecards.intake.identifiers import holds_identifier

MAX_FINDINGS = 1_000
FIRST_OF_A_KIND = 100
SHOWN_CHARACTERS = 40
COUNTED = ("missing", "suppressed", "restored", "unwrapped")
WITHHELD = "not shown"
# Long numbers may be record numbers; two words in a row may be a name.
LONG_NUMBER = re.compile(r"[0-9](?:[ ./-]?[0-9]){6,}")
ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# What public files write for no value names nobody.
MARK = re.compile(MARK_SHAPE)
WORDS_IN_A_ROW = re.compile(r"[^\W\d_]{2,}[ ,;]+[^\W\d_]{2,}|@")


class Severity(StrEnum):
    """Whether a finding refuses the file."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a file.

    Args:
        row: row as a spreadsheet counts it, the header being row 1; None for the whole file.
        column: the column as the file names it; None for the whole row or file.
        message: holds no value of a cell, so that it may go anywhere.
        value: of the cell, quoted, for people of the hospital alone; `not shown` when it could
            name a person, empty when the finding is about none.
    """

    code: str
    severity: Severity
    row: int | None
    column: str | None
    message: str
    value: str = ""

    @property
    def is_of_an_identifier(self) -> bool:
        """Whether it is about what looks like a person's identifier."""
        return self.code.startswith("identifier")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer to one file.

    Args:
        rows: rows read, without the header; `rows_skipped` of them are not in the slice.
        findings: at most 1,000, in order of row; `findings_total` counts them all, and
            `warnings_total` those among them that do not refuse the file.
        dropped_columns: columns of the file that the feed does not declare; never written.
        counts: by the name of each declared column, the cells that are `missing`, `suppressed`,
            `restored` (got lost zeros back) or `unwrapped` (codes like `="010001"`), of all rows
            read.
        slice_sha256: of the slice's bytes; empty when refused.
        logical_sha256: of the decoded columns, the same for any Parquet library.
    """

    accepted: bool
    rows: int
    findings: tuple[Finding, ...]
    findings_total: int
    warnings_total: int = 0
    rows_skipped: int = 0
    dropped_columns: tuple[str, ...] = ()
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    slice_sha256: str = ""
    logical_sha256: str = ""
    slice_bytes: int = 0

    @classmethod
    def refused(cls, code: str, message: str) -> Outcome:
        """Make the outcome of a file that could not be read at all."""
        finding = Finding(code, Severity.ERROR, None, None, message)
        return cls(accepted=False, rows=0, findings=(finding,), findings_total=1)

    def to_document(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {
            "accepted": self.accepted,
            "rows": self.rows,
            "findings": [
                {
                    "code": finding.code,
                    "severity": finding.severity.value,
                    "row": finding.row,
                    "column": finding.column,
                    "message": finding.message,
                    "value": finding.value,
                }
                for finding in self.findings
            ],
            "findings_total": self.findings_total,
            "warnings_total": self.warnings_total,
            "rows_skipped": self.rows_skipped,
            "dropped_columns": list(self.dropped_columns),
            "counts": {name: dict(counts) for name, counts in self.counts.items()},
            "slice_sha256": self.slice_sha256,
            "logical_sha256": self.logical_sha256,
            "slice_bytes": self.slice_bytes,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Outcome:
        """Read back what `to_document` wrote.

        Raises:
            KeyError, TypeError, ValueError: the document is not an outcome.
        """
        return cls(
            accepted=document["accepted"] is True,
            rows=int(document["rows"]),
            findings=tuple(
                Finding(
                    code=given["code"],
                    severity=Severity(given["severity"]),
                    row=given["row"],
                    column=given["column"],
                    message=given["message"],
                    value=given["value"],
                )
                for given in document["findings"]
            ),
            findings_total=int(document["findings_total"]),
            warnings_total=int(document["warnings_total"]),
            rows_skipped=int(document["rows_skipped"]),
            dropped_columns=tuple(document["dropped_columns"]),
            counts={name: dict(counts) for name, counts in document["counts"].items()},
            slice_sha256=document["slice_sha256"],
            logical_sha256=document["logical_sha256"],
            slice_bytes=int(document["slice_bytes"]),
        )


@dataclass(frozen=True, slots=True)
class _Draft:
    """A finding whose value is shown or withheld only when the whole file has been read."""

    finding: Finding
    value: str | None
    kind_place: int


class FindingLog:
    """Collects the findings of one file: counts all, keeps the first of each kind.

    Attributes:
        total: findings of both severities.
        warnings: those among them that do not refuse the file.
        errors_of_rows: errors that leaving out their row would mend.
        errors_of_file: all other errors.
        identifiers_found: whether no value at all may be shown.
    """

    def __init__(self) -> None:
        """Start without findings."""
        self._drafts: list[_Draft] = []
        self._kept: Counter[tuple[str, str | None]] = Counter()
        self.total = 0
        self.warnings = 0
        self.errors_of_rows = 0
        self.errors_of_file = 0
        self.identifiers_found = False

    @property
    def errors(self) -> int:
        """Errors in all."""
        return self.errors_of_rows + self.errors_of_file

    def add(
        self,
        code: str,
        message: str,
        *,
        row: int | None = None,
        column: str | None = None,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding about the file, its header, a column, or the place it ends at."""
        self.total += 1
        self.errors_of_file += severity is Severity.ERROR
        self.warnings += severity is Severity.WARNING
        self._keep(Finding(code, severity, row, column, message), None)

    def add_rows(
        self,
        code: str,
        column: str | None,
        rows: Sequence[int],
        message: Callable[[int], tuple[str, str | None]],
        *,
        severity: Severity = Severity.ERROR,
    ) -> None:
        """Note one finding for each row.

        Args:
            code: what is wrong, in one word.
            column: as messages call it.
            rows: rows as a spreadsheet counts them.
            message: of the place in `rows`: the text, and the value of the cell it is about.
            severity: of each of them.
        """
        self.total += len(rows)
        if severity is Severity.ERROR:
            self.errors_of_rows += len(rows)
        else:
            self.warnings += len(rows)
        room = MAX_FINDINGS - self._kept[code, column]
        for place in range(min(len(rows), max(room, 0))):
            text, value = message(place)
            self._keep(Finding(code, severity, int(rows[place]), column, text), value)

    def _keep(self, finding: Finding, value: str | None) -> None:
        kind = finding.code, finding.column
        if self._kept[kind] < MAX_FINDINGS:
            self._drafts.append(_Draft(finding, value, self._kept[kind]))
            self._kept[kind] += 1

    def findings(self) -> tuple[Finding, ...]:
        """Return at most 1,000 findings by row; the first of every kind come in first."""
        by_turn = sorted(self._drafts, key=lambda draft: draft.kind_place >= FIRST_OF_A_KIND)
        chosen = [self._finished(draft) for draft in by_turn[:MAX_FINDINGS]]
        return tuple(sorted(chosen, key=lambda finding: finding.row or 0))

    def _finished(self, draft: _Draft) -> Finding:
        if draft.value is None:
            return draft.finding
        shown = WITHHELD if self.identifiers_found else shown_value(draft.value)
        return replace(draft.finding, value=shown)


def shown_value(value: str) -> str:
    """Quote a value, or withhold it when it could name a person."""
    cut = value if len(value) <= SHOWN_CHARACTERS else value[: SHOWN_CHARACTERS - 3] + "..."
    if MARK.fullmatch(value):
        return repr(cut)
    is_long_number = LONG_NUMBER.search(value) and not ISO_DATE.fullmatch(value)
    if is_long_number or WORDS_IN_A_ROW.search(value) or holds_identifier(value):
        return WITHHELD
    return repr(cut)
