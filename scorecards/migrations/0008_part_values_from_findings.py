"""What a finding says is apart from the value that it is about."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Schema only."""

    dependencies = [("scorecards", "0007_renew_data_agreements")]

    operations = [
        migrations.AddField(
            model_name="uploadfinding",
            name="value",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Of the cell, for whoever may send files.",
                max_length=120,
            ),
            preserve_default=False,
        ),
    ]
