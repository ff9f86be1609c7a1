"""Laws of the criteria language: fast evaluation against the slow, obvious meaning."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.measure.criteria import (
    CriteriaError,
    Evaluator,
    masks,
    parse,
    parse_number,
    to_english,
    to_text,
)
from indicators.measure.criteria.reference import holds, value_of
from tests.property.measure.criteria_drawing import (
    COLUMNS,
    case_criteria,
    criteria,
    many_cases,
    numbers,
    some_looks,
    table,
)


def said_slowly(criterion, rows):
    return [
        holds(criterion, case, (*rows[:place], *rows[place + 1 :]))
        for place, case in enumerate(rows)
    ]


def said_fast(criterion, rows):
    found = masks(criterion, table(rows))
    return [
        None if unknown else true
        for true, unknown in zip(found.true.tolist(), found.unknown.tolist(), strict=True)
    ]


@given(criteria, many_cases)
def test_masks_agree_with_the_slow_meaning(text, rows):
    criterion = parse(text, COLUMNS)

    assert said_fast(criterion, rows) == said_slowly(criterion, rows)


@given(some_looks, many_cases)
def test_a_look_at_other_cases_agrees_with_the_slow_meaning(text, rows):
    criterion = parse(text, COLUMNS)

    assert said_fast(criterion, rows) == said_slowly(criterion, rows)


@given(numbers, many_cases)
def test_numbers_are_those_of_the_slow_meaning_exactly(text, rows):
    value = parse_number(text, COLUMNS)

    found = Evaluator(table(rows)).numbers(value)

    # One answer may stand for all cases.
    without = np.broadcast_to(found.missing, found.scaled.shape)
    slow = [value_of(value, case) for case in rows]
    assert [
        None if missing else Fraction(scaled, found.scale)
        for scaled, missing in zip(found.scaled.tolist(), without.tolist(), strict=True)
    ] == slow
    assert found.total() == sum((number for number in slow if number is not None), Fraction(0))


@given(criteria)
def test_a_printed_criterion_is_read_as_the_same(text):
    criterion = parse(text, COLUMNS)

    assert parse(to_text(criterion), COLUMNS) == criterion
    assert to_english(criterion, COLUMNS)


@given(numbers)
def test_a_printed_number_is_read_as_the_same(text):
    value = parse_number(text, COLUMNS)

    assert parse_number(to_text(value), COLUMNS) == value
    assert to_english(value, COLUMNS)


@given(case_criteria, many_cases, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_no_answer(text, rows, random):
    criterion = parse(text, COLUMNS)
    order = random.sample(range(len(rows)), len(rows))

    moved = said_fast(criterion, [rows[place] for place in order])

    said = said_fast(criterion, rows)
    assert moved == [said[place] for place in order]


@given(some_looks, many_cases, st.randoms(use_true_random=False))
def test_the_order_of_cases_changes_no_answer_of_a_look(text, rows, random):
    criterion = parse(text, COLUMNS)
    order = random.sample(range(len(rows)), len(rows))

    moved = said_fast(criterion, [rows[place] for place in order])

    said = said_fast(criterion, rows)
    assert moved == [said[place] for place in order]


@given(case_criteria, many_cases, st.integers(0, 12))
def test_parts_of_a_table_answer_as_the_whole(text, rows, cut):
    criterion = parse(text, COLUMNS)

    parts = said_fast(criterion, rows[:cut]) + said_fast(criterion, rows[cut:])

    assert parts == said_fast(criterion, rows)


def refusal(text):
    """Say what is wrong with a text, or nothing when it reads as what it prints."""
    try:
        criterion = parse(text, COLUMNS)
    except CriteriaError as wrong:
        return wrong
    assert parse(to_text(criterion), COLUMNS) == criterion
    return None


@given(st.text(max_size=60) | st.text("()'<>=+-*/,. daysinotmen0123", max_size=60))
def test_any_text_is_read_or_refused_with_a_place_inside_it(text):
    wrong = refusal(text)

    assert wrong is None or 1 <= wrong.position <= len(text) + 1


@given(criteria, st.data())
def test_a_criterion_with_a_piece_torn_out_is_read_or_refused(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    torn = text[:start] + text[end:]

    wrong = refusal(torn)

    assert wrong is None or 1 <= wrong.position <= len(torn) + 1


@pytest.mark.parametrize("filler", ["(", "not ", "days + ", "1, ", "followed_within(", "'", " "])
def test_a_megabyte_of_anything_is_refused_at_once(filler):
    with pytest.raises(CriteriaError, match="10,000 is the most"):
        parse(filler * (1_000_000 // len(filler)), COLUMNS)


@pytest.mark.parametrize(
    "filler",
    [
        "(",
        "not ",
        "days + ",
        "days * ",
        "days = 1 and ",
        "days = 1 or ",
        "date_of(",
        "followed_within(1, code, seen, seen, ",
        "days_between(seen, ",
    ],
)
def test_as_much_as_a_criterion_may_hold_never_exhausts_the_stack(filler):
    text = filler * (9_900 // len(filler))

    with pytest.raises(CriteriaError):
        parse(text, COLUMNS)
    with pytest.raises(CriteriaError):
        parse(text + "days = 1", COLUMNS)
