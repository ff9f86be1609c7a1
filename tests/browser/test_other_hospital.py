"""The other hospital: its terms stand, its data comes as XLSX by hand, and by a machine."""

import json
import time
from urllib.request import Request, urlopen

from playwright.sync_api import expect

from comanage.demo.hospitals import ORTHOPAEDICS
from tests.browser.people import Door
from tests.browser.walk_data import choose

STAYS = "1 Jan 2025 to 31 Dec 2025"
FEED = "Inpatient stays"


def test_a_hospital_sends_its_data_by_hand_and_by_machine(door: Door):
    a_file_sent_by_two_clicks_is_taken_in_once(door)
    a_key_shown_after_two_clicks_opens_the_api(door)


def a_file_sent_by_two_clicks_is_taken_in_once(door: Door) -> None:
    # Without scripts nothing but the server stands between a second click and a second file.
    hasty = door.enter("data@lakeshore.example", "lakeshore", scripts=False)
    hasty.click("Hospital data")
    hasty.click(FEED)
    hasty.page.get_by_role("link", name="Send a file").first.click()
    choose(hasty, ORTHOPAEDICS.extract)
    hasty.page.get_by_role("button", name="Send the file").dblclick()
    hasty.reads("SHA-256", "stays_orthopedics.xlsx")

    owner = door.enter("data@lakeshore.example", "lakeshore")
    owner.click("Hospital data")
    owner.looks("feeds")
    owner.click(FEED)
    uploads = owner.page.get_by_role("region", name="Uploads").locator("tbody tr")
    expect(uploads).to_have_count(1)
    uploads.get_by_role("link").click()
    owner.reads("All 2,633 rows are accepted", STAYS)
    owner.looks("upload-accepted-xlsx")
    owner.click("Scorecard of Orthopedic co-management")
    owner.reads("243 / 2,622", "9.3 %")  # 151 + 92 of 1,392 + 1,230, as published
    owner.click("Hospital data")
    owner.click(FEED)
    expect(owner.page.get_by_role("region", name="Slices").locator("tbody tr")).to_have_count(1)
    owner.looks("feed")


def a_key_shown_after_two_clicks_opens_the_api(door: Door) -> None:
    admin = door.enter("admin@lakeshore.example", "lakeshore")
    admin.click("Extract clients")
    admin.looks("clients-empty")
    admin.click("Make an API key")
    admin.fill({"Name": "EHR extract"})
    for choice in admin.page.get_by_role("checkbox").all():
        choice.check()
    admin.looks("client-new")

    admin.page.get_by_role("button", name="Register and show the key").dblclick()

    admin.reads("This key is shown once")
    admin.looks("client-key")
    key = admin.page.locator("#key").inner_text().strip()
    api = f"{admin.site}/t/lakeshore/api/v1"
    feed = _call(f"{api}/feeds", key)[0]["id"]
    sent = _call(f"{api}/feeds/{feed}/submissions?period=2025", key, ORTHOPAEDICS.extract)
    deadline = time.monotonic() + 20
    while sent["status"] == "received" and time.monotonic() < deadline:
        time.sleep(0.2)
        sent = _call(f"{api}/submissions/{sent['id']}", key)
    assert sent["status"] == "accepted", sent
    admin.click("The key is stored, go on")
    admin.does_not_read(key)
    admin.looks("clients")


def _call(address: str, key: str, file=None) -> dict:
    headers = {"Authorization": f"Bearer {key}"}
    if file:
        headers |= {
            "Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "Idempotency-Key": "the-first-file",
        }
    content = file.read_bytes() if file else None
    with urlopen(Request(address, data=content, headers=headers), timeout=20) as answer:
        return json.load(answer)
