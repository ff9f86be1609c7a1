"""An agreement from its first day to a version: through its actions, its pages, its tables."""

import json
from datetime import UTC, date, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

import docx
import pikepdf
import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from agreements.contracts.models import Cause, Contract, ContractEventKind, ContractKind
from agreements.drafting.actions import (
    begin_agreement,
    change_clause,
    edit_agreement,
    make_version,
    withdraw_agreement,
)
from agreements.drafting.document import AgreementDocument, from_document, to_document
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import Agreement, AgreementStatus, AgreementVersion, ClauseChange
from agreements.drafting.printing import agreement_html, edition_of
from agreements.drafting.queries import agreement_over, first_year, is_current, is_written_here
from agreements.negotiation.word_in import read_word
from agreements.negotiation.word_marks import version_mark
from agreements.programs.models import Program
from agreements.terms.actions import draft_next_year, edit_year, lock_terms
from agreements.terms.models import MeasurementYear
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.models import Membership
from comanage.identity.roles import Role
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import stand_at
from tests.ground import SIGNED_ON, YEAR, small_draft, year_terms

TERM = Period(YEAR.start, date(2028, 1, 1))


@pytest.fixture
def in_time(inside, monkeypatch):
    """The small hospital before its first year, with a draft of that year."""
    stand_at(monkeypatch, datetime(2024, 12, 19, 15, tzinfo=UTC))
    small_draft()
    return inside


def facts(term: Period = TERM, **given: object) -> AgreementFacts:
    return AgreementFacts(
        **{
            "title": "Cardiology agreement",
            "term": term,
            "hospital": "Smallville Hospital, Inc.",
            "facility": "Smallville Heart Center",
            "state": "TX",
            "is_bond_financed": False,
            "renewal": "none",
            **given,
        }
    )


def counsel():
    return member(Role.COUNSEL)


def begun(**given: object) -> Agreement:
    return begin_agreement(program=Program.objects.get(), facts=facts(**given), by=counsel())


def changed(agreement: Agreement, *change: str) -> ClauseChange:
    return change_clause(
        agreement=agreement, change=Change(*change), reason="As counsel asked.", by=counsel()
    )


def printed(agreement: Agreement) -> AgreementDocument:
    return from_document(make_version(agreement=agreement, note="", by=counsel()).document)


def refusal(deed) -> str:
    with pytest.raises(PolicyError) as refused:
        deed()
    return str(refused.value)


def test_a_term_is_at_least_a_year_and_never_back_dated(in_time):
    for last, is_enough in ((date(2025, 12, 31), False), (date(2026, 1, 1), True)):
        with transaction.atomic():
            term = Period(date(2025, 1, 1), last)
            said = "" if is_enough else refusal(lambda term=term: begun(term=term))
            assert is_enough == (not said)
            assert is_enough or "at least one year" in said
            if is_enough:
                agreement = begun(term=term)
                withdraw_agreement(agreement=agreement, reason="A trial.", by=counsel())

    past = Period(date(2024, 12, 18), date(2026, 1, 1))
    assert "never back-dated" in refusal(lambda: begun(term=past))
    for given in ({"notice_days": 29}, {"notice_days": 366}, {"holdover_notice_days": 29}):
        assert "outside 30 to 365 days" in refusal(lambda given=given: begun(**given))


def test_a_program_has_one_live_agreement(in_time):
    first = begun()

    assert "agreement already" in refusal(begun)
    withdraw_agreement(agreement=first, reason="Begun anew.", by=counsel())
    assert begun().pk != first.pk
    assert "cannot be withdrawn" in refusal(
        lambda: withdraw_agreement(agreement=first, reason="Again.", by=counsel())
    )


def test_the_next_agreement_begins_once_the_one_before_is_over(in_time):
    first = begun(term=Period(YEAR.start, YEAR.end))
    Agreement.objects.update(status=AgreementStatus.EXECUTED)
    contract = Contract.objects.create(
        kind=ContractKind.CO_MANAGEMENT,
        title=first.title,
        party="Heart Group, LLC",
        program=first.program,
        agreement=first,
        signed_on=date(2024, 12, 19),
        starts_on=YEAR.start,
        ends_on=YEAR.end,
        notice_days=90,
        entered_at=datetime(2024, 12, 19, tzinfo=UTC),
        entered_by_id=counsel().user_id,
    )
    too_early = Period(date(2025, 12, 31), date(2028, 1, 1))
    next_term = Period(YEAR.end, date(2028, 1, 1))

    assert "Begin on the day after or later" in refusal(lambda: begun(term=too_early))
    second = begun(term=next_term)
    assert "being written" in refusal(lambda: begun(term=next_term))
    assert first_year(second) is None
    signed = lock_terms(
        year=MeasurementYear.objects.get(), signed_on=SIGNED_ON, by=member(Role.CONSULTANT)
    )
    year = draft_next_year(year=signed, by=member(Role.CONSULTANT))
    assert first_year(second) == year
    assert "record its end in the register" in refusal(
        lambda: edit_agreement(agreement=second, facts=facts(term=too_early), by=counsel())
    )
    withdraw_agreement(agreement=second, reason="They go on as they are.", by=counsel())
    contract.events.create(
        number=1,
        kind=ContractEventKind.HELD_OVER,
        effective_on=YEAR.end,
        is_identical=True,
        text="Held over.",
        recorded_at=datetime(2024, 12, 19, tzinfo=UTC),
        recorded_by_id=counsel().user_id,
    )
    assert "held over and goes on" in refusal(lambda: begun(term=next_term))


def test_nothing_similar_is_begun_in_the_year_of_a_contract_that_ended_within_it(in_time):
    ended = Contract.objects.create(
        kind=ContractKind.CO_MANAGEMENT,
        title="Last agreement",
        party="Another name",
        group=Program.objects.get().group,
        signed_on=date(2024, 5, 20),
        starts_on=date(2024, 6, 1),
        ends_on=date(2026, 6, 1),
        notice_days=0,
        entered_at=datetime(2024, 6, 1, tzinfo=UTC),
        entered_by_id=counsel().user_id,
    )
    ended.events.create(
        number=1,
        kind=ContractEventKind.TERMINATED,
        cause=Cause.MUTUAL,
        effective_on=date(2024, 10, 1),
        text="By letter.",
        recorded_at=datetime(2024, 10, 1, tzinfo=UTC),
        recorded_by_id=counsel().user_id,
    )
    later = Period(date(2025, 6, 1), date(2028, 1, 1))

    assert "begins before 1 Jun 2025" in refusal(begun)
    agreement = begun(term=later)
    assert "begins before 1 Jun 2025" in refusal(
        lambda: edit_agreement(agreement=agreement, facts=facts(), by=counsel())
    )


def test_what_is_locked_is_what_the_version_printed(in_time):
    agreement = begun()
    version = make_version(agreement=agreement, note="First.", by=counsel())
    year = MeasurementYear.objects.select_related("program__group", "opinion").get()

    assert is_written_here(year)
    assert is_current(version, year)
    assert version.sha256 == sha256_of(to_document(from_document(version.document)))
    locked = lock_terms(year=year, signed_on=SIGNED_ON, by=counsel())
    assert locked.terms == {**version.document["terms"], "signed_on": SIGNED_ON.isoformat()}

    Agreement.objects.update(status=AgreementStatus.EXECUTED)
    later = draft_next_year(year=locked, by=member(Role.CONSULTANT))
    assert agreement_over(later) == agreement
    assert not is_written_here(later)  # both sides sign a later year by itself


def test_a_version_stands_when_the_terms_go_on(in_time):
    agreement = begun()
    first = make_version(agreement=agreement, note="", by=counsel())
    assert "Nothing has changed" in refusal(
        lambda: make_version(agreement=agreement, note="", by=counsel())
    )
    year = MeasurementYear.objects.select_related("program__group", "opinion").get()
    edit_year(year=year, terms=year_terms(fixed_fee=Money.from_dollars("1.00")), by=counsel())
    year.refresh_from_db()

    assert not is_current(first, year)
    second = make_version(agreement=agreement, note="", by=counsel())
    assert (first.number, second.number) == (1, 2)
    first.refresh_from_db()
    assert sha256_of(first.document) == first.sha256 != second.sha256


def test_a_clause_is_written_anew_left_out_added_and_taken_back(in_time):
    agreement = begun()
    changed(agreement, "recitals", "replace", "Why", "For {facility}.\n\n(a) and {hospital}.")
    changed(agreement, "visitors", "add", "Visitors", "See {section:recitals}.", "recitals")

    document = printed(agreement)
    first, second = document.clauses[:2]
    assert first.paragraphs == (
        "For Smallville Heart Center.",
        "(a) and Smallville Hospital, Inc..",
    )
    assert (second.key, second.number, second.paragraphs) == ("visitors", 2, ("See Section 1.",))

    changed(agreement, "visitors", "restore")
    changed(agreement, "recitals", "omit")
    assert "refers to the clause “recitals”" in refusal(lambda: printed(agreement))
    changed(agreement, "recitals", "restore")
    changed(agreement, "peer-review", "omit")
    document = printed(agreement)
    assert document.clause("peer-review") is None
    assert document.clause("recitals").heading == "Background and purpose"


def test_a_change_that_cannot_be_printed_is_refused_in_words(in_time):
    agreement = begun()

    said = refusal(lambda: changed(agreement, "recitals", "replace", "Why", "Pay {the_fee} {."))
    assert said.startswith("{the_fee}, { is not a placeholder. Use one of these: {hospital}")
    assert "no such clause" in refusal(lambda: changed(agreement, "nobody", "omit"))
    assert "as in the standard already" in refusal(
        lambda: changed(agreement, "recitals", "restore")
    )
    assert "that this one shall follow" in refusal(
        lambda: changed(agreement, "recitals", "move", "", "", "recitals")
    )
    assert "that the new one follows" in refusal(
        lambda: changed(agreement, "more", "add", "More", "More.", "nobody")
    )
    assert "Say why" in refusal(
        lambda: change_clause(
            agreement=agreement, change=Change("recitals", "omit"), reason=" ", by=counsel()
        )
    )


def test_an_agreement_without_its_year_makes_no_version(in_time):
    agreement = begun(term=Period(date(2026, 1, 1), date(2028, 1, 1)))

    assert "no measurement year that begins within the term" in refusal(
        lambda: make_version(agreement=agreement, note="", by=counsel())
    )


def test_an_agreement_that_ends_before_its_first_year_makes_no_version_unless_it_goes_on(in_time):
    term = Period(date(2024, 12, 20), date(2025, 12, 20))
    agreement = begun(term=term)

    said = refusal(lambda: printed(agreement))

    assert "runs to 31 Dec 2025, and the agreement ends on 19 Dec 2025" in said
    edit_agreement(agreement=agreement, facts=facts(term, renewal="holdover"), by=counsel())
    assert printed(agreement).title


def test_the_database_keeps_what_was_printed_and_what_left_the_draft(in_time):
    agreement = begun()
    version = make_version(agreement=agreement, note="", by=counsel())
    change = changed(agreement, "recitals", "omit")
    with pytest.raises(DatabaseError, match="clause_change_has_its_text"), transaction.atomic():
        ClauseChange.objects.create(
            agreement=agreement,
            number=2,
            key="recitals",
            kind="move",
            reason="To nowhere.",
            made_at=change.made_at,
            made_by_id=change.made_by_id,
        )
    Agreement.objects.update(status=AgreementStatus.APPROVAL)

    for deed in (
        lambda: AgreementVersion.objects.update(number=7),
        version.delete,
        lambda: ClauseChange.objects.update(kind="restore"),
        change.delete,
        lambda: Agreement.objects.update(title="Other"),
        agreement.delete,
        lambda: ClauseChange.objects.create(
            agreement=agreement,
            number=2,
            key="recitals",
            kind="restore",
            reason="Late.",
            made_at=change.made_at,
            made_by_id=change.made_by_id,
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    for deed in (
        lambda: changed(agreement, "recitals", "restore"),
        lambda: make_version(agreement=agreement, note="", by=counsel()),
        lambda: edit_agreement(agreement=agreement, facts=facts(), by=counsel()),
    ):
        assert "waiting for approval, so its text stays" in refusal(deed)


def test_a_version_is_taken_away_as_pdf_and_for_word(in_time):
    agreement = begun()
    version = make_version(agreement=agreement, note="", by=counsel())
    reader = Client()
    reader.force_login(Membership.objects.get(role=Role.EXECUTIVE).user)

    def taken(form: str) -> bytes:
        address = reverse(f"agreements:version-{form}", args=[in_time.slug, version.pk])
        answer = reader.get(address)
        assert answer.headers["Content-Disposition"].startswith("attachment")
        event = Event.objects.latest("sequence")
        assert (event.kind, event.details["form"]) == (EventKind.AGREEMENT_COPIED, form)
        return answer.content

    with pikepdf.open(BytesIO(taken("pdf"))) as pdf:
        assert len(pdf.pages) > 20
        assert str(pdf.docinfo["/Title"]) == "Cardiology agreement"
        enclosed = pdf.attachments["agreement.json"].get_file().read_bytes()
    assert json.loads(enclosed) == version.document
    html = agreement_html(edition_of(version, zone=ZoneInfo("UTC")))
    assert "not legal advice" in html
    zones = (ZoneInfo(name) for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago"))  # +14 h, -11 h
    days = {edition_of(version, zone=zone).name.partition(" of ")[2] for zone in zones}
    assert len(days) == 2  # a version bears the day of the hospital
    assert "Inc. (the “Hospital”), which owns and operates Smallville Heart Center, and" in html
    assert "CoManage standard agreement of November 28, 2026" in html
    assert f"SHA-256 {version.sha256[:12]}" in html
    assert "Exhibit C. Indicators, baselines and goals" in html

    content = taken("word")
    word = docx.Document(BytesIO(content))
    said = [each.text for each in word.paragraphs]
    document = from_document(version.document)
    assert document.clauses[2].heading in said
    assert any("not legal advice" in each for each in said)
    assert len(word.tables) > len(document.exhibits)
    assert read_word(content).version == version_mark(version.sha256)  # it may come back


def test_counsel_writes_it_in_the_browser_and_the_executive_reads_versions(in_time):
    browser, reader = Client(), Client()
    for client, role in ((browser, Role.COUNSEL), (reader, Role.EXECUTIVE)):
        client.force_login(Membership.objects.get(role=role).user)
    tenant, program = in_time.slug, Program.objects.get()
    given = {
        "title": "Cardiology agreement",
        "hospital_name": "Smallville Hospital, Inc.",
        "hospital_address": "Legal department, 1 Main Street",
        "physicians_address": "2 Main Street",
        "facility": "Smallville Heart Center",
        "state": "TX",
        "starts_on": "2025-01-01",
        "last_day": "2025-06-30",
        "renewal": "holdover",
        "notice_days": "120",
        "holdover_notice_days": "45",
    }
    begin = reverse("agreements:agreement-begin", args=[tenant, program.pk])
    short = browser.post(begin, given)
    assert "at least one year" in short.content.decode()
    assert browser.post(begin, {**given, "last_day": "2026-12-31"}).status_code == 302
    agreement = Agreement.objects.get()

    def at(name: str, *more: str) -> str:
        return reverse(f"agreements:{name}", args=[tenant, agreement.pk, *more])

    def step() -> str:
        return browser.get(at("agreement-detail")).context["next_step"].words

    assert step() == "Make the first version"
    edit = at("clause-edit", "recitals")
    text = {"heading": "Why", "reason": "Plainer."}
    assert "is not a placeholder" in browser.post(edit, {**text, "text": "{no}"}).content.decode()
    assert browser.post(edit, {**text, "text": "For {facility}."}).status_code == 302
    page = browser.get(at("clause-detail", "recitals")).content.decode()
    assert "For Smallville Heart Center." in page
    assert "As the standard has it" in page
    assert reader.get(at("clause-detail", "recitals")).status_code == 302
    assert browser.get(at("clause-detail", "nobody")).status_code == 404
    add = {"heading": "Visitors", "after": "recitals", "text": "Welcome.", "reason": "Asked for."}
    assert browser.post(at("clause-add"), add).status_code == 302
    assert browser.post(at("clause-omit", "recitals"), {"reason": "So."}).status_code == 302
    assert browser.post(at("clause-restore", "recitals"), {"reason": "So."}).status_code == 302
    assert browser.post(at("version-make"), {"note": "For reading"}).status_code == 302
    assert step().startswith("Answer what the rules find in version 1: ")
    going = browser.get(at("signing")).text
    assert "Answer what the rules find in version 1" in going
    assert "Next: " not in reader.get(at("signing")).text
    assert browser.post(edit, {**text, "text": "For all."}).status_code == 302
    assert step() == "Make version 2: text or terms changed since version 1"
    assert browser.post(at("clause-restore", "recitals"), {"reason": "So."}).status_code == 302
    version = AgreementVersion.objects.get()
    assert "Clauses, as they stand" not in reader.get(at("agreement-detail")).content.decode()
    read = reader.get(reverse("agreements:version-detail", args=[tenant, version.pk]))
    assert version.sha256 in read.content.decode()
    assert "one hundred twenty (120) days" in read.content.decode()
    assert "Legal department, 1 Main Street" in read.content.decode()
    assert "2 Main Street" in read.content.decode()
    assert "forty-five (45) days" in read.content.decode()
    assert version.document["days"] == {
        "notice_days": 120,
        "holdover_notice_days": 45,
        "comment_days": 10,
    }
    assert "not legal advice" in read.content.decode()
    assert reader.get(at("clause-detail", "visitors")).status_code == 200
    year = MeasurementYear.objects.get()
    lock = reverse("agreements:terms-lock", args=[tenant, year.pk])
    browser.post(lock, {"signed_on": "2024-12-18"})
    terms = browser.get(reverse("agreements:year-detail", args=[tenant, year.pk]))
    assert "its execution locks these terms" in terms.content.decode()
    assert at("clause-detail", "fixed-fee") in terms.content.decode()
    assert browser.post(at("agreement-withdraw"), {"reason": "Done."}).status_code == 302
    agreement.refresh_from_db()
    assert agreement.status == AgreementStatus.WITHDRAWN
