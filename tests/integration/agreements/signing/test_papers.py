"""An agreement that both sides signed on paper: what is taken, and who confirms it."""

from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from agreements.contracts.models import Contract
from agreements.lint.models import LintRun
from agreements.scans.actions import confirm_scan, decline_scan
from agreements.scans.models import ScanDecision, SignedScan
from agreements.signing.executing import executed_html
from agreements.signing.models import ExecutedCopy
from agreements.signing.queries import last_round
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.vault.files import unlock
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import rolled_back
from tests.rounds import (
    approve,
    let_all_approve,
    printed_now,
    recall,
    receive,
    scanned,
    send,
    sign,
    status,
    user,
)
from tests.signing import browser as signed_in

pytestmark = pytest.mark.xdist_group("signing")  # one agreement for the folder


def carry_a_file(pdf):
    pdf.attachments["payroll.xlsx"] = b"PK"


def test_a_paper_is_taken_whole_truthfully_dated_and_before_the_year_begins(version, hospital):
    send(version)
    with pytest.raises(PolicyError, match="once all have approved"):
        receive(version)
    let_all_approve(version)

    for wrong, said in (
        ({"content": BytesIO(b"PK")}, "is no PDF"),
        ({"content": scanned(carry_a_file)}, "carries another file inside"),
        ({"signed_on": date(2024, 12, 21)}, "has not come yet"),
        ({"signed_on": date(2024, 12, 18)}, "Version 1 was made on"),
        ({"signed_on": date(2024, 12, 19)}, "The last approval was given on"),
    ):
        with pytest.raises(PolicyError, match=said):
            receive(version, **wrong)
    late = standing_at(datetime(2025, 1, 2, 15, tzinfo=UTC))
    with late, pytest.raises(PolicyError, match="never back-dated"):
        receive(version)
    paper = printed_now(version, hospital)  # what is signed by hand names who signs it
    assert f"<td>{user(Role.CEO).name}</td>" in paper
    assert "Address for notices" in paper
    scan = receive(version)
    assert (scan.received_on, scan.received_by) == (date(2024, 12, 20), user(Role.COUNSEL))
    signing = reverse("agreements:signing", args=[hospital.slug, version.agreement_id])
    whose = signed_in(Role.CONSULTANT).get(signing).context["whose_turn"]
    assert whose == "A paper that both signed waits for counsel or compliance to confirm it."
    with pytest.raises(PolicyError, match="waits to be confirmed already"):
        receive(version)
    with pytest.raises(PolicyError, match="so nobody signs here"):
        sign(version, Role.PHYSICIAN_MANAGER)
    for change, said in (
        (lambda: MeasurementYear.objects.update(fixed_fee=Money(100)), "terms have changed"),
        (lambda: recall(version, Role.CONSULTANT), "round that the paper belongs to is over"),
    ):
        with rolled_back():
            change()
            with pytest.raises(PolicyError, match=said):
                confirm_scan(scan=scan, method="password", by=member(Role.COMPLIANCE))
    with pytest.raises(PolicyError, match="Say what is wrong"):
        decline_scan(scan=scan, reason=" ", by=member(Role.COMPLIANCE))
    decline_scan(scan=scan, reason="Page 3 is missing.", by=member(Role.COMPLIANCE))
    with pytest.raises(PolicyError, match="already"):
        confirm_scan(scan=scan, method="password", by=member(Role.COMPLIANCE))
    sign(version, Role.PHYSICIAN_MANAGER)
    with pytest.raises(PolicyError, match="One side has signed here already"):
        receive(version)


def test_a_paper_that_a_second_person_confirms_executes_the_agreement(version, hospital):
    approve(version)
    paper = scanned().read()
    sent = {"document": BytesIO(paper), "signed_on": "2024-12-20"}
    sent["document"].name = "scan.pdf"
    address = reverse("agreements:scan-receive", args=[hospital.slug, version.agreement_id])
    with standing_at(datetime(2024, 12, 21, 15, tzinfo=UTC)):  # it came on the day after
        assert signed_in(Role.COUNSEL).post(address, sent).status_code == 302
    scan = SignedScan.objects.get()
    assert (scan.signed_on, scan.received_on) == (date(2024, 12, 20), date(2024, 12, 21))
    with pytest.raises(PolicyError, match="who sends it does not confirm it"):
        confirm_scan(scan=scan, method="password", by=member(Role.COUNSEL))
    with pytest.raises(DatabaseError, match="nobody confirms"), transaction.atomic():
        ScanDecision.objects.create(
            scan=scan,
            outcome="confirmed",
            method="password",
            decided_at=version.made_at,
            decided_by=scan.received_by,
        )
    detail, confirm, download = (
        reverse(f"agreements:scan-{each}", args=[hospital.slug, scan.pk])
        for each in ("detail", "confirm", "download")
    )
    seen = {"is_version": "on", "is_signed": "on"}
    stale, fresh = (signed_in(Role.COMPLIANCE, is_fresh=each) for each in (False, True))
    overview = reverse("adjudication:overview", args=[hospital.slug])
    assert "Signed paper to confirm: Heart agreement" in stale.get(overview).text
    assert "Confirm the signed paper" not in stale.get(detail).text
    assert "reauthenticate" in stale.post(confirm, seen).url
    assert "This is needed." in fresh.post(confirm, {"is_version": "on"}).text
    assert b"".join(fresh.get(download).streaming_content) == paper

    # It came in time, so it may be confirmed when the year has begun.
    with standing_at(datetime(2025, 1, 2, 15, tzinfo=UTC)):
        confirm_scan(scan=scan, method="password", by=member(Role.COMPLIANCE))

    year = MeasurementYear.objects.get(program=version.agreement.program_id)
    assert (status(version), year.status, year.signed_on) == (
        "executed",
        "locked",
        date(2024, 12, 20),
    )
    assert Contract.objects.get(agreement=version.agreement).signed_on == date(2024, 12, 20)
    assert LintRun.objects.filter(occasion="signed").count() == 1
    copy = ExecutedCopy.objects.select_related("file").get()
    (file,) = unlock([copy.file.name])
    with file.open() as clear, pikepdf.open(BytesIO(clear.read())) as read:
        assert read.attachments["signed-paper.pdf"].get_file().read_bytes() == paper
        assert read.Root.Perms.DocMDP.SubFilter == "/ETSI.CAdES.detached"
    certificate = executed_html(last_round(version.agreement), hospital)
    for said in (
        "Signed with wet ink",
        sha256(paper).hexdigest(),
        user(Role.COUNSEL).name,
        user(Role.COMPLIANCE).name,
        "January 2, 2025, 15:00:00 UTC; January 2, 2025, ",
    ):
        assert said in certificate.split("Certificate of completion")[1]
    by_hand = "As on the paper; the last on December 20, 2024"
    assert certificate.count(by_hand) == printed_now(version, hospital).count(by_hand) == 2
    assert "Typed as signature" not in certificate
