"""What is counted is kept: only what changed is counted again, and all of it can be lost."""

import logging
import shutil
import stat
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from agreements.terms.models import MeasurementYear
from comanage.identity.actor import Actor
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from indicators.measure.cube.companion import companion_path, open_companion
from scorecards.cards import engine, tasks
from scorecards.cards.actions import ask_for_recompute
from scorecards.cards.counting import count_slices
from scorecards.cards.models import Scorecard
from scorecards.cards.queries import calendar_of, slices_of_year
from scorecards.feeds.models import Feed, FeedMap
from scorecards.feeds.queries import current_map
from scorecards.intake.companions import kernel_cipher, kernel_folder
from scorecards.intake.models import Slice, UploadStatus
from tests.dated import dated_hospital, dated_stays
from tests.ground import (
    STAYS,
    YEAR,
    hand_in,
    open_year,
    receive,
    rolled_back,
    run_jobs,
    small_hospital,
    stays,
    storage_in,
)

INDICATORS, MONTHS = 2, 12
MARCH = Period(date(2025, 3, 1), date(2025, 4, 1))


class Kept(logging.Handler):
    """Keeps records: loading the jobs sets logging up anew, which `caplog` does not survive."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


@pytest.fixture
def log():
    kept, logger = Kept(), logging.getLogger("scorecards")
    logger.addHandler(kept)
    yield kept
    logger.removeHandler(kept)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory):
    """A hospital that sends a file each month, all of them counted; and where they are stored."""
    folder = tmp_path_factory.mktemp("storage")
    with django_db_blocker.unblock(), storage_in(folder), rolled_back():
        yield dated_hospital("bigtown", in_parts=True), folder


@pytest.fixture
def bigtown(built, db, settings, tmp_path):
    """The hospital with a copy of what was derived: files do not roll back."""
    tenant, folder = built
    with storage_in(folder), tenant_scope(tenant.pk):
        shutil.copytree(settings.KERNEL_FOLDER, tmp_path / "kernel")
        settings.KERNEL_FOLDER = str(tmp_path / "kernel")
        yield tenant


def counted(log):
    """Say how many cells each run knew and counted."""
    return [
        (record.cells_known, record.cells_counted)
        for record in log.records
        if hasattr(record, "cells_known")
    ]


def recompute():
    year = MeasurementYear.objects.get(starts_on=YEAR.start)
    ask_for_recompute(year=year, by=Actor.system("Test"))
    run_jobs(year.tenant_id, JobKind.RECOMPUTE_SCORECARD)


def newest():
    return Scorecard.objects.filter(year__starts_on=YEAR.start).order_by("-version").first()


def computed(tenant):
    """Compute the document as the job does."""
    year = MeasurementYear.objects.get(starts_on=YEAR.start)
    slices, calendar = slices_of_year(year), calendar_of(year)
    plan = engine.plan_of_counting(year.terms, calendar)
    counting = count_slices(tenant.pk, plan, slices)
    return tasks._document(year.terms, counting.cube, calendar, slices)


def without_slices(card):
    return {name: value for name, value in card.document.items() if name != "slices"}


def test_a_second_run_counts_nothing(bigtown, log):
    recompute()

    assert counted(log) == [(INDICATORS, 0)]


def when_written(tenant):
    return {path: path.stat().st_mtime_ns for path in kernel_folder(tenant.pk).glob("*.cells")}


def test_one_changed_month_is_counted_alone(bigtown, log):
    before, lines = newest(), dated_stays(MARCH).decode().splitlines()
    corrected = "\n".join([*lines[:-1], ""]).encode()  # one stay of neurology less
    written = when_written(bigtown)

    hand_in(corrected, period=MARCH)

    assert counted(log) == [(INDICATORS, 0)]  # weighing the file has counted the month
    assert written.items() <= when_written(bigtown).items()
    assert newest().version == before.version + 1
    assert newest().document["indicators"] == before.document["indicators"]


@pytest.mark.parametrize(
    ("lost", "counting"),
    [
        ("*", (0, INDICATORS * MONTHS)),
        ("*.cells", (0, INDICATORS * MONTHS)),
        ("*.columns", (INDICATORS, 0)),
    ],
    ids=["all", "cells", "columns"],
)
def test_what_is_derived_can_be_deleted_between_two_runs(bigtown, log, lost, counting):
    before, folder = newest(), kernel_folder(bigtown.pk)
    paths = list(folder.glob(lost))
    for path in paths:
        path.unlink()

    recompute()

    assert paths
    assert counted(log) == [counting]
    assert computed(bigtown) == without_slices(before)


def test_the_whole_folder_can_be_deleted_and_a_companion_comes_back(bigtown):
    before = newest()
    shutil.rmtree(settings.KERNEL_FOLDER)

    assert computed(bigtown) == without_slices(before)
    sha256 = before.document["slices"][0]["sha256"]
    assert open_companion(kernel_folder(bigtown.pk), sha256, kernel_cipher(bigtown.pk))
    assert open_companion(kernel_folder(bigtown.pk), sha256) is None  # not without the key


def test_a_companion_that_was_cut_short_is_written_again(bigtown):
    before, folder = newest(), kernel_folder(bigtown.pk)
    for path in folder.glob("*.cells"):
        path.unlink()
    for path in folder.glob("*.columns"):
        path.write_bytes(path.read_bytes()[:-1])

    assert computed(bigtown) == without_slices(before)


def test_undated_cases_are_counted_once_and_have_no_months(year, log):
    hand_in(stays())
    recompute()

    assert counted(log) == [(0, INDICATORS), (INDICATORS, 0)]
    assert "trend" not in newest().document
    assert newest().document["indicators"][0]["tally"]["initial_population"] == STAYS


def test_a_slice_is_made_ready_when_it_is_accepted(year):
    upload = receive(stays())
    run_jobs(upload.tenant_id, JobKind.CHECK_UPLOAD)

    (path,) = kernel_folder(upload.tenant_id).iterdir()
    assert path == companion_path(path.parent, Slice.objects.get().sha256)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    folders = (path.parent, Path(settings.KERNEL_FOLDER))
    assert [stat.S_IMODE(folder.stat().st_mode) for folder in folders] == [0o700, 0o700]


def test_a_companion_that_cannot_be_written_does_not_cost_the_slice(year, settings, tmp_path, log):
    (tmp_path / "file").write_text("no folder")
    settings.KERNEL_FOLDER = str(tmp_path / "file" / "kernel")

    upload = receive(stays())
    run_jobs(upload.tenant_id, JobKind.CHECK_UPLOAD)

    upload.refresh_from_db()
    assert upload.status == UploadStatus.ACCEPTED
    assert Slice.objects.get().upload == upload
    assert Job.objects.get(subject_id=upload.pk).state == JobState.DONE
    assert [record.getMessage() for record in log.records] == ["companion not written"]


def test_a_rejected_file_leaves_nothing_behind(year):
    upload = receive(stays(time_in_hospital="many"))
    run_jobs(upload.tenant_id, JobKind.CHECK_UPLOAD)

    assert list(kernel_folder(upload.tenant_id).iterdir()) == []


def test_two_hospitals_share_no_folder_though_their_cases_are_equal(hospital, log):
    other = small_hospital("bigger")
    for tenant in (hospital, other):
        with tenant_scope(tenant.pk):
            open_year()
            hand_in(stays())

    assert counted(log) == [(0, INDICATORS)] * 2
    names = [
        {path.name for path in kernel_folder(tenant.pk).glob("*.columns")}
        for tenant in (hospital, other)
    ]
    assert names[0] == names[1] != set()
    assert kernel_folder(hospital.pk) != kernel_folder(other.pk)


def test_a_column_that_the_feed_lacks_is_named_to_people(year):
    feed = Feed.objects.get()
    spec = current_map(feed).spec
    columns = [each for each in spec["columns"] if each["name"] != "readmitted"]
    FeedMap.objects.create(feed=feed, version=2, spec=spec | {"columns": columns}, sha256="")

    hand_in(stays())

    job = Job.objects.get(kind=JobKind.RECOMPUTE_SCORECARD)
    assert (job.state, Scorecard.objects.count()) == (JobState.FAILED, 0)
    assert job.problem == (
        "The feed has no column readmitted, which the terms ask for. Declare it in the feed and "
        "send the period again."
    )
