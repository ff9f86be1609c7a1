"""A baseline is printed with its counts, where they come from, and their days."""

from scorecards.cards.reading import origin_in_words

BASELINE = {
    "numerator": "470",
    "denominator": "5200",
    "source": "Stays, EHR",
    "period": {"start": "2024-01-01", "end": "2025-01-01"},
}


def test_the_origin_names_counts_source_and_both_days():
    words = origin_in_words(BASELINE)

    assert words == "470 over 5,200; Stays, EHR, 1 Jan 2024 to 31 Dec 2024"


def test_a_sum_is_printed_with_its_decimals():
    assert origin_in_words(BASELINE | {"numerator": "96203/5"}).startswith("19,240.6 over 5,200;")


def test_a_baseline_whose_days_nobody_gave_names_none():
    assert origin_in_words(BASELINE | {"period": None}) == "470 over 5,200; Stays, EHR"


def test_terms_that_were_signed_before_days_were_kept_can_still_be_read():
    older = {name: BASELINE[name] for name in ("numerator", "denominator", "source")}

    assert origin_in_words(older) == "470 over 5,200; Stays, EHR"
