"""Building the demonstration: twice is the same as once."""

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from agreements.credentials.actions import SearchFacts, record_screenings
from agreements.credentials.models import ExclusionList, ScreeningOutcome
from agreements.participants.actions import add_participant, give_seat
from agreements.participants.queries import physicians_of
from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, Program
from agreements.terms.actions import (
    IndicatorTerms,
    TierTerms,
    YearTerms,
    agree_indicator,
    draft_year,
    lock_terms,
    open_period,
)
from agreements.terms.models import EarlyEnd, MissingRule
from agreements.valuations.actions import OpinionFacts, file_opinion
from comanage.clients.actions import allow_api_keys
from comanage.demo import hospitals
from comanage.demo.cast import PASSWORD, Person
from comanage.demo.hospitals import HOSPITALS, OPINED_ON, SIGNED_ON, YEAR, DemoProgram, Hospital
from comanage.identity.actions import grant_membership
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.jobs.schedule import start_schedules
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import person_scope, tenant_scope
from comanage.values.rounding import fraction_from_text
from indicators.library.actions import adopt_indicator
from indicators.library.models import IndicatorVersion
from scorecards.dataagreements.actions import AgreementFacts, file_data_agreement
from scorecards.dataagreements.models import AgreementKind, DataAgreement
from scorecards.feeds.actions import FeedFacts, declare_feed
from scorecards.feeds.models import Cadence
from scorecards.intake.spec import from_document
from scorecards.sandbox.opening import open_sandbox

FEED = Path(__file__).parent / "stays_feed.json"
AGREEMENT = Path(__file__).parent / "agreement.pdf"
ACCESS_FROM = date(2024, 11, 1)
SET_UP = Actor.system("Demonstration")


def build() -> None:
    """Make every demonstration hospital that is not there yet.

    Raises:
        ImproperlyConfigured: the settings do not allow a demonstration.
    """
    if not settings.DEMO_ALLOWED:
        raise ImproperlyConfigured("The demonstration has known passwords; not in production.")
    for hospital in HOSPITALS:
        if find_tenant(hospital) is None:
            _build(hospital)


def open_sandboxes() -> None:
    """Give every demonstration hospital its sandbox, where it has none yet."""
    for hospital in HOSPITALS:
        tenant = find_tenant(hospital)
        if tenant is not None:
            with tenant_scope(tenant.pk):
                open_sandbox(today=tenant.today(), by=SET_UP)


def find_tenant(hospital: Hospital) -> Tenant | None:
    """Find a hospital's tenant through its first member, as a sign-in would."""
    user = User.objects.filter(email=hospital.people[-1].email).first()
    if user is None:
        return None
    with person_scope(user.pk):
        membership = Membership.own.select_related("tenant").first()
    return membership.tenant if membership else None


def member(role: Role) -> Actor:
    """Act as the hospital's member of a role, inside its scope."""
    return Actor.member(Membership.objects.select_related("user").get(role=role))


@transaction.atomic
def _build(hospital: Hospital) -> None:
    tenant = create_tenant(slug=hospital.slug, name=hospital.name, time_zone=hospital.time_zone)
    with tenant_scope(tenant.pk):
        for person in hospital.people:
            _join(person)
        start_schedules(tenant=tenant)
        allow_api_keys(by=member(Role.TENANT_ADMINISTRATOR))
        consultant = member(Role.CONSULTANT)
        program = _found(hospital.program, by=consultant)
        _agree(program, hospital.program, today=tenant.today(), by=consultant)
        owner = Membership.objects.select_related("user").get(role=Role.SERVICE_LINE_ADMINISTRATOR)
        declare_feed(
            facts=FeedFacts(
                name="Inpatient stays",
                source_system="EHR warehouse",
                owner=owner.user,
                agreement=_sign_for_data(today=tenant.today(), by=member(Role.COMPLIANCE)),
                cadence=Cadence.YEARLY,
                first_period_on=YEAR.start,
                due_days=45,
            ),
            spec=from_document(json.loads(FEED.read_text("utf-8"))),
            programs=[program],
            today=tenant.today(),
            by=Actor.member(owner),
        )
        look_up(program, today=tenant.today())


def look_up(program: Program, *, today: date) -> None:
    """Record, as compliance, that nobody of a program, nor its group, is on the lists."""
    record_screenings(
        program=program,
        physicians=physicians_of(program),
        facts=SearchFacts(tuple(ExclusionList), today, ScreeningOutcome.CLEAR, with_group=True),
        today=today,
        by=member(Role.COMPLIANCE),
    )


def _sign_for_data(*, today: date, by: Actor) -> DataAgreement:
    facts = AgreementFacts(
        kind=AgreementKind.BUSINESS_ASSOCIATE,
        counterparty="Harbor Advisers",
        permitted_uses="Measuring, paying and auditing the co-management program.",
        signed_on=OPINED_ON,
        valid_from=OPINED_ON,
        valid_until=None,
    )
    with AGREEMENT.open("rb") as document:
        return file_data_agreement(facts=facts, document=document, renews=None, today=today, by=by)


def _join(person: Person) -> None:
    membership = grant_membership(
        email=person.email,
        name=person.name,
        role=person.role,
        starts_on=ACCESS_FROM,
        ends_on=None,
        by=SET_UP,
    )
    if not membership.user.has_usable_password():
        membership.user.password = _password_hash()
        membership.user.save(update_fields=["password"])


@cache
def _password_hash() -> str:
    """Hash the one password once; hashing is slow on purpose."""
    return make_password(PASSWORD)


def _found(plan: DemoProgram, *, by: Actor) -> Program:
    program = create_program(
        name=plan.name,
        service_line=plan.service_line,
        alignment_model=AlignmentModel.CO_MANAGEMENT,
        objective=plan.objective,
        group_name=plan.group,
        by=by,
    )
    for npi, name, specialty in plan.physicians:
        add_participant(
            program=program, npi=npi, name=name, specialty=specialty, joined_on=YEAR.start, by=by
        )
    for membership in Membership.objects.filter(role__in=[Role.PHYSICIAN_MANAGER, Role.PHYSICIAN]):
        give_seat(program=program, membership=membership, by=by)
    return program


def _agree(program: Program, plan: DemoProgram, *, today: date, by: Actor) -> None:
    fixed, incentive, total = plan.caps
    facts = OpinionFacts(
        valuator=plan.valuator,
        opined_on=OPINED_ON,
        valid_from=YEAR.start,
        valid_until=YEAR.end,
        fixed=fixed,
        incentive=incentive,
        total=total,
    )
    terms = YearTerms(
        period=YEAR,
        opinion=file_opinion(program=program, facts=facts, by=by),
        fixed_fee=plan.fixed_fee,
        incentive_pool=plan.incentive_pool,
        scope=plan.scope,
        missing_rule=MissingRule.REDISTRIBUTE,
        early_end=EarlyEnd.BY_DAYS,
    )
    year = draft_year(program=program, terms=terms, by=by)
    for goal in plan.goals:
        agree_indicator(
            year=year, terms=indicator_terms(goal, adopt_indicator(slug=goal.slug, by=by)), by=by
        )
    lock_terms(year=year, signed_on=SIGNED_ON, by=by)
    open_period(year=year, today=today, by=by)


def indicator_terms(goal: hospitals.Goal, version: IndicatorVersion) -> IndicatorTerms:
    """Say what the demonstration agrees on one indicator."""
    numerator, denominator = hospitals.baseline(goal)
    return IndicatorTerms(
        version=version,
        weight=goal.weight,
        minimum_cases=20,
        compare_places=goal.places,
        baseline_numerator=numerator,
        baseline_denominator=denominator,
        baseline_source=hospitals.BASELINE_SOURCE,
        tiers=_tiers(goal.tiers),
        later=tuple(_tiers(tiers) for tiers in goal.later),
    )


def _tiers(tiers: Iterable[tuple[str, str, str]]) -> tuple[TierTerms, ...]:
    return tuple(
        TierTerms(name, fraction_from_text(at), fraction_from_text(share))
        for name, at, share in tiers
    )
