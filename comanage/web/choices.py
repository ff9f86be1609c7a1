"""Choosing among a tenant's rows.

The rows are looked up when a form is made, inside the tenant's scope; at import there is no
tenant to ask for.
"""

from collections.abc import Callable, Iterable
from typing import Any, cast

from django import forms
from django.db.models import QuerySet

Rows = Callable[[], "QuerySet[Any]"]


class RowChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """One of the rows that a query gives."""

    def __init__(self, rows: Rows, **kwargs: Any) -> None:
        self._rows = rows
        super().__init__(queryset=None, empty_label="Choose", **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "RowChoiceField":
        copy: RowChoiceField = super().__deepcopy__(memo)
        copy.queryset = self._rows()
        return copy


class RowsChoiceField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Any of the rows that a query gives."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, rows: Rows, **kwargs: Any) -> None:
        self._rows = rows
        super().__init__(queryset=None, **kwargs)

    def __deepcopy__(self, memo: dict[int, Any]) -> "RowsChoiceField":
        copy: RowsChoiceField = super().__deepcopy__(memo)
        copy.queryset = self._rows()
        return copy


def offer(form: forms.Form, name: str, choices: Iterable[tuple[str, str]]) -> None:
    """Say what a field offers that only whoever makes the form knows."""
    cast("forms.ChoiceField", form.fields[name]).choices = list(choices)
