"""The API's document is the API's: committed, current, and every operation asks for a key."""

from io import StringIO
from pathlib import Path
from uuid import uuid4

import pytest
import yaml
from django.core.management import call_command
from django.test import Client

from comanage.clients.doors import OPEN_DOORS
from tests.doors import API

DOCUMENT = Path(__file__).parents[2] / "comanage" / "api" / "openapi.yaml"
AGAIN = "python3 manage.py spectacular --file comanage/api/openapi.yaml"
METHODS = ("get", "post", "put", "patch", "delete")


def is_open(path: str) -> bool:
    return path.removeprefix("/t/{tenant}/") in OPEN_DOORS


def closed_operations() -> list[tuple[str, str]]:
    return [(method, path) for method, path in operations() if not is_open(path)]


def operations() -> list[tuple[str, str]]:
    paths = yaml.safe_load(DOCUMENT.read_text("utf-8"))["paths"]
    return [(method, path) for path, item in paths.items() for method in METHODS if method in item]


def test_the_committed_document_is_current():
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)

    assert written.getvalue() == DOCUMENT.read_text("utf-8"), f"write it again: {AGAIN}"


def test_every_address_of_the_api_is_in_the_document():
    assert len({path for _, path in operations()}) == len(API) + len(OPEN_DOORS)


def test_every_operation_but_those_of_the_open_doors_names_its_key():
    document = yaml.safe_load(DOCUMENT.read_text("utf-8"))
    schemes = document["components"]["securitySchemes"]

    assert schemes.keys() == {"extractClientKey"}
    for method, path in operations():
        expected = None if is_open(path) else [{"extractClientKey": []}]
        assert document["paths"][path][method].get("security") == expected, path


def test_no_identifier_in_the_document_is_a_counting_number():
    """Numbers that count up tell one hospital how busy another is.

    The parts of one file are numbered by their sender, from 1.
    """
    parameters = [
        parameter
        for path, item in yaml.safe_load(DOCUMENT.read_text("utf-8"))["paths"].items()
        for method in item.values()
        for parameter in method["parameters"]
        if parameter["in"] == "path" and parameter["name"] not in {"tenant", "number"}
    ]

    assert parameters
    assert {parameter["schema"].get("format") for parameter in parameters} == {"uuid"}


@pytest.mark.django_db
@pytest.mark.parametrize(("method", "path"), closed_operations())
def test_every_documented_operation_is_refused_without_a_key(method: str, path: str):
    address = path.replace("{tenant}", "riverside")
    while "{" in address:
        before, _, rest = address.partition("{")
        address = before + str(uuid4()) + rest.partition("}")[2]

    answer = getattr(Client(), method)(address)

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
