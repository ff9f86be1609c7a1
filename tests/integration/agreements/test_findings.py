"""What the rules find in a real agreement: what stops it, what counsel waives, what is kept."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from agreements.drafting.actions import begin_agreement, change_clause, make_version
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import AgreementVersion
from agreements.lint.actions import waive_finding, withdraw_waiver
from agreements.lint.models import FindingWaiver, LintRun
from agreements.lint.policies import check_nothing_blocks
from agreements.lint.queries import weighed
from agreements.negotiation.actions import share_version
from agreements.participants.actions import give_seat
from agreements.programs.models import Program
from agreements.signing.actions import send_for_approval
from agreements.signing.models import SigningRound
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import YEAR, small_draft

pytestmark = pytest.mark.xdist_group("findings")  # one agreement for the module
TODAY = date(2024, 12, 20)


@pytest.fixture(scope="module")
def _shared(ground):
    """An agreement whose first version leaves a clause out that no version goes without."""
    with standing_at(datetime(2024, 12, 19, 15, tzinfo=UTC)), tenant_scope(ground.pk):
        small_draft()
        program, by = Program.objects.get(), member(Role.CONSULTANT)
        manager = Membership.objects.get(role=Role.PHYSICIAN_MANAGER)
        give_seat(program=program, membership=manager, by=by)
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
        for change in (Change("patient-choice", "omit"), Change("patient-choice", "restore")):
            change_clause(agreement=agreement, change=change, reason="To see.", by=by)
            version = make_version(agreement=agreement, note="", by=by)
        share_version(version=version, by=by)
    return agreement.pk


@pytest.fixture
def versions(_shared, hospital):
    """Both versions by number; the hospital's scope is open and its clock stands."""
    with standing_at(datetime(2024, 12, 20, 15, tzinfo=UTC)), tenant_scope(hospital.pk):
        rows = AgreementVersion.objects.select_related("agreement__program__group")
        yield {each.number: each for each in rows.filter(agreement=_shared)}


def key_of(version, rule):
    (key,) = {each.key for each in weighed(version, today=TODAY) if each.finding.rule == rule}
    return key


def waive(version, rule="S7", **changes):
    given = {"key": key_of(version, rule), "reason": "The board signs it on Monday."}
    return waive_finding(version=version, by=member(Role.COUNSEL), **given | changes)


def send(version):
    ceo, manager = (
        Membership.objects.get(role=role).user for role in (Role.CEO, Role.PHYSICIAN_MANAGER)
    )
    return send_for_approval(
        version=version,
        hospital=ceo,
        physicians=manager,
        physicians_first=True,
        by=member(Role.CONSULTANT),
    )


def test_a_block_stops_a_version_and_nobody_waives_it(versions):
    with pytest.raises(PolicyError) as broken:
        check_nothing_blocks(versions[1], today=TODAY)

    assert str(broken.value) == (
        "Version 1 cannot be signed yet: 1 finding is to be mended first (A7 on Clauses); 1 "
        "finding is to be mended, or waived by counsel with a reason (S7 on Memo). Its page of "
        "findings says how."
    )
    with pytest.raises(PolicyError, match="only a HOLD is"):
        waive(versions[1], "A7")


def test_a_hold_stops_a_version_until_counsel_waives_it_and_again_once_that_is_taken_back(versions):
    version = versions[2]
    with pytest.raises(PolicyError, match="S7 on Memo"):
        send(version)
    with pytest.raises(PolicyError, match="Say why"):
        waive(version, reason=" ")
    with pytest.raises(PolicyError, match="no longer find this"):
        waive(version, key="0" * 64)
    assert not SigningRound.objects.exists()

    waiver = waive(version)

    with pytest.raises(PolicyError, match="waived already"):
        waive(version)
    send(version)
    run = LintRun.objects.latest("ran_at")
    (held,) = (each for each in run.document["findings"] if each["rule"] == "S7")
    assert (run.occasion, run.document["version"]["sha256"]) == ("sent", version.sha256)
    assert held["waived"]["reason"] == waiver.reason
    assert LintRun.objects.filter(occasion="made").count() == len(versions)
    with pytest.raises(PolicyError, match="S7 on Memo"):
        check_nothing_blocks(versions[1], today=TODAY)  # a waiver is for one version
    again = {"version": version, "key": waiver.key, "by": member(Role.COUNSEL)}
    withdraw_waiver(reason="It was not signed.", **again)
    with pytest.raises(PolicyError, match="S7 on Memo"):
        check_nothing_blocks(version, today=TODAY)
    with pytest.raises(PolicyError, match="No waiver"):
        withdraw_waiver(reason="Twice.", **again)
    for row in (run, waiver):
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(version=versions[1])


def test_the_pages_show_who_waived_what_and_what_was_known(versions, hospital):
    version, browser = versions[2], Client()
    browser.force_login(Membership.objects.get(role=Role.COUNSEL).user)
    findings = reverse("agreements:version-findings", args=[hospital.slug, version.pk])
    given = {"key": key_of(version, "S7"), "reason": ""}

    def post(door, **changes):
        address = reverse(f"agreements:{door}", args=[hospital.slug, version.pk])
        return browser.post(address, given | changes, follow=True).text

    assert "Stops sending and signing" in browser.get(findings).text
    assert "This is needed." in post("finding-waive")
    assert not FindingWaiver.objects.exists()
    shown = post("finding-waive", reason="The board signs it on Monday.")

    assert "Stops nothing" in shown
    assert f"Waived by {member(Role.COUNSEL).name}" in shown
    assert "20 Dec 2024" in shown
    assert "The board signs it on Monday." in shown
    post("findings-keep")
    read = browser.get(reverse("agreements:version-detail", args=[hospital.slug, version.pk])).text
    assert "Looked at again" in read
    assert "The board signs it on Monday." in read
    assert "Stops sending and signing" in post("waiver-withdraw", reason="Not signed.")
    manager = Client()
    manager.force_login(Membership.objects.get(role=Role.PHYSICIAN_MANAGER).user)
    read = manager.get(reverse("agreements:version-detail", args=[hospital.slug, version.pk])).text
    assert "What the rules found" not in read
