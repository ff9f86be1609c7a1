"""A file that is none of ours is answered with one clear sentence, and quickly."""

import json

import pytest

from indicators.exchange import reading
from indicators.exchange.errors import ExchangeError
from indicators.exchange.imports import import_files
from indicators.exchange.json_text import write_json

BAD = {
    "empty": ("", r"This file is empty"),
    "not json": ('{"resourceType": "Measure",\n "group": [,]}', r"line 2, column \d+"),
    "xml": ("<Measure xmlns='http://hl7.org/fhir'/>", r"This is XML\. Only FHIR in JSON is read"),
    "a list": ("[1, 2]", r"not a FHIR resource: that is one object"),
    "no resource type": ('{"id": "x"}', r"it has no resourceType"),
    "another resource": ('{"resourceType": "Patient"}', r"This is a “Patient”; only a Measure"),
    "a bundle of others": (
        '{"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient"}}]}',
        r"This is a “Bundle” with “Patient”; only a Measure",
    ),
    "an empty bundle": ('{"resourceType": "Bundle"}', r"This is a “Bundle”; only a Measure"),
    "a name twice": ('{"resourceType": "Measure", "id": "a", "id": "b"}', r"“id” is named twice"),
    "infinity": ('{"resourceType": "Measure", "x": Infinity}', r"Infinity is not a number"),
    "a giant number": ('{"resourceType": "Measure", "x": 1e999999999}', r"too large or too small"),
    "a long number": (f'{{"resourceType": "Measure", "x": {"9" * 100}}}', r"more than 60"),
    "deep": (f'{{"resourceType": "Measure", "x": {"[" * 200}{"]" * 200}}}', r"100 levels deep"),
    "very deep": ("[" * 200_000, r"100 levels deep"),
}


@pytest.mark.parametrize(("text", "said"), BAD.values(), ids=BAD)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path, text, said):
    path = tmp_path / "bad.json"
    path.write_text(text)

    with pytest.raises(ExchangeError, match=rf"^bad\.json: .*{said}"):
        import_files([path])


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "bad.json"
    path.write_bytes(b'\xff\xfe{"resourceType"')

    with pytest.raises(ExchangeError, match="UTF-8"):
        import_files([path])


def test_a_mark_before_the_text_is_no_matter(tmp_path, report):
    path = tmp_path / "report.json"
    path.write_bytes(b"\xef\xbb\xbf" + write_json(report()).encode())

    assert import_files([path])["reports"]


def test_a_file_beyond_the_limit_is_not_read_at_all(tmp_path):
    path = tmp_path / "large.json"
    with path.open("wb") as file:
        file.truncate(reading.LARGEST_FILE + 1)  # a hole: it takes no room on the disk

    with pytest.raises(ExchangeError, match=r"100 MB; at most 100 MB"):
        import_files([path])


def test_a_file_that_is_not_there_is_said(tmp_path):
    with pytest.raises(ExchangeError, match="cannot be read"):
        import_files([tmp_path / "none.json"])


def test_one_bad_file_of_several_leaves_nothing_imported(tmp_path, files):
    (tmp_path / "bad.json").write_text("{}")

    with pytest.raises(ExchangeError, match=r"^bad\.json"):
        import_files([files / "report-individual-1.json", tmp_path / "bad.json"])


def test_a_binary_float_is_never_written():
    with pytest.raises(TypeError, match="Decimal"):
        write_json({"x": 0.1})


def test_half_a_character_is_refused_with_its_place(tmp_path, report):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(report(language="\ud800")))

    with pytest.raises(ExchangeError, match=r"^r\.json: language: This text has half a character"):
        import_files([path])


def test_a_character_in_two_halves_is_whole(tmp_path, report):
    path = tmp_path / "r.json"
    path.write_text(json.dumps(report(id="\U0001f600")))

    assert import_files([path])["reports"][0]["id"] == "\U0001f600"
