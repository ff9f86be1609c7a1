"""Opening an extract of any kind: by its name, its content, and the form that the feed declares."""

from __future__ import annotations

import re
from pathlib import Path

from scorecards.intake.csv_form import BYTES_LOOKED_AT, CsvForm, separator_of
from scorecards.intake.csv_reading import read_csv
from scorecards.intake.fhir_reading import read_reports
from scorecards.intake.json_reading import read_json_array, read_ndjson, text_of
from scorecards.intake.parquet_reading import read_parquet
from scorecards.intake.reading import (
    BYTES_OF_MAGIC,
    NO_TOLERANCE,
    SPOKEN,
    Extract,
    Tolerance,
    UnreadableError,
    content_kind,
    kind_of,
)
from scorecards.intake.spec_files import PLAIN_FORM, FileForm
from scorecards.intake.text_files import TextFile
from scorecards.intake.xlsx_reading import read_xlsx

OBJECT = re.compile(rb"\s*\{")


def open_extract(
    source: Path,
    filename: str,
    wanted: frozenset[str],
    form: FileForm = PLAIN_FORM,
    tolerance: Tolerance = NO_TOLERANCE,
) -> Extract:
    """Open a file and read its header.

    Args:
        source: the file as received, under any name.
        filename: the name under which it came; its ending must fit the content.
        wanted: the declared names in the file, to find the separator and the sheet.
        form: as the feed declares it.
        tolerance: what may stand in it beside the declared columns.

    Raises:
        UnreadableError: also while the parts of the extract are read.
    """
    kind = kind_of(source, filename)
    if kind.name == "xlsx":
        return read_xlsx(source, wanted, form, tolerance)
    if kind.name == "parquet":
        return read_parquet(source, wanted)
    file = TextFile(source, kind.is_packed, form.encoding)
    start = _start_of(file)
    if kind.name == "csv":
        separator = form.separator or separator_of(start, wanted, form.header_row)
        layout = CsvForm(separator, form.header_row, form.notes)
        return read_csv(file, wanted, layout, tolerance)
    if kind.name == "ndjson":
        return read_ndjson(file, wanted)
    return read_reports(text_of(file)) if OBJECT.match(start) else read_json_array(file, wanted)


def _start_of(file: TextFile) -> bytes:
    """Read the first bytes of a text; what is packed may be no text either."""
    with file.opened() as stream:
        start = stream.read(BYTES_LOOKED_AT)
    content = content_kind(start[:BYTES_OF_MAGIC])
    if content != "csv":
        raise UnreadableError(
            "not-what-it-says",
            f"The packed file is {SPOKEN.get(content, content)}, not text. Send it unpacked.",
        )
    if not start:
        raise UnreadableError("empty-file", "The file is empty. Export it again.")
    return start
