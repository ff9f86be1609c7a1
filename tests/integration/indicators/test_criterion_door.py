"""What the editor is told while a criterion is written."""

import json

import pytest

from comanage.identity.roles import Role
from indicators.library.builder import MOST_CHARACTERS
from tests.integration.indicators.at_the_editor import sign_in

ADDRESS = "/t/smallville/indicators/criterion/"
COLUMNS = json.dumps(
    [
        {"name": "age", "type": "whole", "label": "Age"},
        {"name": "code", "type": "code", "label": "Diagnosis"},
        {"name": "", "type": "code"},
        {"name": "bad name", "type": "code"},
        "not a column",
    ]
)
ADULT = {"kind": "test", "column": "age", "operator": ">=", "values": ["18"]}


@pytest.fixture
def ask(hospital):
    browser = sign_in(hospital)

    def asked(**given):
        answer = browser.post(ADDRESS, {"columns": COLUMNS} | given)
        assert answer.status_code == 200
        return answer.json()

    return asked


def test_a_text_is_answered_with_its_english_and_its_tree(ask):
    assert ask(text="age >= 18") == {
        "text": "age >= 18",
        "english": "Age is at least 18",
        "tree": ADULT,
    }


def test_a_tree_is_answered_with_its_text(ask):
    tree = {
        "kind": "group",
        "join": "none",
        "terms": [ADULT, {"kind": "text", "text": "code = 'a'"}],
    }

    assert ask(tree=json.dumps(tree))["text"] == "not (age >= 18 or code = 'a')"


def test_a_number_is_read_as_one(ask):
    assert ask(text="age * 2", kind="number")["english"] == "(Age times 2)"
    assert "found a comparison" in ask(text="age > 2", kind="number")["problem"]["message"]


def test_an_empty_text_is_no_problem(ask):
    assert ask(text=" ") == {"text": "", "english": "", "tree": None}


def test_a_problem_has_its_place_and_its_caret(ask):
    assert ask(text="age >= eighteen")["problem"] == {
        "message": "There is no column “eighteen”. The columns are: age, code.",
        "position": len("age >= e"),
        "excerpt": "age >= eighteen",
        "pointer": " " * len("age >= ") + "^",
    }


def test_a_problem_of_a_tree_has_its_path(ask):
    tree = {"kind": "group", "join": "all", "terms": [ADULT, ADULT | {"values": ["x"]}]}

    problem = ask(tree=json.dumps(tree))["problem"]

    assert problem["path"] == [1]
    assert problem["message"].startswith("Age is a number")


@pytest.mark.parametrize(
    "given",
    [
        {"text": "(" * 5_000},
        {"text": "x" * 100_000},
        {"tree": "[" * 100_000},
        {"tree": '{"kind":"group","join":"all","terms":[' * 500 + "]}" * 500},
        {"tree": "x" * (MOST_CHARACTERS + 1)},
        {"tree": ""},
        {"text": "age > 1", "columns": "[" * 100_000},
        {"text": "age > 1", "columns": '{"name": 1}'},
        {"text": "__import__('os')"},
    ],
)
def test_whatever_is_sent_is_answered_with_a_sentence(ask, given):
    assert ask(**given)["problem"]["message"].endswith((".", "?"))


def test_only_who_may_edit_is_answered(hospital):
    assert sign_in(hospital, Role.EXECUTIVE).post(ADDRESS, {"text": "a = 1"}).status_code == 403
