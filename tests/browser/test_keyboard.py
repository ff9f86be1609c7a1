"""Without a mouse."""

from playwright.sync_api import Page, expect

from comanage.demo.cast import PASSWORD
from tests.browser.people import Door

OUTLINE = """() => { const s = getComputedStyle(document.activeElement);
  return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; }"""


def test_sign_in_and_a_form_work_by_keyboard_alone(door: Door):
    person = door.stranger()
    person.go("/accounts/login/")
    keys = person.page.keyboard
    _expect_the_skip_link_first(person.page)
    for field, text in (("Email", "admin@riverside.example"), ("Password", PASSWORD)):
        _tab_to(person.page, person.page.get_by_label(field))
        keys.type(text)
    keys.press("Enter")
    expect(person.page.locator(".user-menu")).to_be_visible()

    person.go("/t/riverside/members/new/")
    _expect_the_skip_link_first(person.page)
    for label, text in {"Name": "Ada Byron", "E-mail address": "ada@riverside.example"}.items():
        _tab_to(person.page, person.page.get_by_label(label, exact=True))
        keys.type(text)
    _tab_to(person.page, person.page.get_by_label("Role"))
    keys.type("Finance")
    _tab_to(person.page, person.page.get_by_role("button", name="Add the member"))
    keys.press("Enter")
    person.reads("Ada Byron is a member.")


def test_the_menu_of_a_phone_opens_by_keyboard(door: Door):
    person = door.enter(
        "admin@riverside.example", "riverside", viewport={"width": 360, "height": 740}
    )
    menu = person.page.locator(".nav-toggle summary")
    _tab_to(person.page, menu)
    expect(person.page.get_by_role("navigation", name="Main")).not_to_be_visible()
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("navigation", name="Main")).to_be_visible()
    person.looks("menu-open")


def _expect_the_skip_link_first(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def _tab_to(page: Page, thing) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if thing.evaluate("element => element === document.activeElement"):
            assert page.evaluate(OUTLINE), "The focus cannot be seen."
            return
    raise AssertionError(f"Tab never reached {thing}")
