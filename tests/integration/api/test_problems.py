"""What an error says: where, what and under which request; never what was sent."""

import logging
import re

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import get_resolver
from rest_framework import exceptions, serializers

from comanage.api.problems import answer_problem, problem_response
from comanage.api.shapes import StrictSerializer
from comanage.web.logs import LineFormatter
from comanage.web.request_ids import RequestIdMiddleware


class Part(StrictSerializer):
    number = serializers.IntegerField()


class Order(StrictSerializer):
    """Input of every sort whose words could repeat it."""

    mode = serializers.ChoiceField(choices=["dry-run", "commit"])
    feed = serializers.UUIDField()
    parts = Part(many=True)


GOOD = {"mode": "commit", "feed": "00000000-0000-4000-8000-000000000001", "parts": [{"number": 1}]}
SECRET = "MRN-0012345"


def problem_of(error):
    return answer_problem(error, {}).data


def refused(**changes):
    given = Order(data=GOOD | changes)
    with pytest.raises(exceptions.ValidationError) as caught:
        given.is_valid(raise_exception=True)
    return problem_of(caught.value)


def test_everything_that_is_wrong_is_said_at_once():
    body = refused(mode=SECRET, **{SECRET: 1})

    assert [error["pointer"] for error in body["errors"]] == ["", "/mode"]


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/t/smallville/api/v1/feeds", "application/problem+json"),
        ("/t/smallville/api/v1/auth/token", "application/problem+json"),
        ("/t/smallville/programs/", "text/html"),
        ("/", "text/html"),
    ],
)
def test_a_fault_of_ours_is_a_problem_to_a_machine_and_a_page_to_a_person(path, kind):
    answer = get_resolver().resolve_error_handler(500)(RequestFactory().get(path))

    assert answer.status_code == 500
    assert answer.headers["Content-Type"].startswith(kind)


def test_the_good_order_is_taken():
    assert Order(data=GOOD).is_valid()


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"mode": SECRET}, "/mode", "invalid-choice"),
        ({"feed": SECRET}, "/feed", "invalid"),
        ({"parts": [{"number": 1}, {"number": SECRET}]}, "/parts/1/number", "invalid"),
        ({"parts": [{"number": 1, SECRET: 2}]}, "/parts/0", "unknown-key"),
        ({SECRET: 1}, "", "unknown-key"),
        ({"parts": SECRET}, "/parts", "not-a-list"),
    ],
)
def test_an_error_names_its_place_and_code_and_repeats_nothing(changes, pointer, code):
    body = refused(**changes)

    assert [(error["pointer"], error["code"]) for error in body["errors"]] == [(pointer, code)]
    assert SECRET not in str(body)
    assert all(error["detail"].endswith(".") for error in body["errors"])


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (["periode"], "`periode` is not known"),
        (["dry-run", "restates"], "`dry-run` and `restates` are not known"),
        ([SECRET], "1 key that was sent is not known"),
        (["periode", SECRET], "`periode` and 1 key that was sent are not known"),
        (["a" * 25, "JOHN DOE"], "2 keys are not known"),
    ],
)
def test_a_key_that_is_not_known_is_named_when_it_reads_like_one(sent, said):
    body = refused(**dict.fromkeys(sent, 1))

    assert body["errors"][0]["detail"].startswith(said)


def test_a_pointer_is_escaped():
    body = problem_of(exceptions.ValidationError({"a/b~c": ["Wrong."]}))

    assert body["errors"][0]["pointer"] == "/a~1b~0c"


@pytest.mark.parametrize(
    "error", [exceptions.MethodNotAllowed(SECRET), exceptions.UnsupportedMediaType(SECRET)]
)
def test_the_words_of_the_framework_repeat_nothing_either(error):
    assert SECRET not in str(problem_of(error))


def test_every_answer_carries_an_id_that_its_problem_and_its_log_lines_carry_too():
    lines = []

    def answer(_request):
        record = logging.LogRecord("test", logging.INFO, "", 0, "looked", None, None)
        lines.append(LineFormatter().format(record))
        return problem_response(409, code="x", detail="X.")

    answers = [RequestIdMiddleware(answer)(RequestFactory().get("/")) for _ in range(2)]

    ids = [each.headers["X-Request-Id"] for each in answers]
    assert len(set(ids)) == 2
    for each, line, request_id in zip(answers, lines, ids, strict=True):
        assert re.fullmatch(r"[0-9a-f]{32}", request_id)
        assert request_id in each.content.decode()
        assert f"request_id='{request_id}'" in line


def test_an_id_that_a_caller_sends_is_not_believed():
    request = RequestFactory().get("/", headers={"X-Request-Id": "planted"})

    answer = RequestIdMiddleware(lambda _request: HttpResponse())(request)

    assert answer.headers["X-Request-Id"] != "planted"


@pytest.mark.django_db
def test_a_stranger_at_the_api_gets_a_problem_with_its_id():
    answer = Client().get("/t/riverside/api/v1/feeds")

    assert answer.json()["request_id"] == answer.headers["X-Request-Id"]
    assert answer.headers["WWW-Authenticate"] == "Bearer"
