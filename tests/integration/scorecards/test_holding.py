"""A file that changes what counts, or does not sit in history, waits for a person."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.notices.models import Notice
from comanage.notices.queries import unread_count
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.cards.models import Scorecard
from scorecards.dataagreements.policies import NotCoveredError
from scorecards.feeds.models import Feed, FeedExpectation
from scorecards.intake.actions import Wishes, cancel_upload, receive_upload
from scorecards.intake.models import Slice, Upload, UploadStatus
from scorecards.restatements.actions import (
    accept_upload,
    ask_to_weigh,
    decline_upload,
)
from scorecards.restatements.policies import ComparisonMovedError
from scorecards.restatements.reading import read_changes
from tests.clock import stand_at
from tests.ground import (
    INCENTIVE,
    STAYS,
    accept,
    check,
    check_waiting,
    hand_in,
    receive,
    run_jobs,
    settle_here,
    small_data_agreement,
    stays,
    take_in,
)
from tests.worlds import parcel

STEWARD = Role.SERVICE_LINE_ADMINISTRATOR
MONTHS = Period(date(2025, 1, 1), date(2025, 6, 1)).months()


def last_event():
    return Event.objects.order_by("-sequence").first().kind


def test_a_first_file_that_nothing_speaks_against_counts_at_once(year):
    upload = check(stays())

    assert (upload.status, upload.changes["cases"]) == (UploadStatus.ACCEPTED, None)


def test_the_same_cases_again_change_nothing_and_count_at_once(year):
    take_in(stays())
    reordered = b"\n".join([(rows := stays().splitlines())[0], *reversed(rows[1:]), b""])

    assert check(reordered).status == UploadStatus.ACCEPTED
    assert Slice.objects.count() == 2


def test_a_file_that_changes_cases_waits_with_its_effect_on_cases_tiers_and_dollars(year):
    """3 of 40 readmitted earn half of $36,000.01; 2 of 40 are 5 % and earn all of it."""
    hand_in(stays())

    held = check(stays(readmitted=2))

    changes = read_changes(held.changes)
    assert held.status == UploadStatus.HELD
    assert Event.objects.filter(kind=EventKind.UPLOAD_HELD).count() == 1
    assert (changes.cases.added, changes.cases.removed, changes.cases.changed) == (0, 0, 1)
    assert [(each.name, each.cases) for each in changes.columns] == [("readmitted", 1)]
    (effect,) = changes.years
    assert (effect.before, effect.difference_words) == (INCENTIVE, "$18,000.00 more")
    readmission, measured = effect.indicators
    assert (readmission.before.counts, readmission.after.counts) == ("3 / 40", "2 / 40")
    assert (readmission.before.tier, readmission.after.tier) == ("Threshold", "Target")
    assert not measured.is_moved
    assert Slice.objects.count() == Scorecard.objects.count() == 1


def test_the_data_owner_is_told_once_that_a_file_waits_and_not_of_what_it_holds(year):
    take_in(stays())

    held = sent_by(Role.CONSULTANT, stays(readmitted=2), filename="Jane Doe.csv")

    (notice,) = Notice.objects.all()
    assert (notice.user, notice.subject) == (user_of(STEWARD), "A file for Stays waits")
    assert notice.path == f"/t/smallville/data/uploads/{held.pk}/"
    assert "Jane" not in notice.subject + notice.body


@pytest.mark.parametrize("end", ["accept", "decline", "cancel", "newer"])
def test_nobody_is_asked_any_more_once_a_file_does_not_wait(year, end):
    take_in(stays())
    held = sent_by(Role.CONSULTANT, stays(readmitted=2))
    assert unread_count(user_of(STEWARD)) == 1

    match end:
        case "accept":
            accept(held)
        case "decline":
            decline_upload(upload=held, reason="Not ours.", by=member(STEWARD))
        case "cancel":
            cancel_upload(upload=held, by=member(STEWARD))
        case "newer":
            check(stays(readmitted=1))  # its sender is not told of their own file

    assert unread_count(user_of(STEWARD)) == 0


def sent_by(role, content, **given):
    """Let a member of a role send a file, and check it."""
    feed, by = Feed.objects.get(), member(role)
    upload, _ = receive_upload(feed=feed, parcel=parcel(content, **given), by=by)
    check_waiting(upload.tenant_id)
    return Upload.objects.get(pk=upload.pk)


def user_of(role):
    return Membership.objects.select_related("user").get(role=role).user


def test_an_accepted_file_counts_as_the_next_version_with_its_reason(year):
    take_in(stays())
    held = check(stays(readmitted=2))

    slice_ = accept(held, "Two returns were planned.")
    run_jobs(held.tenant_id, JobKind.RECOMPUTE_SCORECARD)

    held.refresh_from_db()
    assert (slice_.version, held.status) == (2, UploadStatus.ACCEPTED)
    assert held.decision_reason == "Two returns were planned."
    card = Scorecard.objects.order_by("-version").first()
    assert card.earned == read_changes(held.changes).years[0].after
    event = Event.objects.get(kind=EventKind.HELD_UPLOAD_ACCEPTED)
    assert event.details["reason"] == "Two returns were planned."


def test_a_declined_file_changes_nothing(year):
    take_in(stays())
    held = check(stays(readmitted=2))

    decline_upload(upload=held, reason="Not from us.", by=member(STEWARD))

    held.refresh_from_db()
    assert (held.status, held.candidate) == (UploadStatus.DECLINED, None)
    assert (Slice.objects.count(), last_event()) == (1, EventKind.UPLOAD_DECLINED)


@pytest.mark.parametrize("deed", [decline_upload, accept_upload])
def test_changed_cases_are_neither_accepted_nor_declined_without_a_reason(year, deed):
    take_in(stays())
    held = check(stays(readmitted=2))
    shown = {"shown_basis": held.changes["basis"]} if deed is accept_upload else {}

    with pytest.raises(PolicyError, match="Give the reason"):
        deed(upload=held, reason=" ", by=member(STEWARD), **shown)

    held.refresh_from_db()
    assert held.status == UploadStatus.HELD


@pytest.mark.parametrize(
    ("takes_additions", "content", "status"),
    [
        (True, stays(STAYS + 5), UploadStatus.ACCEPTED),
        (False, stays(STAYS + 5), UploadStatus.HELD),
        (True, stays(STAYS - 1), UploadStatus.HELD),
        (True, stays(STAYS + 5, readmitted=4), UploadStatus.HELD),
    ],
)
def test_a_feed_may_take_in_by_itself_what_only_adds_cases(year, takes_additions, content, status):
    Feed.objects.update(takes_additions=takes_additions)
    take_in(stays())

    assert check(content).status == status


def test_a_newer_file_for_the_same_days_sets_the_older_one_aside(year):
    take_in(stays())
    older = check(stays(readmitted=2))

    newer = check(stays(readmitted=1))

    older.refresh_from_db()
    assert (older.status, newer.status) == (UploadStatus.CANCELLED, UploadStatus.HELD)
    assert "newer file" in older.decision_reason
    assert Event.objects.filter(kind=EventKind.UPLOAD_SET_ASIDE).count() == 1


def test_a_rejected_newer_file_leaves_the_older_one_waiting(year):
    take_in(stays())
    older = check(stays(readmitted=2))

    check(stays(time_in_hospital="many"))

    older.refresh_from_db()
    assert older.status == UploadStatus.HELD


def test_an_older_file_whose_check_ends_last_does_not_replace_the_newer_one(year):
    older, newer = receive(stays(readmitted=2)), receive(stays(readmitted=1))

    settle_here(newer)
    settle_here(older)

    older.refresh_from_db()
    newer.refresh_from_db()
    assert (older.status, newer.status) == (UploadStatus.CANCELLED, UploadStatus.ACCEPTED)


def _ends_on(day):
    """Let cases in under an agreement that ends; agreements are never changed."""
    Feed.objects.update(agreement=small_data_agreement(valid_until=day))


def _moments_around(year):
    today = year.tenant.today()
    now = timezone.now()
    return today + timedelta(days=1), now + timedelta(days=2)


def test_a_file_whose_agreement_ends_while_it_is_checked_counts_nowhere(year, monkeypatch):
    last, later = _moments_around(year)
    _ends_on(last)
    upload = receive(stays())

    settle_here(upload, meanwhile=lambda: stand_at(monkeypatch, later))

    upload.refresh_from_db()
    assert (upload.status, Slice.objects.count()) == (UploadStatus.REJECTED, 0)
    finding = upload.findings.get(code="agreement-refused")
    assert "ended on" in finding.message
    assert "renewal" in finding.message


def test_a_file_that_waits_is_not_accepted_once_its_agreement_has_ended(year, monkeypatch):
    last, later = _moments_around(year)
    _ends_on(last)
    take_in(stays())
    held = check(stays(readmitted=2))

    stand_at(monkeypatch, later)
    with pytest.raises(NotCoveredError, match="ended on"):
        accept(held)

    stand_at(monkeypatch, later - timedelta(days=2))
    assert accept(held).version == 2


def test_a_cancelled_file_is_never_checked(year):
    upload = receive(stays())
    cancel_upload(upload=upload, by=member(STEWARD))

    run_jobs(upload.tenant_id, JobKind.CHECK_UPLOAD)

    upload.refresh_from_db()
    assert (upload.status, upload.rows, Slice.objects.count()) == (UploadStatus.CANCELLED, None, 0)


def test_a_file_cancelled_while_it_is_checked_counts_nowhere(year):
    upload = receive(stays())

    settle_here(upload, meanwhile=lambda: cancel_upload(upload=upload, by=member(STEWARD)))

    upload.refresh_from_db()
    assert (upload.status, Slice.objects.count()) == (UploadStatus.CANCELLED, 0)


def test_what_was_weighed_against_other_data_than_counts_now_is_not_kept(year):
    first, second = Period(date(2025, 1, 1), date(2025, 7, 1)), Period(date(2025, 7, 1), YEAR_END)
    take_in(stays(), period=first)
    upload = receive(stays(readmitted=2), period=first)
    other = receive(stays(30, encounter_id="other"), period=second)

    with pytest.raises(ComparisonMovedError):
        settle_here(upload, meanwhile=lambda: settle_here(other))

    upload.refresh_from_db()
    assert upload.status == UploadStatus.RECEIVED


def test_an_accepted_file_is_no_longer_cancelled(year):
    upload = take_in(stays())

    with pytest.raises(PolicyError, match="cannot be cancelled"):
        cancel_upload(upload=upload, by=member(STEWARD))


def test_nothing_is_accepted_on_changes_of_what_counts_no_longer(year):
    """Another period of the year came in while the file waited: its effect is another one."""
    first, second = Period(date(2025, 1, 1), date(2025, 7, 1)), Period(date(2025, 7, 1), YEAR_END)
    take_in(stays(), period=first)
    held = check(stays(readmitted=2), period=first)
    take_in(stays(30, encounter_id="other"), period=second)

    with pytest.raises(ComparisonMovedError):
        accept(held)
    ask_to_weigh(upload=held)
    run_jobs(held.tenant_id, JobKind.WEIGH_UPLOAD)

    seen = held.changes["basis"]
    held.refresh_from_db()
    with pytest.raises(PolicyError, match="computed again since this page"):
        accept_upload(upload=held, shown_basis=seen, reason="Yes.", by=member(STEWARD))
    assert accept(held).version == 2


YEAR_END = date(2026, 1, 1)


# --- History ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "count", "status"),
    [
        (3, 31, UploadStatus.ACCEPTED),  # 22.5 % fewer than 40
        (3, 29, UploadStatus.HELD),  # 27.5 % fewer
        (2, 29, UploadStatus.ACCEPTED),  # too little history says nothing
    ],
)
def test_a_file_whose_rows_jump_against_history_waits(year, before, count, status):
    for month in MONTHS[:before]:
        take_in(stays(measured=8), period=month)

    upload = check(stays(count, measured=8), period=MONTHS[before])

    assert upload.status == status
    codes = {finding.code for finding in upload.findings.all()}
    assert codes == ({"rows-history", "denominator-history"} if upload.warnings_total else set())


def test_a_jump_of_exclusions_is_a_warning_though_the_rows_are_as_ever(year):
    """A stay that ended in death is excluded: none of 40 before, 4 of 40 now."""
    for month in MONTHS[:3]:
        take_in(stays(), period=month)
    rows = stays().decode().splitlines()
    died = [row.replace(",1,1,3,", ",1,11,3,") for row in rows[-4:]]

    upload = check("\n".join([*rows[:-4], *died, ""]).encode(), period=MONTHS[3])

    assert upload.status == UploadStatus.HELD
    (finding,) = upload.findings.all()
    assert finding.code == "exclusions-history"
    assert "10.0 % of the denominator are excluded" in finding.message


def test_an_independent_count_is_held_against_the_rows(year):
    feed = Feed.objects.get()
    FeedExpectation.objects.create(
        feed=feed, starts_on=MONTHS[0].start, ends_on=MONTHS[0].end, rows=100, source="ADT"
    )

    upload = check(stays(), period=MONTHS[0])

    (finding,) = upload.findings.all()
    assert (upload.status, finding.code) == (UploadStatus.HELD, "rows-expected")
    assert "has 40 rows and ADT counts 100: 60 % fewer" in finding.message
    assert accept(upload, "ADT counts transfers twice.").version == 1


def test_a_dry_run_says_what_would_change_and_keeps_nothing(year):
    take_in(stays())

    upload = check(stays(readmitted=2), wishes=Wishes(is_dry_run=True))

    assert (upload.status, upload.candidate) == (UploadStatus.CHECKED, None)
    assert read_changes(upload.changes).cases.changed == 1
    assert Slice.objects.count() == 1
