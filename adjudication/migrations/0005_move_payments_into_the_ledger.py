"""Book what authorized years owe and what was paid of it, so that no payment stands elsewhere."""

import json

from django.db import migrations

from comanage.values.money import Money

# The owner of the tables stands behind the walls too, and sees no tenant's rows.
TABLES = (
    *("adjudication_paymententry", "adjudication_snapshot", "adjudication_signoff"),
    *("adjudication_ledgerentry", "agreements_measurementyear", "agreements_program"),
    "agreements_opinion",
)
STEPS = 5
CLAUSES = {
    "fixed_fee": "Compensation exhibit, fixed fee",
    "incentive": "Compensation exhibit, incentive fee",
}


def _set_walls(schema_editor, word):
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        schema_editor.execute(f'ALTER TABLE "{table}" {word} ROW LEVEL SECURITY')


def _entry(entries, year, **facts):
    sequence = entries.filter(program_id=year.program_id).count() + 1
    return entries.create(
        tenant_id=year.tenant_id,
        program_id=year.program_id,
        year=year,
        sequence=sequence,
        starts_on=year.starts_on,
        ends_on=year.ends_on,
        **facts,
    )


def _book(entries, year, snapshot, ceo, payments):
    """Book a year's statement, and a payment for each line that was paid."""
    for line in json.loads(snapshot.canonical)["result"]["statement"]["lines"]:
        about = {
            "component": line["component"],
            "snapshot": snapshot,
            "payee_id": year.program.group_id,
        }
        _entry(
            entries,
            year,
            kind="due",
            side="owed",
            amount=Money.from_dollars(line["amount"]),
            reason=line["basis"],
            clause=CLAUSES[line["component"]],
            recorded_at=ceo.signed_at,
            recorded_by_id=ceo.signed_by_id,
            **about,
        )
        for paid in (paid for paid in payments if paid.component == line["component"]):
            _entry(
                entries,
                year,
                kind="paid",
                side="settled",
                amount=-paid.amount,
                paid_on=paid.paid_on,
                reference=paid.reference,
                reason=f"Paid, reference {paid.reference}.",
                clause="Payment and reconciliation",
                recorded_at=paid.recorded_at,
                recorded_by_id=paid.recorded_by_id,
                **about,
            )


def move_payments(apps, schema_editor):
    """Book each year that everybody signed from its newest snapshot, or the one that was paid."""
    names = ("Snapshot", "SignOff", "PaymentEntry", "LedgerEntry")
    snapshots, sign_offs, payments, entries = (
        apps.get_model("adjudication", name)._base_manager for name in names
    )
    years = apps.get_model("agreements", "MeasurementYear")._base_manager
    _set_walls(schema_editor, "NO FORCE")
    for year in years.select_related("program").order_by("program_id", "starts_on"):
        paid = list(payments.filter(year=year))
        of_year = snapshots.filter(year=year).order_by("-number")
        snapshot = of_year.filter(pk=paid[0].snapshot_id).first() if paid else of_year.first()
        signed = sign_offs.filter(snapshot=snapshot).exclude(decision="returned") if snapshot else ()
        ceo = next((each for each in signed if each.step == "ceo"), None)
        if ceo is not None and len(signed) == STEPS:
            _book(entries, year, snapshot, ceo, paid)
    _set_walls(schema_editor, "FORCE")


def give_payments_back(apps, schema_editor):
    """Keep the payment of each year's component as it stood before there was a ledger."""
    payments = apps.get_model("adjudication", "PaymentEntry")._base_manager
    entries = apps.get_model("adjudication", "LedgerEntry")._base_manager
    _set_walls(schema_editor, "NO FORCE")
    for paid in entries.filter(kind="paid", snapshot__isnull=False, number=1):
        payments.create(
            tenant_id=paid.tenant_id,
            year_id=paid.year_id,
            snapshot_id=paid.snapshot_id,
            component=paid.component,
            payee_id=paid.payee_id,
            amount=-paid.amount,
            paid_on=paid.paid_on,
            reference=paid.reference,
            recorded_at=paid.recorded_at,
            recorded_by_id=paid.recorded_by_id,
        )
    _set_walls(schema_editor, "FORCE")


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("adjudication", "0004_keep_a_ledger")]

    operations = [migrations.RunPython(move_payments, give_payments_back)]
