"""Doors that a form is sent to, and what they say to somebody who only came to look.

A form that is refused is shown under the address it was sent to. Whoever reloads that address,
or comes back to it, asks for a page that is not there: they are shown the way to the one that is.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from comanage.web.errors import PolicyError

Asked = TypeVar("Asked", bound=HttpRequest)
Params = ParamSpec("Params")
View = Callable[Concatenate[Asked, Params], HttpResponseBase]


def posted_only(view: View[Asked, Params]) -> View[Asked, Params]:
    """Let a view answer only a form that is sent; say to anybody else where its page is."""

    @wraps(view)
    def posted(request: Asked, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            return view(request, *args, **kwargs)
        return _not_a_page(request)

    posted.is_posted_only = True  # type: ignore[attr-defined]  # read by page_above
    return cast("View[Asked, Params]", posted)


def is_done(request: HttpRequest, form: forms.Form, deed: Callable[[], object], said: str) -> bool:
    """Do the deed of a form that was sent whole, and say so; a rule's refusal is shown in it.

    Args:
        request: of the page with the form.
        form: bound when it was sent.
        deed: reads what the form holds, once it is known to be whole.
        said: once it is done.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except PolicyError as broken:
        form.add_error(None, str(broken))
        return False
    messages.success(request, said)
    return True


@contextmanager
def or_say_why(request: HttpRequest) -> Iterator[None]:
    """Do what one press asks for and say so, in the block; or say which rule refused it."""
    try:
        yield
    except PolicyError as broken:
        messages.error(request, str(broken))


def page_above(path: str) -> str:
    """Return the way to the nearest address above that is a page; the start if there is none.

    It is a relative way: it names no record, so that the answer is the same for every one.
    """
    parts = path.strip("/").split("/")
    for steps in range(1, len(parts)):
        if _is_page(f"/{'/'.join(parts[:-steps])}/"):
            return "../" * steps
    return "/"


def _is_page(address: str) -> bool:
    try:
        view: Any = resolve(address).func
    except Resolver404:
        return False
    return not getattr(view, "is_posted_only", False)


def _not_a_page(request: HttpRequest) -> HttpResponse:
    answer = render(request, "405.html", {"page": page_above(request.path)}, status=405)
    answer.headers["Allow"] = "POST"
    return answer
