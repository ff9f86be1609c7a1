"""A real worker is killed in mid-computation: nothing is lost and nothing is done twice."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.audit.queries import verify_chain
from comanage.celery import app
from comanage.demo.hospitals import DATA
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Bell, Job, JobState
from comanage.jobs.schedule import ring_due
from comanage.tenancy.scope import tenant_scope
from scorecards.cards.models import Scorecard
from scorecards.intake.models import Slice, Upload, UploadStatus
from tests.ground import open_year, receive, small_hospital, storage_in
from tests.workers import forget_routes

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 45
LEASE_SECONDS = 2
OWN_BROKER = "8"  # a database of its own, so that no other test's worker or message gets in


def own_broker() -> str:
    """The tests' broker with another database behind it."""
    return re.sub(r"(virtual_host=|/)\d+$", rf"\g<1>{OWN_BROKER}", settings.CELERY_BROKER_URL)


@pytest.fixture
def broker():
    """Ring in the database of this test, which is empty before and after."""
    before = app.conf.broker_write_url, app.conf.broker_read_url
    app.conf.broker_write_url = app.conf.broker_read_url = own_broker()
    forget_routes()
    with app.connection_for_write() as broker_connection:
        valkey = broker_connection.default_channel.client
        valkey.flushdb()
        yield
        valkey.flushdb()
    app.conf.broker_write_url, app.conf.broker_read_url = before
    forget_routes()


@pytest.fixture
def worker(tmp_path):
    """Start workers as production does, as the app role; end what still runs afterwards."""
    started = []
    database = connection.settings_dict
    url = f"postgresql://comanage_app@/{database['NAME']}?host={quote(database['HOST'])}"
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "comanage.settings.test",
        "DATABASE_URL": url,
        "REDIS_URL": own_broker(),
        "STORAGE_URL": (tmp_path / "stored").as_uri(),
        "COMANAGE_TEST_QUEUE": app.conf.task_default_queue,
        "COMANAGE_JOB_LEASE_SECONDS": str(LEASE_SECONDS),
        "TMPDIR": str(tmp_path),
    }

    def start():
        with (tmp_path / f"worker-{len(started)}.log").open("w") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "comanage.celery", "worker", "-c", "1"],
                cwd=PROJECT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            kill_whole(process)


def kill_whole(process: subprocess.Popen) -> None:
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def kill_pool_child(process: subprocess.Popen) -> None:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    assert children
    for child in children:
        os.kill(int(child), signal.SIGKILL)


def wait_until(tenant, look, log_folder):
    """Sweep as beat would until something is so."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with tenant_scope(tenant.pk):
            if look():
                return
        ring_due()
        time.sleep(0.02)
    logs = "\n".join(path.read_text()[-3000:] for path in log_folder.glob("worker-*.log"))
    pytest.fail(f"it did not come to pass within {PATIENCE_SECONDS} s\n{logs}")


@pytest.mark.django_db(transaction=True)
def test_killing_the_worker_loses_nothing_and_doubles_nothing(broker, worker, tmp_path):
    def runs_for_the(time_number):
        def looks_so():
            running = Job.objects.filter(kind=JobKind.CHECK_UPLOAD, state=JobState.RUNNING)
            return running.filter(attempt=time_number).exists()

        return looks_so

    def all_done():
        states = set(Job.objects.values_list("state", flat=True))
        return states == {JobState.DONE} and Scorecard.objects.exists()

    with storage_in(tmp_path / "stored"):
        tenant = small_hospital()
        with tenant_scope(tenant.pk):
            open_year()
            receive((DATA / "stays.csv").read_bytes())

        first = worker()
        wait_until(tenant, runs_for_the(1), tmp_path)
        kill_pool_child(first)
        wait_until(tenant, runs_for_the(2), tmp_path)
        kill_whole(first)
        with tenant_scope(tenant.pk):
            assert Upload.objects.get().status == UploadStatus.RECEIVED
            assert not Slice.objects.exists()
        worker()
        wait_until(tenant, all_done, tmp_path)

        with tenant_scope(tenant.pk):
            assert Upload.objects.get().status == UploadStatus.ACCEPTED
            assert Slice.objects.get().rows == 12_367
            assert Scorecard.objects.get().version == 1
            assert Job.objects.get(kind=JobKind.CHECK_UPLOAD).attempt == 3
            for kind in (EventKind.UPLOAD_ACCEPTED, EventKind.SCORECARD_COMPUTED):
                assert Event.objects.filter(kind=kind).count() == 1
            assert verify_chain().holds
            (readmission, _) = Scorecard.objects.get().document["indicators"]
            assert readmission["tally"]["numerator"] == 1_132
        assert not Bell.objects.exists()
        assert len(list((tmp_path / "stored").rglob("slices/*"))) == 1
