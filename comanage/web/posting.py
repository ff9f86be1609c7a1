"""Doors that a form is sent to, and what they say to somebody who only came to look.

A form that is refused is shown under the address it was sent to. Whoever reloads that address,
or comes back to it, asks for a page that is not there: they are shown the way to the one that is.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

from comanage.web.errors import PolicyError, add_refusals, errors_in_words

Asked = TypeVar("Asked", bound=HttpRequest)
Params = ParamSpec("Params")
Form = TypeVar("Form", bound=forms.Form)
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


def is_done(
    request: HttpRequest,
    form: forms.Form,
    deed: Callable[[], object],
    said: str | Callable[[], str],
) -> bool:
    """Do the deed of a form that was sent whole, and say so; a rule's refusal is shown in it.

    Args:
        request: of the page with the form.
        form: bound when it was sent.
        deed: reads what the form holds, once it is known to be whole.
        said: once it is done; a function where that is known only then.
    """
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        deed()
    except PolicyError as broken:
        add_refusals(form, [broken])
        return False
    messages.success(request, said if isinstance(said, str) else said())
    return True


@contextmanager
def or_say_why(request: HttpRequest) -> Iterator[None]:
    """Do what one press asks for and say so, in the block; or say which rule refused it."""
    try:
        yield
    except PolicyError as broken:
        messages.error(request, str(broken))


def in_place_of(fresh: Form, refused: forms.Form | None) -> Form:
    """Show the form that was refused where a page has one of its kind.

    What was typed comes back; what is hidden is of the page as it is now, which is seen anew.
    """
    if not isinstance(refused, type(fresh)):
        return fresh
    hidden = {field.html_name: field.value() for field in fresh.hidden_fields()}
    refused.data = {name: refused.data[name] for name in refused.data} | hidden
    refused.auto_id = fresh.auto_id
    return refused


def say_if_misplaced(
    request: HttpRequest, refused: forms.Form | None, shown: Iterable[forms.Form | None]
) -> None:
    """Say above the page why a form was refused that the page has no place for any more."""
    if refused is not None and not any(each is refused for each in shown):
        messages.error(request, errors_in_words(refused))


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
