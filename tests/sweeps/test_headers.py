"""What every kind of answer tells the browser to refuse."""

import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from adjudication.package.models import Report
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from tests.doors import PAGES
from tests.settled import World
from tests.sweeps.test_doors import holder, knock, record_of

pytestmark = pytest.mark.xdist_group("headers")  # one world for the module

KINDS = (
    "page",
    "page 403",
    "page 404",
    "page redirect",
    "page 405",
    "sign-in",
    "choose a hospital",
    "health",
    "absent",
    "API 200",
    "API 401",
    "API 404",
    "API 405",
)


def answer_of(kind: str, world: World) -> HttpResponse:
    browser, machine = (
        world.browser(world.riverside, Role.COMPLIANCE),
        world.machine(world.riverside),
    )
    client, address = {
        "page": (browser, "/t/riverside/"),
        "page 403": (browser, reverse("web:member-list", args=["riverside"])),
        "page 404": (browser, "/t/lakeshore/"),
        "page redirect": (Client(), "/t/riverside/"),
        "page 405": (
            world.browser(world.riverside, Role.CONSULTANT),
            reverse("indicators:indicator-adopt", args=["riverside", "x"]),
        ),
        "sign-in": (Client(), reverse("account_login")),
        "choose a hospital": (world.browser(world.riverside, Role.CONSULTANT), "/"),
        "health": (Client(), "/healthz"),
        "absent": (Client(), "/nothing/here"),
        "API 200": (machine, "/t/riverside/api/v1/feeds"),
        "API 401": (Client(), "/t/riverside/api/v1/feeds"),
        "API 404": (machine, "/t/lakeshore/api/v1/feeds"),
        "API 405": (machine, "/t/riverside/api/v1/feeds"),
    }[kind]
    return client.delete(address) if kind == "API 405" else client.get(address)


STATUS = {"page": 200, "sign-in": 200, "choose a hospital": 200, "health": 200, "API 200": 200}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_answer_carries_the_headers(world: World, kind: str):
    answer = answer_of(kind, world)

    expected = STATUS.get(kind) or {"redirect": 302, "absent": 404}.get(kind.split()[-1])
    assert answer.status_code == (expected or int(kind.split()[-1]))
    headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "no-store" in headers["Cache-Control"]
    policy = directives(headers["Content-Security-Policy"])
    assert policy["default-src"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == ["'self'"]
    assert policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert not {"'unsafe-inline'", "'unsafe-eval'", "*", "https:", "http:"} & {
        source for sources in policy.values() for source in sources
    }


def directives(policy: str) -> dict[str, list[str]]:
    return {words[0]: words[1:] for part in policy.split(";") if (words := part.split())}


def test_a_report_opens_in_a_sandbox_and_under_its_own_name(world: World):
    with tenant_scope(world.riverside.pk):
        report = Report.objects.first()
    browser = world.browser(world.riverside, Role.COUNSEL)

    answer = browser.get(reverse("adjudication:report-download", args=["riverside", report.pk]))

    assert answer.headers["Content-Security-Policy"] == "sandbox"
    assert "; filename*=UTF-8''adjudication-" in answer.headers["Content-Disposition"]
    assert answer.getvalue().startswith(b"%PDF")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_policy_of_the_settings_has_no_report_only_twin():
    assert not getattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY", None)


class Page(HTMLParser):
    """Collects what the strict policy would block, and every address a page loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.blocked: list[str] = []
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        self.blocked += [name for name in given if name == "style" or re.match(r"on[a-z]", name)]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.blocked.append(tag)
        if tag in {"script", "img", "link", "iframe", "form", "source", "use"}:
            for name in ("src", "href", "action", "srcset", "xlink:href"):
                self.loaded += [given[name] or ""] if name in given else []


@pytest.mark.parametrize("door", PAGES, ids=str)
def test_no_page_holds_what_its_own_policy_blocks(world: World, door):
    """The browser would drop it silently, and the page would look or work wrong."""
    address = door.address("riverside", record_of(door, world.riverside))
    answer = knock(holder(world, world.riverside, door), "get", address)
    if "html" not in answer.headers["Content-Type"] or answer.status_code != 200:
        return

    page = Page(answer.content.decode())

    assert page.blocked == []
    assert [each for each in page.loaded if re.match(r"\w+:|//", each)] == []
