"""What the pages of the library show of a definition, ready to print."""

from dataclasses import dataclass
from datetime import date

from indicators.library.cards import Fact, Standing, benchmark_card, governance_card, standings
from indicators.library.decks import DeckReading, read_deck
from indicators.library.models import Indicator, IndicatorVersion
from indicators.library.vocabulary import (
    COLUMN_TYPES,
    DOMAINS,
    IMPROVEMENTS,
    SCORINGS,
    SERVICE_LINES,
    spoken,
)
from indicators.library.wording import Part, definition_in_words, result_in_words
from indicators.measure.columns import Column
from indicators.measure.criteria.dialects import DialectName
from indicators.measure.definition import Definition
from indicators.measure.sql import select_statement

TABLE = "cases"
_DIALECTS: tuple[tuple[str, DialectName], ...] = (
    ("PostgreSQL", "postgresql"),
    ("DuckDB", "duckdb"),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator in a list.

    Attributes:
        definition: what it says.
        indicator: the hospital's own; None for a standard one that is not adopted.
        version: the version listed; None in the catalogue.
    """

    definition: Definition
    indicator: Indicator | None
    version: IndicatorVersion | None = None

    @property
    def scoring(self) -> str:
        """How it is scored."""
        return spoken(SCORINGS, self.definition.scoring)

    @property
    def improvement(self) -> str:
        """In what it is printed, and which direction is better."""
        better = spoken(IMPROVEMENTS, self.definition.improvement)
        return f"{self.definition.unit}, {better.lower()}"

    @property
    def service_line(self) -> str:
        """Whom it is for."""
        code = self.definition.governance.get("service_line", "")
        return spoken(SERVICE_LINES, code) if code else "Not said"

    @property
    def domain(self) -> str:
        """What it is about."""
        code = self.definition.governance.get("domain", "")
        return spoken(DOMAINS, code) if code else "Not said"

    @property
    def standings(self) -> list[Standing]:
        """What a reader must know before choosing it."""
        return standings(self.definition)


@dataclass(frozen=True, slots=True)
class DefinitionPage:
    """Everything that a page shows of one definition."""

    result: str
    improvement: str
    parts: list[Part]
    standings: list[Standing]
    card: list[Fact]
    benchmark: list[Fact]
    deck: DeckReading
    columns: list[tuple[Column, str]]
    statements: list[tuple[str, str]]


def definition_page(definition: Definition, *, today: date) -> DefinitionPage:
    """Read a definition for its page; its deck is run."""
    return DefinitionPage(
        result=result_in_words(definition),
        improvement=f"{spoken(IMPROVEMENTS, definition.improvement)}.",
        parts=definition_in_words(definition),
        standings=standings(definition),
        card=governance_card(definition, today=today),
        benchmark=benchmark_card(definition),
        deck=read_deck(definition),
        columns=[(column, spoken(COLUMN_TYPES, column.type)) for column in definition.columns],
        statements=_statements(definition),
    )


def _statements(definition: Definition) -> list[tuple[str, str]]:
    if not definition.is_executable:
        return []
    return [(name, select_statement(definition, TABLE, dialect)) for name, dialect in _DIALECTS]
