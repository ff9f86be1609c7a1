"""All models of the room, gathered for Django."""

from agreements.approvers.models import ApprovalChain, ApprovalRule
from agreements.components.models import PayComponent
from agreements.contracts.models import Contract, ContractEvent, ContractPaper, ContractPerson
from agreements.credentials.models import License, Screening
from agreements.dates.models import CalendarFeed
from agreements.drafting.models import Agreement, AgreementVersion, ClauseChange
from agreements.duties.models import Duty
from agreements.governance.models import CommitteeSeat, Disclosure
from agreements.lint.models import FindingWaiver, LintRun
from agreements.negotiation.models import (
    ClauseComment,
    PrivilegedNote,
    Proposal,
    ProposalDecision,
    VersionShare,
    WordReturn,
)
from agreements.ownerships.models import Ownership
from agreements.participants.models import Participant, Physician, PhysicianGroup, ProgramSeat
from agreements.programs.models import Program
from agreements.readiness.models import ReadinessSheet
from agreements.scans.models import ScanDecision, SignedScan
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    ExecutedCopy,
    RoundRecall,
    SigningRound,
)
from agreements.terms.models import AgreedIndicator, MeasurementYear, Tier
from agreements.valuations.models import Memo, Opinion
from agreements.work.models import SavingsCount, WorkDecision, WorkEntry, WorkSheet
from agreements.workplans.models import Workplan, WorkplanTask

__all__ = [
    "AgreedIndicator",
    "Agreement",
    "AgreementSignature",
    "AgreementVersion",
    "ApprovalChain",
    "ApprovalDecision",
    "ApprovalRule",
    "CalendarFeed",
    "ClauseChange",
    "ClauseComment",
    "CommitteeSeat",
    "Contract",
    "ContractEvent",
    "ContractPaper",
    "ContractPerson",
    "Disclosure",
    "Duty",
    "ExecutedCopy",
    "FindingWaiver",
    "License",
    "LintRun",
    "MeasurementYear",
    "Memo",
    "Opinion",
    "Ownership",
    "Participant",
    "PayComponent",
    "Physician",
    "PhysicianGroup",
    "PrivilegedNote",
    "Program",
    "ProgramSeat",
    "Proposal",
    "ProposalDecision",
    "ReadinessSheet",
    "RoundRecall",
    "SavingsCount",
    "ScanDecision",
    "Screening",
    "SignedScan",
    "SigningRound",
    "Tier",
    "VersionShare",
    "WordReturn",
    "WorkDecision",
    "WorkEntry",
    "WorkSheet",
    "Workplan",
    "WorkplanTask",
]
