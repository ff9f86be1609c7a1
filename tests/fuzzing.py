"""Requests that schemathesis makes of the API's own document, sent by three principals."""

from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from uuid import uuid4

import requests
import schemathesis
import yaml
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.generation import GenerationMode

from adjudication.payments.queries import READ_LEDGER
from comanage.api.bodies import JSON
from comanage.clients.doors import OPEN_DOORS
from comanage.demo.build import SET_UP
from comanage.jobs.kinds import JobKind
from comanage.tenancy.models import Tenant
from comanage.tenancy.scope import tenant_scope
from scorecards.feeds.models import Feed
from scorecards.feeds.queries import READ_SCORECARDS, write_scope
from scorecards.sandbox.opening import open_sandbox
from tests.ground import open_year, run_jobs, stays, take_in
from tests.machines import PROBLEM, Machine, make_key
from tests.settled import undone

DOCUMENT = Path(__file__).parents[1] / "comanage" / "api" / "openapi.yaml"
# What a draw would seldom find: the year on the clock, the version of its map, a second page.
FITTING = {"period": "2025", "schema": 1, "on_error": "refuse", "limit": 1}


@cache
def schema():
    return schemathesis.openapi.from_dict(yaml.safe_load(DOCUMENT.read_text("utf-8")))


@cache
def operations():
    """Every operation of the document, by its name."""
    return {each.ok().label: each.ok() for each in schema().get_all_operations()}


@dataclass
class Target:
    """A hospital with one record of each kind that an address can be about.

    Attributes:
        principals: the bearer of each, or nothing.
        records: the record by operation's path parameter, where an operation has one.
        answers: how often each status was the answer, by operation and principal.
    """

    tenant: Tenant
    principals: dict[str, str]
    records: dict[str, str]
    answers: Counter = field(default_factory=Counter)

    def own(self, operation):
        """The path parameters of a record that is there."""
        kind = next((name for name in self.records if name in operation.path), "")
        given = {"tenant": self.tenant.slug, "number": 1}
        given |= {name: self.records[kind] for name in ("id", "feed_pk", "year_pk") if kind}
        return {name: each for name, each in given.items() if f"{{{name}}}" in operation.path}

    def send(self, case, operation, principal, *, is_own):
        """Send one request, take back what it did, and hold its answer against the principal."""
        made = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
        head = {name: each for name, each in made.headers.items() if name != "Authorization"}
        if self.principals[principal]:
            head["Authorization"] = f"Bearer {self.principals[principal]}"
        elif "Authorization" in made.headers:
            head["Authorization"] = made.headers["Authorization"]  # some nonsense
        body = made.body or b""
        with undone():
            answer = Client().generic(
                made.method,
                made.path_url,
                body,
                content_type=head.pop("Content-Type", ""),
                headers=head,
            )
        self.answers[operation.label, principal, answer.status_code] += 1
        self.check(answer, operation, principal, is_own=is_own)

    def check(self, answer, operation, principal, *, is_own):
        """See that an answer is one that this principal may get."""
        status = answer.status_code
        assert status < 500, (operation.label, answer.content)
        said = operation.definition.raw["responses"]
        assert str(status) in said, (operation.label, status, answer.content)
        if not is_own or is_open(operation):
            return
        if principal == "none":
            assert status == 401, (operation.label, status)
        if principal == "wrong scope":
            is_list = operation.label.endswith("/feeds")
            assert (
                (status == 200 and answer.json() == [])
                if is_list and status < 300
                else (400 <= status < 500)
            ), (operation.label, status)
        if status >= 400:
            assert answer.headers["Content-Type"].startswith(PROBLEM), operation.label
            assert answer.json()["request_id"]


def is_open(operation):
    """Say whether an operation asks for no token."""
    return operation.path.removeprefix("/t/{tenant}/") in OPEN_DOORS


def build_target(tenant):
    """Give the hospital one record of each kind, and three principals."""
    with tenant_scope(tenant.pk):
        feed, year = Feed.objects.get(), open_year()
        upload = take_in(stays())
        run_jobs(tenant.pk, JobKind.RECOMPUTE_SCORECARD)
        sandbox = open_sandbox(today=tenant.today(), by=SET_UP)
        scopes = [write_scope(feed), write_scope(sandbox), READ_SCORECARDS, READ_LEDGER]
    right = Machine(make_key(tenant, scopes), tenant.slug)
    begun = right.ask(
        "POST",
        f"feeds/{feed.pk}/uploads?period=2025",
        b'{"media_type": "text/csv"}',
        media_type=JSON,
        **{"Idempotency-Key": uuid4().hex},
    )
    elsewhere = make_key(tenant, [f"feed:{uuid4()}:write"], name="Elsewhere")
    records = {
        "/sample": sandbox.pk,
        "/feeds/{": feed.pk,
        "/uploads/{": begun.json()["id"],
        "/submissions/{": upload.pk,
        "/years/{": year.pk,
    }
    return Target(
        tenant,
        {"none": "", "wrong scope": elsewhere, "right scope": right.key},
        {name: str(each) for name, each in records.items()},
    )


def fuzz(target, label, *, cases, derandomize):
    """Send so many cases of an operation by each principal: most of them about what is there."""
    operation = operations()[label]
    own = target.own(operation)

    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        derandomize=derandomize,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy(operation, own))
    def send(drawn):
        is_own, case = drawn
        for principal in target.principals:
            target.send(case, operation, principal, is_own=is_own)

    send()


def strategy(operation, own):
    """Cases with whether they are about what is there: valid, fitting, invalid; and elsewhere."""
    valid, invalid = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
    asked = {each.name for each in operation.query}
    fitting = {name: value for name, value in FITTING.items() if name in asked}
    about = [operation.as_strategy(generation_mode=valid, path_parameters=own)]
    if fitting:
        about.append(
            operation.as_strategy(generation_mode=valid, path_parameters=own, query=fitting)
        )
    if len(list(operation.iter_parameters())) > len(own) or operation.body:
        about.append(operation.as_strategy(generation_mode=invalid, path_parameters=own))
    somewhere = operation.as_strategy(generation_mode=valid)
    return st.one_of(
        *(st.tuples(st.just(True), each) for each in about),
        st.tuples(st.just(False), somewhere),
    )
