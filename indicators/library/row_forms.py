"""The rows of a definition: the columns it reads, and the examples of its test deck."""

from typing import Any

from django import forms
from django.forms.formsets import formset_factory

from comanage.web.rows import Rows
from indicators.library import vocabulary

MOST_COLUMN_ROWS = 100
MOST_EXAMPLE_ROWS = 80
EMPTY_ROWS = 2
NOTHING = '""'


class ColumnForm(forms.Form):
    """A column that criteria may name."""

    name = forms.CharField(label="Name", max_length=63)
    type = forms.ChoiceField(
        label="Type", choices=list(vocabulary.COLUMN_TYPES.items()), initial="code"
    )
    label = forms.CharField(label="Meaning", max_length=160, required=False)
    source = forms.CharField(label="Header in the file", max_length=160, required=False)

    def as_document(self) -> dict[str, str]:
        """Write the column; what was left empty is left out."""
        return {
            name: self.cleaned_data[name]
            for name in ("name", "type", "label", "source")
            if self.cleaned_data[name]
        }


class ExampleForm(forms.Form):
    """A case of the test deck and where it must stand."""

    name = forms.CharField(label="What the example shows", max_length=200)
    case = forms.CharField(
        label="Its values",
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false", "class": "code"}),
        help_text="One line for each column: age = 67. A column that is left out is missing.",
    )
    expected = forms.ChoiceField(
        label="Must stand in",
        choices=list(vocabulary.PLACEMENTS.items()),
        initial="numerator",
    )

    def clean_case(self) -> dict[str, str | None]:
        """Read the lines; nothing after the sign is a missing value."""
        case: dict[str, str | None] = {}
        for number, line in enumerate(self.cleaned_data["case"].splitlines(), start=1):
            name, sign, value = (part.strip() for part in line.partition("="))
            if not line.strip():
                continue
            if not sign or not name:
                raise forms.ValidationError(f"Line {number}: write COLUMN = VALUE, as age = 67.")
            if name in case:
                raise forms.ValidationError(f"Line {number}: column “{name}” stands here twice.")
            case[name] = "" if value == NOTHING else value or None
        return case

    def as_document(self) -> dict[str, Any]:
        """Write the example."""
        return {name: self.cleaned_data[name] for name in ("name", "case", "expected")}


def example_initial(example: dict[str, Any]) -> dict[str, str]:
    """Write an example as its form shows it."""
    lines = [f"{name} = {_shown(value)}".rstrip() for name, value in example["case"].items()]
    return {**example, "case": "\n".join(lines)}


def _shown(value: str | None) -> str:
    return "" if value is None else value or NOTHING


ColumnRows = formset_factory(
    ColumnForm,
    formset=Rows,
    extra=EMPTY_ROWS,
    can_delete=True,
    max_num=MOST_COLUMN_ROWS,
    absolute_max=MOST_COLUMN_ROWS,
    validate_max=True,
)
ExampleRows = formset_factory(
    ExampleForm,
    formset=Rows,
    extra=EMPTY_ROWS,
    can_delete=True,
    max_num=MOST_EXAMPLE_ROWS,
    absolute_max=MOST_EXAMPLE_ROWS,
    validate_max=True,
)
