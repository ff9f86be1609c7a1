"""After a year of data the consultant drafts the next one, with its goals and a new baseline."""

import pytest

from comanage.demo.hospitals import ORTHOPAEDICS
from tests.browser.people import Door, Person
from tests.browser.walk_data import choose

TITLE = "Readmission within 30 days"
DAYS = {"First day of the history": "2025-01-01", "Last day of the history": "2025-12-31"}


@pytest.mark.long
def test_the_next_year_begins_with_the_goals_agreed_for_it_and_a_baseline_from_history(door: Door):
    owner = door.enter("data@lakeshore.example", "lakeshore")
    owner.click("Hospital data")
    owner.click("Inpatient stays")
    owner.page.get_by_role("link", name="Send a file").first.click()
    choose(owner, ORTHOPAEDICS.extract)
    owner.click("Send the file")
    owner.reads("All 2,633 rows are accepted")
    owner.click(f"Scorecard of {ORTHOPAEDICS.name}")
    owner.page.locator("summary").get_by_text(f"How {TITLE} is counted").click()
    owner.reads("290 over 2,600; Illustrative")
    owner.looks("scorecard-baseline")

    consultant = door.enter("consultant@harbor.example", "lakeshore")
    draft_the_next_year(consultant)
    count_and_freeze(consultant)
    write_goals_ahead(consultant)


def draft_the_next_year(consultant: Person) -> None:
    consultant.click("Programs")
    consultant.click(ORTHOPAEDICS.name)
    consultant.page.get_by_role("link", name="1 Jan 2025 to 31 Dec 2025").first.click()
    consultant.reads("Year 2: 9.6 %, 8.7 %, 7.8 %", "Year 3: 9.2 %, 8.4 %, 7.6 %")
    consultant.looks("terms-with-goals-ahead")
    consultant.click("Draft the next year")
    consultant.reads("The next year is drafted", "1 Jan 2026 to 31 Dec 2026", "Threshold 9.6 %")
    consultant.reads("The opinion holds from 1 Jan 2025 to 31 Dec 2025, not for the whole year.")
    consultant.looks("terms-next-draft")


def count_and_freeze(consultant: Person) -> None:
    consultant.page.get_by_role(
        "link", name=f"Compute from history the baseline of {TITLE}"
    ).click()
    consultant.reads("stays_orthopedics.xlsx")
    consultant.looks("baseline")
    consultant.fill(DAYS | {"First day of the history": "2024-01-01"})
    consultant.click("Count")
    consultant.reads("does not cover 1 Jan 2024 to 31 Dec 2025")
    consultant.looks("baseline-refused")
    consultant.fill(DAYS)
    consultant.click("Count")
    # 151 + 92 of 1,392 + 1,230, as published
    consultant.reads("9.3 % over 1 Jan 2025 to 31 Dec 2025", "2,622", "243", "290 over 2,600")
    consultant.looks("baseline-counted")
    consultant.click("Freeze as the baseline")
    consultant.reads("frozen and stands in the draft", "243 over 2,622", "say why it was rebased")
    consultant.page.get_by_role(
        "link", name=f"Compute from history the baseline of {TITLE}"
    ).click()
    consultant.fill(DAYS)
    consultant.click("Count")
    consultant.fill({"Why the baseline is new": "The first year was measured by other counts."})
    consultant.click("Freeze as the baseline")
    consultant.reads("Rebased: The first year was measured by other counts.")
    consultant.does_not_read("say why it was rebased")
    consultant.looks("terms-rebased")


def write_goals_ahead(consultant: Person) -> None:
    consultant.page.get_by_role("link", name="Add an indicator").first.click()
    consultant.page.locator("summary").get_by_text("Goals for the years after").click()
    consultant.fill({"Threshold, year 3": "8%"})
    consultant.click("Add to the terms")
    consultant.reads("Nothing was saved yet", "for each tier of the first year, or none")
    consultant.looks("indicator-agree-goals-ahead")
