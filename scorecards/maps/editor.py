"""A map while it is edited: fields and columns checked as one, each problem in its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict

from comanage.values.canonical import sha256_of
from comanage.web.rows import Rows
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, SpecError, to_document
from scorecards.maps.column_rows import ColumnForm, ColumnRows, row_of
from scorecards.maps.drafts import Draft
from scorecards.maps.forms import TABLE, TEXT, MapForm, initial_of
from scorecards.maps.lines import read_lines, write_lines

PREFIX = "column"


class MapEditor:
    """The form of a map, with its columns as rows or as text.

    Attributes:
        spec: what was written, once `is_valid` has said yes.
        form: all but the columns, and the columns where they are text.
        rows: the columns where they are rows.
        is_text: whether the columns are text.
    """

    spec: FeedSpec

    def __init__(
        self,
        given: QueryDict | None = None,
        *,
        initial: dict[str, Any] | None = None,
        columns: Sequence[dict[str, Any]] = (),
        is_text: bool = False,
        has_note: bool = False,
    ) -> None:
        """Take what was sent, or show what to begin with.

        Args:
            given: as sent; None to begin.
            initial: of the form, when it begins.
            columns: of the rows, when they begin.
            is_text: whether the columns begin as text.
            has_note: whether the map follows another.
        """
        self._given, self._has_note = given, has_note
        self.is_text = is_text if given is None else given.get("editing", TEXT) != TABLE
        self.form = MapForm(given, initial=initial, is_text=self.is_text, has_note=has_note)
        in_rows = None if self.is_text else given
        self.rows = cast("Rows", ColumnRows(in_rows, prefix=PREFIX, initial=list(columns)))

    @classmethod
    def of(cls, draft: Draft, *, has_note: bool = False) -> MapEditor:
        """Begin with a draft."""
        columns = [row_of(each, draft.said.get(each.name, ())) for each in draft.columns]
        return cls(initial=initial_of(draft), columns=columns, has_note=has_note)

    @property
    def asks_back(self) -> bool:
        """Whether a button asks for the same page in another shape, and not to save."""
        return self._given is not None and bool({"turn", "more"} & self._given.keys())

    def again(self) -> MapEditor:
        """Show what was typed with room for more columns, or turned from rows to text or back.

        What cannot be turned stays as it is, with what is wrong.
        """
        columns = [typed(row) for row in self._rows_there() if row.has_changed()]
        is_text, more = self.is_text, {}
        if self._given is not None and "turn" in self._given:
            read = self._columns()
            if read is None:
                return self
            is_text = not self.is_text
            columns, more = [row_of(each) for each in read], {"columns": write_lines(read)}
        return MapEditor(
            initial=typed(self.form) | more,
            columns=columns,
            is_text=is_text,
            has_note=self._has_note,
        )

    def is_valid(self) -> bool:
        """Check every field, then the map as a whole."""
        if self._given is None:
            return False
        columns, is_valid = self._columns(), self.form.is_valid()
        if columns is None or not is_valid:
            return False
        try:
            self.spec = FeedSpec(columns=columns, **self.form.parts())
        except SpecError as wrong:
            self._complain(wrong)
            return False
        return True

    @property
    def level(self) -> DataLevel | None:
        """The level that was chosen, once `is_valid` was asked; None where none can be read."""
        level = getattr(self.form, "cleaned_data", {}).get("level")
        return DataLevel(level) if level else None

    def refuse(self, said: str) -> None:
        """Show why a rule refuses the map."""
        self.form.add_error(None, said)

    def mark_after(self, current: FeedSpec) -> str:
        """Return what stands for this change of this map, so that another one is shown anew."""
        return sha256_of([to_document(current), to_document(self.spec)])

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """List everything that is wrong: the id of the field, its label, the message."""
        return [
            *(("", "", str(said)) for said in self.form.non_field_errors()),
            *(("", "", str(said)) for said in self.rows.non_form_errors()),
            *_problems(self.form, ""),
            *(
                problem
                for row in self._rows_there()
                for problem in _problems(row, f"{row.named}: ")
            ),
        ]

    def live_problems(self) -> dict[str, list[str]]:
        """Return what is wrong by the id of its field; what is still to be filled in is not."""
        self.is_valid()
        forms_of_page = [self.form, *self._rows_there()]
        return {
            form[name].auto_id: said
            for form in forms_of_page
            for name, errors in form.errors.as_data().items()
            if name in form.fields
            and (said := [text for e in errors if e.code != "required" for text in e.messages])
        }

    def _rows_there(self) -> list[ColumnForm]:
        """Return the rows that were not removed; none where the columns are text."""
        return [] if self.is_text else [row for row in self.rows if not row["DELETE"].data]

    def _columns(self) -> tuple[FeedColumn, ...] | None:
        """Read the columns; None where one is wrong, which stands beside it."""
        if self.is_text:
            return self._columns_of_text()
        if not self.rows.is_valid():
            return None
        columns: list[FeedColumn | None] = []
        for row in self.rows.kept():
            columns.append(row.column({each.name for each in columns if each is not None}))
        read = tuple(each for each in columns if each is not None)
        return read if len(read) == len(columns) else None

    def _columns_of_text(self) -> tuple[FeedColumn, ...] | None:
        self.form.full_clean()
        text = self.form.cleaned_data.get("columns")
        try:
            return None if text is None else read_lines(text)
        except SpecError as wrong:
            self.form.add_error("columns", str(wrong))
            return None

    def _complain(self, wrong: SpecError) -> None:
        """Show what is wrong with the whole beside the column or the field that it is about."""
        if wrong.column and not self.is_text:
            rows = [row for row in self.rows.kept() if _is_of(row, wrong)]
            if rows:
                rows[-1].complain(wrong)
                return
        part = "columns" if wrong.column else wrong.part
        self.form.add_error(part if part in self.form.fields else None, str(wrong))


def typed(form: forms.Form) -> dict[str, Any]:
    """Return what was typed, as a form that begins with it shows it."""
    return {name: form[name].data for name in form.fields}


def _is_of(row: ColumnForm, wrong: SpecError) -> bool:
    return wrong.column in (row.cleaned_data["name"], row.cleaned_data["name_in_file"])


def _problems(form: forms.Form, lead: str) -> Iterator[tuple[str, str, str]]:
    for field in form:
        for said in field.errors:
            yield field.id_for_label or field.auto_id, f"{lead}{field.label}", str(said)
