"""The report is made from the snapshot alone: the same bytes for the same stage, and all of it."""

import hashlib
import io
import json
import logging
import shutil
import subprocess
from datetime import date, datetime

import pikepdf
import pytest
from django.db import transaction

from adjudication.holds.actions import HoldFacts, open_hold, release_hold
from adjudication.holds.causes import Cause
from adjudication.holds.models import Outcome
from adjudication.package.actions import ask_for_report
from adjudication.package.models import Report, Stage
from adjudication.reviews.statement import statement
from adjudication.years.steps import Step
from agreements.contracts.actions import enter_contract
from agreements.contracts.facts import ContractFacts
from agreements.contracts.models import ContractKind, Relation
from agreements.participants.models import Physician
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job, JobState
from comanage.vault.files import opened
from tests.ground import FIXED_FEE, INCENTIVE, run_jobs
from tests.signing import book, freeze, make_ready, sign, sign_up_to


@pytest.fixture(scope="module", autouse=True)
def _quiet():
    """WeasyPrint tells of every page it lays out."""
    logging.getLogger("weasyprint.progress").setLevel(logging.WARNING)


def enter_in_the_register(year, program):
    """Enter the program's contract, or without a program a lease of its physician."""
    facts = ContractFacts(
        kind=ContractKind.CO_MANAGEMENT if program else ContractKind.LEASE_OF_SPACE,
        title=f"Agreement of {program}" if program else "Other contract",
        party=year.program.group.name if program else "Dr. Ada",
        group=year.program.group if program else None,
        program=program,
        people=[] if program else [(Physician.objects.get(), Relation.PARTY)],
        signed_on=year.signed_on,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        notice_days=90,
    )
    enter_contract(facts=facts, by=member(Role.COUNSEL))


def render(year, stage=Stage.REVIEW):
    run_jobs(year.tenant_id, JobKind.RENDER_REPORT)
    report = Report.objects.get(stage=stage)
    with opened(report.storage_name) as stored:
        return report, stored.read()


def unsigned(pdf: bytes) -> bytes:
    """Return what stood there before the signature was put behind it."""
    return pdf[: pdf.index(b"%%EOF") + 5]


def text_of(pdf: bytes) -> str:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext is missing. Run: sudo apt-get install poppler-utils")
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(done.stdout.decode().split())


def test_the_report_of_a_frozen_year_carries_its_snapshot_and_its_hash(computed):
    snapshot = freeze(computed)

    report, pdf = render(computed)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        enclosed = document.attachments["snapshot.json"].get_file().read_bytes()
        assert "/StructTreeRoot" in document.Root  # tagged
    assert enclosed.decode() == snapshot.canonical
    assert hashlib.sha256(enclosed).hexdigest() == snapshot.sha256
    assert (report.sha256, report.size) == (hashlib.sha256(pdf).hexdigest(), len(pdf))


def test_the_report_prints_dollars_steps_and_hash(computed):
    snapshot = freeze(computed)

    printed = text_of(render(computed)[1])

    for amount in (FIXED_FEE, INCENTIVE, FIXED_FEE + INCENTIVE):
        assert str(amount) in printed
    for step in Step:
        assert step.label in printed
    assert snapshot.sha256 in printed.replace(" ", "")
    assert "Data through 31 Dec 2025, received" in printed


def test_the_report_prints_the_baseline_of_each_indicator_with_its_origin(computed):
    freeze(computed)

    printed = text_of(render(computed)[1])

    assert printed.count("10.0 %: 4 over 40; Last year") == computed.indicators.count()


def test_the_final_report_names_who_signed_and_the_payment(computed):
    freeze(computed)
    sign_up_to(computed, Step.CEO)
    book(computed)

    printed = text_of(render(computed, Stage.FINAL)[1])

    assert Report.objects.count() == len(Stage)
    assert "reference AP-1" in printed
    assert member(Role.CEO).name in printed


def test_the_same_snapshot_and_stage_are_the_same_bytes_before_the_signature(computed):
    freeze(computed)
    point = transaction.savepoint()
    first = render(computed)[1]
    transaction.savepoint_rollback(point)  # as if the worker had died before it committed

    second = render(computed)[1]

    assert unsigned(first) == unsigned(second)


def test_a_report_is_kept_once_for_each_stage(computed):
    snapshot = freeze(computed)
    report, _ = render(computed)
    Job.objects.filter(kind=JobKind.RENDER_REPORT).update(key="done before")

    again = ask_for_report(snapshot=snapshot, stage=Stage.REVIEW)
    run_jobs(computed.tenant_id, JobKind.RENDER_REPORT)

    again.refresh_from_db()
    assert again.state == JobState.DONE
    assert Report.objects.get() == report


def test_the_records_of_the_year_are_enclosed_kept_and_printed(computed):
    for program in (computed.program, None):
        enter_in_the_register(computed, program)
    freeze(computed)
    sign_up_to(computed, Step.REVIEW)
    held = open_hold(
        year=computed,
        facts=HoldFacts(Cause.LOGS, "March lacks a log.", Role.CONSULTANT, date(2030, 1, 1)),
        by=member(Role.COMPLIANCE),
    )
    release_hold(hold=held, outcome=Outcome.MENDED, answer="Filed since.", by=member(Role.COUNSEL))
    for step in (Step.COMPLIANCE, Step.COUNSEL, Step.CEO):
        make_ready(computed, step)
        sign(computed, step)
    book(computed)

    report, pdf = render(computed, Stage.FINAL)

    with pikepdf.open(io.BytesIO(pdf)) as document:
        enclosed = document.attachments["records.json"].get_file().read_bytes()
    records = json.loads(enclosed)
    assert report.records == enclosed.decode()
    assert [(each["what"], each["answer"]) for each in records["holds"]] == [
        ("March lacks a log.", "Filed since.")
    ]
    assert [entry["kind"] for entry in records["ledger"]] == ["Due", "Due", "Paid", "Paid"]
    assert records["ledger"][0]["recorded_by"] == member(Role.CEO).name
    printed = text_of(pdf)
    assert "Filed since." in printed
    assert "Dr. Ada 2999999008" in printed
    assert [(each["title"], each["over_on"]) for each in records["contracts"]] == [
        ("Other contract", computed.ends_on.isoformat()),
        ("Agreement of Heart", computed.ends_on.isoformat()),
    ]
    assert "Other contract (lease of space, Dr. Ada)" in printed


def test_what_happens_after_the_freeze_is_not_in_the_review_report(computed):
    snapshot = freeze(computed)
    open_hold(
        year=computed,
        facts=HoldFacts(Cause.LOGS, "March lacks a log.", Role.CONSULTANT, date(2030, 1, 1)),
        by=member(Role.COMPLIANCE),
    )

    records = json.loads(render(computed)[0].records)

    assert records["holds"] == []
    assert datetime.fromisoformat(records["as_of"]) == snapshot.frozen_at


def test_the_final_report_prints_and_carries_the_review_and_its_statement(computed):
    freeze(computed)
    assert json.loads(render(computed)[0].records)["review"] is None
    sign_up_to(computed, Step.CEO)
    book(computed)

    report, pdf = render(computed, Stage.FINAL)

    review = json.loads(report.records)["review"]
    assert [each["is_match"] for each in review["indicators"]] == [True, True]
    assert review["statement"] == statement()
    printed = text_of(pdf)
    assert statement()[:60] in " ".join(printed.split())
    assert "No charts were sampled." in " ".join(printed.split())
