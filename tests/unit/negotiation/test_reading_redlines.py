"""A redline as it is read: what moved and from where, and what only counts anew."""

from dataclasses import replace

from agreements.drafting.document import Clause
from agreements.negotiation.redline_presenters import read_redline
from tests.unit.negotiation.papers import FIRST


def version(*clauses: Clause):
    return replace(
        FIRST, clauses=tuple(replace(each, number=n) for n, each in enumerate(clauses, 1))
    )


RECITALS, FEE, TERM, NOTICES = FIRST.clauses
FEE_LATER = replace(
    FEE, paragraphs=tuple(each.replace("Section 3", "Section 4") for each in FEE.paragraphs)
)


def test_a_clause_that_moved_says_from_where_and_its_old_place_where_it_stands():
    parts = read_redline(FIRST, version(RECITALS, NOTICES, FEE_LATER, TERM)).parts
    moved = next(part for part in parts if part.key == "notices" and part.place)
    left = next(part for part in parts if part.is_left)

    assert (moved.said, moved.number) == ("Moved", "4. → 2.")
    assert moved.where == "It stood as 4 after “Term”, and stands as 2 after “Recitals”."
    assert (left.number, left.title, left.target) == ("4.", "Notices", moved.place)
    assert [part.key for part in parts].index("term") < parts.index(left)


def test_other_numbers_of_the_same_clauses_are_told_from_changed_words():
    def said(fee: Clause, *clauses: Clause) -> str:
        changed = read_redline(FIRST, version(RECITALS, *clauses, fee, TERM, NOTICES)).changed
        return next(part.said for part in changed if part.key == "fixed-fee")

    audit = Clause("audit", 2, "Audit", ("Hospital may look.",))
    assert said(FEE_LATER, audit) == "Only numbers of other clauses"
    assert said(FEE_LATER) == "Changed"  # the same words, of another clause than before
    assert said(replace(FEE_LATER, heading="Fee"), audit) == "Changed"
