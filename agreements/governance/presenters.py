"""The committee and its disclosures as the page of a program's people shows them."""

from agreements.credentials.presenters import Standing
from agreements.governance.models import Disclosure
from comanage.values.period import day_text


def disclosure_standing(disclosure: Disclosure | None, *, year: int) -> Standing:
    """Say whether a person disclosed for a year; what it is stays with compliance and counsel."""
    if disclosure is None:
        return Standing(f"No disclosure for {year}", "waiting")
    detail = f"Disclosed {day_text(disclosure.disclosed_on)}"
    if disclosure.has_interest:
        return Standing(f"An interest disclosed for {year}", "next", detail)
    return Standing(f"Nothing to disclose for {year}", "good", detail)
