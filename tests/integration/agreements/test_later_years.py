"""The second year of an agreement that was executed here: by a writing, in time, by two people."""

from datetime import UTC, date, datetime
from io import BytesIO

import pikepdf
import pytest
from django.urls import reverse

from agreements.contracts.actions import (
    enter_contract,
    keep_contract_paper,
    lock_amended_terms,
    record_contract_event,
)
from agreements.contracts.facts import facts_of_agreement
from agreements.contracts.models import (
    Cause,
    Contract,
    ContractEventKind,
    ContractKind,
    Ender,
    Subject,
)
from agreements.contracts.policies import EventFacts
from agreements.contracts.queries import writing_for
from agreements.drafting.actions import begin_agreement, make_version
from agreements.drafting.facts import AgreementFacts
from agreements.drafting.models import Agreement, AgreementStatus
from agreements.programs.models import Program
from agreements.terms.actions import draft_next_year, edit_year, lock_terms
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.audit.kinds import EventKind
from comanage.audit.models import Event
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from tests.clock import stand_at
from tests.ground import SIGNED_ON, YEAR, small_draft, small_opinion, year_terms
from tests.signing import browser

NEXT = Period(date(2026, 1, 1), date(2027, 1, 1))
TERM = Period(YEAR.start, date(2028, 1, 1))
SIGNED = date(2025, 11, 20)


def by(role=Role.COUNSEL):
    return member(role)


def at(monkeypatch, day):
    stand_at(monkeypatch, datetime(day.year, day.month, day.day, 18, tzinfo=UTC))


@pytest.fixture
def later(inside, monkeypatch):
    """A complete draft of the second year, in November of the first."""
    at(monkeypatch, date(2024, 12, 19))
    facts = AgreementFacts(
        title="Heart agreement",
        term=TERM,
        hospital="Smallville Hospital, Inc.",
        facility="Smallville Heart Center",
        state="TX",
        is_bond_financed=False,
        renewal="none",
    )
    first = small_draft()
    agreement = begin_agreement(program=Program.objects.get(), facts=facts, by=by())
    make_version(agreement=agreement, note="First.", by=by())
    first = lock_terms(year=first, signed_on=SIGNED_ON, by=by())
    Agreement.objects.update(status=AgreementStatus.EXECUTED)
    agreement.refresh_from_db()
    version = agreement.versions.get()
    enter_contract(facts=facts_of_agreement(agreement, version, signed_on=SIGNED_ON), by=by())
    at(monkeypatch, date(2025, 11, 25))
    year = draft_next_year(year=first, by=by(Role.CONSULTANT))
    opinion = small_opinion(valid_from=NEXT.start, valid_until=NEXT.end)
    return edit_year(year=year, terms=year_terms(period=NEXT, opinion=opinion), by=by())


def amend(effective_on=NEXT.start, signed_on=SIGNED):
    facts = EventFacts(
        kind=ContractEventKind.AMENDED,
        effective_on=effective_on,
        signed_on=signed_on,
        subject=Subject.OTHER,
        text="The terms of the second year.",
    )
    return record_contract_event(contract=Contract.objects.get(), facts=facts, by=by())


def keep(role=Role.COMPLIANCE):
    paper = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(paper)
    paper.seek(0)
    keep_contract_paper(
        contract=Contract.objects.get(), title="First amendment", document=paper, by=by(role)
    )


def post(hospital, year):
    address = reverse("agreements:terms-lock", args=[hospital.slug, year.pk])
    answer = browser(Role.COUNSEL).post(address, {"signed_on": "2025-12-31"}, follow=True)
    year.refresh_from_db()
    return answer.text


def shown(hospital, year):
    address = reverse("agreements:year-detail", args=[hospital.slug, year.pk])
    return browser(Role.COUNSEL).get(address).text


def test_a_later_year_is_locked_by_its_amendment_and_not_by_a_day_that_is_typed(
    inside, later, monkeypatch
):
    amend(effective_on=date(2026, 2, 1))
    assert "holds no amendment" in post(inside, later)
    page = shown(inside, later)
    assert "takes effect on 1 Jan 2026. Have both sides sign one" in page
    assert "Lock the signed terms" not in page

    keep()  # 25 Nov, before the amendment's own signature
    at(monkeypatch, date(2025, 12, 2))
    amend(signed_on=date(2025, 12, 1))
    assert "signed paper of the amendment of 1 Dec 2025 is not kept" in post(inside, later)
    keep(Role.COUNSEL)
    assert "it takes two" in post(inside, later)
    keep()
    assert later.status == YearStatus.DRAFT
    page = shown(inside, later)
    assert "on 1 Dec 2025; it takes effect on 1 Jan 2026" in page
    assert 'name="signed_on"' not in page

    assert "The terms are locked" in post(inside, later)
    assert (later.status, later.signed_on) == (YearStatus.LOCKED, date(2025, 12, 1))
    event = Event.objects.get(kind=EventKind.TERMS_AMENDED)
    assert (event.details["number"], event.details["paper"]) == (2, "First amendment")


def test_nobody_locks_a_later_year_once_it_has_begun(inside, later, monkeypatch):
    amend()
    keep()
    at(monkeypatch, date(2026, 1, 2))

    assert "never after it" in post(inside, later)
    with pytest.raises(PolicyError, match="began on 1 Jan 2026"):
        lock_amended_terms(year=later, by=by())
    at(monkeypatch, NEXT.start)
    assert "The terms are locked" in post(inside, later)


def test_a_year_of_another_contract_keeps_the_day_of_its_paper(inside, later):
    assert writing_for(later) is not None
    facts = EventFacts(
        kind=ContractEventKind.TERMINATED,
        effective_on=date(2025, 12, 31),
        cause=Cause.MUTUAL,
        ended_by=Ender.BOTH,
        text="By letter.",
    )
    record_contract_event(contract=Contract.objects.get(), facts=facts, by=by())

    assert writing_for(later) is None
    with pytest.raises(PolicyError, match="no agreement that was executed here"):
        lock_amended_terms(year=later, by=by())


def test_a_term_that_is_over_stays_the_years_own_until_another_contract_takes_its_place(
    inside, later
):
    later.starts_on, later.ends_on = date(2028, 1, 1), date(2029, 1, 1)
    assert writing_for(later) is not None
    Contract.objects.create(
        kind=ContractKind.CO_MANAGEMENT,
        title="On paper",
        party="Heart Group, LLC",
        program=later.program,
        signed_on=date(2025, 11, 1),
        starts_on=date(2028, 1, 1),
        ends_on=date(2029, 1, 1),
        notice_days=90,
        entered_at=datetime(2025, 11, 1, tzinfo=UTC),
        entered_by_id=by().id,
    )

    assert writing_for(later) is None
    assert MeasurementYear.objects.get(pk=later.pk).is_draft
