"""What every page owes every reader, looked at on a desk and on a phone."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe()
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# What alone is another by night: the colours.
AXE_BY_NIGHT = AXE_OPTIONS | {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
DESK, PHONE, SMALLEST = (
    {"width": 1280, "height": 900},
    {"width": 360, "height": 740},
    {"width": 320, "height": 640},
)
# What stands out to the right, so that a failure names its culprit.
WIDEST = """() => [...document.querySelectorAll('body *')]
  .filter(e => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && !e.closest('.table-wrap, pre, .code-block, .visually-hidden'))
  .slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
# A control that nobody can reach, in a layer that does not scroll.
CUT_OFF = """() => [...document.querySelectorAll('a[href], button, input, select, textarea')]
  .filter(e => e.checkVisibility() && e.getBoundingClientRect().width > 1
    && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1
    && !e.closest('.table-wrap, pre, .code-block'))
  .map(e => e.outerHTML.slice(0, 120))"""
TOO_WIDE = """() => document.documentElement.scrollWidth
  - document.documentElement.clientWidth"""


class Inspector:
    """Looks at each page once and keeps a list of complaints."""

    def __init__(self, site: str, folder: Path) -> None:
        self.site, self.folder = site, folder
        self.complaints: list[str] = []
        self._seen: set[str] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def watch(self, page: Page, *, expects_errors: bool = False) -> None:
        """Hear every console error and every request of a window."""

        def hear(message) -> None:
            if message.type == "error" and not expects_errors:
                self.complaints.append(f"{page.url}: console says {message.text}")

        def see(request) -> None:
            if not request.url.startswith((self.site, "data:", "about:")):
                self.complaints.append(f"{page.url}: asks a stranger, {request.url}")

        page.on("console", hear)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("request", see)

    def look(self, page: Page, name: str, *, dark: bool = False) -> None:
        """Inspect a page as it stands, at every width, and leave it on a desk."""
        if name in self._seen:
            return
        self._seen.add(name)
        page.wait_for_load_state()  # a click returns as soon as the next page has begun
        before = page.viewport_size or DESK
        headings = page.locator("h1").count()
        if headings != 1:
            self.complaints.append(f"{name}: {headings} headings of the first level")
        for size, word in ((DESK, "desk"), (PHONE, "phone")):
            page.set_viewport_size(size)
            self._narrow(page, f"{name} ({word})")
            self._scan(page, f"{name} ({word})")
            self.picture(page, f"{name}-{word}")
        page.set_viewport_size(SMALLEST)
        self._narrow(page, f"{name} (320 px)")
        if dark:
            page.emulate_media(color_scheme="dark")
            page.set_viewport_size(DESK)
            self._scan(page, f"{name} (dark)", AXE_BY_NIGHT)
            self.picture(page, f"{name}-dark")
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(before)

    def picture(self, page: Page, name: str) -> None:
        """Keep a picture of the whole page."""
        picture = self.folder / f"{name}.jpg"
        page.screenshot(path=picture, full_page=True, type="jpeg", quality=85)

    def conclude(self) -> None:
        """Fail with everything that was wrong."""
        assert not self.complaints, "\n".join(self.complaints)

    def _narrow(self, page: Page, where: str) -> None:
        if page.evaluate(TOO_WIDE) > 0:
            self.complaints.append(f"{where}: scrolls sideways, {page.evaluate(WIDEST)}")
        if cut_off := page.evaluate(CUT_OFF):
            self.complaints.append(f"{where}: cut off at the right, {cut_off}")

    def _scan(self, page: Page, where: str, options: dict = AXE_OPTIONS) -> None:
        if page.evaluate("() => typeof axe === 'undefined'"):
            page.evaluate(AXE.axe_script)
        for violation in page.evaluate("options => axe.run(options)", options)["violations"]:
            nodes = [
                f"{node['html'][:160]} ({node['failureSummary']})" for node in violation["nodes"]
            ]
            self.complaints.append(f"{where}: {violation['id']}: {' | '.join(nodes[:3])}")
