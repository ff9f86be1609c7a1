"""The division of the pay in words."""

from agreements.allocations.bases import in_words
from agreements.terms.models import MeasurementYear
from comanage.values.rounding import decimal_text, fraction_from_text

SHOWN_PLACES = 4


def division_of(year: MeasurementYear) -> str:
    """Say how the group divides its pay; empty where the terms are silent. At most one query."""
    if year.allocation is None:
        return ""
    shares = year.allocation.get("shares")
    if not shares:
        return in_words(year.allocation)
    names = dict(year.program.participants.values_list("physician__npi", "physician__name"))
    said = ", ".join(
        f"{names.get(npi, f'NPI {npi}')} {percent_text(share)}" for npi, share in shares.items()
    )
    return f"{in_words(year.allocation)} Shares: {said}."


def percent_text(share: str) -> str:
    """Write an exact share as `33.5 %`."""
    text = decimal_text(fraction_from_text(share) * 100, SHOWN_PLACES)
    return f"{text.rstrip('0').rstrip('.')} %"
