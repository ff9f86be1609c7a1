"""A map while it is written: what stands in the editor, whole or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from scorecards.intake.propose import Proposal, ProposedColumn, column_name
from scorecards.intake.spec import DataLevel, FeedColumn, FeedSpec, FileForm, TimeOrder
from scorecards.intake.spec_files import PLAIN_FORM

ABSENT = "The sample does not have it."


@dataclass(frozen=True, slots=True)
class Draft:
    """What an editor of a map begins with; the parts are those of a FeedSpec.

    Attributes:
        said: why a column is proposed as it is, under its name.
    """

    columns: tuple[FeedColumn, ...] = ()
    level: DataLevel = DataLevel.CODED_CASES
    row_key: tuple[str, ...] = ()
    date_column: str = ""
    organization_columns: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    suppressed: tuple[str, ...] = ()
    orders: tuple[TimeOrder, ...] = ()
    form: FileForm = PLAIN_FORM
    said: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def of_spec(spec: FeedSpec) -> Draft:
    """Begin with the map that holds."""
    return Draft(
        columns=spec.columns,
        level=spec.level,
        row_key=spec.row_key,
        date_column=spec.date_column or "",
        organization_columns=spec.organization_columns,
        missing=spec.missing,
        suppressed=spec.suppressed,
        orders=spec.orders,
        form=spec.form,
    )


def of_proposal(proposal: Proposal) -> Draft:
    """Begin with what a sample suggests."""
    key = (proposal.case_key,) if proposal.case_key else ()
    return Draft(
        columns=tuple(each.column for each in proposal.columns),
        level=proposal.level,
        row_key=proposal.row_key or key,
        date_column=proposal.date_column,
        organization_columns=proposal.organization_columns,
        form=proposal.form,
        said={each.column.name: each.said for each in proposal.columns},
    )


def after(current: FeedSpec, proposal: Proposal) -> Draft:
    """Begin with the map that holds, and add what a sample has beside it.

    What is declared stays as it is declared: a sample of one month knows less of it.

    Args:
        current: the map that holds.
        proposal: what the sample suggests.
    """
    declared = {column.name_in_file for column in current.columns}
    taken = {column.name for column in current.columns}
    added = []
    for each in proposal.columns:
        if each.column.name_in_file not in declared:
            added.append(_renamed(each, taken))
            taken.add(added[-1].column.name)
    in_sample = {each.column.name_in_file for each in proposal.columns}
    absent = [c.name for c in current.columns if c.name_in_file not in in_sample]
    return replace(
        of_spec(current),
        columns=(*current.columns, *(each.column for each in added)),
        form=replace(current.form, header_row=proposal.form.header_row),
        said=dict.fromkeys(absent, (ABSENT,))
        | {each.column.name: ("New in the sample.", *each.said) for each in added},
    )


def _renamed(proposed: ProposedColumn, taken: set[str]) -> ProposedColumn:
    """Give a proposed column a name that no declared one has."""
    name = column_name(proposed.column.name_in_file, taken)
    return replace(proposed, column=replace(proposed.column, name=name))
