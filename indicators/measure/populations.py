"""The populations of a measure, in the order in which they are asked."""

CRITERIA = (
    "initial_population",
    "denominator",
    "denominator_exclusion",
    "numerator",
    "numerator_exclusion",
    "denominator_exception",
)
NUMBERS = ("observation", "numerator_observation", "denominator_observation", "expected")
POPULATIONS = (*CRITERIA, *NUMBERS)
