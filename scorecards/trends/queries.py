"""Reading the months of a year and of the years before it."""

from agreements.terms.models import MeasurementYear
from scorecards.cards.models import Scorecard
from scorecards.trends.history import CountedYear

YEARS_BEFORE = 2  # with the year itself 36 points, as many as a phone can show


def counted_years(
    year: MeasurementYear, card: Scorecard, *, as_published: bool = False
) -> list[CountedYear]:
    """List a year and the years before it that have months, newest first, in one query.

    Empty when the year itself has none. A gap between two years ends the list, for points
    stand at equal steps.

    Args:
        year: of the scorecard.
        card: one of its editions.
        as_published: take the years before as they stood when the edition came out.
    """
    if "trend" not in card.document:
        return []
    listed = [CountedYear(year.terms or {}, card.document)]
    earlier = (
        Scorecard.objects.select_related("year")
        .filter(year__program=year.program_id, year__ends_on__lte=year.starts_on)
        .order_by("-year__starts_on", "-version")
        .distinct("year__starts_on")
    )
    if as_published:
        earlier = earlier.filter(computed_at__lte=card.computed_at)
    begins = year.starts_on
    for before in earlier[:YEARS_BEFORE]:
        if before.year.ends_on != begins or "trend" not in before.document:
            break
        listed.append(CountedYear(before.year.terms or {}, before.document))
        begins = before.year.starts_on
    return listed
