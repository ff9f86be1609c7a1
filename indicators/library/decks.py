"""The test deck of a definition on screen: where each example must stand, and where it stands."""

from dataclasses import dataclass

from indicators.library.vocabulary import PLACEMENTS, spoken
from indicators.measure.columns import CasesError
from indicators.measure.deck import run_deck
from indicators.measure.definition import Definition
from indicators.measure.definition_document import DeckCase


@dataclass(frozen=True, slots=True)
class DeckRow:
    """One example: its values by the columns' labels, and its outcome in words."""

    name: str
    values: tuple[tuple[str, str], ...]
    expected: str
    found: str
    passes: bool


@dataclass(frozen=True, slots=True)
class DeckReading:
    """The whole deck; `problem` says why it could not be run."""

    rows: tuple[DeckRow, ...]
    problem: str = ""

    @property
    def passed(self) -> int:
        """How many examples stand where they must."""
        return sum(row.passes for row in self.rows)

    @property
    def holds(self) -> bool:
        """Whether the deck was run and every example stands where it must."""
        return not self.problem and self.passed == len(self.rows)


def read_deck(definition: Definition) -> DeckReading:
    """Run the deck and write it down, in its own order."""
    problem, found = "", {}
    if not definition.is_executable:
        problem = "The definition is not executable here, so its examples were not run."
    else:
        try:
            failures = run_deck(definition)
            found = {(failure.name, failure.expected): failure.found for failure in failures}
        except CasesError as wrong:
            problem = str(wrong)
    return DeckReading(
        tuple(_row(definition, example, found, problem) for example in definition.deck), problem
    )


def _row(
    definition: Definition, example: DeckCase, found: dict[tuple[str, str], str], problem: str
) -> DeckRow:
    labels = {column.name: column.label for column in definition.columns}
    got = "" if problem else found.get((example.name, example.expected), example.expected)
    return DeckRow(
        name=example.name,
        values=tuple(
            (labels[name], "missing" if value is None else value)
            for name, value in example.case.items()
        ),
        expected=spoken(PLACEMENTS, example.expected),
        found=spoken(PLACEMENTS, got) if got else "Not run",
        passes=got == example.expected,
    )
