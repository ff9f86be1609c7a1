"""One row in each table that the settled world's own story does not reach, so that the walls are
tried on every table."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

from adjudication.committee.models import Comment, Invitation
from adjudication.handoffs.models import Handoff, HandoffLine
from adjudication.holds.causes import Cause
from adjudication.holds.models import Hold, Outcome, Release
from adjudication.payments.models import Estimate, LedgerEntry
from adjudication.reviews.models import Recount, Sample, SampleMark
from adjudication.years.models import Snapshot
from agreements.approvers.matrix import Condition
from agreements.approvers.models import ApprovalChain, ApprovalRule
from agreements.components.models import ComponentKind, PayComponent
from agreements.contracts.models import (
    Contract,
    ContractEvent,
    ContractEventKind,
    ContractKind,
    ContractPaper,
    ContractPerson,
    Relation,
)
from agreements.credentials.models import (
    ExclusionList,
    License,
    Screening,
    ScreeningOutcome,
)
from agreements.dates.models import CalendarFeed
from agreements.drafting.compose import compose
from agreements.drafting.document import to_document
from agreements.drafting.models import Agreement, AgreementVersion, ChangeKind, ClauseChange
from agreements.drafting.queries import draft_of
from agreements.duties.models import Duty, Frequency
from agreements.governance.models import CommitteeSeat, Disclosure, Position
from agreements.lint.models import FindingWaiver, LintRun, Occasion, WaiverOutcome
from agreements.negotiation.models import (
    ClauseComment,
    PrivilegedNote,
    Proposal,
    ProposalDecision,
    ProposedKind,
    Side,
    VersionShare,
    WordReturn,
)
from agreements.negotiation.models import Outcome as Said
from agreements.negotiation.privileged import sealed_note
from agreements.ownerships.models import EntityKind, Ownership
from agreements.participants.models import Physician
from agreements.programs.models import Program
from agreements.readiness.models import ReadinessSheet
from agreements.scans.models import ScanDecision, ScanOutcome, SignedScan
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    Decided,
    ExecutedCopy,
    RoundRecall,
    SignedOutcome,
    SigningRound,
)
from agreements.terms.models import MeasurementYear, YearStatus
from agreements.valuations.models import Memo
from agreements.work.models import SavingsCount, WorkDecision, WorkEntry, WorkOutcome, WorkSheet
from agreements.workplans.models import Workplan, WorkplanTask
from comanage.api.models import IdempotentRequest, Webhook, WebhookDelivery
from comanage.api.webhooks import new_secret, new_signing_key, sealed
from comanage.exports.models import TenantExport
from comanage.identity.models import AccessToken, ExtractClient, Membership, SpentAssertion, User
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.values.money import Money
from comanage.vault.models import SealedFile, SealedKind
from comanage.vault.papers import keep_paper
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.feeds.models import Feed, FeedExpectation
from scorecards.intake.models import PartialUpload, Upload, UploadPart
from scorecards.opportunities.models import Assessment, AssessmentEnd, AssessmentOutcome
from scorecards.restatements.models import Restatement

LATER = datetime(2030, 1, 1, tzinfo=UTC)
HASH = "0" * 64


def fill_other_tables(person: User) -> None:
    """Write the rows, inside the scope of a hospital with a feed, an upload and a machine."""
    feed, upload, client = Feed.objects.get(), Upload.objects.earliest("received_at"), _machine()
    days = {"starts_on": date(2025, 1, 1), "ends_on": date(2026, 1, 1)}
    SealedFile.objects.create(
        name="other",
        place="other",
        kind=SealedKind.DOCUMENT,
        size=1,
        sha256=HASH,
        key_version=1,
        sealed_key=b"k",
    )
    AccessToken.objects.create(client=client, secret_sha256=HASH, scopes=[], expires_at=LATER)
    SpentAssertion.objects.create(client=client, jti_sha256=HASH, expires_at=LATER)
    IdempotentRequest.objects.create(
        client=client, route="other", key="other-key", fingerprint=HASH, status=202
    )
    webhook = Webhook.objects.create(
        name="Other",
        url="https://hospital.example/",
        kinds=[],
        secret=sealed(new_secret()),
        signing_key=sealed(new_signing_key()),
    )
    WebhookDelivery.objects.create(webhook=webhook, message_id="msg", kind="other", payload={})
    Notice.objects.create(user=person, key="other", subject="Other", body="", path="/")
    TenantExport.objects.create(asked_by=person, holds_cases=False)
    DataAgreement.objects.create(
        kind=AgreementKind.DATA_USE,
        counterparty="Other",
        permitted_uses="Other",
        signed_on=date(2024, 1, 1),
        valid_from=date(2024, 1, 1),
    )
    FeedExpectation.objects.create(feed=feed, rows=1, source="Other", **days)
    partial = PartialUpload.objects.create(
        feed=feed, filename="other.csv", expires_at=LATER, sent_by_client=client, **days
    )
    UploadPart.objects.create(partial=partial, number=1, size=1, sha256=HASH, storage_name="other")
    hold = Hold.objects.create(
        year=MeasurementYear.objects.earliest("starts_on"),
        cause=Cause.LOGS,
        what="Other",
        owner=Role.CONSULTANT,
        due_on=date(2030, 1, 1),
        opened_at=LATER,
        opened_by=person,
    )
    Release.objects.create(
        hold=hold, outcome=Outcome.MENDED, answer="Other", released_at=LATER, released_by=person
    )
    _fill_committee(person)
    _fill_work(person)
    program = Program.objects.filter(seats__isnull=False).first() or Program.objects.first()
    assessment = Assessment.objects.create(
        program=program,
        feed=feed,
        number=1,
        asked={"scope": "", "column": "x", "label": "X", "minimum_cases": 1, "indicators": []},
        asked_by=person,
        **days,
    )
    AssessmentOutcome.objects.create(
        assessment=assessment, end=AssessmentEnd.CANCELLED, ended_at=LATER
    )
    ReadinessSheet.objects.create(
        program=program,
        number=1,
        member=person,
        role=Role.EXECUTIVE,
        answers={"one-voice": "1"},
        questions_sha256=HASH,
        submitted_at=LATER,
    )
    _fill_people(person)
    _fill_register(person)
    _fill_workplan()
    _fill_agreement(person)
    Restatement.objects.create(upload=upload, reason="Other", asked_by=person)
    if LedgerEntry.objects.exists():
        _fill_ledger(person)


def _fill_committee(person: User) -> None:
    """A record of the review of a frozen result, and a member who was asked about it."""
    snapshot = Snapshot.objects.order_by("frozen_at").first()
    if snapshot is None:
        return
    asked = Invitation.objects.create(
        snapshot=snapshot,
        member=person,
        role=Role.EXECUTIVE,
        asked_at=LATER,
        last_day=LATER.date(),
        closes_at=LATER + timedelta(days=1),
    )
    by = {"snapshot": snapshot, "indicator": "other"}
    Recount.objects.create(
        method="counted",
        is_match=True,
        reported="1",
        found="1",
        recorded_at=LATER,
        recorded_by=person,
        **by,
    )
    sample = Sample.objects.create(cases=1, size=1, drawn_at=LATER, drawn_by=person, **by)
    SampleMark.objects.create(
        sample=sample, number=1, mark="agrees", marked_at=LATER, marked_by=person
    )
    Comment.objects.create(invitation=asked, text="Other", is_last=True, said_at=LATER)


def _fill_register(person: User) -> None:
    """A contract with its person and an event, and a calendar feed."""
    contract = Contract.objects.create(
        kind=ContractKind.OTHER,
        title="Other",
        party="Other",
        starts_on=date(2020, 1, 1),
        ends_on=date(2021, 1, 1),
        notice_days=0,
        entered_at=LATER,
        entered_by=person,
    )
    physician = Physician.objects.earliest("npi")
    ContractPerson.objects.create(contract=contract, physician=physician, relation=Relation.PARTY)
    ContractEvent.objects.create(
        contract=contract,
        number=1,
        kind=ContractEventKind.SIGNED,
        signed_on=date(2020, 1, 1),
        effective_on=date(2020, 1, 1),
        text="Other",
        recorded_at=LATER,
        recorded_by=person,
    )
    destroyed = SealedFile.objects.create(
        name="paper",
        place="paper",
        kind=SealedKind.DOCUMENT,
        size=1,
        sha256=HASH,
        key_version=1,
        shredded_at=LATER,
    )
    ContractPaper.objects.create(
        contract=contract,
        title="Other",
        file=destroyed,
        received_on=date(2020, 1, 1),
        kept_at=LATER,
        kept_by=person,
    )
    CalendarFeed.objects.create(
        membership=Membership.objects.filter(user=person).first(),
        secret_sha256=HASH,
        made_at=LATER,
        revoked_at=LATER,
    )


def _fill_people(person: User) -> None:
    """A physician's papers, the group's owners, and the committee of a program with a seat."""
    physician = Physician.objects.earliest("npi")
    by = {"recorded_at": LATER, "recorded_by": person}
    License.objects.create(
        physician=physician, state="TX", number="Other", valid_until=LATER.date(), **by
    )
    Screening.objects.create(
        physician=physician,
        list_name=ExclusionList.LEIE,
        searched_on=date(2020, 1, 1),
        outcome=ScreeningOutcome.CLEAR,
        **by,
    )
    program = Program.objects.filter(seats__isnull=False).first()
    if program is None:
        return
    Ownership.objects.create(
        group=program.group,
        entity=EntityKind.PRACTICE,
        effective_from=date(2020, 1, 1),
        shares=[{"owner": "Other", "npi": "", "share": "1"}],
        source="Other",
        **by,
    )
    Memo.objects.create(
        program=program,
        purpose="Other",
        need="Other",
        alternatives="Other",
        approver="Other",
        approver_role=Role.CEO,
        approved_on=date(2020, 1, 1),
        written_at=LATER,
        written_by=person,
    )
    seat = CommitteeSeat.objects.create(
        program=program,
        name="Other",
        organization="Other",
        position=Position.MEMBER,
        is_outside_group=True,
        sits_from=date(2020, 1, 1),
    )
    Disclosure.objects.create(
        seat=seat, year=2020, has_interest=False, disclosed_on=date(2020, 1, 1), **by
    )


def _fill_work(person: User) -> None:
    """A part of the pay in a draft, and a month of work for it that was approved by another."""
    year = MeasurementYear.objects.filter(status=YearStatus.DRAFT).first()
    if year is None:
        return
    _, component = (
        PayComponent.objects.create(
            year=year,
            number=number,
            kind=ComponentKind.HOURLY,
            label="Other",
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            rate=Money(1),
            year_cap=1,
        )
        for number in (1, 2)
    )
    for number in (1, 2):
        Duty.objects.create(
            year=year,
            number=number,
            name=f"Other {number}",
            deliverable="Other",
            frequency=Frequency.MONTHLY,
            minutes=60,
            rate=Money(1),
        )
    sheet = WorkSheet.objects.create(
        year=year, number=1, source="Other", recorded_at=LATER, recorded_by=person
    )
    WorkEntry.objects.create(
        sheet=sheet,
        component=component,
        physician=Physician.objects.earliest("npi"),
        month=year.starts_on,
        minutes=1,
    )
    SavingsCount.objects.create(
        sheet=sheet, component=component, base_cost=Money(1), base_cases=1, cost=Money(1), cases=1
    )
    other = User.objects.exclude(pk=person.pk).earliest("email")
    WorkDecision.objects.create(
        sheet=sheet, outcome=WorkOutcome.APPROVED, decided_at=LATER, decided_by=other
    )


def _fill_workplan() -> None:
    """A plan of two tasks, the first of which is overdue, of a program that people sit in."""
    program = Program.objects.filter(seats__isnull=False).first()
    if program is None:
        return
    first = date(2025, 1, 1)
    plan = Workplan.objects.create(program=program, starts_on=first, made_from="Other")
    for number, due_on in ((1, first), (2, date(2030, 1, 1))):
        WorkplanTask.objects.create(
            workplan=plan,
            number=number,
            stage="opportunity",
            title=f"Other {number}",
            owner_role=Role.CONSULTANT,
            starts_on=due_on,
            due_on=due_on,
            after=list(range(1, number)),
        )


def _fill_agreement(person: User) -> None:
    """An agreement of a program that people sit in, with a changed clause and a version."""
    program = Program.objects.filter(seats__isnull=False).first()
    year = MeasurementYear.objects.filter(status=YearStatus.DRAFT).first()
    if program is None or year is None:
        return
    agreement = Agreement.objects.create(
        program=program,
        title="Other",
        starts_on=date(2025, 1, 1),
        ends_on=date(2027, 1, 1),
        hospital_name="Other",
        facility="Other",
        state="TX",
        created_at=LATER,
        created_by=person,
    )
    by = {"made_at": LATER, "made_by": person, "agreement": agreement}
    change = ClauseChange.objects.create(
        number=1,
        key="recitals",
        kind=ChangeKind.REPLACE,
        heading="Other",
        text="Other",
        reason="Other",
        **by,
    )
    whole = compose(draft_of(agreement, year, [change])).document
    # One clause alone: it is typeset each time that somebody knocks at its door.
    document = to_document(replace(whole, clauses=whole.clauses[:1], exhibits=()))
    version = AgreementVersion.objects.create(
        number=1, document=document, sha256=HASH, terms_sha256=HASH, **by
    )
    _fill_negotiation(version, change, person)
    _fill_signing(version, person)
    FindingWaiver.objects.create(
        version=version,
        number=1,
        key=HASH,
        rule="S7",
        what="Other",
        outcome=WaiverOutcome.WAIVED,
        reason="Other",
        decided_at=LATER,
        decided_by=person,
    )
    LintRun.objects.create(
        version=version,
        occasion=Occasion.ASKED,
        rules_dated=date(2025, 1, 1),
        document={"findings": []},
        sha256=HASH,
        ran_at=LATER,
        ran_by=person,
    )


def _fill_signing(version: AgreementVersion, person: User) -> None:
    """A chain of approval, and a round with all that can be done in it."""
    other = User.objects.exclude(pk=person.pk).earliest("email")
    chain = ApprovalChain.objects.create(number=1, reason="Other", made_at=LATER, made_by=person)
    ApprovalRule.objects.create(chain=chain, step=1, role=Role.COUNSEL, condition=Condition.ALWAYS)
    round_ = SigningRound.objects.create(
        agreement=version.agreement,
        version=version,
        number=1,
        needs=[],
        hospital_signatory=person,
        physicians_signatory=other,
        sent_at=LATER,
        sent_by=person,
    )
    ApprovalDecision.objects.create(
        round=round_,
        role=Role.COUNSEL,
        outcome=Decided.APPROVED,
        decided_at=LATER,
        decided_by=other,
    )
    AgreementSignature.objects.create(
        round=round_,
        side=Side.HOSPITAL,
        outcome=SignedOutcome.DECLINED,
        sha256=HASH,
        reason="Other",
        signed_at=LATER,
        signed_by=person,
    )
    file = keep_paper(BytesIO(b"%PDF-1.7 other"), folder="other")
    ExecutedCopy.objects.create(round=round_, file=file, executed_at=LATER)
    RoundRecall.objects.create(round=round_, reason="Other", recalled_at=LATER, recalled_by=person)
    scan = SignedScan.objects.create(
        round=round_,
        file=file,
        signed_on=LATER.date(),
        received_on=LATER.date(),
        received_at=LATER,
        received_by=person,
    )
    ScanDecision.objects.create(
        scan=scan,
        outcome=ScanOutcome.CONFIRMED,
        method="password",
        decided_at=LATER,
        decided_by=other,
    )


def _fill_negotiation(version: AgreementVersion, change: ClauseChange, person: User) -> None:
    """A shared version with all that both sides say about it."""
    by = {"made_at": LATER, "made_by": person}
    other = User.objects.exclude(pk=person.pk).earliest("email")
    VersionShare.objects.create(version=version, shared_at=LATER, shared_by=person)
    WordReturn.objects.create(
        version=version,
        side=Side.HOSPITAL,
        sha256=HASH,
        reason="Other",
        received_at=LATER,
        received_by=person,
    )
    ClauseComment.objects.create(
        version=version, key="recitals", side=Side.HOSPITAL, text="Other", **by
    )
    PrivilegedNote.objects.create(
        agreement=version.agreement, key="recitals", sealed_text=sealed_note("Other"), **by
    )
    proposal = Proposal.objects.create(
        agreement=version.agreement,
        version=version,
        number=1,
        side=Side.HOSPITAL,
        kind=ProposedKind.OMIT,
        key="recitals",
        reason="Other",
        **by,
    )
    ProposalDecision.objects.create(
        proposal=proposal,
        outcome=Said.ACCEPTED,
        side=Side.PHYSICIANS,
        change=change,
        decided_at=LATER,
        decided_by=other,
    )


def _fill_ledger(person: User) -> None:
    """An estimate that waits, and a batch, of a year with a ledger."""
    entry = LedgerEntry.objects.select_related("year", "program").earliest("sequence")
    quarter = {"starts_on": entry.starts_on, "ends_on": date(2025, 4, 1)}
    common = {"year": entry.year, "component": entry.component, "payee": entry.payee}
    Estimate.objects.create(
        amount=Money(1), reason="Other", proposed_at=LATER, proposed_by=person, **quarter, **common
    )
    handoff = Handoff.objects.create(
        program=entry.program,
        number=1,
        total=Money(1),
        csv_sha256=HASH,
        layout_sha256=HASH,
        made_at=LATER,
        made_by=person,
    )
    HandoffLine.objects.create(
        handoff=handoff,
        position=1,
        payee_name="Other",
        program_name="Other",
        number=1,
        amount=Money(1),
        **quarter,
        **common,
    )


def _machine() -> ExtractClient:
    return ExtractClient.objects.get()
