"""Where what is derived from slices is kept: a folder for each tenant, deletable at any time."""

from pathlib import Path
from typing import BinaryIO
from uuid import UUID

import pyarrow.parquet as pq
from django.conf import settings

from comanage.tenancy.scope import tenant_scope
from comanage.vault.files import unlock
from comanage.vault.keys import derived_cipher
from indicators.measure.cube.array_file import Cipher
from indicators.measure.cube.companion import Companion, open_companion, write_companion
from scorecards.intake.queries import SliceFacts

FOLDER_MODE = 0o700


def kernel_folder(tenant_id: UUID) -> Path:
    """Return the folder of one tenant, made when it is not there; nobody else can look in."""
    folder = Path(settings.KERNEL_FOLDER) / str(tenant_id)
    for made in (folder.parent, folder):
        made.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    return folder


def kernel_cipher(tenant_id: UUID) -> Cipher:
    """Return what seals a tenant's folder. After a change of keys it is filled anew."""
    with tenant_scope(tenant_id):
        return derived_cipher("kernel")


def keep_companion(tenant_id: UUID, sha256: str, slice_file: Path | BinaryIO) -> None:
    """Write the companion of a slice from its Parquet file.

    Raises:
        OSError: it could not be written; whoever needs it writes it again.
    """
    with pq.ParquetFile(slice_file) as file:
        table = file.read()
    write_companion(table, kernel_folder(tenant_id), sha256, kernel_cipher(tenant_id))


def companion_of(tenant_id: UUID, slice_: SliceFacts) -> Companion:
    """Open the companion of a slice; where there is none, write it from the stored slice."""
    folder, cipher = kernel_folder(tenant_id), kernel_cipher(tenant_id)
    found = open_companion(folder, slice_.sha256, cipher)
    if found is None:
        with tenant_scope(tenant_id):
            (file,) = unlock([slice_.storage_name])
        with file.open() as clear:
            keep_companion(tenant_id, slice_.sha256, clear)
        found = open_companion(folder, slice_.sha256, cipher)
    if found is None:
        raise FileNotFoundError(f"The companion of slice {slice_.sha256} went while it was read.")
    return found


def forget_companion(tenant_id: UUID, sha256: str) -> None:
    """Remove the companion of cases that were destroyed."""
    for path in kernel_folder(tenant_id).glob(f"{sha256}.*.columns"):
        path.unlink(missing_ok=True)
