"""Fields of a long form that belong together, for `components/_form.html`."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """Fields under one legend.

    Attributes:
        legend: what they are about.
        fields: in the order they are shown.
        hint: a sentence for all of them; empty for none.
        columns: how many stand beside each other where there is room: 1, 2 or 3.
        is_folded: whether the group is closed until somebody opens it.
    """

    legend: str
    fields: tuple[BoundField, ...]
    hint: str = ""
    columns: int = 1
    is_folded: bool = False

    @property
    def is_open(self) -> bool:
        """Whether a folded group must be shown: something is written in it, or is wrong."""
        return any(field.value() or field.errors for field in self.fields)


def group(
    form: forms.Form,
    legend: str,
    names: Iterable[str],
    *,
    hint: str = "",
    columns: int = 1,
    is_folded: bool = False,
) -> FieldGroup:
    """Gather fields of a form by name."""
    return FieldGroup(legend, tuple(form[name] for name in names), hint, columns, is_folded)
