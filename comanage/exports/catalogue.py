"""Which tables and files an export holds: all of a tenant's, less the secrets named here.

A table that is added tomorrow is in the export by itself. A column of raw bytes never is: keys and
secrets are kept in such.
"""

import inspect
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models

from comanage.exports.columns import about_column
from comanage.identity.models import Membership, User
from comanage.tenancy.models import Tenant, TenantModel
from comanage.values.money import Money
from comanage.vault.models import SealedKind

TABLES_LEFT_OUT = {
    "agreements.PrivilegedNote": "privileged: counsel's and compliance's own notes",
    "comanage.TenantKey": "keys: they open nothing outside this installation",
    "comanage.AccessToken": "secrets of machines that are signed in, valid for minutes",
    "comanage.SpentAssertion": "one-time secrets of machines, already spent",
}
COLUMNS_LEFT_OUT = {
    "comanage.ExtractClient.secret_sha256": "the hash of a secret",
    "agreements.CalendarFeed.secret_sha256": "the hash of a secret",
}
BYTES = "raw bytes: a key or a secret"
ONLY_WITH_CASES = {
    "scorecards.Upload.changes": "may name cases, which whoever asked does not see",
    "scorecards.UploadFinding.value": "stands in a case, which whoever asked does not see",
}

# Documents that stand in a column, each also as a file of its own.
DOCUMENTS = {
    "scorecards.FeedMap.spec": "maps",
    "agreements.MeasurementYear.terms": "terms",
    "agreements.AgreementVersion.document": "agreements",
    "indicators.IndicatorVersion.document": "definitions",
    "scorecards.Scorecard.document": "scorecards",
    "scorecards.Baseline.document": "baselines",
    "adjudication.Snapshot.canonical": "snapshots",
}
_ENDING = re.compile(r"\.[a-z]{2,7}(\.gz)?$")
FILES = frozenset({SealedKind.REPORT, SealedKind.DOCUMENT})
FILES_OF_CASES = frozenset({SealedKind.SLICE, SealedKind.UPLOAD})


@dataclass(frozen=True, slots=True)
class Column:
    """A column that leaves: its name, what it holds, its type, and the table it points to."""

    name: str
    about: str
    type: str
    may_be_empty: bool
    points_to: str


@dataclass(frozen=True, slots=True)
class Source:
    """One table of the tenant in scope."""

    label: str
    about: str
    columns: tuple[Column, ...]
    rows_of: "models.QuerySet[Any]"

    @property
    def path(self) -> str:
        """The name of its files, less the ending."""
        return _path_of(self.label)

    def rows(self) -> Iterator[tuple[Any, ...]]:
        """Go through the rows by id, a few thousand in memory at a time."""
        names = [column.name for column in self.columns]
        for row in self.rows_of.order_by("pk").values_list(*names).iterator(chunk_size=2000):
            yield tuple(_plain(cell) for cell in row)


def sources(*, holds_cases: bool) -> list[Source]:
    """List every table of the tenant in scope, by name."""
    owned = [model for model in apps.get_models() if issubclass(model, TenantModel)]
    tables = [
        _source(model, model.objects.all(), holds_cases=holds_cases)
        for model in sorted(owned, key=lambda model: model._meta.label)
        if model._meta.label not in TABLES_LEFT_OUT
    ]
    return [*tables, _tenant(), _people()]


def left_out(*, holds_cases: bool) -> dict[str, str]:
    """Name what an export does not hold, each with the reason."""
    columns = {
        f"{model._meta.label}.{field.attname}": why
        for model in apps.get_models()
        if issubclass(model, TenantModel) and model._meta.label not in TABLES_LEFT_OUT
        for field in model._meta.concrete_fields
        if (why := _reason(field, holds_cases=holds_cases))
    }
    files = {} if holds_cases else {"files of cases": "whoever asked does not see cases"}
    return TABLES_LEFT_OUT | columns | files


def documents() -> Iterator[tuple[str, Any]]:
    """Give each document that stands in a column, with the path of its file."""
    for place, folder in DOCUMENTS.items():
        label, _, column = place.rpartition(".")
        model: Any = apps.get_model(label)
        rows = model.objects.exclude(**{f"{column}__isnull": True})
        for key, document in rows.order_by("pk").values_list("pk", column).iterator(100):
            yield f"documents-in-tables/{folder}/{key}.json", document


def endings() -> dict[str, str]:
    """Give the ending of each file as it was sent, by the name that it is stored under."""
    uploads: Any = apps.get_model("scorecards.Upload")
    names = uploads.objects.values_list("storage_name", "filename")
    return {stored: _ending(name) for stored, name in names.iterator(2000)}


def _ending(name: str) -> str:
    found = _ENDING.search(name.lower())
    return found.group() if found else ""


def _source(
    model: type[models.Model], rows: "models.QuerySet[Any]", *, holds_cases: bool
) -> Source:
    fields = [
        field
        for field in model._meta.concrete_fields
        if not _reason(field, holds_cases=holds_cases)
    ]
    about = inspect.getdoc(model) or ""
    columns = tuple(_column(field) for field in fields)
    return Source(model._meta.label, about.partition("\n")[0], columns, rows)


def _column(field: "models.Field[Any, Any]") -> Column:
    target = _path_of(field.remote_field.model._meta.label) if field.remote_field else ""
    about = about_column(field, target)
    return Column(field.attname, about, _type_of(field), field.null, target)


def _path_of(label: str) -> str:
    return label.replace(".", "-").lower()


def _type_of(field: "models.Field[Any, Any]") -> str:
    if isinstance(field, models.ForeignKey):
        return _type_of(field.target_field)
    return field.get_internal_type().removesuffix("Field")


def _tenant() -> Source:
    return _only(Tenant, ("id", "slug", "name", "time_zone"), Tenant.objects.all())


def _people() -> Source:
    """The people who are or were members: who they are, and nothing of how they sign in."""
    members = Membership.objects.values("user_id")
    return _only(User, ("id", "email", "name"), User.objects.filter(pk__in=members))


def _only(model: type[models.Model], names: Iterable[str], rows: "models.QuerySet[Any]") -> Source:
    columns = tuple(_column(model._meta.get_field(name)) for name in names)  # type: ignore[arg-type]  # no relation back
    about = (inspect.getdoc(model) or "").partition("\n")[0]
    return Source(model._meta.label, about, columns, rows)


def _reason(field: "models.Field[Any, Any]", *, holds_cases: bool) -> str:
    name = f"{field.model._meta.label}.{field.attname}"
    if isinstance(field, models.BinaryField):
        return BYTES
    if not holds_cases and name in ONLY_WITH_CASES:
        return ONLY_WITH_CASES[name]
    return COLUMNS_LEFT_OUT.get(name, "")


def _plain(cell: Any) -> Any:
    return cell.dollars_text if isinstance(cell, Money) else cell
