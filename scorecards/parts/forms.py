"""The shape of a large file in the browser: announced, sent part by part, completed."""

import hashlib
from typing import Any

from django import forms

from scorecards.intake.actions import Wishes
from scorecards.intake.forms import LayoutForm, UploadForm
from scorecards.parts.actions import Announced, Part
from scorecards.parts.policies import most_parts


class BeginForm(UploadForm):
    """What the form of a file says, with the file's name and size in place of the file."""

    file = None  # type: ignore[assignment]  # Django's own way to leave a field out
    filename = forms.CharField(max_length=200)
    size = forms.IntegerField(label="File", min_value=1)

    def announced(self, layout: LayoutForm) -> Announced:
        """Return the file before it comes."""
        given = self.cleaned_data
        restates = bool(given.get("restatement_reason"))
        wishes = Wishes(form=layout.layout, restates=restates)
        return Announced(given["filename"], given["period"], wishes, given["size"])


class PartialForm(forms.Form):
    """Which large file is meant."""

    partial = forms.UUIDField()


class PartForm(PartialForm):
    """One part and its number."""

    number = forms.IntegerField(min_value=1)
    part = forms.FileField()

    def clean_number(self) -> int:
        """Refuse a number past the last that a file may have."""
        number: int = self.cleaned_data["number"]
        if number > most_parts():
            raise forms.ValidationError(f"Parts are numbered from 1 to {most_parts()}.")
        return number

    @property
    def received(self) -> Part:
        """The part with what its bytes are."""
        part: Any = self.cleaned_data["part"]
        sha256 = hashlib.file_digest(part.file, "sha256").hexdigest()
        part.file.seek(0)
        return Part(self.cleaned_data["number"], part.file, part.size, sha256)


class CompleteForm(PartialForm):
    """What the parts are together."""

    sha256 = forms.RegexField(r"^[0-9a-f]{64}\Z")
    idempotency_key = forms.CharField(max_length=80)
    restatement_reason = forms.CharField(required=False, max_length=1000)
