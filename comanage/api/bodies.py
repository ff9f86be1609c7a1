"""A request body that is a file: what kinds there are, and the bytes as a stream, never as text."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO, Any, BinaryIO, cast

from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

CSV = "text/csv"
TSV = "text/tab-separated-values"
NDJSON = "application/x-ndjson"
JSON = "application/json"
FHIR = "application/fhir+json"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PARQUET = "application/vnd.apache.parquet"
GZIP = "application/gzip"
BYTES = "application/octet-stream"

# The ending that says what is inside; a gzip archive has the ending of its own name.
EXTENSION = {
    CSV: ".csv",
    TSV: ".tsv",
    NDJSON: ".ndjson",
    JSON: ".json",
    FHIR: ".json",
    XLSX: ".xlsx",
    PARQUET: ".parquet",
}
TEXT_KINDS = frozenset({CSV, TSV, NDJSON, JSON, FHIR})

_CHUNK = 1 << 16
_IN_MEMORY = 1 << 20
_LONGEST_DOCUMENT = 1 << 16


class TooLarge(APIException):
    """The body passes the limit."""

    status_code = 413
    default_code = "too-large"


class LengthRequired(APIException):
    """The body comes in pieces of unknown number."""

    status_code = 411
    default_code = "length-required"
    default_detail = "Send Content-Length; a body in chunks is not read."


class EmptyFile(APIException):
    """The body holds nothing, where a file is asked for."""

    status_code = 400
    default_code = "empty-file"
    default_detail = "The file is empty: no byte of it came. Export it again, and send it."


@dataclass(frozen=True, slots=True)
class Body:
    """A body that has come in whole: its bytes at their beginning, and what they are."""

    content: BinaryIO
    size: int
    sha256: str


@contextmanager
def body_of(request: Request, *, limit: int, too_large: str) -> Iterator[Body]:
    """Take the body out of a request, to disk when it is long.

    Args:
        request: whose stream nobody has read.
        limit: most bytes.
        too_large: what to do about more, as a sentence.

    Raises:
        LengthRequired: the body is sent in chunks.
        TooLarge: there are more bytes than the limit.
    """
    if "chunked" in request.headers.get("Transfer-Encoding", "").lower():
        raise LengthRequired
    digest, size = hashlib.sha256(), 0
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as spool:
        while chunk := request.stream.read(_CHUNK) if request.stream else b"":
            size += len(chunk)
            if size > limit:
                raise TooLarge(too_large)
            digest.update(chunk)
            spool.write(chunk)
        spool.seek(0)
        yield Body(cast("BinaryIO", spool), size, digest.hexdigest())


def json_body_of(request: Request) -> tuple[Any, str]:
    """Take a short JSON document out of a request; return it with the body's SHA-256.

    Raises:
        UnsupportedMediaType: it is not sent as JSON.
        ParseError: it is none.
        TooLarge: it is longer than any that is asked for.
    """
    kind = (request.content_type or "").partition(";")[0].strip().lower()
    if kind != JSON:
        raise UnsupportedMediaType(kind, f"Send the document as {JSON}.")
    with body_of(request, limit=_LONGEST_DOCUMENT, too_large="The document is too long.") as body:
        try:
            return json.loads(body.content.read()), body.sha256
        except (ValueError, RecursionError) as wrong:
            raise ParseError("The body is not JSON.") from wrong


class FileBody(BaseParser):
    """Hand the view the raw stream of one kind of file."""

    def parse(  # type: ignore[override]  # the view wants the bytes, not a mapping
        self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None
    ) -> IO[Any]:
        """Return the stream unread."""
        return stream


def _body_of_kind(kind: str) -> type[FileBody]:
    return type("FileBody", (FileBody,), {"media_type": kind})


FILE_BODIES = tuple(_body_of_kind(kind) for kind in (*EXTENSION, GZIP))
BYTES_BODY = _body_of_kind(BYTES)
