"""A negotiation between both sides: through its actions, its pages, its files, its tables."""

import re
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from agreements.drafting.actions import begin_agreement, change_clause, make_version
from agreements.drafting.document import AgreementDocument, from_document
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import AgreementVersion, ClauseChange
from agreements.negotiation.actions import (
    accept_proposal,
    comment_on_clause,
    decline_proposal,
    propose_change,
    share_version,
    withdraw_proposal,
    write_privileged_note,
)
from agreements.negotiation.models import (
    ClauseComment,
    Outcome,
    PrivilegedNote,
    Proposal,
    ProposalDecision,
    Side,
    WordReturn,
)
from agreements.negotiation.papers import redline_html
from agreements.negotiation.presenters import read_log, read_proposals
from agreements.negotiation.privileged import notes_on
from agreements.negotiation.queries import printed as print_of
from agreements.negotiation.queries import proposals_of, readable_versions
from agreements.negotiation.word_changes import Edit
from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.exports.catalogue import sources
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import YEAR, small_draft

pytestmark = pytest.mark.xdist_group("negotiation")  # one agreement for the module
SECRET = "Weakness quagga-7719 in our own position"


@pytest.fixture(scope="module")
def _shared(ground):
    """An agreement whose first version both sides read; physicians sit in its program."""
    with standing_at(datetime(2024, 12, 19, 15, tzinfo=UTC)), tenant_scope(ground.pk):
        small_draft()
        program = Program.objects.get()
        for role in (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN):
            give_seat(program=program, membership=Membership.objects.get(role=role), by=counsel())
        facts = AgreementFacts(
            "Heart agreement",
            Period(YEAR.start, date(2028, 1, 1)),
            "Smallville Hospital, Inc.",
            "Smallville Heart Center",
            "TX",
            is_bond_financed=False,
            renewal="none",
        )
        agreement = begin_agreement(program=program, facts=facts, by=counsel())
        version = make_version(agreement=agreement, note="First.", by=counsel())
        share_version(version=version, by=counsel())
    return version.pk


@pytest.fixture
def version(_shared, hospital, monkeypatch):
    """The shared version; the hospital's scope is open and its clock stands."""
    with standing_at(datetime(2024, 12, 20, 15, tzinfo=UTC)), tenant_scope(hospital.pk):
        yield AgreementVersion.objects.select_related("agreement", "share").get(pk=_shared)


def counsel():
    return member(Role.COUNSEL)


def manager():
    return member(Role.PHYSICIAN_MANAGER)


def document(version: AgreementVersion) -> AgreementDocument:
    return from_document(version.document)


def reworded(version: AgreementVersion, key: str, old: str, new: str) -> Edit:
    clause = document(version).clause(key)
    assert old in "".join(clause.paragraphs)
    return Edit(
        "replace", key, clause.heading, tuple(each.replace(old, new) for each in clause.paragraphs)
    )


def proposed(version: AgreementVersion, edit: Edit, by=None) -> Proposal:
    proposal = propose_change(version=version, edit=edit, reason="We ask.", by=by or manager())
    return Proposal.objects.select_related("agreement", "version", "made_by").get(pk=proposal.pk)


def refusal(deed) -> str:
    with pytest.raises(PolicyError) as refused, transaction.atomic():
        deed()
    return str(refused.value)


def browser(role: Role) -> Client:
    client = Client()
    client.force_login(Membership.objects.get(role=role).user)
    return client


def page(name: str, *ids: object) -> str:
    return reverse(f"agreements:{name}", args=["smallville", *ids])


def next_version(version: AgreementVersion, *, is_shared: bool = True) -> AgreementVersion:
    made = make_version(agreement=version.agreement, note="", by=counsel())
    if is_shared:
        share_version(version=made, by=counsel())
    return AgreementVersion.objects.select_related("agreement").get(pk=made.pk)


def test_what_is_agreed_stands_in_the_next_version_with_its_places_kept(version):
    fee = reworded(version, "fixed-fee", "shall pay", "shall promptly pay")
    accept_proposal(proposal=proposed(version, fee), by=counsel())
    insurance = Edit("add", "", "Parking", ("Manager parks free of charge.",), "fixed-fee")
    accept_proposal(proposal=proposed(version, insurance, by=counsel()), by=manager())

    change = ClauseChange.objects.get(key="fixed-fee")
    assert "{fixed_fee}" in change.text
    assert "shall promptly pay" in change.text
    assert change.reason == "Proposal 1 of Physician manager: We ask."
    new = document(next_version(version))
    moved_on = {each.number: new.clause(each.key).number for each in document(version).clauses}
    assert new.clause("fixed-fee").paragraphs == tuple(
        re.sub(r"(?<=Section )\d+", lambda found: str(moved_on[int(found.group())]), text)
        for text in fee.paragraphs
    )
    assert new.clause("parking").number == new.clause("fixed-fee").number + 1
    told = {(notice.user.name, notice.subject) for notice in Notice.objects.select_related("user")}
    assert ("Legal counsel", "Proposal 1 waits for you: Heart agreement") in told
    assert ("Physician manager", "Proposal 1 is accepted: Heart agreement") in told
    assert ("Physician manager", "Version 2 of Heart agreement is shared with you") in told


def test_a_figure_changes_in_the_terms_and_not_by_a_proposal(version):
    said = refusal(
        lambda: proposed(version, reworded(version, "fixed-fee", "$90,000.00", "$95,000.00"))
    )

    assert "$90,000.00" in said
    assert "filled in from the terms" in said
    clause = document(version).clause("fixed-fee")
    same = Edit("replace", "fixed-fee", clause.heading, clause.paragraphs)
    assert "Nothing is changed" in refusal(lambda: proposed(version, same))
    assert "no such clause" in refusal(lambda: proposed(version, Edit("omit", "nothing")))


def test_nobody_decides_on_a_proposal_of_their_own_side(version):
    proposal = proposed(version, Edit("omit", "patient-choice"))

    assert "own side" in refusal(lambda: accept_proposal(proposal=proposal, by=manager()))
    assert "own side" in refusal(
        lambda: decline_proposal(proposal=proposal, note="No.", by=manager())
    )
    assert "Decline it" in refusal(lambda: withdraw_proposal(proposal=proposal, by=counsel()))
    for outcome, side, by in (
        (Outcome.DECLINED, Side.PHYSICIANS, counsel()),
        (Outcome.DECLINED, Side.HOSPITAL, manager()),
        (Outcome.WITHDRAWN, Side.HOSPITAL, counsel()),
    ):
        with pytest.raises(DatabaseError, match="own proposal"), transaction.atomic():
            ProposalDecision.objects.create(
                proposal=proposal,
                outcome=outcome,
                side=side,
                note="x",
                decided_at=datetime.now(UTC),
                decided_by_id=by.user_id,
            )
    withdraw_proposal(proposal=proposal, by=manager())
    assert "withdrawn already" in refusal(
        lambda: decline_proposal(proposal=proposal, note="No.", by=counsel())
    )


def test_a_proposal_whose_clause_was_changed_meanwhile_is_said_to_be_out_of_date(version):
    first = proposed(version, reworded(version, "fixed-fee", "shall pay", "shall promptly pay"))
    second = proposed(version, reworded(version, "fixed-fee", "shall pay", "shall gladly pay"))
    accept_proposal(proposal=first, by=counsel())

    assert "changed since" in refusal(lambda: accept_proposal(proposal=second, by=counsel()))
    shown = browser(Role.COUNSEL).get(page("proposal-detail", second.pk)).content.decode()
    assert "out of date" in shown
    assert "Accept the proposal" not in shown
    assert "changed since the version" in refusal(
        lambda: proposed(version, reworded(version, "fixed-fee", "shall pay", "shall never pay"))
    )
    decline_proposal(proposal=second, note="Settled otherwise.", by=counsel())
    untouched = proposed(version, Edit("omit", "patient-choice"))
    assert accept_proposal(proposal=untouched, by=counsel()).change.kind == "omit"


def test_physicians_read_what_was_shared_with_them_and_nothing_else(version):
    change = Change("notices", "replace", "Notices", "Notices go by zebra.")
    change_clause(agreement=version.agreement, change=change, reason="Faster.", by=counsel())
    draft = next_version(version, is_shared=False)
    ways = [
        page("version-detail", draft.pk),
        page("redline-word", draft.pk),
        page("clause-discuss", draft.pk, "notices"),
    ]

    for role in (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN):
        client = browser(role)
        assert [client.get(way).status_code for way in ways] == [404, 404, 404]
        for name in ("negotiation", "redline", "agreement-detail"):
            shown = client.get(page(name, version.agreement_id)).content.decode()
            assert "zebra" not in shown
            assert "Version 2" not in shown
        shown = client.get(page("clause-detail", version.agreement_id, "notices")).content.decode()
        assert "zebra" not in shown
    assert (
        browser(Role.PHYSICIAN).post(page("comment-write", version.pk, "term")).status_code == 403
    )
    share_version(version=draft, by=counsel())
    shown = browser(Role.PHYSICIAN).get(page("redline", version.agreement_id)).content.decode()
    assert "<ins>Notices go by zebra.</ins>" in shown
    assert "reads this version already" in refusal(
        lambda: share_version(version=draft, by=counsel())
    )


def test_a_clause_is_proposed_commented_and_agreed_on_through_the_pages(version):
    theirs, ours = browser(Role.PHYSICIAN_MANAGER), browser(Role.CONSULTANT)
    form = theirs.get(page("proposal-make", version.pk, "term")).context["form"]
    given = {"heading": "Length", "text": form["text"].value(), "reason": "Clearer."}

    assert theirs.post(page("proposal-make", version.pk, "term"), given).status_code == 302
    theirs.post(page("proposal-omit", version.pk, "patient-choice"), {"reason": "Long."})
    added = {"heading": "Parking", "after": "term", "text": "Free.", "reason": "Needed."}
    theirs.post(page("proposal-add", version.pk), added)
    theirs.post(page("comment-write", version.pk, "term"), {"text": "Is two years usual?"})
    rename, omission, addition = Proposal.objects.order_by("number")
    assert (rename.heading, rename.side) == ("Length", Side.PHYSICIANS)
    ours.post(page("proposal-accept", rename.pk))
    ours.post(page("proposal-decline", omission.pk), {"note": "The rule asks for it."})
    theirs.post(page("proposal-withdraw", addition.pk))

    shown = ours.get(page("negotiation", version.agreement_id)).content.decode()
    for said in (
        "Is two years usual?",
        "Accepted proposal 1",
        "Declined proposal 2",
        "The rule asks for it.",
        "Withdrawn proposal 3",
        "Shared version 1 with the physicians",
    ):
        assert said in shown
    assert ClauseChange.objects.get().heading == "Length"
    for proposal in (rename, omission, addition):
        assert theirs.get(page("proposal-detail", proposal.pk)).status_code == 200
    shown = theirs.get(page("clause-discuss", version.pk, "term")).content.decode()
    assert "Is two years usual?" in shown
    assert theirs.get(page("clause-discuss", version.pk, "exhibit-b")).status_code == 200
    assert theirs.get(page("clause-discuss", version.pk, "nothing")).status_code == 404


def test_a_word_file_goes_out_and_its_edits_come_back_as_proposals(version):
    change = Change("notices", "replace", "Notices", "Notices go by zebra.")
    change_clause(agreement=version.agreement, change=change, reason="Faster.", by=counsel())
    second = next_version(version)
    theirs = browser(Role.PHYSICIAN_MANAGER)
    answer = theirs.get(page("redline-word", second.pk))
    assert "version-2.docx" in answer.headers["Content-Disposition"]
    edited = docx.Document(BytesIO(answer.content))
    for each in edited.paragraphs:
        if "fixed fee of" in each.text:
            each.runs[0].text = each.runs[0].text.replace("shall pay", "shall promptly pay")
        if "Manager" in each.text and each.style.name == "Normal" and not each.text.endswith("!"):
            edited.add_comment(each.runs, "Who is that?", author="A. Lawyer")
            break
    saved = BytesIO()
    edited.tables[-1].cell(0, 0).text = "Changed"
    edited.save(saved)

    def sent(content: bytes, client: Client = theirs):
        file = SimpleUploadedFile("x.docx", content)
        given = {"file": file, "reason": "After our counsel read it."}
        return client.post(page("word-return", version.agreement_id), given)

    answer = sent(saved.getvalue())

    row = WordReturn.objects.get()
    assert answer.headers["Location"] == page("return-detail", row.pk)
    assert row.version_id == second.pk
    assert len(row.refused) == 1
    comment = ClauseComment.objects.get()
    assert (comment.written_by, comment.text) == ("A. Lawyer", "Who is that?")
    shown = theirs.get(page("return-detail", row.pk)).content.decode()
    assert "printed from the terms" in shown
    assert "sent this very file before" in sent(saved.getvalue()).content.decode()
    before = Proposal.objects.count()
    assert "not a Word document" in sent(b"nothing").content.decode()
    assert (Proposal.objects.count(), WordReturn.objects.count()) == (before, 1)


def test_a_privileged_note_is_read_by_counsel_and_compliance_and_found_nowhere_else(version):
    write_privileged_note(agreement=version.agreement, key="term", text=SECRET, by=counsel())
    proposed(version, Edit("omit", "term"))
    comment_on_clause(version=version, key="term", text="In the open.", by=counsel())
    change = Change("notices", "replace", "Notices", "By mail.")
    change_clause(agreement=version.agreement, change=change, reason="Why.", by=counsel())
    second = next_version(version)
    trail = [str(row) for row in Event.objects.values_list("subject_label", "details")]

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM agreements_privilegednote")
        assert SECRET.encode() not in b"".join(
            bytes(cell) for row in cursor for cell in row if isinstance(cell, memoryview | bytes)
        )
    assert not any(SECRET in said for said in trail)
    exported = [table for holds in (True, False) for table in sources(holds_cases=holds)]
    assert "agreements.PrivilegedNote" not in {table.label for table in exported}
    assert SECRET not in str([row for table in exported for row in table.rows()])
    for role in Role:
        if role is Role.EXTRACT_CLIENT:
            continue
        reads = role in {Role.COUNSEL, Role.COMPLIANCE}
        shown = _everything_shown_to(role, version, second)
        assert (SECRET in shown) == reads, role
        assert ("rivileged note" in shown) == reads, role
        assert bool(notes_on(version.agreement, ["term"], by=member(role))) == reads
    assert "counsel and compliance alone" in refusal(
        lambda: write_privileged_note(
            agreement=version.agreement, key="term", text="x", by=member(Role.CONSULTANT)
        )
    )
    assert PrivilegedNote.objects.count() == 1


def _everything_shown_to(role: Role, version: AgreementVersion, second: AgreementVersion) -> str:
    client, shown = browser(role), ""
    ways = [
        page("negotiation", version.agreement_id),
        page("clause-discuss", version.pk, "term"),
        page("proposal-detail", Proposal.objects.get().pk),
    ]
    if role in {Role.CONSULTANT, Role.PHYSICIAN_MANAGER}:
        ways += [
            page("redline", version.agreement_id),
            page("agreement-detail", version.agreement_id),
            page("clause-detail", version.agreement_id, "term"),
            page("version-detail", version.pk),
        ]
    for way in ways:
        shown += client.get(way).content.decode()
    if role in {Role.COUNSEL, Role.PHYSICIAN_MANAGER}:
        word = docx.Document(BytesIO(client.get(page("redline-word", second.pk)).content))
        text = "".join(each.text or "" for each in word.element.body.iter())
        assert SECRET not in text
        assert "By mail." in text
    return shown


def test_a_redline_is_printed_with_the_log(version):
    change = Change("notices", "replace", "Notices", "Notices go by zebra.")
    change_clause(agreement=version.agreement, change=change, reason="Faster.", by=counsel())
    decline_proposal(
        proposal=proposed(version, Edit("omit", "term")), note="It stays.", by=counsel()
    )
    second = next_version(version)
    client = browser(Role.PHYSICIAN_MANAGER)
    way = page("redline-print", version.agreement_id)

    answer = client.get(f"{way}?old=1&new=2")

    assert answer.content.startswith(b"%PDF")
    versions = readable_versions(version.agreement, counsel())
    readings = read_proposals(proposals_of(version.agreement), {}, {})
    log = read_log(versions, readings, [])
    text = redline_html(print_of(version), print_of(second), log, ZoneInfo("America/Chicago"))
    assert "<ins>Notices go by zebra.</ins>" in text
    assert "Declined proposal 1" in text
    assert "20 Dec 2024, 09:00 CST" in text
    assert client.get(f"{way}?old=1&new=1").status_code == 302
    copied = Event.objects.filter(kind="agreements.redline_copied").get()
    assert copied.details == {"version": 2, "against": 1, "form": "pdf"}
