"""Both hospitals with a paid year each, built once for a module; each test is undone after it.

The world lives in a transaction of its own around the module; pytest-django's `db` makes each
test a savepoint in it. So never put a transactional test into a module that uses `world`.
Take the fixtures by `from tests.settled import settled, world`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client, override_settings

from adjudication.package.actions import keep_report
from adjudication.package.models import Stage
from adjudication.payments.queries import READ_LEDGER
from adjudication.years.models import Snapshot
from agreements.programs.actions import create_program
from agreements.programs.models import AlignmentModel, Program, ServiceLine
from agreements.terms.actions import YearTerms, agree_indicator, draft_year
from agreements.terms.models import MissingRule
from agreements.valuations.actions import OpinionFacts, file_opinion
from comanage.clients.actions import create_extract_client
from comanage.demo.build import indicator_terms, member
from comanage.demo.hospitals import HOSPITALS
from comanage.identity.actor import Actor
from comanage.identity.models import Membership, User
from comanage.identity.roles import Role
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from comanage.values.canonical import sha256_of
from comanage.values.money import Money
from comanage.values.period import Period
from indicators.library.models import IndicatorVersion
from scorecards.baselines.models import Baseline
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from tests.rows import fill_other_tables
from tests.worlds import hand_in, pay, sign_everything, two_hospitals

__all__ = ["settled", "world"]

SPECIALTY = {"riverside": b"Cardiology", "lakeshore": b"Orthopedics"}
OTHER_PROGRAM = "Neuroscience co-management"
OTHER_YEAR = Period(date(2025, 1, 1), date(2026, 1, 1))


@dataclass
class World:
    """The two hospitals, their machines' keys, and a program at each that nobody sits in."""

    riverside: Tenant
    lakeshore: Tenant
    keys: dict[UUID, str] = field(default_factory=dict)

    def user(self, tenant: Tenant, role: Role) -> User:
        """Return the person of a role."""
        with tenant_scope(tenant.pk):
            return Membership.objects.select_related("user").get(role=role).user

    def actor(self, tenant: Tenant, role: Role) -> Actor:
        """Return the actor of a role."""
        with tenant_scope(tenant.pk):
            return member(role)

    def browser(self, tenant: Tenant, role: Role) -> Client:
        """Return a browser in which the person of a role is signed in."""
        browser = Client()
        browser.force_login(self.user(tenant, role))
        return browser

    def machine(self, tenant: Tenant) -> Client:
        """Return an API client with the hospital's key."""
        return Client(headers={"Authorization": f"Bearer {self.keys[tenant.pk]}"})


@contextmanager
def undone() -> Iterator[None]:
    """Run a block and take back everything it wrote."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def build_world() -> World:
    """Take both hospitals from nothing to a paid year."""
    world = World(*two_hospitals())
    for tenant, hospital in zip((world.riverside, world.lakeshore), HOSPITALS, strict=True):
        hand_in(tenant, b"encounter_id,age\n1,x\n", filename="wrong.csv")
        hand_in(tenant, _a_few_cases(SPECIALTY[hospital.slug]), filename="stays.csv")
        sign_everything(tenant)
        pay(tenant)
        with tenant_scope(tenant.pk):
            _keep_reports()
        with tenant_scope(tenant.pk):
            _found_other_program(by=member(Role.CONSULTANT))
            _, world.keys[tenant.pk] = create_extract_client(
                name="EHR extract",
                scopes=[write_scope(Feed.objects.get()), READ_SCORECARDS, READ_LEDGER],
                by=member(Role.TENANT_ADMINISTRATOR),
            )
            fill_other_tables(Membership.objects.get(role=Role.TENANT_ADMINISTRATOR).user)
    return world


def _a_few_cases(specialty: bytes) -> bytes:
    """Take 300 cases of one specialty out of the published extract: enough for a rate."""
    header, *lines = HOSPITALS[0].program.extract.read_bytes().splitlines(keepends=True)
    return b"".join([header, *[line for line in lines if specialty in line][:300]])


def _keep_reports() -> None:
    """Keep both reports as the report run would; typesetting has its own tests."""
    snapshot = Snapshot.objects.get()
    for stage in Stage:
        pdf = f"%PDF-1.7 {snapshot.sha256} {stage}".encode()
        keep_report(
            snapshot=snapshot, stage=stage, pdf=pdf, records="", by=Actor.system("Report run")
        )


def _found_other_program(*, by: Actor) -> Program:
    program = create_program(
        name=OTHER_PROGRAM,
        service_line=ServiceLine.NEUROSCIENCE,
        alignment_model=AlignmentModel.CO_MANAGEMENT,
        objective="Faster stroke care.",
        group_name="Neuro Partners",
        by=by,
    )
    amount = Money.from_dollars("1000.00")
    facts = OpinionFacts(
        valuator="Northgate Valuation Partners",
        opined_on=date(2024, 11, 1),
        valid_from=OTHER_YEAR.start,
        valid_until=OTHER_YEAR.end,
        fixed=amount,
        incentive=amount,
        total=amount + amount,
    )
    terms = YearTerms(
        period=OTHER_YEAR,
        opinion=file_opinion(program=program, facts=facts, by=by),
        fixed_fee=amount,
        incentive_pool=amount,
        scope="",
        missing_rule=MissingRule.REDISTRIBUTE,
    )
    year = draft_year(program=program, terms=terms, by=by)
    goal = HOSPITALS[0].program.goals[0]
    version = IndicatorVersion.objects.get(indicator__slug=goal.slug)
    agree_indicator(year=year, terms=indicator_terms(goal, version), by=by)
    _keep_baseline(program, version)
    return program


def _keep_baseline(program: Program, version: IndicatorVersion) -> None:
    """Keep a frozen baseline as the action would; counting has its own tests."""
    Baseline.objects.create(
        program=program,
        version=version,
        starts_on=date(2024, 1, 1),
        ends_on=OTHER_YEAR.start,
        document={},
        sha256=sha256_of({}),
    )


@pytest.fixture(scope="module")
def settled(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Build the world inside one transaction that is taken back at the end of the module."""
    storages = {name: dict(given) for name, given in settings.STORAGES.items()}
    storages["default"]["OPTIONS"] = storages["default"]["OPTIONS"] | {
        "location": str(tmp_path_factory.mktemp("storage"))
    }
    with django_db_blocker.unblock(), override_settings(STORAGES=storages):
        with undone():
            built = build_world()
            connection.check_constraints()
            yield built
        connection.close()


@pytest.fixture
def world(settled: World, db: None) -> World:
    """Give a test the world; `db` takes back what the test does to it."""
    return settled
