"""Strata add up to the whole, stand by name, and few cases are not judged."""

import pyarrow as pa

from indicators.measure.criteria import parse
from indicators.measure.definition import Definition
from indicators.measure.kernel import measure
from indicators.measure.tally import Tally
from scorecards.cards.certainty import yardstick
from scorecards.strata import counting
from scorecards.strata.counting import Strata, TooManyStrata, count_strata
from scorecards.strata.reading import read_funnel, read_rows, read_total

DOCUMENT = {
    "slug": "it",
    "title": "It",
    "scoring": "proportion",
    "improvement": "decrease",
    "unit": "percent",
    "columns": [{"name": "unit", "type": "code"}, {"name": "is_met", "type": "flag"}],
    "numerator": "is_met = true",
}
IT = Definition.from_document(DOCUMENT)
AGREED = {
    "slug": "it",
    "definition": DOCUMENT,
    "minimum_cases": 5,
    "compare_places": 1,
    "tiers": [{"name": "Goal", "goal": "1/2", "share": "1"}],
}
AGAINST = yardstick(AGREED, None)


def table(*rows):
    """Rows of unit, who and whether met."""
    unit, who, met = zip(*rows, strict=True)
    return pa.table(
        {
            "unit": pa.array(unit, pa.string()),
            "who": pa.array(who, pa.string()),
            "is_met": pa.array(met, pa.bool_()),
        }
    )


ROWS = [
    *[("A", "Berg", True)] * 3,
    *[("A", "Berg", False)] * 5,
    *[("A", "adam", False)] * 4,
    *[("A", None, True)] * 2,
    *[("B", "Cruz", True)] * 9,
]
SCOPE = parse("unit = 'A'", IT.columns_by_name)


def counted(rows=ROWS, scope=SCOPE):
    return count_strata(IT, table(*rows), "who", scope)


def test_strata_stand_by_name_without_those_outside_the_scope():
    found = counted()

    assert [stratum.name for stratum in found.listed] == ["adam", "Berg", ""]
    assert [(stratum.tally.numerator, stratum.tally.eligible) for stratum in found.listed] == [
        (0, 4),
        (3, 8),
        (2, 2),
    ]


def test_all_together_is_what_measuring_gives():
    found = counted()

    assert found.total == measure(IT, table(*ROWS), SCOPE)
    assert sum((each.tally for each in found.listed), Tally()).eligible == found.total.eligible


def test_numbers_are_sorted_by_value():
    found = counted([("A", name, True) for name in ("10", "9", "b", "1")])

    assert [stratum.name for stratum in found.listed] == ["1", "9", "10", "b"]


def test_nothing_in_the_population_is_no_stratum():
    assert counted([("B", "Cruz", True)]) == Strata((), Tally())


def test_the_number_of_strata_is_bounded(monkeypatch):
    assert counting.MOST_STRATA == 500
    many = [("A", f"W{number}", True) for number in range(501)]

    assert counted(many) == TooManyStrata(501)
    assert len(counted(many[1:]).listed) == 500


def test_a_row_under_the_minimum_has_no_result_and_the_whole_has():
    adam, berg, nobody = read_rows(AGAINST, counted())

    assert (adam.result, adam.word) == ("Not scored", "Too few cases to judge")
    assert (adam.cases, adam.parts) == (4, "0 / 4")
    assert (berg.result, berg.word) == ("37.5 %", "Met, within the reach of chance")
    assert nobody.name == "Not recorded"
    whole = read_total(AGAINST, counted())
    assert (whole.name, whole.parts) == ("All together", "5 / 14")


def test_a_funnel_needs_ten_named_units():
    nine = [("A", f"W{number}", number % 2 == 0) for number in range(9)] * 6

    refused = read_funnel(AGAINST, counted([*nine, ("A", None, True)]), "groups")
    drawn = read_funnel(AGAINST, counted([*nine, *[("A", "W9", True)] * 5]), "groups")

    assert refused.refusal.startswith("A funnel needs 10 units or more, not 9")
    assert refused.chart == ""
    assert drawn.refusal == ""
    assert len(drawn.table.rows) == 10
    assert drawn.chart.startswith("<svg")


def test_a_group_under_the_minimum_is_no_unit_of_the_funnel():
    """The rows say that it is not judged: the funnel must not call it worse."""
    ten = [("A", f"W{number}", number % 2 == 0) for number in range(10)] * 6

    drawn = read_funnel(AGAINST, counted([*ten, *[("A", "Few", True)] * 4]), "groups")
    refused = read_funnel(AGAINST, counted([("A", f"W{n}", True) for n in range(12)]), "groups")

    assert "Few" not in drawn.sentence + drawn.chart
    assert len(drawn.table.rows) == 10
    assert drawn.left_out == "1 group under 5 cases is left out: with so few nothing is judged."
    assert refused.left_out.startswith("12 groups under 5 cases are left out")


def test_a_code_of_digits_is_not_read_as_a_count():
    many = [("A", str(number), number == 3) for number in range(10)] * 30

    drawn = read_funnel(AGAINST, counted(many), "groups")

    assert "group 3 worse than the 99.8 % limit" in drawn.sentence
