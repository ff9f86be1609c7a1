"""Ready-made worlds for tests: the demonstration hospitals, taken as far as a test needs."""

from datetime import date
from io import BytesIO
from pathlib import Path
from uuid import uuid4

from adjudication.payments.actions import record_payment
from adjudication.years.actions import freeze_year, sign_off
from adjudication.years.queries import standing
from adjudication.years.steps import OWNER
from agreements.terms.models import MeasurementYear
from comanage.celery import app
from comanage.demo.build import build, find_tenant, member
from comanage.demo.hospitals import HOSPITALS, YEAR
from comanage.identity.roles import Role
from comanage.jobs.models import Job, JobState
from comanage.jobs.run import run_job
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.intake.actions import Parcel, Wishes, receive_upload
from scorecards.intake.models import Upload, UploadStatus
from scorecards.restatements.actions import accept_upload
from tests.signing import make_ready

RIVERSIDE, LAKESHORE = HOSPITALS
NO_WISHES = Wishes()


def two_hospitals() -> tuple[Tenant, Tenant]:
    """Build both hospitals: terms locked, year on the clock, feed declared, no data yet."""
    build()
    riverside, lakeshore = find_tenant(RIVERSIDE), find_tenant(LAKESHORE)
    assert riverside is not None
    assert lakeshore is not None
    return riverside, lakeshore


def parcel(
    content: bytes | Path, *, filename: str = "", key: str = "", period=YEAR, wishes=NO_WISHES
) -> Parcel:
    """Wrap a file as it comes in."""
    if isinstance(content, Path):
        filename, content = filename or content.name, content.read_bytes()
    name = filename or "stays.csv"
    return Parcel(name, BytesIO(content), period, key or uuid4().hex, wishes)


def hand_in(tenant: Tenant, content: bytes | Path, **given) -> Upload:
    """Hand a file in as the data owner, accept it where a person must, and run the jobs here."""
    with tenant_scope(tenant.pk):
        by = member(Role.SERVICE_LINE_ADMINISTRATOR)
        upload, _ = receive_upload(feed=Feed.objects.get(), parcel=parcel(content, **given), by=by)
    run_all_jobs(tenant)
    with tenant_scope(tenant.pk):
        upload = Upload.objects.get(pk=upload.pk)
        if upload.status == UploadStatus.HELD:
            shown = upload.changes["basis"]
            accept_upload(upload=upload, shown_basis=shown, reason="As agreed.", by=by)
    run_all_jobs(tenant)
    with tenant_scope(tenant.pk):
        return Upload.objects.get(pk=upload.pk)


def run_all_jobs(tenant: Tenant) -> int:
    """Do every waiting job, and those they queue, as a worker would; return how many."""
    app.loader.import_default_modules()  # registers the handlers, as a worker does
    done = 0
    while True:
        with tenant_scope(tenant.pk):
            waiting = list(Job.objects.filter(state=JobState.READY).values_list("pk", flat=True))
        if not waiting:
            return done
        for job_id in waiting:
            run_job(tenant_id=tenant.pk, job_id=job_id)
            done += 1


def the_year(tenant: Tenant) -> MeasurementYear:
    """Return the hospital's one measurement year; call it inside the tenant's scope."""
    return MeasurementYear.objects.select_related("program__group", "opinion").get()


def sign_everything(tenant: Tenant) -> None:
    """Freeze the year and take every sign-off by its owner."""
    with tenant_scope(tenant.pk):
        year = the_year(tenant)
        freeze_year(year=year, by=member(Role.CONSULTANT))
        now = standing(year)
        while now.next_step is not None:
            make_ready(year, now.next_step)
            sign_off(
                year=year,
                step=now.next_step,
                sha256=now.snapshot.sha256,
                note="",
                is_independent=True,
                by=member(OWNER[now.next_step]),
            )
            now = standing(year)


def pay(tenant: Tenant) -> None:
    """Record the payment as finance."""
    with tenant_scope(tenant.pk):
        year = the_year(tenant)
        record_payment(
            year=year,
            sha256=standing(year).snapshot.sha256,
            paid_on=date(2026, 3, 2),
            reference="AP-1",
            by=member(Role.FINANCE),
        )
