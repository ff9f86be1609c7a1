"""Make what each feed declares the first version of its map."""

from django.db import migrations

from comanage.values.canonical import sha256_of

# The owner of the tables stands behind the walls too, and sees no tenant's rows.
TABLES = ("scorecards_feed", "scorecards_feedmap", "scorecards_upload")


def _set_walls(schema_editor, word):
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in TABLES:
        schema_editor.execute(f'ALTER TABLE "{table}" {word} ROW LEVEL SECURITY')


def copy_columns(apps, schema_editor):
    """Copy every feed's columns, in the same order, and let its uploads name them."""
    feeds, maps, uploads = (
        apps.get_model("scorecards", name)._base_manager for name in ("Feed", "FeedMap", "Upload")
    )
    _set_walls(schema_editor, "NO FORCE")
    for feed in feeds.all():
        first = maps.create(
            tenant_id=feed.tenant_id,
            feed=feed,
            version=1,
            spec=feed.spec,
            sha256=sha256_of(feed.spec),
        )
        uploads.filter(feed=feed).update(map=first)
    _set_walls(schema_editor, "FORCE")


class Migration(migrations.Migration):
    """Data only."""

    dependencies = [("scorecards", "0004_maps_calendars_and_restatements")]

    operations = [migrations.RunPython(copy_columns, migrations.RunPython.noop)]
