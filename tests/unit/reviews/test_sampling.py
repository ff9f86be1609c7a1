"""Nobody chooses the charts: the sample follows from the snapshot's hash alone."""

from fractions import Fraction
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adjudication.reviews.presenters import sample_words
from adjudication.reviews.sampling import ALL_UP_TO, Marks, draw, sample_size

OF_MANY = (
    "Of 30 of 5,279 judged cases, {} agreed with the chart, {} differed and {} had none: an error "
    "rate of {}."
)
HASH = "3f9a61c0b7d24e58a91f0c6d2b7e4a5538c1de90f7ab6642d0e9135bc8472f6a"


@given(cases=st.integers(0, 400), slug=st.text(max_size=8))
def test_a_sample_is_all_up_to_thirty_and_else_thirty_different_cases(cases, slug):
    places = draw(HASH, slug, cases)

    assert len(set(places)) == len(places) == min(cases, ALL_UP_TO)
    assert list(places) == sorted(places)
    assert all(0 <= place < cases for place in places)
    assert places == draw(HASH, slug, cases)


def test_anybody_draws_the_same_by_hand():
    """The words of the docstring, done once more."""
    chosen, number = [], 0
    while len(chosen) < ALL_UP_TO:
        digest = sha256(f"{HASH}:mortality:{number}".encode()).hexdigest()
        place, number = int(digest, 16) % 5279, number + 1
        if place not in chosen:
            chosen.append(place)

    assert draw(HASH, "mortality", 5279) == tuple(sorted(chosen))


def test_another_hash_or_indicator_draws_other_cases():
    samples = {draw(HASH, "a", 5279), draw(HASH, "b", 5279), draw(HASH[::-1], "a", 5279)}

    assert len(samples) == 3


def test_each_case_is_drawn_about_as_often_as_another():
    drawn = [place for number in range(400) for place in draw(str(number), "a", 60)]

    counts = [drawn.count(place) for place in range(60)]
    assert sum(counts) == 400 * ALL_UP_TO
    assert 140 < min(counts) < 200 < max(counts) < 260  # 200 each, give or take six deviations


@pytest.mark.parametrize(
    ("marks", "words"),
    [
        (None, "No charts were sampled."),
        (Marks(5279, 30, agrees=12), "12 of 30 sampled cases are marked."),
        (
            Marks(5279, 30, agrees=30),
            OF_MANY.format(30, 0, 0, "0.0 %, 95 % interval 0.0 % to 11.4 % (Wilson)"),
        ),
        (
            Marks(5279, 30, agrees=27, differs=2, not_found=1),
            OF_MANY.format(27, 2, 1, "10.0 %, 95 % interval 3.5 % to 25.6 % (Wilson)"),
        ),
        (
            Marks(12, 12, agrees=9, differs=3),
            OF_MANY.replace("30 of 5,279", "all 12").format(9, 3, 0, "25.0 %"),
        ),
    ],
)
def test_what_the_charts_said_is_told_with_how_sure_it_is(marks, words):
    assert sample_words(marks) == words


def test_a_chart_that_is_not_found_is_an_error():
    assert Marks(100, 30, agrees=27, not_found=3).rate == Fraction(3, 30)


def test_no_case_is_no_sample():
    assert (sample_size(0), draw(HASH, "a", 0)) == (0, ())
