"""Roles and permissions, all on this page.

A permission opens a door. What a record's state allows, and that nobody signs twice, is the
business of each noun's `policies.py`.
"""

from django.db.models import TextChoices


class Role(TextChoices):
    """What a person or machine is to one hospital system."""

    EXECUTIVE = "executive", "Hospital executive"
    CEO = "ceo", "Chief executive officer"
    FINANCE = "finance", "Finance"
    COUNSEL = "counsel", "Legal counsel"
    COMPLIANCE = "compliance", "Compliance"
    SERVICE_LINE_ADMINISTRATOR = "service_line_administrator", "Service-line administrator"
    PHYSICIAN_MANAGER = "physician_manager", "Physician manager"
    PHYSICIAN = "physician", "Physician"
    CONSULTANT = "consultant", "Consultant"
    REVIEWER = "reviewer", "Independent reviewer"
    TENANT_ADMINISTRATOR = "tenant_administrator", "Tenant administrator"
    EXTRACT_CLIENT = "extract_client", "Extract client"


class Permission(TextChoices):
    """One thing a door lets through."""

    NOTICE_READ = "notice.read"
    PROGRAM_VIEW = "program.view"
    PROGRAM_EDIT = "program.edit"
    READINESS_ANSWER = "readiness.answer"
    CREDENTIAL_RECORD = "credential.record"
    DISCLOSURE_RECORD = "disclosure.record"
    TASK_FINISH = "task.finish"
    AGREEMENT_DRAFT = "agreement.draft"
    VALUATION_READ = "valuation.read"
    AGREEMENT_COMMENT = "agreement.comment"
    AGREEMENT_PROPOSE = "agreement.propose"
    PRIVILEGED_NOTE = "privileged_note.read"
    CONTRACT_VIEW = "contract.view"
    CONTRACT_RECORD = "contract.record"
    APPROVAL_CHAIN_EDIT = "approval_chain.edit"
    FINDING_VIEW = "finding.view"
    FINDING_WAIVE = "finding.waive"
    AGREEMENT_APPROVE = "agreement.approve"
    AGREEMENT_SIGN = "agreement.sign"
    TERMS_LOCK = "terms.lock"
    WORK_RECORD = "work.record"
    WORK_APPROVE = "work.approve"
    STACKING_VIEW = "stacking.view"
    PERIOD_OPEN = "period.open"
    LIBRARY_VIEW = "library.view"
    LIBRARY_EDIT = "library.edit"
    FEED_VIEW = "feed.view"
    FEED_DECLARE = "feed.declare"
    DATA_AGREEMENT_FILE = "data_agreement.file"
    DATA_AGREEMENT_READ = "data_agreement.read"
    UPLOAD_SUBMIT = "upload.submit"
    UPLOAD_ACCEPT = "upload.accept"
    RESTATEMENT_APPROVE = "restatement.approve"
    SCORECARD_VIEW = "scorecard.view"
    SCORECARD_RECOMPUTE = "scorecard.recompute"
    CASES_VIEW = "cases.view"
    ADJUDICATION_VIEW = "adjudication.view"
    ADJUDICATION_PREPARE = "adjudication.prepare"
    ADJUDICATION_SIGN = "adjudication.sign"
    HOLD_OPEN = "hold.open"
    DISPUTE_RAISE = "dispute.raise"
    RESULT_COMMENT = "result.comment"
    REVIEW_RECORD = "review.record"
    SAMPLE_VIEW = "sample.view"
    PAYMENT_RECORD = "payment.record"
    ESTIMATE_PROPOSE = "estimate.propose"
    ESTIMATE_APPROVE = "estimate.approve"
    AUDIT_VIEW = "audit.view"
    TENANT_EXPORT = "tenant.export"
    MEMBER_EDIT = "member.edit"
    CLIENT_EDIT = "client.edit"
    API_SUBMIT = "api.submit"
    API_READ = "api.read"


# Whoever sees a program can own a task of its workplan, and says when that is done.
_LOOK = frozenset(
    {
        Permission.NOTICE_READ,
        Permission.PROGRAM_VIEW,
        Permission.SCORECARD_VIEW,
        Permission.TASK_FINISH,
    }
)
_LOOK_AT_PROOF = _LOOK | {
    Permission.LIBRARY_VIEW,
    Permission.FEED_VIEW,
    Permission.ADJUDICATION_VIEW,
}
# Both sides speak about a draft; those who draft it and the physicians' managers also change it.
_NEGOTIATE = frozenset({Permission.AGREEMENT_COMMENT, Permission.AGREEMENT_PROPOSE})
_SIGN = _LOOK_AT_PROOF | {Permission.ADJUDICATION_SIGN, Permission.HOLD_OPEN}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.EXECUTIVE: _LOOK_AT_PROOF
    | {
        Permission.CONTRACT_VIEW,
        Permission.FINDING_VIEW,
        Permission.AGREEMENT_APPROVE,
        Permission.AGREEMENT_SIGN,
        Permission.READINESS_ANSWER,
        Permission.AGREEMENT_COMMENT,
        Permission.DISPUTE_RAISE,
        Permission.RESULT_COMMENT,
        Permission.WORK_APPROVE,
    },
    Role.CEO: _SIGN
    | {
        Permission.AGREEMENT_APPROVE,
        Permission.FINDING_VIEW,
        Permission.AGREEMENT_SIGN,
        Permission.VALUATION_READ,
        Permission.CONTRACT_VIEW,
        Permission.READINESS_ANSWER,
        Permission.PERIOD_OPEN,
        Permission.ESTIMATE_APPROVE,
        Permission.STACKING_VIEW,
    },
    Role.FINANCE: _LOOK_AT_PROOF
    | {
        Permission.CONTRACT_VIEW,
        Permission.FINDING_VIEW,
        Permission.AGREEMENT_APPROVE,
        Permission.READINESS_ANSWER,
        Permission.PAYMENT_RECORD,
        Permission.ESTIMATE_PROPOSE,
    },
    Role.COUNSEL: _SIGN
    | _NEGOTIATE
    | {
        Permission.APPROVAL_CHAIN_EDIT,
        Permission.FINDING_VIEW,
        Permission.FINDING_WAIVE,
        Permission.AGREEMENT_APPROVE,
        Permission.PRIVILEGED_NOTE,
        Permission.CONTRACT_VIEW,
        Permission.CONTRACT_RECORD,
        Permission.READINESS_ANSWER,
        Permission.DISCLOSURE_RECORD,
        Permission.AGREEMENT_DRAFT,
        Permission.VALUATION_READ,
        Permission.TERMS_LOCK,
        Permission.STACKING_VIEW,
        Permission.DATA_AGREEMENT_FILE,
        Permission.DATA_AGREEMENT_READ,
        Permission.RESTATEMENT_APPROVE,
    },
    Role.COMPLIANCE: _SIGN
    | {
        Permission.FINDING_VIEW,
        Permission.AGREEMENT_APPROVE,
        Permission.AGREEMENT_COMMENT,
        Permission.PRIVILEGED_NOTE,
        Permission.CONTRACT_VIEW,
        Permission.CONTRACT_RECORD,
        Permission.READINESS_ANSWER,
        Permission.AUDIT_VIEW,
        # The hospital's own people look up who is paid; whoever is paid, or prepares it, does not.
        Permission.CREDENTIAL_RECORD,
        Permission.DISCLOSURE_RECORD,
        Permission.VALUATION_READ,
        Permission.STACKING_VIEW,
        Permission.DATA_AGREEMENT_FILE,
        Permission.DATA_AGREEMENT_READ,
        Permission.RESTATEMENT_APPROVE,
    },
    Role.SERVICE_LINE_ADMINISTRATOR: _SIGN
    | {
        Permission.CONTRACT_VIEW,
        Permission.FINDING_VIEW,
        Permission.AGREEMENT_APPROVE,
        Permission.READINESS_ANSWER,
        Permission.CREDENTIAL_RECORD,
        Permission.WORK_RECORD,
        Permission.WORK_APPROVE,
        Permission.FEED_DECLARE,
        Permission.DATA_AGREEMENT_READ,
        Permission.UPLOAD_SUBMIT,
        Permission.UPLOAD_ACCEPT,
        Permission.SCORECARD_RECOMPUTE,
        Permission.PERIOD_OPEN,
        # Minimum necessary: the data steward alone sees cases, everybody else counts; and the
        # reviewer the few of a sample, which nobody chose.
        Permission.CASES_VIEW,
        Permission.SAMPLE_VIEW,
        Permission.TENANT_EXPORT,  # with cases
    },
    # Either side of the committee reads what is proposed, comments on it, and may dispute it.
    Role.PHYSICIAN_MANAGER: _LOOK
    | _NEGOTIATE
    | {
        Permission.AGREEMENT_SIGN,
        Permission.READINESS_ANSWER,
        Permission.ADJUDICATION_VIEW,
        Permission.DISPUTE_RAISE,
        Permission.RESULT_COMMENT,
        Permission.WORK_RECORD,
    },
    Role.PHYSICIAN: _LOOK | {Permission.READINESS_ANSWER},
    Role.CONSULTANT: _LOOK_AT_PROOF
    | _NEGOTIATE
    | {
        Permission.PROGRAM_EDIT,
        Permission.FINDING_VIEW,
        Permission.AGREEMENT_DRAFT,
        Permission.VALUATION_READ,
        Permission.TERMS_LOCK,
        Permission.PERIOD_OPEN,
        Permission.LIBRARY_EDIT,
        Permission.WORK_RECORD,
        Permission.FEED_DECLARE,
        Permission.UPLOAD_SUBMIT,
        Permission.SCORECARD_RECOMPUTE,
        Permission.ADJUDICATION_PREPARE,
        Permission.HOLD_OPEN,
    },
    Role.REVIEWER: _SIGN
    | {
        Permission.VALUATION_READ,
        Permission.DATA_AGREEMENT_READ,
        Permission.REVIEW_RECORD,
        Permission.SAMPLE_VIEW,
    },
    Role.TENANT_ADMINISTRATOR: frozenset(
        {
            Permission.NOTICE_READ,
            Permission.PROGRAM_VIEW,
            Permission.TASK_FINISH,
            Permission.FEED_VIEW,
            Permission.DATA_AGREEMENT_FILE,
            Permission.DATA_AGREEMENT_READ,
            Permission.AUDIT_VIEW,
            Permission.TENANT_EXPORT,  # without cases
            Permission.APPROVAL_CHAIN_EDIT,
            Permission.MEMBER_EDIT,
            Permission.CLIENT_EDIT,
        }
    ),
    Role.EXTRACT_CLIENT: frozenset({Permission.API_SUBMIT, Permission.API_READ}),
}

# These see the programs they hold a seat in, and no other.
BOUND_TO_THEIR_PROGRAMS = frozenset({Role.PHYSICIAN_MANAGER, Role.PHYSICIAN})
