"""What the rules find in a real agreement: what stops it, what counsel waives, what is kept."""

from dataclasses import MISSING, fields, replace
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agreements.approvers.matrix import from_needs
from agreements.components.models import PayComponent
from agreements.contracts.models import Contract, ContractEvent, ContractPerson
from agreements.credentials.models import License, Screening
from agreements.drafting.actions import begin_agreement, change_clause, make_version
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import Agreement, AgreementVersion, ClauseChange
from agreements.duties.models import Duty
from agreements.governance.models import CommitteeSeat
from agreements.lint.actions import waive_finding, withdraw_waiver
from agreements.lint.earlier import YearShown
from agreements.lint.facts import Elsewhere, MemoFacts, Severity, Worked
from agreements.lint.models import FindingWaiver, LintRun
from agreements.lint.places import places_of
from agreements.lint.policies import check_nothing_blocks
from agreements.lint.printing import findings_html
from agreements.lint.queries import facts_of, weigh, weighed
from agreements.lint.rules import Finding
from agreements.negotiation.actions import share_version
from agreements.participants.actions import give_seat
from agreements.participants.models import Participant, Physician
from agreements.programs.models import Program
from agreements.signing.actions import send_for_approval
from agreements.signing.models import SigningRound
from agreements.signing.queries import needs_ahead
from agreements.terms.models import MeasurementYear
from agreements.valuations.actions import write_memo
from agreements.valuations.models import Opinion
from agreements.work.models import WorkDecision, WorkEntry, WorkSheet
from comanage.demo.build import member
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import standing_at
from tests.ground import MEMO, YEAR, signable_draft, small_opinion, small_program

pytestmark = pytest.mark.xdist_group("findings")  # one agreement for the module
TODAY = date(2024, 12, 20)
NOW = datetime(2024, 12, 20, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def _shared(ground):
    """An agreement whose first version leaves a clause out that no version goes without."""
    with standing_at(datetime(2024, 12, 19, 15, tzinfo=UTC)), tenant_scope(ground.pk):
        signable_draft(memo=None)
        program, by = Program.objects.get(), member(Role.CONSULTANT)
        manager = Membership.objects.get(role=Role.PHYSICIAN_MANAGER)
        give_seat(program=program, membership=manager, by=by)
        facts = AgreementFacts(  # nobody says on which exception counsel relies
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
        "Version 1 cannot be signed yet: 1 finding is to be mended first (A7 on "
        "Clause “Patient choice and professional judgement”); 1 finding is to be mended, or waived "
        "by counsel with a reason (S7 on Memo). Its page of findings says how."
    )
    with pytest.raises(PolicyError, match="only a HOLD is"):
        waive(versions[1], "A7")


def test_a_hold_stops_a_version_until_counsel_waives_it_and_again_once_that_is_taken_back(
    versions, hospital
):
    version = versions[2]
    with pytest.raises(PolicyError, match="S7 on Memo"):
        send(version)
    with pytest.raises(PolicyError, match="Say why"):
        waive(version, reason=" ")
    with pytest.raises(PolicyError, match="no longer find this"):
        waive(version, key="0" * 64)
    assert not SigningRound.objects.exists()
    why = "Legal counsel waived a finding of this version."

    def asked(needs):
        return [need.role for need in needs if why in need.reasons]

    assert asked(needs_ahead(version)) == []
    browser = Client()
    browser.force_login(Membership.objects.get(role=Role.CONSULTANT).user)
    page = reverse("agreements:version-send", args=[hospital.slug, version.pk])
    assert "What the rules found stops it: 1 for counsel" in browser.get(page).text
    waiver = waive(version)
    assert "stops it" not in browser.get(page).text

    with pytest.raises(PolicyError, match="waived already"):
        waive(version)
    assert asked(from_needs(send(version).needs)) == [Role.COMPLIANCE]
    assert asked(needs_ahead(versions[1])) == []
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
    assert asked(needs_ahead(version)) == []
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

    overview = reverse("adjudication:overview", args=[hospital.slug])
    waits = "Findings for counsel in version 2: Heart agreement"
    assert waits in browser.get(overview).text

    def counts():
        agreement = version.agreement
        for door, pk in (("agreement", agreement.pk), ("program", agreement.program_id)):
            address = reverse(f"agreements:{door}-detail", args=[hospital.slug, pk])
            yield browser.get(address).text

    assert all("1 for counsel, " in page for page in counts())
    shown = browser.get(findings)
    assert "Stops sending and signing" in shown.text
    readings = [each for group in shown.context["groups"] for each in group.readings]
    assert {"The memos", "The program's people"} <= {
        each.place.words for each in readings if each.place
    }
    assert all(browser.get(each.place.url).status_code == 200 for each in readings if each.place)
    assert "This is needed." in post("finding-waive")
    assert not FindingWaiver.objects.exists()
    shown = post("finding-waive", reason="The board signs it on Monday.")

    assert "Stops nothing" in shown
    assert not any("1 for counsel, " in page for page in counts())
    assert waits not in browser.get(overview).text
    facts = facts_of(version, today=TODAY)
    paper = findings_html(version, weigh(version, facts), facts, zone=hospital.zone)
    assert "Waived by Legal counsel, 20 Dec 2024" in paper
    assert "not legal advice" in paper
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


def test_a_finding_on_printed_words_leads_to_their_clause(versions, hospital):
    version = versions[2]
    version.first_year_id = None
    find = places_of(version, tenant=hospital.slug, by=member(Role.CONSULTANT))
    found = Finding("L1", Severity.HOLD, "", "Clause “Time records”", "", "", "time-records")

    def page(name, *more):
        return reverse(f"agreements:{name}", args=[hospital.slug, version.agreement_id, *more])

    assert find(found).url == page("clause-detail", "time-records")
    assert find(replace(found, clause="gone")).url == page("agreement-detail")


def test_the_facts_of_a_program_that_has_nothing_more_on_file(versions):
    facts = facts_of(versions[2], today=TODAY)

    assert {
        each.name: getattr(facts, each.name) for each in fields(facts) if each.default != MISSING
    } == {each.name: each.default for each in fields(facts) if each.default != MISSING} | {
        "state": "Texas",
        "unlicensed": ("Dr. Ada",),
    }
    assert (facts.begins_on, facts.ends_on) == (YEAR.start, date(2028, 1, 1))
    assert "patient-choice" not in facts_of(versions[1], today=TODAY).clauses


def test_the_facts_of_a_program_that_has_everything_on_file(versions):
    version, by = versions[2], User.objects.get(email="counsel@smallville.example")
    program, terms = version.agreement.program, version.document["terms"]
    small_opinion(program, hourly=Money(1), opined_on=date(2024, 11, 2))
    everything_on_file(program, terms, by)
    Agreement.objects.update(is_bond_financed=True, renewal="holdover", path="value_based")
    terms["opinion"] |= {
        "assumed_minutes": 24_000,
        "id": str(Opinion.objects.latest("opined_on").pk),
    }
    terms["indicators"][0]["definition"] |= {"use": "monitor_only", "evidence": ""}
    terms["pay"]["fixed_fee"] = "100001.00"
    for name in ("is_bond_financed", "renewal", "path"):
        setattr(version.agreement, name, Agreement.objects.values_list(name, flat=True).get())

    contract(
        program, "Its own entry", (2025, 2028), by, of_program=program, agreement=version.agreement
    )
    event(
        "Its own entry", 1, by, kind="terminated", cause="for_cause", effective_on=date(2025, 3, 1)
    )

    for number, (key, kind) in enumerate(
        (("time-records", "replace"), ("no-referrals", "replace"), ("no-referrals", "restore")), 90
    ):
        words = {"heading": "Other", "text": "Other words."} if kind == "replace" else {}
        ClauseChange.objects.create(
            agreement=version.agreement,
            number=number,
            key=key,
            kind=kind,
            reason="As asked.",
            made_at=version.made_at,
            made_by=by,
            **words,
        )

    with CaptureQueriesContext(connection) as asked:
        facts = facts_of(version, today=TODAY)

    assert len(asked) == 9
    assert facts.rewritten == {"time-records"}
    assert facts.memo == MemoFacts(
        date(2024, 12, 1), "Dr. Ada", is_of_physicians=True, has_paper=False
    )
    assert not facts.has_opinion_paper
    assert facts.elsewhere == Elsewhere(
        same_duties=(("Direction", "Spine"),),
        contracts=(("Director of spine", date(2026, 12, 31)),),
        unlisted=("Spine",),
        barred=(("Heart, first try", date(2024, 12, 1), date(2025, 6, 1)),),
        amended_holdovers=(("Heart before", date(2024, 11, 10)),),
    )
    assert facts.families == Elsewhere(
        same_duties=(("Direction", "Rhythm"),),
        contracts=(("Director of rhythm", date(2026, 12, 31)),),
        unlisted=("Rhythm",),
        barred=(("Heart, of the spouse", date(2024, 12, 1), date(2025, 6, 1)),),
    )
    assert [each.what for each in facts.screening_gaps if each.is_match] == [
        "Dr. Ada was found on the LEIE on 1 Jan 2030."
    ]
    assert (facts.lapsed, facts.unlicensed) == (("Dr. Ada",), ())
    assert (facts.has_outside_member, facts.undisclosed) == (True, ("Pat Outside",))
    titles = [each["definition"]["title"] for each in terms["indicators"]]
    assert facts.unchanged_goals == tuple(each["slug"] for each in terms["indicators"])
    assert facts.earlier_years == (
        YearShown("1 Jan 2023 to 31 Dec 2023"),
        YearShown("1 Jan 2024 to 31 Dec 2024"),
    )
    assert facts.worked[0] == Worked("1 Jan 2024 to 31 Mar 2024", 7_200, 6_000)
    assert [each.minutes for each in facts.worked[1:]] == [0, 0]
    assert facts.undecided_sheets == 1
    assert [title for title, _ in facts.unpayable] == titles[:1]
    assert [each.split(" of ")[0] for each in facts.pay_gaps[:1]] == ["The fixed fee"]
    assert ("F1", True) in {(rule, "amended" in reason) for rule, reason, _ in facts.stale}
    assert (facts.is_bond_financed, facts.renewal, facts.path) == (True, "holdover", "value_based")
    assert not any("names no evidence" in gap for gap in facts.term_gaps)  # A2 finds it


def test_a_letter_of_employment_counts_where_it_runs_when_the_term_begins(versions):
    version, by = versions[2], User.objects.get(email="counsel@smallville.example")
    program, ada = version.agreement.program, Physician.objects.get()
    program.alignment_model = "employment"

    def letter(title, years, relation="party", **changes):
        given = {"kind": "employment", "group": None, "party": "Dr. Ada"} | changes
        listed = contract(program, title, years, by, **given)
        ContractPerson.objects.create(contract=listed, physician=ada, relation=relation)

    letter("Over", (2020, 2024))
    letter("To come", (2025, 2027), starts_on=date(2025, 1, 2))
    letter("Director", (2024, 2027), kind="medical_director")
    letter("Of the spouse", (2024, 2027), relation="family")
    letter("Written here", (2024, 2027), of_program=program, agreement=version.agreement)
    assert facts_of(version, today=TODAY).without_letter == ("Dr. Ada",)

    letter("Letter", (2025, 2027))
    assert facts_of(version, today=TODAY).without_letter == ()


def everything_on_file(program, terms, by):
    """Give a program two signed years, work, contracts, people's papers, and a second program."""
    at = {"recorded_at": NOW, "recorded_by": by}
    ada = Physician.objects.get()
    family_on_file(program, terms, ada, by)
    spine = small_program("Spine")
    Participant.objects.create(program=spine, physician=ada, joined_on=YEAR.start)
    theirs = year_of(spine, YEAR.start.replace(year=2024), terms, status="draft")
    Duty.objects.create(
        year=theirs,
        number=1,
        name="direction",
        deliverable="X",
        frequency="once",
        minutes=1,
        rate=Money(1),
    )
    lock(theirs)
    before = [
        year_of(program, date(number, 1, 1), terms, status="draft") for number in (2023, 2024)
    ]
    part = PayComponent.objects.create(
        year=before[1],
        number=1,
        kind="hourly",
        label="Calls",
        starts_on=before[1].starts_on,
        ends_on=before[1].ends_on,
        rate=Money(1),
        year_cap=9_999,
    )
    for year in before:
        lock(year)
    for number, minutes in enumerate((7_200, 60), start=1):
        sheet = WorkSheet.objects.create(year=before[1], number=number, source="Log", **at)
        WorkEntry.objects.create(
            sheet=sheet, component=part, physician=ada, month=date(2024, number, 1), minutes=minutes
        )
    other = User.objects.exclude(pk=by.pk).earliest("email")
    WorkDecision.objects.create(
        sheet=WorkSheet.objects.get(number=1), outcome="approved", decided_at=NOW, decided_by=other
    )
    contract(program, "Heart before", (2020, 2024), by, of_program=program)
    event("Heart before", 1, by, kind="held_over", effective_on=date(2024, 1, 1))
    event(
        "Heart before",
        2,
        by,
        kind="amended",
        effective_on=date(2024, 11, 10),
        signed_on=date(2024, 10, 1),
    )
    contract(program, "Heart, first try", (2024, 2027), by, starts_on=date(2024, 6, 1))
    event(
        "Heart, first try", 1, by, kind="terminated", effective_on=date(2024, 12, 1), cause="mutual"
    )
    director = contract(
        program,
        "Director of spine",
        (2024, 2027),
        by,
        kind="medical_director",
        group=None,
        party="Dr. Ada",
    )
    ContractPerson.objects.create(contract=director, physician=ada, relation="party")
    Screening.objects.create(
        physician=ada,
        list_name="leie",
        searched_on=date(2030, 1, 1),
        outcome="excluded",
        note="Exact.",
        **at,
    )
    License.objects.create(physician=ada, state="TX", number="1", valid_until=TODAY, **at)
    CommitteeSeat.objects.create(
        program=program,
        name="Pat Outside",
        organization="Town",
        position="member",
        is_outside_group=True,
        sits_from=date(2024, 1, 1),
    )
    facts = replace(MEMO, approver="Dr. Ada")
    write_memo(program=program, facts=facts, today=TODAY, by=member(Role.CONSULTANT))


def family_on_file(program, terms, ada, by):
    """Give a physician a spouse with contracts and a program of their own, and others neither."""
    bo, cy = (
        Physician.objects.create(name=name, npi=npi, specialty="Cardiology")
        for name, npi in (("Dr. Bo", "1234567893"), ("Dr. Cy", "1245319599"))
    )
    for physician, named in ((bo, "Rhythm"), (cy, "Joints")):
        other = small_program(named)
        Participant.objects.create(program=other, physician=physician, joined_on=YEAR.start)
        theirs = year_of(other, YEAR.start.replace(year=2024), terms, status="draft")
        agreed = {"deliverable": "X", "frequency": "once", "minutes": 1, "rate": Money(1)}
        Duty.objects.create(year=theirs, number=1, name="DIRECTION", **agreed)
        lock(theirs)
    of_bo = {"group": None, "party": "Dr. Bo"}
    mid = date(2024, 6, 1)
    spouse = contract(program, "Heart, of the spouse", (2024, 2027), by, starts_on=mid, **of_bo)
    event(spouse.title, 1, by, kind="terminated", effective_on=date(2024, 12, 1), cause="mutual")
    director = {"kind": "medical_director", **of_bo}
    rhythm = contract(program, "Director of rhythm", (2024, 2027), by, **director)
    joints = contract(program, "Director of joints", (2024, 2027), by, **director)
    calls = contract(program, "Calls", (2024, 2027), by, kind="call_coverage")
    for listed, physician, relation in (
        (calls, ada, "party"),
        (calls, cy, "party"),  # who is party to the same contract is no family
        (spouse, bo, "party"),
        (spouse, ada, "family"),
        (rhythm, bo, "party"),
        (joints, cy, "party"),
    ):
        ContractPerson.objects.create(contract=listed, physician=physician, relation=relation)


def year_of(program, starts_on, terms, *, status):
    opinion = Opinion.objects.latest("opined_on")
    return MeasurementYear.objects.create(
        program=program,
        starts_on=starts_on,
        ends_on=starts_on.replace(year=starts_on.year + 1),
        opinion=opinion,
        fixed_fee=Money(0),
        incentive_pool=Money(0),
        status=status,
        terms={**terms, "components": [{"kind": "hourly"}]},
    )


def lock(year):
    """Lock a year as it stands."""
    values = {"status": "locked", "signed_on": year.starts_on, "terms_sha256": "0" * 64}
    MeasurementYear.objects.filter(pk=year.pk).update(locked_at=NOW, **values)


def contract(program, title, years, by, **changes):
    given = {
        "kind": "co_management",
        "party": program.group.name,
        "group": program.group,
        "signed_on": date(2020, 1, 1),
        "starts_on": date(years[0], 1, 1),
        "ends_on": date(years[1], 1, 1),
        "notice_days": 90,
    }
    given |= {"program": changes.pop("of_program", None)} | changes
    return Contract.objects.create(title=title, entered_at=NOW, entered_by=by, **given)


def event(title, number, by, **given):
    ContractEvent.objects.create(
        contract=Contract.objects.get(title=title),
        number=number,
        text="As agreed.",
        recorded_at=NOW,
        recorded_by=by,
        **given,
    )
