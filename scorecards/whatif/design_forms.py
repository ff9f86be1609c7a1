"""The terms of a draft as fields to try: pay, weights, goals and shares."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django import forms

from comanage.values.money import Money
from comanage.values.rounding import fraction_from_text
from indicators.measure.definition import Definition
from indicators.measure.figures import trimmed, unit_text
from scorecards.cards.engine import definitions_of
from scorecards.whatif.designing import Tried, TriedTier, typed_goal

PERCENT = 100
WHOLE_WEIGHT = 100
DIGITS = 18
PLACES = 8


class DesignForm(forms.Form):
    """What is tried instead of the draft; it begins with the draft."""

    fixed_fee = forms.DecimalField(
        label="Fixed fee, in dollars", min_value=0, max_digits=15, decimal_places=2
    )
    incentive_pool = forms.DecimalField(
        label="Incentive pool, in dollars", min_value=0, max_digits=15, decimal_places=2
    )

    def __init__(self, given: Any, *, terms: Mapping[str, Any]) -> None:
        super().__init__(given, initial=_initial(terms))
        self.terms = terms
        self.definitions = definitions_of(terms)
        for indicator in terms["indicators"]:
            self._add(indicator, self.definitions[indicator["slug"]])

    def _add(self, indicator: Mapping[str, Any], definition: Definition) -> None:
        slug, unit = indicator["slug"], unit_text(definition)
        self.fields[f"weight-{slug}"] = forms.IntegerField(
            label="Weight, points of 100", min_value=1, max_value=WHOLE_WEIGHT
        )
        for place, tier in enumerate(indicator["tiers"]):
            self.fields[f"goal-{slug}-{place}"] = forms.DecimalField(
                label=f"{tier['name']}, {unit}", max_digits=DIGITS, decimal_places=PLACES
            )
            self.fields[f"share-{slug}-{place}"] = forms.DecimalField(
                label=f"{tier['name']} earns, in %",
                min_value=0,
                max_value=PERCENT,
                max_digits=DIGITS,
                decimal_places=PLACES,
            )
        for name, field in self.fields.items():
            is_whole = name.startswith("weight-")
            field.widget = forms.TextInput({"inputmode": "numeric" if is_whole else "decimal"})

    @property
    def pay(self) -> list[forms.BoundField]:
        """The fields of pay."""
        return [self["fixed_fee"], self["incentive_pool"]]

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The fields of each indicator."""
        return [
            {
                "title": indicator["definition"]["title"],
                "weight": self[f"weight-{indicator['slug']}"],
                "tiers": [
                    self[f"{part}-{indicator['slug']}-{place}"]
                    for place in range(len(indicator["tiers"]))
                    for part in ("goal", "share")
                ],
            }
            for indicator in self.terms["indicators"]
        ]

    def tried(self) -> Tried:
        """Return what was typed, exactly."""
        data = self.cleaned_data
        return Tried(
            fixed_fee=Money.from_dollars(data["fixed_fee"]),
            incentive_pool=Money.from_dollars(data["incentive_pool"]),
            weights={
                each["slug"]: data[f"weight-{each['slug']}"] for each in self.terms["indicators"]
            },
            tiers={
                each["slug"]: tuple(
                    TriedTier(
                        _exact(data[f"goal-{each['slug']}-{place}"])
                        / self.definitions[each["slug"]].printed_multiplier,
                        _exact(data[f"share-{each['slug']}-{place}"]) / PERCENT,
                    )
                    for place in range(len(each["tiers"]))
                )
                for each in self.terms["indicators"]
            },
        )


def _exact(value: Decimal) -> Fraction:
    return Fraction(value)


def _initial(terms: Mapping[str, Any]) -> dict[str, str]:
    definitions = definitions_of(terms)
    found = {name: terms["pay"][name] for name in ("fixed_fee", "incentive_pool")}
    for indicator in terms["indicators"]:
        slug = indicator["slug"]
        found[f"weight-{slug}"] = str(indicator["weight"])
        for place, tier in enumerate(indicator["tiers"]):
            goal, share = (fraction_from_text(tier[part]) for part in ("goal", "share"))
            found[f"goal-{slug}-{place}"] = typed_goal(
                definitions[slug], goal, indicator["compare_places"]
            )
            found[f"share-{slug}-{place}"] = trimmed(share * PERCENT, 0)
    return found
