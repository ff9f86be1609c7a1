"""Copies of a report: Word for counsel, FHIR for machines. Both from what was signed alone."""

import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx
import pytest
from django.test import Client
from django.urls import reverse
from jsonschema import Draft202012Validator

import indicators.exchange
from adjudication.package.frames import Edition, attested_of
from adjudication.package.models import Stage
from adjudication.package.settlement import (
    SNAPSHOT_SYSTEM,
    settlement_document,
    settlement_resource,
)
from adjudication.years.steps import OWNER, Step
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.clients.actions import create_extract_client
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.models import Tenant
from indicators.exchange.imports import import_files
from indicators.exchange.json_text import write_json
from tests.ground import FIXED_FEE, INCENTIVE, POOL, READMITTED, STAYS, run_jobs
from tests.outsiders import accepted
from tests.signing import book, freeze, sign, sign_up_to

SETTLEMENT = Path(indicators.exchange.__file__).parent / "settlement.schema.json"


@pytest.fixture
def snapshot(computed):
    return freeze(computed)


def settlement(snapshot, stage=Stage.REVIEW):
    edition = Edition(snapshot, stage, snapshot.frozen_at.replace(year=2100))
    return settlement_resource(json.loads(snapshot.canonical), attested_of(edition))


def resources(bundle, kind):
    found = [entry["resource"] for entry in bundle["entry"]]
    return [resource for resource in found if resource["resourceType"] == kind]


def references(value):
    """Return every reference to another resource, wherever it stands."""
    if isinstance(value, dict):
        own = [value["reference"]] if "reference" in value else []
        return own + [each for part in value.values() for each in references(part)]
    return [each for part in value for each in references(part)] if isinstance(value, list) else []


def browser(role):
    client = Client()
    client.force_login(Membership.objects.get(role=role).user)
    return client


def test_the_settlement_and_each_of_its_parts_are_accepted_by_outsiders(snapshot):
    bundle = settlement(snapshot)

    for entry in bundle["entry"]:
        accepted(entry["resource"])
    accepted(bundle | {"entry": bundle["entry"][1:], "type": "collection"})


def test_the_settlement_is_what_the_published_schema_says(snapshot):
    written = settlement_document(json.loads(snapshot.canonical), date(2026, 3, 1))

    assert list(Draft202012Validator(json.loads(SETTLEMENT.read_text())).iter_errors(written)) == []


def test_the_settlement_is_a_document_of_its_snapshot_with_all_it_refers_to(snapshot):
    bundle = settlement(snapshot)
    addresses = [entry["fullUrl"] for entry in bundle["entry"]]
    composition = bundle["entry"][0]["resource"]

    assert (bundle["type"], composition["resourceType"]) == ("document", "Composition")
    assert composition["identifier"] == {"system": SNAPSHOT_SYSTEM, "value": snapshot.sha256}
    assert len(set(addresses)) == len(addresses)
    assert set(references(bundle)) <= set(addresses)
    assert settlement(snapshot) == bundle


def test_the_settlement_pays_what_the_statement_pays_to_the_cent(snapshot):
    amounts = resources(settlement(snapshot), "MeasureReport")[2]["group"]

    money = {
        group["id"]: group["measureScore"]["extension"][0]["valueMoney"]["value"]
        for group in amounts
    }
    assert money == {
        "line-1": Decimal(FIXED_FEE.dollars_text),
        "incentive": Decimal(INCENTIVE.dollars_text),
        "incentive-pool": Decimal(POOL.dollars_text),
        "total": Decimal((FIXED_FEE + INCENTIVE).dollars_text),
    }


def test_the_counts_of_the_settlement_come_back_and_make_the_same_rate(snapshot, tmp_path):
    reports = resources(settlement(snapshot), "MeasureReport")
    file = tmp_path / "counts.json"
    file.write_text(write_json(reports[3]))

    (group,) = import_files([file])["reports"][0]["groups"]

    assert group["rate"] == f"{READMITTED}/{STAYS}"
    assert group["agreement"]["how"] == "exact"


def test_no_case_and_no_patient_is_in_a_settlement(snapshot):
    text = write_json(settlement(snapshot))

    assert "Patient" not in text
    assert "individual" not in text


def test_a_settlement_is_final_once_all_have_signed_and_says_in_which_capacity(computed, snapshot):
    before = settlement(snapshot)["entry"][0]["resource"]
    sign_up_to(computed, Step.CEO)
    book(computed)

    bundle = settlement(snapshot, Stage.FINAL)

    assert before["status"] == "preliminary"
    assert "attester" not in before
    after = bundle["entry"][0]["resource"]
    assert after["status"] == "final"
    assert [each["mode"] for each in after["attester"]] == [
        *["professional"] * 3,
        "legal",
        "official",
    ]
    assert member(Role.CEO).name in after["attester"][-1]["party"]["display"]
    assert bundle["timestamp"] > settlement(snapshot)["timestamp"]


def test_counsel_takes_both_copies_of_a_report_and_each_is_an_event(computed, snapshot):
    run_jobs(computed.tenant_id, JobKind.RENDER_REPORT)
    report = snapshot.reports.get()
    counsel = browser(Role.COUNSEL)
    tenant = Tenant.objects.get().slug

    word, fhir = (
        counsel.get(reverse(f"adjudication:report-{form}", args=[tenant, report.pk]))
        for form in ("word", "fhir")
    )

    text = [p.text for p in docx.Document(io.BytesIO(word.content)).paragraphs]
    assert f"{FIXED_FEE + INCENTIVE}" in " ".join(text)
    assert (
        json.loads(fhir.content)["entry"][0]["resource"]["identifier"]["value"] == snapshot.sha256
    )
    assert f"{report.sha256[:12]}.docx" in word.headers["Content-Disposition"]
    events = Event.objects.filter(kind=EventKind.REPORT_COPIED).order_by("sequence")
    assert [event.details["form"] for event in events] == ["word", "fhir"]


def test_the_copies_show_the_sign_offs_of_their_report_and_not_later_ones(computed, snapshot):
    run_jobs(computed.tenant_id, JobKind.RENDER_REPORT)
    url = reverse(
        "adjudication:report-word", args=[Tenant.objects.get().slug, snapshot.reports.get().pk]
    )
    before = browser(Role.COUNSEL).get(url).content

    sign(computed, Step.ATTEST)

    assert browser(Role.COUNSEL).get(url).content == before


def test_a_machine_with_the_scope_reads_the_settlement_and_one_without_does_not(computed, snapshot):
    url = reverse("ledger:year-settlement", args=[Tenant.objects.get().slug, computed.pk])
    sign(computed, Step.ATTEST)

    def ask(scope):
        _, key = create_extract_client(
            name=scope, scopes=[scope], by=member(Role.TENANT_ADMINISTRATOR)
        )
        return Client(headers={"Authorization": f"Bearer {key}"}).get(url)

    answer, refused = ask("ledger:read"), ask("scorecards:read")

    assert (answer.status_code, refused.status_code) == (200, 403)
    assert answer.headers["Content-Type"] == "application/fhir+json"
    attesters = answer.json()["entry"][0]["resource"]["attester"]
    assert [OWNER[Step.ATTEST].label in each["party"]["display"] for each in attesters] == [True]
    assert Event.objects.get(kind=EventKind.REPORT_COPIED).details["form"] == "fhir"


def test_a_year_that_is_not_frozen_has_no_settlement(computed):
    _, key = create_extract_client(
        name="AP", scopes=["ledger:read"], by=member(Role.TENANT_ADMINISTRATOR)
    )
    url = reverse("ledger:year-settlement", args=[Tenant.objects.get().slug, computed.pk])

    answer = Client(headers={"Authorization": f"Bearer {key}"}).get(url)

    assert answer.status_code == 409
    assert "not frozen yet" in answer.json()["detail"]
