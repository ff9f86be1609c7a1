"""Counting the strata of a scorecard from the slices that it counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agreements.terms.models import MeasurementYear
from comanage.web.errors import PolicyError
from indicators.measure.columns import ColumnType
from indicators.measure.criteria.tree import AnotherCase, ColumnValue, walk
from indicators.measure.definition import Definition
from scorecards.cards.engine import definitions_of, scope_of
from scorecards.cards.loading import read_all
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import slices_counted
from scorecards.intake.spec import FeedColumn, FeedSpec
from scorecards.strata.counting import MOST_STRATA, Strata, TooManyStrata, count_strata


@dataclass(frozen=True, slots=True)
class Asked:
    """An indicator of the terms, and the column to tell its cases apart by."""

    agreed: Mapping[str, Any]
    column: str


def columns_to_choose(spec: FeedSpec, terms: Mapping[str, Any]) -> list[FeedColumn]:
    """List the code columns of a feed, less those that name a case or a patient, or an outcome."""
    names = {spec.case_key, *_patient_columns(terms), *_outcome_columns(terms)}
    return [
        column
        for column in spec.columns
        if column.type is ColumnType.CODE and column.name not in names
    ]


def _patient_columns(terms: Mapping[str, Any]) -> set[str]:
    """Name the columns by which indicators find other cases of the same patient."""
    return {
        part.key.name
        for definition in definitions_of(terms).values()
        for criterion in definition.criteria.values()
        for part, _ in walk(criterion)
        if isinstance(part, AnotherCase) and isinstance(part.key, ColumnValue)
    }


def _outcome_columns(terms: Mapping[str, Any]) -> set[str]:
    """Name the columns by which indicators tell whether a case is met: by them, all or none is."""
    return {
        part.name
        for definition in definitions_of(terms).values()
        if "numerator" in definition.criteria
        for part, _ in walk(definition.criteria["numerator"])
        if isinstance(part, ColumnValue)
    }


def strata_of(*, year: MeasurementYear, card: Scorecard, asked: Asked) -> Strata:
    """Count an indicator of a scorecard by a column, in one query and one pass over the slices.

    Raises:
        PolicyError: there are no cases, too many cases or too many strata, or a slice lacks
            the column.
    """
    definition = Definition.from_document(asked.agreed["definition"])
    cases = read_all(slices_counted(card), [*definition.columns_by_name, asked.column])
    scope = scope_of(year.terms or {}, definition)
    found = count_strata(definition, cases, asked.column, scope)
    if isinstance(found, TooManyStrata):
        raise PolicyError(
            f"The column tells {found.found:,} values apart; at most {MOST_STRATA:,} are listed. "
            f"Choose a column with fewer."
        )
    return found
