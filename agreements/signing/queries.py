"""Reading rounds: who was asked, who did what, and what a version needs."""

from django.db.models import Prefetch

from agreements.approvers.matrix import MatrixFacts, Need, needs_of
from agreements.approvers.queries import rules_in_force
from agreements.drafting.conditions import CONDITIONS
from agreements.drafting.document import from_document
from agreements.drafting.facts import Draft
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion
from agreements.drafting.queries import facts_of
from agreements.negotiation.queries import managers_of
from agreements.participants.models import Participant
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    ExecutedCopy,
    SigningRound,
)
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role

GOES_ROUND = (AgreementStatus.APPROVAL, AgreementStatus.SIGNING, AgreementStatus.EXECUTED)
SIGNS_FOR_HOSPITAL = (Role.CEO, Role.EXECUTIVE)


def last_round(agreement: Agreement) -> SigningRound | None:
    """Find the newest round with all that was done in it, in three queries."""
    return (
        SigningRound.objects.select_related(
            "version__made_by", "hospital_signatory", "physicians_signatory", "sent_by", "executed"
        )
        .prefetch_related(
            Prefetch("decisions", ApprovalDecision.objects.select_related("decided_by")),
            Prefetch("signatures", AgreementSignature.objects.select_related("signed_by")),
        )
        .filter(agreement=agreement)
        .first()
    )


def executed_copy(agreement: Agreement) -> ExecutedCopy | None:
    """Find the sealed copy of an executed agreement, in one query."""
    copies = ExecutedCopy.objects.select_related("file", "round__agreement", "round__version")
    return copies.filter(round__agreement=agreement).first()


def hospital_signatories() -> list[User]:
    """List who may sign for the hospital."""
    members = Membership.objects.select_related("user").filter(
        role__in=SIGNS_FOR_HOSPITAL, revoked_at=None
    )
    return [member.user for member in members]


def physicians_signatories(agreement: Agreement) -> list[User]:
    """List who may sign for the physicians: their managers with a seat in the program."""
    return managers_of(agreement)


def roles_held() -> set[str]:
    """List the roles that somebody holds at the hospital."""
    return set(Membership.objects.filter(revoked_at=None).values_list("role", flat=True))


def members_in(roles: set[str]) -> list[User]:
    """List the people in some roles."""
    members = Membership.objects.select_related("user").filter(role__in=roles, revoked_at=None)
    return [member.user for member in members]


def drafters(version: AgreementVersion) -> set[object]:
    """List by id who wrote any of the agreement up to a version: none of them approves it."""
    agreement = version.agreement
    changes = agreement.changes.filter(made_at__lte=version.made_at)
    return {version.made_by_id, agreement.created_by_id, *changes.values_list("made_by", flat=True)}


def needs_ahead(version: AgreementVersion) -> tuple[Need, ...]:
    """List what a version would need if it were sent now, in three queries."""
    return needs_of(matrix_facts(version), rules_in_force())


def matrix_facts(version: AgreementVersion) -> MatrixFacts:
    """Read what the approval matrix asks of a version and of the terms in it, in one query."""
    agreement = version.agreement
    terms = from_document(version.document).terms
    draft = Draft(facts_of(agreement), agreement.program.objective, 0, terms)
    own = Participant.objects.filter(program=agreement.program_id, left_on=None)
    others = Participant.objects.exclude(program=agreement.program_id).filter(left_on=None)
    return MatrixFacts(
        percentile=draft.terms["opinion"].get("percentile"),
        total=draft.dollars("fixed_fee") + draft.dollars("incentive_pool"),
        model=draft.model,
        has_cost_indicator=CONDITIONS["has_cost_indicator"].holds(draft),
        is_bond_financed=agreement.is_bond_financed,
        has_other_agreement=others.filter(physician__in=own.values("physician")).exists(),
    )
