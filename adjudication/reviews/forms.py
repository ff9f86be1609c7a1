"""The shape of what a reviewer records."""

from collections.abc import Mapping
from typing import Any

from django import forms

from adjudication.reviews.models import Mark
from adjudication.years.figures import Figure
from comanage.web.amounts import ExactField

LARGEST_ANSWER = 1_000_000
A_COUNT = "digits alone, such as 412 or 12.5"
_SHORT = {Mark.AGREES: "Agrees", Mark.DIFFERS: "Differs", Mark.NOT_FOUND: "Not found"}


class SeenForm(forms.Form):
    """The snapshot that was looked at."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)


class CountForm(SeenForm):
    """The reviewer's own figures of one indicator. It does not show the snapshot's."""

    above = ExactField(max_length=40, written_as=A_COUNT)
    below = ExactField(max_length=40, written_as=A_COUNT)
    note = forms.CharField(
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="How you counted; where your figures differ, in which cases. Name no patient.",
    )

    def __init__(self, *args: Any, figure: Figure, **kwargs: Any) -> None:
        """Name the numbers as the indicator's kind does."""
        super().__init__(*args, **kwargs)
        above, below = figure.names
        self.fields["above"].label = above
        if figure.above is None:  # too few cases for a median: there may be none
            self.fields["above"].required = False
        if below:
            self.fields["below"].label = below
        else:
            del self.fields["below"]


class AnswerForm(SeenForm):
    """What `manage.py verify --json` wrote."""

    file = forms.FileField(
        label="Answer of the verification",
        help_text="The JSON that manage.py verify REPORT.pdf --json writes.",
    )

    def clean_file(self) -> bytes:
        """Return the content of a file of reasonable size."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_ANSWER:
            raise forms.ValidationError("It has more than 1 MB; no verification writes as much.")
        content: bytes = file.read()
        return content


class MarksForm(SeenForm):
    """A mark for each case of a sample; one that was not looked at yet stays empty."""

    def __init__(self, *args: Any, size: int, marks: Mapping[int, Mark], **kwargs: Any) -> None:
        """Ask for each case by its number."""
        super().__init__(*args, **kwargs)
        for number in range(1, size + 1):
            self.fields[f"mark_{number}"] = forms.ChoiceField(
                required=False,
                label=f"Case {number}",
                choices=[("", "Not yet"), *_SHORT.items()],
                initial=marks.get(number, ""),
            )

    def marks(self) -> dict[int, Mark]:
        """Return the marks by number."""
        given = self.cleaned_data.items()
        return {
            int(name.removeprefix("mark_")): Mark(mark)
            for name, mark in given
            if name.startswith("mark_") and mark
        }
