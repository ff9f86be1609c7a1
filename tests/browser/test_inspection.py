"""The inspector itself: a page that owes its reader everything gets every complaint."""

import pytest

from tests.browser.people import Door

BAD_PAGE = """<html><title>Bad</title><h1>One</h1><h1>Two</h1>
<p style="color:#ccc;width:2000px">Pale and wide</p><input></html>"""


def test_a_bad_page_is_complained_about(door: Door, inspector):
    stranger = door.stranger()
    stranger.go("/healthz")
    stranger.page.set_content(BAD_PAGE)
    stranger.page.evaluate("console.error('thrown')")
    stranger.looks("bad-page")

    with pytest.raises(AssertionError) as said:
        inspector.conclude()

    for complaint in (
        "2 headings of the first level",
        "bad-page (phone): scrolls sideways",
        "color-contrast",
        "html-has-lang",
        "console says thrown",
    ):
        assert complaint in str(said.value)
    inspector.complaints.clear()
