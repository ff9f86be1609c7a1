"""The shapes of what is said in a negotiation."""

from collections.abc import Iterable
from hashlib import sha256
from typing import Any

from django import forms

from agreements.drafting.compose import paragraphs_of
from agreements.drafting.document import Clause
from agreements.negotiation.actions import CameBack
from agreements.negotiation.models import LONGEST_REASON
from agreements.negotiation.word_changes import ADD, REPLACE, Edit
from agreements.negotiation.word_in import LONGEST_CLAUSE, LONGEST_COMMENT, read_word
from comanage.documents.word_parts import LARGEST_BYTES, MEGABYTE, WordError
from comanage.web.choices import offer
from comanage.web.names import NameField


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


class ProposalForm(forms.Form):
    """A clause as one side would have it."""

    heading = NameField(max_length=120)
    text = forms.CharField(
        max_length=LONGEST_CLAUSE,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Paragraphs apart by an empty line. Figures, names and numbers of sections are "
        "printed from the terms: they change there.",
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON, label="Why", help_text="The other side reads it beside it."
    )

    def __init__(self, *args: Any, clause: Clause | None = None, **kwargs: Any) -> None:
        if clause is not None:
            text = "\n\n".join(clause.paragraphs)
            kwargs["initial"] = {"heading": clause.heading, "text": text}
        super().__init__(*args, **kwargs)

    def clean_text(self) -> tuple[str, ...]:
        """Part the text at its empty lines."""
        return paragraphs_of(self.cleaned_data["text"])

    def edit(self, key: str) -> Edit:
        """Return the edit of a clause."""
        given = self.cleaned_data
        return Edit(REPLACE, key, given["heading"], given["text"])


class AdditionForm(ProposalForm):
    """A clause that the version does not have."""

    after = forms.ChoiceField(label="Follows")
    field_order = ["heading", "after", "text", "reason"]

    def __init__(self, *args: Any, clauses: Iterable[Clause], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "after", [(each.key, f"{each.number}. {each.heading}") for each in clauses])

    def addition(self) -> Edit:
        """Return the new clause with its place."""
        given = self.cleaned_data
        return Edit(ADD, "", given["heading"], given["text"], given["after"])


class OmissionForm(forms.Form):
    """Why a clause should go."""

    reason = forms.CharField(max_length=LONGEST_REASON, label="Why it should go")


class DeclineForm(forms.Form):
    """Why a proposal is declined."""

    note = forms.CharField(max_length=500, label="Why not")


class WordForm(forms.Form):
    """A Word file that comes back."""

    file = forms.FileField(
        label="The edited Word file",
        help_text="The .docx of a version from here, at most 5 MB. It counts as it stands with "
        "every tracked change accepted. The file itself is not kept.",
        widget=forms.ClearableFileInput(attrs={"accept": ".docx"}),
    )
    reason = forms.CharField(
        max_length=LONGEST_REASON,
        label="What the changes are for",
        help_text="The other side reads it beside each of them.",
    )

    def clean_file(self) -> tuple[Any, str]:
        """Read the file, or say why it is not taken."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST_BYTES:
            raise forms.ValidationError(
                f"The file is larger than {LARGEST_BYTES // MEGABYTE} MB. Take pictures out."
            )
        content = file.read()
        try:
            return read_word(content), sha256(content).hexdigest()
        except WordError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong

    def came(self) -> CameBack:
        """Return what came back."""
        reading, digest = self.cleaned_data["file"]
        return CameBack(reading, digest, self.cleaned_data["reason"])
