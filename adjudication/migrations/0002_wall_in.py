"""Put every table of the room behind its tenant."""

from django.db import migrations

from comanage.tenancy.walls import Wall


class Migration(migrations.Migration):
    """Row-level security and composite keys."""

    dependencies = [
        ("adjudication", "0001_initial"),
        ("comanage", "0002_wall_in"),
        ("agreements", "0002_wall_in"),
        ("scorecards", "0002_wall_in"),
    ]

    operations = [
        Wall("Snapshot", append_only=True),
        Wall("SignOff", append_only=True),
        Wall("PaymentEntry", append_only=True),
        Wall("Report", append_only=True),
    ]
