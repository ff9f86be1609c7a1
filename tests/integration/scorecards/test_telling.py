"""Each deed that a hospital can be told of queues its message, with the id of its subject."""

import pytest

from comanage.api.actions import create_webhook
from comanage.api.models import WebhookDelivery
from comanage.api.webhooks import WebhookKind
from comanage.demo.build import member
from comanage.identity.roles import Role
from scorecards.cards.models import Scorecard
from scorecards.intake.models import Upload, UploadStatus
from tests.ground import check, hand_in, stays


@pytest.fixture
def _told(year):
    """A webhook that wants to hear of everything."""
    create_webhook(
        name="Warehouse",
        url="https://hooks.example/comanage",
        kinds=list(WebhookKind),
        by=member(Role.TENANT_ADMINISTRATOR),
    )


def said(subject):
    """The kinds of the messages about one thing."""
    return [
        each.kind
        for each in WebhookDelivery.objects.order_by("created_at")
        if str(subject.pk) in str(each.payload)
    ]


@pytest.mark.usefixtures("_told")
def test_an_accepted_file_and_its_scorecard_are_told_of():
    hand_in(stays())

    assert said(Scorecard.objects.get()) == [WebhookKind.SCORECARD_COMPUTED]
    assert said(Upload.objects.get()) == [WebhookKind.SUBMISSION_ACCEPTED]


@pytest.mark.usefixtures("_told")
def test_a_held_file_is_told_of():
    hand_in(stays())

    held = check(stays(readmitted=2))

    assert held.status == UploadStatus.HELD
    assert said(held) == [WebhookKind.SUBMISSION_HELD]


@pytest.mark.usefixtures("_told")
def test_a_rejected_file_is_told_of():
    rejected = check(b"a,b\n1,2\n")

    assert rejected.status == UploadStatus.REJECTED
    assert said(rejected) == [WebhookKind.SUBMISSION_REJECTED]
