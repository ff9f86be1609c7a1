"""Repeated keys, held against a dictionary; also where every hash is the same."""

import tempfile
from contextlib import closing
from pathlib import Path
from unittest import mock

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorecards.intake import keys
from scorecards.intake.keys import SeenKeys

KEYS = st.lists(st.text("ab\u00e9", min_size=1, max_size=3) | st.text(min_size=1), max_size=40)
WITHOUT_SURROGATES = KEYS.filter(lambda texts: all(text.isprintable() for text in texts))


def repeats(texts, cuts, words):
    """Add keys part by part; row 10 is the first."""
    found = []
    with (
        tempfile.TemporaryDirectory() as folder,
        mock.patch.object(keys, "WORDS", words),
        closing(SeenKeys(Path(folder))) as seen,
    ):
        for start, end in zip([0, *cuts], [*cuts, len(texts)], strict=True):
            rows = np.arange(start, end, dtype=np.int64) + 10
            part = seen.add(pa.array(texts[start:end], pa.string()), rows)
            found += zip(rows[part.places].tolist(), part.earlier.tolist(), strict=True)
    return found


def by_hand(texts):
    first = {}
    rows = enumerate(texts, 10)
    return [(row, first[text]) for row, text in rows if first.setdefault(text, row) != row]


@pytest.mark.parametrize("words", [keys.WORDS, keys.WORDS * 0], ids=["hashed", "all alike"])
@given(texts=WITHOUT_SURROGATES, data=st.data())
def test_exactly_the_repeated_keys_are_found_with_their_first_row(words, texts, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(texts)), max_size=4)))

    assert repeats(texts, cuts, words) == by_hand(texts)
