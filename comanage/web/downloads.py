"""Handing out a file: always to be saved, never to be opened as a page of ours."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from comanage.vault.files import UnlockedFile, unlock
from comanage.vault.models import SealedFile
from comanage.vault.papers import PDF_TYPE
from comanage.vault.stream import CHUNK
from comanage.web.errors import PolicyError


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


def download_paper(paper: SealedFile, *, filename: str) -> StreamingHttpResponse:
    """Hand out a paper on file, as `vault.papers` keeps them; asks one query."""
    (file,) = unlock([paper.name])
    return download_file(file, filename=filename, content_type=PDF_TYPE)


def download_or_say_why(
    request: HttpRequest, take: Callable[[], SealedFile], *, filename: str, back: HttpResponse
) -> HttpResponseBase:
    """Hand out a paper once its taking is on record; or say which rule refused it, and go back.

    Args:
        request: of who asks.
        take: records that the paper is taken, and returns it.
        filename: under which it is saved.
        back: where to go where it is refused.
    """
    try:
        paper = take()
    except PolicyError as broken:
        messages.error(request, str(broken))
        return back
    return download_paper(paper, filename=filename)


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
