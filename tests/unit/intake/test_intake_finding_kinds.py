"""Kinds of findings in words."""

import pytest

from scorecards.intake.finding_kinds import kind_in_words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("missing-column", "Missing column"),
        ("not-text", "Not text"),
        ("rows-history", "Other number of rows than before"),
    ],
)
def test_a_kind_is_said_in_words(code, words):
    assert kind_in_words(code) == words
