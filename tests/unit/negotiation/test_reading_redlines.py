"""A redline as it is read: what moved and from where, and what only counts anew."""

from dataclasses import replace

from agreements.drafting.document import Clause, Exhibit, Paragraph, Table
from agreements.negotiation.comparison import accepted, rejected
from agreements.negotiation.redline_presenters import read_redline
from tests.unit.negotiation.papers import FIRST, SECOND


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


def test_a_clause_that_is_gone_keeps_the_numbers_it_had():
    changed = {part.key: part for part in read_redline(FIRST, SECOND).changed}

    assert [line.label for line in changed["term"].lines] == ["3.1", "3.2"]
    fee = changed["fixed-fee"].lines  # a clause that stays counts what it has now
    assert [(line.label, line.mark) for line in fee] == [
        ("2.1", "same"),
        ("2.2", "same"),
        ("", "deleted"),
        ("", "same"),
    ]


def test_a_table_of_an_exhibit_is_read_as_a_table_with_its_marks_in_cells():
    def duties(*rows: tuple[str, ...], head: tuple[str, ...] = ("Duty", "Hours")):
        table = Table("Duties", head, rows, numbers=(1,))
        blocks = (Paragraph("As agreed:"), table, Table("Other", ("Duty",), (("Chair",),)))
        return replace(FIRST, exhibits=(Exhibit("A", "Duties", blocks),))

    old = duties(("Chair | minutes", "12 hours"), ("Review", "9 hours"))
    new = duties(("Chair | minutes", "14 hours", "$1.00"), head=("Duty", "Hours", "Pay"))
    (part,) = read_redline(old, new).changed
    words, table, other = part.blocks

    assert [len(words.lines), len(table.heads), len(table.rows), len(other.rows)] == [1, 1, 2, 1]
    first, gone = table.rows
    assert [accepted(cell) for cell in first.cells] == ["Chair | minutes", "14 hours", "$1.00"]
    assert [rejected(cell) for cell in first.cells] == ["Chair | minutes", "12 hours", ""]
    assert [accepted(cell) for cell in gone.cells] == ["", ""]
    assert (first.numbers, gone.mark) == ((1,), "deleted")
