"""People at their browsers."""

from collections.abc import Mapping

from playwright.sync_api import Browser, Locator, Page, expect

from comanage.demo.cast import PASSWORD
from tests.browser.inspection import DESK, Inspector

PATIENCE_MS = 30_000


class Person:
    """One person in one browser window."""

    def __init__(self, page: Page, site: str, inspector: Inspector) -> None:
        self.page, self.site, self.inspector = page, site, inspector

    def go(self, address: str) -> None:
        """Open an address of the site."""
        answer = self.page.goto(self.site + address)
        assert answer is not None
        assert answer.status < 400, f"{address}: {answer.status}"

    def click(self, name: str) -> None:
        """Follow the link or press the button of that name."""
        thing = self.page.get_by_role("link", name=name, exact=True).or_(
            self.page.get_by_role("button", name=name, exact=True)
        )
        thing.first.click()

    def fill(self, values: Mapping[str, str]) -> None:
        """Fill in fields by their labels; a choice is chosen."""
        for label, value in values.items():
            self.field(label).select_option(label=value) if self._is_choice(label) else self.field(
                label
            ).fill(value)

    def field(self, label: str) -> Locator:
        """Find the field of a label, optional or not."""
        exact = self.page.get_by_label(label, exact=True)
        return exact.or_(self.page.get_by_label(f"{label} (optional)", exact=True))

    def reads(self, *texts: str) -> None:
        """Expect each text to be readable on the page, soon."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE_MS)

    def does_not_read(self, *texts: str) -> None:
        """Expect none of the texts on the page as it stands."""
        words = self.page.locator("body").inner_text()
        for text in texts:
            assert text not in words, f"{self.page.url} says {text}"

    def looks(self, name: str, *, dark: bool = False) -> None:
        """Inspect the page."""
        self.inspector.look(self.page, name, dark=dark)

    def _is_choice(self, label: str) -> bool:
        return self.field(label).evaluate("element => element.tagName") == "SELECT"


class Door:
    """Opens a window for each person and signs them in."""

    def __init__(self, browser: Browser, site: str, inspector: Inspector) -> None:
        self._browser, self._site, self._inspector = browser, site, inspector
        self._contexts = []

    def stranger(self, *, scripts: bool = True, expects_errors: bool = False, **given) -> Person:
        """Open a window in which nobody is signed in."""
        given = {"viewport": DESK, "reduced_motion": "reduce"} | given
        context = self._browser.new_context(java_script_enabled=scripts, **given)
        context.set_default_timeout(PATIENCE_MS)
        self._contexts.append(context)
        page = context.new_page()
        self._inspector.watch(page, expects_errors=expects_errors)
        return Person(page, self._site, self._inspector)

    def enter(self, email: str, hospital: str = "", **given) -> Person:
        """Open a window and sign a person in by the form."""
        person = self.stranger(**given)
        person.go("/accounts/login/")
        person.page.get_by_label("Email").fill(email)
        person.page.get_by_label("Password").fill(PASSWORD)
        person.click("Sign in")
        expect(person.page.locator(".user-menu")).to_be_visible()
        if hospital:
            person.go(f"/t/{hospital}/")
        return person

    def close(self) -> None:
        """Close every window."""
        for context in self._contexts:
            context.close()
