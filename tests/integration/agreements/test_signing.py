"""An agreement on its way through approvals to two signatures: actions, pages, the sealed paper."""

from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO

import pikepdf
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from agreements.approvers.actions import change_chain
from agreements.approvers.matrix import STANDARD_RULES, Condition, MatrixFacts, Rule, needs_of
from agreements.approvers.models import ApprovalChain
from agreements.contracts.models import Contract
from agreements.drafting.actions import begin_agreement, change_clause, edit_agreement, make_version
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.queries import facts_of
from agreements.negotiation.actions import share_version
from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from agreements.scans.actions import confirm_scan, decline_scan, receive_scan
from agreements.scans.models import ScanDecision, SignedScan
from agreements.signing.actions import (
    decide_approval,
    decline_signature,
    recall_round,
    send_for_approval,
    sign_agreement,
)
from agreements.signing.executing import executed_html
from agreements.signing.models import (
    AgreementSignature,
    ApprovalDecision,
    Decided,
    ExecutedCopy,
    RoundRecall,
    SigningRound,
)
from agreements.signing.policies import conditions_left, roles_next
from agreements.signing.queries import last_round
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.vault.files import unlock
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import YEAR, signable_draft
from tests.signing import browser as signed_in

pytestmark = pytest.mark.xdist_group("signing")  # one agreement for the module
PASSWORD = "correct-horse-battery-staple-9"
LEADERS = (Role.EXECUTIVE, Role.SERVICE_LINE_ADMINISTRATOR)


@pytest.fixture(scope="module")
def _shared(ground):
    """An agreement whose first version both sides read."""
    with standing_at(datetime(2024, 12, 19, 15, tzinfo=UTC)), tenant_scope(ground.pk):
        signable_draft()
        program, by = Program.objects.get(), member(Role.CONSULTANT)
        for role in (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN):
            give_seat(program=program, membership=Membership.objects.get(role=role), by=by)
        facts = AgreementFacts(
            "Heart agreement",
            Period(YEAR.start, date(2028, 1, 1)),
            "Smallville Hospital, Inc.",
            "Smallville Heart Center",
            "TX",
            is_bond_financed=False,
            renewal="none",
        )
        agreement = begin_agreement(program=program, facts=facts, by=by)
        version = make_version(agreement=agreement, note="First.", by=by)
        share_version(version=version, by=by)
    return version.pk


@pytest.fixture
def version(_shared, hospital):
    """The shared version; the hospital's scope is open and its clock stands."""
    with standing_at(datetime(2024, 12, 20, 15, tzinfo=UTC)), tenant_scope(hospital.pk):
        yield AgreementVersion.objects.select_related("agreement").get(pk=_shared)


def user(role):
    return Membership.objects.get(role=role).user


def send(version, **changes):
    given = {
        "version": version,
        "hospital": user(Role.CEO),
        "physicians": user(Role.PHYSICIAN_MANAGER),
        "physicians_first": True,
        "by": member(Role.CONSULTANT),
    }
    return send_for_approval(**given | changes)


def decide(version, role, outcome=Decided.APPROVED, reason=""):
    return decide_approval(
        agreement=version.agreement, outcome=outcome, reason=reason, by=member(role)
    )


def approve(version):
    """Send a version round and have everybody approve it."""
    send(version)
    while roles := roles_next(last_round(version.agreement)):
        for role in sorted(roles):
            decide(version, role)


def sign(version, role, **changes):
    by = member(role)
    given = {
        "agreement": version.agreement,
        "sha256": version.sha256,
        "typed_name": by.name,
        "method": "password",
        "by": by,
    }
    return sign_agreement(**given | changes)


def recall(version, role, reason="A figure is wrong."):
    return recall_round(agreement=version.agreement, reason=reason, by=member(role))


def status(version):
    return Agreement.objects.get(pk=version.agreement_id).status


def test_the_matrix_says_who_approves_and_why():
    plain = MatrixFacts(
        percentile=74,
        total=Money(100),
        model="psa",
        has_cost_indicator=False,
        is_bond_financed=False,
        has_other_agreement=False,
        has_waiver=False,
    )
    high = replace(plain, percentile=75, has_cost_indicator=True)
    own = (Rule(2, Role.COMPLIANCE, Condition.WAIVED_FINDING),)

    assert [(need.step, need.role) for need in needs_of(plain, STANDARD_RULES)] == [
        (1, Role.EXECUTIVE),
        (1, Role.SERVICE_LINE_ADMINISTRATOR),
        (3, Role.COUNSEL),
        (4, Role.FINANCE),
        (5, Role.CEO),
    ]
    (second,) = (need for need in needs_of(high, STANDARD_RULES) if need.step == 2)
    assert second.role == Role.COMPLIANCE
    assert second.reasons == (
        "The opinion puts the pay at percentile 75.",
        "A part of the pay is about cost.",
    )
    assert needs_of(plain, own) == ()
    (third,) = needs_of(replace(plain, has_waiver=True), own)
    assert third.reasons == ("Legal counsel waived a finding of this version.",)


def test_a_hospital_keeps_its_own_chain_and_never_without_counsel_and_chief(version, hospital):
    small = (Rule(1, Role.COUNSEL, Condition.ALWAYS), Rule(2, Role.CEO, Condition.ALWAYS))
    more = (
        *small,
        Rule(1, Role.FINANCE, Condition.TOTAL_AT_LEAST, 1),
        Rule(1, Role.COMPLIANCE, Condition.WAIVED_FINDING),
    )
    by = member(Role.TENANT_ADMINISTRATOR)
    for left, word in ((small[1:], "Legal counsel"), (small[:1], "Chief executive officer")):
        with pytest.raises(PolicyError, match=f"{word} approves every agreement"):
            change_chain(seen=0, rules=left, reason="Smaller.", by=by)
    browser = signed_in(Role.COUNSEL)
    address = reverse("agreements:approval-chain-change", args=[hospital.slug])
    shown = browser.get(address).context["form"]
    filled = {name: shown[name].value() for name in shown.fields}
    given = {name: value for name, value in filled.items() if value is not None}
    given["reason"] = "Smaller."
    left_out = {
        f"{role.value}_{part}": []
        for role in (*LEADERS, Role.COMPLIANCE)
        for part in ("step", "always", "when")
    }
    for wrong, said in (
        ({}, "the chain in force already"),
        ({"finance_always": []}, "Say when the role is asked"),
        ({"finance_step": ""}, "Choose the step"),
        (
            {"counsel_always": [], "counsel_when": "bond_financed"},
            "Legal counsel approves every agreement",
        ),
    ):
        assert said in browser.post(address, given | wrong).text
    kept = given | left_out | {"compliance_percentile": [], "finance_total": "1,000.00"}
    assert browser.post(address, kept).status_code == 302
    with pytest.raises(PolicyError, match="has changed the chain since"):
        change_chain(seen=0, rules=small, reason="Smaller.", by=by)

    round_ = send(version)
    change_chain(seen=1, rules=more, reason="Without finance.", by=by)

    assert [need["role"] for need in round_.needs] == ["counsel", "finance", "ceo"]
    assert round_.needs[1]["reasons"][0] == "Every agreement needs it."
    assert [chain.number for chain in ApprovalChain.objects.all()] == [2, 1]
    page = browser.get(reverse("agreements:approval-chain", args=[hospital.slug])).text
    for said in ("Without finance.", "Smaller.", "A year pays up to $0.01 or more"):
        assert said in page
    assert "Legal counsel waived a finding of the version before it was sent" in page


def test_approvals_go_in_steps_and_a_condition_holds_the_signatures_back(version):
    round_ = send(version)

    with pytest.raises(PolicyError, match="not being drafted"):
        send(version)
    with pytest.raises(PolicyError, match="not your turn"):
        decide(version, Role.COUNSEL)
    with pytest.raises(PolicyError, match="Say why"):
        decide(version, Role.EXECUTIVE, Decided.CONDITIONAL)
    decide(version, Role.EXECUTIVE, Decided.CONDITIONAL, "Once the space is leased.")
    with pytest.raises(PolicyError, match="not your turn"):
        decide(version, Role.EXECUTIVE)
    while roles := roles_next(last_round(version.agreement)):
        for role in sorted(roles):
            decide(version, role)

    assert status(version) == "approval"  # all approved, and the condition is still to be met
    assert conditions_left(last_round(version.agreement)) == [Role.EXECUTIVE]
    with pytest.raises(PolicyError, match="not approved"):
        sign(version, Role.PHYSICIAN_MANAGER)
    decide(version, Role.EXECUTIVE, Decided.MET)
    assert status(version) == "signing"
    told = Notice.objects.filter(user=user(Role.PHYSICIAN_MANAGER)).latest("created_at")
    assert told.subject == "Yours to sign: Heart agreement"
    with pytest.raises(DatabaseError, match="nobody approves"), transaction.atomic():
        ApprovalDecision.objects.create(
            round=round_,
            role=Role.CONSULTANT,
            outcome=Decided.APPROVED,
            decided_at=version.made_at,
            decided_by=version.made_by,
        )


def test_a_version_that_came_back_needs_a_new_one_and_all_approvals_anew(version):
    approve(version)
    with pytest.raises(PolicyError, match="physicians' side signs first"):
        sign(version, Role.CEO)

    decline_signature(
        agreement=version.agreement, reason="The term is wrong.", by=member(Role.PHYSICIAN_MANAGER)
    )

    agreement = Agreement.objects.get(pk=version.agreement_id)
    by = member(Role.COUNSEL)
    edit_agreement(
        agreement=agreement,
        facts=AgreementFacts(
            **{
                name: getattr(facts_of(agreement), name)
                for name in ("title", "hospital", "facility", "state", "is_bond_financed")
            },
            term=Period(YEAR.start, date(2027, 1, 1)),
            renewal="none",
        ),
        by=by,
    )
    second = make_version(agreement=agreement, note="Two years.", by=by)
    with pytest.raises(PolicyError, match="Version 2 is newer"):
        send(version)
    with pytest.raises(PolicyError, match="Share the version"):
        send(second)
    share_version(version=second, by=by)
    send(second)
    assert roles_next(last_round(agreement)) == set(LEADERS)
    for role in LEADERS:
        decide(second, role)
    while roles_next(last_round(agreement)) == {Role.COMPLIANCE}:
        decide(second, Role.COMPLIANCE)
    with pytest.raises(PolicyError, match="nobody approves what they drafted"):
        decide(second, Role.COUNSEL)


def test_both_sign_in_their_own_session_and_that_executes_it(version, hospital):
    approve(version)
    with pytest.raises(PolicyError, match="not named"):
        sign(version, Role.EXECUTIVE)
    with pytest.raises(PolicyError, match="another version"):
        sign(version, Role.PHYSICIAN_MANAGER, sha256="0" * 64)
    with pytest.raises(PolicyError, match="Type your name"):
        sign(version, Role.PHYSICIAN_MANAGER, typed_name="Somebody Else")
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
    assert "Decline to sign" in browser.get(address).text
    without = browser.post(address, {**given, "consents": ""})
    assert without.status_code == 200
    assert not AgreementSignature.objects.exists()
    assert browser.post(address, given).status_code == 302

    sign(version, Role.CEO)

    year = MeasurementYear.objects.get(program=version.agreement.program_id)
    assert (status(version), year.status) == ("executed", "locked")
    assert year.signed_on == date(2024, 12, 20)
    contract = Contract.objects.get(agreement=version.agreement)
    assert (contract.signed_on, contract.starts_on) == (year.signed_on, YEAR.start)
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
    for said in (manager.name, "2024-12-20 15:00:00 UTC, 2024-12-20 ", "password", "Finance"):
        assert said in certificate.split("Certificate of completion")[1]
    page = browser.get(reverse("agreements:signing", args=[hospital.slug, version.agreement_id]))
    assert "Download the executed agreement" in page.text
    assert "Every agreement needs it." not in page.text  # why somebody approves is the hospital's


def test_nothing_is_signed_after_the_year_began_or_when_its_terms_changed(version):
    approve(version)
    MeasurementYear.objects.update(fixed_fee=Money(100))
    with pytest.raises(PolicyError, match="terms have changed"):
        sign(version, Role.PHYSICIAN_MANAGER)

    late = standing_at(datetime(2025, 1, 2, 15, tzinfo=UTC))
    with late, pytest.raises(PolicyError, match="never back-dated"):
        sign(version, Role.PHYSICIAN_MANAGER)


def test_a_version_is_recalled_by_who_sent_it_and_its_approvals_are_void(version, hospital):
    approve(version)
    sign(version, Role.PHYSICIAN_MANAGER)
    with pytest.raises(PolicyError, match="sent the version round, and recalls it"):
        recall(version, Role.COUNSEL)
    with pytest.raises(PolicyError, match="Say why"):
        recall(version, Role.CONSULTANT, " ")
    with pytest.raises(DatabaseError, match="recalled by whoever sent"), transaction.atomic():
        RoundRecall.objects.create(
            round=last_round(version.agreement),
            reason="Other.",
            recalled_at=version.made_at,
            recalled_by=user(Role.COUNSEL),
        )

    recall(version, Role.CONSULTANT)

    assert status(version) == "drafting"
    told = Notice.objects.filter(subject="Recalled: Heart agreement").values_list("user", flat=True)
    assert {user(Role.COUNSEL).pk, user(Role.PHYSICIAN_MANAGER).pk, user(Role.CEO).pk} <= set(told)
    with pytest.raises(PolicyError, match="nothing to recall"):
        recall(version, Role.CONSULTANT)
    with pytest.raises(PolicyError, match="not approved, or it is over"):
        sign(version, Role.CEO)
    send(version)
    assert roles_next(last_round(version.agreement)) == set(LEADERS)
    address = reverse("agreements:signing", args=[hospital.slug, version.agreement_id])
    page = signed_in(Role.COUNSEL).get(address).text
    assert "Recalled by whoever sent it" in page.split("<h2>Earlier rounds")[1]


def test_the_overview_leads_to_what_is_yours_and_asks_for_proof(version, hospital):
    overview = reverse("adjudication:overview", args=[hospital.slug])
    detail = reverse("agreements:signing", args=[hospital.slug, version.agreement_id])
    decision = reverse("agreements:approval-decide", args=[hospital.slug, version.agreement_id])
    send(version)
    stale, fresh = (signed_in(Role.EXECUTIVE, is_fresh=each) for each in (False, True))
    given = {"outcome": "approved"}
    with CaptureQueriesContext(connection) as asked:
        assert "Yours to approve: Heart agreement" in fresh.get(overview).text
    of_rounds = [each for each in asked if 'FROM "agreements_signinground"' in each["sql"]]
    assert len(of_rounds) == 1
    assert "Yours to approve" not in signed_in(Role.COUNSEL).get(overview).text  # not their turn
    assert "Record the decision" not in stale.get(detail).text
    assert "reauthenticate" in stale.post(decision, given).url
    assert not ApprovalDecision.objects.exists()
    assert fresh.post(decision, given).status_code == 302
    assert ApprovalDecision.objects.get().decided_by == user(Role.EXECUTIVE)
    assert "Yours to approve" not in fresh.get(overview).text

    while roles := roles_next(last_round(version.agreement)):
        for role in sorted(roles):
            decide(version, role)

    assert "Yours to sign: Heart agreement" in signed_in(Role.PHYSICIAN_MANAGER).get(overview).text
    assert "Yours to sign" not in signed_in(Role.CEO).get(overview).text  # the physicians first


def test_a_finding_that_blocks_stops_sending_and_signing(version):
    agreement, by = version.agreement, member(Role.CONSULTANT)
    change_clause(
        agreement=agreement, change=Change("signatures", "omit"), reason="Unsigned.", by=by
    )
    second = make_version(agreement=agreement, note="No place to sign.", by=by)
    share_version(version=second, by=by)

    with pytest.raises(PolicyError, match=r"cannot be signed yet.*S1"):
        send(second)
    SigningRound.objects.create(  # as if it had been sent before the rules were those of today
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


def scanned(change=None):
    """A scan of one page, as it comes from the machine."""
    pdf, out = pikepdf.Pdf.new(), BytesIO()
    pdf.add_blank_page()
    if change:
        change(pdf)
    pdf.save(out)
    out.seek(0)
    return out


def receive(version, role=Role.COUNSEL, content=None, signed_on=date(2024, 12, 20)):
    return receive_scan(
        agreement=version.agreement,
        content=content or scanned(),
        signed_on=signed_on,
        by=member(role),
    )


def carry_a_file(pdf):
    pdf.attachments["payroll.xlsx"] = b"PK"


def test_a_paper_is_taken_whole_truthfully_dated_and_before_the_year_begins(version):
    send(version)
    with pytest.raises(PolicyError, match="once all have approved"):
        receive(version)
    while roles := roles_next(last_round(version.agreement)):
        for role in sorted(roles):
            decide(version, role)

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
    scan = receive(version)
    assert (scan.received_on, scan.received_by) == (date(2024, 12, 20), user(Role.COUNSEL))
    with pytest.raises(PolicyError, match="waits to be confirmed already"):
        receive(version)
    with pytest.raises(PolicyError, match="so nobody signs here"):
        sign(version, Role.PHYSICIAN_MANAGER)
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
    assert signed_in(Role.COUNSEL).post(address, sent).status_code == 302
    scan = SignedScan.objects.get()
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
        "2025-01-02 15:00:00 UTC, 2025-01-02 ",
    ):
        assert said in certificate.split("Certificate of completion")[1]
    assert "Typed as signature" not in certificate
