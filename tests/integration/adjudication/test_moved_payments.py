"""The data step that moved payments into the ledger, on real rows."""

from contextlib import contextmanager
from importlib import import_module

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from adjudication.payments.models import LedgerEntry
from adjudication.years.models import Snapshot
from adjudication.years.steps import Step
from comanage.demo.build import member
from comanage.identity.roles import Role
from comanage.tenancy.scope import tenant_scope
from comanage.values.money import Money
from tests.conftest import OWNER, acting_as
from tests.ground import FIXED_FEE, INCENTIVE, hand_in, open_year, small_hospital, stays, storage_in
from tests.signing import PAID_ON, freeze, sign_up_to

pytestmark = pytest.mark.django_db

MOVE = ("adjudication", "0005_move_payments_into_the_ledger")
DROP = ("adjudication", "0006_drop_the_payment_table")
step = import_module(".".join([MOVE[0], "migrations", MOVE[1]]))


@contextmanager
def editing():
    """Change tables as their owner, inside the transaction of the test, which takes it back."""
    connection.check_constraints()
    with acting_as(OWNER), connection.schema_editor(atomic=False) as editor:
        yield editor


def empty(editor, table):
    """Take a table's rows away, past its guards: what was kept is put there by the step alone."""
    editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for word in ("DISABLE TRIGGER USER", "NO FORCE ROW LEVEL SECURITY"):
        editor.execute(f"ALTER TABLE {table} {word}")
    editor.execute(f"DELETE FROM {table}")
    for word in ("FORCE ROW LEVEL SECURITY", "ENABLE TRIGGER USER"):
        editor.execute(f"ALTER TABLE {table} {word}")


def settled_years(tmp_path):
    """A paid year at one hospital, an authorized one at another, a frozen one at a third."""
    with storage_in(tmp_path):
        for slug, last in (("north", Step.CEO), ("south", Step.CEO), ("west", Step.COUNSEL)):
            tenant = small_hospital(slug)
            with tenant_scope(tenant.pk):
                year = open_year()
                hand_in(stays())
                freeze(year)
                sign_up_to(year, last)
            yield tenant, year


def test_payments_and_what_they_paid_stand_in_the_ledger_and_can_go_back(tmp_path):
    north, south, west = settled_years(tmp_path)
    loader = MigrationExecutor(connection).loader
    with editing() as editor:
        loader.get_migration(*DROP).unapply(loader.project_state(MOVE), editor)
        empty(editor, "adjudication_ledgerentry")
    apps = loader.project_state(MOVE).apps
    payments = apps.get_model("adjudication", "PaymentEntry")._base_manager
    with tenant_scope(north[0].pk):
        for component, amount in (("fixed_fee", FIXED_FEE), ("incentive", INCENTIVE)):
            payments.create(
                year_id=north[1].pk,
                snapshot_id=Snapshot.objects.get().pk,
                component=component,
                payee_id=north[1].program.group_id,
                amount=amount,
                paid_on=PAID_ON,
                reference="AP-1",
                recorded_at=north[1].locked_at,
                recorded_by_id=member(Role.FINANCE).id,
            )

    with editing() as editor:
        step.move_payments(apps, editor)

    assert booked(north) == [
        (1, "due", "fixed_fee", FIXED_FEE),
        (2, "paid", "fixed_fee", -FIXED_FEE),
        (3, "due", "incentive", INCENTIVE),
        (4, "paid", "incentive", -INCENTIVE),
    ]
    assert booked(south) == [(1, "due", "fixed_fee", FIXED_FEE), (2, "due", "incentive", INCENTIVE)]
    assert booked(west) == []
    with tenant_scope(north[0].pk):
        payer = LedgerEntry.objects.get(sequence=2)
        assert (payer.recorded_by_id, payer.paid_on) == (member(Role.FINANCE).id, PAID_ON)
        before = sorted(payments.values_list("component", "amount", "reference"))
    with editing() as editor:
        empty(editor, "adjudication_paymententry")
        step.give_payments_back(apps, editor)
    with tenant_scope(north[0].pk):
        assert sorted(payments.values_list("component", "amount", "reference")) == before
        assert before == [("fixed_fee", FIXED_FEE, "AP-1"), ("incentive", INCENTIVE, "AP-1")]


def booked(settled) -> list[tuple[int, str, str, Money]]:
    tenant, _ = settled
    with tenant_scope(tenant.pk):
        return list(LedgerEntry.objects.values_list("sequence", "kind", "component", "amount"))
