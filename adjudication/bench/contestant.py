"""One process of the bench, as a worker or a web server would be: `... contestant TASK`."""

from __future__ import annotations

import io
import json
import logging
import sys
import time
from statistics import median
from uuid import UUID

import django

from adjudication.bench.task import Answer, Task

WARM_UP = 10


def found(task: Task) -> Answer:
    """Make the hospitals."""
    from adjudication.bench.hospitals import found_all

    began = time.perf_counter()
    tenants = found_all(task.size)
    return {"seconds": time.perf_counter() - began, "tenants": tenants}


def adjudicate(task: Task) -> Answer:
    """Freeze every year of this process's share, and recompute it as the reviewer does."""
    from adjudication.bench.hospitals import FIXED, POOL, actor, drawn, years_in_turn
    from adjudication.bench.oracle import cents_of
    from adjudication.years.actions import freeze_year
    from adjudication.years.snapshot import recompute
    from comanage.bench.report import peak_megabytes
    from comanage.identity.roles import Role
    from comanage.tenancy.scope import tenant_scope

    work = list(years_in_turn(task))
    wrong, cents, began = [], {}, time.perf_counter()
    for tenant_id, number, year in work:
        with tenant_scope(tenant_id):
            snapshot = freeze_year(year=year, by=actor(Role.CONSULTANT))
        if not recompute(snapshot.canonical):
            wrong.append(number)
        cents[number] = snapshot.total.cents
    seconds = time.perf_counter() - began
    wrong += [
        number
        for number, total in cents.items()
        if total != cents_of(drawn(task.size, number), fixed=FIXED.cents, pool=POOL.cents)
    ]
    return {
        "seconds": seconds,
        "years": len(work),
        "wrong": wrong,
        "memory": peak_megabytes(),
    }


def report(task: Task) -> Answer:
    """Typeset, sign and store reports, each of one year, as the worker does."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    from adjudication.bench.hospitals import years_in_turn
    from adjudication.package.models import Report
    from comanage.celery import app
    from comanage.jobs.kinds import JobKind
    from comanage.jobs.models import Job
    from comanage.jobs.run import run_job
    from comanage.tenancy.scope import tenant_scope
    from comanage.vault.files import opened

    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)
    app.loader.import_default_modules()  # registers the handlers, as a worker does
    seconds, pages = [], 0
    for tenant_id, _, year in list(years_in_turn(task))[: task.times]:
        with tenant_scope(tenant_id):
            snapshot = year.snapshots.get()
            job = Job.objects.get(kind=JobKind.RENDER_REPORT, subject_id=snapshot.pk)
        began = time.perf_counter()
        run_job(tenant_id=tenant_id, job_id=job.pk)
        seconds.append(time.perf_counter() - began)
        with (
            tenant_scope(tenant_id),
            opened(Report.objects.get(snapshot=snapshot).storage_name) as stored,
        ):
            reader = PdfFileReader(io.BytesIO(stored.read()))
        pages = int(reader.root["/Pages"]["/Count"])
    return {"seconds": seconds, "pages": pages}


def what_if(task: Task) -> Answer:
    """Ask a live scorecard what the rest of the year would change, through the whole stack."""
    from django.urls import reverse

    from adjudication.bench.hospitals import open_live_year
    from comanage.tenancy.models import Tenant
    from comanage.tenancy.scope import tenant_scope

    tenant_id = UUID(task.tenants[0])
    with tenant_scope(tenant_id):
        tenant = Tenant.objects.get()
        year = open_live_year(task.size, tenant.today())
        slug = (year.terms or {})["indicators"][0]["slug"]
    page = reverse("scorecards:what-if", args=[tenant.slug, year.pk])
    return {name: _asked(page, slug, task.times, headers) for name, headers in KINDS}


KINDS: tuple[tuple[str, dict[str, str]], ...] = (("part", {"HX-Request": "true"}), ("page", {}))


def _asked(page: str, slug: str, times: int, headers: dict[str, str]) -> dict[str, float]:
    """Ask so many times, each time another thing; milliseconds."""
    from django.test import Client

    from comanage.identity.models import User
    from comanage.identity.roles import Role

    client = Client(headers={"Host": "localhost"} | headers)
    client.force_login(User.objects.get(email=f"{Role.EXECUTIVE.value}@bench.example"))
    taken = []
    for number in range(WARM_UP + times):
        began = time.perf_counter()
        answer = client.get(page, {f"rest-{slug}": f"{number / 10:.1f}", f"size-{slug}": "300"})
        taken.append(1_000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise RuntimeError(f"{page} answered {answer.status_code}.")
    taken = sorted(taken[WARM_UP:])
    return {"median": median(taken), "p95": taken[(95 * len(taken)) // 100], "worst": taken[-1]}


WORKS = {work.__name__: work for work in (found, adjudicate, report, what_if)}


def main(text: str) -> None:
    """Do one task, and print its answer."""
    task = Task.from_text(text)
    django.setup()
    sys.stdout.write(json.dumps(WORKS[task.work](task)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
