"""The shape of an edited definition."""

from typing import Any

from django import forms

from indicators.measure.definition import Definition, DefinitionError

_CRITERIA = (
    ("initial_population", "Initial population", "Which cases it is about. Empty: all cases."),
    ("denominator", "Denominator", "Of those, which are judged. Empty: all of them."),
    ("denominator_exclusion", "Denominator exclusion", "Taken out before judging."),
    ("numerator", "Numerator", "Judged and met."),
    ("numerator_exclusion", "Numerator exclusion", "Met on paper, not to be counted."),
    ("denominator_exception", "Denominator exception", "Not met, for an accepted reason."),
    ("observation", "Observation", "For a mean: the number observed in each case."),
)
_TEXTS = (
    ("description", "What it says"),
    ("evidence", "Evidence"),
    ("source", "Source"),
    ("limitations", "Known limitations"),
)


class DefinitionForm(forms.Form):
    """An indicator's words and criteria; its columns stay as they are."""

    title = forms.CharField(max_length=160)

    def __init__(self, *args: Any, definition: Definition, **kwargs: Any) -> None:
        self._document = definition.to_document()
        kwargs.setdefault("initial", self._document)
        super().__init__(*args, **kwargs)
        self.definition = definition
        for name, label, text in _CRITERIA:
            self.fields[name] = forms.CharField(
                label=label,
                help_text=text,
                required=False,
                max_length=10_000,
                widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false", "class": "code"}),
            )
        for name, label in _TEXTS:
            self.fields[name] = forms.CharField(
                label=label,
                required=False,
                max_length=4_000,
                widget=forms.Textarea(attrs={"rows": 3}),
            )

    def clean(self) -> dict[str, Any]:
        """Parse and type-check the whole definition; each problem stands beside its field."""
        given = super().clean() or {}
        document = self._document | {
            name: value.replace("\r\n", "\n") for name, value in given.items()
        }
        try:
            self.definition = Definition.from_document(document)
        except DefinitionError as wrong:
            for problem in wrong.problems:
                place = problem.place if problem.place in self.fields else None
                self.add_error(place, problem.message)
        return given
