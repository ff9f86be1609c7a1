"""Reading the months of a year and of the years before it."""

from agreements.terms.models import MeasurementYear
from scorecards.cards.models import Scorecard
from scorecards.trends.history import CountedYear

YEARS_BEFORE = 2  # with the year itself 36 points, as many as a phone can show


def counted_years(year: MeasurementYear, card: Scorecard) -> list[CountedYear]:
    """List a year and the years before it that have months, newest first, in one query.

    Empty when the year itself has none. A gap between two years ends the list, for points
    stand at equal steps.
    """
    if "trend" not in card.document:
        return []
    listed = [CountedYear(year.terms or {}, card.document)]
    earlier = (
        Scorecard.objects.select_related("year")
        .filter(year__program=year.program_id, year__ends_on__lte=year.starts_on)
        .order_by("-year__starts_on", "-version")
        .distinct("year__starts_on")[:YEARS_BEFORE]
    )
    begins = year.starts_on
    for before in earlier:
        if before.year.ends_on != begins or "trend" not in before.document:
            break
        listed.append(CountedYear(before.year.terms or {}, before.document))
        begins = before.year.starts_on
    return listed
