"""Proposals: who makes, accepts, declines and withdraws them, and what they do."""

import re
from datetime import UTC, datetime
from html import unescape

import pytest
from django.db import DatabaseError, transaction

from adjudication.overview.queries import due_agreements, due_items, overview_rows
from agreements.drafting.models import ClauseChange
from agreements.negotiation.models import (
    Outcome,
    Proposal,
    ProposalDecision,
    Side,
)
from agreements.negotiation.word_changes import Edit
from agreements.programs.models import Program
from agreements.proposals.actions import (
    accept_proposal,
    decline_proposal,
    keep_proposals,
    withdraw_proposal,
)
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.tenancy.models import Tenant
from tests.negotiating import (
    browser,
    counsel,
    document,
    manager,
    next_version,
    page,
    proposed,
    refusal,
    reworded,
)

pytestmark = pytest.mark.xdist_group("negotiation")  # one agreement for the module


def due(by) -> list[str]:
    """Say what the overview asks of somebody."""
    tenant = Tenant.objects.get()
    today = tenant.today()
    items = due_items(overview_rows(by, today=today, zone=tenant.zone), by=by, today=today)
    return [each.text for each in (*due_agreements(by), *items)]


def test_what_is_agreed_stands_in_the_next_version_with_its_places_kept(version):
    fee = reworded(version, "fixed-fee", "shall pay", "shall promptly pay")
    proposal = proposed(version, fee)
    findings = "Findings for counsel in version 1: Heart agreement"
    assert due(counsel()) == ["Accept or decline a proposal: Heart agreement", findings]
    assert due(manager()) == []
    waiting = Notice.objects.filter(subject__startswith="Proposal 1 waits", read_at=None)
    assert waiting.exists()
    asked = "Accept or decline what the other side asks for"
    pages = [page(name, version.agreement_id) for name in ("agreement-detail", "signing")]
    assert all(asked in browser(Role.COUNSEL).get(each).text for each in pages)
    accept_proposal(proposal=proposal, by=counsel())
    assert not any(asked in browser(Role.COUNSEL).get(each).text for each in pages)
    assert not waiting.exists()
    assert due(counsel()) == [findings]  # and its execution, not a day, locks the terms
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


def test_a_clause_is_agreed_on_with_the_days_for_comments_that_its_version_prints(version):
    other = reworded(version, "annual-review", "in writing to both parties", "in writing to each")
    proposal = proposed(version, other)
    Program.objects.update(comment_days=11)

    accept_proposal(proposal=proposal, by=counsel())

    assert "{comment_days} days" in ClauseChange.objects.get(key="annual-review").text


def test_a_figure_changes_in_the_terms_and_not_by_a_proposal(version):
    said = refusal(
        lambda: proposed(version, reworded(version, "fixed-fee", "$90,000.00", "$95,000.00"))
    )

    assert "$90,000.00" in said
    assert "filled in from the terms" in said
    for number in ("one hundred twenty (120)", "one hundred twenty", "ninety (120)"):
        edit = reworded(version, "termination", "ninety (90)", number)
        assert "under “Change parties and term”" in refusal(
            lambda edit=edit: proposed(version, edit)
        )
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
    edits = (Edit("omit", "patient-choice"), Edit("omit", "peer-review"))
    both = keep_proposals(version=version, edits=edits, reason="We ask.", by=manager())
    for each, waits in zip(both, (True, False), strict=True):
        withdraw_proposal(proposal=each, by=manager())
        assert Notice.objects.filter(key__startswith="proposed:", read_at=None).exists() is waits
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


def test_a_clause_that_is_agreed_to_move_stands_there_in_the_next_version(version):
    theirs, ours = browser(Role.PHYSICIAN_MANAGER), browser(Role.CONSULTANT)
    was = [each.key for each in document(version).clauses]
    before = was[was.index("notices") - 1]
    for after in ("term", before):
        given = {"after": after, "reason": "Sooner."}
        theirs.post(page("proposal-move", version.pk, "notices"), given)
    move = Proposal.objects.get()
    other = proposed(version, Edit("move", "notices", after="recitals"))
    words = proposed(version, reworded(version, "notices", "notice", "word"))
    shown = ours.get(page("proposal-detail", move.pk)).content.decode()
    assert "Move “Notices” after “Term”" in unescape(shown)
    assert f"It stands as {was.index('notices') + 1}, after" in shown

    ours.post(page("proposal-accept", move.pk))

    assert "was moved since" in refusal(lambda: accept_proposal(proposal=other, by=counsel()))
    accept_proposal(proposal=words, by=counsel())
    second = next_version(version)
    now = [each.key for each in document(second).clauses]
    assert now.index("notices") == now.index("term") + 1
    assert [key for key in now if key != "notices"] == [key for key in was if key != "notices"]
    assert "stands there already" in refusal(
        lambda: proposed(second, Edit("move", "notices", after="term"))
    )
    shown = theirs.get(page("redline", version.agreement_id)).content.decode()
    assert f"It stood as {was.index('notices') + 1} after" in shown
    assert "stood here and moved." in shown
    ours.post(
        page("clause-move", version.agreement_id, "notices"), {"after": before, "reason": "No."}
    )
    assert [each.key for each in document(next_version(second)).clauses] == was
