"""Put every table of the room behind its tenant."""

from django.db import migrations

from comanage.tenancy.walls import Wall


class Migration(migrations.Migration):
    """Row-level security and composite keys."""

    dependencies = [
        ("indicators", "0001_initial"),
        ("comanage", "0002_wall_in"),
    ]

    operations = [
        Wall("Indicator"),
        Wall("IndicatorVersion", append_only=True),
    ]
