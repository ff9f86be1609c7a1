"""The plain answer about one report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from adjudication.verifying.enclosed import SIGN_OFFS, SNAPSHOT
from adjudication.verifying.problems import MISSHAPEN, DoesNotHoldError
from adjudication.verifying.records import check_records
from adjudication.verifying.report_file import ReportFile, read_report
from adjudication.verifying.seal import Seal, check_seal
from adjudication.verifying.sign_offs import check_sign_offs, read_sign_offs
from adjudication.verifying.snapshot import (
    Facts,
    check_hash,
    check_months,
    check_parts,
    check_result,
    read_snapshot,
)
from adjudication.years.figures import Figure, figures_of

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, in a sentence."""

    check: str
    holds: bool
    text: str


@dataclass(slots=True)
class Verdict:
    """All findings about one report, in the order they were made.

    Attributes:
        facts: what the report is about; None where that cannot be read.
        seal: its signature; None where that does not hold.
        figures: of each indicator, computed anew; none where the result does not hold.
    """

    findings: list[Finding] = field(default_factory=list)
    facts: Facts | None = None
    seal: Seal | None = None
    figures: tuple[Figure, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every check does."""
        return all(finding.holds for finding in self.findings)

    def attempt(
        self, check: str, find: Callable[[], Found], say: Callable[[Found], str]
    ) -> Found | None:
        """Make one check, and note what it found or why the report does not hold."""
        try:
            found = find()
        except DoesNotHoldError as reason:
            self.findings.append(Finding(check, holds=False, text=str(reason)))
        except MISSHAPEN:
            text = f"The {check} cannot be read: the server writes another form."
            self.findings.append(Finding(check, holds=False, text=text))
        else:
            self.findings.append(Finding(check, holds=True, text=say(found)))
            return found
        return None


def verify(content: bytes, *, trusted: Sequence[bytes] = (), told_sha256: str = "") -> Verdict:
    """Check a report: its signature, the hashes inside, and its dollars, to the cent.

    Nothing stops at the first finding, except where there is nothing left to look at.

    Args:
        content: of the PDF.
        trusted: certificates (DER) of which one must have signed, or lead to the one that did;
            without any the signature is checked, but not whose it is.
        told_sha256: the snapshot's hash as somebody was told it; empty for none.
    """
    verdict = Verdict()
    file = verdict.attempt("file", lambda: read_report(content), _file_text)
    if file is None:
        return verdict
    verdict.seal = verdict.attempt("signature", lambda: check_seal(file, trusted), _seal_text)
    read = verdict.attempt("snapshot", lambda: read_snapshot(file.part(SNAPSHOT)), _snapshot_text)
    if read is None:
        return verdict
    document, facts = read
    verdict.facts = facts
    verdict.attempt(
        "hash", lambda: check_hash(facts, subject=file.subject, told=told_sha256), _hash_text
    )
    verdict.attempt(
        "sign-offs",
        lambda: check_sign_offs(read_sign_offs(file.part(SIGN_OFFS)), facts.sha256),
        lambda said: said,
    )
    verdict.attempt(
        "records",
        lambda: check_records(
            file.enclosed, read_sign_offs(file.part(SIGN_OFFS)), document, facts.sha256
        ),
        lambda said: said,
    )
    verdict.attempt("documents", lambda: check_parts(document), _parts_text)
    if "beside" in document:
        verdict.attempt("months", lambda: check_months(document), _months_text)
    if verdict.attempt("result", lambda: check_result(document), _result_text) is not None:
        verdict.figures = tuple(figures_of(document).values())
    return verdict


def _file_text(file: ReportFile) -> str:
    return f"A PDF of {len(file.content):,} bytes with {len(file.enclosed)} files inside."


def _seal_text(seal: Seal) -> str:
    at = f" on {seal.claimed_at:%Y-%m-%d %H:%M %Z}, by its own clock" if seal.claimed_at else ""
    whose = (
        "is one that you trust, or leads to one."
        if seal.is_trusted
        else "was not held against one that you trust."
    )
    return (
        f"Unbroken for every byte of the file, by “{seal.name}”{at}. Its certificate, SHA-256 "
        f"{seal.fingerprint}, {whose}"
    )


def _snapshot_text(read: tuple[object, Facts]) -> str:
    return f"Of {read[1].hospital}, SHA-256 {read[1].sha256}."


def _hash_text(count: int) -> str:
    return "The same as the report was printed for" + (
        ", and as you gave it." if count > 1 else "."
    )


def _parts_text(count: int) -> str:
    return f"Terms and {count - 1} definitions, each with the SHA-256 that it is named by."


def _months_text(found: tuple[int, int]) -> str:
    months, indicators = found
    if not months:
        return "None are told apart."
    return f"{months} of {indicators} indicators, together no more cases than the year."


def _result_text(steps: int) -> str:
    return f"{steps} steps computed anew from the terms and counts inside: the same to the cent."
