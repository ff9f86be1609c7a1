"""A small hospital with every role, one program and one feed, and the ground tests stand on.

What a module's tests share is built once inside a transaction; each test works inside a
savepoint of it that is rolled back, so that no test sees another.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pyarrow.parquet as pq
from django.conf import settings
from django.db import transaction
from django.test import override_settings

from agreements.duties.actions import DutyTerms, agree_duty
from agreements.duties.models import Frequency
from agreements.participants.actions import add_participant
from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, Program, ServiceLine
from agreements.terms.actions import (
    IndicatorTerms,
    TierTerms,
    YearTerms,
    agree_indicator,
    draft_year,
    lock_terms,
    open_period,
)
from agreements.terms.models import EarlyEnd, MeasurementYear, MissingRule
from agreements.valuations.actions import MemoFacts, OpinionFacts, file_opinion, write_memo
from agreements.valuations.models import Opinion
from comanage.celery import app
from comanage.clients.actions import allow_api_keys
from comanage.demo.build import AGREEMENT, FEED, look_up, member
from comanage.identity.actions import grant_membership
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.jobs.run import run_job
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.vault.files import copy_out
from indicators.library.actions import adopt_indicator
from indicators.library.models import IndicatorVersion
from scorecards.dataagreements.actions import AgreementFacts, file_data_agreement
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.feeds.actions import FeedFacts, declare_feed
from scorecards.feeds.models import Feed
from scorecards.intake.actions import receive_upload, record_outcome
from scorecards.intake.candidates import candidate_of, facts_of_candidate
from scorecards.intake.checks import check_file
from scorecards.intake.companions import keep_companion
from scorecards.intake.manner import Manner
from scorecards.intake.models import Slice, Upload, UploadStatus
from scorecards.intake.queries import spec_for
from scorecards.intake.spec import from_document
from scorecards.restatements.actions import accept_upload
from scorecards.restatements.weighing import read_scales, weigh
from tests.worlds import parcel

YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))
SIGNED_ON = date(2024, 12, 18)
MEMO = MemoFacts(
    purpose="Fewer stays that come back.",
    need="Nobody on staff runs the service line.",
    alternatives="A director of nursing alone.",
    approver="Casey Rivera",
    approver_role=Role.CEO,
    approved_on=date(2024, 12, 1),
)
HEADER = (
    "encounter_id,medical_specialty,admission_type_id,discharge_disposition_id,"
    "time_in_hospital,A1Cresult,readmitted"
)
STAYS, READMITTED, MEASURED = 40, 3, 16

# What the small year pays: 3 of 40 readmitted is 7.5 % and earns half of 60 % of the pool;
# 16 of 40 measured is 40 % and earns all of 40 % of it. 60,000.01 splits into 36,000.01 and
# 24,000.00, and half of 36,000.01 is 18,000.01, half a cent upward.
FIXED_FEE, POOL = Money.from_dollars("90000.00"), Money.from_dollars("60000.01")
INCENTIVE = Money.from_dollars("18000.01") + Money.from_dollars("24000.00")
READMISSION = ("readmission-30-day", 60, (("Threshold", "10%", "50%"), ("Target", "5%", "100%")))
HBA1C = ("hba1c-measured", 40, (("Threshold", "20%", "50%"), ("Target", "40%", "100%")))


@contextmanager
def storage_in(folder: Path) -> Iterator[None]:
    """Keep stored files in a folder of the test."""
    default = settings.STORAGES["default"]
    options = {**default["OPTIONS"], "location": str(folder)}
    with override_settings(
        STORAGES={**settings.STORAGES, "default": {**default, "OPTIONS": options}},
        STORAGE_FOLDER=str(folder),
        KERNEL_FOLDER=str(folder.with_name(f"{folder.name}-kernel")),
    ):
        yield


@contextmanager
def rolled_back() -> Iterator[None]:
    """Undo at the end whatever was written."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def small_hospital(slug: str = "smallville", *, time_zone: str = "America/Chicago") -> Tenant:
    """Make a hospital with every role, a program of one physician, an opinion and a feed."""
    tenant = create_tenant(slug=slug, name=slug.title(), time_zone=time_zone)
    with tenant_scope(tenant.pk):
        for role in Role:
            if role is not Role.EXTRACT_CLIENT:
                grant_membership(
                    email=f"{role.value}@{slug}.example",
                    name=role.label,
                    role=role,
                    starts_on=date(2024, 1, 1),
                    ends_on=None,
                    by=Actor.system("Test"),
                )
        allow_api_keys(by=member(Role.TENANT_ADMINISTRATOR))
        program = small_program()
        add_participant(
            program=program,
            npi="2999999008",
            name="Dr. Ada",
            specialty="Cardiology",
            joined_on=YEAR.start,
            by=member(Role.CONSULTANT),
        )
        look_up(program, today=tenant.today())
        small_opinion()
        declare_feed(
            facts=FeedFacts("Stays", "EHR", agreement=small_data_agreement()),
            spec=from_document(json.loads(FEED.read_text("utf-8"))),
            programs=[program],
            today=tenant.today(),
            by=member(Role.SERVICE_LINE_ADMINISTRATOR),
        )
    return tenant


def small_program(name: str = "Heart") -> Program:
    """Make a program without participants."""
    return create_program(
        name=name,
        service_line=ServiceLine.CARDIOVASCULAR,
        alignment_model=AlignmentModel.CO_MANAGEMENT,
        objective="Fewer returns.",
        group_name="Heart Group, LLC",
        by=member(Role.CONSULTANT),
    )


def small_data_agreement(
    *, renews: DataAgreement | None = None, document: BinaryIO | None = None, **changes
) -> DataAgreement:
    """Put an agreement on file that lets coded case rows in, and has no end."""
    facts = {
        "kind": AgreementKind.BUSINESS_ASSOCIATE,
        "counterparty": "Harbor Advisers",
        "permitted_uses": "Running the co-management program.",
        "signed_on": date(2024, 1, 2),
        "valid_from": date(2024, 1, 2),
        "valid_until": None,
    }
    return file_data_agreement(
        facts=AgreementFacts(**(facts | changes)),
        document=document,
        renews=renews,
        today=Tenant.objects.get().today(),
        by=member(Role.COMPLIANCE),
    )


def small_opinion(program: Program | None = None, **changes) -> Opinion:
    """File an opinion that covers the year and a little more than its pay."""
    facts = {
        "valuator": "Valuers",
        "opined_on": date(2024, 11, 1),
        "valid_from": YEAR.start,
        "valid_until": YEAR.end,
        "fixed": Money.from_dollars("100000.00"),
        "incentive": Money.from_dollars("65000.00"),
        "total": Money.from_dollars("155000.00"),
    }
    return file_opinion(
        program=program or Program.objects.get(),
        document=changes.pop("document", None),
        facts=OpinionFacts(**(facts | changes)),
        by=member(Role.CONSULTANT),
    )


def year_terms(**changes) -> YearTerms:
    """The year's terms apart from its indicators."""
    given = {
        "period": YEAR,
        "opinion": None,
        "fixed_fee": FIXED_FEE,
        "incentive_pool": POOL,
        "scope": "",
        "missing_rule": MissingRule.REDISTRIBUTE,
        "early_end": EarlyEnd.BY_DAYS,
    }
    given |= changes
    given["opinion"] = given["opinion"] or Opinion.objects.get()
    return YearTerms(**given)


def small_draft(
    *, indicators=(READMISSION, HBA1C), program: Program | None = None, **changes
) -> MeasurementYear:
    """Draft a year; a change names what is different in it."""
    by = member(Role.CONSULTANT)
    year = draft_year(program=program or Program.objects.get(), terms=year_terms(**changes), by=by)
    for slug, weight, tiers in indicators:
        agree_indicator(year=year, terms=indicator_terms(slug, weight, tiers), by=by)
    return year


def signable_draft(memo: MemoFacts | None = MEMO) -> MeasurementYear:
    """Draft a year whose agreement nothing holds back: duty, opinion and memo are on file."""
    with AGREEMENT.open("rb") as paper:
        opinion = small_opinion(document=paper, basis="both")
    year, by = small_draft(opinion=opinion), member(Role.CONSULTANT)
    year.indicators.update(data_source="Stays, EHR")
    duty = DutyTerms("Direction", "Minutes", Frequency.MONTHLY, 24_000, Money.from_dollars("225"))
    agree_duty(year=year, terms=duty, by=by)
    if memo is not None:
        with AGREEMENT.open("rb") as paper:
            write_memo(program=year.program, facts=memo, document=paper, today=YEAR.start, by=by)
    return year


def indicator_terms(slug, weight, tiers, **changes) -> IndicatorTerms:
    """What is agreed on one indicator; the library takes it up when it is new."""
    version = IndicatorVersion.objects.filter(indicator__slug=slug).first()
    given = {
        "version": version or adopt_indicator(slug=slug, by=member(Role.CONSULTANT)),
        "weight": weight,
        "minimum_cases": 20,
        "compare_places": 1,
        "baseline_numerator": Decimal(4),
        "baseline_denominator": Decimal(40),
        "baseline_source": "Last year",
        "tiers": tuple(TierTerms(name, exact(goal), exact(share)) for name, goal, share in tiers),
    }
    return IndicatorTerms(**(given | changes))


def exact(text: str) -> Fraction:
    """Read a number or a percentage."""
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def open_year(**changes) -> MeasurementYear:
    """Draft, lock and open a year."""
    by = member(Role.CONSULTANT)
    year = lock_terms(year=small_draft(**changes), signed_on=SIGNED_ON, by=by)
    return open_period(year=year, today=year.starts_on, by=by)


# What the page of a new feed asks beside the feed's own name and columns.
FEED_FACTS = {"cadence": "on_request", "due_days": 15, "tolerance_percent": 25, "raw_days": 30}


def stays(
    count: int = STAYS, *, readmitted: int = READMITTED, measured: int = MEASURED, **cells
) -> bytes:
    """Write so many stays as CSV; `cells` change the first stay."""
    rows = [
        {
            "encounter_id": f"E{place}",
            "medical_specialty": "Cardiology",
            "admission_type_id": "1",
            "discharge_disposition_id": "1",
            "time_in_hospital": "3",
            "A1Cresult": "Norm" if place < measured else "None",
            "readmitted": "<30" if place < readmitted else "NO",
        }
        for place in range(count)
    ]
    if rows:
        rows[0] |= cells
    return "\n".join([HEADER, *(",".join(row.values()) for row in rows), ""]).encode()


def receive(content: bytes, **given) -> Upload:
    """Receive a file as the data owner without checking it yet, inside the scope."""
    upload, _ = receive_upload(
        feed=Feed.objects.get(),
        parcel=parcel(content, **({"filename": "stays.csv"} | given)),
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )
    return upload


def hand_in(content: bytes, **given) -> Upload:
    """Receive a file, check it, let it count where a person must, and recompute, in the scope."""
    upload = check(content, **given)
    if upload.status == UploadStatus.HELD:
        accept(upload)
    run_jobs(upload.tenant_id, JobKind.RECOMPUTE_SCORECARD)
    return Upload.objects.get(pk=upload.pk)


def check(content: bytes, **given) -> Upload:
    """Receive a file and check it, inside the scope; a person has not decided on it."""
    upload = receive(content, **given)
    check_waiting(upload.tenant_id)
    return Upload.objects.get(pk=upload.pk)


def check_waiting(tenant_id) -> None:
    """Check the files that wait, the oldest first, in this process.

    `run_jobs` checks them as a worker does, in a limited child, which takes a second each.
    """
    with tenant_scope(tenant_id):
        jobs = Job.objects.filter(kind=JobKind.CHECK_UPLOAD, state=JobState.READY)
        for job in jobs.order_by("created_at"):
            settle_here(Upload.objects.get(pk=job.subject_id))
            Job.objects.filter(pk=job.pk).update(state=JobState.DONE)


def settle_here(upload: Upload, *, meanwhile: Callable[[], object] = lambda: None) -> Upload:
    """Check a received file in this process, weigh it, and keep its outcome.

    `meanwhile` happens after the file was weighed.
    """
    upload = Upload.objects.select_related("feed", "map").get(pk=upload.pk)
    manner = Manner(upload.skips_faulty_rows, upload.stated_rows)
    with TemporaryDirectory() as folder:
        source, target = Path(folder, "source"), Path(folder, "slice")
        copy_out(upload.storage_name, source)
        outcome = check_file(
            source, upload.filename, spec_for(upload), upload.period, target, manner=manner
        )
        weighing = None
        if outcome.accepted:
            keep_companion(upload.tenant_id, outcome.slice_sha256, target)
            facts = facts_of_candidate(upload, candidate_of(outcome, upload.tenant_id))
            with pq.ParquetFile(target) as cases:
                weighing = weigh(upload.tenant_id, read_scales(upload), facts, cases)
        meanwhile()
        return record_outcome(
            upload=upload,
            outcome=outcome,
            weighing=weighing,
            slice_file=target,
            by=Actor.system("Test"),
        )


def take_in(content: bytes, **given) -> Upload:
    """Receive a file, check it in this process, and let it count."""
    upload = check(content, **given)
    if upload.status == UploadStatus.HELD:
        accept(upload)
    return Upload.objects.get(pk=upload.pk)


def accept(upload: Upload, reason: str = "As agreed.") -> Slice:
    """Accept a held upload as the data owner who has looked at its changes."""
    return accept_upload(
        upload=upload,
        shown_basis=upload.changes["basis"],
        reason=reason,
        by=member(Role.SERVICE_LINE_ADMINISTRATOR),
    )


def run_jobs(tenant_id, *kinds: JobKind) -> None:
    """Do the waiting jobs of some kinds, one kind after the other."""
    app.loader.import_default_modules()  # registers the handlers, as a worker does
    for kind in kinds:
        with tenant_scope(tenant_id):
            waiting = Job.objects.filter(kind=kind, state=JobState.READY)
            found = list(waiting.order_by("created_at").values_list("pk", flat=True))
        for job_id in found:
            run_job(tenant_id=tenant_id, job_id=job_id)
