"""The order of sign-off, and who owns each step. Nobody holds two of them."""

from django.db import models

from comanage.identity.roles import Role


class Step(models.TextChoices):
    """One signature on the year's result."""

    ATTEST = "attest", "Data owner attests"
    REVIEW = "review", "Independent reviewer recomputes"
    COMPLIANCE = "compliance", "Compliance checks"
    COUNSEL = "counsel", "Legal counsel approves"
    CEO = "ceo", "CEO authorises payment"


ORDER: tuple[Step, ...] = tuple(Step)

OWNER: dict[Step, Role] = {
    Step.ATTEST: Role.SERVICE_LINE_ADMINISTRATOR,
    Step.REVIEW: Role.REVIEWER,
    Step.COMPLIANCE: Role.COMPLIANCE,
    Step.COUNSEL: Role.COUNSEL,
    Step.CEO: Role.CEO,
}
