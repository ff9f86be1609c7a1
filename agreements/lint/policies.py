"""Whether what the rules found keeps a version from being signed, and what counsel may waive."""

from collections.abc import Iterable
from datetime import date

from agreements.drafting.models import AgreementStatus, AgreementVersion
from agreements.lint.document import Weighed
from agreements.lint.facts import Severity
from agreements.lint.models import FindingWaiver
from agreements.lint.queries import weighed
from comanage.web.errors import PolicyError

BEFORE_EXECUTION = (AgreementStatus.DRAFTING, AgreementStatus.APPROVAL, AgreementStatus.SIGNING)


def check_nothing_blocks(version: AgreementVersion, *, today: date) -> None:
    """Raise PolicyError, naming how many and where, while findings of a version stop it.

    A BLOCK is to be mended; a HOLD is to be mended, or waived by counsel with a reason.
    """
    check_findings(version, weighed(version, today=today))


def check_findings(version: AgreementVersion, found: Iterable[Weighed]) -> None:
    """Raise PolicyError while one of the findings stops a version."""
    stopping = [each for each in found if each.stops]
    blocks = [each for each in stopping if not each.is_held]
    holds = [each for each in stopping if each.is_held]
    parts = [
        f"{_so_many(listed)} {what} ({_where(listed)})"
        for listed, what in (
            (blocks, "to be mended first"),
            (holds, "to be mended, or waived by counsel with a reason"),
        )
        if listed
    ]
    if parts:
        raise PolicyError(
            f"Version {version.number} cannot be signed yet: {'; '.join(parts)}. Its page of "
            f"findings says how."
        )


def check_can_waive(version: AgreementVersion, finding: Weighed | None) -> Weighed:
    """Raise PolicyError unless a finding holds the version back today; return it."""
    _check_is_not_executed(version)
    if finding is None:
        raise PolicyError(
            "The rules no longer find this, or with other figures. Look at the page anew."
        )
    if finding.finding.severity is not Severity.HOLD:
        raise PolicyError(
            f"A finding of {finding.finding.severity} is not waived: only a HOLD is. Mend what it "
            f"is about."
        )
    if finding.waived is not None:
        raise PolicyError("The finding is waived already.")
    return finding


def check_can_withdraw(version: AgreementVersion, waiver: FindingWaiver | None) -> FindingWaiver:
    """Raise PolicyError unless a waiver counts that can be taken back; return it."""
    _check_is_not_executed(version)
    if waiver is None:
        raise PolicyError("No waiver of this finding counts. Look at the page anew.")
    return waiver


def can_decide(version: AgreementVersion) -> bool:
    """Say whether counsel can still waive findings of a version, or take a waiver back."""
    return version.agreement.status in BEFORE_EXECUTION


def _check_is_not_executed(version: AgreementVersion) -> None:
    if not can_decide(version):
        raise PolicyError(
            f"The agreement is {version.agreement.get_status_display().lower()}: what was waived "
            f"for it stays as it was."
        )


def _so_many(listed: list[Weighed]) -> str:
    return "1 finding is" if len(listed) == 1 else f"{len(listed)} findings are"


def _where(listed: list[Weighed]) -> str:
    places = (f"{each.finding.rule} on {each.finding.stands_on}" for each in listed)
    return ", ".join(dict.fromkeys(places))
