"""The two charts of the statistics, from made-up counts: what a room does to show them."""

from fractions import Fraction

from comanage.documents.charts import (
    FunnelChart,
    FunnelCurve,
    FunnelPoint,
    Reading,
    TrendChart,
    TrendPoint,
    TrendSignal,
)
from comanage.values.rounding import decimal_text
from indicators.measure.statistics.control_charts import Stretches, p_chart
from indicators.measure.statistics.control_points import Side
from indicators.measure.statistics.funnel import proportion_funnel
from indicators.measure.statistics.icons import assurance, variation_of_side, variations

MONTHS = (
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
)  # fmt: skip
PERIODS = [f"{month} {year}" for year in (2024, 2025) for month in MONTHS]
# Stays readmitted, and stays; from September 2025 on there are fewer.
READMITTED = (
    26, 31, 24, 28, 22, 30, 27, 25, 33, 26, 29, 24, 51, 27, 30, 25, 26, 31, 28, 23, 14, 16, 12, 15,
)  # fmt: skip
STAYS = (
    300, 320, 290, 310, 280, 330, 300, 295, 340, 310, 305, 290, 325, 300, 315, 295, 300, 330, 310,
    285, 300, 310, 295, 305,
)  # fmt: skip
SITES = (
    ("North", 62, 480), ("East", 30, 400), ("South", 28, 350), ("West", 9, 260),
    ("Hill", 14, 180), ("Lake", 22, 310), ("River", 6, 90), ("Forest", 3, 60),
    ("Valley", 35, 420), ("Harbor", 18, 220), ("Meadow", 20, 140), ("Bridge", 44, 560),
)  # fmt: skip


def printed(value):
    return Reading(Fraction(value), f"{decimal_text(Fraction(value) * 100, 1)} %")


def trend(months=24, *, rebased_at=(), improvement="decrease", goal="0.08"):
    """The control chart of readmissions over so many months."""
    counts = list(zip(READMITTED, STAYS, strict=True))[:months]
    chart = p_chart(counts, stretches=Stretches(rebased_at))
    meanings = variations(chart, improvement)
    return TrendChart(
        title="30-day readmission",
        improvement=improvement,
        points=tuple(
            TrendPoint(
                period=PERIODS[index],
                now=printed(point.value),
                center=printed(point.center),
                lower=printed(point.lower),
                upper=printed(point.upper),
                meaning=meanings[index],
                cases="{} of {} stays".format(*counts[index]),
                is_rebased=index in rebased_at,
            )
            for index, point in enumerate(chart.points)
        ),
        signals=tuple(
            TrendSignal(
                signal.words,
                variation_of_side(signal.side, improvement),
                PERIODS[signal.indexes[0]],
                PERIODS[signal.indexes[-1]],
            )
            for signal in chart.signals
        ),
        goal=printed(goal) if goal else None,
        assurance=assurance(chart, Fraction(goal), improvement).short if goal else "",
        method=chart.method_words,
        trial=chart.trial_words,
    )


def funnel(*, improvement="decrease", sites=SITES):
    """The funnel of readmissions, site by site."""
    chart = proportion_funnel(sites)
    cases = {name: f"{met} of {stays} stays" for name, met, stays in sites}
    return FunnelChart(
        title="30-day readmission",
        improvement=improvement,
        units="sites",
        points=tuple(
            FunnelPoint(
                name=unit.name,
                size=Reading(unit.size, f"{int(unit.size):,}"),
                now=printed(unit.value),
                zone=unit.zone,
                is_high=unit.side is Side.HIGH,
                cases=cases[unit.name],
                limits_95=_stretch(unit.limits.low_95, unit.limits.high_95),
                limits_998=_stretch(unit.limits.low_998, unit.limits.high_998),
            )
            for unit in chart.units
        ),
        center=printed(chart.center),
        curves=tuple(
            FunnelCurve(
                limits.size,
                (limits.low_95, limits.high_95),
                (limits.low_998, limits.high_998),
            )
            for limits in chart.curves
        ),
        size_words="Eligible stays",
        warning=chart.dispersion_words,
    )


def _stretch(low, high):
    return f"{printed(low).text} to {printed(high).text}"
