"""An agreement composed: the standard's clauses, the program's changes, exhibits, anchors. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from django.utils.text import slugify

from agreements.drafting.anchors import amounts_of, anchors_in
from agreements.drafting.clauses import STANDARD, StandardClause, standard_clauses
from agreements.drafting.conditions import hold
from agreements.drafting.document import AgreementDocument, Clause, Party, relettered
from agreements.drafting.exhibits import exhibits_of
from agreements.drafting.facts import ROLES, Change, Draft
from agreements.drafting.ordering import MOVE, order_of
from agreements.drafting.placeholders import (
    PLACEHOLDERS,
    fill,
    names_in,
    sections_in,
    unknown_in,
    values_of,
)
from agreements.drafting.words import iso_period
from comanage.values.period import day_text

LONGEST_KEY = 50
_PARAGRAPHS = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Template:
    """A clause before its places are filled: from the standard, or as the program wrote it.

    Attributes:
        change: what the program did to it; None for a clause as in the standard.
    """

    key: str
    heading: str
    paragraphs: tuple[str, ...]
    change: Change | None = None

    @property
    def text(self) -> str:
        """Its paragraphs as they are typed, apart by an empty line."""
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True)
class Composition:
    """A composed agreement with what whoever drafts must know.

    Attributes:
        warnings: a version can be made all the same.
        problems: no version can be made before they are gone.
    """

    document: AgreementDocument
    warnings: tuple[str, ...]
    problems: tuple[str, ...]


def compose(draft: Draft) -> Composition:
    """Print an agreement from what it is made of; the same draft makes the same document."""
    templates = tuple(templates_of(draft))
    values = values_of(draft)
    sections = {each.key: f"Section {place}" for place, each in enumerate(templates, 1)}
    facts, period = draft.facts, draft.facts.term
    document = AgreementDocument(
        title=facts.title,
        begins_on=period.start.isoformat(),
        ends_on=period.end.isoformat(),
        state=facts.state,
        parties=_parties(draft),
        clauses=tuple(
            Clause(
                each.key,
                place,
                each.heading,
                tuple(fill(text, values=values, sections=sections) for text in each.paragraphs),
            )
            for place, each in enumerate(templates, 1)
        ),
        exhibits=exhibits_of(draft),
        anchors=anchors_in(draft.terms),
        standard=STANDARD,
        terms=draft.terms,
        days={
            **{name: days for name, days in facts.counted.items() if name in _named(templates)},
            "comment_days": draft.comment_days,  # Exhibit F prints them whatever a clause says
        },
    )
    return Composition(
        document,
        warnings=tuple(_warnings(draft)),
        problems=(
            *_outlasting(draft),
            *_unfilled(templates, values, sections),
            *_unanchored(document),
            *_unsaid(draft, templates),
        ),
    )


def templates_of(draft: Draft) -> Iterator[Template]:
    """Give the clauses in their order, with the program's changes, before they are filled."""
    standard = {clause.key: clause for clause in standard_clauses()}
    changes = {each.key: each for each in draft.changes if each.kind not in {"restore", MOVE}}
    for key in order_of(standard, draft.changes):
        changed, clause = changes.get(key), standard.get(key)
        if changed is not None and changed.kind != "omit":
            yield written_anew(changed)
        elif changed is None and clause is not None and applies(clause, draft):
            yield as_in_the_standard(clause, draft)


def applies(clause: StandardClause, draft: Draft) -> bool:
    """Say whether the standard prints a clause for these terms."""
    return hold(draft, when=clause.when, unless=clause.unless)


def as_in_the_standard(clause: StandardClause, draft: Draft) -> Template:
    """Give a clause of the standard with the paragraphs that fit the terms."""
    paragraphs = (
        each.text for each in clause.paragraphs if hold(draft, when=each.when, unless=each.unless)
    )
    return Template(clause.key, clause.heading, tuple(relettered(paragraphs)))


def written_anew(change: Change) -> Template:
    """Give a clause as the program wrote it."""
    return Template(change.key, change.heading, paragraphs_of(change.text), change)


def paragraphs_of(text: str) -> tuple[str, ...]:
    """Part a typed text at its empty lines; an item on a line of its own is a paragraph too."""
    parts = _PARAGRAPHS.split(text.replace("\r\n", "\n").strip())
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def _parties(draft: Draft) -> tuple[Party, ...]:
    group = draft.terms["program"]["group"]
    about = {
        "co_management": "the company of physicians that manages the service line with it",
        "psa": "the practice of physicians that provides professional services",
        "employment": "the employed physicians named in Exhibit D, who act through it here",
    }[draft.model]
    facts = draft.facts
    return (
        Party("Hospital", facts.hospital, owner_of(facts.facility), facts.hospital_address),
        Party(ROLES[draft.model], group, about, facts.physicians_address),
    )


def owner_of(facility: str) -> str:
    """Say what the hospital is to a facility, as its party is described."""
    return f"which owns and operates {facility}"


def _warnings(draft: Draft) -> Iterator[str]:
    omitted = {change.key for change in draft.changes if change.kind == "omit"}
    for clause in standard_clauses():
        if clause.key in omitted and clause.is_mandatory and applies(clause, draft):
            yield f"“{clause.heading}” is left out, and should not be. {clause.why}"


def _outlasting(draft: Draft) -> Iterator[str]:
    """Find a first year that goes on after an agreement which itself does not."""
    year, term = iso_period(draft.terms["period"]), draft.facts.term
    if year.end > term.end and draft.facts.renewal == "none":
        yield (
            f"The first measurement year runs to {day_text(year.last)}, and the agreement ends on "
            f"{day_text(term.last)}. Move the days of the draft, or choose a longer term."
        )


def _unfilled(
    templates: Sequence[Template], values: Mapping[str, str], sections: Mapping[str, str]
) -> Iterator[str]:
    for each in templates:
        yield from unfilled(each, values, sections)


def unfilled(
    template: Template, values: Mapping[str, str], sections: Iterable[str]
) -> Iterator[str]:
    """Say what of a clause has nothing to be filled with."""
    known = set(sections)
    for name in sorted(set(names_in(template.text)) - values.keys()):
        if not name.startswith("section:"):
            yield (
                f"“{template.heading}” names {{{name}}}, which these terms have no value for. "
                f"Write the clause without it, or agree on it in the terms."
            )
    for key in sorted(sections_in(template.text) - known):
        yield (
            f"“{template.heading}” refers to the clause “{key}”, which is not in this agreement. "
            f"Write it without the reference, or put that clause back."
        )


def _unanchored(document: AgreementDocument) -> Iterator[str]:
    """Find dollars whose clause is not there."""
    keys = {clause.key for clause in document.clauses}
    for key in sorted({anchor.clause for anchor in document.anchors} - keys):
        labels = ", ".join(each.label.lower() for each in document.anchored_in(key)[:1])
        yield (
            f"The terms make dollars ({labels}) that rest on the clause “{key}”, which is left "
            f"out. Put it back, or write it anew."
        )


def _unsaid(draft: Draft, templates: Sequence[Template]) -> Iterator[str]:
    """Find days that the register would count by, and no clause says."""
    for name in sorted(draft.facts.counted.keys() - _named(templates)):
        about = PLACEHOLDERS[name]
        yield (
            f"No clause says {about[:1].lower()}{about[1:]}, which the register and the calendar "
            f"count by. Write them into a clause as {{{name}}}."
        )


def _named(templates: Iterable[Template]) -> set[str]:
    return {name for each in templates for name in names_in(each.text)}


def new_key(heading: str, *, taken: Iterable[str]) -> str:
    """Make the key of a clause that is added, of its heading; another one where it is taken."""
    plain = slugify(heading)[:LONGEST_KEY] or "clause"
    used = {*taken, *(clause.key for clause in standard_clauses())}
    numbered_keys = (f"{plain}-{number}" for number in count(2))
    return next(key for key in chain([plain], numbered_keys) if key not in used)


def rests_on(key: str, draft: Draft) -> bool:
    """Say whether dollars of the terms rest on a clause."""
    return bool(amounts_of(key)) and any(each.clause == key for each in anchors_in(draft.terms))


def problems_of(text: str, *, keys: Iterable[str]) -> list[str]:
    """List what a typed clause has in braces that nobody can fill."""
    return unknown_in(text, keys=set(keys))
