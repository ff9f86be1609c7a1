"""`manage.py rotate_keys`: new keys for every hospital, sealed with the installation's first."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from comanage.identity.actor import Actor
from comanage.jobs.queries import scheduled_tenants
from comanage.signing.identity import reseal_own_key
from comanage.tenancy.scope import tenant_scope
from comanage.vault.actions import rotate_keys
from comanage.vault.keys import LostKeyError


class Command(BaseCommand):
    """An operator's deed."""

    help = (
        "Give every hospital a new key, and seal all its keys with the first one in "
        "COMANAGE_MASTER_KEY. No stored file is touched. Those behind it can then be left out."
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Take one hospital after the other, each in one transaction, then our own certificate."""
        tenants = scheduled_tenants()
        for tenant_id in tenants:
            try:
                with tenant_scope(tenant_id):
                    rotate_keys(by=Actor.system("Operator"))
            except LostKeyError as lost:
                raise CommandError(str(lost)) from lost
        with transaction.atomic():
            reseal_own_key()
        self.stdout.write(f"New keys for {len(tenants)} hospitals.")
