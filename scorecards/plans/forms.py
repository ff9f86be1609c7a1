"""The editor of a scoring plan as forms: what it says once for all, and results to try it on.

Its rows are in `part_forms`. Forms give shape alone: what is right, the plan itself says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from comanage.values.rounding import NumberTextError, fraction_from_text
from comanage.web.groups import FieldGroup, group
from indicators.measure.definition import Definition
from indicators.measure.figures import typed_result
from scorecards.plans.fields import (
    LONGEST_TEXT,
    MISSING,
    NO_CHOICE,
    SCORES,
    SMALL_RULES,
    TABLE,
    TEXT,
    base_field,
    choice_field,
    rounding_field,
    text_field,
)


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
    base = base_field()
    title = text_field("Title")
    source = text_field("Source", help_text="The exhibit or the regulation.")
    missing_indicators = choice_field("Weight of an indicator that is not scored", MISSING)
    missing_domains = choice_field("Weight of a domain that is not scored", (NO_CHOICE, *MISSING))
    weights_add_up_to = text_field("Weights add up to", help_text="Such as 100.")
    small_cases = text_field(
        "Fewest cases, of every indicator", help_text="Where the indicator says nothing itself."
    )
    small_rule = choice_field("With fewer", (NO_CHOICE, *SMALL_RULES))
    total_kind = choice_field(
        "The total is",
        (NO_CHOICE, ("weighted", "Domain scores by weight"), *SCORES),
        help_text="With domains their scores by weight or their sum; without, how indicators come "
        "together.",
    )
    total_scale = text_field("A full total is", help_text="100 unless said otherwise.")
    minimum_domains = text_field("Fewest scored domains", help_text="1 unless said otherwise.")
    minimum_scored = text_field("Fewest scored indicators", help_text="Of all domains together.")
    total_round = rounding_field("The total is rounded to")
    limit_amount = text_field("All parts together pay at most", help_text="Dollars.")
    limit_source = text_field("Set by", help_text="Such as the fair-market-value opinion.")
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
            self.fields[slug] = text_field(
                definition.title, max_length=60, initial=usual.get(slug, "")
            )

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
