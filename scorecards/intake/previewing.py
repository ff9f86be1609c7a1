"""Looking at a file from outside in the limited child process. Nothing of it is stored."""

from __future__ import annotations

from pathlib import Path

from scorecards.intake.preview import Preview
from scorecards.intake.reading import MEGABYTE, UnreadableError
from scorecards.intake.sandbox import EndedError, Limits, ask_child
from scorecards.intake.seeking import Sought
from scorecards.intake.spec import FileForm
from scorecards.intake.spec_documents import form_document

PREVIEW_LIMITS = Limits(memory_bytes=1 << 30, cpu_seconds=30, file_bytes=MEGABYTE, wall_seconds=45)


def preview_in_child(
    source: Path,
    filename: str,
    form: FileForm | None = None,
    sought: Sought | None = None,
    *,
    limits: Limits = PREVIEW_LIMITS,
) -> Preview:
    """Run `preview` under limits.

    Args:
        source: as for `preview`, like the next three.
        filename: the name under which the file came.
        form: as a person chose it; None to find it out.
        sought: the declared columns; None for none.
        limits: what the child may use.

    Raises:
        UnreadableError: the file cannot be looked at, with a sentence to show.
    """
    request = {
        "do": "preview",
        "source": str(source.resolve(strict=True)),
        "filename": filename,
        "form": None if form is None else form_document(form),
        "sought": None
        if sought is None
        else {"names": sorted(sought.names), "finds_row": sought.finds_row},
    }
    try:
        answer = ask_child(request, limits=limits)
    except EndedError as ended:
        finding = ended.outcome.findings[0]
        raise UnreadableError(finding.code, finding.message) from None
    if refused := answer.get("refused"):
        raise UnreadableError(**refused)
    return Preview.from_document(answer["preview"])
