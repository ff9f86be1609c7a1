"""How dollars and rates are asked for: read as decimals, never as binary floats."""

from fractions import Fraction
from typing import Any

from django import forms

from comanage.values.money import Money, MoneyError
from comanage.values.rounding import fraction_from_text

A_RATE = "a percentage such as 8.5%, or a number"


class DollarsField(forms.CharField):
    """An amount of dollars, with or without `$` and thousands separators."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return money, or say how to write it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            money = Money.from_dollars(text.replace("$", "").replace(",", "").strip())
        except MoneyError as wrong:
            raise forms.ValidationError(
                f"“{text}” is not an amount. Write dollars and cents, such as 62,333.33."
            ) from wrong
        if money < Money(0):
            raise forms.ValidationError("An amount here cannot be negative.")
        return money

    def prepare_value(self, value: Any) -> Any:
        """Show money as it is typed."""
        return value.dollars_text if isinstance(value, Money) else value


class ExactField(forms.CharField):
    """A number that is kept exactly: `8.5%`, `0.085` or `3.52`."""

    def __init__(self, *, written_as: str = A_RATE, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 20)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(**kwargs)
        self.written_as = written_as

    def clean(self, value: Any) -> Fraction | None:
        """Return the exact value, or say how to write it."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return fraction_from_text(text.replace(" ", ""))
        except ValueError as wrong:
            raise forms.ValidationError(
                f"“{text}” is not a number. Write {self.written_as}."
            ) from wrong
