"""A consultant finds a standard indicator, and writes one of the hospital's own."""

import pytest
from playwright.sync_api import expect

from tests.browser.inspection import PHONE
from tests.browser.people import Door, Person

CONSULTANT = "consultant@harbor.example"
CATALOGUE = "/t/riverside/indicators/catalogue/"
NEW = "/t/riverside/indicators/new/"


@pytest.fixture
def consultant(door: Door) -> Person:
    return door.enter(CONSULTANT, "riverside")


def numerator(person: Person):
    """Find the block of the numerator's criterion."""
    return person.page.locator("fieldset.criterion").filter(
        has=person.page.get_by_label("Numerator (optional)", exact=True)
    )


def add_column(person: Person, place: int, name: str, kind: str, label: str) -> None:
    row = person.page.get_by_role("group", name=f"Column {place}", exact=True)
    if not row.count():
        person.click("Add columns")
    row.get_by_label("Name").fill(name)
    row.get_by_label("Type").select_option(label=kind)
    row.get_by_label("Meaning").fill(label)


def begin(person: Person) -> None:
    """Open the editor and declare three columns."""
    person.go(NEW)
    add_column(person, 1, "age", "Whole number", "Age")
    add_column(person, 2, "left_on", "Date", "Day of discharge")
    add_column(person, 3, "code", "Code (text)", "Diagnosis")


def test_the_catalogue_is_searched_read_and_adopted_from(consultant: Person):
    consultant.go(CATALOGUE)
    consultant.looks("library-catalogue", dark=True)
    consultant.fill({"Search": "length of stay", "Scoring": "Mean"})
    consultant.click("Show")
    consultant.looks("library-catalogue-found")
    consultant.click("Average length of stay")
    consultant.reads("Governance card", "Test deck", "As SQL for PostgreSQL")
    for summary in consultant.page.locator("main details > summary").all():
        summary.click()
    consultant.looks("library-standard", dark=True)
    consultant.click("Adopt")
    consultant.reads("Average length of stay is in the library now.")
    consultant.click("Write the next version")
    consultant.looks("library-editor", dark=True)
    consultant.fill({"Unit": "nights", "Why it matters": "Beds are scarce."})
    consultant.click("Save as the next version")
    consultant.reads("Saved as version 2.")
    consultant.click("Compare with version 1")
    consultant.reads("What changed in Average length of stay")
    consultant.looks("library-changes", dark=True)
    consultant.go("/t/riverside/indicators/")
    consultant.looks("library-own")


def test_a_criterion_is_built_from_fields_and_reads_in_english(consultant: Person):
    begin(consultant)
    block, page = numerator(consultant), consultant.page
    text = block.get_by_label("Numerator (optional)", exact=True)

    consultant.click("Build with fields: Numerator")
    block.get_by_role("button", name="Add a condition").click()
    block.get_by_label("Comparison").select_option(label="is at least")
    block.get_by_label("Value").fill("18")
    expect(text).to_have_value("age >= 18")
    expect(block.locator(".criterion__reading")).to_have_text("Reads: Age is at least 18.")

    block.get_by_role("button", name="Add a group").first.click()
    expect(block.get_by_label("Column").nth(1)).to_be_focused()
    block.get_by_label("Column").nth(1).select_option(label="Diagnosis")
    block.get_by_label("Comparison").nth(1).select_option(label="is one of")
    block.get_by_label("Values, one on each line").fill("I21\nI22")
    expect(text).to_have_value("age >= 18 and code in ('I21', 'I22')")

    block.get_by_label("Group at level 2", exact=True).select_option(label="None of these is true")
    expect(text).to_have_value("age >= 18 and code not in ('I21', 'I22')")
    consultant.looks("library-builder", dark=True)

    text.fill("left_on between date '2026-01-01' and date '2026-03-31' or age + 1 > 20")
    expect(block.get_by_label("From", exact=True)).to_have_value("2026-01-01")
    expect(block.get_by_label("Condition as text")).to_have_value("age + 1 > 20")
    block.get_by_label("To", exact=True).fill("2026-06-30")
    expect(text).to_have_value(
        "left_on between date '2026-01-01' and date '2026-06-30' or age + 1 > 20"
    )
    block.get_by_role("button", name="Remove the condition").nth(1).click()
    expect(text).to_have_value("left_on between date '2026-01-01' and date '2026-06-30'")
    page.set_viewport_size(PHONE)
    consultant.looks("library-builder-small")


def test_what_is_wrong_is_shown_while_it_is_typed(consultant: Person):
    begin(consultant)
    block = numerator(consultant)
    text = block.get_by_label("Numerator (optional)", exact=True)

    text.fill("age >= eighteen")
    expect(block.locator(".criterion__reading")).to_contain_text(
        "At character 8: There is no column “eighteen”."
    )
    expect(block.locator(".caret")).to_have_text(f"age >= eighteen\n{' ' * 7}^")
    consultant.looks("library-criterion-problem")

    consultant.click("Build with fields: Numerator")
    expect(block.locator(".builder")).to_have_count(0)
    expect(text).to_have_value("age >= eighteen")

    text.fill("age >= 18")
    consultant.click("Build with fields: Numerator")
    block.get_by_label("Value").fill("old")
    expect(block.locator(".builder__problem")).to_have_text(
        "Age is a number: write a number such as 12.5."
    )
    expect(text).to_have_value("age >= 18")
    consultant.click("Save as version 1")
    expect(block.locator(".builder__problem")).to_be_in_viewport()
    assert consultant.page.url.endswith(NEW)
    consultant.looks("library-builder-problem")


def test_a_new_indicator_is_written_built_and_saved_by_keyboard(consultant: Person):
    begin(consultant)
    page = consultant.page
    consultant.fill({"Short name": "adults", "Title": "Adults", "Unit": "percent"})
    example = page.get_by_role("group", name="Example 1", exact=True)
    example.get_by_label("What the example shows").fill("a child")
    example.get_by_label("Its values").fill("age = 4")
    toggle = page.get_by_role("button", name="Build with fields: Numerator", exact=True)
    toggle.focus()
    for key in ("Enter", "Tab", "Tab", "Enter"):  # open it, past the group's choice, add
        page.keyboard.press(key)
        page.wait_for_timeout(700)
    expect(numerator(consultant).get_by_label("Column")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type("is at least")
    page.keyboard.press("Tab")
    page.keyboard.type("18")  # saved at once: what was built is written first
    consultant.click("Save as version 1")
    consultant.reads("“a child” should be “numerator” and is “numerator not met”.")
    consultant.looks("library-editor-refused")
    example.get_by_label("Must stand in").select_option(label="Numerator not met")
    consultant.click("Save as version 1")
    consultant.reads("Adults is in the library now.", "Age is at least 18", "Passes")


def test_the_editor_works_without_scripts(door: Door):
    person = door.enter(CONSULTANT, "riverside", scripts=False)
    person.go(NEW)
    person.fill({"Short name": "plain", "Title": "Plain", "Numerator": "age >= 18"})
    row = person.page.get_by_role("group", name="Column 1", exact=True)
    row.get_by_label("Name").fill("age")
    row.get_by_label("Type").select_option(label="Whole number")
    person.click("Add columns")
    expect(person.page.get_by_role("group", name="Column 4", exact=True)).to_be_visible()
    expect(row.get_by_label("Name")).to_have_value("age")
    person.click("Save as version 1")
    person.reads("Plain is in the library now.", "age is at least 18")
