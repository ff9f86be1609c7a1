"""Payments stand in the ledger alone."""

from django.db import migrations


class Migration(migrations.Migration):
    """Schema only. Going back, the table gets its wall again before it gets its rows."""

    dependencies = [("adjudication", "0005_move_payments_into_the_ledger")]

    operations = [
        migrations.RunSQL(
            migrations.RunSQL.noop,
            'ALTER TABLE "adjudication_paymententry" ENABLE ROW LEVEL SECURITY; '
            'ALTER TABLE "adjudication_paymententry" FORCE ROW LEVEL SECURITY; '
            'CREATE POLICY "adjudication_paymententry_wall" ON "adjudication_paymententry" '
            "TO comanage_app USING (tenant_id = current_setting('comanage.tenant_id')::uuid) "
            "WITH CHECK (tenant_id = current_setting('comanage.tenant_id')::uuid)",
        ),
        migrations.DeleteModel(name="PaymentEntry"),
    ]
