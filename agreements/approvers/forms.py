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
PARTS = ("step", "always")
RARER = ("when", "percentile", "total")


class ChainForm(forms.Form):
    """The whole chain: for each role its step, and what it is asked for."""

    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Lay out the fields of every role, and then the reason."""
        super().__init__(*args, **kwargs)
        for role in APPROVERS:
            for part, field in _fields(role).items():
                self.fields[f"{role.value}_{part}"] = field
        self.fields["reason"] = forms.CharField(
            max_length=500,
            label="Why the chain changes",
            help_text="It stands beside the edition for good.",
            widget=forms.Textarea(attrs={"rows": 2}),
        )

    def clean(self) -> dict[str, Any]:
        """Refuse a step without a reason to ask; who is not asked has no reason."""
        given = super().clean() or self.cleaned_data
        for role in APPROVERS:
            step, *asked = (given.get(name) for name in _names(role, PARTS + RARER))
            if step and not any(asked):
                said = f"Say when the role is asked, or choose “{NOT_ASKED[1]}”: {role.label}."
                self.add_error(f"{role.value}_step", said)
        return given

    @property
    def one_of(self) -> tuple[str, ...]:
        """No step is called optional: counsel and the chief executive need theirs."""
        return tuple(f"{role.value}_step" for role in APPROVERS)

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """The fields as the page shows them."""
        roles = (each for role in APPROVERS for each in self._groups_of(role))
        return (*roles, group(self, "The change", ("reason", "seen")))

    def rules(self) -> tuple[Rule, ...]:
        """Return the chain."""
        return tuple(rule for role in APPROVERS for rule in self._rules_of(role))

    def _groups_of(self, role: Role) -> Iterable[FieldGroup]:
        yield group(self, str(role.label), _names(role, PARTS), columns=2)
        some = f"{role.label}: only in some cases"
        yield group(self, some, _names(role, RARER), is_folded=True)

    def _rules_of(self, role: Role) -> Iterable[Rule]:
        step, is_always, when, percentile, total = (
            self.cleaned_data[name] for name in _names(role, PARTS + RARER)
        )
        if not step:
            return
        if is_always:
            yield Rule(int(step), role, Condition.ALWAYS)
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
        elif rule.condition is Condition.ALWAYS:
            filled[f"{rule.role.value}_always"] = True
        else:
            filled.setdefault(f"{rule.role.value}_when", []).append(rule.condition.value)
    return filled


def _names(role: Role, parts: Iterable[str]) -> tuple[str, ...]:
    """Name the fields of a role."""
    return tuple(f"{role.value}_{part}" for part in parts)


def _fields(role: Role) -> dict[str, forms.Field]:
    """Make the fields of one role."""
    rarer = [(each.value, words) for each, words in WORDS.items() if each is not Condition.ALWAYS]
    return {
        "step": forms.ChoiceField(
            required=False,
            choices=[NOT_ASKED, *((str(step), str(step)) for step in STEPS)],
            label=f"Step of {str(role.label).lower()}",
        ),
        "always": forms.BooleanField(required=False, label=WORDS[Condition.ALWAYS]),
        "when": forms.MultipleChoiceField(
            required=False,
            choices=rarer,
            label="Asked for",
            widget=forms.CheckboxSelectMultiple,
        ),
        "percentile": forms.IntegerField(
            required=False,
            min_value=1,
            max_value=99,
            label="From this percentile on",
            help_text="Of the survey behind the opinion; also where the opinion names none.",
        ),
        "total": DollarsField(
            required=False,
            label="From this total on",
            help_text="The most that a year pays, all its parts together.",
        ),
    }
