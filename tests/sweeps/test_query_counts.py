"""How often a page asks the database: a few times, and not more when there is more to show."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
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
from agreements.negotiation.models import Proposal, WordReturn
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
from comanage.identity.models import ExtractClient, Membership, User
from comanage.identity.roles import GRANTS, Role
from comanage.notices.models import Notice
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from indicators.library.models import Indicator, IndicatorVersion
from scorecards.cards.models import Scorecard
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.models import Cadence, Feed, FeedMap, FeedUse
from scorecards.feeds.queries import current_map
from scorecards.intake.models import Upload, UploadFinding
from tests.doors import PAGES, SLUGS, TYPESET, Door
from tests.settled import OTHER_PROGRAM, World
from tests.signing import browser as signed_in
from tests.sweeps.test_doors import knock, record_of

pytestmark = pytest.mark.xdist_group("counts")  # one world for the module

SYSTEM = Actor.system("Test")

# What every page asks before it is the page: its session, person and membership with its
# hospital, and the session's new end. The scope's own statements are not questions.
SET_UP = (
    'SELECT "django_session"',
    'SELECT "comanage_user"',
    'SELECT "comanage_membership"',
    'UPDATE "django_session"',
)
NOT_A_QUERY = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "SELECT set_config")

MOST = 12


def queries(world: World, role: Role, address: str) -> list[str]:
    """Return what a page asks beyond its set-up."""
    with tenant_scope(world.riverside.pk):
        browser = signed_in(role)
    assert browser.get(address).status_code == 200  # whatever is kept for good is kept by now
    with CaptureQueriesContext(connection) as captured:
        assert browser.get(address).status_code == 200
    return beyond_set_up(captured)


def beyond_set_up(captured: CaptureQueriesContext) -> list[str]:
    """Take out what every page asks before it is the page."""
    asked = [query["sql"] for query in captured if not query["sql"].startswith(NOT_A_QUERY)]
    for question in SET_UP:
        asked.remove(next(sql for sql in asked if sql.startswith(question)))
    return asked


def address(world: World, name: str, record: Callable[[], object] | None = None) -> str:
    slug = SLUGS.get(name)
    with tenant_scope(world.riverside.pk):
        record_pk = [record().pk] if record else []
        return reverse(name, args=["riverside", *record_pk, *([slug] if slug else [])])


def _program() -> Program:
    return Program.objects.exclude(name=OTHER_PROGRAM).get()


def _year() -> MeasurementYear:
    return MeasurementYear.objects.exclude(program__name=OTHER_PROGRAM).get()


FIXED = {
    "web:webhook-detail": (Role.TENANT_ADMINISTRATOR, lambda: Webhook.objects.get()),
    "web:client-detail": (Role.TENANT_ADMINISTRATOR, lambda: ExtractClient.objects.get()),
    "scorecards:scorecard": (Role.CONSULTANT, _year),
    "scorecards:edition-list": (Role.CONSULTANT, _year),
    "scorecards:trend": (Role.CONSULTANT, _year),
    "scorecards:strata": (Role.CONSULTANT, _year),
    "scorecards:opportunity-list": (Role.CONSULTANT, _program),
    "scorecards:opportunity-ask": (Role.CONSULTANT, _program),
    "scorecards:what-if": (Role.CONSULTANT, _year),
    "scorecards:design": (Role.CONSULTANT, lambda: _draft()),
    "scorecards:plan-detail": (Role.CONSULTANT, lambda: _draft()),
    "scorecards:plan-edit": (Role.CONSULTANT, lambda: _draft()),
    "adjudication:overview": (Role.COUNSEL, None),
    "agreements:program-detail": (Role.CONSULTANT, _program),
    "agreements:people": (Role.COMPLIANCE, _program),
    "agreements:contract-detail": (Role.COMPLIANCE, lambda: Contract.objects.first()),
    "agreements:workplan-detail": (Role.CONSULTANT, _program),
    "agreements:task-add": (Role.CONSULTANT, _program),
    "agreements:task-edit": (Role.CONSULTANT, lambda: WorkplanTask.objects.first()),
    "agreements:year-detail": (Role.CONSULTANT, _year),
    "agreements:readiness-detail": (Role.CONSULTANT, _program),
    "agreements:duty-list": (Role.CONSULTANT, lambda: _draft()),
    "agreements:work-detail": (Role.CONSULTANT, lambda: _draft()),
    "agreements:agreement-detail": (Role.CONSULTANT, lambda: _agreement()),
    "agreements:negotiation": (Role.COUNSEL, lambda: Agreement.objects.get()),
    "agreements:redline": (Role.COUNSEL, lambda: Agreement.objects.get()),
    "agreements:proposal-detail": (Role.COUNSEL, lambda: Proposal.objects.get()),
    "agreements:return-detail": (Role.COUNSEL, lambda: WordReturn.objects.get()),
    "agreements:version-findings": (Role.COUNSEL, lambda: AgreementVersion.objects.get()),
    "agreements:approval-chain": (Role.TENANT_ADMINISTRATOR, None),
    "agreements:approval-chain-change": (Role.TENANT_ADMINISTRATOR, None),
    "agreements:clause-discuss": (Role.COUNSEL, lambda: AgreementVersion.objects.get()),
    "agreements:signing": (Role.CEO, lambda: _going_round()),
    "agreements:agreement-sign": (Role.CEO, lambda: _going_round()),
    "agreements:round-recall": (Role.COUNSEL, lambda: _going_round()),
    "agreements:scan-receive": (Role.COUNSEL, lambda: _going_round()),
    "agreements:scan-detail": (Role.COMPLIANCE, lambda: SignedScan.objects.get()),
    "agreements:version-send": (Role.COUNSEL, lambda: AgreementVersion.objects.get()),
    "agreements:version-detail": (Role.CEO, lambda: AgreementVersion.objects.get()),
    "agreements:component-agree": (Role.CONSULTANT, lambda: _draft()),
    "adjudication:stacking": (Role.COMPLIANCE, None),
    "scorecards:baseline-compute": (Role.CONSULTANT, lambda: _draft().indicators.get()),
    "adjudication:year-detail": (Role.CEO, _year),
    "adjudication:review-detail": (Role.REVIEWER, _year),
    "scorecards:feed-detail": (Role.CONSULTANT, lambda: Feed.objects.first()),
    "scorecards:map-edit": (Role.CONSULTANT, lambda: Feed.objects.first()),
    "scorecards:feed-declare": (Role.CONSULTANT, None),
    "scorecards:upload-detail": (Role.CONSULTANT, lambda: Upload.objects.first()),
    "indicators:indicator-detail": (Role.CONSULTANT, lambda: Indicator.objects.first()),
    "indicators:indicator-changes": (Role.CONSULTANT, lambda: Indicator.objects.first()),
    "indicators:indicator-edit": (Role.CONSULTANT, lambda: Indicator.objects.first()),
}


@pytest.mark.parametrize("name", FIXED)
def test_a_page_asks_the_database_at_most_twelve_times(world: World, name: str):
    role, record = FIXED[name]

    asked = queries(world, role, address(world, name, record))

    print(f"{name}: {len(asked)} queries")  # noqa: T201  (shown by -rP: the count to state)
    assert len(asked) <= MOST, "\n".join(asked)


OTHERS = [
    page
    for page in PAGES
    if page.name.startswith("agreements:")
    and page.name not in TYPESET
    and not getattr(page.view, "is_posted_only", False)
]


def _first_let_in(page: Door) -> Role:
    return next(role for role in Role if page.permission in GRANTS[role])


def test_no_other_page_of_agreements_asks_more(world: World):
    """Forms and downloads: each once, to somebody who is let in, so that none is forgotten."""
    others = [page for page in OTHERS if page.name not in FIXED and page.name not in GROWING]
    with tenant_scope(world.riverside.pk):
        browsers = {role: signed_in(role) for role in {_first_let_in(page) for page in others}}
    counts = {}
    for page in others:
        where = page.address("riverside", record_of(page, world.riverside))
        with CaptureQueriesContext(connection) as captured:
            answer = knock(browsers[_first_let_in(page)], "get", where)
        if answer.status_code == 200:
            counts[page.name] = len(beyond_set_up(captured))

    assert len(counts) > 30
    assert {name: count for name, count in counts.items() if count > MOST} == {}


def _take_the_payment_back() -> None:
    """Leave the year signed and unpaid, while a file that was promised for it has not come."""
    finance = Membership.objects.select_related("user").get(role=Role.FINANCE)
    for entry in LedgerEntry.objects.filter(kind=EntryKind.PAID):
        correct_entry(entry=entry, reason="Paid to another.", by=Actor.member(finance))
    feed = Feed.objects.get(uses__program=_program(), is_sandbox=False)
    feed.cadence, feed.first_period_on = Cadence.MONTHLY, _year().starts_on
    feed.save()


@pytest.mark.parametrize("name", ["adjudication:overview", "adjudication:year-detail"])
def test_a_page_asks_no_more_while_a_year_is_frozen_held_and_unpaid(world: World, name: str):
    role, record = FIXED[name]
    with tenant_scope(world.riverside.pk):
        _take_the_payment_back()

    asked = queries(world, role, address(world, name, record))

    assert any('"scorecards_feed"' in sql for sql in asked)  # what holds it was looked for
    assert len(asked) <= MOST, "\n".join(asked)


def _ask_the_committee_before_a_report_is_made() -> None:
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


def test_a_year_asks_no_more_while_its_committee_comments_without_a_report(world: World):
    role, record = FIXED["adjudication:year-detail"]
    with tenant_scope(world.riverside.pk):
        _take_the_payment_back()
        _ask_the_committee_before_a_report_is_made()

    asked = queries(world, role, address(world, "adjudication:year-detail", record))

    assert any('"adjudication_invitation"' in sql for sql in asked)
    assert any('"comanage_job"' in sql for sql in asked)  # a report was looked for
    assert len(asked) <= MOST, "\n".join(asked)


# --- Twice the rows, the same number of queries -------------------------------------------------


def _more_members() -> None:
    for number in range(11):
        grant_membership(
            email=f"more{number}@riverside.example",
            name=f"More {number}",
            role=Role.EXECUTIVE,
            starts_on=date(2025, 1, 1),
            ends_on=None,
            by=SYSTEM,
        )


def _more_clients() -> None:
    for number in range(3):
        create_extract_client(name=f"More {number}", scopes=[], by=SYSTEM)


def _more_webhooks() -> None:
    for number in range(3):
        create_webhook(
            name=f"More {number}", url="https://hospital.example/", kinds=["feed.late"], by=SYSTEM
        )
    announce(kind="feed.late", subject_id=Feed.objects.get().pk)


def _more_deliveries() -> None:
    for _ in range(3):
        queue_delivery(Webhook.objects.get(), kind="test", subject_id=Feed.objects.get().pk)


def _more_programs() -> None:
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


def _more_feeds() -> None:
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


def _more_uploads() -> None:
    first = Upload.objects.first()
    for number in range(4):
        first.pk = None
        first._state.adding = True
        first.idempotency_key = f"more-{number}"
        first.save(force_insert=True)


def _more_agreements() -> None:
    for number in range(3):
        DataAgreement.objects.create(
            kind="dua",
            counterparty=f"More {number}",
            signed_on=date(2025, 1, 1),
            valid_from=date(2025, 1, 1),
            filed_by=Membership.objects.first().user,
        )


def _more_notices() -> None:
    reader = Membership.objects.get(role=Role.TENANT_ADMINISTRATOR).user
    for number in range(3):
        Notice.objects.create(user=reader, key=f"more-{number}", subject="More", path="/")


def _more_findings() -> None:
    upload = Upload.objects.get(status="rejected")
    UploadFinding.objects.bulk_create(
        UploadFinding(upload=upload, position=100 + number, code="more", message="More.")
        for number in range(8)
    )


def _more_indicators() -> None:
    version = IndicatorVersion.objects.first()
    for number in range(3):
        IndicatorVersion.objects.create(
            indicator=Indicator.objects.create(slug=f"more-{number}", title=f"More {number}"),
            number=1,
            document=version.document,
            sha256=version.sha256,
        )


def _more_in_the_program() -> None:
    program = _program()
    for number in range(4):
        npi = _npi(number)
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


def _more_people() -> None:
    """Physicians with papers, and a committee, of whom each disclosed something."""
    _more_in_the_program()
    program, by = _program(), Actor.member(Membership.objects.get(role=Role.COMPLIANCE))
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


def _draft() -> MeasurementYear:
    return MeasurementYear.objects.get(program__name=OTHER_PROGRAM)


def _agreement() -> Agreement:
    """Begin an agreement on the draft, which is composed of its terms on every page."""
    return Agreement.objects.create(
        program=_draft().program,
        title="More",
        starts_on=date(2025, 1, 1),
        ends_on=date(2027, 1, 1),
        hospital_name="More",
        facility="More",
        state="TX",
        created_at=timezone.now(),
        created_by=User.objects.earliest("email"),
    )


def _going_round() -> Agreement:
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


def _more_in_the_draft() -> None:
    for slug in ("hba1c-measured", "average-length-of-stay"):
        version = IndicatorVersion.objects.get(indicator__slug=slug)
        agreed = AgreedIndicator.objects.create(
            year=_draft(),
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


def _more_contracts() -> None:
    """Contracts with a person and an event each."""
    for number in range(4):
        contract = Contract.objects.get(title="Other")
        person, event = contract.people.get(), contract.events.get()
        contract.pk, contract.title = uuid4(), f"More {number}"
        contract.save(force_insert=True)
        for row in (person, event):
            row.pk, row.contract = uuid4(), contract
            row.save(force_insert=True)


def _more_duties() -> None:
    by = Actor.member(Membership.objects.get(role=Role.CONSULTANT))
    for number in range(4):
        terms = DutyTerms(f"More {number}", "More", Frequency.MONTHLY, 60, Money(1))
        agree_duty(year=_draft(), terms=terms, by=by)


def _more_work() -> None:
    """Two more parts of the pay, with a sheet of each month for both."""
    year, recorder = _draft(), User.objects.earliest("email")
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


def _more_tasks() -> None:
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


def _more_editions() -> None:
    card = Scorecard.objects.first()
    for number in range(3):
        card.pk, card.version = None, card.version + number + 1
        card._state.adding = True
        card.save(force_insert=True)


def _rejected() -> Upload:
    return Upload.objects.get(status="rejected")


GROWING = {
    "adjudication:overview": (Role.CONSULTANT, None, _more_programs),
    "agreements:program-list": (Role.CONSULTANT, None, _more_programs),
    "agreements:program-detail": (Role.CONSULTANT, _program, _more_in_the_program),
    "agreements:people": (Role.COMPLIANCE, _program, _more_people),
    "agreements:calendar": (Role.COMPLIANCE, None, lambda: _more_contracts()),
    "agreements:contract-list": (Role.COMPLIANCE, None, lambda: _more_contracts()),
    "agreements:disclosure-list": (Role.COMPLIANCE, _program, _more_people),
    "agreements:workplan-detail": (Role.CONSULTANT, _program, _more_tasks),
    "agreements:year-detail": (Role.CONSULTANT, _draft, _more_in_the_draft),
    "agreements:duty-list": (Role.CONSULTANT, _draft, _more_duties),
    "agreements:work-detail": (Role.SERVICE_LINE_ADMINISTRATOR, _draft, _more_work),
    "indicators:library": (Role.CONSULTANT, None, _more_indicators),
    "indicators:catalogue": (Role.CONSULTANT, None, _more_indicators),
    "scorecards:edition-list": (Role.CONSULTANT, _year, _more_editions),
    "scorecards:feed-list": (Role.CONSULTANT, None, _more_feeds),
    "scorecards:feed-detail": (Role.CONSULTANT, lambda: Feed.objects.get(), _more_uploads),
    "scorecards:scorecard": (Role.CONSULTANT, _year, _more_uploads),
    "scorecards:agreement-list": (Role.COMPLIANCE, None, _more_agreements),
    "web:notice-list": (Role.TENANT_ADMINISTRATOR, None, _more_notices),
    "scorecards:upload-detail": (Role.CONSULTANT, _rejected, _more_findings),
    "scorecards:findings-download": (Role.CONSULTANT, _rejected, _more_findings),
    "web:member-list": (Role.TENANT_ADMINISTRATOR, None, _more_members),
    "web:client-list": (Role.TENANT_ADMINISTRATOR, None, _more_clients),
    "web:webhook-list": (Role.TENANT_ADMINISTRATOR, None, _more_webhooks),
    "web:webhook-detail": (
        Role.TENANT_ADMINISTRATOR,
        lambda: Webhook.objects.get(),
        _more_deliveries,
    ),
    "web:audit-trail": (Role.COMPLIANCE, None, _more_members),
}


@pytest.mark.parametrize("name", GROWING)
def test_a_list_keeps_its_number_of_queries_when_its_rows_double(world: World, name: str):
    role, record, grow = GROWING[name]
    where = address(world, name, record)
    before = queries(world, role, where)

    with tenant_scope(world.riverside.pk):
        grow()
    after = queries(world, role, where)

    assert len(after) == len(before), "\n".join(after)
