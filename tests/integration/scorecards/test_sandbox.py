"""The sandbox: all of it rehearsed on synthetic data that never counts."""

import json
from collections import Counter

import pytest

from comanage.api.bodies import CSV, NDJSON
from comanage.demo.build import SET_UP
from comanage.jobs.kinds import JobKind
from comanage.jobs.models import Job
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import write_scope
from scorecards.sandbox.generator import FAULTS
from scorecards.sandbox.opening import open_sandbox
from tests.ground import check_waiting
from tests.machines import Machine, assert_problem, make_key

ROWS = 60


@pytest.fixture
def sandbox(hospital):
    with tenant_scope(hospital.pk):
        return open_sandbox(today=hospital.today(), by=SET_UP)


@pytest.fixture
def machine(hospital, sandbox):
    return Machine(make_key(hospital, [write_scope(sandbox)]))


def sample(machine, sandbox, query=""):
    return machine.get(f"feeds/{sandbox.pk}/sample?period=2031-02&rows={ROWS}{query}")


def sent(machine, sandbox, content, *, media_type=CSV, query=""):
    """Send a sample and have it checked; return what became of it and its findings."""
    taken = machine.send(sandbox, content, media_type=media_type, period="2031-02", query=query)
    assert taken.status_code == 202, taken.content
    check_waiting(sandbox.tenant_id)
    body = machine.get(taken.headers["Location"]).json()
    return body, [json.loads(line) for line in machine.get(body["outcome"]).content.splitlines()]


def test_a_hospital_has_one_sandbox(hospital, sandbox):
    with tenant_scope(hospital.pk):
        again = open_sandbox(today=hospital.today(), by=SET_UP)
        assert Feed.objects.filter(is_sandbox=True).get() == again == sandbox
        assert not sandbox.uses.exists()


@pytest.mark.parametrize(("kind", "media_type"), [("csv", CSV), ("ndjson", NDJSON)])
def test_a_sample_is_taken_for_any_period_and_counts_nowhere(sandbox, machine, kind, media_type):
    made = sample(machine, sandbox, f"&kind={kind}")
    assert made.headers["Content-Type"].startswith(media_type)

    body, findings = sent(machine, sandbox, made.content, media_type=media_type)

    assert (body["status"], body["rows"], findings) == ("accepted", ROWS, [])
    with tenant_scope(sandbox.tenant_id):
        assert not Job.objects.filter(kind=JobKind.RECOMPUTE_SCORECARD).exists()


def test_the_same_seed_gives_the_same_rows_and_another_gives_others(sandbox, machine):
    first, same, other = (sample(machine, sandbox, f"&seed={seed}").content for seed in (1, 1, 2))

    assert first == same != other


@pytest.mark.parametrize("fault", FAULTS)
def test_every_second_row_brings_about_the_chosen_finding(sandbox, machine, fault):
    made = sample(machine, sandbox, f"&fault={fault}")

    body, findings = sent(machine, sandbox, made.content, query="&mode=dry-run")

    assert body["status"] == "rejected"
    assert Counter(found["code"] for found in findings) == {fault: ROWS // 2}


def test_faults_may_take_turns(sandbox, machine):
    _, findings = sent(machine, sandbox, sample(machine, sandbox, "&fault=every").content)

    assert {found["code"] for found in findings} == set(FAULTS)


def test_no_sample_is_made_for_a_feed_of_real_data(hospital, sandbox):
    with tenant_scope(hospital.pk):
        real = Feed.objects.get(is_sandbox=False)
    machine = Machine(make_key(hospital, [write_scope(real)]))

    assert_problem(sample(machine, real), 409, "not-a-sandbox")
    assert_problem(sample(machine, sandbox), 404)


@pytest.mark.parametrize("query", ["&rows=0", "&kind=xlsx", "&fault=none", "&seed=-1", "&x=1"])
def test_a_sample_that_cannot_be_made_is_refused(sandbox, machine, query):
    refused = machine.get(f"feeds/{sandbox.pk}/sample?period=2031-02{query}")

    assert_problem(refused, 400, "invalid-request")
