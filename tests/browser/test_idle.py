"""The warning before the idle sign-out."""

from playwright.sync_api import expect

from tests.browser.people import Door

IDLE_MINUTES, WARNED_MINUTES = 15, 2


def test_an_idle_person_is_warned_and_may_stay(door: Door):
    person = door.enter("admin@riverside.example")
    panel = person.page.get_by_role("alert").filter(has_text="You will be signed out")
    person.page.clock.install()
    person.go("/t/riverside/members/")

    person.page.clock.fast_forward((IDLE_MINUTES - WARNED_MINUTES) * 60_000 - 1_000)
    expect(panel).to_be_hidden()
    person.page.clock.fast_forward(2_000)
    expect(panel).to_be_visible()
    person.looks("idle-warning", dark=True)
    person.click("Stay signed in")
    expect(panel).to_be_hidden()
    person.page.clock.fast_forward((IDLE_MINUTES - WARNED_MINUTES) * 60_000 - 1_000)
    expect(panel).to_be_hidden()
