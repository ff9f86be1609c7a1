"""An agreement that ends inside a year: counted, paid and proved for its days alone."""

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from adjudication.payments.actions import Proposal, propose_estimate
from adjudication.payments.models import Component
from adjudication.payments.presenters import read_clock, years_of_agreement
from adjudication.years.queries import standing
from adjudication.years.snapshot import recompute, statement_of
from adjudication.years.steps import Step
from agreements.contracts.actions import enter_contract, record_contract_event
from agreements.contracts.facts import ContractFacts
from agreements.contracts.models import Cause, Contract, ContractEventKind, ContractKind, Ender
from agreements.contracts.policies import EventFacts
from agreements.contracts.queries import ended_early
from agreements.drafting.models import Agreement
from agreements.programs.models import Program
from agreements.terms.actions import (
    draft_next_year,
    draft_year,
    edit_year,
    lock_terms,
    open_period,
)
from agreements.terms.models import EarlyEnd, MeasurementYear, YearStatus
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import active_tenant_id, tenant_scope
from comanage.values.money import Money
from comanage.values.period import Period
from comanage.web.errors import PolicyError
from scorecards.cards.queries import current_scorecard, slices_of_year
from tests.dated import RETURNED, dated_hospital
from tests.ground import (
    FIXED_FEE,
    INCENTIVE,
    POOL,
    YEAR,
    hand_in,
    open_year,
    rolled_back,
    run_jobs,
    small_hospital,
    small_opinion,
    stays,
    storage_in,
    year_terms,
)
from tests.signing import browser, freeze, sign

JULY = date(2025, 7, 1)
TERM = Period(date(2024, 11, 1), YEAR.end)
# Nothing similar begins before November: the contract ends in its first year.
NEXT = Period(date(2025, 11, 1), date(2026, 11, 1))
SERVED = Fraction((JULY - YEAR.start).days, YEAR.days)


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker, tmp_path_factory):
    """A hospital of dated stays, whose terms say nothing of an early end."""
    folder = Path(tmp_path_factory.mktemp("early-end")) / "stored"
    with django_db_blocker.unblock(), storage_in(folder), rolled_back():
        yield dated_hospital(early_end=EarlyEnd.SILENT)


@pytest.fixture
def year(ground, db):
    with tenant_scope(ground.pk):
        yield MeasurementYear.objects.get(starts_on=YEAR.start)


@pytest.fixture
def halved(ground, db):
    """A hospital with the cases of half a year, whose agreement goes on."""
    tenant = small_hospital("halfway")
    with tenant_scope(tenant.pk):
        year = open_year()
        hand_in(stays(), period=Period(YEAR.start, JULY))
        yield year


@pytest.fixture
def undated(ground, db):
    """A hospital whose cases have no days, with a year of them, whose agreement has ended."""
    tenant = small_hospital("daytown")
    with tenant_scope(tenant.pk):
        year = open_year()
        hand_in(stays(), period=YEAR)
        terminate(enter())
        yield MeasurementYear.objects.get(pk=year.pk)


def enter(kind=ContractKind.CO_MANAGEMENT, term=TERM) -> Contract:
    program = Program.objects.get()
    facts = ContractFacts(
        kind=kind,
        title="Heart agreement",
        party="Heart Group, LLC",
        group=program.group,
        program=program,
        people=[],
        signed_on=date(2024, 10, 15),
        starts_on=term.start,
        ends_on=term.end,
        notice_days=90,
    )
    return enter_contract(facts=facts, by=member(Role.COUNSEL))


def write_down(program: Program) -> Agreement:
    """Have the program's agreement written here."""
    return Agreement.objects.create(
        program=program,
        title="Heart agreement",
        starts_on=date(2024, 11, 1),
        ends_on=YEAR.end,
        hospital_name="Smallville",
        facility="Smallville",
        state="TX",
        created_at=timezone.now(),
        created_by_id=member(Role.COUNSEL).user_id,
    )


def happens(contract: Contract, kind: ContractEventKind, **facts) -> None:
    given = {"effective_on": JULY, "text": "As signed.", "ended_by": Ender.BOTH} | facts
    record_contract_event(
        contract=contract, facts=EventFacts(kind=kind, **given), by=member(Role.COUNSEL)
    )


def terminate(contract: Contract, **facts) -> None:
    happens(contract, ContractEventKind.TERMINATED, **{"cause": Cause.MUTUAL} | facts)
    run_jobs(active_tenant_id(), JobKind.RECOMPUTE_SCORECARD)


def test_a_year_that_ends_early_counts_and_pays_its_days_and_proves_it(year, ground):
    contract = enter()
    happens(enter(ContractKind.MEDICAL_DIRECTOR), ContractEventKind.TERMINATED, cause=Cause.MUTUAL)
    assert MeasurementYear.objects.filter(ending__isnull=False).count() == 0

    terminate(contract)

    year.refresh_from_db()
    assert year.in_effect == Period(YEAR.start, JULY)
    card = current_scorecard(year)
    (readmission, _) = card.document["indicators"]
    assert Fraction(readmission["rate"]) == Fraction(sum(RETURNED[2:8]), 6 * 30)
    assert card.document["trend"]["months"][-1]["end"] == JULY.isoformat()
    with pytest.raises(PolicyError, match="Record in the register of contracts what the signed"):
        freeze(year)

    happens(contract, ContractEventKind.END_RULE, early_end=EarlyEnd.BY_DAYS)
    run_jobs(active_tenant_id(), JobKind.RECOMPUTE_SCORECARD)
    snapshot = freeze(year)

    written = write_down(year.program)
    address = reverse("adjudication:year-detail", args=[ground.slug, year.pk])
    page = browser(Role.CONSULTANT).get(address).text
    document = json.loads(snapshot.canonical)
    fixed, incentive = (
        Money.from_dollars(line["amount"]) for line in statement_of(document)["lines"]
    )
    assert fixed == FIXED_FEE.times(Fraction(1, 2))
    assert incentive == card.earned.times(SERVED) > Money(0)
    for clause in ("fixed-fee", "incentive-fee", "fair-market-value", "effects-of-ending"):
        assert reverse("agreements:clause-detail", args=[ground.slug, written.pk, clause]) in page
    assert recompute(snapshot.canonical)
    assert not recompute(snapshot.canonical.replace('"on":"2025-07-01"', '"on":"2025-07-02"'))
    assert "The agreement ended inside this year" in page
    assert "Incentive of a year that ended early" in page


def test_an_end_that_is_recorded_late_has_the_frozen_year_frozen_anew(year):
    contract = enter()
    freeze(year)
    sign(year, Step.ATTEST)
    terminate(contract, cause=Cause.FOR_CAUSE, ended_by=Ender.HOSPITAL)
    rule = {"ended_by": Ender.HOSPITAL, "early_end": EarlyEnd.BY_DAYS}
    with pytest.raises(PolicyError, match="Say who ends it"):
        happens(contract, ContractEventKind.END_RULE, **rule | {"ended_by": Ender.BOTH})
    happens(contract, ContractEventKind.END_RULE, **rule)
    run_jobs(active_tenant_id(), JobKind.RECOMPUTE_SCORECARD)

    year.refresh_from_db()
    assert standing(year).is_restated
    snapshot = freeze(year)
    assert snapshot.number == 2
    assert snapshot.total == FIXED_FEE.times(Fraction(1, 2))
    assert not standing(year).is_restated


def test_what_the_register_or_the_scorecard_lacks_is_said_before_a_year_is_frozen(year):
    contract = enter()
    terminate(contract)
    MeasurementYear.objects.update(ending=None)
    year.refresh_from_db()
    with pytest.raises(PolicyError, match="inside this year, and nobody said how"):
        freeze(year)
    ending = {"on": "2025-08-01", "cause": "mutual", "by": "both", "rule": {"incentive": "none"}}
    ending["noted_at"] = "2025-08-01T12:00:00+00:00"
    MeasurementYear.objects.update(ending=ending)
    year.refresh_from_db()
    with pytest.raises(PolicyError, match="up to the agreement's end"):
        freeze(year)
    MeasurementYear.objects.update(ending=ending | {"on": "2024-11-01"})
    year.refresh_from_db()
    assert year.in_effect is None
    with pytest.raises(PolicyError, match="Nothing is due for it"):
        freeze(year)


def test_another_agreement_begins_inside_the_year_and_touches_nothing_of_it(halved):
    by, contract = member(Role.CONSULTANT), enter()
    terms = year_terms(period=NEXT, opinion=small_opinion(valid_from=JULY, valid_until=NEXT.end))
    with pytest.raises(PolicyError, match="record the end in the register of contracts first"):
        draft_year(program=halved.program, terms=terms, by=by)
    terminate(contract)
    frozen = freeze(halved)
    with pytest.raises(PolicyError, match="begins before 1 Nov 2025"):
        enter(term=Period(JULY, NEXT.end))

    halved.refresh_from_db()
    drafted = draft_next_year(year=halved, by=by)
    assert drafted.starts_on == JULY
    early = replace(terms, period=Period(date(2025, 6, 30), NEXT.end))
    with pytest.raises(PolicyError, match=r"no day is paid by two terms. Begin on 1 Jul 2025"):
        edit_year(year=drafted, terms=early, by=by)
    edit_year(year=drafted, terms=terms, by=by)
    following = lock_terms(year=drafted, signed_on=date(2025, 10, 15), by=by)
    open_period(year=following, today=NEXT.start, by=by)
    second = enter(term=NEXT)
    happens(contract, ContractEventKind.END_RULE, early_end=EarlyEnd.NONE)
    hand_in(stays(), period=Period(NEXT.start, date(2025, 12, 1)))

    previous = following.terms["indicators"][0]["baseline"]["previous"]
    assert previous["numerator"] == halved.terms["indicators"][0]["baseline"]["numerator"]
    following.refresh_from_db()
    assert following.ending is None
    assert current_scorecard(following) is not None
    assert not standing(halved).is_restated
    assert recompute(frozen.canonical)
    assert [each.period for each in slices_of_year(halved)] == [Period(YEAR.start, JULY)]
    last = date(2025, 12, 15)
    terminate(second, effective_on=last)
    halved.refresh_from_db()
    following.refresh_from_db()
    assert (halved.ended_on, following.ended_on) == (JULY, last)
    assert halved.ending["rule"] == {"incentive": "none"}
    assert (ended_early(halved), ended_early(following)) == (JULY, last)
    even = clock_of_each(halved, following)
    assert even == [date(2025, 9, 28), date(2026, 3, 14)]


def clock_of_each(*years: MeasurementYear) -> list[date]:
    """Read until when the accounts of each year's agreement have to be even."""
    clocks = [
        read_clock(years_of_agreement(years, year), [], today=date(2026, 11, 1)) for year in years
    ]
    return [clock.deadline for clock in clocks if clock is not None]


def test_a_term_that_runs_out_inside_a_year_pays_nothing_until_somebody_said_how(year):
    contract, may = enter(term=Period(date(2024, 7, 1), JULY)), date(2025, 5, 1)
    proposal = Proposal(Period(JULY, date(2025, 10, 1)), Component.FIXED_FEE, Money(1), "Work.")
    with pytest.raises(PolicyError, match="has days after that"):
        propose_estimate(year=year, proposal=proposal, by=member(Role.FINANCE))
    with pytest.raises(PolicyError, match="inside this year, and nobody said how"):
        freeze(year)
    over = {"cause": Cause.EXPIRED}
    with pytest.raises(PolicyError, match="runs to 30 Jun 2025"):
        terminate(contract, **over, effective_on=may)
    with pytest.raises(PolicyError, match="by neither side alone"):
        terminate(contract, **over, ended_by=Ender.HOSPITAL)
    terminate(contract, **over)
    happens(contract, ContractEventKind.END_RULE, early_end=EarlyEnd.NONE)
    run_jobs(active_tenant_id(), JobKind.RECOMPUTE_SCORECARD)

    year.refresh_from_db()
    assert freeze(year).total == FIXED_FEE.times(Fraction(1, 2))


def test_undated_cases_count_once_they_are_sent_again_up_to_the_end(undated):
    with pytest.raises(PolicyError, match="Send exactly that period again"):
        freeze(undated)
    hand_in(stays(time_in_hospital="5"), period=YEAR)

    snapshot = freeze(undated)

    fixed = FIXED_FEE.times(Fraction(1, 2))
    assert snapshot.total == fixed + INCENTIVE.times(SERVED)
    assert current_scorecard(undated).document["until"] == JULY.isoformat()


def test_an_end_is_told_whole_and_nothing_is_estimated_after_it(year):
    contract = enter()
    with pytest.raises(PolicyError, match="not terminated"):
        happens(contract, ContractEventKind.END_RULE, early_end=EarlyEnd.NONE)
    with pytest.raises(PolicyError, match="Say who ends it"):
        terminate(contract, cause=Cause.FOR_CAUSE)
    terminate(contract)
    year.refresh_from_db()
    quarter = Period(JULY, date(2025, 10, 1))
    proposal = Proposal(quarter, Component.FIXED_FEE, Money(1), "Work.")
    with pytest.raises(PolicyError, match="the agreement had ended before it began"):
        propose_estimate(year=year, proposal=proposal, by=member(Role.FINANCE))
    assert year.status == YearStatus.OPEN
    assert Money(0) < POOL
