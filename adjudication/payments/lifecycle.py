"""Where an estimate can go, and whose turn it is."""

from adjudication.payments.models import EstimateStatus
from comanage.identity.roles import Role

ESTIMATE_NEXT: dict[EstimateStatus, frozenset[EstimateStatus]] = {
    EstimateStatus.PROPOSED: frozenset({EstimateStatus.APPROVED, EstimateStatus.DECLINED}),
    EstimateStatus.APPROVED: frozenset({EstimateStatus.TAKEN_BACK}),
    EstimateStatus.DECLINED: frozenset(),
    EstimateStatus.TAKEN_BACK: frozenset(),
}

# DOMAIN 7, sign-off: the hospital's CEO authorizes what finance then pays.
ESTIMATE_OWNER: dict[EstimateStatus, Role | None] = {
    EstimateStatus.PROPOSED: Role.CEO,
    EstimateStatus.APPROVED: Role.FINANCE,
    EstimateStatus.DECLINED: None,
    EstimateStatus.TAKEN_BACK: None,
}
