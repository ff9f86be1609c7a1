"""Numbers, codes, flags, days and moments, as files really write them."""

from fractions import Fraction

import pytest

from tests.unit.offline.conftest import (
    DAYS,
    MOMENTS,
    STAY,
    STAYS,
    WAIT,
    counts,
    defined,
    numbers_of,
)


@pytest.mark.parametrize(
    "text",
    ["", "?", "N/A", "NA", "Not Available", "Not Applicable", "Too Few to Report", "null", "NULL",
     "***", "not available", " NaN "],
)  # fmt: skip
def test_a_withheld_number_is_missing_and_never_zero(door, text):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", f"cost,x\n10,1\n{text},1\n20,1\n")

    total = door.total(numbers_of(*columns, observation="cost", scoring="mean"), data)

    assert (total["observations"], total["missing"], total["rate"]) == ("2", "1", "15")


def test_a_code_that_excel_was_made_to_keep_is_what_stands_inside_and_that_is_said(door):
    plain = door.total(defined(), door.put("stays.csv", STAYS))

    kept = door.total(defined(), door.put("stays.csv", STAYS.replace(",01,", ',="01",')))

    assert counts(kept) == counts(plain)
    assert any('="010001" are taken as 010001' in note for note in door.notes)


def test_a_code_is_missing_only_when_it_is_empty_or_a_question_mark(door):
    definition = defined(initial_population="disposition is not null")
    data = door.put(
        "a.csv",
        "stay_days,disposition,readmitted\n"
        + "".join(f"1,{code},Y\n" for code in ("NA", "null", "***", "?", "", "01")),
    )

    assert door.total(definition, data)["initial_population"] == "4"
    assert door.total(definition, data, missing=["NA", "***"])["initial_population"] == "2"


@pytest.mark.parametrize(
    ("texts", "total"),
    [
        (["1,234", "1"], "1235"),
        (["1,234.5", "$1,000.25"], "8939/4"),
        (["8.5%", "100 %"], "217/200"),
        (["0.1", "0.2"], "3/10"),
        (["1e-05", ".5"], "50001/100000"),
        (["12.0", "+3"], "15"),
        (["-1.50", "0"], "-3/2"),
        (["0.30000000000000004", "12345678901234567890"],
         str(Fraction("12345678901234567890.30000000000000004"))),
    ],
)  # fmt: skip
def test_numbers_are_read_exactly(door, texts, total):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", "cost,x\n" + "".join(f'"{text}",\n' for text in texts))

    assert door.total(numbers_of(*columns, observation="cost"), data)["rate"] == total


@pytest.mark.parametrize("text", ["12,5", "1,23", "1.2.3", "12 days", "1e99", "8.5%%", "--1", "٣"])
def test_a_number_of_no_clear_form_is_refused_and_not_repeated(door, text):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", f'cost,x\n1,\n"{text}",\n')

    refused = door.refusal(numbers_of(*columns, observation="cost"), data)

    assert refused[0].startswith("a.csv, row 3, column “cost”: expected a number such as 12.5")
    assert refused[1] == "a.csv, column “cost”: 1 cell is no value of its type."
    assert not any(text in sentence for sentence in refused if len(text) > 4)


def test_decimals_beyond_38_digits_are_refused_beside_those_that_fit(door):
    columns = [{"name": "cost", "type": "decimal"}]
    data = door.put("a.csv", f"cost,x\n{'9' * 20},1\n0.{'1' * 19},1\n")

    refused = door.refusal(numbers_of(*columns, observation="cost"), data)

    assert refused[0].startswith("a.csv, row 3, column “cost”: expected a number")
    assert "of up to 38 digits" in refused[0]


@pytest.mark.parametrize("text", ["12.5", "8%", "1e3", "1,2"])
def test_a_whole_number_with_a_part_is_refused(door, text):
    refused = door.refusal(defined(), door.put("a.csv", STAYS.replace("\n2,", f'\n"{text}",')))

    assert refused[0] == (
        "a.csv, row 3, column “stay_days”: expected a whole number such as 12 or 1,234."
    )


def test_bad_cells_are_counted_by_column_and_twenty_are_listed(door):
    data = door.put("a.csv", "stay_days,disposition,readmitted\n" + "x,01,maybe\n" * 30)

    refused = door.refusal(defined(), data)

    assert len([said for said in refused if ", row " in said]) == 20
    assert "a.csv, column “stay_days”: 30 cells are no value of its type." in refused
    assert "a.csv, column “readmitted”: 30 cells are no value of its type." in refused


def test_flags_are_read_in_every_usual_spelling(door):
    spelled = ["true", "TRUE", "Y", "yes", "1", "T", "false", "N", "no", "0", "F", "f"]
    data = door.put(
        "a.csv",
        "stay_days,disposition,readmitted\n" + "".join(f"1,01,{flag}\n" for flag in spelled),
    )

    assert counts(door.total(defined(), data)) == ("6", "12", "0")


@pytest.mark.parametrize(
    ("first", "second", "note"),
    [
        ("2026-01-31", "2026-02-02", ""),
        ("2026/01/31", "2026-02-02 00:00:00", ""),
        ("2026-01-31T00:00:00", "2026-02-02T00:00:00.000", ""),
        ("01/31/2026", "2/2/2026", "month/day/year"),
        ("1/31/2026 0:00", "2/2/2026 12:00 AM", "month/day/year"),
        ("20260131", "20260202", "yearmonthday"),
    ],
)
def test_days_are_read_in_one_form_a_column(door, first, second, note):
    data = door.put("a.csv", f"admitted_on,discharged_on\n{first},{second}\n?,{second}\n")

    total = door.total(numbers_of(*DAYS, observation=STAY), data)

    assert total["rate"] == "2"
    assert all(note in said for said in door.notes)
    assert bool(door.notes) is bool(note)


@pytest.mark.parametrize(
    ("text", "row"),
    [("31/13/2026", 3), ("2026-02-30", 3), ("2026-01-31 10:00", 3), ("01/31/26", 3), ("Jan 1", 3)],
)
def test_a_day_that_is_none_or_cannot_be_told_is_refused(door, text, row):
    usual = "01/05/2026" if text.count("/") else "2026-01-05"
    data = door.put("a.csv", f"admitted_on,discharged_on\n{usual},2026-01-09\n{text},2026-01-09\n")

    refused = door.refusal(numbers_of(*DAYS, observation=STAY), data)

    said = "expected a day such as 2026-01-31, without a time."
    assert refused[0] == f"a.csv, row {row}, column “admitted_on”: {said}"


@pytest.mark.parametrize(
    ("first", "second", "minutes"),
    [
        ("2026-01-31 14:05", "2026-01-31T14:35:30", "61/2"),
        ("2026-01-31 23:50:00.000", "2026-02-01 00:10", "20"),
        ("1/31/2026 11:50 AM", "1/31/2026 12:20 PM", "30"),
        ("2026-01-31T14:05:00Z", "2026-01-31T14:06:00Z", "1"),
        ("2026-01-31 14:05:00.250", "2026-01-31 14:05:00.500", "1/240"),
        ("2026-01-31", "2026-01-31 01:00", "60"),
    ],
)
def test_moments_are_read_to_the_second_and_below(door, first, second, minutes):
    data = door.put("a.csv", f"arrived_at,seen_at\n{first},{second}\n")

    assert door.total(numbers_of(*MOMENTS, observation=WAIT), data)["rate"] == minutes
