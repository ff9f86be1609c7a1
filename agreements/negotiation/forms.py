"""The shapes of what both sides say about a version."""

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.negotiation.word_in import LONGEST_COMMENT
from comanage.web.choices import offer


class PairForm(forms.Form):
    """Two versions to be compared."""

    old = forms.ChoiceField(label="From version")
    new = forms.ChoiceField(label="To version")

    def __init__(self, *args: Any, numbers: Iterable[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(number), f"Version {number}") for number in numbers]
        offer(self, "old", choices)
        offer(self, "new", choices)

    def pair(self) -> tuple[int, int]:
        """Return the two numbers."""
        return int(self.cleaned_data["old"]), int(self.cleaned_data["new"])


class CommentForm(forms.Form):
    """A comment for both sides."""

    text = forms.CharField(
        max_length=LONGEST_COMMENT,
        label="Comment",
        help_text="Both sides read it beside the clause, once the version is shared.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NoteForm(forms.Form):
    """A privileged note."""

    text = forms.CharField(
        max_length=LONGEST_COMMENT,
        label="Privileged note",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
