"""An address that will go says so a year ahead."""

from datetime import date

import pytest
from django.http import HttpResponse

from comanage.api.deprecation import announce_end


def announced(ends_on):
    response = HttpResponse()
    announce_end(response, deprecated_on=date(2027, 1, 1), ends_on=ends_on, instead="/docs")
    return response.headers


def test_an_answer_says_from_when_until_when_and_what_instead():
    headers = announced(date(2028, 1, 1))

    assert headers["Deprecation"] == "@1798761600"  # 2027-01-01T00:00:00Z
    assert headers["Sunset"] == "Sat, 01 Jan 2028 00:00:00 GMT"
    assert headers["Link"] == '</docs>; rel="deprecation"'


def test_less_than_a_year_is_no_notice():
    with pytest.raises(ValueError, match="twelve months"):
        announced(date(2027, 12, 31))
