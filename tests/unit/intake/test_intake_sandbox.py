import subprocess
import sys

import pytest

from scorecards.intake import sandbox
from scorecards.intake.checks import check_file
from scorecards.intake.sandbox import check_in_child, closed_environment
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
        memory_bytes=270 * MEBIBYTE,
    )

    assert codes(outcome) == ["too-much-memory"]
    assert list(target.parent.iterdir()) == []


def test_a_child_that_computes_too_long_is_a_refusal(extract, target):
    source = extract(1_000_000)

    outcome = check_in_child(source, source.name, make_spec(), FIRST_QUARTER, target, cpu_seconds=1)

    assert codes(outcome) == ["too-slow"]
    assert list(target.parent.iterdir()) == []


def test_a_child_that_hangs_is_ended(extract, target):
    source = extract(1)

    outcome = check_in_child(
        source, source.name, make_spec(), FIRST_QUARTER, target, wall_seconds=0.05
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


def test_a_slice_over_the_size_limit_is_not_stored_and_not_left(extract, target, monkeypatch):
    monkeypatch.setattr(sandbox, "MAX_WRITTEN_BYTES", 100)

    outcome = check_in_child(extract(1), "extract.csv", make_spec(), FIRST_QUARTER, target)

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
