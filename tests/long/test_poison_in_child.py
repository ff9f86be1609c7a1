"""All 40 harmful files through the limited child: refused with a code, and the caller lives on."""

import time

import pytest

from scorecards.intake.sandbox import check_in_child
from tests.poison import POISON
from tests.unit.intake.intake_examples import FIRST_QUARTER, codes, make_spec

pytestmark = pytest.mark.long
MOST_SECONDS = 60


@pytest.mark.parametrize("poison", POISON, ids=lambda poison: poison.name)
def test_a_harmful_file_is_refused_within_limits(tmp_path, poison):
    source, target = tmp_path / "received", tmp_path / "slices" / "slice.parquet"
    target.parent.mkdir()
    source.write_bytes(poison.make())
    began = time.monotonic()

    outcome = check_in_child(source, poison.filename, make_spec(), FIRST_QUARTER, target)

    assert not outcome.accepted
    assert poison.codes.intersection(codes(outcome)), outcome.findings[:3]
    assert list(target.parent.iterdir()) == []
    assert time.monotonic() - began < MOST_SECONDS
