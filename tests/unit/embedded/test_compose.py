"""docker-compose.yml names only what exists: commands, variables, roles, files."""

import importlib.util
import re

import pytest
import yaml

from comanage.bootstrap import PROJECT
from comanage.embedded.worker import THREADS

COMPOSE = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
OURS = ("migrate", "web", "worker", "beat")
SETTINGS = [*(PROJECT / "comanage" / "settings").glob("*.py"), PROJECT / "comanage/celery.py"]


@pytest.mark.parametrize("name", OURS)
def test_every_service_of_ours_runs_from_one_image(name):
    assert SERVICES[name]["image"] == SERVICES["migrate"]["image"]


def test_only_migrate_connects_as_the_owner():
    owners = [n for n in OURS if "comanage_owner" in SERVICES[n]["environment"]["DATABASE_URL"]]

    assert owners == ["migrate"]


@pytest.mark.parametrize("name", ["web", "worker", "beat"])
def test_a_service_waits_for_the_tables_and_both_servers(name):
    conditions = {k: v["condition"] for k, v in SERVICES[name]["depends_on"].items()}

    assert conditions == {
        "migrate": "service_completed_successfully",
        "postgres": "service_healthy",
        "valkey": "service_healthy",
    }


def test_there_is_exactly_one_beat():
    beats = [name for name, service in SERVICES.items() if "beat" in service.get("command", [])]

    assert beats == ["beat"]
    assert "deploy" not in SERVICES["beat"]


def test_the_worker_counts_in_one_thread_as_under_up():
    given = SERVICES["worker"]["environment"]

    assert {name: given.get(name) for name in THREADS} == dict.fromkeys(THREADS, "1")


def test_every_variable_is_read_by_the_settings_or_by_the_libraries_that_count():
    read = "".join(path.read_text() for path in SETTINGS)
    given = {name for service in OURS for name in SERVICES[service]["environment"]}

    assert {name for name in given if f'"{name}"' not in read} == set(THREADS)


def test_every_variable_the_settings_require_is_given():
    read = "".join(path.read_text() for path in SETTINGS)
    required = set(re.findall(r'required\("(\w+)"\)', read))

    assert required
    assert all(required <= set(SERVICES[name]["environment"]) for name in OURS)


# Secrets that are there or not; none has a default.
NOT_NEEDED = {"COMANAGE_SIGNING_PKCS12", "COMANAGE_SIGNING_PASSPHRASE"}


def test_a_secret_has_no_default_and_says_where_to_set_it():
    text = (PROJECT / "docker-compose.yml").read_text()
    uses = re.findall(r"\$\{(COMANAGE_\w+)(.*?)\}", text)

    assert uses
    needed = [(name, rest) for name, rest in uses if name not in NOT_NEEDED]
    assert [name for name, rest in needed if rest != f":?set {name} in .env"] == []


def test_every_module_named_in_a_command_exists():
    named = {
        word.partition(":")[0]
        for name in OURS
        for word in SERVICES[name]["command"]
        if word.startswith("comanage.")
    }

    assert named == {"comanage.wsgi", "comanage.celery"}
    assert all(importlib.util.find_spec(name) for name in named)


def test_every_mounted_file_exists():
    mounts = [v for s in SERVICES.values() for v in s.get("volumes", []) if v.startswith("./")]

    assert mounts
    assert all((PROJECT / mount.split(":")[0]).is_file() for mount in mounts)


def test_the_image_holds_every_room():
    copied = re.findall(r"^COPY (\w+) ", (PROJECT / "Dockerfile").read_text(), re.MULTILINE)

    rooms = {"comanage", "indicators", "agreements", "scorecards", "adjudication"}
    assert {*rooms, "templates", "static"} <= set(copied)
