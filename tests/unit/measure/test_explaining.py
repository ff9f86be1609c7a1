"""Why a case stands where it stands."""

import pyarrow as pa
import pytest

from indicators.measure.definition import Definition
from indicators.measure.explain import EVERY_CASE, Clause, explain_all, explain_case
from indicators.measure.population import State

COLUMNS = [
    {"name": "age", "type": "whole", "label": "age"},
    {"name": "service", "type": "code", "label": "service"},
    {"name": "back", "type": "flag", "label": "readmitted"},
    {"name": "risk", "type": "whole", "label": "risk"},
    {"name": "proof", "type": "code", "label": "proof"},
]


def definition(scoring="proportion", **fields):
    return Definition.from_document(
        {
            "slug": "example",
            "title": "Example",
            "scoring": scoring,
            "improvement": "decrease",
            "unit": "%",
            "columns": COLUMNS,
            **fields,
        }
    )


def cases(*rows):
    """Each row: age, service, readmitted, risk, proof; left out at the end means missing."""
    columns = list(zip(*((*row, *[None] * (5 - len(row))) for row in rows), strict=True))
    types = (pa.int64(), pa.string(), pa.bool_(), pa.int64(), pa.string())
    names = [column["name"] for column in COLUMNS]
    arrays = [pa.array(list(c), kind) for c, kind in zip(columns, types, strict=True)]
    return pa.table(dict(zip(names, arrays, strict=True)))


def why(of, *row):
    """Explain one case: state, deciding population, reason."""
    explained = explain_all(of, cases(row))
    reason = explained.reason(0)
    return str(explained.state(0)), reason.population, reason.because


ADULTS = "age >= 18 and (service = 'C' or service = 'D')"
EXCLUDED = "age > 90 or not (risk < 9 or risk is null)"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((9, "C"), ("not eligible", "initial_population",
                    "Does not hold: age is at least 18.")),
        ((20, "X"), ("not eligible", "initial_population",
                     "Does not hold: service is “C” or service is “D”.")),
        ((None, "X"), ("not eligible", "initial_population",
                       "Does not hold: service is “C” or service is “D”.")),
        ((None, "C"), ("not yet known", "initial_population",
                       "Cannot be known, a value is missing: age is at least 18.")),
        ((91, "C"), ("not eligible", "denominator_exclusion", "Holds: age is more than 90.")),
        ((20, "C", True, 9), ("not eligible", "denominator_exclusion",
                              "Does not hold: risk is less than 9 or risk is missing.")),
        ((20, "C", True), ("met", "numerator", "Holds: readmitted is yes.")),
        ((20, "C", False), ("not met", "numerator", "Does not hold: readmitted is yes.")),
        ((20, "C", None), ("not yet known", "numerator",
                           "Cannot be known, a value is missing: readmitted is yes.")),
        ((20, "C", True, 8), ("not met", "numerator_exclusion", "Holds: risk is 8.")),
        ((20, "C", False, 7), ("not eligible", "denominator_exception", "Holds: risk is 7.")),
    ],
)  # fmt: skip
def test_the_clause_that_decided_is_named(row, expected):
    measured = definition(
        initial_population=ADULTS,
        denominator_exclusion=EXCLUDED,
        numerator="back = true",
        numerator_exclusion="risk = 8",
        denominator_exception="risk = 7",
    )

    assert why(measured, *row) == expected


@pytest.mark.parametrize(
    ("scoring", "fields", "row", "expected"),
    [
        ("mean", {"observation": "risk"}, (1, "C", None, 5),
         ("met", "observation", "Observed: risk.")),
        ("mean", {"observation": "risk"}, (1, "C"),
         ("not yet known", "observation", "Cannot be known, a value is missing: risk.")),
        ("ratio", {"numerator_observation": "risk", "denominator_observation": "age"},
         (None, "C", None, 5),
         ("not yet known", "denominator_observation", "Cannot be known, a value is missing: age.")),
        ("observed_over_expected", {"numerator": "back = true", "expected": "risk"},
         (1, "C", True, 5), ("met", "numerator", "Holds: readmitted is yes.")),
        ("observed_over_expected", {"numerator": "back = true", "expected": "risk"},
         (1, "C", False, 5), ("met", "numerator", "Does not hold: readmitted is yes.")),
        ("ratio", {"numerator": "back = true", "numerator_from": "initial_population",
                   "denominator": "age > 50"},
         (1, "C", True), ("met", "numerator", "Holds: readmitted is yes.")),
        ("ratio", {"numerator": "back = true", "numerator_exclusion": "risk = 8"},
         (1, "C", True, 8), ("met", "numerator_exclusion", "Holds: risk is 8.")),
        ("count", {}, (1,), ("met", "denominator", EVERY_CASE)),
        ("milestone", {"evidence_column": "proof", "numerator": "back = true"},
         (1, "C", True, 1, "MEC 4"), ("met", "numerator", "Holds: readmitted is yes.")),
        ("milestone", {"evidence_column": "proof", "numerator": "back = true"},
         (1, "C", True), ("not yet known", "evidence_column",
                          "Cannot be known, a value is missing: proof.")),
        ("milestone", {"evidence_column": "proof"},
         (1, "C", True), ("not yet known", "evidence_column",
                          "Cannot be known, a value is missing: proof.")),
    ],
)  # fmt: skip
def test_every_way_of_scoring_is_explained(scoring, fields, row, expected):
    assert why(definition(scoring, **fields), *row) == expected


def test_every_case_of_a_table_has_a_reason_of_its_own():
    measured = definition(initial_population="age >= 18", numerator="back = true")

    explained = explain_all(measured, cases((9,), (20, "C", True), (30, "C", False), (8,)))

    assert [explained.reason(place).population for place in range(4)] == [
        *("initial_population", "numerator", "numerator", "initial_population")
    ]
    assert [explained.state(place) for place in range(4)] == [
        *(State.NOT_ELIGIBLE, State.MET, State.NOT_MET, State.NOT_ELIGIBLE)
    ]
    assert len(explained.reasons) == 3


def test_the_clauses_of_one_case_are_traced_with_their_truth():
    measured = definition(
        initial_population=ADULTS, numerator="back = true", denominator_exclusion="risk > 3"
    )
    table = cases((9, "C", True, 1), (20, "D", None, 5))

    clauses = explain_case(measured, table, 1)

    assert clauses == [
        Clause("initial_population", 1,
               "age is at least 18 and (service is “C” or service is “D”)", True),
        Clause("initial_population", 2, "age is at least 18", True),
        Clause("initial_population", 2, "service is “C” or service is “D”", True),
        Clause("initial_population", 3, "service is “C”", False),
        Clause("initial_population", 3, "service is “D”", True),
        Clause("denominator_exclusion", 1, "risk is more than 3", True),
        Clause("numerator", 1, "readmitted is yes", None),
    ]  # fmt: skip


def test_the_numbers_of_one_case_are_traced_too():
    measured = definition("mean", observation="risk + 1")

    assert [each.truth for each in explain_case(measured, cases((1, "C", True, 1)), 0)] == [True]
    assert [each.truth for each in explain_case(measured, cases((1,)), 0)] == [None]
