"""The criteria language: what it reads, and what it says when it cannot."""

import pytest

from indicators.measure.columns import Column, ColumnType
from indicators.measure.criteria import CriteriaError, parse, parse_number, to_english, to_text

COLUMNS = {
    column.name: column
    for column in (
        Column("specialty", ColumnType.CODE, "Specialty"),
        Column("diagnosis", ColumnType.CODE, "Main diagnosis"),
        Column("days", ColumnType.WHOLE, "Days in hospital"),
        Column("cost", ColumnType.DECIMAL, "Supply cost"),
        Column("arrived", ColumnType.DATE, "Day of arrival"),
        Column("left_on", ColumnType.DATE, "Day of discharge"),
        Column("came_at", ColumnType.MOMENT, "Time of arrival"),
        Column("seen_at", ColumnType.MOMENT, "Time of first contact"),
        Column("patient", ColumnType.CODE, "Patient"),
        Column("died", ColumnType.FLAG, "Died"),
    )
}


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("specialty='Cardiology'", "specialty = 'Cardiology'"),
        ("DIED = TRUE", None),
        ("died <> FALSE", "died <> false"),
        ("specialty = 'O''Brien'", "specialty = 'O''Brien'"),
        ("days IN (1,2)", "days in (1, 2)"),
        ("specialty not in ('a')", "specialty not in ('a')"),
        ("not specialty in ('a')", "specialty not in ('a')"),
        ("cost between -1.50 and 2", "cost between -1.50 and 2"),
        ("days is not null or died is null", "days is not null or died is null"),
        ("diagnosis like 'I21%'", "diagnosis like 'I21%'"),
        ("((days = 1)) and (days < 2 or days > 3)", "days = 1 and (days < 2 or days > 3)"),
        ("not (days = 1 and days = 2)", "not (days = 1 and days = 2)"),
        ("not not days = 1", "not not days = 1"),
        ("days = 1 and (days = 2 and days = 3)", "days = 1 and (days = 2 and days = 3)"),
        ("(days = 1 or days = 2) or days = 3", "(days = 1 or days = 2) or days = 3"),
        ("(days + 1) * 2 >= 3 - (days - 1)", "(days + 1) * 2 >= 3 - (days - 1)"),
        ("(days * 2) + 1 <= cost", "days * 2 + 1 <= cost"),
        (
            "days_between(arrived,left_on)<=30\n\tand arrived >= date '2026-01-31'",
            "days_between(arrived, left_on) <= 30 and arrived >= date '2026-01-31'",
        ),
        ("cost / 2 * days / -3 > 1", "cost / 2 * days / -3 > 1"),
        ("cost * (days / 3) > (cost + 1) / 2", "cost * (days / 3) > (cost + 1) / 2"),
        ("days > 1 / 3", "days > 1 / 3"),
        ("came_at < MOMENT '2026-01-31 14:05'", "came_at < moment '2026-01-31 14:05'"),
        ("came_at in (moment '2026-01-31 14:05:00')", "came_at in (moment '2026-01-31 14:05')"),
        ("came_at = moment '2026-01-31 14:05:09'", "came_at = moment '2026-01-31 14:05:09'"),
        (
            "Minutes_Between(came_at,seen_at)-hours_between(came_at, seen_at)*60 = 0",
            "minutes_between(came_at, seen_at) - hours_between(came_at, seen_at) * 60 = 0",
        ),
        (
            "years_between(arrived, came_at) + minute_of_day(seen_at) + weekday_of(arrived) > 2",
            "years_between(arrived, came_at) + minute_of_day(seen_at) + weekday_of(arrived) > 2",
        ),
        ("date_of(came_at) is not null", "date_of(came_at) is not null"),
        (
            "not followed_within(9,days,left_on,arrived,days=1 or died=true) or days=2",
            "not followed_within(9, days, left_on, arrived, days = 1 or died = true) or days = 2",
        ),
        (
            "preceded_within(0, days, date_of(came_at), left_on)",
            "preceded_within(0, days, date_of(came_at), left_on)",
        ),
    ],
)
def test_a_criterion_is_read_and_printed(text, printed):
    if printed is None:  # columns, unlike words of the language, keep their capitals
        with pytest.raises(CriteriaError, match="Did you mean “died”"):
            parse(text, COLUMNS)
    else:
        assert to_text(parse(text, COLUMNS)) == printed


@pytest.mark.parametrize(
    ("text", "position", "message"),
    [
        ("", 1, "Expected a column, a value or “(”, found the end of the criterion."),
        ("specialty", 1, "Expected a comparison; “specialty” alone is neither true nor false."),
        ("dayz = 1", 1, "There is no column “dayz”. Did you mean “days”?"),
        ("qqq = 1", 1, "There is no column “qqq”. The columns are: arrived, came_at, cost, "),
        ("days = '1'", 8, "Column “days” (a number) cannot be compared with text “1”. Write num"),
        ("specialty = 11", 13, "cannot be compared with a number “11”. Write text in quotes"),
        ("11 = specialty", 6, "A number “11” cannot be compared with column “specialty” (text)."),
        ("arrived > 20260131", 11, "Write dates as date '2026-01-31'."),
        ("died = 1", 8, "Compare it with true or false."),
        ("days + 1 = 'a'", 12, "The calculation (a number) cannot be compared with text “a”."),
        ("days in (1, 'a')", 13, "cannot be compared with text “a”"),
        ("specialty < 'b'", 1, "as text, '9' comes after '10'. Use =, <>, in or like."),
        ("specialty between 'a' and 'b'", 1, "Text has no order"),
        ("died > false", 1, "True and false have no order. Use = or <>."),
        ("days like '1%'", 1, "“like” takes text; column “days” (a number) is not."),
        ("specialty + 1 = 2", 1, "“+” takes a number; column “specialty” (text) is not."),
        (
            "days_between(arrived, days) = 1",
            23,
            "days_between takes a date or a moment; column “days” (a number) is not",
        ),
        ("1 = 1", 1, "Expected a column here: this is the same for every case."),
        ("1 is null", 1, "Expected a column here"),
        ("__import__('os') = 1", 1, "There is no function “__import__”. The functions are: da"),
        ("__import__ = 1", 1, "There is no column “__import__”."),
        ("lower(specialty) = 'a'", 1, "There is no function “lower”. The functions are: days_betw"),
        (
            "days_between(arrived) = 1",
            21,
            "Expected “,”, found “)”. Write: days_between(f",
        ),
        (
            "days_between(arrived, left_on = 1",
            31,
            "Expected “)”, found “=”. Write: days_between(",
        ),
        ("specialty = 'O'Brien'", 16, "found “Brien”. A quote inside a text is written twice"),
        ("specialty = 'open", 13, "The text that begins here has no closing quote."),
        ('specialty = "a"', 13, "Text stands in single quotes"),
        ("specialty = \N{LEFT SINGLE QUOTATION MARK}a", 13, "Write straight quotes"),
        ("specialty = 'a\nb'", 15, "The text has an invisible character (code 10)."),
        ("days != 1", 6, "“!” is not part of the criteria language. Write <> for “is not”."),
        (
            "days == 1",
            7,
            "Expected a column or a value after “=”, found “=”. The comparisons are =",
        ),
        ("days => 1", 7, "found “>”. The comparisons are = <> < <= > >=."),
        ("days = .5", 8, "A number begins with a digit: 0.5."),
        ("days % 2 = 0", 6, "A beginning is asked for by “like”: like 'I21%'."),
        ("days \N{GREATER-THAN OR EQUAL TO} 5", 6, "Write >=."),
        ("specialty = \N{LEFT DOUBLE QUOTATION MARK}a", 13, "Text stands in single quotes"),
        (
            "came_at - arrived > 5",
            1,
            "“-” takes a number; column “came_at” (a moment) is not. Time",
        ),
        ("died - 1 > 5", 1, "“-” takes a number; column “died” (true or false) is not."),
        ("days = 1; drop", 9, "“;” is not part of the criteria language. Expected a column"),
        ("days = 1\x00", 9, "character code 0 is not part of the criteria language."),
        ("days = 4 / 0", 12, "Nothing can be divided by zero."),
        ("days / -0.00 = 1", 8, "Nothing can be divided by zero."),
        ("cost / days > 2", 8, "divide by a column, multiply the other side of the comparison"),
        ("cost / (2 * 3) > 2", 9, "“/” divides by a written number, such as 60."),
        ("specialty / 2 = 1", 1, "“/” takes a number; column “specialty” (text) is not."),
        ("cost / 'a' = 1", 8, "“/” divides by a written number"),
        ("cost / = 1", 8, "Expected a column, a value or “(”, found “=”."),
        ("days = null", 8, "Ask for a missing value with “is null”."),
        ("days is 5", 9, "Expected “null”, found “5”."),
        ("days = 1 2", 10, "Expected “and”, “or” or the end, found “2”."),
        ("days = 1 = 2", 10, "Expected “and”, “or” or the end, found “=”."),
        (
            "(days = 1",
            10,
            "Expected “)”, found the end of the criterion. It closes the “(” at char",
        ),
        ("days not between 1 and 2", 10, "Expected “in”, found “between”. To turn another"),
        ("days between 1, 2", 15, "Expected “and”, found “,”. Write: between LOW and HIGH."),
        ("days in 1", 9, "Expected “(”, found “1”. Write: in ('a', 'b')."),
        ("days in (days)", 10, "Expected a text, number, date, moment, true or false in the list"),
        ("days in (1 2)", 12, "Expected “)”, found “2”."),
        ("days = -days", 9, "Expected a number after the minus sign, found “days”."),
        ("specialty like 5", 16, "Expected a text such as 'I21%' after “like”, found “5”."),
        ("specialty like 'abc'", 16, "For an exact text use =."),
        ("specialty like '%'", 16, "“like” takes a beginning and one % at the end"),
        ("specialty like 'a_%'", 16, "“like” takes a beginning and one % at the end"),
        ("specialty like 'a%b%'", 16, "“like” takes a beginning and one % at the end"),
        ("arrived = date '2026-02-30'", 16, "'2026-02-30' is not a day. Write date 'YYYY-MM-DD'"),
        ("arrived = date '20260131'", 16, "'20260131' is not a day."),
        ("arrived = date 5", 16, "Expected a day such as '2026-01-31' after “date”, found “5”."),
        ("came_at = moment '2026-01-31 24:00'", 18, "'2026-01-31 24:00' is not a moment. Wr"),
        ("came_at = moment '2026-01-31T14:05'", 18, "Write moment 'YYYY-MM-DD HH:MM', such as"),
        ("came_at = moment '2026-01-31 1:05'", 18, "is not a moment."),
        ("came_at = moment '2026-02-29 14:05'", 18, "is not a moment."),
        ("came_at = moment '2026-01-31'", 18, "is not a moment."),
        ("came_at = moment", 17, "Expected a moment such as '2026-01-31 14:05' after “moment”"),
        ("moment = 1", 8, "Expected a moment such as '2026-01-31 14:05'"),
        ("came_at < date '2026-01-31'", 11, "Column “came_at” (a moment) cannot be compared"),
        ("came_at < date '2026-01-31'", 11, "Take the day of the moment with date_of(...)."),
        ("arrived < moment '2026-01-31 14:05'", 11, "Take the day of the moment with date_of("),
        ("came_at < '2026-01-31 14:05'", 11, "Write moments as moment '2026-01-31 14:05'."),
        ("came_at < arrived", 11, "cannot be compared with column “arrived” (a date). Take the d"),
        ("minutes_between(arrived, came_at) > 5", 17, "column “arrived” (a date) is not. A date h"),
        ("hours_between(came_at, days) > 5", 24, "hours_between takes a moment; column “days”"),
        ("hours_betwen(came_at, seen_at) > 5", 1, "Did you mean “hours_between”? The functions"),
        ("years_between(days, arrived) > 5", 15, "years_between takes a date or a moment; col"),
        ("minute_of_day(arrived) > 5", 15, "minute_of_day takes a moment; column “arrived”"),
        ("minute_of_day(came_at, seen_at) > 5", 22, "Write: minute_of_day(moment)."),
        ("minute_of_day() > 5", 15, "Expected a column, a value or “(”, found “)”."),
        ("weekday_of(specialty) = 1", 12, "weekday_of takes a date or a moment; column “sp"),
        ("date_of(arrived) = arrived", 9, "date_of takes a moment; column “arrived” (a date"),
        ("date_of(came_at) = 5", 20, "The calculation (a date) cannot be compared with a number"),
        ("date_of(moment '2026-01-31 14:05') = date '2026-01-31'", 1, "Expected a column here"),
        ("followed_within(patient, 30, left_on, arrived)", 17, "Expected a whole number of days"),
        ("followed_within(1.5, patient, left_on, arrived)", 17, "such as 30, found “1.5”. Write: "),
        (
            "followed_within(-1, patient, left_on, arrived)",
            17,
            "found “-”. Write: followed_within",
        ),
        ("followed_within(36526, patient, left_on, arrived)", 17, "over 36,525 days at most; foun"),
        ("followed_within(30, patient, left_on)", 37, "Expected “,”, found “)”. Write: followed_"),
        ("followed_within(30, patient, left_on, arrived, days)", 48, "“days” alone is neither tru"),
        ("followed_within(30, patient, left_on, arrived, dayz = 1)", 48, "no column “dayz”"),
        ("followed_within(30, patient, left_on, days)", 39, "followed_within takes a date or a mo"),
        ("preceded_within(30, arrived, left_on, arrived)", 21, "The patient in preceded_within is"),
        ("preceded_within(30, 'a', left_on, arrived)", 21, "Expected a column here"),
        ("preceded_within(30, patient, date '2026-01-31', arrived)", 30, "Expected a column here"),
        ("followed_within(30, patient, left_on, arrived) = true", 1, "Expected a column or a valu"),
        ("followed_within = 1", 1, "There is no column “followed_within”."),
        ("days = 1 and days", 14, "Expected a comparison after “and”; “days” alone is neither"),
        ("days and days = 1", 1, "Expected a comparison before “and”; “days” alone"),
        ("not days", 5, "Expected a comparison after “not”; “days” alone"),
        ("(days = 1) + 2 = 3", 1, "Expected a number before “+”, found a comparison at “(”."),
        ("(days = 1) = true", 1, "Expected a column or a value before the comparison, found"),
        ("days = (days = 1)", 8, "Expected a column or a value after “=”, found a comparison"),
        ("days = 'a' 'b'", 12, "found the text 'b'"),
        ("days = 1234567890123456789", 8, "A number has 18 digits at most"),
        ("(" * 21 + "days = 1" + ")" * 21, 21, "nested more than 20 levels deep"),
        ("not " * 21 + "days = 1", 81, "nested more than 20 levels deep"),
        ("days" + " + days" * 19 + " = 1", 1, "nested more than 20 levels deep"),
        (" or ".join(["days = 1"] * 67), 66 * 12 + 1, "more than 200 parts. Use a list with “in”"),
        ("x" * 1_000_000, 10_001, "The criterion has 1,000,000 characters; 10,000 is the most."),
    ],
)
def test_a_refusal_names_the_place_and_what_was_expected(text, position, message):
    with pytest.raises(CriteriaError) as refused:
        parse(text, COLUMNS)

    assert message in refused.value.message
    assert refused.value.position == position
    assert str(refused.value) == f"At character {position}: {refused.value.message}"


def test_a_long_list_of_codes_is_one_part():
    codes = ", ".join(f"'{number}'" for number in range(500))

    assert parse(f"diagnosis in ({codes})", COLUMNS)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("specialty = 'Cardiology'", "Specialty is “Cardiology”"),
        ("diagnosis in ('a')", "Main diagnosis is one of “a”"),
        ("diagnosis not in ('a', 'b', 'c')", "Main diagnosis is none of “a”, “b” or “c”"),
        ("diagnosis like 'I21%'", "Main diagnosis begins with “I21”"),
        (
            "days is null or days is not null",
            "Days in hospital is missing or Days in hospital is r",
        ),
        ("cost between 1.50 and 3", "Supply cost is from 1.50 to 3, both included"),
        ("not died = true", "it is not so that (Died is yes)"),
        ("died <> false and (days < 1 or days > 9)", "Died is not no and (Days in hospital is l"),
        ("(days + 1) * 2 >= 3", "((Days in hospital plus 1) times 2) is at least 3"),
        ("days - 1 <= 3", "(Days in hospital minus 1) is at most 3"),
        (
            "days_between(arrived, left_on) > 2 or arrived = date '2026-01-31'",
            "days from Day of arrival to Day of discharge is more than 2 or Day of arrival is 20",
        ),
        (
            "minutes_between(came_at, seen_at) / 2 <= 7.5",
            "(minutes from Time of arrival to Time of first contact divided by 2) is at most 7.5",
        ),
        (
            "hours_between(came_at, moment '2026-01-31 14:05') > 1",
            "hours from Time of arrival to 2026-01-31 14:05 is more than 1",
        ),
        (
            "years_between(arrived, left_on) >= 18",
            "completed years from Day of arrival to Day of discharge is at least 18",
        ),
        (
            "minute_of_day(came_at) < 450 and weekday_of(came_at) <> 7",
            "minutes from midnight to Time of arrival is less than 450 and weekday (Monday 1 to S",
        ),
        ("date_of(came_at) = arrived", "day of Time of arrival is Day of arrival"),
        (
            "followed_within(30, patient, left_on, arrived)",
            "another case of the same Patient has its Day of arrival 0 to 30 days after the Day of",
        ),
        (
            "preceded_within(7, days, arrived, left_on, specialty = 'a' or days > 1)",
            (
                "another case of the same Days in hospital has its Day of discharge 0 to 7 days "
                "before the Day of arrival of this one, and of that other case: (Specialty is “a” "
            ),
        ),
    ],
)
def test_a_criterion_is_put_in_plain_english(text, english):
    assert to_english(parse(text, COLUMNS), COLUMNS).startswith(english)


def test_an_observation_is_a_number_of_each_case():
    observed = parse_number("days_between(arrived, left_on) + 1", COLUMNS)

    assert to_text(observed) == "days_between(arrived, left_on) + 1"
    assert to_english(observed, COLUMNS).startswith("(days from Day of arrival to Day of disch")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("specialty", "An observation takes a number; column “specialty” (text) is not."),
        ("5", "Expected a column here"),
        ("days = 1", "Expected a column or a calculation, found a comparison at “days”."),
        ("days 1", "or the end, found “1”"),
    ],
)
def test_an_observation_that_is_not_a_number_is_refused(text, message):
    with pytest.raises(CriteriaError) as refused:
        parse_number(text, COLUMNS)

    assert message in refused.value.message
