"""Signatures of both sides, each in their own session, and the sealed paper they make."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from django.test import Client
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from adjudication.committee.actions import set_comment_days
from agreements.contracts.models import Contract
from agreements.credentials.actions import record_license
from agreements.drafting.actions import change_clause, make_version
from agreements.drafting.facts import Change
from agreements.drafting.models import Agreement
from agreements.lint.models import LintRun
from agreements.negotiation.actions import share_version
from agreements.participants.models import Physician
from agreements.scans.actions import confirm_scan
from agreements.signing.actions import execute_agreement
from agreements.signing.executing import executed_html
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    Decided,
    ExecutedCopy,
    SigningRound,
)
from agreements.signing.queries import last_round, signed_comment_days
from agreements.terms.models import MeasurementYear
from agreements.workplans.actions import make_workplan
from agreements.workplans.models import WorkplanTask
from agreements.workplans.template import standard
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.vault.files import unlock
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import YEAR, rolled_back
from tests.rounds import approve, printed_now, receive, send, sign, status, user
from tests.signing import browser as signed_in

pytestmark = pytest.mark.xdist_group("signing")  # one agreement for the folder
PASSWORD = "correct-horse-battery-staple-9"


def test_both_sign_in_their_own_session_and_that_executes_it(version, hospital):
    approve(version)
    with pytest.raises(PolicyError, match="not named"):
        sign(version, Role.EXECUTIVE)
    with pytest.raises(PolicyError, match="another version"):
        sign(version, Role.PHYSICIAN_MANAGER, sha256="0" * 64)
    with pytest.raises(PolicyError, match="Type your name"):
        sign(version, Role.PHYSICIAN_MANAGER, typed_name="Somebody Else")
    another = replace(member(Role.PHYSICIAN), role=Role.PHYSICIAN_MANAGER)
    with pytest.raises(PolicyError, match="not named"):
        sign(version, Role.PHYSICIAN_MANAGER, by=another)
    with pytest.raises(PolicyError, match="A signature is missing"):
        execute_agreement(
            agreement=version.agreement,
            year=MeasurementYear.objects.get(program=version.agreement.program_id),
            signed_on=date(2024, 12, 20),
            by=member(Role.CEO),
        )
    address = reverse("agreements:agreement-sign", args=[hospital.slug, version.agreement_id])
    manager, browser = user(Role.PHYSICIAN_MANAGER), Client()
    browser.force_login(manager)
    given = {
        "sha256": version.sha256,
        "has_read": "on",
        "consents": "on",
        "typed_name": manager.name,
    }
    assert "reauthenticate" in browser.post(address, given).url  # signed in is not enough
    manager.set_password(PASSWORD)
    manager.save()
    browser.post(reverse("account_login"), {"login": manager.email, "password": PASSWORD})
    assert "reauthenticate" in browser.post(address, given).url  # nor is a sign-in of just now
    browser.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page, group = browser.get(address).text, version.document["parties"][1]["name"]
    for said in (
        "Decline to sign",
        f"You sign for {group} (the “Manager”).",
        "Smallville Hospital, Inc. (the “Hospital”), which owns and operates",
        f"Your name, as you type it: <strong>{manager.name}</strong>",
        "Not signed yet",
    ):
        assert said in page, said
    detail = reverse("agreements:version-detail", args=[hospital.slug, version.pk])
    assert "nobody may rely on it" in browser.get(detail).text
    without = browser.post(address, {**given, "consents": ""})
    assert without.status_code == 200
    assert not AgreementSignature.objects.exists()
    early = signed_in(Role.CEO)
    assert early.get(address).url.endswith("/signing/")  # nothing is theirs to sign yet
    assert browser.post(address, given).status_code == 302
    with pytest.raises(PolicyError, match="signed it already"):
        sign(version, Role.PHYSICIAN_MANAGER)

    program, compliance = version.agreement.program, signed_in(Role.COMPLIANCE)
    make_workplan(program=program, starts_on=date(2024, 9, 1), by=member(Role.CONSULTANT))
    plan = reverse("agreements:workplan-detail", args=[hospital.slug, program.pk])
    findings = reverse("agreements:version-findings", args=[hospital.slug, version.pk])
    assert f'<a href="{findings}">The findings' in compliance.get(plan).text

    sign(version, Role.CEO)

    done = WorkplanTask.objects.filter(done_on=date(2024, 12, 20), done_by=None)
    assert {task.title for task in done} == standard().signed
    assert WorkplanTask.objects.filter(done_on=None).exists()  # execution says nothing of these
    assert Event.objects.filter(kind=EventKind.TASK_ENDED).count() == len(standard().signed)
    assert "on 20 Dec 2024 as the agreement was executed" in compliance.get(plan).text
    year = MeasurementYear.objects.get(program=version.agreement.program_id)
    assert (status(version), year.status) == ("executed", "locked")
    assert year.signed_on == date(2024, 12, 20)
    assert LintRun.objects.filter(occasion="signed").count() == 2  # what was known, at each
    contract = Contract.objects.get(agreement=version.agreement)
    assert (contract.signed_on, contract.starts_on) == (year.signed_on, YEAR.start)
    assert (contract.notice_days, contract.holdover_notice_days) == (120, None)
    set_comment_days(program=year.program, days=11, by=member(Role.CONSULTANT))
    assert signed_comment_days(year) == 10  # as it was signed, whatever the next one prints
    year.starts_on = version.agreement.ends_on
    assert signed_comment_days(year) is None
    assert [each.physician.name for each in contract.people.all()] == ["Dr. Ada"]
    copy = ExecutedCopy.objects.select_related("file").get()
    (file,) = unlock([copy.file.name])
    with file.open() as clear:
        paper = clear.read()
    (seal,) = PdfFileReader(BytesIO(paper)).embedded_signatures
    trust = ValidationContext(trust_roots=[seal.signer_cert])
    assert validate_pdf_signature(seal, trust).bottom_line
    with pikepdf.open(BytesIO(paper)) as read:
        assert read.Root.Perms.DocMDP.SubFilter == "/ETSI.CAdES.detached"
        enclosed = read.attachments["agreement.json"].get_file().read_bytes()
    assert sha256(enclosed).hexdigest() == version.sha256
    certificate = executed_html(last_round(version.agreement), hospital)
    assert "This draft" not in certificate
    moment = "December 20, 2024, 15:00:00 UTC; December 20, 2024, "
    for said in (
        f"{manager.name}, Physician manager",
        moment,
        "password",
        "Finance",
        f"For {group} (the “Manager”)",
    ):
        assert said in certificate.split("Certificate of completion")[1]
    shown, printed = browser.get(detail).text, printed_now(version, hospital)
    for said in (
        f"/s/ {manager.name}, signed electronically",
        "Physician manager",
        "Chief executive officer",
        "December 20, 2024",
    ):
        assert all(said in each for each in (certificate, shown, printed)), said
    for each in (shown, printed):
        assert "Executed on December 20, 2024, the day of the last signature." in each
        assert "nobody may rely on it" not in each
    page = browser.get(reverse("agreements:signing", args=[hospital.slug, version.agreement_id]))
    assert "Download the executed agreement" in page.text
    talks = reverse("agreements:negotiation", args=[hospital.slug, version.agreement_id])
    for said in ("What is to change now is an amendment", "Open one to read it, or to comment"):
        assert said in browser.get(talks).text
    assert "Every agreement needs it." not in page.text  # why somebody approves is the hospital's


def test_nothing_is_signed_once_the_year_began_the_terms_changed_or_a_finding_came_up(version):
    approve(version)
    with rolled_back():
        record_license(
            physician=Physician.objects.get(),
            state="TX",
            number="1",
            valid_until=date(2024, 12, 1),
            by=member(Role.COMPLIANCE),
        )
        with pytest.raises(PolicyError, match=r"waived by counsel with a reason \(X1 on"):
            sign(version, Role.PHYSICIAN_MANAGER)
    with rolled_back():
        MeasurementYear.objects.update(fixed_fee=Money(100))
        with pytest.raises(PolicyError, match="terms have changed"):
            sign(version, Role.PHYSICIAN_MANAGER)

    late = standing_at(datetime(2025, 1, 2, 15, tzinfo=UTC))
    with late, pytest.raises(PolicyError, match="never back-dated"):
        sign(version, Role.PHYSICIAN_MANAGER)


def test_a_finding_that_blocks_stops_sending_and_signing(version):
    agreement, by = version.agreement, member(Role.CONSULTANT)
    change_clause(
        agreement=agreement, change=Change("signatures", "omit"), reason="Unsigned.", by=by
    )
    second = make_version(agreement=agreement, note="No place to sign.", by=by)
    share_version(version=second, by=by)

    with pytest.raises(PolicyError, match=r"cannot be signed yet.*S1"):
        send(second)
    # As if it had been sent before the rules were those of today.
    round_ = SigningRound.objects.create(
        agreement=agreement,
        version=second,
        number=1,
        needs=[],
        hospital_signatory=user(Role.CEO),
        physicians_signatory=user(Role.PHYSICIAN_MANAGER),
        sent_at=second.made_at,
        sent_by=second.made_by,
    )
    Agreement.objects.update(status="signing")
    with pytest.raises(PolicyError, match=r"cannot be signed yet.*S1"):
        sign(second, Role.PHYSICIAN_MANAGER)
    ApprovalDecision.objects.create(
        round=round_,
        role=Role.COUNSEL,
        outcome=Decided.APPROVED,
        decided_at=second.made_at,
        decided_by=user(Role.COUNSEL),
    )
    scan = receive(second)
    with pytest.raises(PolicyError, match=r"cannot be signed yet.*S1"):
        confirm_scan(scan=scan, method="password", by=member(Role.COMPLIANCE))
