"""`manage.py create_hospital`: take a hospital system on, with its first administrator."""

from argparse import ArgumentParser
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, transaction

from comanage.identity.actions import grant_membership
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.jobs.schedule import start_schedules
from comanage.signing.certificates import CertificateError
from comanage.signing.identity import signatory
from comanage.tenancy.actions import create_tenant
from comanage.tenancy.scope import tenant_scope
from scorecards.sandbox.opening import open_sandbox


class Command(BaseCommand):
    """An operator's deed."""

    help = "Take a hospital system on; its administrator sets a password by “Forgot password”."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Ask for the hospital and its administrator."""
        parser.add_argument("--slug", required=True, help="short name in addresses")
        parser.add_argument("--name", required=True)
        parser.add_argument("--time-zone", required=True, help="such as America/Chicago")
        parser.add_argument("--admin-email", required=True)
        parser.add_argument("--admin-name", required=True)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Create all of it or nothing."""
        try:
            ZoneInfo(options["time_zone"])
        except (ZoneInfoNotFoundError, ValueError) as unknown:
            raise CommandError(f"There is no time zone {options['time_zone']!r}.") from unknown
        try:
            signs = signatory()
        except CertificateError as wrong:
            raise CommandError(f"Reports could not be signed. {wrong}") from wrong
        try:
            with transaction.atomic():
                self._create(options)
        except IntegrityError as taken:
            raise CommandError(f"The short name {options['slug']!r} is taken.") from taken
        self.stdout.write(f"{options['name']} is ready at /t/{options['slug']}/.")
        self.stdout.write(f"Reports are signed by {signs.name}, SHA-256 {signs.fingerprint}.")

    def _create(self, options: dict[str, Any]) -> None:
        tenant = create_tenant(
            slug=options["slug"], name=options["name"], time_zone=options["time_zone"]
        )
        with tenant_scope(tenant.pk):
            start_schedules(tenant=tenant)
            grant_membership(
                email=options["admin_email"],
                name=options["admin_name"],
                role=Role.TENANT_ADMINISTRATOR,
                starts_on=tenant.today(),
                ends_on=None,
                by=Actor.system("Operator"),
            )
            open_sandbox(today=tenant.today(), by=Actor.system("Operator"))
