"""Lists in pages: a cursor is a signed place in a stable order, good for its own list alone."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar, cast
from uuid import UUID

from django.core.exceptions import ValidationError as BadValueError
from django.core.signing import BadSignature, Signer
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from comanage.tenancy.scope import active_tenant_id

DEFAULT_LIMIT = 50
MOST = 200

Row = TypeVar("Row", bound=models.Model)
AnyRequest = Request | HttpRequest


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Some rows of a list, and where the next ones are.

    Attributes:
        rows: in the order of the list.
        next_address: of the page after this one, with its cursor; empty on the last page.
    """

    rows: list[Row]
    next_address: str

    @property
    def headers(self) -> dict[str, str]:
        """The `Link` of RFC 8288; none on the last page."""
        return {"Link": f'<{self.next_address}>; rel="next"'} if self.next_address else {}


def page_of(rows: QuerySet[Row], request: AnyRequest, *, by: str) -> Page[Row]:
    """Take one page out of a list, in one query.

    The query's `cursor` says where, its `limit` how many. Rows that come or go between two
    pages move nobody else: the order is by a field that never changes, then by id.

    Args:
        rows: the list; its own order is not kept.
        request: its tenant, path and other parameters are what a cursor is good for.
        by: the field, with a minus for the highest first.

    Raises:
        ValidationError: the limit is none, or the cursor is not of this list.
    """
    limit = _limit(request)
    name, is_falling = by.removeprefix("-"), by.startswith("-")
    found = rows.order_by(by, "-pk" if is_falling else "pk")
    place = _place(request, rows.model, name)
    if place is not None:
        found = found.filter(_beyond(name, place, is_falling=is_falling))
    taken = list(found[: limit + 1])
    if len(taken) <= limit:
        return Page(taken, "")
    last = taken[limit - 1]
    cursor = _signer(request).sign_object([_text(getattr(last, name)), str(last.pk)])
    return Page(taken[:limit], _address(request, cursor))


def _limit(request: AnyRequest) -> int:
    text = request.GET.get("limit", str(DEFAULT_LIMIT))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= MOST):
        raise ValidationError({"limit": [f"Give a whole number from 1 to {MOST}."]})
    return int(text)


def _place(request: AnyRequest, model: type[models.Model], name: str) -> tuple[Any, Any] | None:
    cursor = request.GET.get("cursor")
    if cursor is None:
        return None
    try:
        value, pk = _signer(request).unsign_object(cursor)
        field = cast("models.Field[Any, Any]", model._meta.get_field(name))
        return field.to_python(value), model._meta.pk.to_python(pk)
    except (BadSignature, BadValueError, TypeError, ValueError) as wrong:
        sentence = "This cursor is not of this list. Begin again without it."
        raise ValidationError({"cursor": [sentence]}) from wrong


def _beyond(name: str, place: tuple[Any, Any], *, is_falling: bool) -> Q:
    value, pk = place
    side = "lt" if is_falling else "gt"
    further, level = {f"{name}__{side}": value}, {name: value, f"pk__{side}": pk}
    return Q(**further) | Q(**level)


def _signer(request: AnyRequest) -> Signer:
    """Sign for this tenant, this list and these filters; anything else has another key."""
    filters = sorted((key, request.GET.getlist(key)) for key in _filters(request))
    return Signer(salt=json.dumps([str(active_tenant_id()), request.path, filters]))


def _filters(request: AnyRequest) -> set[str]:
    return set(request.GET) - {"cursor", "limit"}


def _address(request: AnyRequest, cursor: str) -> str:
    query = request.GET.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"


def _text(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
