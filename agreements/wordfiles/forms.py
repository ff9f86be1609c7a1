"""The shape of a Word file that comes back."""

from hashlib import sha256
from typing import Any

from django import forms

from agreements.negotiation.models import LONGEST_REASON
from agreements.negotiation.word_in import read_word
from agreements.wordfiles.actions import CameBack
from comanage.documents.word_parts import LARGEST_BYTES, MEGABYTE, WordError


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
