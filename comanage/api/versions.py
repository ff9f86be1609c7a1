"""Versions of records in the head of requests: ETag, If-Match, If-None-Match (RFC 9110)."""

from typing import Any

from django.utils.http import parse_etags, quote_etag
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from comanage.values.canonical import sha256_of

_LENGTH = 32  # of the hexadecimal digits that are sent


class PreconditionRequired(APIException):
    """The request does not say which version it means."""

    status_code = 428
    default_code = "precondition-required"
    default_detail = "Send If-Match with the ETag of the version that you have seen."


class PreconditionFailed(APIException):
    """The record has moved on."""

    status_code = 412
    default_code = "precondition-failed"
    default_detail = "It has changed since that version. Read it again, then decide."


def etag_of(facts: Any) -> str:
    """Make the ETag of plain facts; equal facts have equal tags."""
    return quote_etag(sha256_of(facts)[:_LENGTH])


def check_if_match(request: Request, etag: str, *, required: bool = True) -> None:
    """Let a change through that names the version it means.

    Raises:
        PreconditionRequired: no version is named, and one is asked for.
        PreconditionFailed: it is another one.
    """
    sent = request.headers.get("If-Match")
    if sent is None:
        if required:
            raise PreconditionRequired
        return
    if not {"*", etag} & set(parse_etags(sent)):
        raise PreconditionFailed


def answer_if_changed(request: Request, data: Any, etag: str, **given: Any) -> Response:
    """Answer 304 without a body when the client has this version, else the data."""
    headers = {"ETag": etag} | given.pop("headers", {})
    known = request.headers.get("If-None-Match")
    if known is not None and {"*", etag} & {tag.removeprefix("W/") for tag in parse_etags(known)}:
        return Response(status=304, headers=headers)
    return Response(data, headers=headers, **given)
