"""The columns of a map as rows of a form, one a column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.forms.boundfield import BoundField
from django.forms.formsets import formset_factory
from django.utils.text import Truncator

from comanage.web.rows import Rows
from indicators.measure.columns import LONGEST_NAME, ColumnType
from scorecards.intake.propose import column_name
from scorecards.intake.spec import DEFAULT_PLACES, MARKS, FeedColumn, SpecError
from scorecards.intake.spec_columns import MAX_PLACES, MAX_TEXT, MAX_UNIT, MAX_WIDTH
from scorecards.maps.lines import LISTS, read_limit, read_texts, write_limit, write_texts

MOST_ROWS = 500
EMPTY_ROWS = 2
LONGEST_LIST = 20_000
LONGEST_SAID = 60
BAR = " | "
TYPES = {
    ColumnType.CODE: "Code",
    ColumnType.WHOLE: "Whole number",
    ColumnType.DECIMAL: "Decimal",
    ColumnType.DATE: "Day",
    ColumnType.MOMENT: "Moment",
    ColumnType.FLAG: "Yes or no",
}
MARK_WORDS = {"thousands": "1,931", "percent": "85.2%", "dollar": "$5.20"}
TAKEN_BY = {
    "codes": "code",
    "width": "code",
    "minimum": "whole decimal",
    "maximum": "whole decimal",
    "places": "decimal",
    "marks": "whole decimal",
    "forms": "date moment",
}
"""By field, the types that take it; a field that is not named here is for every type."""


def _text(label: str, longest: int, **more: Any) -> django_forms.CharField:
    return django_forms.CharField(label=label, required=False, max_length=longest, **more)


@dataclass(frozen=True, slots=True)
class Detail:
    """A field of a column that is needed now and then.

    Attributes:
        field: of the row.
        taken_by: the types that take it, with spaces between; empty for all.
    """

    field: BoundField
    taken_by: str


class ColumnForm(django_forms.Form):
    """One column of a file, and what is kept of it."""

    name_in_file = django_forms.CharField(label="Name in the file", max_length=MAX_TEXT)
    name = _text("Our name", LONGEST_NAME)
    type = django_forms.ChoiceField(
        label="Type", choices=[(kind.value, words) for kind, words in TYPES.items()], initial="code"
    )
    required = django_forms.BooleanField(label="In every row", required=False)
    label = _text("Meaning", MAX_TEXT)
    unit = _text("Unit", MAX_UNIT, help_text="Such as days, minutes or USD.")
    minimum = _text("Lowest value", 40, help_text="Of 85.2% the value kept is 0.852.")
    maximum = _text("Highest value", 40, help_text="Of 85.2% the value kept is 0.852.")
    places = django_forms.IntegerField(
        label="Decimals kept",
        required=False,
        min_value=0,
        max_value=MAX_PLACES,
        help_text="6 unless said otherwise; a value with more is refused.",
    )
    codes = _text(
        "Codes allowed", LONGEST_LIST, help_text="With bars between: A | B. Empty allows any."
    )
    width = django_forms.IntegerField(
        label="Digits",
        required=False,
        min_value=1,
        max_value=MAX_WIDTH,
        help_text="A code with fewer gets its lost leading zeros back.",
    )
    marks = django_forms.MultipleChoiceField(
        label="May be written like",
        required=False,
        choices=[(mark, MARK_WORDS[mark]) for mark in MARKS],
        widget=django_forms.CheckboxSelectMultiple,
    )
    missing = _text("Means missing", LONGEST_LIST, help_text="Beside the empty cell and ?.")
    suppressed = _text(
        "Means suppressed",
        LONGEST_LIST,
        help_text="Withheld by whoever published it, never 0: ***.",
    )
    said = django_forms.CharField(required=False, max_length=2_000, widget=django_forms.HiddenInput)
    forms = _text(
        "Ways to write it", LONGEST_LIST, help_text="Such as MM/DD/YYYY | M/D/YY. Empty is ISO."
    )
    use_required_attribute = False

    def full_clean(self) -> None:
        """Check the fields, but not those of a column that is removed."""
        super().full_clean()
        if self.is_bound and self.cleaned_data.get("DELETE"):
            self.errors.clear()

    @property
    def named(self) -> str:
        """What the column is called in messages: our name, or else its name in the file."""
        name = self["name"].value() or self["name_in_file"].value()
        return f"Column {name}" if name else "A column without a name"

    @property
    def main(self) -> tuple[BoundField, ...]:
        """The fields that every column needs."""
        return tuple(self[name] for name in ("name_in_file", "name", "type", "required"))

    @property
    def details(self) -> tuple[Detail, ...]:
        """The fields that some columns need."""
        names = [name for name in self.fields if name not in _MAIN]
        return tuple(Detail(self[name], TAKEN_BY.get(name, "")) for name in names)

    @property
    def is_open(self) -> bool:
        """Whether something is wrong among the details."""
        return self.is_bound and any(detail.field.errors for detail in self.details)

    @property
    def in_words(self) -> str:
        """What is said of the column beyond its main fields, as it stands in the form."""
        return "; ".join(self._said_details()) or "More"

    def _said_details(self) -> Iterator[str]:
        for detail in self.details:
            value = detail.field.value()
            if value in (None, "", []):
                continue
            shown = ", ".join(MARK_WORDS.get(v, v) for v in value) if _is_list(value) else value
            yield f"{detail.field.label.lower()} {Truncator(shown).chars(LONGEST_SAID)}"

    def column(self, taken: set[str]) -> FeedColumn | None:
        """Make the column; what is wrong stands beside its field, and None comes back.

        Args:
            taken: the names of the columns above it.
        """
        given = self.cleaned_data
        try:
            return FeedColumn(
                name_in_file=given["name_in_file"],
                name=given["name"] or column_name(given["name_in_file"], taken),
                type=ColumnType(given["type"]),
                required=given["required"],
                minimum=self._limit("minimum"),
                maximum=self._limit("maximum"),
                label=given["label"],
                places=DEFAULT_PLACES if given["places"] is None else given["places"],
                unit=given["unit"],
                width=given["width"],
                marks=tuple(given["marks"]),
                **{name: read_texts(given[name]) for name in LISTS if name != "marks"},
            )
        except SpecError as wrong:
            self.complain(wrong)
            return None

    def complain(self, wrong: SpecError) -> None:
        """Show what is wrong with the column beside the field that it is about."""
        said = str(wrong).removeprefix(f"Column {wrong.column}: ")
        part = wrong.part if wrong.part in self.fields else "name"
        self.add_error(part, said[0].upper() + said[1:])

    def _limit(self, part: str) -> Any:
        try:
            return read_limit(self.cleaned_data[part])
        except SpecError as wrong:
            raise SpecError(str(wrong), part=part) from wrong


_MAIN = ("name_in_file", "name", "type", "required", "said", "DELETE")


def _is_list(value: object) -> bool:
    return isinstance(value, list | tuple)


def row_of(column: FeedColumn, said: Sequence[str] = ()) -> dict[str, Any]:
    """Write a column as its row shows it."""
    return {
        "name_in_file": column.name_in_file,
        "name": column.name,
        "type": column.type.value,
        "required": column.required,
        "label": column.label,
        "unit": column.unit,
        "minimum": write_limit(column.minimum),
        "maximum": write_limit(column.maximum),
        "places": None if column.places == DEFAULT_PLACES else column.places,
        "width": column.width,
        "marks": list(column.marks),
        "said": " ".join(said),
        **{name: write_texts(getattr(column, name), BAR) for name in LISTS if name != "marks"},
    }


ColumnRows = formset_factory(
    ColumnForm,
    formset=Rows,
    extra=EMPTY_ROWS,
    can_delete=True,
    max_num=MOST_ROWS,
    absolute_max=MOST_ROWS,
    validate_max=True,
)
