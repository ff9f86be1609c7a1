"""One run of `manage.py verify`: a file in, a plain answer out."""

from __future__ import annotations

import json
import re
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from textwrap import fill
from typing import Any

from adjudication.verifying.report_file import LARGEST
from adjudication.verifying.snapshot import Facts
from adjudication.verifying.verdict import Finding, Verdict, verify
from comanage.signing.certificates import CertificateError, read_certificates
from comanage.values.rounding import exact_text
from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import UsageError

SCHEMA = "comanage.verdict/1"
_LARGEST_CERTIFICATES = 1_000_000
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class VerifyOptions:
    """One run of the command; the options as they were given."""

    file: Path
    trust: list[Path]
    sha256: str
    json: bool


def add_arguments(parser: ArgumentParser) -> None:
    """Declare the options."""
    add = parser.add_argument
    add("file", type=Path, metavar="FILE", help="the report, PDF")
    add("--trust", action="append", default=[], type=Path, metavar="FILE",
        help="certificates (PEM) of which one must have signed or vouch for the one that did; "
             "the page of a year hands out the installation's")  # fmt: skip
    add("--sha256", default="", metavar="HASH",
        help="the snapshot's SHA-256 as it was printed or told to you")  # fmt: skip
    add("--json", action="store_true", help="write the answer as JSON")


def verify_options(given: dict[str, Any]) -> VerifyOptions:
    """Take the options that were parsed.

    Raises:
        UsageError: the hash is none.
    """
    told = re.sub(r"\s", "", given["sha256"]).lower()
    if told and not _SHA256.fullmatch(told):
        raise UsageError("--sha256 is not 64 hexadecimal digits. Copy the snapshot's whole hash.")
    return VerifyOptions(given["file"], given["trust"], told, given["json"])


def run(options: VerifyOptions, say: Callable[[str], None], write: Callable[[str], None]) -> None:
    """Verify, and write the answer.

    Args:
        options: of the command.
        say: takes notes for the person at the terminal.
        write: takes the answer.

    Raises:
        OfflineError: the report does not hold, with every reason; or a file cannot be read.
    """
    trusted = [each for path in options.trust for each in _certificates(path)]
    verdict = verify(_read(options.file, LARGEST + 1), trusted=trusted, told_sha256=options.sha256)
    if options.json:
        write(_json(verdict, options.file))
    elif verdict.holds:
        write(_plain(verdict))
    if verdict.holds and not trusted:
        say("whose signature it is was not checked. Give the hospital's certificate with --trust.")
    if not verdict.holds:
        raise OfflineError(*_reasons(verdict, options))


def _certificates(path: Path) -> list[bytes]:
    try:
        return read_certificates(_read(path, _LARGEST_CERTIFICATES))
    except CertificateError as wrong:
        raise OfflineError(f"{path}: {wrong}.") from wrong


def _read(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(most)
    except OSError as wrong:
        raise OfflineError(f"{path} cannot be read: {wrong.strerror}.") from wrong


def _plain(verdict: Verdict) -> str:
    lines = [f"OK: {_about(verdict.facts)}.", *_listed(verdict)]
    return "".join(f"{line}\n" for line in lines)


def _listed(verdict: Verdict) -> list[str]:
    width = max(len(finding.check) for finding in verdict.findings)
    return [_line(finding, width) for finding in verdict.findings]


def _line(finding: Finding, width: int) -> str:
    return fill(
        finding.text,
        100,
        initial_indent=f"  {finding.check:{width}}  ",
        subsequent_indent=" " * (width + 4),
    )


def _reasons(verdict: Verdict, options: VerifyOptions) -> list[str]:
    failed = [finding for finding in verdict.findings if not finding.holds]
    about = f" It says it is {_about(verdict.facts)}." if verdict.facts else ""
    head = f"NOT OK: {options.file.name} is not to be relied on.{about}"
    return [head, *(f"  {finding.check}: {finding.text}" for finding in failed)]


def _about(facts: Facts | None) -> str:
    if facts is None:
        return ""
    return f"{facts.hospital}, {facts.program}, {facts.period}: {facts.total} to {facts.group}"


def _json(verdict: Verdict, path: Path) -> str:
    facts, seal = verdict.facts, verdict.seal
    document = {
        "schema": SCHEMA,
        "file": path.name,
        "ok": verdict.holds,
        "report": None
        if facts is None
        else {
            "hospital": facts.hospital,
            "program": facts.program,
            "group": facts.group,
            "period": {
                "start": facts.period.start.isoformat(),
                "end": facts.period.end.isoformat(),
            },
            "total": facts.total.dollars_text,
            "snapshot_sha256": facts.sha256,
        },
        "signature": None
        if seal is None
        else {
            "name": seal.name,
            "certificate_sha256": seal.fingerprint,
            "claimed_at": seal.claimed_at.isoformat() if seal.claimed_at else None,
            "trusted": seal.is_trusted,
        },
        "indicators": [
            {
                "slug": figure.slug,
                "title": figure.title,
                "above": None if figure.above is None else exact_text(figure.above),
                "below": None if figure.below is None else exact_text(figure.below),
            }
            for figure in verdict.figures
        ],
        "checks": [
            {"check": finding.check, "ok": finding.holds, "text": finding.text}
            for finding in verdict.findings
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
