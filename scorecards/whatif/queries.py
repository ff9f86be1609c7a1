"""Reading what an answer is made from."""

from agreements.terms.models import MeasurementYear
from scorecards.cards.models import Scorecard
from scorecards.cards.reading import read_slices
from scorecards.whatif.board import Board, lay_out
from scorecards.whatif.pace import pace_of


def board_of(year: MeasurementYear, card: Scorecard) -> Board:
    """Lay out a year's scorecard; it asks the database for nothing more than the tenant."""
    pace = pace_of(year.period, read_slices(card.document), year.tenant.zone)
    return lay_out(year.terms or {}, card.document, pace)
