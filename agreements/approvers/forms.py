"""The shape of a chain of approval: one group of fields for each role that may be asked."""

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.approvers.matrix import APPROVERS, STEPS, Condition, Rule
from agreements.approvers.presenters import WORDS
from comanage.identity.roles import Role
from comanage.values.money import Money
from comanage.web.amounts import DollarsField
from comanage.web.groups import FieldGroup, group

NOT_ASKED = ("", "Not asked")
PARTS = ("step", "when", "percentile", "total")


class ChainForm(forms.Form):
    """The whole chain: for each role its step, and what it is asked for."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Lay out the fields of every role, and then the reason."""
        super().__init__(*args, **kwargs)
        for role in APPROVERS:
            for part, field in zip(PARTS, _fields(), strict=True):
                self.fields[f"{role.value}_{part}"] = field
        self.fields["reason"] = forms.CharField(
            max_length=500,
            label="Why the chain changes",
            help_text="It stands beside the edition for good.",
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a step without a reason to ask, and a reason without a step."""
        given = super().clean() or self.cleaned_data
        for role in APPROVERS:
            step, *asked = (given.get(f"{role.value}_{part}") for part in PARTS)
            if step and not any(asked):
                self.add_error(f"{role.value}_step", "Say when the role is asked, or take it out.")
            if any(asked) and not step:
                self.add_error(f"{role.value}_step", "Choose the step at which the role is asked.")
        return given

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        roles = (
            group(self, str(role.label), [f"{role.value}_{part}" for part in PARTS])
            for role in APPROVERS
        )
        return (*roles, group(self, "The change", ("reason", "seen")))

    def rules(self) -> tuple[Rule, ...]:
        """Return the chain."""
        return tuple(rule for role in APPROVERS for rule in self._rules_of(role))

    def _rules_of(self, role: Role) -> Iterable[Rule]:
        step, when, percentile, total = (
            self.cleaned_data[f"{role.value}_{part}"] for part in PARTS
        )
        for each in when:
            yield Rule(int(step), role, Condition(each))
        if percentile:
            yield Rule(int(step), role, Condition.PERCENTILE_AT_LEAST, percentile)
        if total:
            yield Rule(int(step), role, Condition.TOTAL_AT_LEAST, total.cents)


def initial_of(rules: Iterable[Rule], *, seen: int) -> dict[str, Any]:
    """Fill the form with a chain."""
    filled: dict[str, Any] = {"seen": seen}
    for rule in rules:
        filled[f"{rule.role.value}_step"] = str(rule.step)
        if rule.condition is Condition.PERCENTILE_AT_LEAST:
            filled[f"{rule.role.value}_percentile"] = rule.threshold
        elif rule.condition is Condition.TOTAL_AT_LEAST:
            filled[f"{rule.role.value}_total"] = Money(rule.threshold)
        else:
            filled.setdefault(f"{rule.role.value}_when", []).append(rule.condition.value)
    return filled


def _fields() -> tuple[forms.Field, ...]:
    """Make the fields of one role."""
    return (
        forms.ChoiceField(
            required=False,
            choices=[NOT_ASKED, *((str(step), str(step)) for step in STEPS)],
            label="Step",
            help_text="Roles of the same step are asked at the same time.",
        ),
        forms.MultipleChoiceField(
            required=False,
            choices=[(each.value, words) for each, words in WORDS.items()],
            label="Asked for",
            widget=forms.CheckboxSelectMultiple,
        ),
        forms.IntegerField(
            required=False,
            min_value=1,
            max_value=99,
            label="From this percentile on",
            help_text="Of the survey behind the opinion; also where the opinion names none.",
        ),
        DollarsField(
            required=False,
            label="From this total on",
            help_text="Dollars of a year, fixed fee and incentive pool together.",
        ),
    )
