"""The worked examples of dividing what a group earned."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from adjudication.compensation.allocation import AllocationRule, Holding, Participant, allocate
from comanage.values import Money, Period, fraction_from_text

EXAMPLES = tomllib.loads((Path(__file__).parent / "allocation.toml").read_text("utf-8"))
YEAR = Period.inclusive(EXAMPLES["first_day"], EXAMPLES["last_day"])
LONG_AGO, FAR_AWAY = date(2020, 1, 1), date(2030, 1, 1)


def participant(written):
    first = Period(written.get("joined", LONG_AGO), FAR_AWAY)
    if "last_day" in written:
        first = Period.inclusive(first.start, written["last_day"])
    again = [Period(written["again"], FAR_AWAY)] if "again" in written else []
    return Participant(
        written["name"],
        (first, *again),
        written.get("minutes", 0),
        fraction_from_text(written.get("fixed_share", "0")),
        tuple(
            Holding(Period.inclusive(held["from"], held["to"]), fraction_from_text(held["share"]))
            for held in written.get("holdings", [])
        ),
    )


@pytest.mark.parametrize("example", EXAMPLES["example"], ids=lambda example: example["name"])
def test_the_parts_are_those_of_the_pencil(example):
    found = allocate(
        Money.from_dollars(EXAMPLES["amount"]),
        AllocationRule.from_document(example["rule"]),
        list(map(participant, example["participant"])),
        YEAR,
    )

    assert [part.amount.dollars_text for part in found.parts] == example["parts"]
