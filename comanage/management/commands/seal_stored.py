"""`manage.py seal_stored`: seal what an earlier release stored in the clear."""

import shutil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from comanage.jobs.queries import scheduled_tenants
from comanage.tenancy.scope import tenant_scope
from comanage.vault.files import plain_names, seal_plain


class Command(BaseCommand):
    """An operator's deed, once after the upgrade; twice is the same as once."""

    help = "Seal the stored files of every hospital that still lie in the clear."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Take one file after the other, each in a transaction of its own."""
        sealed = 0
        for tenant_id in scheduled_tenants():
            with tenant_scope(tenant_id):
                names = plain_names()
            for name in names:
                with tenant_scope(tenant_id):
                    seal_plain(name)
            if names:  # what was derived from them lies in the clear too, and comes back sealed
                shutil.rmtree(Path(settings.KERNEL_FOLDER, str(tenant_id)), ignore_errors=True)
            sealed += len(names)
        self.stdout.write(f"{sealed} files sealed.")
