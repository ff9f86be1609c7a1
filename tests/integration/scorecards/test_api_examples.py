"""The examples of the OpenAPI document: sent as they stand there, answered as they stand there."""

import json
from pathlib import Path

import pytest
import yaml

from comanage.api.bodies import CSV, NDJSON
from comanage.demo.build import SET_UP
from comanage.embedded.home import PROJECT
from comanage.jobs.kinds import JobKind
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.queries import write_scope
from scorecards.intake import api_examples
from scorecards.sandbox.opening import open_sandbox
from tests.ground import run_jobs
from tests.machines import Machine, digest, make_key

DOCUMENT = yaml.safe_load(Path(PROJECT, "comanage/api/openapi.yaml").read_text("utf-8"))
API = "/t/{tenant}/api/v1"
NEW_EACH_TIME = {"id", "feed", "outcome", "received_at", "checked_at"}


def operation(method, path):
    return DOCUMENT["paths"][f"{API}/{path}"][method]


def example(content, media_type="application/json"):
    """The one example of a body."""
    [only] = content["content"][media_type]["examples"].values()
    return only["value"]


def without_what_is_new(body):
    assert body.keys() >= NEW_EACH_TIME
    return {name: each for name, each in body.items() if name not in NEW_EACH_TIME}


def assert_alike(body, shown):
    assert without_what_is_new(body) == without_what_is_new(shown)
    assert {name: type(body[name]) for name in body} == {name: type(shown[name]) for name in shown}


@pytest.fixture
def sandbox(hospital):
    with tenant_scope(hospital.pk):
        return open_sandbox(today=hospital.today(), by=SET_UP)


@pytest.fixture
def send(hospital, sandbox):
    machine = Machine(make_key(hospital, [write_scope(sandbox)]))

    def send(content, mode="dry-run", key=api_examples.KEY):
        query = f"&mode={mode}&rows={content.count(chr(10)) - 1}"
        return machine, machine.send(
            sandbox,
            content.encode(),
            period=api_examples.PERIOD,
            query=query,
            **{"Content-Digest": digest(content.encode()), "Idempotency-Key": key},
        )

    return send


def test_the_example_of_a_file_is_answered_as_the_examples_say(hospital, send):
    sending, asking = (
        operation("post", "feeds/{feed_pk}/submissions"),
        operation("get", "submissions/{id}"),
    )
    content = example(sending["requestBody"], CSV)

    machine, taken = send(content)
    assert taken.status_code == 202
    assert_alike(taken.json(), example(sending["responses"]["202"]))
    assert send(content)[1].json() == taken.json()
    waiting = machine.get(taken.headers["Location"])
    assert_alike(waiting.json(), example(asking["responses"]["202"]))

    run_jobs(hospital.pk, JobKind.CHECK_UPLOAD)
    checked = machine.get(taken.headers["Location"])
    assert checked.status_code == 200
    assert_alike(checked.json(), example(asking["responses"]["200"]))
    listed = operation("get", "feeds/{feed_pk}/submissions")["responses"]["200"]
    [shown] = example(listed)
    assert_alike(machine.get(f"feeds/{taken.json()['feed']}/submissions").json()[0], shown)

    send(content, "commit", "a-first-key")
    run_jobs(hospital.pk, JobKind.CHECK_UPLOAD)
    _, again = send(content, "commit", "another-key")
    assert again.status_code == 200
    in_example = example(sending["responses"]["200"])
    assert again.json()["cases"].keys() == in_example["cases"].keys()
    cases = {"cases": in_example["cases"]}  # its hashes and its moment are others each time
    assert_alike(again.json() | cases, in_example)


def test_the_example_of_taking_back_is_answered_as_it_says(send):
    machine, taken = send(api_examples.FILE)

    back = machine.ask("DELETE", taken.headers["Location"], **{"If-Match": taken.headers["ETag"]})

    assert back.status_code == 200
    shown = example(operation("delete", "submissions/{id}")["responses"]["200"])
    assert_alike(back.json(), shown)


def test_the_example_of_an_outcome_is_what_a_faulty_file_gets(hospital, send):
    machine, taken = send(api_examples.FAULTY_FILE)
    run_jobs(hospital.pk, JobKind.CHECK_UPLOAD)

    outcome = machine.get(taken.json()["outcome"], Accept=NDJSON)

    assert outcome.headers["Content-Type"] == NDJSON
    shown = example(operation("get", "submissions/{id}/outcome")["responses"]["200"], NDJSON)
    assert outcome.content.decode() == shown
    assert json.loads(shown)["code"] == "unknown-code"
    assert "Orthopaedics" not in shown


def test_every_operation_says_in_a_sentence_what_it_does():
    for path, item in DOCUMENT["paths"].items():
        for method, each in item.items():
            assert each["description"].rstrip().endswith("."), (method, path)


def test_every_operation_of_submissions_has_an_example():
    for path, item in DOCUMENT["paths"].items():
        for method, each in item.items():
            if "submissions" in path:
                bodies = [body for body in each["responses"].values() if "content" in body]
                assert bodies, (method, path)
                for body in bodies:
                    assert all(kind.get("examples") for kind in body["content"].values())
