"""An agreement names the one it renews, so that its feeds go on without anybody touching them."""

import django.db.models.deletion
from django.db import migrations, models

from comanage.tenancy.walls import SameTenant


class Migration(migrations.Migration):
    """Schema only."""

    dependencies = [("scorecards", "0006_require_maps")]

    operations = [
        migrations.AddField(
            model_name="dataagreement",
            name="renews",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="renewals",
                to="scorecards.dataagreement",
            ),
        ),
        migrations.AddConstraint(
            model_name="dataagreement",
            constraint=models.UniqueConstraint(
                fields=("tenant", "renews"), name="data_agreement_renewed_once"
            ),
        ),
        SameTenant("DataAgreement", "renews"),
    ]
