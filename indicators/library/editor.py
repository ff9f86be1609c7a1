"""A definition while it is written: fields and rows checked as one, each problem in its place."""

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from django.http import QueryDict

from comanage.web.errors import PolicyError
from comanage.web.rows import Rows
from indicators.library.forms import DefinitionForm, Section
from indicators.library.policies import DeckRefusedError
from indicators.library.row_forms import (
    EMPTY_ROWS,
    ColumnRows,
    ExampleRows,
    example_initial,
)
from indicators.library.vocabulary import OPERATORS as OPERATOR_WORDS
from indicators.measure.columns import CasesError
from indicators.measure.criteria_tree import OPERATORS
from indicators.measure.deck import deck_table
from indicators.measure.definition import Definition, DefinitionError, Problem

_ROW = re.compile(r"(columns|deck)\[(\d+)\]")
NEW: Mapping[str, Any] = {"scoring": "proportion", "improvement": "increase", "unit": "percent"}


class Editor:
    """The form, the columns and the test deck of one definition.

    Attributes:
        definition: what was written, once `is_valid` has said yes.
    """

    definition: Definition

    def __init__(
        self, given: QueryDict | None, *, document: Mapping[str, Any], is_new: bool
    ) -> None:
        """Show a document, or take what was sent in its place."""
        self._document = document
        self.is_new = is_new
        given = _with_more_rows(given) if given else None
        self.asks_for_rows = given is not None and "more" in given
        self.form = DefinitionForm(given, document=document, is_new=is_new)
        columns = document.get("columns", [])
        examples = [example_initial(row) for row in document.get("deck", [])]
        self.columns = cast("Rows", ColumnRows(given, prefix="columns", initial=columns))
        self.examples = cast("Rows", ExampleRows(given, prefix="deck", initial=examples))

    @property
    def sections(self) -> list[Section]:
        """The fields under their headings."""
        return list(self.form.sections)

    @property
    def operators(self) -> str:
        """What may be asked of a column, by its type, as JSON for the builder of conditions."""
        return json.dumps(
            {
                column_type.value: [(operator, OPERATOR_WORDS[operator]) for operator in operators]
                for column_type, operators in OPERATORS.items()
            }
        )

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """List everything that is wrong: the id of the field, its label, the message."""
        if not self.form.is_bound or self.asks_for_rows:
            return []
        forms = [
            (self.form, ""),
            *((row, f"Column {place}: ") for place, row in enumerate(self.columns, start=1)),
            *((row, f"Example {place}: ") for place, row in enumerate(self.examples, start=1)),
        ]
        return [
            *(("", "", str(message)) for message in self._loose_messages()),
            *(
                (field.id_for_label or "", f"{lead}{field.label}", str(message))
                for form, lead in forms
                for field in form
                for message in field.errors
            ),
        ]

    def _loose_messages(self) -> list[str]:
        return [
            *self.form.non_field_errors(),
            *self.columns.non_form_errors(),
            *self.examples.non_form_errors(),
        ]

    def is_valid(self) -> bool:
        """Check every field, then the whole definition; each problem stands beside its field."""
        if not self.form.is_bound or self.asks_for_rows:
            return False
        each = [self.form.is_valid(), self.columns.is_valid(), self.examples.is_valid()]
        return all(each) and self._reads()

    def refuse(self, broken: PolicyError) -> None:
        """Show why the library refuses; a failing example stands beside its row."""
        if not isinstance(broken, DeckRefusedError):
            self.form.add_error(None, str(broken))
            return
        self.form.add_error(None, "The test deck does not hold, so nothing was saved.")
        for failure in broken.failures:
            for row in self.examples.kept():
                said = (row.cleaned_data.get("name"), row.cleaned_data.get("expected"))
                if said == (failure.name, failure.expected):
                    row.add_error("expected", str(failure))

    def _reads(self) -> bool:
        document = self._written()
        try:
            self.definition = Definition.from_document(document)
        except DefinitionError as wrong:
            for problem in wrong.problems:
                self._show(problem)
            return False
        return self._examples_fit()

    def _written(self) -> dict[str, Any]:
        return {
            **{
                name: self._document[name] for name in ("slug", "foreign") if name in self._document
            },
            **self.form.as_document(),
            "columns": [row.as_document() for row in self.columns.kept()],
            "deck": [row.as_document() for row in self.examples.kept()],
        }

    def _show(self, problem: Problem) -> None:
        row = _ROW.fullmatch(problem.place)
        if row is None:
            self.form.show(problem)
            return
        rows, field = (self.columns, "name") if row[1] == "columns" else (self.examples, "case")
        kept = rows.kept()[int(row[2])]
        kept.add_error(field, problem.message)

    def _examples_fit(self) -> bool:
        """Find values that their column cannot hold, example by example."""
        for row, example in zip(self.examples.kept(), self.definition.deck, strict=True):
            try:
                deck_table(self.definition.columns, (example,))
            except CasesError as wrong:
                row.add_error("case", str(wrong))
        return all(row.is_valid() for row in self.examples.kept())


def _with_more_rows(given: QueryDict) -> QueryDict:
    """Make room for more rows where the button that asks for them was pressed."""
    prefix = given.get("more", "")
    if prefix not in ("columns", "deck"):
        return given
    more = given.copy()
    total = more.get(f"{prefix}-TOTAL_FORMS", "0")
    more[f"{prefix}-TOTAL_FORMS"] = str(int(total) + EMPTY_ROWS if total.isdecimal() else 0)
    return more
