"""Writing versions in the browser: errors in their place, nothing lost, the deck runs first."""

import pytest
from django.http import QueryDict

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from indicators.catalogue import standard_definitions
from indicators.library.actions import adopt_indicator, create_indicator, save_version
from indicators.library.editor import Editor
from indicators.library.models import Indicator, IndicatorVersion
from indicators.measure.definition import Definition
from tests.integration.indicators.at_the_editor import sign_in, typed, words_of

SLUG = "readmission-30-day"
SMALL = {
    "slug": "long-stays",
    "title": "Long stays",
    "scoring": "proportion",
    "improvement": "decrease",
    "unit": "percent",
    "columns": [
        {"name": "age", "type": "whole", "label": "Age"},
        {"name": "days", "type": "whole", "label": "Days in hospital"},
    ],
    "initial_population": "age >= 18",
    "numerator": "days > 7",
    "deck": [
        {"name": "eight days", "case": {"age": "40", "days": "8"}, "expected": "numerator"},
        {"name": "a child", "case": {"age": "4"}, "expected": "outside_initial_population"},
    ],
}


@pytest.fixture
def version(hospital):
    with tenant_scope(hospital.pk):
        return adopt_indicator(slug=SLUG, by=member(Role.CONSULTANT))


@pytest.fixture
def browser(hospital):
    return sign_in(hospital)


def address(version=None, deed="edit"):
    return f"/t/smallville/indicators/{f'{version.indicator_id}/{deed}' if version else deed}/"


def numbers(hospital, slug=SLUG):
    with tenant_scope(hospital.pk):
        found = IndicatorVersion.objects.filter(indicator__slug=slug)
        return sorted(found.values_list("number", flat=True))


def newest(hospital, slug):
    with tenant_scope(hospital.pk):
        return IndicatorVersion.objects.filter(indicator__slug=slug).latest("number")


def test_an_untouched_form_says_the_same_as_the_version_it_shows(browser, version, hospital):
    answer = browser.post(address(version), typed(version.document, based_on="1"))

    assert "Nothing differs from the last version" in words_of(answer)
    assert numbers(hospital) == [1]


@pytest.mark.parametrize("definition", standard_definitions(), ids=lambda each: each.slug)
def test_the_editor_loses_nothing_of_a_standard_definition(definition):
    sent = QueryDict(mutable=True)
    sent.update(typed(definition.to_document()))

    editor = Editor(sent, document=definition.to_document(), is_new=False)

    assert editor.is_valid(), editor.problems
    assert editor.definition.to_document() == definition.to_document()


def test_a_changed_title_is_the_next_version_and_the_name_in_the_library(
    browser, version, hospital
):
    sent = typed(version.document, based_on="1", title="Back within 30 days")

    assert browser.post(address(version), sent).status_code == 302

    assert numbers(hospital) == [1, 2]
    with tenant_scope(hospital.pk):
        assert Indicator.objects.get(slug=SLUG).title == "Back within 30 days"


def test_every_field_that_a_definition_has_comes_back_as_it_was_typed(browser, hospital):
    document = SMALL | {
        "scoring": "percentile",
        "numerator": "",
        "observation": "days",
        "percentile": "0.9",
        "percentile_method": "nearest_rank",
        "multiplier": 10,
        "description": "Stays.",
        "rationale": "Long stays harm.",
        "evidence": "Someone, 2020.",
        "source": "The committee.",
        "limitations": "Few cases.",
        "safeguard": "Read with readmission.",
        "use": "monitor_only",
        "obp_class": "operational",
        "plain": {"observation": "Days in bed."},
        "governance": {"author": "A", "next_review": "2027-01-31", "standard_status": "verified"},
        "benchmark": {"value": "5", "unit": "days", "source": "A table."},
        "deck": [
            {"name": "seen", "case": {"age": "40", "days": "8"}, "expected": "observed"},
            {"name": "no days", "case": {"age": "40", "days": None}, "expected": "not_observed"},
        ],
    }
    expected = Definition.from_document(document)

    browser.post(address(deed="new"), typed(document, is_new=True))

    assert newest(hospital, "long-stays").definition == expected


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("numerator", "days >", "At character 7: Expected a column"),
        ("numerator", "dayz > 7", "Did you mean “days”?"),
        ("numerator", "days = 'a'", "cannot be compared with"),
        ("slug", "Long_Stays", "Use small letters, digits and single hyphens"),
        ("multiplier", "0", "Give at least 1."),
        ("governance_next_review", "31.1.2027", "Give a day as year-month-day"),
        ("columns-0-name", "age now", "cannot name a column"),
        ("deck-0-case", "age 40", "Line 1: write COLUMN = VALUE"),
        ("deck-0-case", "age = 40\nage = 41", "column “age” stands here twice"),
        ("deck-0-case", "height = 40", "There is no column “height”."),
        ("deck-0-case", "age = forty", "column “age” takes a whole number such as 12"),
        ("observation", "days", "A proportion has no observation."),
    ],
)
def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(
    browser, hospital, field, text, message
):
    sent = typed(SMALL, is_new=True, description="Words I typed.") | {field: text}

    page = words_of(browser.post(address(deed="new"), sent))

    assert "Nothing was saved yet" in page
    assert "Words I typed." in page
    beside = page.split(f'id="id_{field}_error"')[1].split("</div>")[0]
    assert message in beside
    assert numbers(hospital, "long-stays") == []


def test_a_caret_points_at_the_character(browser):
    sent = typed(SMALL, is_new=True, numerator="days > 7 and dayz > 8")

    page = words_of(browser.post(address(deed="new"), sent))

    caret = page.split('<pre class="caret" aria-hidden="true">')[1].split("</pre>")[0]
    assert caret == f"days &gt; 7 and dayz &gt; 8\n{' ' * len('days > 7 and ')}^"


def test_a_deck_that_fails_refuses_the_version_and_names_each_example(browser, hospital):
    sent = typed(SMALL, is_new=True, numerator="days > 30", initial_population="age >= 3")

    page = words_of(browser.post(address(deed="new"), sent))

    assert "The test deck does not hold" in page
    assert "“eight days” should be “numerator” and is “numerator not met”." in page
    assert "“a child” should be “outside initial population” and is “numerator not met”." in page
    assert numbers(hospital, "long-stays") == []


def test_whoever_saves_second_is_told_who_was_faster(browser, version, hospital):
    theirs = Definition.from_document(version.document | {"rationale": "Theirs."})
    with tenant_scope(hospital.pk):
        save_version(
            indicator=version.indicator, definition=theirs, by=member(Role.TENANT_ADMINISTRATOR)
        )
    sent = typed(version.document, based_on="1", rationale="Mine.")

    page = words_of(browser.post(address(version), sent))

    assert "saved version 2 while you were writing" in page
    assert "Mine." in page
    assert "from=1&amp;to=2" in page
    assert '<input type="hidden" name="based_on" value="2">' in page
    assert numbers(hospital) == [1, 2]
    assert browser.post(address(version), sent | {"based_on": "2"}).status_code == 302
    assert newest(hospital, SLUG).definition.rationale == "Mine."


def test_a_new_indicator_is_version_1_and_in_the_trail(browser, hospital):
    answer = browser.post(address(deed="new"), typed(SMALL, is_new=True))

    assert answer.status_code == 302
    assert newest(hospital, "long-stays").definition == Definition.from_document(SMALL)
    with tenant_scope(hospital.pk):
        event = Event.objects.order_by("-sequence").first()
    assert event.kind == EventKind.INDICATOR_CREATED
    assert "copied_from" not in event.details


def test_a_copy_has_a_short_name_of_its_own_and_the_trail_says_whence(browser, version, hospital):
    sent = typed(version.document, is_new=True, slug="back-soon", title="Back soon")

    assert browser.post(address(version, "copy"), sent).status_code == 302

    copy = newest(hospital, "back-soon").definition
    assert copy.numerator == version.definition.numerator
    with tenant_scope(hospital.pk):
        event = Event.objects.order_by("-sequence").first()
    assert event.details["copied_from"] == str(version)


@pytest.mark.parametrize(
    ("slug", "message"),
    [(SLUG, "is taken in this library"), ("inpatient-mortality", "belongs to a standard")],
)
def test_a_short_name_is_given_once(browser, version, slug, message):
    page = words_of(browser.post(address(deed="new"), typed(SMALL, is_new=True, slug=slug)))

    assert message in page


def test_more_rows_are_given_and_nothing_is_saved(browser, hospital):
    sent = typed(SMALL, is_new=True, description="Words I typed.", more="deck")

    page = words_of(browser.post(address(deed="new"), sent))

    assert "Nothing was saved yet" not in page
    assert "Words I typed." in page
    assert 'name="deck-5-name"' in page
    assert 'name="deck-6-name"' not in page
    assert numbers(hospital, "long-stays") == []


def test_a_removed_row_is_gone(browser, hospital):
    sent = typed(SMALL, is_new=True) | {"deck-1-DELETE": "on"}

    browser.post(address(deed="new"), sent)

    assert [row.name for row in newest(hospital, "long-stays").definition.deck] == ["eight days"]


def test_imported_logic_survives_an_edit(browser, hospital):
    logic = {"language": "text/cql", "place": "numerator", "name": "Num", "expression": "x"}
    with tenant_scope(hospital.pk):
        version = _created(SMALL | {"foreign": [logic]})

    browser.post(address(version), typed(version.document, based_on="1", title="Other"))

    later = newest(hospital, "long-stays").definition
    assert (later.title, later.foreign[0].expression) == ("Other", "x")


def _created(document):
    return create_indicator(
        definition=Definition.from_document(document), by=member(Role.CONSULTANT)
    )
