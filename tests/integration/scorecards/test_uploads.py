"""A file is taken whole or refused with a sentence, and never half."""

import hashlib
import io
import re
import stat
import zipfile
from datetime import date
from fractions import Fraction
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest

from agreements.terms.actions import close_period, lock_terms
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.values.period import Period
from comanage.vault.files import opened
from comanage.vault.models import SealedFile, SealedKind
from comanage.web.errors import PolicyError
from scorecards.cards.models import Scorecard
from scorecards.feeds.models import Feed
from scorecards.intake.actions import receive_upload
from scorecards.intake.models import Slice, Upload, UploadFinding, UploadStatus
from scorecards.intake.policies import KeyReusedError
from tests.ground import (
    HEADER,
    READMITTED,
    SIGNED_ON,
    STAYS,
    YEAR,
    check_waiting,
    hand_in,
    open_year,
    receive,
    run_jobs,
    small_draft,
    stays,
)
from tests.worlds import parcel

SSN = "536-22-8741"


def rejected(content, **given):
    """Hand in a file that is not taken; return its findings, and see that nothing came of it."""
    upload = hand_in(content, **given)
    assert upload.status == UploadStatus.REJECTED
    assert upload.checked_at is not None
    assert not Slice.objects.exists()
    assert not Scorecard.objects.exists()
    assert not SealedFile.objects.filter(kind=SealedKind.SLICE).exists()
    findings = list(upload.findings.all())
    assert upload.findings_total >= len(findings) > 0
    assert all(finding.message.endswith((".", "!")) for finding in findings)
    return findings


def codes(findings):
    return {finding.code for finding in findings}


def stored_files(folder: Path):
    return [path for path in folder.rglob("*") if path.is_file()]


def workbook(content: bytes) -> bytes:
    book = openpyxl.Workbook()
    for line in content.decode().splitlines():
        book.active.append(line.split(","))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def bomb() -> bytes:
    """A workbook whose one sheet unpacks to 100 MB of zeros."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook(stays()))) as good,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as bad,
    ):
        for name in good.namelist():
            is_sheet = "worksheets/" in name
            bad.writestr(name, b"\0" * 100 * 1024**2 if is_sheet else good.read(name))
    return buffer.getvalue()


def test_a_good_file_is_a_slice_and_a_scorecard(year, tmp_path):
    upload = receive(stays())
    run_jobs(upload.tenant_id, JobKind.CHECK_UPLOAD, JobKind.RECOMPUTE_SCORECARD)
    upload.refresh_from_db()

    slice_ = Slice.objects.get()
    with opened(slice_.storage_name) as stored:
        content = stored.read()
    assert (upload.status, upload.rows, slice_.version) == (UploadStatus.ACCEPTED, STAYS, 1)
    assert hashlib.sha256(content).hexdigest() == slice_.sha256
    assert slice_.storage_name.endswith(f"/{slice_.sha256}.parquet")
    assert pq.read_table(io.BytesIO(content)).num_rows == STAYS
    card = Scorecard.objects.get()
    assert card.document["indicators"][0]["rate"] == f"{READMITTED}/{STAYS}"
    assert card.document["slices"][0]["sha256"] == slice_.sha256


def test_stored_files_are_for_the_application_alone(year, tmp_path):
    hand_in(stays())

    folder = tmp_path / "stored"
    assert len(stored_files(folder)) == 2  # the file as it came, and its slice
    assert {stat.S_IMODE(path.stat().st_mode) for path in stored_files(folder)} == {0o600}
    inner = [path for path in folder.rglob("*") if path.is_dir()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in inner} == {0o700}


def test_a_workbook_gives_the_slice_of_its_csv(year):
    hand_in(stays())
    hand_in(workbook(stays()), filename="stays.xlsx")

    first, second = Slice.objects.order_by("version")
    assert first.logical_sha256 == second.logical_sha256


def test_a_csv_that_calls_itself_a_workbook_is_refused(year):
    assert rejected(stays(), filename="stays.xlsx")


def test_a_workbook_that_calls_itself_a_csv_is_refused(year):
    assert rejected(workbook(stays()), filename="stays.csv")


def test_a_file_of_no_known_kind_is_refused(year):
    assert rejected(b"%PDF-1.7 nothing here", filename="stays.pdf")


def test_a_missing_column_is_named(year):
    without = "\n".join(line.rsplit(",", 1)[0] for line in stays().decode().splitlines())

    findings = rejected(without.encode())

    assert any("readmitted" in finding.message for finding in findings)


def test_a_value_of_the_wrong_type_is_named_by_row_and_column(year):
    (finding,) = rejected(stays(time_in_hospital="many"))

    assert (finding.row, finding.column) == (2, "time_in_hospital")
    assert finding.message == (
        "Row 2, time_in_hospital: the value is not a whole number, written like 1234. Correct it."
    )
    assert finding.value == "'many'"


def test_a_value_out_of_bounds_is_refused(year):
    (finding,) = rejected(stays(time_in_hospital="15"))

    assert (finding.row, finding.column) == (2, "time_in_hospital")


def test_a_case_that_comes_twice_is_refused(year):
    findings = rejected(stays(encounter_id="E7"))

    assert codes(findings) == {"duplicate-key"}
    assert {finding.column for finding in findings} == {"encounter_id"}


@pytest.mark.parametrize("name", ["patient_name", "MRN", "SSN"])
def test_an_identifier_column_is_refused_whatever_it_holds(year, name):
    lines = stays().decode().splitlines()
    cases = [f"{line},Xyzzy{number}" for number, line in enumerate(lines[1:])]

    findings = rejected("\n".join([f"{lines[0]},{name}", *cases]).encode())

    assert "identifier-column" in codes(findings)
    assert not any("Xyzzy" in finding.message for finding in findings)


def test_a_social_security_number_in_a_cell_is_nowhere_but_in_the_stored_file(
    year, caplog, tmp_path
):
    with caplog.at_level("DEBUG"):
        findings = rejected(stays(A1Cresult=SSN))

    assert "identifier" in " ".join(codes(findings))
    digits = re.compile(r"536.?22.?8741")
    assert not any(digits.search(str(finding.__dict__)) for finding in findings)
    assert not any(digits.search(str(event.__dict__)) for event in Event.objects.all())
    assert not any(digits.search(str(job.__dict__)) for job in Job.objects.all())
    assert not any(digits.search(str(upload.__dict__)) for upload in Upload.objects.all())
    assert not digits.search(caplog.text)


def test_a_bomb_of_a_hundred_megabytes_of_zeros_is_refused(year):
    content = bomb()

    assert len(content) < 1024**2
    assert rejected(content, filename="stays.xlsx")


def test_a_header_without_cases_is_refused(year):
    assert rejected(f"{HEADER}\n".encode())


def refused(match, content=None, *, error=PolicyError, **given):
    """Try to hand in; see the sentence, and that nothing was kept of it."""
    before = Upload.objects.count(), Job.objects.count(), Event.objects.count()
    with pytest.raises(error, match=match):
        receive(stays() if content is None else content, **given)
    assert (Upload.objects.count(), Job.objects.count(), Event.objects.count()) == before


def test_an_empty_file_is_refused_at_the_door(year, tmp_path):
    refused("is empty", b"")

    assert stored_files(tmp_path) == []


def test_a_file_that_is_too_large_is_refused_at_the_door(year, settings, tmp_path):
    settings.UPLOAD_MAX_BYTES = 1024**2

    refused("larger than 1 MB", b"x" * (1024**2 + 1))

    assert stored_files(tmp_path) == []


def test_a_draft_year_takes_no_file(inside, tmp_path):
    small_draft()

    refused("terms must be locked and the year put on the clock")

    assert stored_files(tmp_path) == []


def test_a_locked_year_that_is_not_open_takes_no_file(inside):
    lock_terms(year=small_draft(), signed_on=SIGNED_ON, by=member(Role.CONSULTANT))

    refused("not open yet")


@pytest.mark.parametrize(
    "period",
    [
        Period(date(2024, 12, 31), date(2025, 2, 1)),
        Period(date(2025, 12, 1), date(2026, 1, 2)),
        Period(date(2027, 1, 1), date(2028, 1, 1)),
    ],
)
def test_a_period_that_no_year_covers_is_refused(year, period):
    refused("No measurement year covers", period=period)


def test_a_period_that_cuts_across_an_accepted_one_is_refused_and_one_beside_is_not(year):
    quarter = Period(date(2025, 1, 1), date(2025, 4, 1))
    hand_in(stays(), period=quarter)

    refused("cuts across", period=YEAR)
    refused("cuts across", period=Period(date(2025, 3, 31), date(2025, 5, 1)))

    beside = Period(quarter.end, date(2025, 7, 1))
    assert hand_in(stays(30, readmitted=1), period=beside).status == UploadStatus.ACCEPTED
    newest = Scorecard.objects.order_by("-version").first()
    assert newest.document["indicators"][0]["rate"] == str(Fraction(READMITTED + 1, STAYS + 30))


def test_of_two_waiting_files_that_cut_across_each_other_the_second_is_rejected(year):
    quarter = Period(date(2025, 1, 1), date(2025, 4, 1))
    first = receive(stays(), period=quarter)
    second = receive(stays(50), period=YEAR)

    check_waiting(first.tenant_id)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, second.status) == (UploadStatus.ACCEPTED, UploadStatus.REJECTED)
    assert "cuts across" in second.findings.get().message
    assert Slice.objects.get().upload == first


def test_a_file_whose_year_closed_while_it_was_checked_is_rejected_with_the_reason(year):
    hand_in(stays())
    late = receive(stays(50))
    close_period(year=year, today=year.ends_on, by=member(Role.CONSULTANT))

    run_jobs(late.tenant_id, JobKind.CHECK_UPLOAD)

    late.refresh_from_db()
    assert late.status == UploadStatus.REJECTED
    assert "closed for adjudication" in late.findings.get().message
    assert Job.objects.get(subject_id=late.pk).state == JobState.DONE
    assert Slice.objects.count() == 1


def test_the_same_key_again_is_the_same_upload(year, tmp_path):
    first, is_first_new = receive_upload(**asked("key-of-one-click"))
    second, is_second_new = receive_upload(**asked("key-of-one-click"))

    assert (first.pk, is_first_new, is_second_new) == (second.pk, True, False)
    assert len(stored_files(tmp_path)) == 1
    assert Job.objects.filter(kind=JobKind.CHECK_UPLOAD).count() == 1


def test_a_key_does_not_stand_for_other_bytes_or_another_period(year):
    receive(stays(), key="key-of-one-click")

    refused("used for another file", stays(50), key="key-of-one-click", error=KeyReusedError)
    refused(
        "used for another file",
        key="key-of-one-click",
        period=Period(date(2025, 1, 1), date(2025, 2, 1)),
        error=KeyReusedError,
    )


def test_the_same_bytes_again_make_no_new_version(year):
    first = hand_in(stays())
    again = hand_in(stays())

    assert first.pk == again.pk
    assert (Upload.objects.count(), Slice.objects.count(), Scorecard.objects.count()) == (1, 1, 1)


def test_a_second_file_for_the_period_is_its_second_version_and_counts_alone(year):
    hand_in(stays())
    hand_in(stays(50, readmitted=1))

    assert list(Slice.objects.order_by("version").values_list("version", flat=True)) == [1, 2]
    cards = list(Scorecard.objects.order_by("version"))
    rates = [card.document["indicators"][0]["rate"] for card in cards]
    assert [card.version for card in cards] == [1, 2]
    assert rates == [f"{READMITTED}/{STAYS}", "1/50"]


def test_the_first_bytes_after_a_second_file_are_a_third_version(year):
    for content in (stays(), stays(50), stays()):
        hand_in(content)

    slices = Slice.objects.order_by("version")
    assert [slice_.version for slice_ in slices] == [1, 2, 3]
    assert slices[0].sha256 == slices[2].sha256
    assert Scorecard.objects.count() == 3


def test_every_upload_is_in_the_trail_with_what_became_of_it(year):
    hand_in(stays(time_in_hospital="many"))
    hand_in(stays())

    kinds = list(Event.objects.order_by("sequence").values_list("kind", flat=True))[-5:]
    assert kinds == [
        EventKind.UPLOAD_RECEIVED,
        EventKind.UPLOAD_REJECTED,
        EventKind.UPLOAD_RECEIVED,
        EventKind.UPLOAD_ACCEPTED,
        EventKind.SCORECARD_COMPUTED,
    ]


def test_a_rejected_file_leaves_the_period_free_for_a_corrected_one(year):
    hand_in(stays(time_in_hospital="many"))

    assert hand_in(stays()).status == UploadStatus.ACCEPTED
    assert UploadFinding.objects.count() == 1


def asked(key):
    return {
        "feed": Feed.objects.get(),
        "parcel": parcel(stays(), filename="stays.csv", key=key),
        "by": member(Role.SERVICE_LINE_ADMINISTRATOR),
    }


def test_two_years_reading_one_feed_are_both_computed(inside):
    from agreements.participants.models import Participant
    from scorecards.feeds.models import FeedUse
    from tests.ground import small_opinion, small_program

    open_year()
    other = small_program("Joints")
    known = Participant.objects.first()
    Participant.objects.create(program=other, physician=known.physician, joined_on=known.joined_on)
    FeedUse.objects.create(feed=Feed.objects.get(), program=other)
    open_year(program=other, opinion=small_opinion(other))

    hand_in(stays())

    assert Scorecard.objects.count() == 2
