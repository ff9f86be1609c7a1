"""A map in its editor: column by column or as text, from a sample, with what is wrong beside it."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from indicators.measure.columns import ColumnType
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.actions import give_map
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import current_map, spec_of
from scorecards.intake.models import Upload
from scorecards.intake.spec import FeedColumn
from scorecards.maps import drafts
from scorecards.maps.editor import MapEditor
from tests.ground import FEED_FACTS, small_program

NEW, CHECK = "/t/smallville/data/feeds/new/", "/t/smallville/data/feeds/map/check/"
SAMPLE = "/t/smallville/data/feeds/new/sample/"
ROWS = [f"{n},2025-01-{n % 28 + 1:02},{n % 9},Smith,{n}" for n in range(100, 160)]
STAYS = "\n".join(["case_id,left_on,beds,patient_name,Room No", *ROWS]) + "\n"


@pytest.fixture
def steward(inside):
    client = Client()
    client.force_login(Membership.objects.get(role=Role.SERVICE_LINE_ADMINISTRATOR).user)
    return client


def page() -> str:
    return f"/t/smallville/data/feeds/{Feed.objects.get().pk}/map/"


def sent(editor: MapEditor, **changes: str) -> dict[str, object]:
    """Return what a browser sends of an editor as it stands, with some fields filled anew."""
    forms = [editor.form, editor.rows.management_form, *(() if editor.is_text else editor.rows)]
    fields = {field.html_name: field.value() for form in forms for field in form}
    fields["note"] = "Since the upgrade."
    fields |= {name.replace("__", "-"): value for name, value in changes.items()}
    return {name: value for name, value in fields.items() if value not in (None, False)}


def as_it_is(**changes: str) -> dict[str, object]:
    return sent(MapEditor.of(drafts.of_spec(spec_of(Feed.objects.get())), has_note=True), **changes)


def said(answer) -> dict[str, str]:
    """Return what the page says is wrong, by the id of its field."""
    return {place: words for place, _, words in answer.context["editor"].problems}


def sample(text: str, name: str = "stays.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), "text/csv")


def whole(name="full"):
    """A column of which everything is said."""
    return FeedColumn(
        name_in_file="Rate (%)",
        name=name,
        type=ColumnType.DECIMAL,
        required=True,
        missing=("N/A", "a|b", "c\\d"),
        minimum=Decimal("-0.5"),
        maximum=Decimal(100),
        label="A rate",
        places=3,
        unit="percent",
        suppressed=("Too Few to Report", "***"),
        marks=("thousands", "percent"),
    )


def test_a_map_comes_back_from_rows_and_from_text_as_it_went_in(steward):
    feed = Feed.objects.get()
    spec = spec_of(feed)
    days = FeedColumn("Left", "left", ColumnType.DATE, forms=("MM/DD/YYYY",), missing=("9999",))
    wide = FeedColumn("Facility ID", "facility", ColumnType.CODE, width=6, codes=("010001",))
    full = replace(spec, columns=(*spec.columns, whole(), days, wide), missing=("none",))
    give_map(
        feed=feed,
        spec=full,
        note="All.",
        today=feed.tenant.today(),
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )

    same = steward.post(page(), as_it_is())
    as_text = steward.post(page(), as_it_is(turn="yes")).context["editor"]
    again = steward.post(page(), sent(as_text, turn="yes")).context["editor"]

    assert "Nothing is changed" in str(same.context["editor"].problems)
    assert as_text.is_text
    assert "marks=thousands|percent" in as_text.form.initial["columns"]
    assert "Nothing is changed" in str(said(steward.post(page(), sent(as_text))))
    assert "Nothing is changed" in str(said(steward.post(page(), sent(again))))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("column-2-minimum", "many", "'many' is not a number."),
        ("column-2-maximum", "1.5", "A whole column has whole limits."),
        ("column-2-codes", "A | B", "Only a code column has a code list."),
        ("column-2-name", "9 lives", "'9 lives' cannot name a column"),
        ("column-2-name_in_file", "Patient Name", "looks like a name"),
        ("column-2-places", "40", "Give at most 12."),
        ("row_key", "nowhere", "The case key 'nowhere' is not a declared column."),
        ("row_key", "", "This is needed."),
        ("date_column", "nowhere", "The date column 'nowhere' is not a declared column."),
        ("level", "L9", "Choose one of the list."),
        ("organization_columns", "Address", "Only aggregates, level L0"),
        ("orders", "left_on", "Line 1: write two columns"),
        ("orders", "key before left_on", "The earlier time 'key' is not a declared column."),
        ("header_row", "200", "Give at most 100."),
        ("missing", "x | x", "the list of missing names something twice"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(steward, field, value, words):
    given = as_it_is(**{"column-2-type": "whole", "column-2-codes": "", field: value})

    answer = steward.post(page(), given)
    live = steward.post(CHECK, given).json()["problems"]

    place = next(iter(live)) if field == "level" else f"id_{field}"
    shown = said(answer)
    assert words in shown.get(f"id_{field}", str(shown))
    assert current_map(Feed.objects.get()).version == 1
    typed = answer.context["editor"]
    assert typed.rows[2]["type"].value() == "whole"
    if value:  # what is still to be filled in is no error while somebody writes
        assert words in " ".join(live[place])
    else:
        assert place not in live


def test_two_columns_of_one_name_are_told_at_the_second(steward):
    answer = steward.post(page(), as_it_is(**{"column-2-name": "encounter_id"}))

    assert said(answer) == {"id_column-2-name": "Column 'encounter_id' is declared twice."}


def test_what_cannot_be_turned_stays_as_it_was_typed(steward):
    answer = steward.post(page(), as_it_is(**{"column-2-minimum": "many", "turn": "yes"}))

    assert not answer.context["editor"].is_text
    assert 'value="many"' in answer.content.decode()
    assert "is not a number" in answer.content.decode()


def test_without_a_script_rows_are_added_and_removed(steward):
    count = len(spec_of(Feed.objects.get()).columns)
    more = steward.post(page(), as_it_is(**{"column-2-label": "Beds", "more": "column"}))
    rows = more.context["editor"].rows
    added = {f"column-{count}-name_in_file": "Room No", "column-2-DELETE": "on"}

    answer = steward.post(page(), sent(more.context["editor"], **added))

    assert rows.total_form_count() == count + 2
    assert rows[2]["label"].value() == "Beds"
    changes = {each.name: each.change for each in answer.context["changes"]}
    gone = spec_of(Feed.objects.get()).columns[2].name
    assert changes == {gone: "Removed", "room_no": "Added"}


def test_locked_terms_refuse_before_anybody_is_shown_what_would_change(year, steward):
    places = [column.name for column in spec_of(Feed.objects.get()).columns]
    gone = f"column-{places.index('readmitted')}-DELETE"

    answer = steward.post(page(), as_it_is(**{gone: "on"}))

    assert "counts by the column readmitted" in str(said(answer))
    assert "changes" not in answer.context


def test_a_map_of_two_hundred_columns_is_one_form(steward):
    columns = tuple(FeedColumn(f"c{n}", f"c{n}", ColumnType.CODE) for n in range(200))
    spec = spec_of(Feed.objects.get())
    draft = drafts.of_spec(replace(spec, columns=(*spec.columns, *columns)))

    answer = steward.post(page(), sent(MapEditor.of(draft, has_note=True)))

    assert len(answer.context["changes"]) == 200


# --- A new feed ---------------------------------------------------------------------------------


def test_all_that_is_wrong_with_a_new_feed_is_told_at_once_beside_its_field(steward):
    program = Feed.objects.get().uses.get().program
    facts = FEED_FACTS | {"name": "stays", "cadence": "monthly", "raw_days": 0}
    drafted = MapEditor.of(drafts.of_spec(spec_of(Feed.objects.get())))
    wrong = sent(drafted, row_key="nowhere") | facts | {"programs": [str(program.pk)]}

    answer = steward.post(NEW, wrong)

    shown = {name: words for name, (words, *_) in answer.context["facts"].errors.items()}
    assert shown == {
        "name": "There is a feed named “stays” already.",
        "source_system": "This is needed.",
        "first_period_on": "A feed that is awaited needs a first period: give the first day it "
        "should cover, or say that files come on request.",
        "raw_days": "Give at least 1.",
        "agreement": "Choose the agreement under which the rows come in. Coded case rows need a "
        "business associate or data use agreement; aggregates need none.",
        "programs": f"{program.name} reads another feed already; a program reads one feed.",
    }
    assert "The case key 'nowhere' is not a declared column." in said(answer).values()
    assert Feed.objects.count() == 1


def test_a_program_that_reads_a_feed_cannot_be_chosen_and_says_which(steward):
    small_program("Second")

    page = " ".join(steward.get(NEW).content.decode().split())

    taken, free = re.findall(r"<input type=.checkbox. name=.programs.[^>]*>[^<]*", page)
    assert ("disabled" in taken, "(reads “Stays” already)" in taken) == (True, True)
    assert ("disabled" in free, "already" in free) == (False, False)


@pytest.mark.parametrize("mark", ["\u202e", "\u200f", "\x07"])
def test_a_name_with_a_character_that_nobody_sees_is_refused(steward, mark):
    answer = steward.post(NEW, FEED_FACTS | {"name": f"Stays{mark}vsc", "source_system": "EHR"})

    assert "that nobody can see" in str(answer.context["facts"].errors["name"])


# --- From a sample ------------------------------------------------------------------------------


def test_a_sample_proposes_a_feed_that_can_be_declared_as_it_is(steward):
    seen = steward.post(SAMPLE, {"file": sample(STAYS)})
    editor, text = seen.context["editor"], seen.content.decode()
    facts = {
        "name": "Rooms",
        "source_system": "EHR",
        **FEED_FACTS,
        "agreement": DataAgreement.objects.get().pk,
    }
    programs = [str(small_program("Second").pk)]

    answer = steward.post(NEW, sent(editor) | facts | {"programs": programs})

    assert "<s><code>patient_name</code></s>" in text
    assert "The name looks like a name, which is never collected. A file that has this " in text
    assert "column is refused: take it out of the export." in text
    assert "Smith" not in text
    assert "case_id is different in every row of the sample: taken for the case key." in text
    assert not Upload.objects.exists()
    assert answer.status_code == 302, said(answer)
    declared = spec_of(Feed.objects.get(name="Rooms"))
    assert [(each.name, each.type) for each in declared.columns] == [
        ("case_id", "code"),
        ("left_on", "date"),
        ("beds", "whole"),
        ("room_no", "code"),
    ]
    assert (declared.case_key, declared.date_column) == ("case_id", "left_on")


def test_a_sample_adds_to_a_map_and_leaves_what_is_declared(steward):
    feed = Feed.objects.get()
    text = "encounter_id,readmitted,Room No\n" + "".join(f"{n},NO,{n}\n" for n in range(30))
    # The script asks for a part of the page alone.
    htmx = {"HX-Request": "true"}

    seen = steward.post(f"{page()}sample/", {"file": sample(text)}, headers=htmx)
    answer = steward.post(page(), sent(seen.context["editor"]))

    rows = {row["name"].value(): row["said"].value() for row in seen.context["editor"].rows}
    assert "<html" not in seen.content.decode()
    assert rows["room_no"].startswith("New in the sample.")
    absent = [column.name for column in spec_of(feed).columns]
    absent = [name for name in absent if name not in ("encounter_id", "readmitted")]
    assert absent
    assert {rows[name] for name in absent} == {"The sample does not have it."}
    (change,) = answer.context["changes"]
    assert (change.name, change.change) == ("room_no", "Added")


def test_the_header_of_a_sample_is_found_or_chosen(steward):
    text = f"Stays of 2025,,,,\n,,,,\n{STAYS}"
    found = steward.post(SAMPLE, {"file": sample(text)})
    chosen = steward.post(SAMPLE, {"file": sample(text), "header_row": "4"})

    assert found.context["look"].header_row == 3
    assert found.context["editor"].form["header_row"].value() == 3
    assert chosen.context["look"].header_row == 4


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({}, "Choose a file first"),
        ({"file": ("stays.pdf", b"%PDF-1.7")}, "cannot be looked at"),
        ({"file": ("stays.csv", b"a,b\n1,2\n"), "header_row": "x"}, "Choose a file first"),
    ],
)
def test_a_sample_that_cannot_be_read_is_refused_in_words(steward, given, words):
    file = given.get("file")
    body = given | ({"file": SimpleUploadedFile(*file)} if file else {})

    assert words in steward.post(SAMPLE, body).content.decode()


def test_a_header_that_holds_an_identifier_is_masked(steward):
    text = "123-45-6789,2025-01-01\n" + "".join(f"{n},2025-01-02\n" for n in range(9))

    shown = steward.post(SAMPLE, {"file": sample(text), "header_row": "1"}).content.decode()

    assert "123-45-6789" not in shown
    assert "•••" in shown
