"""What a request says of the file it brings: period, wishes, name and kind."""

from pathlib import PurePosixPath
from typing import Any

from django.utils.http import parse_header_parameters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, UnsupportedMediaType, ValidationError
from rest_framework.request import Request

from comanage.api.bodies import EXTENSION, FHIR, GZIP, TEXT_KINDS, Body, EmptyFile
from comanage.api.periods import read_period
from comanage.api.shapes import StrictSerializer
from comanage.values.period import Period
from scorecards.feeds.models import DataLevel, Feed
from scorecards.intake.actions import Wishes

MOST_ROWS = 100_000_000
_GZIP_ENDING, _GZIP_MARK = ".gz", b"\x1f\x8b"
_NOT_GZIP = "The body is not gzip. Pack it, or send it plain and say nothing of gzip."
_TEXT_ENDINGS = frozenset({".csv", ".tsv", ".txt", ".ndjson", ".jsonl", ".json"})


_PERIOD_PATTERN = r"^\d{4}(-(0[1-9]|1[0-2]))?$|^\d{4}-\d{2}-\d{2}/\d{4}-\d{2}-\d{2}$"


@extend_schema_field({"type": "string", "pattern": _PERIOD_PATTERN})
class PeriodField(serializers.CharField):
    """A period as addresses write it."""

    def to_internal_value(self, data: Any) -> Period:  # type: ignore[override]  # read further
        """Read it."""
        try:
            return read_period(super().to_internal_value(data))
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from wrong


class SubmissionInput(StrictSerializer):
    """The query of a submission."""

    period = PeriodField(
        help_text="The days of the cases: `2026`, `2026-10` or `2026-01-01/2026-03-31`, both days "
        "inside."
    )
    mode = serializers.ChoiceField(
        choices=["commit", "dry-run"],
        default="commit",
        help_text="`dry-run` checks the file in full and keeps nothing of its cases.",
    )
    rows = serializers.IntegerField(
        min_value=0,
        max_value=MOST_ROWS,
        required=False,
        help_text="Rows as the sender counted them; another number refuses the file.",
    )
    schema = serializers.IntegerField(
        min_value=1,
        max_value=2**31 - 1,
        required=False,
        help_text="The version of the feed's map that the file was made for; when another holds "
        "by now, the answer is 409 `schema-changed`.",
    )
    on_error = serializers.ChoiceField(
        choices=["refuse", "skip"],
        default="refuse",
        help_text="`skip` leaves faulty rows out and counts them, where the feed allows it.",
    )


def wishes_of(given: dict[str, Any]) -> Wishes:
    """Say how a file is to be taken, after the query has been read."""
    return Wishes(
        is_dry_run=given["mode"] == "dry-run",
        skips_faulty_rows=given["on_error"] == "skip",
        stated_rows=given.get("rows"),
        map_version=given.get("schema"),
    )


def filename_of(request: Request, feed: Feed) -> str:
    """Name the file: its stem from Content-Disposition, its ending from what is inside.

    Raises:
        UnsupportedMediaType: no feed, or not this one, takes the kind or its coding.
    """
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    _, sent = parse_header_parameters(request.headers.get("Content-Disposition", ""))
    return named(kind, sent.get("filename", ""), coding=_coding(request), feed=feed)


def named(kind: str, filename: str, *, coding: str, feed: Feed) -> str:
    """Give a file of a kind its name.

    Args:
        kind: media type in lower case.
        filename: as the sender calls it, or empty; folders and odd characters are left out.
        coding: empty or `gzip`, as the content coding of the body.
        feed: takes FHIR when it collects aggregates.

    Raises:
        UnsupportedMediaType: no feed, or not this one, takes the kind or its coding.
    """
    plain = PurePosixPath(filename.replace("\\", "/")).name
    if kind == GZIP and not coding:
        return _archive(plain)
    if kind not in EXTENSION:
        raise UnsupportedMediaType(kind, f"Send the file as {', '.join(EXTENSION)} or {GZIP}.")
    if kind == FHIR and feed.level != DataLevel.L0:
        raise UnsupportedMediaType(kind, "Only feeds of aggregates take FHIR MeasureReports.")
    if coding and kind not in TEXT_KINDS:
        raise UnsupportedMediaType(kind, "Only text is sent as gzip; this kind is packed already.")
    return f"{_stem(plain)}{EXTENSION[kind]}{_GZIP_ENDING if coding else ''}"


def check_file(body: Body, filename: str, request: Request) -> None:
    """Refuse a body that holds nothing, or that is sent as gzip and is not.

    Raises:
        EmptyFile: there is no byte.
        ValidationError: it does not begin as gzip does.
    """
    if not body.size:
        raise EmptyFile
    if filename.endswith(_GZIP_ENDING):
        begins_so = body.content.read(len(_GZIP_MARK)) == _GZIP_MARK
        body.content.seek(0)
        if not begins_so:
            head = "Content-Encoding" if _coding(request) else "Content-Type"
            raise ValidationError({head: [ErrorDetail(_NOT_GZIP, code="not-gzip")]})


def _coding(request: Request) -> str:
    coding = request.headers.get("Content-Encoding", "").strip().lower()
    if coding in {"", "identity"}:
        return ""
    if coding in {"gzip", "x-gzip"}:
        return "gzip"
    raise UnsupportedMediaType(coding, "Send the file plain or with Content-Encoding: gzip.")


def _archive(name: str) -> str:
    """Name a gzip archive by what its own name says is inside."""
    inner = PurePosixPath(name.lower().removesuffix(_GZIP_ENDING)).suffix
    if not name.lower().endswith(_GZIP_ENDING) or inner not in _TEXT_ENDINGS:
        raise UnsupportedMediaType(
            GZIP,
            "Name the archive in Content-Disposition by what is inside, such as "
            'filename="stays.csv.gz".',
        )
    return f"{_stem(name[: -len(_GZIP_ENDING)])}{inner}{_GZIP_ENDING}"


def _stem(name: str) -> str:
    printable = "".join(filter(str.isprintable, PurePosixPath(name or "submission").stem))[:100]
    return printable or "submission"
