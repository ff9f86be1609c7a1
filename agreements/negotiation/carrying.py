"""Carrying an agreed change of a printed clause over to the draft. Pure.

The draft may have moved on since the version that a proposal is about. Its terms then no longer
matter here, only its wording: the clause is printed once more with the figures and numbers of that
version, and must read as it did there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agreements.drafting.compose import Template, new_key, templates_of
from agreements.drafting.document import AgreementDocument, Clause
from agreements.drafting.facts import Change, Draft
from agreements.drafting.placeholders import values_of
from agreements.negotiation.unfilling import Filling, unfilled_paragraphs
from agreements.negotiation.word_changes import ADD, MOVE, OMIT, Edit


class StaleError(ValueError):
    """The clause reads otherwise by now, or is gone."""

    def __init__(self, heading: str) -> None:
        super().__init__(
            f"“{heading}” was changed since the version that the proposal is about. Propose it "
            f"anew from the newest version."
        )


def change_of(edit: Edit, version: AgreementDocument, draft: Draft) -> Change:
    """Write a proposed edit as a change of the draft.

    Args:
        edit: of a clause as the version prints it.
        version: that the edit is about.
        draft: as it stands now.

    Raises:
        StaleError: the clause reads otherwise by now.
        FilledInError: the edit changes what is filled in from the terms.
    """
    then = replace(
        draft,
        facts=draft.facts.counting(version.days),
        comment_days=version.days.get("comment_days", draft.comment_days),
        terms=version.terms,
    )
    templates = {each.key: each for each in templates_of(then)}
    if edit.kind == ADD:
        if edit.after not in templates:
            raise StaleError(_heading(version, edit.after))
        key = new_key(edit.heading, taken=[change.key for change in draft.changes])
        return Change(key, ADD, edit.heading, _text(edit.paragraphs), edit.after)
    if edit.kind == MOVE:
        for key in (edit.key, edit.after):
            if key not in templates:
                raise StaleError(_heading(version, key))
        return Change(edit.key, MOVE, after=edit.after)
    filling = Filling(values_of(then), sections_of(version))
    template = templates.get(edit.key)
    if template is None or not _reads_as(template, version.clause(edit.key), filling):
        raise StaleError(_heading(version, edit.key))
    is_added = template.change is not None and template.change.kind == ADD
    if edit.kind == OMIT:
        return Change(edit.key, "restore" if is_added else OMIT)
    paragraphs = unfilled_paragraphs(template.paragraphs, edit.paragraphs, filling)
    after = template.change.after if is_added and template.change else ""
    return Change(edit.key, ADD if is_added else edit.kind, edit.heading, _text(paragraphs), after)


def sections_of(version: AgreementDocument) -> dict[str, str]:
    """Name each clause of a version as others refer to it."""
    return {clause.key: f"Section {clause.number}" for clause in version.clauses}


def _reads_as(template: Template, clause: Clause | None, filling: Filling) -> bool:
    printed = (template.heading, tuple(map(filling.fill, template.paragraphs)))
    return clause is not None and printed == (clause.heading, clause.paragraphs)


def _heading(version: AgreementDocument, key: str) -> str:
    clause = version.clause(key)
    return clause.heading if clause else "The clause"


def _text(paragraphs: Sequence[str]) -> str:
    return "\n\n".join(paragraphs)
