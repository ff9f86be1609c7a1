"""What a Word file that came back changes, held against the file that went out. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from agreements.drafting.document import AgreementDocument, Clause
from agreements.negotiation.comparison import counted, likeness
from agreements.negotiation.redline import FRONT, exhibit_key, moved_keys
from agreements.negotiation.word_comments import Heard, Said, heard
from agreements.negotiation.word_in import (
    LONGEST_CLAUSE,
    LONGEST_HEADING,
    ReadClause,
    WordReading,
)
from agreements.negotiation.word_marks import EXHIBIT, clause_mark, exhibit_mark

REPLACE, OMIT, ADD, MOVE = "replace", "omit", "add", "move"


@dataclass(frozen=True, slots=True)
class Edit:
    """One difference, as a change of a clause.

    Attributes:
        key: of the clause; empty for one that is added.
        after: the key of the clause that an added or moved one follows.
    """

    kind: str
    key: str
    heading: str = ""
    paragraphs: tuple[str, ...] = ()
    after: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment of the file: the clause it is about, who wrote it there, and what it says."""

    key: str
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a file brings.

    Attributes:
        refused: one sentence for each difference that is not taken.
    """

    edits: tuple[Edit, ...]
    remarks: tuple[Remark, ...]
    refused: tuple[str, ...]


def changes_in(
    came: WordReading,
    went: WordReading,
    document: AgreementDocument,
    said: Iterable[Said] = (),
) -> Returned:
    """Compare a file with the one that went out.

    Args:
        came: as it was sent back.
        went: as it was given out, read alike.
        document: the version it was made from.
        said: comments on the version that are known already.
    """
    keys = _keys(came.parts, document)
    held = dict(zip(keys, came.parts, strict=True))
    moves = list(_moved(keys, document))
    edits = [
        *_edited(keys, came.parts, went, document),
        *_omitted(held, document),
        *(each for each in moves if each.after),
    ]
    refused = [*_generated(held, went, document), *_unplaced(moves, document)]
    taken = []
    for edit in edits:
        why = _too_long(edit)
        if why:
            refused.append(why)
        else:
            taken.append(edit)
    known = heard(said) | _printed(went, _keys(went.parts, document))
    return Returned(tuple(taken), tuple(_unheard(came, keys, known)), tuple(refused))


def _unheard(came: WordReading, keys: Sequence[str], known: Heard) -> Iterator[Remark]:
    """Give the comments that nobody has made yet."""
    for each in came.comments:
        key = _nearest(keys, each.part)
        if not {(each.author, each.text, key), (each.author, each.text, each.at)} & known:
            yield Remark(key, each.author, each.text)


def _printed(went: WordReading, keys: Sequence[str]) -> Heard:
    """Say by what the comments are known that the file itself went out with."""
    return {
        (each.author, each.text, known)
        for each in went.comments
        for known in (keys[each.part], each.at)
    }


def _marks(document: AgreementDocument) -> dict[str, str]:
    clauses = {clause_mark(each.key): each.key for each in document.clauses}
    exhibits = {exhibit_mark(each.letter): exhibit_key(each) for each in document.exhibits}
    return {FRONT: FRONT} | clauses | exhibits


def _keys(parts: Sequence[ReadClause], document: AgreementDocument) -> list[str]:
    """Say which part is which; one that no clause of the version is alike gets a key of its own."""
    marks = _marks(document)
    keys = [marks.get(part.mark, "") for part in parts]
    missing = {
        each: counted(" ".join(each.paragraphs))
        for each in document.clauses
        if each.key not in keys
    }
    for place, part in enumerate(parts):
        if keys[place]:
            continue
        # Word loses a bookmark when its words are typed over without tracking.
        alike = _alike(part, missing)
        keys[place] = alike.key if alike else f"new {place}"
        missing = {each: words for each, words in missing.items() if each is not alike}
    return keys


def _alike(part: ReadClause, missing: Mapping[Clause, Counter[str]]) -> Clause | None:
    """Find the first clause that a part has the heading or half of the words of."""
    said = counted(" ".join(part.paragraphs))
    return next(
        (
            each
            for each, words in missing.items()
            if each.heading == part.heading or likeness(words, said)
        ),
        None,
    )


def _edited(
    keys: Sequence[str],
    parts: Sequence[ReadClause],
    went: WordReading,
    document: AgreementDocument,
) -> Iterator[Edit]:
    """Give the clauses that read otherwise, and those that are new."""
    before = dict(zip(_keys(went.parts, document), went.parts, strict=True))
    clauses = {each.key for each in document.clauses}
    for place, (key, part) in enumerate(zip(keys, parts, strict=True)):
        if key in clauses:
            was = before[key]
            heading = part.heading or was.heading
            if (heading, part.paragraphs) != (was.heading, was.paragraphs):
                yield _edit(key, heading, part.paragraphs)
        elif key.startswith("new "):
            after = next((each for each in reversed(keys[:place]) if each in clauses), "")
            yield Edit(ADD, "", part.heading, part.paragraphs, after)


def _edit(key: str, heading: str, paragraphs: tuple[str, ...]) -> Edit:
    """A clause without words is one that is left out."""
    return Edit(REPLACE, key, heading, paragraphs) if paragraphs else Edit(OMIT, key)


def _omitted(held: Mapping[str, ReadClause], document: AgreementDocument) -> Iterator[Edit]:
    return (Edit(OMIT, each.key) for each in document.clauses if each.key not in held)


def _generated(
    held: Mapping[str, ReadClause], went: WordReading, document: AgreementDocument
) -> Iterator[str]:
    """Refuse edits of what is printed from the terms and the parties."""
    names = {exhibit_key(each): each.name for each in document.exhibits}
    for key, was in zip(_keys(went.parts, document), went.parts, strict=True):
        now = held.get(key)
        is_same = now and (now.heading, now.paragraphs) == (was.heading, was.paragraphs)
        if is_same or not (key == FRONT or was.mark.startswith(EXHIBIT)):
            continue
        if key == FRONT:
            yield (
                "What stands before the first clause is printed from the agreement's parties and "
                "term. Have it changed there: the edit was not taken."
            )
        else:
            yield (
                f"{names[key]} is printed from the terms, so that paper and calculation cannot "
                f"differ. Have the terms changed: the edit was not taken."
            )


def _moved(keys: Sequence[str], document: AgreementDocument) -> Iterator[Edit]:
    """Give the clauses that stand elsewhere, the fewest that explain the order."""
    clauses = [each.key for each in document.clauses]
    now = [key for key in keys if key in set(clauses)]
    moved = moved_keys(now, clauses)
    for before, key in pairwise(["", *now]):
        if key in moved:
            yield Edit(MOVE, key, after=before)


def _unplaced(moves: Iterable[Edit], document: AgreementDocument) -> Iterator[str]:
    headings = {each.key: each.heading for each in document.clauses}
    for each in moves:
        if not each.after:
            yield (
                f"“{headings[each.key]}” stands before every other clause. Its new place was not "
                f"taken: a clause moves to stand after another one."
            )


def _too_long(edit: Edit) -> str:
    text = "\n\n".join(edit.paragraphs)
    if edit.kind == ADD and not (edit.after and edit.paragraphs):
        return (
            f"“{edit.heading[:LONGEST_HEADING]}” is a new clause without words, or it stands "
            f"before every other. It was not taken: give it words and a place after another clause."
        )
    if len(text) > LONGEST_CLAUSE or len(edit.heading) > LONGEST_HEADING:
        return (
            f"“{edit.heading[:LONGEST_HEADING]}” is longer than a clause may be "
            f"({LONGEST_CLAUSE:,} characters, {LONGEST_HEADING} in its heading). It was not taken."
        )
    return ""


def _nearest(keys: Sequence[str], place: int) -> str:
    """Return the key that a comment stands at; for a new clause, of the one before it."""
    return next(key for key in reversed(keys[: place + 1]) if not key.startswith("new "))
