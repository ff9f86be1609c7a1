"""The browser's door of large files: the same parts, asked for by a session and its form."""

import hashlib
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from adjudication.years.actions import freeze_year
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.intake.models import PartialUpload, Upload
from scorecards.restatements.models import Restatement
from tests.ground import STAYS, open_year, run_jobs, small_hospital, stays, take_in

PART = 250  # bytes, instead of 8 MiB
DAYS = {"starts_on": "2025-01-01", "last_day": "2025-12-31"}


@pytest.fixture(autouse=True)
def small_parts(settings):
    settings.UPLOAD_PART_BYTES = PART
    settings.UPLOAD_MAX_TOTAL_BYTES = 10 * PART


class Sender:
    """A person whose browser sends a file in parts."""

    def __init__(self, tenant, role=Role.SERVICE_LINE_ADMINISTRATOR, **given):
        with tenant_scope(tenant.pk):
            user = Membership.objects.select_related("user").get(role=role).user
            feed = Feed.objects.get()
        self.client = Client(**given)
        self.client.force_login(user)
        self.form = f"/t/{tenant.slug}/data/feeds/{feed.pk}/uploads/"

    def begin(self, content=b"x", **changes):
        key = uuid4().hex
        given = {"filename": "stays.csv", "size": len(content), "idempotency_key": key, **DAYS}
        return self.client.post(f"{self.form}parts/", given | changes)

    def keep(self, partial, number, part):
        given = {"partial": partial, "number": number, "part": SimpleUploadedFile("part", part)}
        return self.client.post(f"{self.form}parts/keep/", given)

    def complete(self, partial, content, **more):
        sha256 = hashlib.sha256(content).hexdigest()
        given = {"partial": partial, "sha256": sha256, "idempotency_key": uuid4().hex}
        return self.client.post(f"{self.form}parts/complete/", given | more)

    def drop(self, partial):
        return self.client.post(f"{self.form}parts/drop/", {"partial": partial}, follow=True)

    def sent(self, content, **changes):
        partial = self.begin(content, **changes).json()["partial"]
        for number, piece in reversed(list(enumerate(pieces(content), 1))):
            assert self.keep(partial, number, piece).json()["number"] == number
        return partial


@pytest.fixture
def sender(opened):
    return Sender(opened)


def pieces(content):
    return [content[start : start + PART] for start in range(0, len(content), PART)]


def refusal(answer):
    assert answer.status_code == 200
    return answer.json()["refusal"]


def count(tenant, model):
    with tenant_scope(tenant.pk):
        return model.objects.count()


def test_parts_in_any_order_become_the_upload_of_the_person(opened, sender):
    content = stays()

    page = sender.complete(sender.sent(content), content).json()["page"]
    run_jobs(opened.pk, JobKind.JOIN_PARTS, JobKind.CHECK_UPLOAD)

    assert b"Accepted" in sender.client.get(page).content
    with tenant_scope(opened.pk):
        upload = Upload.objects.get()
        assert (upload.rows, upload.sha256) == (STAYS, hashlib.sha256(content).hexdigest())
        assert upload.sent_by_user == PartialUpload.objects.get().sent_by_user is not None


def test_a_page_that_was_loaded_anew_goes_on_where_it_was(opened, sender):
    content = stays()
    partial = sender.begin(content).json()["partial"]
    sender.keep(partial, 1, pieces(content)[0])

    again = sender.begin(content).json()

    first = hashlib.sha256(pieces(content)[0]).hexdigest()
    assert again == {"partial": partial, "parts": {"1": first}}
    page = sender.client.get(f"{sender.form}new/").content.decode()
    assert "Begun and not finished" in page
    assert "250\xa0bytes there" in page


def test_the_page_of_a_file_waits_while_its_parts_are_joined(sender):
    """A check is queued by the joining; until then there is none."""
    content = stays()

    page = sender.complete(sender.sent(content), content).json()["page"]

    shown = sender.client.get(page).content.decode()
    assert "The file is being checked" in shown
    assert 'hx-trigger="every 1s"' in shown


@pytest.mark.parametrize("changes", [{"filename": "other.csv"}, {"last_day": "2025-06-30"}])
def test_another_file_is_begun_anew(opened, sender, changes):
    first = sender.begin().json()["partial"]

    assert sender.begin(**changes).json()["partial"] != first


def test_the_same_part_twice_is_one_and_another_is_refused(opened, sender):
    partial = sender.begin().json()["partial"]

    first, again = sender.keep(partial, 1, b"one"), sender.keep(partial, 1, b"one")

    assert first.json() == again.json()
    assert "Other bytes came under this number" in refusal(sender.keep(partial, 1, b"two"))


def test_a_file_with_a_gap_is_not_completed(opened, sender):
    partial = sender.begin().json()["partial"]
    sender.keep(partial, 2, b"x")

    assert "Send 1, then" in refusal(sender.complete(partial, b"x"))
    assert count(opened, Upload) == 0


def test_nothing_past_the_caps_comes_in(opened, sender):
    assert "at most 2,500" in refusal(sender.begin(b"x" * (10 * PART + 1)))
    partial = sender.begin(b"x" * 10 * PART).json()["partial"]
    assert "this one has 251" in refusal(sender.keep(partial, 1, b"x" * (PART + 1)))
    assert "numbered from 1 to 10" in refusal(sender.keep(partial, 11, b"x"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_day": "2024-12-31"}, "Last day of the cases: The last day is before the first."),
        ({"starts_on": "2023-01-01", "last_day": "2025-12-31"}, "No measurement year covers"),
    ],
)
def test_what_would_refuse_the_file_refuses_it_before_a_byte_comes(opened, sender, changes, words):
    assert words in refusal(sender.begin(**changes))
    assert count(opened, PartialUpload) == 0


def test_a_file_that_is_given_up_is_gone(opened, sender):
    partial = sender.sent(stays())

    assert b"Given up" in sender.drop(partial).content
    assert count(opened, PartialUpload) == 0
    assert sender.keep(partial, 1, b"x").status_code == 404


def test_what_another_person_or_hospital_began_does_not_exist(opened, sender):
    partial = sender.begin().json()["partial"]
    elsewhere = small_hospital("elsewhere")
    with tenant_scope(elsewhere.pk):
        open_year()
    others = [Sender(opened, Role.CONSULTANT), Sender(elsewhere)]

    for other in others:
        assert other.keep(partial, 1, b"x").status_code == 404
        assert other.complete(partial, b"x").status_code == 404
        assert other.drop(partial).status_code == 404
        assert other.begin().json()["partial"] != partial
    others[1].form = sender.form
    assert others[1].begin().status_code == 404


def test_the_door_asks_for_the_token_of_its_form(opened):
    assert Sender(opened, enforce_csrf_checks=True).begin().status_code == 403


def test_a_closed_year_takes_parts_with_a_restatement_alone(opened, sender):
    with tenant_scope(opened.pk):
        take_in(stays())
        run_jobs(opened.pk, JobKind.RECOMPUTE_SCORECARD)
        freeze_year(year=MeasurementYear.objects.get(), by=member(Role.CONSULTANT))
    assert "closed for adjudication" in refusal(sender.begin())
    content, reason = stays(readmitted=2), {"restatement_reason": "Coding was corrected."}

    partial = sender.sent(content, **reason)
    answer = sender.complete(partial, content, **reason)

    assert "page" in answer.json()
    with tenant_scope(opened.pk):
        assert Restatement.objects.get().upload == Upload.objects.latest("received_at")
