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


def test_a_file_sent_by_two_clicks_is_taken_in_once(door: Door):
    owner = door.enter("data@lakeshore.example", "lakeshore", scripts=False)
    owner.click("Hospital data")
    owner.looks("feeds")
    owner.click(FEED)
    owner.page.get_by_role("link", name="Send a file").first.click()
    choose(owner, ORTHOPAEDICS.extract)

    owner.page.get_by_role("button", name="Send the file").dblclick()

    owner.reads("SHA-256", "stays_orthopedics.xlsx")
    for _ in range(100):
        if owner.page.get_by_role("link", name="Ask again").count() == 0:
            break
        owner.page.wait_for_timeout(200)
        owner.page.reload()
    owner.reads("All 2,633 rows are accepted", STAYS)
    owner.looks("upload-accepted.xlsx")
    owner.click("Scorecard of Orthopaedic co-management")
    owner.click("Hospital data")
    owner.click(FEED)
    expect(owner.page.get_by_role("region", name="Uploads").locator("tbody tr")).to_have_count(1)
    expect(owner.page.get_by_role("region", name="Slices").locator("tbody tr")).to_have_count(1)
    owner.looks("feed")


def test_a_key_shown_after_two_clicks_opens_the_api(door: Door):
    admin = door.enter("admin@lakeshore.example", "lakeshore")
    admin.click("Extract clients")
    admin.looks("clients-empty")
    admin.click("Register a client")
    admin.fill({"Name": "EHR extract"})
    for choice in admin.page.get_by_role("checkbox").all():
        choice.check()
    admin.looks("client-new")

    admin.page.get_by_role("button", name="Register and show the key").dblclick()

    admin.reads("This key is shown once")
    admin.looks("client-key")
    key = admin.page.locator("#key").inner_text().strip()
    api = f"{admin.site}/t/lakeshore/api/v1"
    feed = _call(f"{api}/feeds", key)["feeds"][0]["id"]
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
