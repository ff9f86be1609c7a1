"""Every upload names its map, and a feed's columns stand in its maps alone."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema only."""

    dependencies = [("scorecards", "0005_copy_declared_columns_into_maps")]

    operations = [
        migrations.AlterField(
            model_name="upload",
            name="map",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="scorecards.feedmap",
            ),
        ),
        migrations.RemoveField(model_name="feed", name="spec"),
    ]
