"""The words for what a definition says in codes: on pages, in lists and in the editor."""

from collections.abc import Mapping

SCORINGS: Mapping[str, str] = {
    "proportion": "Share of cases",
    "ratio": "Ratio",
    "mean": "Mean",
    "median": "Median",
    "percentile": "Percentile",
    "sum": "Sum",
    "observed_over_expected": "Observed over expected",
    "count": "Count",
    "milestone": "Milestone",
}
IMPROVEMENTS: Mapping[str, str] = {
    "increase": "Higher is better",
    "decrease": "Lower is better",
}
DATA: Mapping[str, str] = {
    "cases": "Cases: a row is one case",
    "aggregates": "Aggregates: a row is already a numerator and a denominator",
}
NUMERATOR_FROM: Mapping[str, str] = {
    "denominator": "Cases of the denominator",
    "initial_population": "All cases of the initial population",
}
PERCENTILE_METHODS: Mapping[str, str] = {
    "linear": "Straight line between the two nearest values",
    "nearest_rank": "The nearest observed value",
}
OBP_CLASSES: Mapping[str, str] = {
    "quality": "Quality of care",
    "payor_cost": "Cost to payors",
    "internal_saving": "Savings of the hospital alone",
    "satisfaction": "Satisfaction or convenience",
    "operational": "Operations",
}
USES: Mapping[str, str] = {
    "incentive": "May earn pay",
    "monitor_only": "Monitor only",
}
SERVICE_LINES: Mapping[str, str] = {
    "all": "All service lines",
    "cardiovascular": "Cardiovascular",
    "general_surgery_periop": "General surgery and perioperative",
    "neuro": "Neuroscience",
    "oncology": "Oncology",
    "orthopaedics_spine": "Orthopedics and spine",
}
DOMAINS: Mapping[str, str] = {
    "quality": "Quality",
    "operational_efficiency": "Operational efficiency",
    "financial_performance": "Financial performance",
    "alignment_experience": "Alignment and experience",
    "service_line_development": "Service line development",
}
STANDARD_STATUSES: Mapping[str, str] = {
    "verified": "Verified in the standard",
    "unverified": "Unverified",
    "none": "No published standard",
}
BENCHMARK_STATUSES: Mapping[str, str] = {
    "stated": "Stated by the source",
    "stated_but_old": "Stated by the source, and old",
    "derived_from_stated": "Derived from what the source states",
    "single_site_example": "One hospital's example",
    "none_found_use_local_baseline": "None found: use the local baseline",
}
DATA_GRAINS: Mapping[str, str] = {
    "case": "Cases of the hospital",
    "public_aggregate": "Published aggregates",
    "registry_aggregate": "Aggregates of a registry",
    "survey": "Survey results",
    "program_record": "Records of the program",
    "finance": "Finance records",
}
PLACEMENTS: Mapping[str, str] = {
    "outside_initial_population": "Outside the initial population",
    "outside_denominator": "Outside the denominator",
    "denominator_exclusion": "Denominator exclusion",
    "numerator": "Numerator",
    "numerator_exclusion": "Numerator exclusion",
    "denominator_exception": "Denominator exception",
    "numerator_not_met": "Numerator not met",
    "observed": "Observed",
    "not_observed": "Not observed: a needed value is missing",
    "numerator_alone": "In the numerator alone",
}
COLUMN_TYPES: Mapping[str, str] = {
    "code": "Code (text)",
    "whole": "Whole number",
    "decimal": "Decimal number",
    "date": "Date",
    "moment": "Date and time",
    "flag": "Yes or no",
}
OPERATORS: Mapping[str, str] = {
    "=": "is",
    "<>": "is not",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
    "between": "is between",
    "in": "is one of",
    "not_in": "is none of",
    "begins_with": "begins with",
    "is_missing": "is missing",
    "is_recorded": "is recorded",
}


def spoken(words: Mapping[str, str], code: str) -> str:
    """Say a code in words; one that is not known reads as it is written."""
    return words.get(code) or code.replace("_", " ").capitalize()
