"""What could be read in two ways is refused or said, never chosen in silence."""

import pytest

from scorecards.offline.faults import ALL_OR_NONE
from tests.unit.offline.conftest import defined

COST = {"name": "cost", "type": "decimal"}
DAYS = [{"name": "admitted_on", "type": "date"}, {"name": "discharged_on", "type": "date"}]


def summed(*columns, observation):
    """An indicator that only adds up a number."""
    return {
        "slug": "added",
        "title": "Added",
        "scoring": "sum",
        "improvement": "decrease",
        "unit": "days",
        "columns": list(columns),
        "observation": observation,
    }


COSTS = summed(COST, observation="cost")
STAY = summed(*DAYS, observation="days_between(admitted_on, discharged_on)")


@pytest.mark.parametrize("separator", ";\t|")
@pytest.mark.parametrize("text", ["1,250", "12,5", "-1,250", "$1,250", "1,250%"])
def test_a_comma_in_a_number_is_refused_where_commas_do_not_part_the_fields(door, separator, text):
    data = door.put("a.csv", f"cost{separator}x\n1{separator}\n{text}{separator}\n")

    refused = door.refusal(COSTS, data)

    assert refused[0].startswith("a.csv, row 3, column “cost”: the comma may part thousands")
    assert "Write 1250 for 1,250, or 1.25 with a point." in refused[0]


def test_a_comma_in_a_whole_number_is_refused_there_too(door):
    columns = {"name": "days", "type": "whole"}
    data = door.put("a.csv", "days;x\n1,250;\n")

    refused = door.refusal(summed(columns, observation="days"), data)

    assert refused[0].startswith("a.csv, row 2, column “days”: the comma may part thousands")


@pytest.mark.parametrize(("text", "total"), [("1,234.5", "2469/2"), ("1,234,567", "1234567")])
def test_commas_that_can_only_part_thousands_are_taken(door, text, total):
    data = door.put("a.csv", f"cost;x\n{text};\n")

    assert door.total(COSTS, data)["rate"] == total


def test_a_zero_before_the_comma_is_no_thousand(door):
    data = door.put("a.csv", 'cost,x\n1,\n"0,125",\n')

    assert door.refusal(COSTS, data)[0].startswith("a.csv, row 3, column “cost”: expected a number")


@pytest.mark.parametrize(("texts", "row"), [(["5%", "6%", "5"], 4), (["5", "5%", "6"], 3)])
def test_percents_and_plain_numbers_in_one_column_are_refused_by_row(door, texts, row):
    data = door.put("a.csv", "cost,x\n" + "".join(f"{text},\n" for text in texts))

    refused = door.refusal(COSTS, data)

    said = "either all with a percent sign or none, for 5% is 0.05 and 5 is 5."
    assert refused[0] == f"a.csv, row {row}, column “cost”: {said}"


def test_a_withheld_figure_among_percents_is_only_missing(door):
    data = door.put("a.csv", "cost,x\n5%,\nNot Available,\n15%,\n")

    assert door.total(COSTS, data)["rate"] == "1/5"


def test_percents_in_one_file_and_plain_numbers_in_another_are_refused(door):
    one, other = door.put("a.csv", "cost,x\n5%,\n"), door.put("b.csv", "cost,x\n5,\n")
    empty = door.put("c.csv", "cost,x\n,1\n")

    assert door.refusal(COSTS, one, other) == (
        f"The column “cost” has percent signs in a.csv and none in b.csv: {ALL_OR_NONE}.",
    )
    assert door.total(COSTS, one, empty)["rate"] == "1/20"


def days(door, *texts):
    rows = "".join(f"{text},2026-04-05\n" for text in texts)
    return door.put("a.csv", f"admitted_on,discharged_on\n{rows}")


AMBIGUOUS = "read as month/day/year, and could be otherwise: --dates day-first."


@pytest.mark.parametrize(
    ("text", "options", "total", "notes"),
    [
        ("03/04/2026", {}, "32", [AMBIGUOUS]),
        ("03/04/2026", {"dates": "day-first"}, "2", ["day/month/year."]),
        ("03/04/2026", {"dates": "month-first"}, "32", ["month/day/year."]),
        ("03/31/2026", {}, "5", ["month/day/year."]),
        ("04/04/2026", {}, "1", ["month/day/year."]),
        ("31/03/2026", {"dates": "day-first"}, "5", ["day/month/year."]),
        ("2026-04-03", {"dates": "day-first"}, "2", []),
    ],
)
def test_the_order_of_day_and_month_is_as_named_and_said(door, text, options, total, notes):
    found = door.total(STAY, days(door, text), **options)

    assert found["rate"] == total
    assert len(door.notes) == len(notes)
    assert all(said.endswith(note) for said, note in zip(door.notes, notes, strict=True))


@pytest.mark.parametrize(
    ("texts", "options", "order"),
    [
        (["31/03/2026"], {}, "day-first"),
        (["05/03/2026", "31/03/2026"], {}, "day-first"),
        (["31/03/2026", "05/03/2026"], {"dates": "month-first"}, "day-first"),
        (["05/03/2026", "03/31/2026"], {"dates": "day-first"}, "month-first"),
    ],
)
def test_a_column_that_fits_only_the_other_order_names_the_option(door, texts, options, order):
    refused = door.refusal(STAY, days(door, *texts), **options)

    form = "day/month/year" if order == "day-first" else "month/day/year"
    assert refused[0].endswith(
        f"column “admitted_on”: the column fits {form} only. Say so: --dates {order}."
    )


def test_days_of_both_orders_in_one_column_are_only_wrong(door):
    refused = door.refusal(STAY, days(door, "31/03/2026", "03/31/2026"))

    assert "expected a day such as 2026-01-31" in refused[0]


def test_moments_have_an_order_of_day_and_month_too(door):
    columns = [{"name": "a", "type": "moment"}, {"name": "b", "type": "moment"}]
    definition = summed(*columns, observation="hours_between(a, b)")
    data = door.put("a.csv", "a,b\n31/01/2026 10:00,01/02/2026 10:00\n")

    assert "--dates day-first" in door.refusal(definition, data)[0]
    assert door.total(definition, data, dates="day-first")["rate"] == "24"


@pytest.mark.parametrize(
    "content", ['{"a": 1}', '\ufeff\n[\n {"a": 1}]', '{"a": 1}\n{"a": 2}', "{}"]
)
def test_a_json_file_given_as_data_is_told_apart(door, content):
    (refused,) = door.refusal(defined(), door.put("a.json", content))

    assert refused.startswith("a.json: The file is JSON; CSV, XLSX and Parquet are read.")


def test_a_header_in_brackets_is_no_json(door):
    data = door.put("a.csv", "[stay days],[disposition],[readmitted]\n3,01,Y\n")

    assert door.total(defined(), data)["numerator"] == "1"


def ward_rows(door, *wards, **options):
    cells = "".join(f"1,01,Y,{ward}\n" for ward in wards)
    data = door.put("a.csv", f"stay_days,disposition,readmitted,ward\n{cells}")
    rows = door.rows(defined(), data, **options)
    return [(row.get("ward", row["period"]), row["grain"], row["eligible"]) for row in rows]


def test_a_stratum_that_reads_like_ours_stands_in_quotes(door):
    labels = ["(all)", "(missing)", "", '"""(all)"""', "(All)"]

    assert ward_rows(door, *labels, by="ward") == [
        ("(all)", "all", "5"),
        ('""(all)""', "all", "1"),
        ("(All)", "all", "1"),
        ('"(all)"', "all", "1"),
        ('"(missing)"', "all", "1"),
        ("(missing)", "all", "1"),
    ]


def test_a_period_that_reads_like_ours_stands_in_quotes(door):
    assert ward_rows(door, "(missing)", "", period="ward")[1:] == [
        ('"(missing)"', "period", "1"),
        ("(missing)", "missing", "1"),
    ]


def test_a_unit_that_reads_like_ours_stands_in_quotes(door):
    tree = door.put("tree.csv", "unit,parent\n(all),\nA,(all)\n")

    rows = ward_rows(door, "A", "(all)", by="ward", organization=tree)

    assert [(label, eligible) for label, _, eligible in rows] == [
        ("(all)", "2"),
        ('"(all)"', "2"),
        ("A", "1"),
    ]
