"""An agreement in the writing, to look at: a second program of Lakeshore for the year to come."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from django.db import transaction

from agreements.drafting.actions import begin_agreement, change_clause, make_version
from agreements.drafting.facts import AgreementFacts, Change
from agreements.drafting.models import ExceptionPath
from agreements.duties.actions import DutyTerms, agree_duty
from agreements.duties.catalogue import StandardDuty, standard_duties
from agreements.duties.models import Frequency
from agreements.participants.actions import add_participant
from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, Program, ServiceLine
from agreements.terms.actions import YearTerms, agree_indicator, draft_year
from agreements.terms.models import EarlyEnd, MissingRule
from agreements.valuations.actions import MemoFacts, OpinionFacts, file_opinion, write_memo
from agreements.valuations.models import Basis
from comanage.demo.build import find_tenant, indicator_terms, member
from comanage.demo.hospitals import HOSPITALS, Hospital
from comanage.demo.underway import begin_work, get_under_way
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from comanage.values.period import Period
from indicators.library.models import IndicatorVersion

NAME = "Spine co-management"
PHYSICIANS = (
    ("2999999057", "Dr. Nora Lindqvist", "Spine surgery"),
    ("2999999065", "Dr. Daniel Okafor", "Orthopedic surgery"),
)
FIXED, POOL = Money.from_dollars("144000.00"), Money.from_dollars("96000.00")
AN_HOUR = Money.from_dollars("240.00")
HOURS = {
    "medical-direction": 192,
    "strategic-plan": 40,
    "clinical-protocols": 96,
    "quality-program": 72,
    "case-review": 72,
    "scheduling-and-throughput": 48,
    "governing-committee": 80,
}
DATA_SOURCE = "Stays of the hospital's electronic health record, by its quality department"
YEARS, MINUTES = 3, 60
OPINION, MEMO = (Path(__file__).parent / name for name in ("opinion.pdf", "memo.pdf"))


def draft_agreement() -> None:
    """Begin Lakeshore's second program, draft its year and its agreement; twice is once."""
    hospital = HOSPITALS[1]
    tenant = find_tenant(hospital)
    if tenant is None:
        return
    with tenant_scope(tenant.pk):
        if not Program.objects.filter(name=NAME).exists():
            _draft(hospital, today=tenant.today())


@transaction.atomic
def _draft(hospital: Hospital, *, today: date) -> None:
    by, year = member(Role.CONSULTANT), today.year + 1
    first = Period(date(year, 1, 1), date(year + 1, 1, 1))
    program = _found(hospital, first, by=by)
    memo = MemoFacts(
        purpose="Spine surgery whose patients go home on the day they expect, and stay there.",
        need="No employee of the hospital directs spine surgery across its three operating rooms.",
        alternatives="A medical director alone: rejected, because the goals need both practices.",
        approver=member(Role.CEO).name,
        approver_role=Role.CEO,
        approved_on=today,
    )
    with MEMO.open("rb") as paper:
        write_memo(program=program, facts=memo, document=paper, today=today, by=by)
    begin_work(program, today=today, by=by)
    facts = AgreementFacts(
        title="Spine co-management agreement",
        term=Period(first.start, date(year + YEARS, 1, 1)),
        hospital=f"{hospital.name}, Inc.",
        facility=f"{hospital.name} Spine Center",
        state="IL",
        is_bond_financed=False,
        renewal="by_notice",
        path=ExceptionPath.PERSONAL_SERVICES,
        hospital_address="Legal department, 400 Lakeshore Drive, Waukegan, IL 60085",
        physicians_address="1220 Harbor Street, Suite 300, Waukegan, IL 60085",
    )
    agreement = begin_agreement(program=program, facts=facts, by=by)
    note = "For the first meeting of both counsel"
    version = make_version(agreement=agreement, note=note, by=by)
    change_clause(
        agreement=agreement,
        change=Change("peer-review", "omit"),
        reason="The medical staff bylaws say the same, and more.",
        by=member(Role.COUNSEL),
    )
    get_under_way(program, version, by=by)


def _found(hospital: Hospital, first: Period, *, by: Actor) -> Program:
    """Make the program with physicians, opinion and the draft of its first year."""
    program = create_program(
        name=NAME,
        service_line=ServiceLine.ORTHOPAEDICS,
        alignment_model=AlignmentModel.CO_MANAGEMENT,
        objective="Fewer patients back after spine surgery, and every stay as short as is safe.",
        group_name="Lakeshore Spine Partners, LLC",
        by=by,
    )
    for npi, name, specialty in PHYSICIANS:
        add_participant(
            program=program, npi=npi, name=name, specialty=specialty, joined_on=first.start, by=by
        )
    opinion = OpinionFacts(
        valuator="Prairie Healthcare Appraisal",
        opined_on=date(first.start.year - 1, 11, 2),
        valid_from=first.start,
        valid_until=first.end,
        fixed=Money.from_dollars("150000.00"),
        incentive=Money.from_dollars("100000.00"),
        total=Money.from_dollars("245000.00"),
        hourly_low=Money.from_dollars("205.00"),
        hourly_high=Money.from_dollars("270.00"),
        percentile=60,
        basis=Basis.BOTH,
        assumed_minutes=sum(HOURS.values()) * MINUTES,
    )
    with OPINION.open("rb") as paper:
        filed = file_opinion(program=program, facts=opinion, document=paper, by=by)
    of_year = YearTerms(
        period=first,
        opinion=filed,
        fixed_fee=FIXED,
        incentive_pool=POOL,
        scope=hospital.program.scope,
        missing_rule=MissingRule.REDISTRIBUTE,
        early_end=EarlyEnd.BY_DAYS,
    )
    year = draft_year(program=program, terms=of_year, by=by)
    for goal in hospital.program.goals:
        version = IndicatorVersion.objects.get(indicator__slug=goal.slug)
        terms = replace(indicator_terms(goal, version), data_source=DATA_SOURCE)
        agree_indicator(year=year, terms=terms, by=by)
    for key, hours in HOURS.items():
        agree_duty(year=year, terms=_duty(standard_duties()[key], hours), by=by)
    return program


def _duty(standard: StandardDuty, hours: int) -> DutyTerms:
    """Take a standard duty with the hours that were agreed."""
    return DutyTerms(
        standard.name,
        standard.deliverable,
        Frequency(standard.frequency),
        hours * MINUTES,
        AN_HOUR,
        standard.key,
    )
