"""Files in storage: sealed for one tenant and name, opened from any place, gone with their key."""

import io
import stat
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from comanage.tenancy.actions import create_tenant
from comanage.tenancy.scope import tenant_scope
from comanage.vault.files import (
    FileGoneError,
    NameTakenError,
    copy_out,
    opened,
    seal,
    shred,
    unlock,
)
from comanage.vault.keys import LostKeyError, open_text, seal_text
from comanage.vault.models import SealedFile, SealedKind, TenantKey
from comanage.vault.stream import DamagedFileError
from tests.ground import storage_in

CASES = b"encounter_id,age\nE1,64\n" * 100


@pytest.fixture
def hospitals(db, tmp_path):
    with storage_in(tmp_path / "storage"):
        yield [
            create_tenant(slug=slug, name=slug, time_zone="America/Chicago")
            for slug in ("vaulted", "elsewhere")
        ]


@pytest.fixture
def tenant(hospitals):
    with tenant_scope(hospitals[0].pk):
        yield hospitals[0]


def keep(tenant, content=CASES, *, name="uploads/a", kind=SealedKind.UPLOAD):
    return seal(io.BytesIO(content), name=f"{tenant.pk}/{name}", kind=kind)


def read(name):
    with opened(name) as clear:
        return clear.read()


def path_of(file: SealedFile) -> Path:
    return Path(default_storage.path(file.place))


def stored_paths() -> list[Path]:
    return [path for path in Path(settings.STORAGE_FOLDER).rglob("*") if path.is_file()]


def test_a_stored_file_shows_nothing_of_what_it_holds_and_opens_as_it_was(tenant):
    file = keep(tenant)

    assert b"encounter" not in path_of(file).read_bytes()
    assert stat.S_IMODE(path_of(file).stat().st_mode) == 0o600
    assert read(file.name) == CASES
    assert file.size == len(CASES)


def test_a_copy_in_the_clear_is_for_nobody_else(tenant, tmp_path):
    file = keep(tenant)

    copy_out(file.name, tmp_path / "copy")

    assert (tmp_path / "copy").read_bytes() == CASES
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600


def test_the_same_bytes_under_the_same_name_are_stored_once(tenant):
    first, again = keep(tenant), keep(tenant)

    assert first == again
    assert stored_paths() == [path_of(first)]


def test_other_bytes_under_the_same_name_are_refused(tenant):
    file = keep(tenant)

    with pytest.raises(NameTakenError):
        keep(tenant, b"other")
    assert read(file.name) == CASES


def test_a_name_begins_with_its_tenant(tenant):
    with pytest.raises(ValueError, match="begins with the id"):
        seal(io.BytesIO(b""), name="uploads/a", kind=SealedKind.UPLOAD)


def test_the_same_bytes_are_sealed_differently_each_time(tenant):
    first, second = keep(tenant), keep(tenant, name="uploads/b")

    assert path_of(first).read_bytes() != path_of(second).read_bytes()


def test_a_file_laid_in_anothers_place_does_not_open(tenant):
    first, second = keep(tenant), keep(tenant, CASES[::-1], name="uploads/b")
    path_of(first).write_bytes(path_of(second).read_bytes())

    with pytest.raises(DamagedFileError):
        read(first.name)


def test_a_row_with_anothers_key_does_not_open(tenant):
    first, second = keep(tenant), keep(tenant, name="uploads/b")
    SealedFile.objects.filter(pk=first.pk).update(place=second.place, sealed_key=second.sealed_key)

    with pytest.raises(LostKeyError):
        read(first.name)


def test_a_key_carried_to_another_hospital_does_not_open_there(hospitals):
    here, there = hospitals
    with tenant_scope(here.pk):
        keep(here)
        sealed = TenantKey.objects.get().sealed_key
    with tenant_scope(there.pk):
        TenantKey.objects.create(version=1, sealed_key=sealed)

        with pytest.raises(LostKeyError, match="COMANAGE_MASTER_KEY"):
            keep(there)


def test_another_hospitals_file_is_not_there(hospitals):
    here, there = hospitals
    with tenant_scope(here.pk):
        name = keep(here).name

    with tenant_scope(there.pk), pytest.raises(FileGoneError):
        read(name)


def test_a_file_can_be_read_after_the_scope_is_closed(hospitals):
    with tenant_scope(hospitals[0].pk):
        (file,) = unlock([keep(hospitals[0]).name])

    with file.open() as clear:
        assert clear.read() == CASES
    assert "key=" not in repr(file)


def test_many_files_are_found_in_two_queries(tenant, django_assert_num_queries):
    names = [keep(tenant, name=f"uploads/{letter}").name for letter in "bca"]

    with django_assert_num_queries(2):
        files = unlock(names)
    assert [file.name for file in files] == names


def test_destroying_a_file_destroys_its_key_and_then_its_bytes(
    tenant, django_capture_on_commit_callbacks
):
    file = keep(tenant)

    with django_capture_on_commit_callbacks(execute=True):
        gone = shred(file.name)
        assert path_of(file).exists()  # until the deed is certain

    assert (gone.sealed_key, gone.sha256) == (None, file.sha256)
    assert stored_paths() == []
    with pytest.raises(FileGoneError):
        read(file.name)


def test_a_file_whose_destruction_was_undone_is_still_there(tenant):
    file = keep(tenant)

    with transaction.atomic():
        shred(file.name)
        transaction.set_rollback(True)

    assert read(file.name) == CASES


def test_bytes_that_outlive_their_key_do_not_open(tenant):
    file = keep(tenant)
    kept = path_of(file).read_bytes()
    shred(file.name)
    path_of(file).write_bytes(kept)

    with pytest.raises(FileGoneError):
        read(file.name)


def test_destroying_twice_is_the_same_as_once(tenant):
    file = keep(tenant)

    assert shred(file.name).shredded_at == shred(file.name).shredded_at
    with pytest.raises(FileGoneError):
        shred(f"{tenant.pk}/uploads/never")


def test_a_destroyed_file_can_come_again_under_a_new_key(tenant):
    first = keep(tenant)
    shred(first.name)

    again = keep(tenant)

    assert (again.pk, again.shredded_at) == (first.pk, None)
    assert again.place != first.place
    assert read(first.name) == CASES


def test_a_write_that_breaks_off_leaves_no_row(tenant):
    class Broken(io.BytesIO):
        def read(self, size=-1, /):
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="disk is full"):
        seal(Broken(), name=f"{tenant.pk}/uploads/a", kind=SealedKind.UPLOAD)
    assert not SealedFile.objects.exists()


def test_bytes_that_are_not_in_storage_are_missed_by_name(tenant):
    file = keep(tenant)
    path_of(file).unlink()

    with pytest.raises(FileGoneError, match="not in storage"):
        read(file.name)


def test_a_small_secret_opens_for_its_purpose_alone(tenant):
    sealed = seal_text("whsec_1", purpose="webhook")

    assert b"whsec_1" not in sealed
    assert open_text(sealed, purpose="webhook") == "whsec_1"
    with pytest.raises(LostKeyError):
        open_text(sealed, purpose="other")
    with pytest.raises(LostKeyError):
        open_text(b"\0\0\0\7" + sealed[4:], purpose="webhook")


def test_a_small_secret_opens_in_its_own_hospital_alone(hospitals):
    here, there = hospitals
    with tenant_scope(here.pk):
        sealed = seal_text("whsec_1", purpose="webhook")
    with tenant_scope(there.pk):
        seal_text("whsec_2", purpose="webhook")

        with pytest.raises(LostKeyError):
            open_text(sealed, purpose="webhook")
