"""A file that was promised for the year and has not come holds the year by itself."""

from datetime import date

import pytest

from adjudication.package.records import records_document
from adjudication.years.steps import Step
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.feeds.models import Cadence, Feed
from tests.ground import hand_in, open_year, stays
from tests.signing import book, freeze, sign_up_to


def test_a_file_that_was_promised_and_has_not_come_holds_the_year_by_itself(inside):
    year, half = open_year(), Period(date(2025, 1, 1), date(2025, 7, 1))
    hand_in(stays(), period=half)
    freeze(year)
    sign_up_to(year, Step.CEO)  # no file was promised
    Feed.objects.update(cadence=Cadence.QUARTERLY, first_period_on=half.start, due_days=15)

    with pytest.raises(PolicyError, match=r"Stays: the file for .* has not come.* and 1 more"):
        book(year)
    Feed.objects.update(cadence=Cadence.ON_REQUEST)

    assert book(year)


def test_what_a_feed_promises_later_does_not_change_the_records_of_a_frozen_year(inside):
    year = open_year()
    Feed.objects.update(cadence=Cadence.QUARTERLY, first_period_on=year.starts_on, due_days=15)
    hand_in(stays())
    snapshot = freeze(year)
    before = records_document(snapshot, as_of=snapshot.frozen_at)

    Feed.objects.update(name="Other", cadence=Cadence.MONTHLY, due_days=90)
    after = records_document(snapshot, as_of=snapshot.frozen_at)

    assert [(each["feed"], each["due_on"]) for each in before["files"]][:2] == [
        ("Stays", "2025-04-15"),
        ("Stays", "2025-07-15"),
    ]
    assert after == before
