"""The answer sheet of a role."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from agreements.readiness.questions import (
    STEPS,
    AnswerError,
    Question,
    Theme,
    figure_from_text,
    themes_for,
)
from comanage.identity.roles import Role
from comanage.values.rounding import exact_text

OPEN = ("", "I cannot say")
CHOICES = [*((str(step), words) for step, words in reversed(list(enumerate(STEPS)))), OPEN]


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question and its field."""

    question: Question
    field: BoundField


@dataclass(frozen=True, slots=True)
class AskedTheme:
    """A theme and the questions of it that a role is asked."""

    theme: Theme
    asked: tuple[AskedQuestion, ...]


class FigureField(forms.CharField):
    """A figure, kept exactly."""

    def clean(self, value: Any) -> str:
        """Return the exact figure as text, or say how to write it."""
        text = str(super().clean(value)).strip().removesuffix("%").strip()
        try:
            return exact_text(figure_from_text(text)) if text else ""
        except AnswerError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class SheetForm(forms.Form):
    """Every question that a role is asked. None must be answered."""

    def __init__(self, *args: Any, role: Role, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.themes = themes_for(role)
        for theme in self.themes:
            for question in theme.questions:
                self.fields[question.key] = _field(question)

    def asked(self) -> Iterator[AskedTheme]:
        """Go through the themes with their fields."""
        for theme in self.themes:
            asked = tuple(AskedQuestion(each, self[each.key]) for each in theme.questions)
            yield AskedTheme(theme, asked)

    def answers(self) -> dict[str, str]:
        """Return what was answered."""
        return {key: answer for key, answer in self.cleaned_data.items() if answer}


class GapForm(forms.Form):
    """Which gap goes into the workplan."""

    question = forms.SlugField(max_length=80)


def _field(question: Question) -> forms.Field:
    if question.figure is not None:
        widget = forms.TextInput(attrs={"inputmode": "decimal"})
        return FigureField(label=question.text, required=False, max_length=12, widget=widget)
    return forms.ChoiceField(
        label=question.text,
        required=False,
        choices=CHOICES,
        widget=forms.RadioSelect(attrs={"class": "steps-row"}),
    )
