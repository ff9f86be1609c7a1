"""Riverside's year from its data to its payment, each step by the person whose step it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from django.conf import settings

from adjudication.committee.actions import comment_on_result
from adjudication.package.models import Report, Stage
from adjudication.payments.actions import record_payment
from adjudication.payments.items import is_paid, year_items
from adjudication.payments.queries import entries_of_year
from adjudication.reviews.actions import recompute_result
from adjudication.years.actions import freeze_year, sign_off
from adjudication.years.queries import Standing, standing
from adjudication.years.steps import OWNER, Step
from agreements.credentials.queries import screening_gaps_of, with_rosters
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.demo.build import find_tenant, look_up, member
from comanage.demo.hospitals import HOSPITALS
from comanage.demo.post import PATIENCE_SECONDS, PostError, post
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.queries import latest_job
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import active_tenant_id, tenant_scope
from comanage.values.money import Money
from comanage.vault.files import copy_out
from scorecards.cards.queries import current_scorecard

Found = TypeVar("Found")
PAID_ON = date(2026, 3, 2)
REMARKS = {
    Role.PHYSICIAN_MANAGER: "Discharge calls by the nurse navigators carried the year; keep them.",
}


@dataclass(frozen=True, slots=True)
class Settled:
    """What came out."""

    program: str
    total: Money
    sha256: str
    pdf: Path


def adjudicate(base_url: str, say: Callable[[str], None]) -> Settled:
    """Post, compute, freeze, sign, pay and render; what is done already is not done again.

    Raises:
        PostError: the data was not taken, or a worker did not finish in time.
        PolicyError: a step was refused.
    """
    hospital = HOSPITALS[0]
    tenant = find_tenant(hospital)
    if tenant is None:
        raise PostError("The demonstration is not loaded. Run `manage.py demo` first.")
    with tenant_scope(tenant.pk):
        is_open = MeasurementYear.objects.get().status == YearStatus.OPEN
    if is_open:
        submission = post(hospital, base_url)
        say(f"Posted {hospital.program.extract.name}: {submission['rows']:,} rows accepted.")
        _wait(tenant.pk, "the scorecard", _scorecard_is_settled)
    with tenant_scope(tenant.pk):
        _sign_and_pay(say)
    report = _wait(tenant.pk, "the report", _final_report)
    return Settled(
        program=hospital.program.name,
        total=report.snapshot.total,
        sha256=report.snapshot.sha256,
        pdf=_copy_out(tenant.pk, report),
    )


def _sign_and_pay(say: Callable[[str], None]) -> None:
    year = MeasurementYear.objects.get()
    if year.status == YearStatus.OPEN:
        snapshot = freeze_year(year=year, by=member(Role.CONSULTANT))
        say(f"Frozen: snapshot {snapshot.sha256[:12]}, {snapshot.total} owed.")
    today = Tenant.objects.get(pk=active_tenant_id()).today()
    read = with_rosters(MeasurementYear.objects.all())
    if screening_gaps_of(read, today=today)[year.pk]:
        look_up(year.program, today=today)
        say("Everybody looked up on the lists of excluded persons.")
    now = standing(year)
    while now.next_step is not None and now.snapshot is not None:
        by = member(OWNER[now.next_step])
        sha256 = now.snapshot.sha256
        if now.next_step is Step.REVIEW:
            recompute_result(year=year, sha256=sha256, by=by)
            say(f"Review recorded, every indicator matches: {by.name}")
        _hear_the_committee(year, now, say)
        sign_off(year=year, step=now.next_step, sha256=sha256, note="", is_independent=True, by=by)
        say(f"{now.next_step.label}: {by.name}")
        now = standing(year)
    if now.snapshot is not None and not is_paid(year_items(entries_of_year(year))):
        record_payment(
            year=year,
            sha256=now.snapshot.sha256,
            paid_on=PAID_ON,
            reference="AP-2026-000417",
            by=member(Role.FINANCE),
        )
        say("Payment recorded.")


def _hear_the_committee(year: MeasurementYear, now: Standing, say: Callable[[str], None]) -> None:
    """Let whoever was asked say that there is no further comment."""
    if not now.is_commenting or now.window is None or now.snapshot is None:
        return
    for asked in now.window.silent:
        by = member(asked.role)
        comment_on_result(
            year=year,
            sha256=now.snapshot.sha256,
            text=REMARKS.get(asked.role, ""),
            is_last=True,
            by=by,
        )
        say(f"Committee comments: {by.name}")


def _scorecard_is_settled() -> bool | None:
    year = MeasurementYear.objects.get()
    job = latest_job(JobKind.RECOMPUTE_SCORECARD, subject_id=year.pk)
    is_settled = current_scorecard(year) is not None and job is not None and not job.is_pending
    return is_settled or None


def _final_report() -> Report | None:
    year = MeasurementYear.objects.get()
    snapshot = year.snapshots.latest("number")
    job = latest_job(JobKind.RENDER_REPORT, subject_id=snapshot.pk)
    if job is not None and job.problem:
        raise PostError(job.problem)
    reports = Report.objects.select_related("snapshot").filter(stage=Stage.FINAL)
    return reports.filter(snapshot=snapshot).first()


def _wait(tenant_id: UUID, what: str, look: Callable[[], Found | None]) -> Found:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        with tenant_scope(tenant_id):
            found = look()
        if found is not None:
            return found
        time.sleep(0.2)
    raise PostError(f"The worker did not finish {what} within {PATIENCE_SECONDS} s.")


def _copy_out(tenant_id: UUID, report: Report) -> Path:
    """Put a copy where a person finds it, beside the stored files."""
    target = Path(settings.STORAGE_FOLDER).parent / "adjudication-riverside-2025.pdf"
    with tenant_scope(tenant_id):
        copy_out(report.storage_name, target)
    return target
