"""Each deed that a hospital can be told of queues its message, with the id of its subject."""

import pytest

from adjudication.years.actions import freeze_year
from comanage.api.actions import create_webhook
from comanage.api.models import WebhookDelivery
from comanage.api.webhooks import WebhookKind
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed
from scorecards.intake.models import Upload, UploadStatus
from scorecards.restatements.actions import (
    accept_upload,
    approve_restatement,
    send_restatement,
)
from tests.ground import check, hand_in, run_jobs, settle_here, stays, take_in
from tests.worlds import parcel

STEWARD = Role.SERVICE_LINE_ADMINISTRATOR


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
def test_a_held_file_is_told_of_and_again_when_a_person_accepts_it():
    hand_in(stays())
    held = check(stays(readmitted=2))
    assert said(held) == [WebhookKind.SUBMISSION_HELD]

    accept_upload(
        upload=held, shown_basis=held.changes["basis"], reason="Coded anew.", by=member(STEWARD)
    )

    assert said(held) == [WebhookKind.SUBMISSION_HELD, WebhookKind.SUBMISSION_ACCEPTED]


@pytest.mark.usefixtures("_told")
def test_an_approved_restatement_is_told_of(year):
    take_in(stays())
    run_jobs(year.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    freeze_year(year=year, by=member(Role.CONSULTANT))
    sent, _ = send_restatement(
        feed=Feed.objects.get(),
        parcel=parcel(stays(readmitted=1)),
        reason="Two planned returns were coded as unplanned.",
        by=member(STEWARD),
    )
    asked = settle_here(sent)

    approve_restatement(
        upload=asked, shown_basis=asked.changes["basis"], note="", by=member(Role.COMPLIANCE)
    )

    assert said(asked) == [WebhookKind.SUBMISSION_HELD, WebhookKind.SUBMISSION_ACCEPTED]


@pytest.mark.usefixtures("_told")
def test_a_rejected_file_is_told_of():
    rejected = check(b"a,b\n1,2\n")

    assert rejected.status == UploadStatus.REJECTED
    assert said(rejected) == [WebhookKind.SUBMISSION_REJECTED]
