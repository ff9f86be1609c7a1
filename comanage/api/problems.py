"""Errors in the shape of RFC 9457, with stable codes. Values that were sent are never repeated."""

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response

MEDIA_TYPE = "application/problem+json"
NOT_FOUND = "There is nothing at this address."  # absent or another's: the same words


def problem(
    status: int, *, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """Build the body of a problem."""
    body: dict[str, Any] = {"type": f"urn:comanage:problem:{code}", "status": status}
    body |= {"title": code.replace("-", " ").capitalize(), "detail": detail}
    return body | {"errors": errors} if errors else body


def problem_response(status: int, *, code: str, detail: str) -> HttpResponse:
    """Answer with a problem from outside DRF."""
    return JsonResponse(
        problem(status, code=code, detail=detail), status=status, content_type=MEDIA_TYPE
    )


def answer_problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn what a view raised into a problem; unknown errors stay errors."""
    if isinstance(error, Http404):
        return Response(
            problem(404, code="not-found", detail=NOT_FOUND), status=404, content_type=MEDIA_TYPE
        )
    if isinstance(error, exceptions.ValidationError):
        body = problem(
            400,
            code="invalid-request",
            detail="The request does not have the expected shape.",
            errors=[
                {"pointer": f"/{name}", "detail": str(reason)}
                for name, reasons in _by_field(error.detail)
                for reason in reasons
            ],
        )
        return Response(body, status=400, content_type=MEDIA_TYPE)
    if isinstance(error, exceptions.APIException):
        code = str(error.default_code).replace("_", "-")
        body = problem(error.status_code, code=code, detail=str(error.detail))
        return Response(body, status=error.status_code, content_type=MEDIA_TYPE)
    return None


def _by_field(detail: Any) -> list[tuple[str, list[Any]]]:
    if isinstance(detail, dict):
        return [
            (str(name), list(reasons) if isinstance(reasons, list) else [reasons])
            for name, reasons in detail.items()
        ]
    return [("", list(detail))]
