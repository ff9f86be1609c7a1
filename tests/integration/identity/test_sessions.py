"""A session: new with each sign-in, gone when idle or after twelve hours, no use to others."""

from datetime import timedelta
from http.cookies import SimpleCookie
from importlib import import_module
from uuid import uuid4

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from comanage.demo.cast import PASSWORD
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from tests.clock import stand_at
from tests.settled import World

pytestmark = pytest.mark.xdist_group("sessions")  # one world for the module

HOME = "/t/riverside/"
SECOND = timedelta(seconds=1)
IDLE = timedelta(seconds=settings.SESSION_COOKIE_AGE)


@pytest.fixture(autouse=True)
def _a_cache_of_its_own(settings):
    """Count wrong passwords for this test alone, also beside other test processes."""
    settings.CACHES = {
        "default": settings.CACHES["default"] | {"KEY_PREFIX": f"test-{uuid4().hex}"}
    }


def sign_in(world: World, browser: Client, **given: object) -> object:
    email = world.user(world.riverside, Role.CEO).email
    return browser.post(reverse("account_login"), {"login": email, "password": PASSWORD}, **given)


def is_signed_in(browser: Client) -> bool:
    answer = browser.get(HOME)
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def test_an_idle_session_ends_after_fifteen_minutes(world: World, monkeypatch: pytest.MonkeyPatch):
    now = timezone.now()
    stand_at(monkeypatch, now)
    browser = world.browser(world.riverside, Role.CEO)

    stand_at(monkeypatch, now + IDLE - SECOND)
    assert is_signed_in(browser)
    stand_at(monkeypatch, now + IDLE - SECOND + IDLE + SECOND)
    assert not is_signed_in(browser)


def test_idle_logoff_is_the_servers_not_the_cookies():
    """A cookie without an age dies with the browser; the row in the database dies by itself."""
    assert timedelta(minutes=15) == IDLE
    assert settings.SESSION_ENGINE == "django.contrib.sessions.backends.db"
    assert settings.SESSION_SAVE_EVERY_REQUEST
    assert settings.SESSION_EXPIRE_AT_BROWSER_CLOSE


def test_a_busy_session_ends_after_twelve_hours(world: World, monkeypatch: pytest.MonkeyPatch):
    began = timezone.now()
    stand_at(monkeypatch, began)
    browser = world.browser(world.riverside, Role.CEO)
    assert is_signed_in(browser)

    moment = began
    while moment + timedelta(minutes=14) <= began + timedelta(hours=12):
        moment += timedelta(minutes=14)
        stand_at(monkeypatch, moment)
        assert is_signed_in(browser), moment - began
    stand_at(monkeypatch, began + timedelta(hours=12) + SECOND)
    assert not is_signed_in(browser)


def test_after_the_limit_a_new_sign_in_begins_a_new_twelve_hours(
    world: World, monkeypatch: pytest.MonkeyPatch
):
    began = timezone.now()
    browser = world.browser(world.riverside, Role.CEO)
    session = browser.session
    session["signed_in_at"] = (began - timedelta(hours=12, seconds=1)).timestamp()
    session.save()
    assert not is_signed_in(browser)

    sign_in(world, browser)

    assert is_signed_in(browser)


def test_sign_in_gives_a_new_session_key(world: World):
    """Somebody who planted a session in a browser must not share it afterwards."""
    attacker = Client()
    attacker.get(reverse("account_login"))
    session = attacker.session
    session["planted"] = True
    session.save()
    planted = session.session_key
    victim = Client()
    victim.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: planted})

    sign_in(world, victim)

    assert is_signed_in(victim)
    assert victim.cookies[settings.SESSION_COOKIE_NAME].value != planted
    attacker.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: planted})
    assert not is_signed_in(attacker)


def test_sign_out_ends_the_session_on_the_server(world: World):
    browser = world.browser(world.riverside, Role.CEO)
    key = browser.session.session_key

    browser.post(reverse("account_logout"))

    assert not Session.objects.filter(session_key=key).exists()
    browser.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: key})
    assert not is_signed_in(browser)


def test_a_link_alone_signs_nobody_out(world: World):
    browser = world.browser(world.riverside, Role.CEO)

    browser.get(reverse("account_logout"))

    assert is_signed_in(browser)


def test_a_changed_password_ends_other_sessions(world: World):
    browser = world.browser(world.riverside, Role.CEO)
    ceo = world.user(world.riverside, Role.CEO)
    ceo.set_password("another-long-password")
    ceo.save(update_fields=["password"])

    assert not is_signed_in(browser)


def test_nobody_signs_themselves_up(world: World):
    page = Client().get(reverse("account_signup"))
    answer = Client().post(
        reverse("account_signup"), {"email": "x@y.example", "password1": "a-long-password-1"}
    )

    for each in (page, answer):
        assert b"password1" not in each.content
    assert answer.status_code in {200, 302, 403}
    assert (
        not type(world.user(world.riverside, Role.CEO)).objects.filter(email="x@y.example").exists()
    )


def test_sign_in_sends_nobody_to_another_site(world: World):
    answer = sign_in(world, Client(), QUERY_STRING="next=https://evil.example/t/riverside/")

    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


def test_many_wrong_passwords_are_stopped(world: World):
    email = world.user(world.riverside, Role.CEO).email
    for _ in range(6):
        Client().post(reverse("account_login"), {"login": email, "password": "wrong-wrong"})

    browser = Client()
    sign_in(world, browser)

    assert not is_signed_in(browser)


def test_an_unknown_address_and_a_wrong_password_read_alike(world: World):
    email = world.user(world.riverside, Role.CEO).email
    said = []
    for address in (email, "nobody@riverside.example"):
        answer = Client().post(
            reverse("account_login"), {"login": address, "password": "wrong-wrong"}
        )
        said.append((answer.status_code, answer.context["form"].non_field_errors()))

    assert said[0] == said[1]


def test_the_cookies_of_production_are_locked_down(world: World):
    production = import_module("comanage.settings.prod")
    names = [name for name in dir(production) if "_COOKIE_" in name]

    with override_settings(**{name: getattr(production, name) for name in names}):
        browser = Client()
        browser.get(reverse("account_login"), secure=True)
        sign_in(world, browser, secure=True)

    assert {"__Host-session", "__Host-csrf"} <= browser.cookies.keys()
    for name in ("__Host-session", "__Host-csrf"):
        cookie = browser.cookies[name]
        assert (cookie["secure"], cookie["httponly"]) == (True, True), name
        assert cookie["samesite"] in {"Lax", "Strict"}, name
        assert (cookie["domain"], cookie["path"]) == ("", "/"), name
    assert browser.cookies["__Host-session"]["max-age"] == ""


def test_production_allows_neither_plain_http_nor_the_demonstration():
    production = import_module("comanage.settings.prod")

    assert production.SECURE_SSL_REDIRECT
    assert production.SECURE_HSTS_SECONDS >= 365 * 24 * 60 * 60
    assert not production.DEBUG
    assert not production.DEMO_ALLOWED


def test_a_post_without_the_token_is_refused_and_changes_nothing(world: World):
    with tenant_scope(world.riverside.pk):
        finance = Membership.objects.get(role=Role.FINANCE)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.user(world.riverside, Role.TENANT_ADMINISTRATOR))

    answer = browser.post(reverse("web:member-end", args=["riverside", finance.pk]))

    assert answer.status_code == 403
    with tenant_scope(world.riverside.pk):
        assert Membership.objects.get(pk=finance.pk).revoked_at is None


def test_a_session_cannot_be_used_at_the_api_door(world: World):
    """The API asks for a key, so a foreign page cannot make a browser write through it."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.user(world.riverside, Role.CONSULTANT))

    assert browser.post("/t/riverside/api/v1/feeds").status_code == 401
