"""What a map says beside its columns, and which versions are held against each other."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django import forms

from comanage.web.groups import FieldGroup, group
from scorecards.intake.spec import ENCODINGS, DataLevel, Notes, TimeOrder
from scorecards.intake.spec_columns import MAX_TEXT, SpecError
from scorecards.intake.spec_files import MAX_HEADER_ROW, FileForm
from scorecards.maps.drafts import Draft
from scorecards.maps.lines import read_texts, write_texts

TABLE, TEXT = "table", "text"
LONGEST_TEXT = 50_000
BAR = " | "
BEFORE = " before "
LEVELS = {
    DataLevel.AGGREGATES: "Aggregates: numerators and denominators. No agreement is needed; "
    "no case can be looked at",
    DataLevel.CODED_CASES: "Coded case rows: one row a case under a key of the feed. A business "
    "associate or data use agreement is needed",
    DataLevel.KEYED_CASES: "Case rows with a hospital-keyed case key: the hospital can find the "
    "case again. A business associate agreement is needed",
}
SEPARATOR_WORDS = {
    "": "The one that the declared names show",
    ",": "Comma",
    ";": "Semicolon",
    "\t": "Tab",
    "|": "Bar",
}
NOTES_WORDS = {
    Notes.NONE: "Nothing: every row is one",
    Notes.AFTER_BLANK: "All that follows the first empty row",
    Notes.LONE_CELLS: "The last rows that have one filled cell",
}


def _texts(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=3_500, **more)


class MapForm(forms.Form):
    """A map but for its columns: they stand in rows, or here as text."""

    editing = forms.ChoiceField(
        required=False, choices=[(TABLE, TABLE), (TEXT, TEXT)], widget=forms.HiddenInput
    )
    level = forms.ChoiceField(
        label="How much of a case is sent",
        choices=[(level.value, words) for level, words in LEVELS.items()],
        widget=forms.RadioSelect,
    )
    columns = forms.CharField(
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "code"}),
        help_text="One a line: a name and a type (code, whole, decimal, date, moment or flag), "
        "then as needed required, 1..14, codes=A|B, missing=18|25, file=name_in_file.",
    )
    row_key = forms.CharField(
        label="Key",
        max_length=600,
        help_text="The column that names a case; present and different in each row. Of aggregates "
        "the columns that are unique together, with spaces between.",
    )
    date_column = forms.CharField(
        max_length=60,
        required=False,
        help_text="The column of days that says when a case counts, such as the day of discharge. "
        "It lies in the period of its file, and results can be shown month by month.",
    )
    organization_columns = _texts(
        "Columns about the hospital",
        help_text="Only of aggregates: names in the file of columns such as the hospital's address "
        "or telephone, with bars between. They are dropped and not taken for a person's "
        "identifiers.",
    )
    missing = _texts(
        "Means missing", help_text="In every column, with bars between: N/A | Not Available."
    )
    suppressed = _texts("Means suppressed", help_text="In every column: Too Few to Report | ***.")
    orders = forms.CharField(
        label="Times in order",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "class": "code"}),
        help_text="One a line: admitted_on before discharged_on.",
    )
    sheet = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        help_text="Of a workbook; empty for the one that has the declared names.",
    )
    header_row = forms.IntegerField(
        label="Row of the header",
        required=False,
        min_value=1,
        max_value=MAX_HEADER_ROW,
        help_text="1 unless said otherwise; rows above it are titles.",
    )
    separator = forms.ChoiceField(
        label="Fields of a text file are separated by",
        required=False,
        choices=list(SEPARATOR_WORDS.items()),
    )
    encoding = forms.ChoiceField(
        required=False,
        choices=[("", "UTF-8, or as the file says"), *((name, name) for name in ENCODINGS)],
    )
    notes = forms.ChoiceField(
        label="No case below",
        required=False,
        choices=[(notes.value, words) for notes, words in NOTES_WORDS.items()],
    )
    note = forms.CharField(max_length=300, help_text="What is changed, and why.")
    use_required_attribute = False

    def __init__(self, *args: Any, is_text: bool, has_note: bool, **kwargs: Any) -> None:
        """Ask for what the chosen way of writing columns needs.

        Args:
            *args: as of any form.
            is_text: the columns are written as text.
            has_note: the map follows another.
            **kwargs: as of any form.
        """
        super().__init__(*args, **kwargs)
        self.initial["editing"] = TEXT if is_text else TABLE
        if not is_text:
            del self.fields["columns"]
        if not has_note:
            del self.fields["note"]

    @property
    def keys(self) -> FieldGroup:
        """What names a row, and what dates it."""
        names = ["row_key", "date_column", "organization_columns"]
        return group(self, "What names a row, and what dates it", names)

    @property
    def ends(self) -> tuple[FieldGroup, ...]:
        """What is said once for all columns, and how the file is laid out."""
        return (
            group(
                self,
                "The same in every column",
                ["missing", "suppressed", "orders"],
                is_folded=True,
            ),
            group(
                self,
                "How the file is laid out",
                ["sheet", "header_row", "separator", "encoding", "notes"],
                is_folded=True,
            ),
        )

    def parts(self) -> dict[str, Any]:
        """Return the parts of a FeedSpec that stand here.

        Raises:
            SpecError: one of them cannot be; its part is the field.
        """
        given = self.cleaned_data
        level, key = DataLevel(given["level"]), tuple(given["row_key"].split())
        return {
            "level": level,
            "row_key": key,
            "case_key": "" if level is DataLevel.AGGREGATES else " ".join(key),
            "date_column": given["date_column"] or None,
            "orders": tuple(_orders(given["orders"])),
            "form": FileForm(
                separator=given["separator"],
                encoding=given["encoding"],
                sheet=given["sheet"],
                header_row=given["header_row"] or 1,
                notes=Notes(given["notes"]),
            ),
            **{name: read_texts(given[name]) for name in TEXTS},
        }


TEXTS = ("organization_columns", "missing", "suppressed")


def _orders(text: str) -> list[TimeOrder]:
    orders = []
    for number, line in enumerate(text.splitlines(), 1):
        earlier, sign, later = (part.strip() for part in line.partition(BEFORE))
        if line.strip() and not (earlier and sign and later):
            raise SpecError(
                f"Line {number}: write two columns, as admitted_on before discharged_on.",
                part="orders",
            )
        if line.strip():
            orders.append(TimeOrder(earlier, later))
    return orders


def initial_of(draft: Draft) -> dict[str, Any]:
    """Write a draft as the form shows it."""
    layout = asdict(draft.form)
    return {
        "level": draft.level.value,
        "row_key": " ".join(draft.row_key),
        "date_column": draft.date_column,
        "orders": "\n".join(f"{each.earlier}{BEFORE}{each.later}" for each in draft.orders),
        **{name: write_texts(getattr(draft, name), BAR) for name in TEXTS},
        **layout,
        "notes": draft.form.notes.value,
        "header_row": None if draft.form.header_row == 1 else draft.form.header_row,
    }


class ChangesForm(forms.Form):
    """Two versions of one map."""

    def __init__(self, *args: Any, versions: Sequence[int], **kwargs: Any) -> None:
        """Offer the versions in the order given."""
        super().__init__(*args, **kwargs)
        offered = [(version, f"Version {version}") for version in versions]
        for name, label in (("earlier", "From version"), ("later", "To version")):
            self.fields[name] = forms.TypedChoiceField(label=label, coerce=int, choices=offered)
