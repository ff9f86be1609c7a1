"""All models of the room, gathered for Django."""

from indicators.library.models import Indicator, IndicatorVersion

__all__ = ["Indicator", "IndicatorVersion"]
