"""Handing out a file: always to be saved, never to be opened as a page of ours."""

import re
from collections.abc import Iterator
from urllib.parse import quote

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from comanage.vault.files import UnlockedFile
from comanage.vault.stream import CHUNK


def download(content: bytes, *, filename: str, content_type: str) -> HttpResponse:
    """Hand out bytes at hand."""
    response = HttpResponse(content, content_type=content_type)
    _as_attachment(response, filename)
    return response


def download_file(file: UnlockedFile, *, filename: str, content_type: str) -> StreamingHttpResponse:
    """Hand out a stored file, however large: it was unlocked in the scope and needs no rows."""
    response = StreamingHttpResponse(_chunks(file), content_type=content_type)
    response.headers["Content-Length"] = str(file.size)
    _as_attachment(response, filename)
    return response


def _chunks(file: UnlockedFile) -> Iterator[bytes]:
    with file.open() as clear:
        while chunk := clear.read(CHUNK):
            yield chunk


def _as_attachment(response: HttpResponseBase, filename: str) -> None:
    """Tell the browser to save the file under its name, and to trust nothing in it."""
    plain = re.sub(r"[^A-Za-z0-9 ._-]", "_", filename)
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
    )
    response.headers["Content-Security-Policy"] = "sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "no-store"
