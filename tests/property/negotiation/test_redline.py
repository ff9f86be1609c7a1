"""Laws of a redline: nothing is lost, and either side can be had back from it alone."""

from hypothesis import given
from hypothesis import strategies as st

from agreements.drafting.document import Clause
from agreements.negotiation.comparison import (
    MOST_PARAGRAPH_PAIRS,
    Mark,
    accepted,
    compare,
    matched,
    rejected,
    words,
)
from agreements.negotiation.redline import accept_all, compare_clauses, reject_all

# Few words, often repeated: chance alone would seldom make two texts alike.
WORDS = st.sampled_from(
    ["the", "Manager", "shall", "pay", "$1,000.00", "5%", ",", ".", "\u2019s", "7"]
)
GAPS = st.sampled_from([" ", " ", "  ", "\n", ""])
TEXTS = st.lists(st.tuples(WORDS, GAPS), max_size=12).map(
    lambda parts: "".join(word + gap for word, gap in parts)
) | st.text(max_size=20)
PARAGRAPHS = st.lists(TEXTS, max_size=5).map(tuple)
KEYS = st.lists(st.sampled_from("abcdefgh"), max_size=7, unique=True)


@st.composite
def versions(draw):
    """Clauses under a few keys, numbered in their order."""
    return [
        Clause(key, number, draw(TEXTS), draw(PARAGRAPHS))
        for number, key in enumerate(draw(KEYS), 1)
    ]


@given(TEXTS, TEXTS)
def test_a_comparison_keeps_every_character_of_both_texts(old, new):
    pieces = compare(old, new)

    assert accepted(pieces) == new
    assert rejected(pieces) == old
    assert all(piece.text for piece in pieces)


@given(TEXTS)
def test_a_text_is_the_same_as_itself(text):
    assert "".join(words(text)) == text
    assert {piece.mark for piece in compare(text, text)} <= {Mark.SAME}


@given(PARAGRAPHS, PARAGRAPHS)
def test_each_paragraph_is_matched_once_and_in_its_order(old, new):
    pairs = matched(old, new)

    assert tuple(text for text, _ in pairs if text is not None) == old
    assert tuple(text for _, text in pairs if text is not None) == new


@given(versions(), versions())
def test_accepting_all_gives_the_new_version_and_rejecting_all_the_old_one(old, new):
    redlines = compare_clauses(old, new)

    assert accept_all(redlines) == tuple(new)
    assert reject_all(redlines) == tuple(old)
    stood = [each for each in redlines if each.old_number and each.is_left == each.is_moved]
    stands = [each for each in redlines if each.new_number and not each.is_left]
    assert [each.old_number for each in stood] == [clause.number for clause in old]
    assert [each.key for each in stands] == [clause.key for clause in new]


@given(versions(), st.randoms(use_true_random=False))
def test_no_clause_that_stays_where_it_was_is_said_to_have_moved(clauses, chance):
    rest = [clause for clause in clauses if chance.random() < 0.5]

    assert not any(each.is_moved for each in compare_clauses(clauses, rest))
    assert not any(each.is_moved for each in compare_clauses(rest, clauses))


def test_a_figure_is_marked_as_a_whole():
    pieces = compare("a fee of $60,000.00 a year, 5% of it", "a fee of $60,500.00 a year, 5.5% of")

    assert [(piece.mark.value, piece.text) for piece in pieces] == [
        ("same", "a fee of "),
        ("deleted", "$60,000.00"),
        ("inserted", "$60,500.00"),
        ("same", " a year, "),
        ("deleted", "5%"),
        ("inserted", "5.5%"),
        ("same", " of"),
        ("deleted", " it"),
    ]


def test_a_phrase_is_marked_as_a_whole_and_not_word_by_word():
    pieces = compare("within thirty days of notice", "within ninety months of notice")

    assert [piece.text for piece in pieces] == [
        "within ",
        "thirty days",
        "ninety months",
        " of notice",
    ]


def test_a_long_text_of_one_word_is_compared_coarsely_and_truly():
    old, new = "x " + "pay " * 2_000 + "y", "z " + "pay " * 2_001 + "w"

    pieces = compare(old, new)

    assert (accepted(pieces), rejected(pieces)) == (new, old)
    assert len(pieces) <= 4


def test_very_many_paragraphs_are_matched_by_their_place():
    old = [f"a{number}" for number in range(MOST_PARAGRAPH_PAIRS // 40)]
    new = [f"b{number}" for number in range(len(old) + 1)]

    assert matched(old, new) == [*zip(old, new, strict=False), (None, new[-1])]
