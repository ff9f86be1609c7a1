"""How a name that people will read again and again is asked for."""

import unicodedata
from typing import Any

from django import forms

# Control and format characters: line ends, marks that turn the text around them, nothing at all.
_UNSEEN = frozenset({"Cc", "Cf"})
UNSEEN = (
    "There is a character in it that nobody can see, such as a mark that turns text around. Type "
    "the name anew."
)


def check_is_seen(text: str) -> None:
    """Refuse a text in which a character shows nothing, or turns what stands around it."""
    if any(unicodedata.category(character) in _UNSEEN for character in text):
        raise forms.ValidationError(UNSEEN)


class NameField(forms.CharField):
    """A name on one line, of which every character is seen."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators.append(check_is_seen)
