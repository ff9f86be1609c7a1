"""The order of sign-off, and who owns each step. Nobody holds two of them."""

from django.db import models

from comanage.identity.roles import Role


class Step(models.TextChoices):
    """One signature on the year's result."""

    ATTEST = "attest", "Data owner attests"
    REVIEW = "review", "Independent reviewer recomputes"
    COMPLIANCE = "compliance", "Compliance checks"
    COUNSEL = "counsel", "Legal counsel approves"
    CEO = "ceo", "CEO authorizes payment"


MEANING: dict[Step, str] = {
    Step.ATTEST: "You say that the year's data is complete and as the hospital's systems hold it.",
    Step.REVIEW: "You say that the result follows from the terms and the counts, as your record of "
    "the review shows. It is computed anew from the frozen inputs once more; if it differs by a "
    "cent, your approval is refused.",
    Step.COMPLIANCE: "You say that terms, opinion and participants were in order for the year.",
    Step.COUNSEL: "You approve the report as the hospital's legal counsel.",
    Step.CEO: "You authorize finance to pay exactly this amount.",
}

ORDER: tuple[Step, ...] = tuple(Step)

OWNER: dict[Step, Role] = {
    Step.ATTEST: Role.SERVICE_LINE_ADMINISTRATOR,
    Step.REVIEW: Role.REVIEWER,
    Step.COMPLIANCE: Role.COMPLIANCE,
    Step.COUNSEL: Role.COUNSEL,
    Step.CEO: Role.CEO,
}
