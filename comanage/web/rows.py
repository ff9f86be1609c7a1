"""Rows of a form that can be added and removed: like forms, as many as a person needs."""

from typing import TYPE_CHECKING, Any

from django.forms.formsets import BaseFormSet

if TYPE_CHECKING:  # a form set takes a parameter in its stubs alone
    _FormSet = BaseFormSet[Any]
else:
    _FormSet = BaseFormSet


class Rows(_FormSet):
    """Rows that can be added and removed; those left empty are not there."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Say what the box of a row does."""
        super().add_fields(form, index)
        form.fields["DELETE"].label = "Remove when saved"

    def kept(self) -> list[Any]:
        """Return the forms of rows that were filled in and not removed."""
        return [
            form
            for form in self.forms
            if (form.initial or form.has_changed()) and not form.cleaned_data.get("DELETE")
        ]
