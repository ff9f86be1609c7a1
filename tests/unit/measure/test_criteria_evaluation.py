"""Criteria on a table of cases: three truths, exact numbers, columns as they are stored."""

from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest

from indicators.measure.columns import CasesError, Column, ColumnError, ColumnType
from indicators.measure.criteria import Evaluator, masks, parse, parse_number

moment = datetime.fromisoformat
COLUMNS = {
    column.name: column
    for column in (
        Column("code", ColumnType.CODE, "Code"),
        Column("other", ColumnType.CODE, "Other code"),
        Column("days", ColumnType.WHOLE, "Days"),
        Column("cost", ColumnType.DECIMAL, "Cost"),
        Column("seen", ColumnType.DATE, "Seen"),
        Column("came_at", ColumnType.MOMENT, "Came"),
        Column("left_at", ColumnType.MOMENT, "Left"),
        Column("died", ColumnType.FLAG, "Died"),
    )
}
CASES = pa.table(
    {
        "code": pa.array(["a1", "b", None], pa.string()),
        "other": pa.array(["a1", "x", "x"], pa.string()),
        "days": pa.array([1, -3, None], pa.int64()),
        "cost": pa.array([Decimal("1.50"), Decimal("-0.01"), None], pa.decimal128(38, 2)),
        "seen": pa.array([date(2026, 1, 1), date(1969, 12, 31), None], pa.date32()),
        "came_at": pa.array(
            [moment("2026-01-31 23:58:30"), moment("1969-12-31 23:59"), None], pa.timestamp("s")
        ),
        "left_at": pa.array(
            [moment("2026-02-01 00:01"), moment("1969-12-31 00:00"), None], pa.timestamp("s")
        ),
        "died": pa.array([True, False, None], pa.bool_()),
    }
)
TRUTHS = {(True, False): "T", (False, False): "F", (False, True): "?"}


def truths(text, cases=CASES):
    found = masks(parse(text, COLUMNS), cases)
    pairs = zip(found.true.tolist(), found.unknown.tolist(), strict=True)
    return "".join(TRUTHS[pair] for pair in pairs)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code = 'a1'", "TF?"),
        ("code <> 'a1'", "FT?"),
        ("code = other", "TF?"),
        ("code <> other", "FT?"),
        ("'b' = code", "FT?"),
        ("code in ('b', 'c')", "FT?"),
        ("code not in ('b', 'c')", "TF?"),
        ("code like 'a%'", "TF?"),
        ("code is null", "FFT"),
        ("code is not null", "TTF"),
        ("days = 1", "TF?"),
        ("days in (1, 1.0, -3)", "TT?"),
        ("days in (2.5)", "FF?"),
        ("days + 1 > 0.5 * days", "TF?"),
        ("days - 1 = 0", "TF?"),
        ("cost < 0", "FT?"),
        ("cost = 1.5", "TF?"),
        ("cost between -0.01 and 1.499", "FT?"),
        ("cost <= days", "FF?"),
        ("cost * cost >= 2.25", "TF?"),
        ("seen = date '1969-12-31'", "FT?"),
        ("seen in (date '2026-01-01')", "TF?"),
        ("days_between(seen, date '2026-01-31') <= 30", "TF?"),
        ("days / 3 = 1 / 3", "TF?"),
        ("days / -3 = 1", "FT?"),
        ("cost / 0.3 / 5 = 1", "TF?"),
        ("came_at < moment '2026-01-31 23:58:31'", "TT?"),
        ("came_at = moment '2026-01-31 23:58:30'", "TF?"),
        ("came_at in (moment '1969-12-31 23:59', moment '2026-01-31 23:58')", "FT?"),
        ("came_at is null", "FFT"),
        ("minutes_between(came_at, left_at) = 2.5", "TF?"),
        ("minutes_between(left_at, came_at) = 1439", "FT?"),
        ("hours_between(came_at, left_at) * 24 = 1", "TF?"),
        ("hours_between(came_at, left_at) * 60 = minutes_between(came_at, left_at)", "TT?"),
        ("days_between(came_at, left_at) = 1", "TF?"),
        ("days_between(seen, left_at) = 31", "TF?"),
        ("minute_of_day(came_at) = 23 * 60 + 58", "TF?"),
        ("minute_of_day(left_at) < 2", "TT?"),
        ("minute_of_day(came_at) between 1438 and 1439", "TT?"),
        ("weekday_of(seen) = 4", "TF?"),  # 2026-01-01 was a Thursday
        ("weekday_of(left_at) = 7", "TF?"),  # 2026-02-01 was a Sunday
        ("weekday_of(came_at) = 3", "FT?"),  # 1969-12-31 was a Wednesday
        ("date_of(came_at) = date '2026-01-31'", "TF?"),
        ("date_of(left_at) = seen", "FT?"),
        ("years_between(seen, date '2025-01-01') = -1", "TF?"),
        ("years_between(seen, came_at) = 0", "TT?"),
        ("died = true", "TF?"),
        ("died in (false)", "FT?"),
        ("not died = true", "FT?"),
        ("died = true and other = 'x'", "FF?"),
        ("died = true and other = 'a1'", "TFF"),
        ("died = true or other = 'x'", "TTT"),
        ("died = true or other = 'a1'", "TF?"),
    ],
)
def test_a_criterion_is_true_false_or_unknown_for_each_case(text, expected):
    assert truths(text) == expected


@pytest.mark.parametrize(
    ("name", "type_", "values"),
    [
        ("code", pa.large_string(), ["a1", "b", None]),
        ("code", pa.dictionary(pa.int32(), pa.string()), ["a1", "b", None]),
    ],
)
def test_codes_may_be_stored_as_any_kind_of_text(name, type_, values):
    assert truths("code = 'a1'", pa.table({name: pa.array(values, type_)})) == "TF?"


def test_a_column_without_any_text_is_unknown_throughout():
    cases = pa.table({"code": pa.nulls(2, pa.string()), "other": ["x", None]})

    assert truths("code = 'a'", cases) == "??"
    assert truths("code = other", cases) == "??"


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_moments_finer_than_a_second_are_kept_exactly(unit):
    came = moment("2026-01-31 14:04:59.999")
    cases = pa.table({"came_at": pa.array([came], pa.timestamp(unit))})

    assert truths("came_at < moment '2026-01-31 14:05'", cases) == "T"
    assert truths("minute_of_day(came_at) = 14 * 60 + 4", cases) == "T"
    assert truths("minutes_between(came_at, moment '2026-01-31 14:05') * 60000 = 1", cases) == "T"


def test_a_moment_with_a_time_zone_is_refused():
    cases = pa.table({"came_at": pa.array([0], pa.timestamp("s", "UTC"))})

    with pytest.raises(CasesError, match=r"expected .*timestamp without a time zone"):
        truths("came_at is null", cases)


@pytest.mark.parametrize(
    ("first", "second", "years"),
    [
        ("2000-02-29", "2001-02-28", 0),
        ("2000-02-29", "2001-03-01", 1),
        ("2000-02-29", "2004-02-29", 4),
        ("2008-01-31", "2026-01-30", 17),
        ("2008-01-31", "2026-01-31", 18),
        ("2001-02-28", "2000-02-29", 0),
        ("2001-03-01", "2000-02-29", -1),
        ("1969-12-31", "1970-12-31", 1),
        ("1970-01-01", "1970-01-01", 0),
        ("0001-01-01", "9999-12-31", 9998),
    ],
)
def test_years_between_are_completed_years(first, second, years):
    cases = pa.table({"seen": [date.fromisoformat(first)]})

    assert truths(f"years_between(seen, date '{second}') = {years}", cases) == "T"


def test_a_table_without_cases_has_no_answers():
    assert truths("cost * 2 > days or code like 'a%' or seen is null", CASES.slice(0, 0)) == ""


def test_a_table_in_several_pieces_is_one_table():
    pieces = pa.concat_tables([CASES.slice(1, 2), CASES.slice(0, 1)])

    assert truths("cost < 0 and code = 'b'", pieces) == "T?F"


def test_a_part_of_a_table_answers_for_its_own_rows():
    assert truths("cost < 0 and code = 'b' and days = -3", CASES.slice(1, 1)) == "T"


def test_decimals_of_38_digits_are_compared_exactly():
    huge = [Decimal(10) ** 35 + 1, -(Decimal(10) ** 35), None]
    cases = pa.table({"cost": pa.array(huge, pa.decimal128(38, 2))})

    assert truths("cost > 0", cases) == "TF?"
    assert truths("cost - 1.0 = cost - 1", cases) == "TT?"
    assert truths("cost + 0.000000000000000001 > cost", cases) == "TT?"


def test_whole_numbers_do_not_overflow():
    cases = pa.table({"days": pa.array([2**63 - 1, -(2**63), 0], pa.int64())})

    assert truths("days * days > days", cases) == "TTF"
    assert truths("days + days > 0", cases) == "TFF"
    assert truths("days = 0.000000000000000001", cases) == "FFF"


def test_zeros_with_many_decimals_stay_zeros():
    cases = pa.table({"days": pa.array([0, 0], pa.int64())})
    text = "days * 0.000000000000000001 * 0.000000000000000001 = days"

    assert truths(text, cases) == "TT"


def test_a_number_beyond_the_column_can_be_compared_with_it():
    assert truths("cost * 1 < 100000000000000000.000000000000000001") == "TT?"


def test_a_column_that_is_not_there_is_named():
    with pytest.raises(CasesError, match="no column 'days'"):
        truths("days = 1", CASES.select(["code"]))


def test_a_float_column_is_refused():
    with pytest.raises(CasesError, match="Column 'cost' of the cases is double"):
        truths("cost = 1", pa.table({"cost": [1.5]}))


@pytest.mark.parametrize(
    ("text", "cases", "message"),
    [
        ("days = 1", {"days": ["1"]}, "text where a number"),
        ("days in (1)", {"days": ["1"]}, "text where a number"),
        ("code = 'a'", {"code": [1]}, "a number where text"),
        ("code in ('a')", {"code": [1]}, "a number where text"),
        ("code like 'a%'", {"code": [1]}, "a number where text"),
        ("seen = date '2026-01-01'", {"seen": CASES["came_at"]}, "a moment where a date"),
        ("seen in (date '2026-01-01')", {"seen": CASES["days"]}, "a number where a date"),
        ("died = true", {"died": [1]}, "a number where true or false"),
        ("minutes_between(came_at, came_at) > 1", {"came_at": CASES["seen"]}, "date where a mom"),
        ("years_between(seen, seen) > 1", {"seen": CASES["days"]}, "a number where a date"),
        (
            "followed_within(1, code, seen, seen)",
            {"code": CASES["code"], "seen": CASES["days"]},
            "“seen”: the cases hold a number where a date",
        ),
    ],
)
def test_values_of_another_kind_than_the_definition_says_are_refused(text, cases, message):
    with pytest.raises(CasesError, match=message):
        truths(text, pa.table(cases))


def test_text_in_a_calculation_is_refused():
    with pytest.raises(CasesError, match="“days” is text in the cases; a number is expected"):
        truths("days + 1 = 2", pa.table({"days": ["1"]}))


def test_an_evaluator_remembers_its_answers():
    cases = Evaluator(CASES)

    assert cases.masks(parse("days = 1", COLUMNS)) is cases.masks(parse(" days=1", COLUMNS))


def test_numbers_that_are_missing_do_not_count_in_a_sum():
    observed = Evaluator(CASES).numbers(parse_number("days * cost", COLUMNS))

    assert observed.total() == Decimal("1.50") + Decimal("0.03")


@pytest.mark.parametrize("name", ["", "1st", "a b", "naïve", "x" * 64, "a-b", "drop;"])
def test_a_column_name_is_letters_digits_and_underscores(name):
    with pytest.raises(ColumnError, match="cannot name a column"):
        Column(name, ColumnType.CODE, "Label")


@pytest.mark.parametrize("name", ["and", "Date", "days_between"])
def test_a_word_of_the_language_cannot_name_a_column(name):
    with pytest.raises(ColumnError, match="is a word of the criteria language"):
        Column(name, ColumnType.CODE, "Label")
