"""A file that was promised for the year and has not come holds the year by itself."""

from datetime import date

import pytest

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

    with pytest.raises(PolicyError, match=r"Stays: the file for .* has not come.* And 1 more"):
        book(year)
    Feed.objects.update(cadence=Cadence.ON_REQUEST)

    assert book(year)
