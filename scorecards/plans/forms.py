"""The editor of a scoring plan as forms: the plan, and rows of what it holds several of.

They give shape alone. What is right, the plan itself says (`scoring/plans`, `fitting`), and the
editor puts it beside the field that it is about.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import formset_factory

from comanage.values.rounding import NumberTextError, fraction_from_text
from comanage.web.choices import offer
from comanage.web.groups import FieldGroup, group
from comanage.web.rows import Rows
from indicators.measure.definition import Definition
from indicators.measure.figures import typed_result
from scorecards.plans.slots import (
    ADJUSTMENT_SLOTS,
    DOMAIN_SLOTS,
    INDICATOR_SLOTS,
    PAY_SLOTS,
    Slot,
)

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


def _text(label: str, **more: Any) -> forms.CharField:
    more = {"required": False, "max_length": LONGEST_FIELD, "strip": True} | more
    return forms.CharField(label=label, **more)


def _rounding(label: str) -> forms.CharField:
    return _text(
        label,
        help_text="A unit, such as 0.001; halves go upward unless it says otherwise: 1 down.",
    )


def _lines(label: str, *, rows: int = 3, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "spellcheck": "false", "class": "code"})
    return _text(label, widget=widget, max_length=LONGEST_TEXT, **more)


def _choice(label: str, choices: Sequence[tuple[str, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=False, **more)


def part_in(text: str | None) -> dict[str, Any]:
    """Read a part of the document that came back; whatever is no object is none."""
    try:
        part = json.loads(text or "{}", parse_float=str, parse_constant=refuse_constant)
    except (ValueError, RecursionError):
        return {}
    return part if isinstance(part, dict) else {}


def refuse_constant(text: str) -> Any:
    """Refuse what is no number in JSON, such as NaN."""
    raise ValueError(text)


def _base() -> forms.CharField:
    """Make the field in which a part of the document comes back as it was."""
    return forms.CharField(required=False, max_length=LONGEST_TEXT, widget=forms.HiddenInput)


@dataclass(frozen=True, slots=True)
class Detail:
    """A field that some kinds have.

    Attributes:
        taken_by: those kinds, with spaces between; empty for all.
        is_taken: by the kind that is chosen.
    """

    field: BoundField
    taken_by: str
    is_taken: bool


class PartForm(forms.Form):
    """One row of the plan: what it is, and the fields of its kind."""

    slots: tuple[Slot, ...] = ()
    main_fields: tuple[str, ...] = ()
    kind_field = "kind"
    use_required_attribute = False

    @property
    def one_of(self) -> tuple[str, ...]:
        """No field is called optional: the plan says what is needed."""
        return tuple(self.fields)

    @property
    def named(self) -> str:
        """What the row is called where that cannot be typed: the title of an indicator."""
        return ""

    @property
    def chosen(self) -> str:
        """The kind that is chosen; empty where rows are of one kind."""
        return str(self[self.kind_field].value() or "") if self.kind_field in self.fields else ""

    @property
    def main(self) -> tuple[BoundField, ...]:
        """The fields that every row has in sight."""
        return tuple(self[name] for name in self.main_fields)

    @property
    def details(self) -> tuple[Detail, ...]:
        """The fields of one kind or another."""
        return tuple(
            Detail(self[slot.name], slot.taken_by, slot.is_taken_by(self.chosen))
            for slot in self.slots
            if slot.taken_by
        )

    @property
    def rest(self) -> tuple[BoundField, ...]:
        """The fields of every kind that are needed now and then."""
        names = [slot.name for slot in self.slots if not slot.taken_by]
        return tuple(self[name] for name in names if name not in self.main_fields)

    @property
    def is_rest_open(self) -> bool:
        """Whether something is wrong there."""
        return self.is_bound and any(field.errors for field in self.rest)

    def full_clean(self) -> None:
        """Check the fields, but not those of a row that is removed."""
        super().full_clean()
        if self.is_bound and self.cleaned_data.get("DELETE"):
            self.errors.clear()


class IndicatorForm(PartForm):
    """How one indicator is scored."""

    slots = INDICATOR_SLOTS
    main_fields = ("kind", "weight", "domain", "points")

    def __init__(self, *args: Any, domains: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the domains; keep a method that only the text can write, as it is."""
        super().__init__(*args, **kwargs)
        _offer(self, "domain", [("", "None"), *domains])
        method = part_in(self["base"].value()).get("method")
        for kind in IN_TEXT:
            if isinstance(method, dict) and method.get("kind") == kind:
                field = cast("forms.ChoiceField", self.fields["kind"])
                field.choices = [*METHODS, (kind, "As the text has it")]

    base = _base()
    kind = _choice("Method", METHODS, initial="steps")
    weight = _text("Weight")
    domain = _choice("Domain", ())
    points = _text("Points", help_text="1 unless said otherwise.")
    tiers = _lines(
        "Tiers",
        rows=4,
        help_text="One a line, from the easiest goal: Target: 8% earns 75%. A goal that itself is "
        "not enough: Target: beyond 8% earns 75%.",
    )
    below = _text("Earned short of all", help_text="Nothing unless said otherwise.")
    threshold = _text("Threshold", help_text="Short of it nothing is achieved.")
    benchmark = _text("Benchmark", help_text="There all points are earned.")
    counts = _choice("What counts", COUNTS)
    cutoffs = _lines(
        "Cut-offs", help_text="One a line, from the worst value to the best: P75: 8%.", rows=4
    )
    bands = _lines(
        "Bands", help_text="One a line; goals are percentiles: P75: 75 earns 50%.", rows=4
    )
    rise = _text("Rise that earns more", help_text="In percentiles, such as 20.")
    rise_earns = _text("A rise earns")
    low = _text("From", help_text="Still inside.")
    high = _text("To", help_text="Still inside.")
    margin = _text("Margin", help_text="How far outside what is earned falls to the least.")
    outside = _text("Earned outside", help_text="Nothing unless said otherwise.")
    earns = _text("Earns", help_text="All points unless said otherwise.")
    start = _text("From", help_text="The result that earns nothing.")
    unit = _text("One unit", help_text="How much better earns one point.")
    least = _text("At least")
    most = _text("At most")
    reference = _text("Reference", help_text="What lies beyond it counts.")
    times = _text("Times", help_text="1 unless said otherwise.")
    round = _rounding("What is earned is rounded to")
    minimum_cases = _text("Fewest cases", help_text="0 for any number.")
    small_rule = _choice("With fewer", (("", "As for the whole plan"), *SMALL_RULES))
    round_result = _rounding("The result is rounded to, before it is compared")
    limit_low = _text("Lowest result that counts as it is")
    limit_high = _text("Highest result that counts as it is")
    limit_past = _choice("A result beyond these", PAST)

    @property
    def named(self) -> str:
        """The title of the indicator."""
        return str(part_in(self["base"].value()).get("title", ""))


class DomainForm(PartForm):
    """A group of indicators with a score of its own."""

    slots = DOMAIN_SLOTS
    main_fields = ("title", "slug", "weight", "score")

    base = _base()
    title = _text("Name")
    slug = _text("Short name", help_text="Small letters, digits and hyphens.")
    weight = _text("Weight")
    score = _choice("Score", SCORES, initial="earned_of_available")
    minimum_scored = _text("Fewest scored indicators", help_text="1 unless said otherwise.")
    scale = _text("A full score is", help_text="100 unless said otherwise.")
    round = _rounding("The score is rounded to")
    bonus_points = _text("Bonus for the weakest: points", help_text="Empty for no bonus.")
    bonus_plus = _text("Bonus: added", help_text="Such as -0.5.")
    bonus_round = _rounding("Bonus: rounded to")
    bonus_positions = _lines(
        "Bonus: positions", help_text="One a line, floor and threshold: short-name: 50 to 79."
    )


class AdjustmentForm(PartForm):
    """What is done to figures after they are found."""

    slots = ADJUSTMENT_SLOTS
    main_fields = ("kind", "name", "level", "names")

    base = _base()
    kind = _choice("What it does", DEEDS, initial="gate")
    name = _text("Name")
    level = _choice("To", LEVELS, initial="total")
    names = _text(
        "Which of them", help_text="Short names with spaces between; nothing for the total."
    )
    reads = _choice("Looks at", ())
    compare = _choice("Is it", COMPARISONS, initial="at_least")
    limit = _text("Limit")
    closed = _text(
        "Else multiplied by", help_text="Nothing unless said otherwise: 50% leaves half."
    )
    if_missing = _choice("Where that is not scored", IF_MISSING)
    factor = _text("Multiplied by")
    becomes = _text("Becomes")
    least = _text("At least")
    most = _text("At most")
    round = _rounding("Rounded to")

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "reads", [("", "Choose"), *figures])


class PayForm(PartForm):
    """A part of the pay."""

    slots = PAY_SLOTS
    main_fields = ("kind", "name")

    base = _base()
    kind = _choice("Kind", PARTS_OF_PAY, initial="pool")
    name = _text("Name", help_text="Small letters, digits and hyphens.")
    amount = _text("Dollars", help_text="The pool of the terms is: input incentive_pool.")
    by = _choice("Paid by", PAID_BY, initial="indicator")
    share_reads = _choice(
        "Its share follows", (), help_text="Only of a pool that is paid by the total."
    )
    share_tiers = _lines(
        "What that earns",
        help_text="One a line, as shares: Good: 60% earns 50%. Empty: the figure itself.",
    )
    share_line = forms.BooleanField(label="In a straight line from goal to goal", required=False)
    caps = _lines("Paid at most", help_text="One a line, dollars: short-name: 5000.00.")
    round = _rounding("Its dollars are rounded to")

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "share_reads", [("", "Choose"), *figures])


def _offer(form: PartForm, name: str, known: list[tuple[str, str]]) -> None:
    """Offer what the plan knows, and what stands there already."""
    there = form[name].value()
    if there and there not in dict(known):
        known.append((there, " ".join(there.split(":")).strip()))
    offer(form, name, known)


class PlanForm(forms.Form):
    """What a plan says once for all."""

    editing = forms.ChoiceField(
        required=False, choices=[(TABLE, TABLE), (TEXT, TEXT)], widget=forms.HiddenInput
    )
    text = forms.CharField(
        label="The plan as text",
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 30, "spellcheck": "false", "class": "code"}),
        help_text="JSON. Everything a plan can say is described in its published schema.",
    )
    base = _base()
    title = _text("Title")
    source = _text("Source", help_text="The exhibit or the regulation.")
    missing_indicators = _choice("Weight of an indicator that is not scored", MISSING)
    missing_domains = _choice("Weight of a domain that is not scored", (NO_CHOICE, *MISSING))
    weights_add_up_to = _text("Weights add up to", help_text="Such as 100.")
    small_cases = _text(
        "Fewest cases, of every indicator", help_text="Where the indicator says nothing itself."
    )
    small_rule = _choice("With fewer", (NO_CHOICE, *SMALL_RULES))
    total_kind = _choice(
        "The total is",
        (NO_CHOICE, ("weighted", "Domain scores by weight"), *SCORES),
        help_text="With domains their scores by weight or their sum; without, how indicators come "
        "together.",
    )
    total_scale = _text("A full total is", help_text="100 unless said otherwise.")
    minimum_domains = _text("Fewest scored domains", help_text="1 unless said otherwise.")
    minimum_scored = _text("Fewest scored indicators", help_text="Of all domains together.")
    total_round = _rounding("The total is rounded to")
    limit_amount = _text("All parts together pay at most", help_text="Dollars.")
    limit_source = _text("Set by", help_text="Such as the fair-market-value opinion.")
    use_required_attribute = False

    def __init__(self, *args: Any, is_text: bool, **kwargs: Any) -> None:
        """Ask for the text, or for all else."""
        super().__init__(*args, **kwargs)
        self.initial["editing"] = TEXT if is_text else TABLE
        for name in [name for name in self.fields if name != "editing"]:
            if (name == "text") != is_text:
                del self.fields[name]

    @property
    def one_of(self) -> tuple[str, ...]:
        """No field is called optional: the plan says what is needed."""
        return tuple(self.fields)

    @property
    def head(self) -> FieldGroup:
        """What it is called."""
        return group(self, "The plan", ["title", "source"], columns=2)

    @property
    def missing(self) -> FieldGroup:
        """What becomes of what is not scored, and what weights come to."""
        names = ["missing_indicators", "missing_domains", "weights_add_up_to"]
        return group(self, "Weights", names, columns=2)

    @property
    def total(self) -> FieldGroup:
        """The total, and rules for every indicator."""
        names = [
            *("total_kind", "total_scale", "minimum_domains", "minimum_scored", "total_round"),
            *("small_cases", "small_rule"),
        ]
        return group(self, "Total, and small numbers of every indicator", names, columns=2,
                     is_folded=True)  # fmt: skip

    @property
    def limit(self) -> FieldGroup:
        """The most that is paid."""
        return group(self, "Limit of all pay", ["limit_amount", "limit_source"], columns=2)


def _rows(form: type[PartForm]) -> Any:
    return formset_factory(
        form,
        formset=Rows,
        extra=0,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS,
        validate_max=True,
    )


ROWS = {
    "indicators": _rows(IndicatorForm),
    "domains": _rows(DomainForm),
    "adjustments": _rows(AdjustmentForm),
    "pay": _rows(PayForm),
}


class TryForm(forms.Form):
    """A result for each indicator, to see what it would earn."""

    prefix = "try"
    use_required_attribute = False

    def __init__(
        self,
        *args: Any,
        definitions: Mapping[str, Definition],
        usual: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        """Ask for one result each.

        Args:
            *args: as of any form.
            definitions: of the indicators, by slug.
            usual: what stands there first, by slug.
            **kwargs: as of any form.
        """
        super().__init__(*args, **kwargs)
        self.definitions = definitions
        for slug, definition in definitions.items():
            self.fields[slug] = _text(definition.title, max_length=60, initial=usual.get(slug, ""))

    @property
    def one_of(self) -> tuple[str, ...]:
        """No field is called optional: the plan says what is needed."""
        return tuple(self.fields)

    def clean(self) -> dict[str, Any]:
        """Read each result in the unit of its indicator; empty is none."""
        for slug, definition in self.definitions.items():
            text = (self.cleaned_data.get(slug) or "").replace(" ", "")
            try:
                found = typed_result(definition, fraction_from_text(text)) if text else None
            except NumberTextError:
                self.add_error(slug, "Give a number, such as 8.5% or 12.5, or nothing.")
            else:
                self.cleaned_data[slug] = found
        return self.cleaned_data
