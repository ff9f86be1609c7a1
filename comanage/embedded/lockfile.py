"""`manage.py lock`: pin every package with its hashes, and check that the pins are current."""

import argparse
import re
import shutil
import subprocess
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from comanage.bootstrap import LOCK_FILE, TEST_PART
from comanage.embedded.home import PROJECT

HEAD = """\
# Every package with its hashes, for CPython 3.11 and newer. Made by `manage.py lock`.
# First what running needs; then, after the marked line, what the tests and the bench need besides.

"""
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)


class LockError(Exception):
    """The lock file cannot be made, or does not hold what pyproject.toml asks for."""


def lock(arguments: Sequence[str]) -> int:
    """Write requirements.lock, or with `--check` compare it with pyproject.toml."""
    parser = argparse.ArgumentParser(prog="manage.py lock", description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare, write nothing")
    if parser.parse_args(arguments).check:
        wrong = problems(LOCK_FILE.read_text(), wanted_requirements())
        if wrong:
            raise LockError("\n".join([*wrong, "Run: python3 manage.py lock"]))
        return 0
    LOCK_FILE.write_text(make())
    return 0


def make() -> str:
    """Pin everything once, then set apart what only the tests and the bench need."""
    uv = shutil.which("uv")
    if uv is None:
        raise LockError("Making the lock file needs uv. Run: pip install uv")
    with tempfile.TemporaryDirectory() as folder:
        whole = compile_pins(uv, Path(folder) / "whole", ["embedded", "test", "bench"], None)
        running = compile_pins(uv, Path(folder) / "run", ["embedded"], Path(folder) / "whole")
    blocks, needed = pin_blocks(whole), pin_blocks(running)
    run_part = "".join(blocks[name] for name in blocks if name in needed)
    test_part = "".join(blocks[name] for name in blocks if name not in needed)
    return f"{HEAD}{run_part}\n{TEST_PART}\n{test_part}"


def compile_pins(uv: str, output: Path, extras: Sequence[str], within: Path | None) -> str:
    """Resolve for every supported Python at once."""
    command = [uv, "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]
    # One version of a package for every Python: the same numbers everywhere.
    command += ["--fork-strategy", "fewest", "--no-config", "--output-file", str(output)]
    command += [f"--extra={extra}" for extra in extras]
    command += ["--constraint", str(within)] if within else []
    done = subprocess.run([*command, str(PROJECT / "pyproject.toml")], check=False)
    if done.returncode:
        raise LockError("uv could not resolve pyproject.toml.")
    return output.read_text()


def pin_blocks(text: str) -> dict[str, str]:
    """Cut a lock file into one block for each package: its pins and their hashes."""
    blocks: dict[str, str] = {}
    for block in re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE):
        found = PIN.match(block)
        if found:
            blocks[found["name"]] = blocks.get(found["name"], "") + block
    return blocks


def wanted_requirements() -> list[Requirement]:
    """Read what pyproject.toml asks for, extras included."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"].values()
    texts = [*project["dependencies"], *(text for extra in extras for text in extra)]
    return [Requirement(text) for text in texts]


def problems(text: str, wanted: Sequence[Requirement]) -> list[str]:
    """List what is missing from the lock file, too old in it, or without a hash."""
    pins = {canonicalize_name(m["name"]): m["version"] for m in PIN.finditer(text)}
    found = []
    for requirement in wanted:
        version = pins.get(canonicalize_name(requirement.name))
        if version is None or version not in requirement.specifier:
            found.append(f"pyproject.toml asks for {requirement}; the lock file has {version}.")
    found += [f"{n} has no hash." for n, b in pin_blocks(text).items() if "--hash=sha256:" not in b]
    if "http://" in text or "https://" in text:
        found.append("The lock file names an address; packages come from the configured index.")
    return found
