"""A file that changes what counts, by the people whose decision it is: open period, then closed."""

import pytest
from django.db import transaction
from playwright.sync_api import expect

from adjudication.years.actions import freeze_year
from agreements.terms.models import MeasurementYear
from comanage.demo.build import _password_hash, member
from comanage.exports.tables import XLSX_TYPE
from comanage.identity.models import User
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from tests.browser.people import Door, Person
from tests.ground import open_year, run_jobs, small_hospital, stays, take_in
from tests.workbooks import workbook

HOSPITAL = "smallville"
KEEP = "/uploads/parts/keep/"
DAYS = {"First day of the cases": "2025-01-01", "Last day of the cases": "2025-12-31"}
ADDRESS = {
    role: f"{role.value}@{HOSPITAL}.example"
    for role in (Role.SERVICE_LINE_ADMINISTRATOR, Role.COMPLIANCE, Role.CONSULTANT)
}


@pytest.fixture(scope="module")
def started(house, django_db_blocker):
    """A small hospital with a first edition; nothing rings before it is whole."""
    with transaction.atomic():
        tenant = small_hospital(HOSPITAL)
        with tenant_scope(tenant.pk):
            year = open_year()
            take_in(stays())
            run_jobs(tenant.pk, JobKind.RECOMPUTE_SCORECARD)
            feed = Feed.objects.get()
        User.objects.filter(email__in=ADDRESS.values()).update(password=_password_hash())
    return tenant, year.pk, feed.pk


@pytest.fixture
def small_parts(settings):
    """Files of this module are large ones: they go up in parts, five and more."""
    settings.UPLOAD_MAX_BYTES = 1000
    settings.UPLOAD_PART_BYTES = 400


def test_a_file_that_changes_what_counts_is_looked_at_before_it_counts(
    door: Door, started, small_parts
):
    tenant, year_pk, feed_pk = started
    email = ADDRESS[Role.SERVICE_LINE_ADMINISTRATOR]
    go_on_where_a_connection_broke(door.enter(email, HOSPITAL, expects_errors=True), feed_pk)
    steward = door.enter(email, HOSPITAL)
    map_a_column(steward, feed_pk)
    accept_a_correction(steward, feed_pk)
    read_the_editions(steward, year_pk)

    with tenant_scope(tenant.pk):
        freeze_year(year=MeasurementYear.objects.get(), by=member(Role.CONSULTANT))
    ask_for_a_restatement(steward, feed_pk)
    compliance = door.enter(ADDRESS[Role.COMPLIANCE], HOSPITAL)
    approve_it(compliance, steward.page.url.removeprefix(steward.site))
    read_the_old_edition(compliance, year_pk)
    consultant = door.enter(ADDRESS[Role.CONSULTANT], HOSPITAL)
    freeze_anew(consultant, year_pk)


def go_on_where_a_connection_broke(steward: Person, feed_pk) -> None:
    """Lose the line after two of its parts, load the page anew, and send the others alone."""
    sent: list[str] = []

    def lose(route) -> None:
        sent.append(route.request.url)
        route.abort() if len(sent) > 2 else route.continue_()

    steward.page.route(f"**{KEEP}", lose)
    send(steward, feed_pk, stays(60))
    steward.reads("The connection is lost", "Stop and give it up")
    steward.looks("upload-in-parts", dark=True)
    steward.page.goto("about:blank")  # the page tries again by itself while it is open
    steward.page.unroute(f"**{KEEP}")

    again: list[str] = []
    steward.page.on("request", lambda asked: again.append(asked.url) if KEEP in asked.url else None)
    steward.go(f"/t/{HOSPITAL}/data/feeds/{feed_pk}/uploads/new/")
    steward.reads("Begun and not finished", "800 bytes there")
    steward.looks("upload-unfinished")
    send(steward, feed_pk, stays(60))
    steward.reads("This file waits for a person")
    assert len(again) == -(-len(stays(60)) // 400) - 2
    steward.click("Take the file back")
    steward.reads("Cancelled. Nothing of the file counts.")


def map_a_column(steward: Person, feed_pk) -> None:
    """Be told of a mistake in the map while writing, see what would change, and save it."""
    steward.go(f"/t/{HOSPITAL}/data/feeds/{feed_pk}/map/")
    steward.click("Add columns")
    steward.page.locator("tbody.column").last.get_by_label("Remove").check()
    named = steward.page.locator("input[value=time_in_hospital]")
    column = steward.page.locator("tbody.column").filter(has=named)
    column.locator("summary").click()
    assert not column.get_by_label("Codes allowed").is_visible()
    column.get_by_label("Lowest value").fill("none")
    steward.reads("'none' is not a number.")
    steward.looks("map-mistake", dark=True)
    column.get_by_label("Lowest value").fill("0")
    expect(steward.page.get_by_text("'none' is not a number.")).to_have_count(0)
    steward.fill({"Note": "Stays of hours are sent now."})
    steward.click("Look at the changes")
    steward.reads("time_in_hospital", "The lowest value: 1 becomes 0.")
    steward.looks("map-changes")
    steward.click("Save the new version")
    steward.reads("Version 2 of the map holds from now on.")


def send(person: Person, feed_pk, content: bytes, **more: str) -> None:
    person.go(f"/t/{HOSPITAL}/data/feeds/{feed_pk}/uploads/new/")
    chosen = {"name": "stays.csv", "mimeType": "text/csv", "buffer": content}
    person.page.get_by_label("File").set_input_files(chosen)
    person.fill({**DAYS, **more})
    person.click("Send the file")


def send_a_sheet(person: Person, feed_pk, content: bytes) -> None:
    """Find the sheet and the header of a workbook, look at another sheet, and send the first."""
    rows = [line.split(",") for line in content.decode().splitlines()]
    sheets = {"Read me": [["Made by the registry"]], "Stays": [["Stays of 2025"], [], *rows]}
    book = {"name": "stays.xlsx", "mimeType": XLSX_TYPE, "buffer": workbook(sheets)}
    person.go(f"/t/{HOSPITAL}/data/feeds/{feed_pk}/uploads/new/")
    person.page.get_by_label("File").set_input_files(book)
    person.fill(DAYS)
    person.click("Look at it first")
    person.reads("sheet “Stays”, header in row 3", "another row than the feed declares", "Kept")
    person.fill({"Sheet": "Read me: 1 row, 1 column"})
    person.click("Look again")
    person.reads("sheet “Read me”, header in row 1", "Declared columns that the file does not have")
    person.fill({"Sheet": "The one with the declared columns"})
    person.click("Look again")
    person.reads("sheet “Stays”, header in row 3")
    person.looks("upload-sheets", dark=True)
    person.click("Send the file")


def accept_a_correction(steward: Person, feed_pk) -> None:
    """3 of 40 readmitted become 2 of 41, and 16 of 41 measured no longer reach their target.

    The one earns all of $36,000.01 instead of half of it, the other half of $24,000.00.
    """
    send_a_sheet(steward, feed_pk, stays(41, readmitted=2))
    steward.reads("This file waits for a person", "What it would change", "$6,000.00 more")
    steward.reads("readmitted in 1 case", "3 / 40", "2 / 41")
    steward.click("Accept the file")
    steward.reads("Decide", "Give the reason")
    steward.looks("upload-held-refused")
    steward.fill({"Reason": "Coding corrected two returns."})
    steward.looks("upload-held", dark=True)
    steward.click("See the cases")
    steward.reads("Changed: 1", "Added: 1", "<30 before, NO now")
    steward.looks("upload-cases")
    steward.click("stays.xlsx")
    steward.fill({"Reason": "Coding corrected two returns."})
    steward.click("Accept the file")
    steward.reads("Accepted as version 2", "Coding corrected two returns.", "What it changed")
    steward.looks("upload-accepted-by-a-person")


def read_the_editions(steward: Person, year_pk) -> None:
    steward.go(f"/t/{HOSPITAL}/data/scorecards/{year_pk}/")
    steward.click("All editions")
    if not steward.page.get_by_role("link", name="Edition 2").count():
        steward.page.reload()
    steward.reads("Edition 2", "$6,000.00 more than before", "version 2 of 1 Jan 2025")
    steward.looks("editions")


def ask_for_a_restatement(steward: Person, feed_pk) -> None:
    steward.go(f"/t/{HOSPITAL}/data/feeds/{feed_pk}/uploads/new/")
    steward.reads("Closed for adjudication", "1 Jan 2025 to 31 Dec 2025")
    steward.looks("upload-new-closed")
    send(steward, feed_pk, stays(41, readmitted=3))
    steward.reads("is closed for adjudication", "Ask for a restatement")
    reason = {"Reason for a restatement": "One return was planned after all."}
    send(steward, feed_pk, stays(41, readmitted=3), **reason)
    steward.reads("This file waits for counsel or compliance", "One return was planned")
    steward.does_not_read("Approve the restatement")
    steward.looks("restatement-asked")


def approve_it(compliance: Person, address: str) -> None:
    compliance.go(address)
    compliance.reads("Decide on the restatement", "1 Jan 2025 to 31 Dec 2025, closed")
    compliance.does_not_read("See the cases")
    compliance.looks("restatement-decide", dark=True)
    compliance.fill({"Reason": "Confirmed by coding."})
    compliance.click("Approve the restatement")
    compliance.reads("Approved. A new edition", "Confirmed by coding.")
    compliance.looks("restatement-approved")


def read_the_old_edition(compliance: Person, year_pk) -> None:
    compliance.go(f"/t/{HOSPITAL}/data/scorecards/{year_pk}/editions/")
    compliance.page.get_by_role("link", name="Edition 2").click()
    compliance.reads("Edition 2, as published on")
    compliance.looks("edition-old", dark=True)
    compliance.click("See the newest edition")
    compliance.reads("Data of a closed period was restated")
    compliance.looks("edition-restated")


def freeze_anew(consultant: Person, year_pk) -> None:
    consultant.go(f"/t/{HOSPITAL}/adjudication/years/{year_pk}/")
    consultant.reads("Restated, to be frozen anew", "restated after it was frozen")
    consultant.looks("adjudication-restated")
    consultant.page.get_by_role("button", name="Freeze the year").click()
    consultant.reads("The year is frozen")
