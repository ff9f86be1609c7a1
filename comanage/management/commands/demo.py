"""`manage.py demo`: load the demonstration, send its data, or settle its year."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from comanage.demo.adjudicate import adjudicate
from comanage.demo.build import build, open_sandboxes
from comanage.demo.cast import PASSWORD
from comanage.demo.draft import draft_agreement
from comanage.demo.hospitals import HOSPITALS
from comanage.demo.post import PostError, post_all
from comanage.web.errors import PolicyError


class Command(BaseCommand):
    """The demonstration."""

    help = "Load two demonstration hospitals; doing it twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Say what can be asked for."""
        parser.add_argument("--json", action="store_true", help="print the sign-ins as JSON")
        parser.add_argument("--post", action="store_true", help="send the extracts by the API")
        parser.add_argument("--adjudicate", action="store_true", help="settle Riverside's year")
        parser.add_argument("--base-url", default="http://127.0.0.1:8000")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what was asked for."""
        try:
            if options["adjudicate"]:
                self._adjudicate(options["base_url"])
            elif options["post"]:
                post_all(options["base_url"])
            else:
                build()
                open_sandboxes()
                draft_agreement()
                self._print_sign_ins(as_json=options["json"])
        except (PostError, PolicyError) as problem:
            raise CommandError(str(problem)) from problem

    def _adjudicate(self, base_url: str) -> None:
        settled = adjudicate(base_url, self.stdout.write)
        self.stdout.write(f"\n{settled.program}, 2025: {settled.total} owed.")
        self.stdout.write(f"Snapshot SHA-256 {settled.sha256}")
        self.stdout.write(f"Adjudication report: {settled.pdf}")

    def _print_sign_ins(self, *, as_json: bool) -> None:
        rows = [
            {
                "hospital": hospital.name,
                "role": person.role.label,
                "email": person.email,
                "password": PASSWORD,
            }
            for hospital in HOSPITALS
            for person in hospital.people
        ]
        if as_json:
            self.stdout.write(json.dumps({"sign_ins": rows}))
            return
        for row in rows:
            self.stdout.write("  ".join(row.values()))
