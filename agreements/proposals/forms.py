"""The shapes of proposals, and of a no to one."""

from collections.abc import Iterable
from typing import Any

from django import forms

from agreements.drafting.compose import paragraphs_of
from agreements.drafting.document import Clause
from agreements.negotiation.models import LONGEST_REASON
from agreements.negotiation.word_changes import ADD, REPLACE, Edit
from agreements.negotiation.word_in import LONGEST_CLAUSE
from comanage.web.choices import offer
from comanage.web.names import NameField


class ProposalForm(forms.Form):
    """A clause as one side would have it."""

    heading = NameField(max_length=120)
    text = forms.CharField(
        max_length=LONGEST_CLAUSE,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Paragraphs apart by an empty line. Figures, names and numbers of sections are "
        "filled in: they change with the year's terms and the facts of the agreement.",
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
        places = ((each.key, f"{each.number}. {each.heading}") for each in clauses)
        offer(self, "after", [("", "Choose"), *places])

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
