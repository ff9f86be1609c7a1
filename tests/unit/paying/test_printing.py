"""Figures as a schedule prints them; what was hashed keeps its own."""

import pytest

from adjudication.years.presenters import read_steps


@pytest.mark.parametrize(
    ("hashed", "printed"),
    [
        ("$40.0000", "$40.00"),
        ("$52.1250", "$52.125"),
        ("$48,020.0000", "$48,020.00"),
        ("-$0.5000", "-$0.50"),
        ("$187,000.00", "$187,000.00"),
        ("1200.50", "1200.50"),
        ("2.5000", "2.5000"),
    ],
)
def test_dollars_are_printed_without_idle_zeros(hashed, printed):
    step = {"label": "Pay", "rule": "Times.", "inputs": [["Rate", hashed]], "output": hashed}

    (read,) = read_steps([step])

    assert read == {**step, "inputs": [("Rate", printed)], "output": printed}
