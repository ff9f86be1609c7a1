"""The whole of `manage.py bench intake`, on a small file: its turns, its lines, its document."""

import io
import json

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.long


def test_the_bench_of_intake_prints_its_bars_and_ends_with_a_document():
    said = io.StringIO()

    call_command("bench", "intake", "--rows", "2000", "--runs", "2", stdout=said)

    document = json.loads(said.getvalue().splitlines()[-1])
    assert {len(each) for each in document["seconds"].values()} == {1, 2}
    assert [bar["is_held"] for bar in document["bars"]] == [True, None, True, None, None]
