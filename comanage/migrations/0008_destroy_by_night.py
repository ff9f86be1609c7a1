"""The job that destroys what is due, and the night in which it runs."""

import datetime

from django.db import migrations, models


def start_nights(apps, schema_editor):
    """Give the night to every hospital that has its scorecards by night, from the next one on."""
    schedules = apps.get_model("comanage", "Schedule").objects
    for night in schedules.filter(kind="nightly_scorecards"):
        schedules.get_or_create(
            tenant_id=night.tenant_id,
            kind="nightly_retention",
            defaults={"local_time": datetime.time(3, 0), "next_run_at": night.next_run_at},
        )


class Migration(migrations.Migration):
    """Choices, and a row for each hospital."""

    dependencies = [("comanage", "0007_let_files_be_weighed_again")]

    operations = [
        migrations.AlterField(
            model_name="job",
            name="kind",
            field=models.CharField(
                choices=[
                    ("join_parts", "Join the parts of an uploaded file"),
                    ("check_upload", "Check an uploaded file"),
                    ("remind", "Tell whom a late file or an ending agreement concerns"),
                    ("weigh_upload", "Compare a file that waits with what counts"),
                    ("recompute_scorecard", "Recompute a scorecard"),
                    ("mail_notice", "Mail a notice"),
                    ("destroy_due_files", "Destroy the files whose time is over"),
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
                    ("nightly_retention", "Nightly destruction of files"),
                ],
                max_length=40,
            ),
        ),
        migrations.RunPython(start_nights, migrations.RunPython.noop),
    ]
