"""The exhibits, printed from the terms: paper and calculation read the same document. Pure."""

from collections.abc import Iterator
from datetime import date

from agreements.drafting.document import Block, Exhibit, Paragraph, Table
from agreements.drafting.facts import Draft
from agreements.drafting.words import iso_period, legal_day, legal_period


def exhibits_of(draft: Draft) -> tuple[Exhibit, ...]:
    """Print every exhibit, in the order of its letter."""
    return (
        Exhibit("B", "Compensation", tuple(_compensation(draft))),
        Exhibit("D", "Participating physicians", tuple(_roster(draft))),
    )


def _compensation(draft: Draft) -> Iterator[Block]:
    yield Paragraph(f"For the measurement year {legal_period(iso_period(draft.terms['period']))}.")
    rows = (
        ("Fixed fee", str(draft.dollars("fixed_fee"))),
        ("Incentive pool, at most", str(draft.dollars("incentive_pool"))),
    )
    yield Table("Compensation", ("Part", "For the year"), rows, numbers=(1,))


def _roster(draft: Draft) -> Iterator[Block]:
    rows = tuple(
        (each["name"], each["npi"], legal_day(date.fromisoformat(each["joined_on"])))
        for each in draft.terms["participants"]
    )
    yield Table("Participating physicians", ("Physician", "NPI", "From"), rows)
