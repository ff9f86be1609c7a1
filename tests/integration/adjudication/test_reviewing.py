"""The independent review: a record by indicator, a sample nobody chose, a statement."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, transaction
from django.urls import reverse
from django.utils import timezone

from adjudication.holds.actions import HoldFacts, open_hold
from adjudication.holds.causes import Cause
from adjudication.holds.models import Release
from adjudication.reviews.actions import mark_sample, recompute_result, record_figures
from adjudication.reviews.models import Mark, Method, Recount, Sample, SampleMark
from adjudication.reviews.queries import record_of
from adjudication.reviews.samples import agreed_indicator, sampled_cases
from adjudication.reviews.statement import statement
from adjudication.verifying.run import SCHEMA
from adjudication.years.actions import sign_off
from adjudication.years.figures import figures_of
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.queries import standing
from adjudication.years.steps import OWNER, Step
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.values.canonical import canonical_json, sha256_of
from comanage.web.errors import PolicyError
from tests.ground import READMITTED, STAYS, hand_in, stays
from tests.integration.adjudication.test_signing import in_another_role
from tests.signing import browser, current_sha256, freeze, send_back, sign, sign_up_to

SLUG, OTHER = "readmission-30-day", "hba1c-measured"
RIGHT = (Fraction(READMITTED), Fraction(STAYS))
WRONG = (Fraction(READMITTED + 1), Fraction(STAYS))


@pytest.fixture
def attested(computed):
    """The year frozen and attested: the reviewer is next."""
    freeze(computed)
    sign(computed, Step.ATTEST)
    return computed


def reviewer():
    return member(Role.REVIEWER)


def recompute(year, by=None):
    return recompute_result(year=year, sha256=current_sha256(year), by=by or reviewer())


def count(year, numbers=RIGHT, *, slug=SLUG, note="", by=None, method=Method.COUNTED):
    return record_figures(
        year=year,
        sha256=current_sha256(year),
        method=method,
        found={slug: numbers},
        note=note,
        by=by or reviewer(),
    )


def mark(year, marks, *, slug=SLUG, cases=STAYS, by=None):
    return mark_sample(
        year=year,
        sha256=current_sha256(year),
        indicator=slug,
        cases=cases,
        marks=marks,
        by=by or reviewer(),
    )


def sign_review(year, *, is_independent=True):
    """Sign as the reviewer without making the record first."""
    return sign_off(
        year=year,
        step=Step.REVIEW,
        sha256=current_sha256(year),
        note="",
        is_independent=is_independent,
        by=reviewer(),
    )


def record(year):
    snapshot = standing(year).snapshot
    figures = figures_of(json.loads(snapshot.canonical))
    return record_of(snapshot, {slug: figure.title for slug, figure in figures.items()})


def refused(match, deed, *given, **named):
    def written():
        rows = (Recount, Sample, SampleMark, SignOff, Event)
        return [each.objects.count() for each in rows]

    before = written()
    with transaction.atomic(), pytest.raises(PolicyError, match=match):
        deed(*given, **named)
    assert written() == before


def test_one_click_records_a_match_of_every_indicator_and_bears_the_signature(attested):
    refused("nothing is recorded of", sign_review, attested)

    recompute(attested)

    assert [each.finding.is_match for each in record(attested).indicators] == [True, True]
    signed = sign_review(attested)
    assert signed.statement == statement()
    assert Event.objects.filter(kind=EventKind.REVIEW_RECOMPUTED).count() == 1


def test_a_statement_is_the_reviewers_alone(computed):
    freeze(computed)
    sign_up_to(computed, Step.COMPLIANCE)

    kept = dict(SignOff.objects.values_list("step", "statement"))
    assert {step for step, text in kept.items() if text} == {Step.REVIEW}


def test_nobody_reviews_without_stating_that_they_are_independent(attested):
    recompute(attested)

    refused("statement of independence", sign_review, attested, is_independent=False)


def test_a_returned_year_needs_neither_record_nor_statement(attested):
    assert send_back(attested, Step.REVIEW, "The counts differ.").statement == ""


def test_an_own_count_matches_to_the_last_case_or_says_where_it_differs(attested):
    count(attested)
    assert record(attested).indicators[0].finding.reported == f"{READMITTED} / {STAYS}"

    refused("say in the note", count, attested, WRONG)
    count(attested, WRONG, note="One stay of March is missing from the denominator.")

    recompute_other(attested)
    refused("has a mismatch: “Readmission", sign_review, attested)
    finding = record(attested).indicators[0].finding
    assert (finding.is_match, finding.found) == (False, f"{READMITTED + 1} / {STAYS}")


def recompute_other(year):
    agreed = figures_of(json.loads(standing(year).snapshot.canonical))[OTHER]
    count(year, (agreed.above, agreed.below), slug=OTHER)


def test_the_newest_entry_counts_and_none_is_edited(attested):
    count(attested, WRONG, note="A case more.")
    count(attested, note="I had counted one twice.")
    recompute_other(attested)

    assert sign_review(attested).decision == Decision.APPROVED
    assert Recount.objects.filter(indicator=SLUG).count() == 2
    with pytest.raises(Error, match=r"Cannot update|permission denied"), transaction.atomic():
        Recount.objects.update(is_match=True)


def test_a_mismatch_can_be_held_or_returned(attested):
    count(attested, WRONG, note="One stay is missing.")

    facts = HoldFacts(Cause.DATA, "One stay is missing.", Role.CONSULTANT, date(2030, 1, 1))
    assert open_hold(year=attested, facts=facts, by=reviewer())
    assert send_back(attested, Step.REVIEW, "One stay is missing.")


def test_a_snapshot_that_does_not_follow_from_its_inputs_is_a_mismatch(attested):
    """A snapshot that was written past every action, with a tier that was not reached."""
    honest = standing(attested).snapshot
    document = json.loads(honest.canonical)
    document["result"]["scorecard"]["indicators"][0]["score"]["tier"] = "Stretch"
    Snapshot.objects.create(
        year=attested,
        number=honest.number + 1,
        scorecard=honest.scorecard,
        canonical=canonical_json(document),
        sha256=sha256_of(document),
        total=honest.total,
        frozen_at=timezone.now(),
        frozen_by=honest.frozen_by,
    )
    sign(attested, Step.ATTEST)

    recompute(attested)

    assert record(attested).mismatches == ("Readmission within 30 days",)
    refused("has a mismatch", sign_review, attested)


@pytest.mark.parametrize("slug", ["", "no-such-indicator"])
def test_a_figure_is_of_an_indicator_of_the_terms(attested, slug):
    refused("no such indicator", count, attested, slug=slug)
    refused("no such indicator", mark, attested, {1: Mark.AGREES}, slug=slug)


def test_the_record_is_the_reviewers_alone_and_only_at_their_turn(computed):
    freeze(computed)
    for deed, given in ((recompute, ()), (count, ()), (mark, ({1: Mark.AGREES},))):
        refused("Out of order", deed, computed, *given)
    sign(computed, Step.ATTEST)
    for role in set(Role) - {Role.REVIEWER, Role.EXTRACT_CLIENT}:
        refused(r"alone|Nobody signs two|Whoever froze", recompute, computed, by=member(role))
    sign(computed, Step.REVIEW)
    refused("signed already", count, computed)


def test_a_record_is_of_the_snapshot_that_was_looked_at(attested):
    refused("frozen anew", recompute_result, year=attested, sha256="0" * 64, by=reviewer())


def test_a_changed_input_voids_the_record(attested):
    recompute(attested)
    mark(attested, {1: Mark.AGREES})
    send_back(attested, Step.REVIEW)
    hand_in(stays(50, readmitted=1))
    freeze(attested)

    assert record(attested).is_empty
    sign(attested, Step.ATTEST)
    refused("nothing is recorded of", sign_review, attested)


def test_freezing_the_same_again_voids_the_record_too(attested):
    recompute(attested)
    before = current_sha256(attested)
    send_back(attested, Step.REVIEW)
    freeze(attested)

    assert current_sha256(attested) == before
    assert record(attested).is_empty


def test_whoever_recorded_the_review_takes_no_other_step(attested):
    recompute(attested)
    former = in_another_role(Role.REVIEWER, Role.COMPLIANCE)
    anew = in_another_role(Role.FINANCE, Role.REVIEWER)
    mark(attested, dict.fromkeys(range(1, 31), Mark.AGREES), by=anew)
    sign(attested, Step.REVIEW, by=anew)

    refused("Whoever recorded", sign, attested, Step.COMPLIANCE, by=former)
    for recorder in (former, anew):  # of the figures, of the marks
        with pytest.raises(Error, match="takes another part"), transaction.atomic():
            SignOff.objects.create(
                snapshot=standing(attested).snapshot,
                step=Step.COMPLIANCE,
                decision=Decision.APPROVED,
                snapshot_sha256=current_sha256(attested),
                signed_at=timezone.now(),
                signed_by_id=recorder.id,
            )


@pytest.mark.parametrize("kind", ["recount", "sample", "mark"])
def test_the_database_takes_no_record_of_whoever_signed(attested, kind):
    signed = SignOff.objects.select_related("snapshot").get(step=Step.ATTEST)
    given = {"snapshot": signed.snapshot, "indicator": SLUG}
    now, person = timezone.now(), signed.signed_by
    if kind == "mark":
        mark(attested, {1: Mark.AGREES})

    row = {
        "recount": Recount(
            is_match=True, recorded_at=now, recorded_by=person, method="counted", **given
        ),
        "sample": Sample(cases=1, size=1, drawn_at=now, drawn_by=person, **given),
        "mark": SampleMark(
            sample=Sample.objects.first(), number=2, mark="agrees", marked_at=now, marked_by=person
        ),
    }[kind]
    with pytest.raises(Error, match="takes another part"), transaction.atomic():
        row.save(force_insert=True)


@pytest.mark.parametrize(
    ("rule", "write"),
    [
        ("a_mismatch_has_its_note", lambda given: Recount.objects.create(
            is_match=False, recorded_at=given["at"], recorded_by=given["by"],
            snapshot=given["snapshot"], indicator=SLUG, method="counted")),
        ("sample_size_by_its_rule", lambda given: Sample.objects.create(
            cases=40, size=12, drawn_at=given["at"], drawn_by=given["by"],
            snapshot=given["snapshot"], indicator=SLUG)),
    ],
)  # fmt: skip
def test_the_database_keeps_the_rules_of_a_record(attested, rule, write):
    by = Membership.objects.select_related("user").get(role=Role.REVIEWER).user
    given = {"at": timezone.now(), "by": by, "snapshot": standing(attested).snapshot}

    with pytest.raises(Error, match=rule), transaction.atomic():
        write(given)


def test_a_sample_that_was_begun_is_finished(attested):
    recompute(attested)
    mark(attested, {1: Mark.AGREES, 2: Mark.DIFFERS})
    refused("Finish the sample", sign_review, attested)

    mark(attested, dict.fromkeys(range(2, 31), Mark.AGREES))

    marks = record(attested).indicators[0].marks
    assert (marks.cases, marks.size, marks.agrees, marks.errors) == (STAYS, 30, 30, 0)
    assert sign_review(attested)
    assert SampleMark.objects.count() == 2 + 29


@pytest.mark.parametrize("number", [0, 31])
def test_a_mark_is_of_a_case_of_the_sample(attested, number):
    refused("The sample has 30 cases", mark, attested, {number: Mark.AGREES})


def test_an_indicator_without_judged_cases_has_no_sample(attested):
    refused("none to look at", mark, attested, {}, cases=0)


def test_the_sample_is_the_same_for_everybody_and_of_judged_cases(attested):
    snapshot = standing(attested).snapshot
    agreed = agreed_indicator(snapshot, SLUG)

    sample = sampled_cases(attested, snapshot, agreed)

    assert (sample.cases, len(sample.readings)) == (STAYS, 30)
    assert sample.readings == sampled_cases(attested, snapshot, agreed).readings
    assert {reading.word for reading in sample.readings} <= {"Met", "Not met"}
    assert len({reading.key for reading in sample.readings}) == 30
    assert "data owner finds the chart" in sample.finding


# --- At the door --------------------------------------------------------------------------------


def address(year, name, *args):
    slug = Tenant.objects.get(pk=year.tenant_id).slug
    return reverse(f"adjudication:{name}", args=[slug, year.pk, *args])


@pytest.mark.parametrize("name", ["year-sign", "year-return", "year-condition"])
def test_a_signature_asks_for_a_fresh_proof_of_who_somebody_is(computed, name):
    freeze(computed)
    given = {"step": Step.ATTEST, "sha256": current_sha256(computed), "note": "Wrong."}
    role = OWNER[Step.ATTEST]

    answer = browser(role, is_fresh=False).post(address(computed, name), given)

    assert answer.status_code == 302
    assert answer.url.startswith("/accounts/reauthenticate/")
    assert not SignOff.objects.exists()
    page = browser(role, is_fresh=False).get(address(computed, "year-detail"))
    assert "Confirm it is you first" in page.content.decode()
    if name != "year-condition":
        browser(role).post(address(computed, name), given)
        assert SignOff.objects.count() == 1


def test_the_release_of_a_hold_asks_for_a_fresh_proof_too(computed):
    freeze(computed)
    facts = HoldFacts(Cause.LOGS, "March lacks a log.", Role.CONSULTANT, date(2030, 1, 1))
    hold = open_hold(year=computed, facts=facts, by=member(Role.COMPLIANCE))
    slug = Tenant.objects.get(pk=computed.tenant_id).slug
    door = reverse("adjudication:hold-release", args=[slug, hold.pk])
    given = {"outcome": "mended", "answer": "It was filed."}
    stale, fresh = (browser(Role.COUNSEL, is_fresh=each) for each in (False, True))

    assert stale.post(door, given).url.startswith("/accounts/reauthenticate/")
    assert not Release.objects.exists()
    shown = [each.get(address(computed, "year-detail")).content.decode() for each in (stale, fresh)]
    assert ["A hold is released by somebody" in each for each in shown] == [True, False]
    fresh.post(door, given)
    assert Release.objects.get().hold == hold


def test_the_reviewer_makes_the_record_on_its_page(attested):
    page = browser(Role.REVIEWER)
    seen = {"sha256": current_sha256(attested)}
    sign_given = seen | {"step": Step.REVIEW, "note": ""}

    page.post(address(attested, "review-recompute"), seen)
    shown = page.get(address(attested, "review-detail")).content.decode()
    assert "Every indicator matches" in shown
    asked = page.get(address(attested, "review-count", SLUG)).content.decode()
    assert "Cases judged" in asked
    assert f"{READMITTED} / {STAYS}" not in asked
    page.post(address(attested, "year-sign"), sign_given)
    assert SignOff.objects.count() == 1
    page.post(address(attested, "year-sign"), sign_given | {"is_independent": "on"})
    assert SignOff.objects.count() == 2


def test_an_own_count_is_typed_and_comes_back_when_it_differs_without_a_word(attested):
    page, where = browser(Role.REVIEWER), address(attested, "review-count", SLUG)
    given = {"sha256": current_sha256(attested), "above": READMITTED + 1, "below": STAYS}

    answer = page.post(where, given)

    assert "Your figures differ" in answer.content.decode()
    assert not Recount.objects.exists()
    assert page.post(where, given | {"above": READMITTED}).status_code == 302
    assert Recount.objects.get().is_match


def verified(year, **changed):
    """The answer of a verification as it is written."""
    figures = figures_of(json.loads(standing(year).snapshot.canonical)).values()
    answer = {
        "schema": SCHEMA,
        "ok": True,
        "report": {"snapshot_sha256": current_sha256(year)},
        "indicators": [
            {"slug": f.slug, "above": str(f.above), "below": str(f.below)} for f in figures
        ],
    }
    return json.dumps(answer | changed).encode()


def test_figures_of_a_verification_elsewhere_are_handed_in(attested):
    page, where = browser(Role.REVIEWER), address(attested, "review-offline")

    def hand(content):
        file = SimpleUploadedFile("verdict.json", content)
        given = {"sha256": current_sha256(attested), "file": file}
        return page.post(where, given, follow=True).content.decode()

    assert "is NOT OK" in hand(verified(attested, ok=False))
    assert "of another snapshot" in hand(verified(attested, report={"snapshot_sha256": "0" * 64}))
    for broken in (b"%PDF", b"[]", b'{"schema": "x"}', verified(attested, indicators=[{}])):
        assert "no answer of a verification" in hand(broken)
    assert not Recount.objects.exists()
    assert "2 indicators match" in hand(verified(attested))
    assert {recount.method for recount in Recount.objects.all()} == {Method.OFFLINE}


def test_reading_a_sample_is_an_event_that_names_no_case(attested):
    page, where = browser(Role.REVIEWER), address(attested, "sample-detail", SLUG)

    shown = page.get(where).content.decode()

    event = Event.objects.filter(kind=EventKind.CASES_READ).get()
    assert event.details["sample_of"] == current_sha256(attested)
    assert event.details["cases"] == 30
    assert "Record the marks" in shown
    marks = {f"mark_{number}": "agrees" for number in range(1, 31)}
    given = {"sha256": current_sha256(attested), **marks}
    page.post(address(attested, "sample-mark", SLUG), given)
    assert SampleMark.objects.count() == 30
    assert "30 agreed with the chart" in page.get(where).content.decode()


@pytest.mark.parametrize("role", [Role.CEO, Role.PHYSICIAN_MANAGER, Role.CONSULTANT])
def test_a_sample_is_for_the_reviewer_and_the_data_owner_alone(attested, role):
    answer = browser(role).get(address(attested, "sample-detail", SLUG))

    assert answer.status_code == 403


def test_what_was_typed_comes_back_with_what_is_wrong_and_what_is_seen_anew(computed):
    freeze(computed)
    sign_up_to(computed, Step.COMPLIANCE)
    counsel, late = browser(Role.COUNSEL), browser(Role.COMPLIANCE)
    seen, stale = current_sha256(computed), "f" * 64
    condition = {"sha256": seen, "condition": "Countersign it.", "owner": "finance", "due_on": ""}
    signature = {"step": "counsel", "sha256": stale, "note": "Read it twice."}
    unsaid = signature | {"sha256": seen, "note": ""}

    conditioned = counsel.post(address(computed, "year-condition"), condition).text
    returned = counsel.post(address(computed, "year-return"), unsaid).text
    outdated = counsel.post(address(computed, "year-sign"), signature).text
    again = late.post(address(computed, "year-sign"), signature | {"step": "compliance"}).text

    assert "Countersign it." in conditioned
    assert "Until</a>: This is needed." in conditioned
    assert "Note</a>: Say what must change, so that whoever corrects it knows." in returned
    assert "Read it twice." in outdated
    assert "The year was frozen anew since this page was opened." in outdated
    assert (seen in outdated, stale in outdated) == (True, False)
    assert "has been signed already." in again  # above a page that has no such form any more
    assert SignOff.objects.filter(step=Step.COUNSEL).count() == 0
