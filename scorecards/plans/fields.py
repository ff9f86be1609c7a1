"""The fields of the editor of a scoring plan, and the words that they offer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

TABLE, TEXT = "table", "text"
LONGEST_TEXT = 500_000
LONGEST_FIELD = 2_000
MOST_ROWS = 200

METHODS = (
    ("steps", "Tiers: steps from goal to goal"),
    ("line", "Straight line from goal to goal"),
    ("achievement_improvement", "Achievement and improvement points"),
    ("percentiles", "Percentile ladder"),
    ("band", "Target band"),
    ("milestone", "Milestone: reached or not"),
    ("scale", "In proportion"),
    ("excess", "Excess over a reference"),
)
IN_TEXT = ("change", "best_of")
"""Methods that the fields do not write."""
SMALL_RULES = (
    ("not_scored", "It is not scored"),
    ("carry_forward", "The year before counts"),
    ("pool", "The year before is added"),
)
SCORES = (
    ("earned_of_available", "Points earned of points available"),
    ("weighted_mean", "Shares by weight"),
    ("average", "Average of points by weight"),
    ("sum", "Sum of points times weights"),
)
MISSING = (
    ("redistribute", "Goes to the scored ones beside it"),
    ("redistribute_across", "Goes to all scored ones"),
    ("unpaid", "Stays unpaid"),
)
DEEDS = (
    ("gate", "Gate: counts less unless a figure is good enough"),
    ("cap", "Cap"),
    ("multiplier", "Multiplier"),
    ("round", "Rounding"),
    ("becomes", "Becomes another figure"),
)
LEVELS = (
    ("total", "The total"),
    ("indicators", "Indicators"),
    ("domains", "Domains"),
    ("pay", "Parts of the pay"),
)
COMPARISONS = (
    ("at_least", "at least"),
    ("at_most", "at most"),
    ("above", "above"),
    ("below", "below"),
)
PARTS_OF_PAY = (
    ("pool", "Pool: dollars for a full score"),
    ("savings", "Savings"),
    ("rate", "Rate"),
    ("exchange", "Exchange"),
)
PAID_BY = (("indicator", "Indicator"), ("domain", "Domain"), ("total", "The total"))
COUNTS = (
    ("", "The better of both"),
    ("achievement", "Achievement alone"),
    ("improvement", "Improvement alone"),
)
PAST = (("", "Counts as it is"), ("clamp", "Counts as the limit"), ("unpaid", "Earns nothing"))
IF_MISSING = (("", "It is closed"), ("open", "It is open"))
NO_CHOICE = ("", "As usual")


def text_field(label: str, **more: Any) -> forms.CharField:
    """Ask for text; what is needed, the plan itself says."""
    more = {"required": False, "max_length": LONGEST_FIELD, "strip": True} | more
    return forms.CharField(label=label, **more)


def rounding_field(label: str) -> forms.CharField:
    """Ask for the unit that a figure is rounded to."""
    return text_field(
        label,
        help_text="A unit, such as 0.001; halves go upward unless it says otherwise: 1 down.",
    )


def lines_field(label: str, *, rows: int = 3, **more: Any) -> forms.CharField:
    """Ask for several lines."""
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "code"})
    return text_field(label, widget=widget, max_length=LONGEST_TEXT, **more)


def choice_field(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    """Offer some words, none of which must be chosen."""
    return forms.ChoiceField(label=label, choices=choices, required=False, **more)


def base_field() -> forms.CharField:
    """Make the field in which a part of the document comes back as it was."""
    return forms.CharField(required=False, max_length=LONGEST_TEXT, widget=forms.HiddenInput)
