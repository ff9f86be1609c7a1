"""Rows of the editor of a scoring plan: what a plan holds several of, each row as a form.

They give shape alone. What is right, the plan itself says (`scoring/plans`, `fitting`), and the
editor puts it beside the field that it is about.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import formset_factory

from comanage.web.choices import offer
from comanage.web.rows import Rows
from scorecards.plans.fields import (
    COMPARISONS,
    COUNTS,
    DEEDS,
    IF_MISSING,
    IN_TEXT,
    LEVELS,
    METHODS,
    MOST_ROWS,
    PAID_BY,
    PARTS_OF_PAY,
    PAST,
    SCORES,
    SMALL_RULES,
    base_field,
    choice_field,
    lines_field,
    rounding_field,
    text_field,
)
from scorecards.plans.slots import (
    ADJUSTMENT_SLOTS,
    DOMAIN_SLOTS,
    INDICATOR_SLOTS,
    PAY_SLOTS,
    Slot,
)


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

    base = base_field()
    kind = choice_field("Method", METHODS, initial="steps")
    weight = text_field("Weight")
    domain = choice_field("Domain", ())
    points = text_field("Points", help_text="1 unless said otherwise.")
    tiers = lines_field(
        "Tiers",
        rows=4,
        help_text="One a line, from the easiest goal: Target: 8% earns 75%. A goal that itself is "
        "not enough: Target: beyond 8% earns 75%.",
    )
    below = text_field("Earned short of all", help_text="Nothing unless said otherwise.")
    threshold = text_field("Threshold", help_text="Short of it nothing is achieved.")
    benchmark = text_field("Benchmark", help_text="There all points are earned.")
    counts = choice_field("What counts", COUNTS)
    cutoffs = lines_field(
        "Cut-offs", help_text="One a line, from the worst value to the best: P75: 8%.", rows=4
    )
    bands = lines_field(
        "Bands", help_text="One a line; goals are percentiles: P75: 75 earns 50%.", rows=4
    )
    rise = text_field("Rise that earns more", help_text="In percentiles, such as 20.")
    rise_earns = text_field("A rise earns")
    low = text_field("From", help_text="Still inside.")
    high = text_field("To", help_text="Still inside.")
    margin = text_field("Margin", help_text="How far outside what is earned falls to the least.")
    outside = text_field("Earned outside", help_text="Nothing unless said otherwise.")
    earns = text_field("Earns", help_text="All points unless said otherwise.")
    start = text_field("From", help_text="The result that earns nothing.")
    unit = text_field("One unit", help_text="How much better earns one point.")
    least = text_field("At least")
    most = text_field("At most")
    reference = text_field("Reference", help_text="What lies beyond it counts.")
    times = text_field("Times", help_text="1 unless said otherwise.")
    round = rounding_field("What is earned is rounded to")
    minimum_cases = text_field("Fewest cases", help_text="0 for any number.")
    small_rule = choice_field("With fewer", (("", "As for the whole plan"), *SMALL_RULES))
    round_result = rounding_field("The result is rounded to, before it is compared")
    limit_low = text_field("Lowest result that counts as it is")
    limit_high = text_field("Highest result that counts as it is")
    limit_past = choice_field("A result beyond these", PAST)

    @property
    def named(self) -> str:
        """The title of the indicator."""
        return str(part_in(self["base"].value()).get("title", ""))


class DomainForm(PartForm):
    """A group of indicators with a score of its own."""

    slots = DOMAIN_SLOTS
    main_fields = ("title", "slug", "weight", "score")

    base = base_field()
    title = text_field("Name")
    slug = text_field("Short name", help_text="Small letters, digits and hyphens.")
    weight = text_field("Weight")
    score = choice_field("Score", SCORES, initial="earned_of_available")
    minimum_scored = text_field("Fewest scored indicators", help_text="1 unless said otherwise.")
    scale = text_field("A full score is", help_text="100 unless said otherwise.")
    round = rounding_field("The score is rounded to")
    bonus_points = text_field("Bonus for the weakest: points", help_text="Empty for no bonus.")
    bonus_plus = text_field("Bonus: added", help_text="Such as -0.5.")
    bonus_round = rounding_field("Bonus: rounded to")
    bonus_positions = lines_field(
        "Bonus: positions", help_text="One a line, floor and threshold: short-name: 50 to 79."
    )


class AdjustmentForm(PartForm):
    """What is done to figures after they are found."""

    slots = ADJUSTMENT_SLOTS
    main_fields = ("kind", "name", "level", "names")

    base = base_field()
    kind = choice_field("What it does", DEEDS, initial="gate")
    name = text_field("Name")
    level = choice_field("To", LEVELS, initial="total")
    names = text_field(
        "Which of them", help_text="Short names with spaces between; nothing for the total."
    )
    reads = choice_field("Looks at", ())
    compare = choice_field("Is it", COMPARISONS, initial="at_least")
    limit = text_field("Limit")
    closed = text_field(
        "Else multiplied by", help_text="Nothing unless said otherwise: 50% leaves half."
    )
    if_missing = choice_field("Where that is not scored", IF_MISSING)
    factor = text_field("Multiplied by")
    becomes = text_field("Becomes")
    least = text_field("At least")
    most = text_field("At most")
    round = rounding_field("Rounded to")

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "reads", [("", "Choose"), *figures])


class PayForm(PartForm):
    """A part of the pay."""

    slots = PAY_SLOTS
    main_fields = ("kind", "name")

    base = base_field()
    kind = choice_field("Kind", PARTS_OF_PAY, initial="pool")
    name = text_field("Name", help_text="Small letters, digits and hyphens.")
    amount = text_field("Dollars", help_text="The pool of the terms is: input incentive_pool.")
    by = choice_field("Paid by", PAID_BY, initial="indicator")
    share_reads = choice_field(
        "Its share follows", (), help_text="Only of a pool that is paid by the total."
    )
    share_tiers = lines_field(
        "What that earns",
        help_text="One a line, as shares: Good: 60% earns 50%. Empty: the figure itself.",
    )
    share_line = forms.BooleanField(label="In a straight line from goal to goal", required=False)
    caps = lines_field("Paid at most", help_text="One a line, dollars: short-name: 5000.00.")
    round = rounding_field("Its dollars are rounded to")

    def __init__(self, *args: Any, figures: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, "share_reads", [("", "Choose"), *figures])


def _offer(form: PartForm, name: str, known: list[tuple[str, str]]) -> None:
    """Offer what the plan knows, and what stands there already."""
    there = form[name].value()
    if there and there not in dict(known):
        known.append((there, " ".join(there.split(":")).strip()))
    offer(form, name, known)


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
