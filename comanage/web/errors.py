"""The errors a person reads, and the pages they stand on."""

import re
from collections.abc import Iterable

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.defaults import server_error

from comanage.api.problems import NOT_FOUND, problem_response

_API = re.compile(r"/t/[^/]+/api/")


class PolicyError(Exception):
    """A rule refuses a deed. The text is one sentence in the user's words.

    Attributes:
        code: what a machine tells rules apart by.
        field: of the form that the rule is about; empty where it is about none.
    """

    code = "refused-by-policy"

    def __init__(self, said: str, *, field: str = "") -> None:
        super().__init__(said)
        self.field = field


def add_refusals(form: forms.Form, refusals: Iterable[PolicyError]) -> None:
    """Show what rules refuse beside the fields; one whose own words are wrong says that alone."""
    for broken in refusals:
        field = broken.field if broken.field in form.fields else None
        if field is None or field not in form.errors:
            form.add_error(field, str(broken))


def errors_in_words(form: forms.Form) -> str:
    """Say what is wrong with a form and each of its fields, one sentence after the other."""
    return " ".join(
        f"{form.fields[name].label or name.replace('_', ' ').capitalize()}: {error}"
        if name in form.fields
        else str(error)
        for name, errors in form.errors.items()
        for error in errors
    )


def not_found(request: HttpRequest, *, is_api: bool) -> HttpResponse:
    """Answer for what is absent and for what is another's with the same bytes."""
    if is_api:
        return problem_response(404, code="not-found", detail=NOT_FOUND)
    return render(request, "404.html", status=404)


def went_wrong(request: HttpRequest) -> HttpResponse:
    """Answer for a fault of ours. What it was stands in the log alone, under the request's id."""
    if _API.match(request.path):
        return problem_response(
            500,
            code="internal-error",
            detail="Something went wrong on our side, and was recorded. Send the same again in a "
            "minute, under the same key.",
        )
    return server_error(request)
