"""Whether what the rules found keeps a version from being signed."""

from datetime import date

from agreements.drafting.models import AgreementVersion
from agreements.lint.facts import Severity
from agreements.lint.queries import findings_of
from comanage.web.errors import PolicyError


def check_nothing_blocks(version: AgreementVersion, *, today: date) -> None:
    """Raise PolicyError, naming the rules, while a finding of a version is to be mended first."""
    found = findings_of(version, today=today)
    rules = dict.fromkeys(each.rule for each in found if each.severity is Severity.BLOCK)
    if rules:
        raise PolicyError(
            f"Version {version.number} cannot be signed yet: its findings under "
            f"{', '.join(rules)} are to be mended first. Its page of findings says how."
        )
