import re
from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from scorecards.intake.day_forms import FORMS, MOMENT_FORMS, read_form

SPELLED = {
    "YYYY": "%Y",
    "YY": "%y",
    "MON": "%b",
    "MM": "%m",
    "MI": "%M",
    "AM": "%p",
    "M": "%-m",
    "DD": "%d",
    "D": "%-d",
    "HH": "%H",
    "H": "%-H",
    "SS": "%S",
}


def spelled(form, moment):
    """Write a moment in a form, by the C library and not by our own reading."""
    hour = {"H": "%-I"} if form.endswith("AM") else {}
    codes = {**SPELLED, **hour}
    return moment.strftime(re.sub("|".join(codes), lambda part: codes[part.group()], form))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_read_as_the_c_library_writes_it(form):
    moments = [datetime(1969, 1, 1, 0, 5, 9, tzinfo=UTC), datetime(2068, 12, 31, 12, tzinfo=UTC)]
    moments += [datetime(2024, 2, 29, 23, 59, 1, tzinfo=UTC) + timedelta(days=n) for n in range(9)]

    read = read_form(pa.array([spelled(form, moment) for moment in moments]), form)

    assert read.good.all()
    days = [(moment.date() - date(1970, 1, 1)).days for moment in moments]
    assert read.day.tolist() == days
    if form in MOMENT_FORMS:
        seconds = [m.hour * 3600 + m.minute * 60 + m.second * ("SS" in form) for m in moments]
        assert read.second.tolist() == seconds


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("MM/DD/YYYY", "7/1/2020"),
        ("MM/DD/YYYY", "13/01/2020"),
        ("MM/DD/YYYY", "02/30/2020"),
        ("MM/DD/YYYY", "99/99/9999"),
        ("M/D/YY", "7/1/2020"),
        ("M/D/YYYY", "7/1/20"),
        ("DD-MON-YYYY", "01-JUI-2020"),
        ("YYYYMMDD", "20200000"),
        ("M/D/YYYY H:MI AM", "7/1/2020 13:00 PM"),
        ("M/D/YYYY H:MI AM", "7/1/2020 0:30 AM"),
        ("YYYY-MM-DD HH:MI", "2020-07-01 24:00"),
        ("YYYY-MM-DD HH:MI:SS", "2020-07-01 10:00:00.5"),
        ("DD.MM.YYYY", "01x07x2020"),
    ],
)
def test_what_is_not_of_the_form_or_not_on_the_calendar_is_not_good(form, text):
    assert not read_form(pa.array([text, None]), form).good.any()


def test_a_fraction_of_a_second_that_is_zero_may_follow():
    read = read_form(pa.array(["2020-07-01 10:00:00.000"]), "YYYY-MM-DD HH:MI:SS")

    assert (read.good.tolist(), read.second.tolist()) == ([True], [36_000])
