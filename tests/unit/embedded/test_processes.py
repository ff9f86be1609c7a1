"""A service ends when it is asked to, and when the one that started it is gone."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from comanage.embedded import processes

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]
DEAF_CODE = (
    "import signal, time; signal.signal(15, signal.SIG_IGN)\n"
    "print('up', flush=True); time.sleep(60)"
)
DEAF = [sys.executable, "-c", DEAF_CODE]


def start(tmp_path, command):
    log = tmp_path / "service.log"
    return processes.start("service", command, log=log, environment=os.environ, folder=tmp_path)


def wait_for(is_true, seconds=8):
    deadline = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_a_service_ends_when_asked(tmp_path):
    child = start(tmp_path, SLEEP)

    processes.stop_all([child], seconds=5)

    assert child.process.returncode == -signal.SIGTERM


def test_a_service_that_does_not_listen_is_killed(tmp_path):
    child = start(tmp_path, DEAF)
    wait_for(lambda: "up" in child.last_lines())

    processes.stop_all([child], seconds=0.2)

    assert child.process.returncode == -signal.SIGKILL


def test_a_service_dies_with_the_process_that_started_it(tmp_path):
    code = f"""
import os, time
from pathlib import Path
from comanage.embedded import processes
folder = Path({str(tmp_path)!r})
child = processes.start(
    "service", {SLEEP!r}, log=folder / "log", environment=os.environ, folder=folder
)
print(child.process.pid, flush=True)
time.sleep(60)
"""
    project = Path(__file__).parents[3]
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=project
    ) as parent:
        service = int(parent.stdout.readline())
        assert processes.start_time(service)
        parent.kill()

    wait_for(lambda: processes.start_time(service) is None)


def test_a_leftover_is_ended_by_number_and_start_time(tmp_path):
    child = start(tmp_path, SLEEP)
    started = processes.start_time(child.process.pid)

    assert processes.end_leftover(child.process.pid, started, signal.SIGTERM, 5)
    child.process.wait()


def test_another_process_with_the_same_number_is_left_alone(tmp_path):
    child = start(tmp_path, SLEEP)

    assert not processes.end_leftover(child.process.pid, "0", signal.SIGTERM, 5)
    assert child.process.poll() is None

    processes.stop_all([child], seconds=5)
