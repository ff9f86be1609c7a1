"""The settled world, grown: states a page waits for, and more of everything it lists."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.db.models import Model
from django.utils import timezone

from adjudication.committee.actions import invite_committee
from adjudication.payments.actions import correct_entry
from adjudication.payments.models import EntryKind, LedgerEntry
from adjudication.years.models import SignOff, Snapshot
from adjudication.years.steps import Step
from agreements.components.models import ComponentKind, PayComponent
from agreements.contracts.models import Contract
from agreements.credentials.actions import record_license
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion
from agreements.duties.actions import DutyTerms, agree_duty
from agreements.duties.models import Frequency
from agreements.governance.actions import DisclosureFacts, record_disclosure
from agreements.governance.models import CommitteeSeat
from agreements.negotiation.models import Proposal, VersionShare, WordReturn
from agreements.participants.actions import add_participant
from agreements.participants.models import Physician, PhysicianGroup, ProgramSeat
from agreements.programs.models import Program, ServiceLine
from agreements.scans.models import SignedScan
from agreements.signing.models import SigningRound
from agreements.terms.models import AgreedIndicator, MeasurementYear, Tier
from agreements.valuations.models import Opinion
from agreements.work.models import WorkEntry, WorkSheet
from agreements.workplans.models import Workplan, WorkplanTask
from comanage.api.actions import create_webhook
from comanage.api.models import Webhook
from comanage.api.webhooks import announce, queue_delivery
from comanage.clients.actions import create_extract_client
from comanage.identity.actions import grant_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.tenancy.models import Tenant
from comanage.values.money import Money
from indicators.library.models import Indicator, IndicatorVersion
from scorecards.cards.models import Scorecard
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.models import Cadence, Feed, FeedMap, FeedUse
from scorecards.feeds.queries import current_map
from scorecards.intake.models import Upload, UploadFinding
from tests.clock import standing_at
from tests.settled import OTHER_PROGRAM

SYSTEM = Actor.system("Test")


def settled_program() -> Program:
    return Program.objects.exclude(name=OTHER_PROGRAM).get()


def settled_year() -> MeasurementYear:
    return MeasurementYear.objects.exclude(program__name=OTHER_PROGRAM).get()


def take_the_payment_back() -> None:
    """Leave the year signed and unpaid, while a file that was promised for it has not come."""
    finance = Membership.objects.select_related("user").get(role=Role.FINANCE)
    for entry in LedgerEntry.objects.filter(kind=EntryKind.PAID):
        correct_entry(entry=entry, reason="Paid to another.", by=Actor.member(finance))
    feed = Feed.objects.get(uses__program=settled_program(), is_sandbox=False)
    feed.cadence, feed.first_period_on = Cadence.MONTHLY, settled_year().starts_on
    feed.save()


def ask_the_committee_before_a_report_is_made() -> None:
    """Leave the year reviewed anew and its committee asked, before the report run came to it."""
    first = Snapshot.objects.get()
    rows = list(SignOff.objects.filter(snapshot=first, step__in=[Step.ATTEST, Step.REVIEW]))
    again = copied(first, number=2)
    for row in rows:
        copied(row, snapshot=again)
    invite_committee(snapshot=again, by=SYSTEM)


def copied(row, **changes):
    """Write a row again with something changed in it."""
    row.pk, row._state.adding = uuid4(), True
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(force_insert=True)
    return row


def more_members() -> None:
    for number in range(11):
        grant_membership(
            email=f"more{number}@riverside.example",
            name=f"More {number}",
            role=Role.EXECUTIVE,
            starts_on=date(2025, 1, 1),
            ends_on=None,
            by=SYSTEM,
        )


def more_clients() -> None:
    for number in range(3):
        create_extract_client(name=f"More {number}", scopes=[], by=SYSTEM)


def more_webhooks() -> None:
    for number in range(3):
        create_webhook(
            name=f"More {number}", url="https://hospital.example/", kinds=["feed.late"], by=SYSTEM
        )
    announce(kind="feed.late", subject_id=Feed.objects.get().pk)


def more_deliveries() -> None:
    for _ in range(3):
        queue_delivery(Webhook.objects.get(), kind="test", subject_id=Feed.objects.get().pk)


def more_programs() -> None:
    opinion = Opinion.objects.first()
    for number in range(4):
        program = Program.objects.create(
            name=f"More {number}",
            service_line=ServiceLine.SURGERY,
            objective="More.",
            group=PhysicianGroup.objects.create(name=f"Group {number}"),
        )
        MeasurementYear.objects.create(
            program=program,
            starts_on=date(2025, 1, 1),
            ends_on=date(2026, 1, 1),
            opinion=opinion,
            fixed_fee=opinion.fixed,
            incentive_pool=opinion.incentive,
        )


def more_feeds() -> None:
    spec = current_map(Feed.objects.get()).spec
    for number in range(3):
        feed = Feed.objects.create(name=f"More {number}", source_system="X")
        FeedMap.objects.create(feed=feed, version=1, spec=spec, sha256="")
        program = Program.objects.create(
            name=f"More {number}",
            service_line=ServiceLine.SURGERY,
            objective="More.",
            group=PhysicianGroup.objects.first(),
        )
        FeedUse.objects.create(feed=feed, program=program)


def more_uploads() -> None:
    first = Upload.objects.first()
    for number in range(4):
        first.pk = None
        first._state.adding = True
        first.idempotency_key = f"more-{number}"
        first.save(force_insert=True)


def more_agreements() -> None:
    for number in range(3):
        DataAgreement.objects.create(
            kind="dua",
            counterparty=f"More {number}",
            signed_on=date(2025, 1, 1),
            valid_from=date(2025, 1, 1),
            filed_by=Membership.objects.first().user,
        )


def more_notices() -> None:
    reader = Membership.objects.get(role=Role.TENANT_ADMINISTRATOR).user
    for number in range(3):
        Notice.objects.create(user=reader, key=f"more-{number}", subject="More", path="/")


def more_findings() -> None:
    upload = Upload.objects.get(status="rejected")
    UploadFinding.objects.bulk_create(
        UploadFinding(upload=upload, position=100 + number, code="more", message="More.")
        for number in range(8)
    )


def more_indicators() -> None:
    version = IndicatorVersion.objects.first()
    for number in range(3):
        IndicatorVersion.objects.create(
            indicator=Indicator.objects.create(slug=f"more-{number}", title=f"More {number}"),
            number=1,
            document=version.document,
            sha256=version.sha256,
        )


def more_in_the_program() -> None:
    program = settled_program()
    for number in range(4):
        npi = _npi(number)
        with standing_at(datetime(2025, 1, 1, 18, tzinfo=UTC)):
            add_participant(
                program=program,
                npi=npi,
                name=f"Dr. More {number}",
                specialty="Cardiology",
                joined_on=date(2025, 1, 1) + timedelta(days=number),
                by=SYSTEM,
            )
    for membership in Membership.objects.exclude(role__in=[Role.PHYSICIAN, Role.PHYSICIAN_MANAGER])[
        :3
    ]:
        ProgramSeat.objects.create(program=program, membership=membership)


def more_people() -> None:
    """Physicians with papers, and a committee, of whom each disclosed something."""
    more_in_the_program()
    program, by = settled_program(), Actor.member(Membership.objects.get(role=Role.COMPLIANCE))
    today = Tenant.objects.get(slug="riverside").today()
    for number, participant in enumerate(program.participants.select_related("physician")):
        physician = participant.physician
        record_license(
            physician=physician, state="TX", number=str(number), valid_until=today, by=by
        )
        seat = CommitteeSeat.objects.create(
            program=program,
            name=f"More {number}",
            organization="More",
            position="member",
            is_outside_group=True,
            sits_from=date(2025, 1, 1),
        )
        for person in (physician, seat):
            facts = DisclosureFacts(person, today.year, today)
            record_disclosure(facts=facts, today=today, by=by)


def _npi(number: int) -> str:
    """Return a number with the right check digit (Luhn over 80840 and the nine digits)."""
    digits = f"80840{200000000 + number}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(reversed(digits))]
    total = sum(value // 10 + value % 10 for value in doubled)
    return f"{200000000 + number}{-total % 10}"


def drafted_year() -> MeasurementYear:
    return MeasurementYear.objects.get(program__name=OTHER_PROGRAM)


def begun_agreement() -> Agreement:
    """Begin an agreement on the draft, which is composed of its terms on every page."""
    return Agreement.objects.create(
        program=drafted_year().program,
        title="More",
        starts_on=date(2025, 1, 1),
        ends_on=date(2027, 1, 1),
        hospital_name="More",
        facility="More",
        state="TX",
        created_at=timezone.now(),
        created_by=User.objects.earliest("email"),
    )


def unseated_records() -> dict[type[Model], UUID]:
    """Return records of the program that nobody sits in, with an agreement as the settled one."""
    year = drafted_year()
    agreement = begun_agreement()
    version = copied(AgreementVersion.objects.get(), agreement=agreement)
    copied(VersionShare.objects.get(), version=version)
    round_ = copied(SigningRound.objects.get(), agreement=agreement, version=version)
    scan = copied(SignedScan.objects.get(), round=round_)
    proposal = copied(Proposal.objects.get(), agreement=agreement, version=version)
    returned = copied(WordReturn.objects.get(), version=version)
    rows = (year.program, year, year.indicators.get(), agreement, version, scan, proposal, returned)
    return {type(row): row.pk for row in rows}


def agreement_going_round() -> Agreement:
    """Send the version round a second time, and let all have approved it."""
    agreement = Agreement.objects.get()
    sender, chief, manager = (
        Membership.objects.get(role=role).user
        for role in (Role.COUNSEL, Role.CEO, Role.PHYSICIAN_MANAGER)
    )
    SigningRound.objects.create(
        agreement=agreement,
        version=agreement.versions.get(),
        number=2,
        needs=[],
        hospital_signatory=chief,
        physicians_signatory=manager,
        sent_at=timezone.now(),
        sent_by=sender,
    )
    agreement.status = AgreementStatus.SIGNING
    agreement.save()
    return agreement


def more_in_the_draft() -> None:
    for slug in ("hba1c-measured", "average-length-of-stay"):
        version = IndicatorVersion.objects.get(indicator__slug=slug)
        agreed = AgreedIndicator.objects.create(
            year=drafted_year(),
            position=IndicatorVersion.objects.count() + version.number,
            version=version,
            weight=10,
            baseline_numerator=1,
            baseline_denominator=2,
            baseline_source="More",
        )
        for number in (1, 2, 3):
            Tier.objects.create(
                indicator=agreed, year_number=number, position=1, name="More", goal=1, share=1
            )


def more_contracts() -> None:
    """Contracts with a person and an event each."""
    for number in range(4):
        contract = Contract.objects.get(title="Other")
        person, event = contract.people.get(), contract.events.get()
        contract.pk, contract.title = uuid4(), f"More {number}"
        contract.save(force_insert=True)
        for row in (person, event):
            row.pk, row.contract = uuid4(), contract
            row.save(force_insert=True)


def more_duties() -> None:
    by = Actor.member(Membership.objects.get(role=Role.CONSULTANT))
    for number in range(4):
        terms = DutyTerms(f"More {number}", "More", Frequency.MONTHLY, 60, Money(1))
        agree_duty(year=drafted_year(), terms=terms, by=by)


def more_work() -> None:
    """Two more parts of the pay, with a sheet of each month for both."""
    year, recorder = drafted_year(), User.objects.earliest("email")
    physicians = list(Physician.objects.all()[:2])
    parts = [
        PayComponent.objects.create(
            year=year,
            number=number,
            kind=ComponentKind.HOURLY,
            label=f"More {number}",
            starts_on=year.starts_on,
            ends_on=year.ends_on,
            rate=Money(1),
            year_cap=1,
        )
        for number in (11, 12)
    ]
    for number in range(11, 23):
        sheet = WorkSheet.objects.create(
            year=year, number=number, source="Log", recorded_at=timezone.now(), recorded_by=recorder
        )
        WorkEntry.objects.bulk_create(
            WorkEntry(
                sheet=sheet,
                component=part,
                physician=physician,
                month=date(2025, number - 10, 1),
                minutes=60,
            )
            for part in parts
            for physician in physicians
        )


def more_tasks() -> None:
    """Four more tasks of the plan, each of somebody by name, and done by somebody."""
    plan, people = Workplan.objects.get(), Membership.objects.select_related("user")[:4]
    for number, membership in enumerate(people, start=11):
        WorkplanTask.objects.create(
            workplan=plan,
            number=number,
            stage="readiness",
            title=f"More {number}",
            owner_role=membership.role,
            owner=membership,
            starts_on=date(2025, 1, 1),
            due_on=date(2025, 1, 2),
            done_on=date(2025, 1, 2),
            done_by=membership.user,
        )


def more_editions() -> None:
    card = Scorecard.objects.first()
    for number in range(3):
        card.pk, card.version = None, card.version + number + 1
        card._state.adding = True
        card.save(force_insert=True)


def rejected_upload() -> Upload:
    return Upload.objects.get(status="rejected")
