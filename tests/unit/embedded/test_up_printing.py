"""What `up` reads from the demo command, and how it shows it."""

from comanage.embedded.prepared import last_json
from comanage.embedded.signins import sign_in_lines


def test_the_document_is_found_after_other_lines():
    assert last_json('a warning [odd]\n{"sign_ins": []}\n') == {"sign_ins": []}


def test_a_document_over_many_lines_is_found():
    assert last_json('first\n{\n  "a": 1\n}\n') == {"a": 1}


def test_no_document_is_nothing():
    assert last_json("nothing here\n") is None


def test_sign_ins_stand_in_columns():
    lines = sign_in_lines({"sign_ins": [{"role": "CEO", "email": "ceo@example"}]})

    assert lines[2:] == ["  role  email", "  CEO   ceo@example"]


def test_without_sign_ins_nothing_is_shown():
    assert sign_in_lines(None) == []
