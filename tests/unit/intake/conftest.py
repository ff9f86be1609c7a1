import pytest

from scorecards.intake.checks import check_file
from scorecards.intake.manner import AS_IT_IS
from tests.unit.intake.intake_examples import FIRST_QUARTER, HEADER, make_spec


@pytest.fixture
def target(tmp_path):
    folder = tmp_path / "slices"
    folder.mkdir()
    return folder / "slice.parquet"


@pytest.fixture
def check(tmp_path, target):
    """Check bytes that came under a name, and hold that a refusal leaves nothing behind."""

    def run(content, filename="extract.csv", *, spec=None, period=FIRST_QUARTER, manner=AS_IT_IS):
        source = tmp_path / "received"
        source.write_bytes(content)
        outcome = check_file(source, filename, spec or make_spec(), period, target, manner=manner)
        assert list(target.parent.iterdir()) == ([target] if outcome.accepted else [])
        return outcome

    return run


@pytest.fixture
def check_rows(check):
    """Check the rows of a CSV file under the usual header."""

    def run(*rows, header=HEADER, **changes):
        lines = "\n".join([header, *rows, ""])
        return check(lines.encode(), spec=make_spec(**changes))

    return run
