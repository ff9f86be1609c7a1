"""What a person sees of a file before anything of it is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from scorecards.intake import spec_documents
from scorecards.intake.guesses import fitting_types, marks_among
from scorecards.intake.identifiers import MASK, holds_identifier, identifier_kind, pattern_hits
from scorecards.intake.propose import Proposal, propose
from scorecards.intake.samples import Sample, SheetSize, take_sample
from scorecards.intake.seeking import Sought
from scorecards.intake.spec_columns import DEFAULT_MISSING
from scorecards.intake.spec_files import FileForm

ROWS_SHOWN = 12
ROWS_SHOWN_OF_CASES = 6
COLUMNS_SHOWN = 200
CHARACTERS_SHOWN = 80
MARKS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class PreviewColumn:
    """One column of the sample.

    Args:
        name: as the header has it; masked when it holds an identifier.
        identifier: what identifier it looks like; empty for none. Its cells are masked.
        marks: texts that look like missing or suppressed.
        fits: names of the types that all other cells fit as they are written.
    """

    name: str
    identifier: str
    marks: tuple[str, ...]
    fits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of a file.

    Args:
        kind: `csv`, `ndjson`, `json`, `xlsx` or `parquet`.
        form: how it is laid out, as found or as chosen.
        sheets: of a workbook, with their sizes.
        rows: the first, as they stand in the file, some below the header always among them;
            cells that hold an identifier are masked.
        rows_sampled: below the header.
        is_whole: the sample is the whole file.
        proposal: the map that the sample suggests.
    """

    kind: str
    is_packed: bool
    form: FileForm
    sheets: tuple[SheetSize, ...]
    rows: tuple[tuple[str, ...], ...]
    columns: tuple[PreviewColumn, ...]
    rows_sampled: int
    is_whole: bool
    proposal: Proposal

    def to_document(self) -> dict[str, Any]:
        """Write as plain JSON."""
        return {
            "kind": self.kind,
            "is_packed": self.is_packed,
            "form": spec_documents.form_document(self.form),
            "sheets": [asdict(sheet) for sheet in self.sheets],
            "rows": [list(row) for row in self.rows],
            "columns": [asdict(column) for column in self.columns],
            "rows_sampled": self.rows_sampled,
            "is_whole": self.is_whole,
            "proposal": self.proposal.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Preview:
        """Read back what `to_document` wrote."""
        return cls(
            kind=document["kind"],
            is_packed=document["is_packed"],
            form=spec_documents.read_form(document["form"]),
            sheets=tuple(SheetSize(**sheet) for sheet in document["sheets"]),
            rows=tuple(tuple(row) for row in document["rows"]),
            columns=tuple(
                PreviewColumn(
                    each["name"], each["identifier"], tuple(each["marks"]), tuple(each["fits"])
                )
                for each in document["columns"]
            ),
            rows_sampled=document["rows_sampled"],
            is_whole=document["is_whole"],
            proposal=Proposal.from_document(document["proposal"]),
        )


def preview(
    source: Path, filename: str, form: FileForm | None = None, sought: Sought | None = None
) -> Preview:
    """Look at the beginning of a file.

    Call it through `previewing.preview_in_child` for a file from outside.

    Args:
        source: the file, or for text its first bytes.
        filename: the name under which it came.
        form: as a person chose it; None to find it out.
        sought: the declared columns, to find the sheet and the header by; None for none.

    Raises:
        UnreadableError: it is of no kind that is read, or damaged.
    """
    sample = take_sample(source, filename, form, sought)
    columns = _columns(sample)
    return Preview(
        kind=sample.kind,
        is_packed=sample.is_packed,
        form=sample.form,
        sheets=sample.sheets,
        rows=_masked(sample, columns),
        columns=columns,
        rows_sampled=len(sample.cases),
        is_whole=sample.is_whole,
        proposal=propose(sample),
    )


def _columns(sample: Sample) -> tuple[PreviewColumn, ...]:
    cases = sample.cases
    cells = list(zip(*cases, strict=True)) if cases else [()] * len(sample.header)
    return tuple(_column(name, texts) for name, texts in zip(sample.header, cells, strict=True))


def _column(name: str, texts: Sequence[str]) -> PreviewColumn:
    hits = pattern_hits(pa.array([name, *texts], pa.string()))
    identifier = identifier_kind(name) or (hits[0].kind if hits else "")
    if identifier:
        return PreviewColumn(_sayable(name), identifier, (), ())
    distinct = list(dict.fromkeys(cell.strip() for cell in texts))
    known = [text for text in distinct if text not in DEFAULT_MISSING]
    marks = marks_among(known)
    fits = fitting_types([text for text in known if text not in marks])
    return PreviewColumn(name, "", marks[:MARKS_SHOWN], tuple(kind.value for kind in fits))


def _sayable(name: str) -> str:
    return MASK if holds_identifier(name) else name


def _masked(sample: Sample, columns: Sequence[PreviewColumn]) -> tuple[tuple[str, ...], ...]:
    """Mask, in the first rows, columns of identifiers and every single cell that holds one."""
    hidden = {place for place, column in enumerate(columns) if column.identifier}
    shown = []
    last = max(ROWS_SHOWN, sample.form.header_row + ROWS_SHOWN_OF_CASES)
    for number, row in enumerate(sample.rows[:last], 1):
        cells = [cell[:CHARACTERS_SHOWN] for cell in row[:COLUMNS_SHOWN]]
        hits = pattern_hits(pa.array(row[:COLUMNS_SHOWN], pa.string()))
        found = set(np.concatenate([hit.cells for hit in hits]).tolist()) if hits else set()
        if number > sample.form.header_row:
            found |= hidden
        shown.append(
            tuple(MASK if place in found and cell else cell for place, cell in enumerate(cells))
        )
    return tuple(shown)
