"""Whatever the roles do in whatever order: the laws of an adjudication hold after every deed."""

import json

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from adjudication.payments.models import Component, LedgerEntry
from adjudication.years.actions import freeze_year
from adjudication.years.models import Decision, SignOff, Snapshot
from adjudication.years.queries import standing
from adjudication.years.snapshot import recompute, statement_of
from adjudication.years.steps import ORDER, OWNER, Step
from agreements.terms.models import MeasurementYear, YearStatus
from comanage.audit.queries import verify_chain
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.web.errors import PolicyError
from tests.ground import hand_in, stays
from tests.laws import examples
from tests.signing import book, send_back, sign

ROLES = [role for role in Role if role is not Role.EXTRACT_CLIENT]
roles = st.sampled_from(ROLES)
likely_preparers = st.sampled_from([Role.CONSULTANT, Role.SERVICE_LINE_ADMINISTRATOR])
PAID_COMPONENTS = [Component.FIXED_FEE, Component.INCENTIVE]


class Adjudication(RuleBasedStateMachine):
    """One year in the hands of everybody; each example is undone at its end."""

    year_pk = None

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.uploads = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @property
    def year(self):
        return MeasurementYear.objects.get(pk=self.year_pk)

    @rule(role=likely_preparers)
    def freeze(self, role):
        attempt(freeze_year, year=self.year, by=member(role))

    @rule()
    def sign_what_is_due_by_its_owner(self):
        due = standing(self.year).next_step
        if due is not None:
            attempt(sign, self.year, due)

    @rule()
    def sign_all_that_is_due(self):
        while (due := standing(self.year).next_step) is not None:
            before = len(standing(self.year).sign_offs)
            attempt(sign, self.year, due)
            if len(standing(self.year).sign_offs) == before:
                break  # its owner froze the year

    @rule(step=st.sampled_from(ORDER), role=roles)
    def sign_anything_by_anybody(self, step, role):
        attempt(sign, self.year, step, by=member(role))

    @rule(step=st.sampled_from(ORDER), reason=st.sampled_from(["", "A slice is missing."]))
    def send_back(self, step, reason):
        attempt(send_back, self.year, step, reason)

    @rule(role=st.just(Role.FINANCE) | roles)
    def pay(self, role):
        attempt(book, self.year, by=member(role))

    @precondition(lambda self: self.uploads < 1)
    @rule(readmitted=st.integers(0, 4))
    def upload(self, readmitted):
        self.uploads += 1
        attempt(hand_in, stays(30, readmitted=readmitted))

    @invariant()
    def a_year_is_paid_at_most_once_and_as_authorized(self):
        entries = list(LedgerEntry.objects.filter(kind="paid").select_related("snapshot"))
        assert [entry.component for entry in entries] in ([], PAID_COMPONENTS)
        for entry in entries:
            stated = statement_of(json.loads(entry.snapshot.canonical))["lines"]
            amounts = {line["component"]: line["amount"] for line in stated}
            assert -entry.amount == Money.from_dollars(amounts[entry.component])
        if entries:
            now = standing(self.year)
            assert now.is_authorized
            assert {entry.snapshot_id for entry in entries} == {now.snapshot.pk}
            assert self.year.status == YearStatus.CLOSED

    @invariant()
    def nobody_signs_twice_or_what_they_froze_or_pays_what_they_signed(self):
        for snapshot in Snapshot.objects.all():
            signed = list(SignOff.objects.filter(snapshot=snapshot))
            people = [sign_off.signed_by_id for sign_off in signed]
            assert len(set(people)) == len(people)
            assert snapshot.frozen_by_id not in people
            paid = LedgerEntry.objects.filter(snapshot=snapshot, kind="paid")
            payers = {entry.recorded_by_id for entry in paid}
            assert payers.isdisjoint(people)
            owners = {step: member(owner).id for step, owner in OWNER.items()}
            assert all(s.signed_by_id == owners[Step(s.step)] for s in signed)

    @invariant()
    def steps_are_taken_in_order_and_nothing_follows_a_return(self):
        for snapshot in Snapshot.objects.all():
            signed = SignOff.objects.filter(snapshot=snapshot).order_by("signed_at")
            assert [s.step for s in signed] == list(ORDER[: len(signed)])
            decisions = [s.decision for s in signed]
            assert Decision.RETURNED not in decisions[:-1]

    @invariant()
    def every_snapshot_recomputes_and_the_trail_holds(self):
        newest = standing(self.year).snapshot
        assert newest is None or recompute(newest.canonical)
        assert verify_chain().holds


def attempt(deed, *given, **named):
    """Do something that a rule may refuse."""
    try:
        with transaction.atomic():
            deed(*given, **named)
    except PolicyError:
        return


def test_no_order_of_deeds_pays_twice_or_lets_one_person_do_two_steps(computed):
    class OfThisYear(Adjudication):
        year_pk = computed.pk

    run_state_machine_as_test(
        OfThisYear,
        settings=settings(
            max_examples=examples(10),
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
