"""Why a year is held, who mends it, and who says that it is mended."""

from django.db import models

from comanage.identity.roles import Role


class Cause(models.TextChoices):
    """What is missing before a year may be paid."""

    CONDITION = "condition", "Condition of legal counsel"
    DISPUTE = "dispute", "Disputed result"
    RATE = "rate", "Effective rate outside the opinion's range"
    DATA = "data", "Gap in the data"
    OPINION = "opinion", "Fair-market-value opinion"
    LOGS = "logs", "Time logs"
    MINUTES = "minutes", "Minutes of the committee"
    SCREENING = "screening", "Exclusion screening"
    DEFICIENCY = "deficiency", "Open deficiency"


BY_HAND = (
    Cause.DATA,
    Cause.OPINION,
    Cause.LOGS,
    Cause.MINUTES,
    Cause.SCREENING,
    Cause.DEFICIENCY,
)
"""The causes that a person names; the others come with a signature or a dispute."""

# Who says that it is mended. A condition is met when counsel, who set it, says so; for the
# others it is never the person who opened the hold.
RELEASERS: dict[Cause, frozenset[Role]] = {
    Cause.CONDITION: frozenset({Role.COUNSEL}),
    Cause.DISPUTE: frozenset({Role.COMPLIANCE, Role.COUNSEL}),
    Cause.RATE: frozenset({Role.COMPLIANCE, Role.COUNSEL}),
    **dict.fromkeys(BY_HAND, frozenset({Role.COMPLIANCE, Role.COUNSEL})),
}

OWNERS: tuple[Role, ...] = (
    Role.SERVICE_LINE_ADMINISTRATOR,
    Role.PHYSICIAN_MANAGER,
    Role.CONSULTANT,
    Role.COMPLIANCE,
    Role.COUNSEL,
    Role.FINANCE,
    Role.EXECUTIVE,
)
"""Who can be asked to mend what holds a year."""
