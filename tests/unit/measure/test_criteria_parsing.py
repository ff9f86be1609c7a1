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
        ("qqq = 1", 1, "There is no column “qqq”. The columns are: arrived, cost, days, dia"),
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
        ("days_between(arrived, days) = 1", 23, "days_between takes a date; column “days”"),
        ("1 = 1", 1, "Expected a column here: this is the same for every case."),
        ("1 is null", 1, "Expected a column here"),
        ("__import__('os') = 1", 1, "There is no function “__import__”. The only one is"),
        ("__import__ = 1", 1, "There is no column “__import__”."),
        ("lower(specialty) = 'a'", 1, "There is no function “lower”. The only one is days_betw"),
        ("days_between(arrived) = 1", 21, "Expected “,”, found “)”. days_between takes two dates."),
        ("days_between(arrived, left_on = 1", 31, "Expected “)”, found “=”. days_between takes"),
        ("specialty = 'O'Brien'", 16, "found “Brien”. A quote inside a text is written twice"),
        ("specialty = 'open", 13, "The text that begins here has no closing quote."),
        ('specialty = "a"', 13, "Text stands in single quotes"),
        ("specialty = \N{LEFT SINGLE QUOTATION MARK}a", 13, "Write straight quotes"),
        ("specialty = 'a\nb'", 15, "The text has an invisible character (code 10)."),
        ("days != 1", 6, "“!” is not part of the criteria language. Write <> for “is not”."),
        ("days == 1", 7, "Expected a column, a value or “(”, found “=”."),
        ("days = 1; drop", 9, "“;” is not part of the criteria language. Expected a column"),
        ("days = 1\x00", 9, "character code 0 is not part of the criteria language."),
        ("days = 4 / 2", 10, "There is no division here."),
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
        ("days in (days)", 10, "Expected a text, number, date, true or false in the list"),
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
