"""Errors in the shape of RFC 9457, with stable codes. Values that were sent are never repeated."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

from comanage.web.request_ids import current_request_id

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = "There is nothing at this address."  # absent or another's: the same words

# DRF's own words for these repeat what was sent.
_OWN_WORDS = {
    exceptions.MethodNotAllowed: "This address does not take this method.",
    exceptions.UnsupportedMediaType: "This address does not take a body of this media type.",
}
_DRF_WORDS = ("Method ", "Unsupported media type ")


def problem(
    status: int, *, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Build the body of a problem."""
    body: dict[str, Any] = {"type": f"urn:comanage:problem:{code}", "status": status}
    body |= {"title": code.replace("-", " ").capitalize(), "detail": detail}
    body |= {"errors": errors} if errors else {}
    return body | {"request_id": current_request_id()}


def problem_response(status: int, *, code: str, detail: str) -> HttpResponse:
    """Answer with a problem from outside DRF."""
    return JsonResponse(
        problem(status, code=code, detail=detail), status=status, content_type=MEDIA_TYPE
    )


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; unknown errors stay errors."""
    if isinstance(error, Http404):
        body = problem(404, code="not-found", detail=NOT_FOUND)
    elif isinstance(error, exceptions.ValidationError):
        body = problem(
            400,
            code="invalid-request",
            detail="The request cannot be taken as it is. The errors say where, and what to do.",
            errors=list(_errors(error.detail, "")),
        )
    elif isinstance(error, exceptions.APIException):
        code = str(error.default_code).replace("_", "-")
        body = problem(error.status_code, code=code, detail=_sentence(error))
    else:
        return None
    return Response(body, status=body["status"], content_type=MEDIA_TYPE)


def _sentence(error: exceptions.APIException) -> str:
    detail = str(error.detail)
    own = _OWN_WORDS.get(type(error))
    return own if own and detail.startswith(_DRF_WORDS) else detail


def _errors(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    """Walk to each sentence; the pointer (RFC 6901) says where in the request it belongs."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _errors(inner, f"{pointer}/{_escaped(str(name))}" if name != "" else pointer)
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            is_row = isinstance(inner, dict | list)
            yield from _errors(inner, f"{pointer}/{place}" if is_row else pointer)
    else:
        code = str(getattr(detail, "code", "invalid")).replace("_", "-")
        yield {"pointer": pointer, "code": code, "detail": str(detail)}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
