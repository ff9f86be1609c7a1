"""Edits of printed words carried over to the words they were printed from."""

import pytest

from agreements.negotiation.unfilling import FilledInError, Filling, unfilled_paragraphs

FILLING = Filling(
    {
        "fixed_fee": "$60,000.00",
        "hospital": "Riverside Health",
        "notice_days": "ninety (90)",
        "comment_days": "10",
        "reconciliation_days": "ninety (90)",
    },
    {"term": "Section 3"},
)
FEE = "{hospital} pays a fixed fee of {fixed_fee} a year, as {section:term} says."
SHOWN = "Riverside Health pays a fixed fee of $60,000.00 a year, as Section 3 says."
DAYS = "It ends on notice of {notice_days} days; comments in {comment_days} days."
LAW = "All is even within {reconciliation_days} days."
RULE = "Notices are in writing."


def test_what_is_printed_comes_back_as_it_was_written():
    assert FILLING.fill(FEE) == SHOWN
    assert unfilled_paragraphs((FEE, RULE), (SHOWN, RULE), FILLING) == (FEE, RULE)


@pytest.mark.parametrize(
    ("edited", "carried"),
    [
        (SHOWN.replace("a year", "each year"), FEE.replace("a year", "each year")),
        (f"{SHOWN} Promptly.", f"{FEE} Promptly."),
        (SHOWN.replace("fee of", "fee of exactly"), FEE.replace("fee of", "fee of exactly")),
        (SHOWN.replace(" of $60,000.00 a year", ""), FEE.replace(" of {fixed_fee} a year", "")),
        (SHOWN.replace("Riverside Health", "Hospital"), FEE.replace("{hospital}", "Hospital")),
    ],
)
def test_an_edit_beside_a_place_leaves_the_place(edited: str, carried: str):
    assert unfilled_paragraphs((FEE, RULE), (edited, RULE), FILLING) == (carried, RULE)


def test_a_paragraph_that_moved_keeps_its_places():
    assert unfilled_paragraphs((FEE, RULE), (RULE, SHOWN), FILLING) == (RULE, FEE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("$60,000.00", "$90,000.00"),
        ("$60,000.00", "60,000 dollars"),
        ("Section 3", "Section 4"),
        ("Riverside Health", "Riverside"),
        ("Riverside Health", "Riverside Medical Health"),
    ],
)
def test_an_edit_of_what_is_filled_in_is_refused_by_name(old: str, new: str):
    with pytest.raises(FilledInError, match="is filled in") as refused:
        unfilled_paragraphs((FEE, RULE), (SHOWN.replace(old, new), RULE), FILLING)

    assert refused.value.said in SHOWN


@pytest.mark.parametrize(
    ("template", "old", "new", "where"),
    [
        (DAYS, "ninety (90)", "one hundred twenty (120)", "under “Change parties and term”"),
        (DAYS, "ninety (90)", "Sixty", "under “Change parties and term”"),
        (DAYS, "(90)", "(120)", "under “Change parties and term”"),
        (DAYS, "10", "20", "from the program"),
        (LAW, "ninety (90)", "sixty (60)", "42 CFR 411.353(h)"),
        (FEE, "Section 3", "Section 4", "the order of the clauses"),
        (FEE, "$60,000.00", "$90,000.00", "the terms of the year"),
    ],
)
def test_a_number_that_is_filled_in_is_refused_also_in_words_and_says_where_it_changes(
    template: str, old: str, new: str, where: str
):
    with pytest.raises(FilledInError) as refused:
        unfilled_paragraphs((template,), (FILLING.fill(template).replace(old, new),), FILLING)

    assert where in str(refused.value)
