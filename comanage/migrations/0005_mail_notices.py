"""Two jobs that tell people, and the hospital's morning, at which one of them runs."""

import datetime

from django.db import migrations, models
from django.utils import timezone


def start_mornings(apps, schema_editor):
    """Give the morning to every hospital that has its night; the first run is due at once."""
    schedules = apps.get_model("comanage", "Schedule").objects
    for night in schedules.filter(kind="nightly_scorecards"):
        schedules.get_or_create(
            tenant_id=night.tenant_id,
            kind="morning_reminders",
            defaults={"local_time": datetime.time(7, 0), "next_run_at": timezone.now()},
        )


class Migration(migrations.Migration):
    """Choices, and a row for each hospital."""

    dependencies = [("comanage", "0004_lay_sealed_files_in_places")]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("check_upload", "Check an uploaded file"),
                    ("remind", "Tell whom a late file or an ending agreement concerns"),
                    ("recompute_scorecard", "Recompute a scorecard"),
                    ("mail_notice", "Mail a notice"),
                    ("render_report", "Render an adjudication report"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="schedule",
            name="kind",
            field=models.CharField(
                choices=[
                    ("nightly_scorecards", "Nightly scorecards"),
                    ("morning_reminders", "Morning reminders"),
                ],
                max_length=40,
            ),
        ),
        migrations.RunPython(start_mornings, migrations.RunPython.noop),
    ]
