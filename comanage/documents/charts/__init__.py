"""The charts that a page and a PDF share: SVG text, each with one sentence that says the same.

Positions are percentages, so a chart reflows to any width while its words keep their size.
No style attributes: a page colors the classes from its tokens (light and dark), a PDF uses
the presentation attributes written here. Binary floats only place the ink; every printed
number arrives as text made from the exact value. What a chart shows also stands in a table.

You find here the drawing, not the choice of what is drawn.
"""

from comanage.documents.charts.bullet import BulletChart, Goal, bullet, bullet_sentence
from comanage.documents.charts.calendar import (
    CalendarPeriod,
    calendar_chart,
    calendar_sentence,
)
from comanage.documents.charts.control import (
    TrendChart,
    TrendPoint,
    TrendSignal,
    control_chart,
    control_chart_sentence,
    control_chart_table,
)
from comanage.documents.charts.days import DaysChart, days_chart, days_sentence
from comanage.documents.charts.funnel import (
    FunnelChart,
    FunnelCurve,
    FunnelPoint,
    funnel_chart,
    funnel_chart_sentence,
    funnel_chart_table,
)
from comanage.documents.charts.ink import ChartTable, Improvement, Reading
from comanage.documents.charts.intervals import (
    IntervalRow,
    IntervalsChart,
    intervals_chart,
    intervals_sentence,
)
from comanage.documents.charts.months import MonthPoint, months_chart, months_sentence
from comanage.documents.charts.sides import (
    SidesChart,
    SidesRow,
    sides_chart,
    sides_chart_sentence,
)
from comanage.documents.charts.steps import (
    ChangedPart,
    EarnedPart,
    change_bar,
    change_bar_sentence,
    steps_bar,
    steps_bar_sentence,
)
from comanage.documents.charts.timeline import (
    TimelineGroup,
    TimelineTask,
    timeline,
    timeline_sentence,
)

__all__ = [
    "BulletChart",
    "CalendarPeriod",
    "ChangedPart",
    "ChartTable",
    "DaysChart",
    "EarnedPart",
    "FunnelChart",
    "FunnelCurve",
    "FunnelPoint",
    "Goal",
    "Improvement",
    "IntervalRow",
    "IntervalsChart",
    "MonthPoint",
    "Reading",
    "SidesChart",
    "SidesRow",
    "TimelineGroup",
    "TimelineTask",
    "TrendChart",
    "TrendPoint",
    "TrendSignal",
    "bullet",
    "bullet_sentence",
    "calendar_chart",
    "calendar_sentence",
    "change_bar",
    "change_bar_sentence",
    "control_chart",
    "control_chart_sentence",
    "control_chart_table",
    "days_chart",
    "days_sentence",
    "funnel_chart",
    "funnel_chart_sentence",
    "funnel_chart_table",
    "intervals_chart",
    "intervals_sentence",
    "months_chart",
    "months_sentence",
    "sides_chart",
    "sides_chart_sentence",
    "steps_bar",
    "steps_bar_sentence",
    "timeline",
    "timeline_sentence",
]
