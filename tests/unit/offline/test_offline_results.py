"""What the rows of results hold: strata, periods, an organization, exact figures, JSON."""

import json
from pathlib import Path

import jsonschema
import pytest

import scorecards.offline
from indicators.measure.definition import Definition
from scorecards.offline.errors import OfflineError
from scorecards.offline.fitting import UsageError
from tests.unit.offline.conftest import defined

SCHEMA = json.loads(
    (Path(scorecards.offline.__file__).parent / "results.schema.json").read_text("utf-8")
)
COLUMNS = [
    {"name": "discharged_on", "type": "date"},
    {"name": "ward", "type": "code", "source": "Ward Name"},
    {"name": "readmitted", "type": "flag"},
]
DATED = defined(
    columns=COLUMNS, initial_population="", denominator_exclusion="", numerator="readmitted = true"
)
STAYS = """\
discharged_on,Ward Name,readmitted,season,doctor
2025-11-30,B,Y,2,10
2026-01-10,A,Y,1,9
2026-01-20,A,N,1,9
2026-02-01,B,N,1,10
,B,Y,,10
2026-02-02,,Y,2,9
"""


def figures(rows, *names):
    return [tuple(row[name] for name in names) for row in rows]


def test_without_a_period_there_is_one_row_for_all(door):
    rows = door.rows(DATED, door.put("a.csv", STAYS))

    assert figures(rows, "grain", "period", "start", "numerator_exact", "denominator_exact") == [
        ("all", "(all)", "", "4", "6")
    ]
    assert (rows[0]["rate"], rows[0]["value"], rows[0]["unit"]) == ("2/3", "66.666667", "%")


@pytest.mark.parametrize("name", ["ward", "Ward Name", "ward name", "WARD"])
def test_strata_follow_the_total_in_sorted_order_and_a_missing_one_is_last(door, name):
    rows = door.rows(DATED, door.put("a.csv", STAYS), by=name)

    assert figures(rows, name, "numerator", "eligible") == [
        ("(all)", "4", "6"),
        ("A", "1", "2"),
        ("B", "2", "3"),
        ("(missing)", "1", "1"),
    ]


def test_strata_may_be_any_header_and_combine(door):
    rows = door.rows(DATED, door.put("a.csv", STAYS), by=["season", "doctor"])

    assert figures(rows, "season", "doctor", "eligible") == [
        ("(all)", "(all)", "6"),
        ("1", "10", "1"),
        ("1", "9", "2"),
        ("2", "10", "1"),
        ("2", "9", "1"),
        ("(missing)", "10", "1"),
    ]


def test_whole_numbers_are_sorted_as_numbers(door):
    columns = [*COLUMNS, {"name": "doctor", "type": "whole"}]

    rows = door.rows({**DATED, "columns": columns}, door.put("a.csv", STAYS), by="doctor")

    assert [row["doctor"] for row in rows] == ["(all)", "9", "10"]


def test_a_date_gives_months_with_the_empty_ones_among_them(door):
    rows = door.rows(DATED, door.put("a.csv", STAYS), period="discharged_on")

    assert figures(rows, "grain", "period", "start", "end", "numerator", "eligible") == [
        ("all", "(all)", "", "", "4", "6"),
        ("month", "2025-11", "2025-11-01", "2025-12-01", "1", "1"),
        ("month", "2025-12", "2025-12-01", "2026-01-01", "0", "0"),
        ("month", "2026-01", "2026-01-01", "2026-02-01", "1", "2"),
        ("month", "2026-02", "2026-02-01", "2026-03-01", "1", "2"),
        ("missing", "(missing)", "", "", "1", "1"),
    ]
    assert rows[2]["not_scored"] == "no_data"


def test_spans_of_the_calendar_add_up_cases_and_not_rates(door):
    rows = door.rows(
        DATED,
        door.put("a.csv", STAYS),
        period="discharged_on",
        grain=["quarter", "year_to_date", "year"],
        year_starts="10",
    )

    assert figures(rows[1:-1], "period", "numerator", "eligible") == [
        ("FY2026-Q1", "1", "1"),
        ("FY2026-Q2", "2", "4"),
        ("FY2026 to 2025-11", "1", "1"),
        ("FY2026 to 2025-12", "1", "1"),
        ("FY2026 to 2026-01", "2", "3"),
        ("FY2026 to 2026-02", "3", "5"),
        ("FY2026", "3", "5"),
    ]


def test_strata_of_a_span_are_those_that_occur_in_it(door):
    rows = door.rows(
        DATED, door.put("a.csv", STAYS), period="discharged_on", grain="quarter", by="ward"
    )

    assert figures(rows, "period", "ward", "eligible")[4:] == [
        ("2025-Q4", "(all)", "1"),
        ("2025-Q4", "B", "1"),
        ("2026-Q1", "(all)", "4"),
        ("2026-Q1", "A", "2"),
        ("2026-Q1", "B", "1"),
        ("2026-Q1", "(missing)", "1"),
        ("(missing)", "(all)", "1"),
        ("(missing)", "B", "1"),
    ]


def test_a_rolling_year_of_the_median_is_the_median_of_its_values(door):
    definition = {
        "slug": "wait",
        "title": "Wait",
        "scoring": "median",
        "improvement": "decrease",
        "unit": "minutes",
        "observation": "wait",
        "columns": [{"name": "wait", "type": "whole"}, {"name": "day", "type": "date"}],
    }
    months = "".join(f"{month},2025-{month:02d}-15\n" for month in range(1, 13))
    data = door.put("a.csv", "wait,day\n" + months + "99,2026-01-05\n")

    rows = door.rows(definition, data, period="day", grain="rolling_12_months")

    assert figures(rows[1:], "period", "rate", "observations", "numerator_exact") == [
        ("2025-01 to 2025-12", "13/2", "12", ""),
        ("2025-02 to 2026-01", "15/2", "12", ""),
    ]


def test_the_own_labels_of_a_file_are_periods_in_sorted_order(door):
    rows = door.rows(DATED, door.put("a.csv", STAYS), period="season")

    assert figures(rows, "grain", "period", "eligible") == [
        ("all", "(all)", "6"),
        ("period", "1", "3"),
        ("period", "2", "2"),
        ("missing", "(missing)", "1"),
    ]


def test_an_undeclared_header_with_a_grain_is_read_as_a_date(door):
    columns = [column for column in COLUMNS if column["name"] != "discharged_on"]

    rows = door.rows(
        {**DATED, "columns": columns},
        door.put("a.csv", STAYS),
        period="discharged_on",
        grain="year",
    )

    assert [row["period"] for row in rows] == ["(all)", "2025", "2026", "(missing)"]


def test_dates_centuries_apart_are_refused(door):
    data = door.put("a.csv", STAYS.replace("2025-11", "1025-11"))

    (refused,) = door.refusal(DATED, data, period="discharged_on")

    assert refused.startswith("The dates of --period go from 1025 to 2026.")


TREE = "unit,parent\nSystem,\nNorth,System\nSouth,System\nA,North\nB,South\nC,South\n"


def test_units_roll_up_through_the_organization(door):
    tree = door.put("tree.csv", TREE)

    rows = door.rows(DATED, door.put("a.csv", STAYS), by="ward", organization=tree)

    assert figures(rows, "ward", "numerator", "eligible") == [
        ("(all)", "4", "6"),
        ("A", "1", "2"),
        ("B", "2", "3"),
        ("C", "0", "0"),
        ("North", "1", "2"),
        ("South", "2", "3"),
        ("System", "3", "5"),
        ("(missing)", "1", "1"),
    ]


@pytest.mark.parametrize(
    ("tree", "said"),
    [
        ("unit,parent\nA,\n", "The organization has no unit “B”."),
        ("unit,parent\nA,B\nB,A\n", "tree.csv: The unit “A” belongs to itself"),
        ("unit,parent\nA,\nA,\n", "tree.csv, row 3: each unit stands in one row"),
        ("unit;parent\nA;\n", "tree.csv needs the columns unit and parent."),
    ],
)
def test_an_organization_that_cannot_be_is_refused(door, tree, said):
    data, path = door.put("a.csv", STAYS), door.put("tree.csv", tree)

    (refused,) = door.refusal(DATED, data, by="ward", organization=path)

    assert refused.startswith(said)


@pytest.mark.parametrize(
    "options",
    [
        {"organization": "tree.csv"},
        {"organization": "tree.csv", "by": ["ward", "season"]},
        {"grain": "month"},
        {"by": ["ward", "ward"]},
        {"out": "results.txt"},
    ],
)
def test_options_that_do_not_fit_together_are_a_wrong_usage(door, options):
    with pytest.raises(UsageError):
        door.run(DATED, door.put("a.csv", STAYS), **options)


def test_too_few_cases_and_no_cases_are_no_rate_of_zero(door):
    data = door.put("a.csv", STAYS)

    (few,) = door.rows(DATED, data, minimum_cases="7")
    (none,) = door.rows({**DATED, "initial_population": "ward = 'Z'"}, data)

    assert (few["not_scored"], few["rate"], few["value"]) == ("too_few_cases", "", "")
    assert (few["numerator_exact"], few["denominator_exact"]) == ("4", "6")
    assert few["reason"] == "Fewer cases than the agreed minimum."
    assert (none["not_scored"], none["rate"]) == ("no_data", "")


def test_intervals_stand_on_the_scale_of_the_value(door):
    (row,) = door.rows({**DATED, "multiplier": 1000}, door.put("a.csv", STAYS))

    # Wilson's interval of 4 in 6.
    assert row["value"] == "666.666667"
    assert 299 < float(row["interval_low"]) < 301
    assert 902 < float(row["interval_high"]) < 904


def test_labels_cannot_become_formulas_of_a_spreadsheet(door):
    data = door.put("a.csv", STAYS.replace(",A,", ",=1+1,").replace(",B,", ",-5,"))

    rows = door.rows(DATED, data, by="ward")

    assert [row["ward"] for row in rows] == ["(all)", "-5", "'=1+1", "(missing)"]


def test_json_says_what_it_was_made_from_and_fits_its_schema(door):
    data = door.put("a.csv", STAYS.replace("Ward Name", "ward"))
    path = door.run(DATED, data, by="ward", period="discharged_on", out="results.json")

    document = json.loads(path.read_text("utf-8"))

    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(document, SCHEMA)
    assert document["definitions"][0]["sha256"] == Definition.from_document(DATED).sha256
    assert document["data"][0]["rows"] == 6
    assert document["results"][0]["strata"] == {"ward": "(all)"}
    assert document["results"][1]["rate"] == "1/2"
    assert document["results"][1]["not_scored"] is None


def test_several_indicators_are_measured_in_the_same_files(door):
    other = {**DATED, "slug": "other", "numerator": "readmitted = false"}

    rows = door.rows([DATED, other], door.put("a.csv", STAYS), by="ward")

    assert [row["definition"] for row in rows] == ["readmission"] * 4 + ["other"] * 4
    assert [rows[place]["numerator"] for place in (0, 4)] == ["4", "2"]


def test_a_dash_shows_the_csv_on_the_screen(door):
    path = door.put("a.csv", STAYS)

    door.run(DATED, path, out="-")

    assert door.shown.startswith("definition,grain,period,start,end,initial_population,")
    assert not (door.folder / "-").exists()


def test_where_each_case_stands_is_written_with_the_reason_and_no_value(door):
    stands = door.folder / "stands.csv"
    definition = {**DATED, "initial_population": "ward is not null and discharged_on is not null"}

    door.run(definition, door.put("a.csv", STAYS), cases=stands)

    lines = stands.read_text("utf-8").splitlines()
    assert lines[0] == "definition,file,row,state,placement,decided_by,because"
    assert lines[1] == "readmission,a.csv,2,met,numerator,numerator,Holds: readmitted is yes."
    assert lines[3].startswith("readmission,a.csv,4,not met,numerator_not_met,numerator,Does not")
    assert lines[5] == (
        "readmission,a.csv,6,not eligible,outside_initial_population,initial_population,"
        "Does not hold: discharged_on is recorded."
    )


def test_nothing_is_written_when_one_of_two_files_cannot_be(door):
    with pytest.raises(OfflineError, match="cannot be written"):
        door.run(DATED, door.put("a.csv", STAYS), cases=door.folder / "no" / "stands.csv")
    with pytest.raises(OfflineError, match="cannot be written"):
        door.run(
            DATED, door.put("a.csv", STAYS), cases=door.folder / "stands.csv", out="no/out.csv"
        )

    assert sorted(path.name for path in door.folder.iterdir()) == ["a.csv", "definition.json"]


@pytest.mark.parametrize("dialect", ["postgresql", "duckdb"])
def test_a_statement_is_written_instead_of_results(door, dialect):
    path = door.run(DATED, sql=dialect, table="mart.stays", out="count.sql")

    text = path.read_text("utf-8")
    assert text.startswith("-- readmission\n")
    assert '"mart"."stays"' in text
    assert text.rstrip().endswith(";")


def test_aggregates_above_their_denominator_are_refused_by_file_and_row(door):
    definition = {
        **DATED,
        "data": "aggregates",
        "numerator": "",
        "numerator_observation": "events",
        "denominator_observation": "days",
        "columns": [{"name": "events", "type": "decimal"}, {"name": "days", "type": "whole"}],
    }
    first = door.put("a.csv", "events,days\n1,10\n")
    second = door.put("b.csv", "events,days\n1,10\n10.00000000000000001,10\n")

    (refused,) = door.refusal(definition, first, second)

    assert refused.startswith("b.csv, row 3: a numerator lies between 0 and its denominator.")


def test_an_indicator_without_columns_counts_every_row(door):
    definition = {**DATED, "scoring": "count", "numerator": ""}

    assert door.total(definition, door.put("a.csv", STAYS))["numerator"] == "6"


def test_strata_of_every_type_are_labeled_as_people_write_them(door):
    kinds = {"is_new": "flag", "dose": "decimal", "seen_at": "moment", "seen_on": "date"}
    columns = [*COLUMNS, *({"name": name, "type": kind} for name, kind in kinds.items())]
    data = door.put(
        "a.csv",
        "Ward Name,readmitted,is_new,dose,seen_at,seen_on\n"
        "A,Y,N,10,2026-01-02 08:00,01/02/2026\nA,Y,Y,2.50,2026-01-01 08:00,01/01/2026\n",
    )
    labels = {
        "is_new": ["false", "true"],
        "dose": ["2.5", "10"],
        "seen_at": ["2026-01-01 08:00:00", "2026-01-02 08:00:00"],
        "seen_on": ["2026-01-01", "2026-01-02"],
    }

    for name, expected in labels.items():
        rows = door.rows({**DATED, "columns": columns}, data, by=name)
        assert [row[name] for row in rows[1:]] == expected


def test_a_period_without_any_date_is_one_row_of_missing(door):
    data = door.put("a.csv", "discharged_on,readmitted,x\n,Y,1\n,N,1\n")

    rows = door.rows(DATED, data, period="discharged_on")

    assert figures(rows, "grain", "eligible") == [("all", "2"), ("missing", "2")]


def test_a_period_that_is_a_number_has_no_grain(door):
    columns = [*COLUMNS, {"name": "season", "type": "whole"}]

    refused = door.refusal(
        {**DATED, "columns": columns}, door.put("a.csv", STAYS), period="season", grain="year"
    )

    assert refused == ("--period “season” is no date; leave out --grain.",)


def test_a_grain_that_is_none_is_a_wrong_usage(door):
    with pytest.raises(SystemExit) as ended:
        door.run(DATED, door.put("a.csv", STAYS), grain="week")

    assert ended.value.code == 2


def test_a_tree_that_is_not_there_or_not_text_is_refused(door):
    data = door.put("a.csv", STAYS)

    gone = door.refusal(DATED, data, by="ward", organization=door.folder / "gone.csv")
    broken = door.refusal(DATED, data, by="ward", organization=door.put("tree.csv", b"\xff"))

    assert gone == ("gone.csv cannot be read: No such file or directory.",)
    assert broken == ("tree.csv is not UTF-8 text. Export as CSV in UTF-8.",)


def test_a_quote_in_the_name_of_a_table_stays_inside_the_name(door):
    path = door.run(DATED, sql="duckdb", table='a"; drop table b', out="count.sql")

    assert '"a""; drop table b"' in path.read_text("utf-8")
