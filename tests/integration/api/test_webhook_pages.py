"""A tenant administrator makes a webhook, watches it, and switches it, all in the browser."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from comanage.api.actions import create_webhook, keep_attempt
from comanage.api.models import Webhook, WebhookDelivery
from comanage.api.webhooks import queue_delivery
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.actor import Actor
from comanage.identity.models import Membership
from comanage.identity.roles import Role

URL = "https://hospital.example/hook"
FIELDS = {"name": "Warehouse", "url": URL, "kinds": ["submission.accepted", "feed.late"]}
SYSTEM = Actor.system("Webhooks")


@pytest.fixture
def browser(inside):
    browser = Client()
    administrator = Membership.objects.get(role=Role.TENANT_ADMINISTRATOR)
    browser.force_login(administrator.user)
    return browser


def at(name, *ids):
    return reverse(f"web:{name}", args=["smallville", *ids])


def make(**changes) -> Webhook:
    webhook, _ = create_webhook(**FIELDS | changes, by=member(Role.TENANT_ADMINISTRATOR))
    return webhook


def message_to(webhook, *, status=None, problem="") -> WebhookDelivery:
    """Queue a message and keep one attempt at it."""
    delivery = queue_delivery(webhook, kind="feed.late", subject_id=webhook.pk)
    return keep_attempt(delivery=delivery, status=status, problem=problem, by=SYSTEM)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_first_webhook_is_reached_from_the_clients(browser):
    assert at("webhook-list") in browser.get(at("client-list")).content.decode()
    assert "Nobody is told by machine yet" in text_of(browser.get(at("webhook-list")))


def test_the_secret_is_shown_once_and_the_public_key_always(browser):
    made = text_of(browser.post(at("webhook-create"), FIELDS))

    (secret,) = re.findall(r"whsec_[\w+/=]+", made)
    (public,) = re.findall(r"whpk_[\w+/=]+", made)
    webhook = Webhook.objects.get()
    page = browser.get(at("webhook-detail", webhook.pk)).content.decode()
    assert webhook.kinds == FIELDS["kinds"]
    assert secret not in page
    assert public in page
    assert "A file was accepted" in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"url": "http://hospital.example/hook"}, "Only https is called"),
        ({"url": "https://10.1.2.3/hook"}, "“10.1.2.3” is not on the open internet"),
        ({"url": "https://me:word@hospital.example/"}, "An address with a user"),
        ({"kinds": []}, "This is needed."),
        ({"kinds": ["test"]}, "Choose among those of the list."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_made(browser, wrong, said):
    answer = browser.post(at("webhook-create"), FIELDS | wrong)

    assert said in text_of(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not Webhook.objects.exists()


def test_a_name_is_given_once(browser):
    make()

    answer = browser.post(at("webhook-create"), FIELDS)

    assert "There is a webhook named “Warehouse” already" in text_of(answer)


def test_a_new_secret_says_how_long_both_sign(browser):
    webhook = make()

    answer = text_of(browser.post(at("webhook-renew", webhook.pk)))

    assert "each message is signed with this secret and with the one before it" in answer
    page = text_of(browser.get(at("webhook-detail", webhook.pk)))
    assert "Two secrets sign" in page
    assert "is still in force and ends at once" in page


def test_the_log_says_what_became_of_each_message(browser):
    webhook = make()
    message_to(webhook, status=204)
    message_to(webhook, status=500)
    message_to(webhook, problem="There was no answer: its host refused the connection.")

    page = text_of(browser.get(at("webhook-detail", webhook.pk)))

    for words in ("Delivered", "Taken with 204", "Tried again later", "Refused with 500"):
        assert words in page
    assert "its host refused the connection" in page
    assert page.count("/again/") == 1  # what waits is tried by itself


def test_the_log_is_paged(browser):
    webhook = make()
    for _ in range(21):
        queue_delivery(webhook, kind="test", subject_id=webhook.pk)

    page = text_of(browser.get(at("webhook-detail", webhook.pk), {"page": 2}))

    assert "Messages 21 to 21 of 21" in page


def test_a_test_and_a_message_once_more_are_queued(browser):
    webhook = make()

    browser.post(at("webhook-test", webhook.pk))
    delivery = WebhookDelivery.objects.get()
    keep_attempt(delivery=delivery, status=204, problem="", by=SYSTEM)
    answer = browser.post(at("delivery-again", delivery.pk), follow=True)

    assert "goes out again" in text_of(answer)
    assert WebhookDelivery.objects.get().state == "waiting"


def test_switching_off_needs_a_reason_and_leaves_nothing_waiting(browser):
    webhook = make()
    waiting = message_to(webhook, status=500)
    off, on = at("webhook-disable", webhook.pk), at("webhook-enable", webhook.pk)

    refused = text_of(browser.post(off, {"reason": " "}))
    assert "It is still on" in refused
    assert Webhook.objects.get().disabled_at is None

    page = text_of(browser.post(off, {"reason": "The warehouse moves."}, follow=True))
    assert "Switched off" in page
    assert "The warehouse moves." in page
    waiting.refresh_from_db()
    assert (waiting.state, waiting.next_at) == ("failed", None)
    assert "switched off: The warehouse moves." in text_of(
        browser.post(at("delivery-again", waiting.pk), follow=True)
    )

    browser.post(on, {"reason": "It has moved."})
    assert Webhook.objects.get().disabled_at is None
    trail = Event.objects.filter(kind__startswith="api.webhook").values_list("kind", flat=True)
    assert {EventKind.WEBHOOK_DISABLED, EventKind.WEBHOOK_ENABLED} <= set(trail)


def test_an_attempt_that_fails_after_switching_off_is_the_last(browser):
    webhook = make()
    delivery = queue_delivery(webhook, kind="test", subject_id=webhook.pk)
    browser.post(at("webhook-disable", webhook.pk), {"reason": "The warehouse moves."})

    kept = keep_attempt(delivery=delivery, status=500, problem="", by=SYSTEM)

    assert (kept.state, kept.next_at) == ("failed", None)
