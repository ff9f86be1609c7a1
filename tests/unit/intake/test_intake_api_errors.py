"""The table of errors that integrators read, held against the errors that the API has."""

import re

from rest_framework import exceptions

import adjudication.api_urls  # noqa: F401  (its doors, and the rules behind them)
import scorecards.api_urls  # noqa: F401  (the doors of data, and the rules behind them)
from comanage.embedded.home import PROJECT
from comanage.web.errors import PolicyError
from scorecards.intake.policies import KeyReusedError

TABLE = PROJECT / "scorecards" / "intake" / "API.md"
# DRF has more: nothing here throttles by it, negotiates by it or raises a bare 500.
OF_DRF = (
    exceptions.NotAuthenticated,
    exceptions.PermissionDenied,
    exceptions.MethodNotAllowed,
    exceptions.UnsupportedMediaType,
    exceptions.ParseError,
)
# Written where they are answered; see comanage/api/problems.py, limiting.py and web/errors.py.
WRITTEN = {
    ("invalid-request", 400),
    ("not-found", 404),
    ("too-many-requests", 429),
    ("internal-error", 500),
}


def family(kind):
    return {kind}.union(*(family(each) for each in kind.__subclasses__()))


def documented():
    rows = re.findall(r"^\| (`.*?) \| (\d{3}) \|", TABLE.read_text("utf-8"), re.MULTILINE)
    return [(code, int(status)) for codes, status in rows for code in re.findall(r"`(.+?)`", codes)]


def of_the_api():
    ours = (
        each
        for each in family(exceptions.APIException)
        if each.__module__.startswith(("comanage.", "scorecards.", "adjudication."))
    )
    return {(kind.default_code.replace("_", "-"), kind.status_code) for kind in (*OF_DRF, *ours)}


def of_rules():
    """A rule refuses with 409, but for a key that stands for another file."""
    return {
        (kind.code, 422 if issubclass(kind, KeyReusedError) else 409)
        for kind in family(PolicyError)
    }


def test_the_table_names_every_code_once_with_its_status():
    assert sorted(documented()) == sorted(of_the_api() | of_rules() | WRITTEN)


def test_the_codes_are_found_and_not_only_written_down():
    assert len(of_the_api()) > len(OF_DRF)
    assert len(of_rules()) > 1
