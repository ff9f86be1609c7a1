import contextlib
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from comanage.embedded.processes import start_time
from scorecards.intake import sandbox
from scorecards.intake.checks import check_file
from scorecards.intake.child import WithoutPandas
from scorecards.intake.sandbox import Limits, check_in_child, closed_environment
from scorecards.intake.slices import part_path
from tests.unit.intake.intake_examples import (
    FIRST_QUARTER,
    HEADER,
    codes,
    everything_said,
    good_row,
    make_spec,
)

MEBIBYTE = 1 << 20
USUAL = Limits.for_file(1)


@pytest.fixture
def extract(tmp_path):
    """A file of good rows under the usual header."""

    def make(rows, filename="extract.csv"):
        source = tmp_path / filename
        lines = (good_row(f"K{place}") for place in range(rows))
        source.write_text("\n".join([HEADER, *lines]))
        return source

    return make


def test_a_child_answers_like_the_check_itself(extract, target, tmp_path):
    source = extract(20)

    outcome = check_in_child(source, source.name, make_spec(), FIRST_QUARTER, target)

    assert outcome.accepted, outcome.findings
    same = check_file(source, source.name, make_spec(), FIRST_QUARTER, tmp_path / "other")
    assert outcome == same
    assert target.read_bytes() == (tmp_path / "other").read_bytes()


def test_a_child_returns_findings(tmp_path, target):
    source = tmp_path / "extract.csv"
    source.write_text(f"{HEADER}\n{good_row(days='x')}\n")

    outcome = check_in_child(source, source.name, make_spec(), FIRST_QUARTER, target)

    assert codes(outcome) == ["wrong-type"]
    assert not target.exists()


def test_a_child_that_wants_too_much_memory_is_a_refusal(extract, target):
    source = extract(400_000)

    outcome = check_in_child(
        source,
        source.name,
        make_spec(),
        FIRST_QUARTER,
        target,
        limits=replace(USUAL, memory_bytes=270 * MEBIBYTE),
    )

    assert codes(outcome) == ["too-much-memory"]
    assert list(target.parent.iterdir()) == []


def test_a_child_that_computes_too_long_is_a_refusal(extract, target):
    source = extract(100_000)
    header, cases = source.read_bytes().split(b"\n", 1)
    source.write_bytes(b"\n".join([header, *[cases] * 30]))  # also for a fast machine

    outcome = check_in_child(
        source,
        source.name,
        make_spec(),
        FIRST_QUARTER,
        target,
        limits=replace(USUAL, cpu_seconds=1),
    )

    assert codes(outcome) == ["too-slow"]
    assert list(target.parent.iterdir()) == []


def test_a_child_that_hangs_is_ended(extract, target):
    source = extract(1)

    outcome = check_in_child(
        source,
        source.name,
        make_spec(),
        FIRST_QUARTER,
        target,
        limits=replace(USUAL, wall_seconds=0.05),
    )

    assert codes(outcome) == ["too-slow"]


@pytest.mark.parametrize(
    ("deed", "code"),
    [
        ("import os; os.kill(os.getpid(), 9)", "too-much-memory"),
        ("import os; os.kill(os.getpid(), 11)", "unreadable"),
        ("import os; os.abort()", "unreadable"),
        ("raise SystemExit(3)", "unreadable"),
        ("raise SystemExit(74)", "not-stored"),
        ("raise ValueError('123-45-6789')", "unreadable"),
        ("raise MemoryError", "too-much-memory"),
        ("print('not an outcome')", "unreadable"),
        ("print('{}')", "unreadable"),
    ],
)
def test_whatever_a_child_does_the_caller_lives_and_nothing_is_left(
    extract, target, monkeypatch, deed, code
):
    # The child is what is outside here: it is replaced by one that misbehaves.
    monkeypatch.setattr(sandbox, "CHILD", [sys.executable, "-c", deed])
    part_path(target).write_bytes(b"half a slice")

    outcome = check_in_child(extract(1), "extract.csv", make_spec(), FIRST_QUARTER, target)

    assert codes(outcome) == [code]
    assert "123-45" not in everything_said(outcome)
    assert list(target.parent.iterdir()) == []


def test_a_file_or_folder_that_is_not_there_is_our_fault_and_no_refusal(extract, tmp_path, target):
    with pytest.raises(FileNotFoundError):
        check_in_child(tmp_path / "no.csv", "no.csv", make_spec(), FIRST_QUARTER, target)
    with pytest.raises(FileNotFoundError):
        check_in_child(
            extract(1), "extract.csv", make_spec(), FIRST_QUARTER, tmp_path / "no" / "slice"
        )


def test_a_slice_over_the_size_limit_is_not_stored_and_not_left(extract, target):
    outcome = check_in_child(
        extract(1),
        "extract.csv",
        make_spec(),
        FIRST_QUARTER,
        target,
        limits=replace(USUAL, file_bytes=100),
    )

    assert codes(outcome) == ["not-stored"]
    assert list(target.parent.iterdir()) == []


def test_the_child_knows_no_secrets(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("SECRET_KEY", "secret")

    seen = subprocess.run(
        [sys.executable, "-c", "import os; print(dict(os.environ))"],
        env=closed_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "secret" not in seen.lower()
    assert not {"DATABASE_URL", "SECRET_KEY", "REDIS_URL", "HOME"} & set(closed_environment())


def test_the_child_imports_no_django():
    program = "import sys, scorecards.intake.checks; print('django' in sys.modules)"

    answer = subprocess.run(
        [sys.executable, "-c", program],
        cwd=sandbox.ROOT,
        env=closed_environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert answer.strip() == "False"


def test_the_child_cannot_write_more_than_its_limit(tmp_path):
    program = (
        "from scorecards.intake.child import limit_self\n"
        "limit_self(memory_bytes=1 << 30, cpu_seconds=5, file_bytes=1000)\n"
        "import resource, sys\n"
        "assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)\n"
        "open(sys.argv[1], 'wb', buffering=0).write(bytes(2000))\n"
        "open(sys.argv[1], 'ab', buffering=0).write(bytes(2000))\n"
    )
    written = tmp_path / "written"

    ended = subprocess.run(
        [sys.executable, "-c", program, str(written)],
        cwd=sandbox.ROOT,
        env=closed_environment(),
        capture_output=True,
    )

    assert ended.returncode != 0
    assert written.stat().st_size == 1_000


@pytest.fixture
def often(monkeypatch):
    """Hear of the progress so often that even a fast machine has some to tell."""
    monkeypatch.setattr(sandbox, "SECONDS_BETWEEN", 0.02)


def children():
    """Processes of this process, by their number."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == os.getpid() and fields[0] != "Z":
                found.append(stat)
    return found


def test_progress_is_told_until_the_end(extract, target, often):
    source = extract(300_000)
    told = []

    def hear(progress):
        told.append(progress)
        return True

    outcome = check_in_child(
        source, source.name, make_spec(), FIRST_QUARTER, target, on_progress=hear
    )

    assert outcome.accepted
    assert told
    assert {one.bytes_total for one in told} == {source.stat().st_size}
    assert told == sorted(told, key=lambda one: (one.bytes_read, one.rows_read))
    assert 0 <= told[-1].rows_read <= 300_000


def test_a_check_that_is_cancelled_ends_its_child_and_leaves_nothing(extract, target, often):
    source = extract(300_000)
    before = children()

    outcome = check_in_child(
        source, source.name, make_spec(), FIRST_QUARTER, target, on_progress=lambda _: False
    )

    assert codes(outcome) == ["cancelled"]
    assert children() == before
    assert list(target.parent.iterdir()) == []


def test_a_caller_that_breaks_ends_the_child_too(extract, target, often):
    source = extract(300_000)
    before = children()

    def break_down(_progress):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        check_in_child(
            source, source.name, make_spec(), FIRST_QUARTER, target, on_progress=break_down
        )

    assert children() == before


def test_a_child_does_not_outlive_a_caller_that_is_killed(extract, target):
    source = extract(300_000)
    program = (
        "import sys, pathlib\n"
        "from tests.unit.intake.intake_examples import FIRST_QUARTER, make_spec\n"
        "from scorecards.intake import sandbox\n"
        "sandbox.SECONDS_BETWEEN = 0.02\n"
        "source, target = map(pathlib.Path, sys.argv[1:])\n"
        "tell = lambda progress: print(progress.rows_read, flush=True) or True\n"
        "given = source, 'a.csv', make_spec(), FIRST_QUARTER, target\n"
        "sandbox.check_in_child(*given, on_progress=tell)\n"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", program, str(source), str(target)],
        cwd=sandbox.ROOT,
        stdout=subprocess.PIPE,
    )
    caller.stdout.readline()  # by now there is a child
    (child,) = map(int, Path(f"/proc/{caller.pid}/task/{caller.pid}/children").read_text().split())
    wait_until(lambda: is_limited(child))
    os.kill(child, signal.SIGSTOP)  # so that it does not end by being done

    caller.kill()
    caller.communicate()

    try:
        wait_until(lambda: start_time(child) is None)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def is_limited(child):
    """Whether the child has done what it does before it reads."""
    (line,) = re.findall("Max address space .*", Path(f"/proc/{child}/limits").read_text())
    return "unlimited" not in line.split()[3]


def wait_until(is_so):
    deadline = time.monotonic() + 5
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_child_is_told_that_there_is_no_pandas_and_finds_all_else():
    finder = WithoutPandas()

    assert finder.find_spec("pyarrow", None) is None
    with pytest.raises(ModuleNotFoundError):
        finder.find_spec("pandas", None)
