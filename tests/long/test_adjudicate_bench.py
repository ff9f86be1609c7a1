"""The whole of `manage.py bench adjudicate`, on few programs: its servers, its lines, its sums."""

import io
import json
import os

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.long

SMALL = ("bench", "adjudicate", "--programs", "3", "--hospitals", "2", "--reports", "1")


@pytest.fixture(autouse=True)
def _places():
    """The bench forgets where this run keeps things; the tests after it do not."""
    kept = dict(os.environ)
    yield
    os.environ.update(kept)


def test_the_bench_of_adjudication_settles_every_year_and_ends_with_a_document():
    said = io.StringIO()

    call_command(*SMALL, "--indicators", "4", "--asks", "20", stdout=said)

    document = json.loads(said.getvalue().splitlines()[-1])
    assert sum(share["years"] for share in document["shares"]) == 3
    assert [bar["is_held"] for bar in document["bars"]] == [None, True, None, None]
