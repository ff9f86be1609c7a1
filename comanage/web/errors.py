"""The errors a person reads, and the pages they stand on."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comanage.api.problems import NOT_FOUND, problem_response


class PolicyError(Exception):
    """A rule refuses a deed. The text is one sentence in the user's words.

    `code` is what a machine tells rules apart by.
    """

    code = "refused-by-policy"


def not_found(request: HttpRequest, *, is_api: bool) -> HttpResponse:
    """Answer for what is absent and for what is another's with the same bytes."""
    if is_api:
        return problem_response(404, code="not-found", detail=NOT_FOUND)
    return render(request, "404.html", status=404)
