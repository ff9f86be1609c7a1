"""Approvals of a version: who is asked, in which order, and what sends it back."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.approvers.actions import change_chain
from agreements.approvers.matrix import STANDARD_RULES, Condition, MatrixFacts, Rule, needs_of
from agreements.approvers.models import ApprovalChain
from agreements.drafting.actions import change_clause, edit_agreement, make_version
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import Agreement, AgreementVersion
from agreements.drafting.queries import facts_of
from agreements.negotiation.actions import share_version
from agreements.programs.models import Program
from agreements.signing.actions import decide_approval, decline_signature
from agreements.signing.models import ApprovalDecision, Decided, RoundRecall
from agreements.signing.policies import conditions_left, roles_next
from agreements.signing.presenters import pays
from agreements.signing.queries import last_round
from agreements.terms.models import MeasurementYear
from comanage.demo.build import member
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.notices.models import Notice
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import YEAR, rolled_back
from tests.rounds import LEADERS, approve, decide, let_all_approve, recall, send, sign, status, user
from tests.signing import browser as signed_in

pytestmark = pytest.mark.xdist_group("signing")  # one agreement for the folder


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
    waived = needs_of(replace(plain, has_waiver=True), STANDARD_RULES)
    (third,) = (need for need in waived if need.step == 2)
    assert third.role == Role.COMPLIANCE
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
    assert "Nobody here yet" not in page
    Membership.objects.filter(role=Role.FINANCE).update(role=Role.REVIEWER)
    chain = signed_in(Role.TENANT_ADMINISTRATOR).get(
        reverse("agreements:approval-chain", args=[hospital.slug])
    )
    assert chain.context["unheld"] == [Role.FINANCE]
    assert "Nobody here yet" in chain.text


def test_approvals_go_in_steps_and_a_condition_holds_the_signatures_back(version, hospital):
    round_ = send(version)
    signing = reverse("agreements:signing", args=[hospital.slug, version.agreement_id])

    def waits():
        return signed_in(Role.CONSULTANT).get(signing).context["whose_turn"]

    leaders = sorted(LEADERS)
    both = " and ".join(user(role).name for role in leaders)
    assert waits() == f"It waits for the approval of {both}."
    theirs = signed_in(Role.PHYSICIAN_MANAGER).get(signing).text
    assert "It waits for the approval of" not in theirs
    assert pays(version)[0] == ("Fixed fee", "$90,000.00")
    wrvu = {"kind": "wrvu", "label": "Clinic"}
    more = AgreementVersion(document={"terms": version.document["terms"] | {"components": [wrvu]}})
    assert pays(more)[2] == ("Clinic", "By work and rate")
    steps = [each.step for each in signed_in(Role.CEO).get(signing).context["approvals"]]
    assert steps[-1] == len(set(steps))  # numbered without a hole
    with pytest.raises(PolicyError, match="not being drafted"):
        send(version)
    with pytest.raises(PolicyError, match="not your turn"):
        decide(version, Role.COUNSEL)
    with pytest.raises(PolicyError, match="Say why"):
        decide(version, Role.EXECUTIVE, Decided.CONDITIONAL)
    decide(version, Role.EXECUTIVE, Decided.CONDITIONAL, "Once the space is leased.")
    with pytest.raises(PolicyError, match="not your turn"):
        decide(version, Role.EXECUTIVE)
    with rolled_back():  # whoever decided and has another role since is asked no second time
        Membership.objects.filter(role=Role.SERVICE_LINE_ADMINISTRATOR).update(role=Role.REVIEWER)
        Membership.objects.filter(role=Role.EXECUTIVE).update(role=Role.SERVICE_LINE_ADMINISTRATOR)
        assert waits() == "It waits for the approval of service-line administrator."
    in_both = replace(member(Role.EXECUTIVE), role=Role.SERVICE_LINE_ADMINISTRATOR)
    with pytest.raises(PolicyError, match="nobody takes two steps"):
        decide(version, Role.EXECUTIVE, by=in_both)
    let_all_approve(version)

    assert status(version) == "approval"  # all approved, and the condition is still to be met
    assert conditions_left(last_round(version.agreement)) == [Role.EXECUTIVE]
    executive = user(Role.EXECUTIVE).name
    assert (
        waits() == f"All have decided. It waits for {executive} to say that the condition is met."
    )
    with pytest.raises(PolicyError, match="not approved"):
        sign(version, Role.PHYSICIAN_MANAGER)
    with pytest.raises(PolicyError, match="no condition of yours"):
        decide(version, Role.COUNSEL, Decided.MET)
    met = reverse("agreements:condition-meet", args=[hospital.slug, version.agreement_id])
    assert "reauthenticate" in signed_in(Role.EXECUTIVE, is_fresh=False).post(met).url
    assert status(version) == "approval"
    decide(version, Role.EXECUTIVE, Decided.MET)
    assert status(version) == "signing"
    first, last = user(Role.PHYSICIAN_MANAGER).name, user(Role.CEO).name
    assert waits() == f"It waits for the signature of {first}. {last} signs after."
    with pytest.raises(PolicyError, match="does not wait for approval"):
        decide(version, Role.EXECUTIVE)
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


def test_a_version_that_came_back_needs_a_new_one_and_all_approvals_anew(version, hospital):
    approve(version)
    with pytest.raises(PolicyError, match="physicians' side signs first"):
        sign(version, Role.CEO)
    for role, reason, said in (
        (Role.CEO, "Mine.", "physicians' side signs first"),
        (Role.PHYSICIAN_MANAGER, " ", "Say why"),
    ):
        with pytest.raises(PolicyError, match=said):
            decline_signature(agreement=version.agreement, reason=reason, by=member(role))

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
    with rolled_back():
        own = make_version(agreement=agreement, note="Counsel's own.", by=by)
        share_version(version=own, by=by)
        alone = "nobody else holds this role: Legal counsel"
        with pytest.raises(PolicyError, match=alone):
            send(own, by=by)
        page = reverse("agreements:version-send", args=[hospital.slug, own.pk])
        assert alone in signed_in(Role.COUNSEL).get(page).text
        assert alone not in signed_in(Role.CONSULTANT).get(page).text
        other = User.objects.create_user(email="second@smallville.example", name="Second")
        Membership.objects.create(user=other, role=Role.COUNSEL, starts_on=YEAR.start)
        send(own, by=by)
        for role in LEADERS:
            decide(own, role)
        while roles_next(last_round(agreement)) == {Role.COMPLIANCE}:
            decide(own, Role.COMPLIANCE)
        with pytest.raises(PolicyError, match="nobody approves what they sent"):
            decide_approval(agreement=agreement, outcome=Decided.APPROVED, reason="", by=by)
        refused = pytest.raises(DatabaseError, match="nobody approves what they sent")
        with refused, transaction.atomic():
            ApprovalDecision.objects.create(
                round=last_round(agreement),
                role=Role.COUNSEL,
                outcome=Decided.APPROVED,
                decided_at=own.made_at,
                decided_by_id=by.user_id,
            )
        counsel = Client()
        counsel.force_login(User.objects.get(pk=by.user_id))
        page = reverse("agreements:signing", args=[hospital.slug, agreement.pk])
        shown = counsel.get(page)
        assert "nobody approves what they sent" in shown.text
        assert shown.context["whose_turn"] == "It waits for the approval of Second."
    second = make_version(agreement=agreement, note="Two years.", by=member(Role.CONSULTANT))
    with pytest.raises(PolicyError, match="Version 2 is newer"):
        send(version)
    with pytest.raises(PolicyError, match="Share the version"):
        send(second)
    assert next_words(hospital, agreement) == "Share version 2 with the physicians' side"
    share_version(version=second, by=by)
    assert next_words(hospital, agreement) == "Send version 2 for approval"
    with rolled_back(), standing_at(second.made_at + timedelta(hours=1)):
        change_clause(
            agreement=agreement,
            change=Change("peer-review", "omit"),
            reason="Asked.",
            by=member(Role.COUNSEL),
        )
        with pytest.raises(PolicyError, match="or its text, parties"):
            send(second)
        page = reverse("agreements:version-send", args=[hospital.slug, second.pk])
        shown = signed_in(Role.CONSULTANT).get(page).text
        assert "Clauses have changed since version 2 was made." in shown
        said = "Make version 3: text or terms changed since version 2"
        assert next_words(hospital, agreement) == said
    for given, said in (
        ({"hospital": user(Role.COUNSEL)}, "Choose an executive"),
        ({"physicians": user(Role.PHYSICIAN)}, "Choose a physicians' manager"),
    ):
        with pytest.raises(PolicyError, match=said):
            send(second, **given)
    with rolled_back():
        Membership.objects.filter(role=Role.FINANCE).update(role=Role.REVIEWER)
        with pytest.raises(PolicyError, match="Nobody at the hospital holds"):
            send(second)
    for changes in (
        lambda: MeasurementYear.objects.update(fixed_fee=Money(100)),
        lambda: Agreement.objects.update(notice_days=100),
        lambda: Agreement.objects.update(hospital_name="Another Hospital"),
        lambda: Agreement.objects.update(facility="Another Center"),
        lambda: Program.objects.update(comment_days=11),
        lambda: Agreement.objects.update(hospital_address="2 Main Street"),
        lambda: Agreement.objects.update(physicians_address="2 Main Street"),
    ):
        with rolled_back():
            changes()
            with pytest.raises(PolicyError, match="terms have changed"):
                send(second)
    late = standing_at(datetime(2025, 1, 2, 15, tzinfo=UTC))
    with late, pytest.raises(PolicyError, match="never back-dated"):
        send(second)
    send(second)
    assert roles_next(last_round(agreement)) == set(LEADERS)
    for role in LEADERS:
        decide(second, role)
    while roles_next(last_round(agreement)) == {Role.COMPLIANCE}:
        decide(second, Role.COMPLIANCE)
    decide(second, Role.COUNSEL)  # who changed its words, as counsel do, approves them too


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

    let_all_approve(version)

    assert "Yours to sign: Heart agreement" in signed_in(Role.PHYSICIAN_MANAGER).get(overview).text
    assert "Yours to sign" not in signed_in(Role.CEO).get(overview).text  # the physicians first


def next_words(hospital, agreement):
    """What the page of signing says comes next, to who drafts."""
    page = reverse("agreements:signing", args=[hospital.slug, agreement.pk])
    return signed_in(Role.CONSULTANT).get(page).context["next_step"].words
