"""Reading what an answer is made from."""

from agreements.terms.models import MeasurementYear
from scorecards.cards.models import Scorecard
from scorecards.cards.reading import read_slices
from scorecards.whatif.board import Board, lay_out
from scorecards.whatif.designing import EarlierYear
from scorecards.whatif.pace import pace_of


def board_of(year: MeasurementYear, card: Scorecard) -> Board:
    """Lay out a year's scorecard; it asks the database for nothing more than the tenant."""
    pace = pace_of(year.period, read_slices(card.document), year.tenant.zone)
    return lay_out(year.terms or {}, card.document, pace)


def earlier_year(year: MeasurementYear) -> EarlierYear | None:
    """Return the newest year before this one that has a scorecard, in one query."""
    card = (
        Scorecard.objects.select_related("year")
        .filter(year__program=year.program_id, year__ends_on__lte=year.starts_on)
        .order_by("-year__starts_on", "-version")
        .first()
    )
    if card is None or card.year.terms is None:
        return None
    return EarlierYear(str(card.year.period), card.year.terms, card.document)
