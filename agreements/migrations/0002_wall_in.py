"""Put every table of the room behind its tenant."""

from django.db import migrations

from comanage.tenancy.walls import Wall


class Migration(migrations.Migration):
    """Row-level security and composite keys."""

    dependencies = [
        ("agreements", "0001_initial"),
        ("comanage", "0002_wall_in"),
        ("indicators", "0002_wall_in"),
    ]

    operations = [
        Wall("PhysicianGroup"),
        Wall("Physician"),
        Wall("Program"),
        Wall("Participant"),
        Wall("ProgramSeat"),
        Wall("Opinion", append_only=True),
        Wall("MeasurementYear"),
        Wall("AgreedIndicator"),
        Wall("Tier"),
    ]
