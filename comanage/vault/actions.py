"""Changing a hospital's keys."""

from django.db import transaction

from comanage.audit.kinds import EventKind
from comanage.audit.record import record_event
from comanage.identity.actor import Actor
from comanage.vault.files import rewrap_files
from comanage.vault.keys import new_tenant_key, rewrap_tenant_keys
from comanage.vault.models import TenantKey


@transaction.atomic
def rotate_keys(*, by: Actor) -> TenantKey:
    """Give the hospital in scope a new key, seal its files' keys with it, and its keys anew.

    No stored byte is touched. Its earlier keys stay, for secrets that were sealed with them; all
    are then sealed with the installation's first key.

    Raises:
        LostKeyError: no key of the installation opens one of them.
    """
    key = new_tenant_key()
    files, keys = rewrap_files(), rewrap_tenant_keys()
    record_event(kind=EventKind.KEYS_ROTATED, subject=key, by=by, files=files, keys=keys)
    return key
