"""Put every table of the room behind its tenant."""

from django.db import migrations

from comanage.tenancy.walls import OWN_HOSPITAL, OWN_MEMBERSHIP, Wall


class Migration(migrations.Migration):
    """Row-level security and composite keys."""

    dependencies = [
        ("comanage", "0001_initial"),
    ]

    operations = [
        Wall("Membership", predicate=OWN_MEMBERSHIP),
        Wall("ExtractClient"),
        Wall("Event", append_only=True),
        Wall("Job"),
        Wall("Tenant", predicate=OWN_HOSPITAL),
    ]
