"""What is shipped to be copied: it reads as its language, stands alone and keeps secrets."""

import ast
import csv
import hashlib
import hmac
import io
import subprocess
import sys

import pyarrow as pa
import pytest
import tree_sitter_powershell
from tree_sitter import Language, Parser

from comanage.embedded.home import PROJECT
from scorecards.intake.identifiers import pattern_hits

SAMPLES = PROJECT / "scorecards" / "samples"
KEY = bytes(range(32))
FILE = 'encounter_id,unit\n12345678,ICU\n 12345678 ,ICU\n00012,"Ward, 4"\n'
CLIENT = ("--client", "c", "--key", "k", "--kid", "k", "--feed", "f", "--period", "2031")


def key_ids(folder, *, text=FILE, key=KEY, column="encounter_id", options=()):
    (folder / "key").write_bytes(key)
    given = ("--key", str(folder / "key"), "--column", column, *options)
    command = [sys.executable, str(SAMPLES / "key_case_ids.py"), *given]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False)


def ids(answer):
    assert answer.returncode == 0, answer.stderr
    return [row["encounter_id"] for row in csv.DictReader(io.StringIO(answer.stdout.decode()))]


def faults_of(source: bytes):
    tree = Parser(Language(tree_sitter_powershell.language())).parse(source)
    return tree.root_node.has_error


def test_the_powershell_client_reads_as_powershell():
    source = (SAMPLES / "ExtractClient.ps1").read_bytes()

    assert not faults_of(source)
    assert faults_of(source.replace(b"} while (", b"} whale (", 1)), "the reader would not notice"


def test_the_bash_client_reads_as_bash():
    subprocess.run(["bash", "-n", str(SAMPLES / "extract_client.sh")], check=True)


@pytest.mark.parametrize("name", ["extract_client.py", "key_case_ids.py"])
def test_a_python_sample_stands_alone(name):
    tree = ast.parse((SAMPLES / name).read_text("utf-8"))
    imported = {
        (getattr(node, "module", None) or node.names[0].name).partition(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert imported <= sys.stdlib_module_names | {"jwt", "cryptography"}


@pytest.mark.parametrize("hospital", ["http://comanage.example/t/a", "ftp://localhost/t/a"])
def test_no_client_signs_in_where_others_read_along(hospital, tmp_path):
    file = tmp_path / "stays.csv"
    file.write_text("a\n", "utf-8")
    names = {"CLIENT": "c", "KEY": "k", "KID": "k", "FEED": "f", "HOSPITAL": hospital}
    python = [sys.executable, str(SAMPLES / "extract_client.py"), "--hospital", hospital, *CLIENT]
    bash = ["env", *(f"COMANAGE_{name}={value}" for name, value in names.items()), "bash"]
    for command in (
        [*python, str(file)],
        [*bash, str(SAMPLES / "extract_client.sh"), "2031", str(file)],
    ):
        answer = subprocess.run(command, capture_output=True, check=False)

        assert (answer.returncode, answer.stdout) == (2, b"")
        assert b"Only https is safe" in answer.stderr


def test_a_keyed_id_is_the_hmac_of_the_case_id(tmp_path):
    expected = [hmac.new(KEY, text, hashlib.sha256).hexdigest() for text in (b"12345678", b"00012")]

    assert ids(key_ids(tmp_path)) == [expected[0], expected[0], expected[1]]
    assert b'"Ward, 4"' in key_ids(tmp_path).stdout


def test_another_key_gives_other_ids(tmp_path):
    assert not set(ids(key_ids(tmp_path))) & set(ids(key_ids(tmp_path, key=KEY[::-1])))


def test_a_shorter_id_is_the_beginning_of_the_whole_one(tmp_path):
    whole, short = ids(key_ids(tmp_path)), ids(key_ids(tmp_path, options=("--bits", "128")))

    assert short == [each[:32] for each in whole]


@pytest.mark.parametrize(
    "given",
    [
        {"key": KEY[:15]},
        {"options": ("--bits", "120")},
        {"column": "stay"},
        {"text": "encounter_id,encounter_id\n1,2\n"},
        {"text": "encounter_id,unit\n,ICU\n"},
        {"text": "encounter_id,unit\n1\n"},
    ],
    ids=["short key", "short id", "no column", "column twice", "no id", "no cell"],
)
def test_what_cannot_be_keyed_safely_is_not_keyed(tmp_path, given):
    answer = key_ids(tmp_path, **given)

    assert answer.returncode == 2
    assert b"ICU" not in answer.stdout


def test_keyed_ids_are_no_identifiers_to_the_check_of_files():
    keyed = [hmac.digest(KEY, str(number).encode(), "sha256").hex() for number in range(20_000)]

    assert pattern_hits(pa.array([*keyed, *(each[:32] for each in keyed)])) == []
