"""Put every table of the room behind its tenant."""

from django.db import migrations

from comanage.tenancy.walls import Wall


class Migration(migrations.Migration):
    """Row-level security and composite keys."""

    dependencies = [
        ("scorecards", "0001_initial"),
        ("comanage", "0002_wall_in"),
        ("agreements", "0002_wall_in"),
    ]

    operations = [
        Wall("Feed"),
        Wall("FeedUse"),
        Wall("Upload"),
        Wall("UploadFinding", append_only=True),
        Wall("Slice", append_only=True),
        Wall("Scorecard", append_only=True),
    ]
