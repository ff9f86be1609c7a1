"""A real Celery worker beside the tests: their database as the app role, a queue of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlencode
from uuid import uuid4

from django.conf import settings
from django.db import connection

from comanage.celery import app
from comanage.embedded.home import PROJECT
from comanage.embedded.processes import die_with_parent

START_SECONDS = 30.0


@contextmanager
def own_queue(name: str = "") -> Iterator[None]:
    """Ring where no worker listens but one started on this queue; a new one without a name."""
    before = app.conf.task_default_queue
    app.conf.task_default_queue = name or f"test-{uuid4().hex}"
    forget_routes()
    try:
        yield
    finally:
        app.conf.task_default_queue = before
        forget_routes()


def forget_routes() -> None:
    """Make Celery read its queue and broker again; it looks once and remembers."""
    vars(app).pop("amqp", None)


@contextmanager
def worker(folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a worker over the files stored in a folder; its log is `worker.log` beside them."""
    parent, log = os.getpid(), folder / f"worker-{uuid4().hex[:6]}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "comanage.embedded.worker", "-A", "comanage.celery"),
                *("worker", "--concurrency", "1", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            cwd=PROJECT,
            env=_environment(folder) | environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=lambda: die_with_parent(signal.SIGKILL, parent),
        )
    try:
        _wait_until_ready(process, log)
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _environment(folder: Path) -> dict[str, str]:
    database = connection.settings_dict
    query = {"host": database["HOST"], "port": database["PORT"], "options": "-c role=comanage_app"}
    address = urlencode({key: value for key, value in query.items() if value}, quote_via=quote)
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "comanage.settings.test",
        "DATABASE_URL": f"postgresql://{database['USER']}@/{database['NAME']}?{address}",
        "STORAGE_URL": folder.as_uri(),
        "COMANAGE_KERNEL_FOLDER": str(settings.KERNEL_FOLDER),
        "COMANAGE_TEST_QUEUE": app.conf.task_default_queue,
    }


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while " ready." not in log.read_text("utf-8"):
        assert process.poll() is None, f"The worker ended:\n{log.read_text('utf-8')}"
        assert time.monotonic() < deadline, f"No worker in time:\n{log.read_text('utf-8')}"
        time.sleep(0.1)
