"""Keys are changed without touching a file, and what lay in the clear is sealed."""

import base64
import io
import os
import secrets
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.utils import timezone

from comanage.audit.models import Event
from comanage.jobs.kinds import ScheduleKind
from comanage.jobs.schedule import start_schedule
from comanage.settings import environment
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.scope import tenant_scope
from comanage.vault.files import opened, seal, sweep
from comanage.vault.keys import LostKeyError, open_text, seal_text
from comanage.vault.models import SealedFile, SealedKind, TenantKey
from tests.ground import storage_in

CASES = b"encounter_id,age\nE1,64\n"
NEW = secrets.token_bytes(32)


@pytest.fixture
def hospitals(db, tmp_path):
    with storage_in(tmp_path / "storage"):
        made = [
            create_tenant(slug=slug, name=slug, time_zone="America/Chicago")
            for slug in ("vaulted", "elsewhere")
        ]
        for tenant in made:
            start_schedule(tenant=tenant, kind=ScheduleKind.NIGHTLY_SCORECARDS)
        yield made


@pytest.fixture
def kept(hospitals):
    """One file and one secret at each hospital."""
    secret = {}
    for tenant in hospitals:
        with tenant_scope(tenant.pk):
            seal(io.BytesIO(CASES), name=f"{tenant.pk}/uploads/a", kind=SealedKind.UPLOAD)
            secret[tenant.pk] = seal_text("whsec", purpose="webhook")
    return secret


def stored() -> dict[Path, bytes]:
    paths = Path(settings.STORAGE_FOLDER).rglob("*")
    return {path: path.read_bytes() for path in paths if path.is_file()}


def read(tenant, name="uploads/a"):
    with tenant_scope(tenant.pk), opened(f"{tenant.pk}/{name}") as clear:
        return clear.read()


def test_a_rotated_key_opens_everything_without_the_old_one(hospitals, kept, settings):
    before, old = stored(), settings.MASTER_KEYS
    settings.MASTER_KEYS = (NEW, *old)

    call_command("rotate_keys", stdout=io.StringIO())
    settings.MASTER_KEYS = (NEW,)

    assert stored() == before  # not a byte was touched
    for tenant in hospitals:
        assert read(tenant) == CASES
        with tenant_scope(tenant.pk):
            assert open_text(kept[tenant.pk], purpose="webhook") == "whsec"
            assert SealedFile.objects.get().key_version == TenantKey.objects.first().version == 2
            event = Event.objects.get(kind="vault.keys_rotated")
            assert event.details == {"files": 1, "keys": 2}
    settings.MASTER_KEYS = old
    with pytest.raises(LostKeyError):
        read(hospitals[0])


def test_before_the_rotation_the_old_key_still_opens(hospitals, kept, settings):
    settings.MASTER_KEYS = (NEW, *settings.MASTER_KEYS)

    assert read(hospitals[0]) == CASES


def test_a_lost_installation_key_is_said_in_a_sentence_and_changes_nothing(
    hospitals, kept, settings
):
    old = settings.MASTER_KEYS
    settings.MASTER_KEYS = (NEW,)

    with pytest.raises(CommandError, match="No key in COMANAGE_MASTER_KEY opens"):
        call_command("rotate_keys", stdout=io.StringIO())
    settings.MASTER_KEYS = old
    assert read(hospitals[0]) == CASES


def test_what_lay_in_the_clear_is_sealed_under_its_name(
    hospitals, django_capture_on_commit_callbacks
):
    (here, there), out = hospitals, io.StringIO()
    for tenant, folder in ((here, "uploads"), (here, "slices"), (there, "reports")):
        default_storage.save(f"{tenant.pk}/{folder}/a", ContentFile(CASES))

    with django_capture_on_commit_callbacks(execute=True):
        call_command("seal_stored", stdout=out)
    call_command("seal_stored", stdout=out)

    assert out.getvalue() == "3 files sealed.\n0 files sealed.\n"
    assert not [path for path, content in stored().items() if CASES in content]
    assert len(stored()) == 3
    assert read(here) == read(here, "slices/a") == read(there, "reports/a") == CASES


def test_bytes_that_no_row_points_to_are_swept_up(hospitals):
    tenant, old = hospitals[0], timezone.now() - timedelta(days=2)
    with tenant_scope(tenant.pk):
        file = seal(io.BytesIO(CASES), name=f"{tenant.pk}/uploads/a", kind=SealedKind.UPLOAD)
        for name in ("uploads/stray.sealed", "uploads/new.sealed", "uploads/plain"):
            default_storage.save(f"{tenant.pk}/{name}", ContentFile(b"x"))
        for name in ("uploads/stray.sealed", "uploads/plain"):
            path = default_storage.path(f"{tenant.pk}/{name}")
            os.utime(path, (old.timestamp(), old.timestamp()))
        os.utime(default_storage.path(file.place), (old.timestamp(), old.timestamp()))

        assert sweep(before=timezone.now() - timedelta(days=1)) == 1

    left = {path.name for path in stored()}
    assert left == {Path(file.place).name, "new.sealed", "plain"}


GOOD = base64.b64encode(bytes(32)).decode()


def test_the_installations_keys_are_read_in_order():
    assert environment.keys(f"{GOOD}, {base64.b64encode(NEW).decode()}") == (bytes(32), NEW)


@pytest.mark.parametrize("text", ["", "short", "AAAA", f"{GOOD},", f"{GOOD}!", "x" * 44])
def test_what_is_no_key_says_how_to_make_one(text):
    with pytest.raises(ImproperlyConfigured, match="openssl rand -base64 32"):
        environment.keys(text)
