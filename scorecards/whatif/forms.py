"""What is typed of the rest of the year: two fields for each indicator, both may stay empty."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from django import forms

from comanage.values.rounding import fraction_from_text
from scorecards.scoring.whatif import Question
from scorecards.whatif.asking import Ask

Given = Mapping[str, tuple[Fraction | None, Fraction | None]]

MOST = 10**9
LONGEST = 20
_TYPED = re.compile(r"(?P<number>-?[0-9][0-9,]*(?:\.[0-9]+)?)")


@dataclass(frozen=True, slots=True)
class Limits:
    """Which numbers a field takes; `low` None for any below `high`."""

    low: int | None
    high: int
    is_whole: bool = False
    is_percent: bool = False


class NumberField(forms.CharField):
    """A number as people type it, read exactly: `7.5`, `7.5 %` or `1,200`; empty is None."""

    def __init__(self, limits: Limits, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=LONGEST, **kwargs)
        self.limits = limits

    def clean(self, value: Any) -> Fraction | None:
        """Read the number.

        Raises:
            ValidationError: it is none, or outside its limits.
        """
        text = super().clean(value)
        if not text:
            return None
        limits = self.limits
        found = _TYPED.fullmatch(text.removesuffix("%").rstrip() if limits.is_percent else text)
        if not found:
            raise forms.ValidationError("Type a number such as 7.5, or leave this empty.")
        number = fraction_from_text(found["number"].replace(",", ""))
        if limits.is_whole and number.denominator != 1:
            raise forms.ValidationError("Type a whole number: cases come whole.")
        if number > limits.high:
            raise forms.ValidationError(f"Type {limits.high:,} at most.")
        if limits.low is not None and number < limits.low:
            raise forms.ValidationError(f"Type {limits.low:,} at least.")
        return number


class WhatIfForm(forms.Form):
    """How much of each indicator is still to come, and how it goes."""

    def __init__(self, *args: Any, asks: Sequence[Ask], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asks = asks
        for ask in asks:
            if ask.size_label:
                self.fields[f"size-{ask.slug}"] = _size_field(ask)
            if ask.label:
                self.fields[f"rest-{ask.slug}"] = _performance_field(ask)

    def given(self) -> Given:
        """Return what was typed, exactly, by slug."""
        return {
            ask.slug: (
                self.cleaned_data.get(f"size-{ask.slug}"),
                self._performance(ask),
            )
            for ask in self.asks
        }

    def _performance(self, ask: Ask) -> Fraction | None:
        typed = self.cleaned_data.get(f"rest-{ask.slug}")
        if ask.question is Question.REACHED:
            return Fraction(1) if typed else None
        return None if typed is None else typed / ask.multiplier

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The fields of each indicator, as the page sets them."""
        return [
            {
                "ask": ask,
                "size": self[f"size-{ask.slug}"] if ask.size_label else None,
                "rest": self[f"rest-{ask.slug}"] if ask.label else None,
            }
            for ask in self.asks
        ]


def _size_field(ask: Ask) -> NumberField:
    widget = forms.TextInput(
        {"inputmode": "numeric" if ask.is_whole else "decimal", "autocomplete": "off"}
        | _described(f"size-{ask.slug}")
    )
    return NumberField(Limits(0, MOST, is_whole=ask.is_whole), label=ask.size_label, widget=widget)


def _performance_field(ask: Ask) -> forms.Field:
    described = _described(f"rest-{ask.slug}")
    if ask.question is Question.REACHED:
        return forms.ChoiceField(
            label=ask.label,
            required=False,
            choices=[("", "As it stands"), ("reached", "Reached")],
            widget=forms.Select(described),
        )
    slides = {}
    if ask.slider:
        slides = {
            "data-slide-low": ask.slider.low,
            "data-slide-high": ask.slider.high,
            "data-slide-step": ask.slider.step,
            "data-slide-place": ask.slider.place,
        }
    widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off"} | described | slides)
    limits = Limits(
        low=None if ask.may_fall else 0,
        high=ask.multiplier if ask.is_share else MOST,
        is_percent=ask.is_percent,
    )
    return NumberField(limits, label=ask.label, widget=widget)


def _described(name: str) -> dict[str, str]:
    """Name the hint and the place of an error, which both stand on the page always."""
    return {"aria-describedby": f"id_{name}_hint id_{name}_error"}
