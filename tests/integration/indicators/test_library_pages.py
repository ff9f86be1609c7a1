"""Looking into the library: what is found, and what a page says of a definition."""

from datetime import UTC, datetime

import pytest

from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from indicators.catalogue import standard_definitions
from indicators.library.actions import create_indicator, save_version
from indicators.measure.definition import Definition
from tests.clock import stand_at
from tests.integration.indicators.at_the_editor import sign_in, words_of
from tests.integration.indicators.test_editor import SMALL

CATALOGUE = "/t/smallville/indicators/catalogue/"
LIBRARY = "/t/smallville/indicators/"
CARD = {
    "service_line": "neuro",
    "domain": "quality",
    "author": "A. Author",
    "next_review": "2027-01-31",
    "standard": "Standard 7",
    "standard_version": "2.1",
    "standard_status": "unverified",
}


@pytest.fixture
def browser(hospital):
    return sign_in(hospital)


@pytest.fixture
def stays(hospital):
    with tenant_scope(hospital.pk):
        return create_indicator(
            definition=Definition.from_document(
                SMALL | {"governance": CARD, "use": "monitor_only", "safeguard": "Never pay."}
            ),
            by=member(Role.CONSULTANT),
        )


def page_of(stays, rest=""):
    return f"{LIBRARY}{stays.indicator_id}/{rest}"


def saved(hospital, stays, **changes):
    with tenant_scope(hospital.pk):
        return save_version(
            indicator=stays.indicator,
            definition=Definition.from_document(stays.document | changes),
            by=member(Role.CONSULTANT),
        )


def test_the_catalogue_is_searched_by_words(browser):
    page = words_of(browser.get(CATALOGUE, {"words": "readmission 30 within"}))

    assert "Readmission within 30 days" in page
    assert "Inpatient mortality" not in page


def test_the_catalogue_is_read_page_by_page(browser):
    page = words_of(browser.get(CATALOGUE))

    assert f"of {len(standard_definitions())}" in page
    assert page.count('action="/t/smallville/indicators/adopt/') <= 25


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({}, True),
        ({"words": "long STAYS"}, True),
        ({"words": "short stays"}, False),
        ({"service_line": "neuro"}, True),
        ({"service_line": "oncology"}, False),
        ({"domain": "quality"}, True),
        ({"domain": "financial_performance"}, False),
        ({"scoring": "proportion"}, True),
        ({"scoring": "median"}, False),
        ({"status": "unverified"}, True),
        ({"status": "none"}, False),
        ({"scoring": "no such thing"}, True),
        ({"page": "99"}, True),
    ],
)
def test_the_library_is_filtered(browser, stays, asked, is_found):
    assert (page_of(stays) in words_of(browser.get(LIBRARY, asked))) is is_found


def test_what_a_reader_must_know_stands_beside_the_name(browser, stays):
    page = words_of(browser.get(LIBRARY))

    assert "Monitor only: terms must not pay for it" in page
    assert "Unverified: not yet compared with its standard" in page


def test_a_standard_indicator_is_read_before_it_is_adopted(browser):
    page = words_of(browser.get(f"{CATALOGUE}inpatient-mortality/"))

    assert "Governance card" in page
    assert "Adopt" in page
    assert browser.get(f"{CATALOGUE}no-such/").status_code == 404


def test_an_indicator_shows_its_card_its_deck_and_its_sql(browser, stays):
    page = words_of(browser.get(page_of(stays)))

    for words in (
        "A. Author",
        "Not yet checked by a second person",
        "31 Jan 2027",
        "Version: 2.1",
        "Never pay.",
        "Every example stands where it must",
        "Days in hospital is more than 7",
        "days &gt; 7",
        "As SQL for PostgreSQL",
        "SELECT",
    ):
        assert words in page, words


def test_a_review_that_is_overdue_is_said(hospital, stays, monkeypatch):
    stand_at(monkeypatch, datetime(2027, 2, 2, 12, tzinfo=UTC))
    browser = sign_in(hospital)

    assert "Overdue since 31 Jan 2027" in words_of(browser.get(page_of(stays)))


def test_imported_logic_is_shown_as_not_executable(browser, stays, hospital):
    logic = {"language": "text/cql", "place": "numerator", "name": "Num", "expression": "x > <y>"}
    saved(hospital, stays, numerator="", foreign=[logic], deck=[])

    page = words_of(browser.get(page_of(stays)))

    assert "Not executable here" in page
    assert "x &gt; &lt;y&gt;" in page
    assert "As SQL" not in page


def test_an_earlier_version_stays_readable(browser, stays, hospital):
    saved(hospital, stays, title="Longer stays")

    page = words_of(browser.get(page_of(stays), {"version": "1"}))

    assert "This is an earlier version" in page
    assert "<h1>Long stays</h1>" in page
    assert browser.get(page_of(stays), {"version": "9"}).status_code == 404


def test_what_changed_between_versions_is_shown_word_by_word(browser, stays, hospital):
    saved(hospital, stays, numerator="days > 9", deck=[])

    page = words_of(browser.get(page_of(stays, "changes/")))

    assert "<dt>Numerator</dt>" in page
    assert '<del><span class="visually-hidden">taken out: </span>7</del>' in page
    assert '<ins><span class="visually-hidden">came in: </span>9</ins>' in page
    assert "<dt>Deck: eight days</dt>" in page
    assert "<dt>Title</dt>" not in page


def test_the_first_version_has_nothing_to_compare(browser, stays):
    assert "Nothing differs" in words_of(browser.get(page_of(stays, "changes/")))


def test_who_may_not_edit_sees_no_way_to(hospital, stays):
    page = words_of(sign_in(hospital, Role.EXECUTIVE).get(page_of(stays)))

    assert "Write the next version" not in page
