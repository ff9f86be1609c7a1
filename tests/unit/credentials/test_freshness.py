"""Who was looked up lately enough to be paid."""

from datetime import date, timedelta

import pytest

from agreements.credentials.freshness import (
    STALE_AFTER_DAYS,
    Search,
    Searched,
    names_text,
    screening_gaps,
)

TODAY = date(2026, 3, 2)
OLDEST = TODAY - timedelta(days=STALE_AFTER_DAYS)


def searched(name="Dr. Ada", *, leie=TODAY, sam=TODAY, outcome="clear"):
    days = {"leie": leie, "sam": sam}
    return Searched(
        name, tuple(Search(each, outcome, day) for each, day in days.items() if day is not None)
    )


@pytest.mark.parametrize(
    ("leie", "sam", "is_held"),
    [
        (OLDEST, OLDEST, False),
        (OLDEST - timedelta(days=1), TODAY, True),
        (TODAY, OLDEST - timedelta(days=1), True),
        (TODAY, None, True),
        (None, None, True),
    ],
)
def test_both_lists_are_searched_within_31_days(leie, sam, is_held):
    found = screening_gaps([searched(leie=leie, sam=sam)], today=TODAY)

    assert len(found) == is_held
    assert all("not both searched in the last 31 days for Dr. Ada." in said for said in found)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("possible", "Dr. Ada may be on the LEIE on 2 Mar 2026. Verify it"),
        ("excluded", "Dr. Ada was found on the LEIE on 2 Mar 2026. Nobody is paid"),
    ],
)
def test_a_match_holds_however_fresh_it_is(outcome, said):
    found = screening_gaps([searched(outcome=outcome)], today=TODAY)

    assert len(found) == 2  # one for each list
    assert found[0].startswith(said)
    assert found[0].endswith("record a new search that says how it was cleared.") == (
        outcome == "possible"
    )


def test_nobody_to_be_paid_lacks_nothing():
    assert screening_gaps([], today=TODAY) == []


def test_many_names_are_cut_and_counted():
    assert names_text(["A"]) == "A"
    assert names_text(["A", "B", "C"]) == "A, B and C"
    assert names_text("ABCDEF") == "A, B, C and 3 more"
