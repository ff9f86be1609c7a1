"""What a form says of a field that is wrong, in the house's words and in one place.

Django keeps these sentences on its classes. They are set here once, before any form is made; a
field that knows better says so itself.
"""

from django import forms
from django.core import validators
from django.forms.formsets import BaseFormSet

NEEDED = "This is needed."
CHOOSE = "Choose one of the list."
CHOOSE_OF_THESE = "Choose among those of the list."

_OF_FIELDS: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": NEEDED},
    forms.IntegerField: {"invalid": "Give a whole number."},
    forms.FloatField: {"invalid": "Give a number."},
    forms.DecimalField: {"invalid": "Give a number."},
    forms.DateField: {"invalid": "Give a day as year-month-day, such as 2026-01-31."},
    forms.URLField: {"invalid": "Give a whole address, such as https://hospital.example/."},
    forms.UUIDField: {"invalid": CHOOSE},
    forms.FileField: {
        "invalid": "No file came with it. Choose it again.",
        "missing": "No file came with it. Choose it again.",
        "empty": "The file is empty. Choose another.",
        "max_length": "The name of the file has %(length)d characters; give it at most %(max)d.",
        "contradiction": "Choose a file or tick the box that takes it away, not both.",
    },
    forms.ChoiceField: {"invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {"invalid_choice": CHOOSE_OF_THESE, "invalid_list": CHOOSE_OF_THESE},
    forms.ModelChoiceField: {"invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {
        "invalid_choice": CHOOSE_OF_THESE,
        "invalid_pk_value": CHOOSE_OF_THESE,
        "invalid_list": CHOOSE_OF_THESE,
    },
}
_OF_VALIDATORS: dict[type, str] = {
    validators.MinValueValidator: "Give at least %(limit_value)s.",
    validators.MaxValueValidator: "Give at most %(limit_value)s.",
    validators.MinLengthValidator: "Write at least %(limit_value)d characters; here are "
    "%(show_value)d.",
    validators.MaxLengthValidator: "Write at most %(limit_value)d characters; here are "
    "%(show_value)d.",
    validators.EmailValidator: "Give a whole e-mail address, such as name@hospital.example.",
    validators.URLValidator: "Give a whole address, such as https://hospital.example/.",
    validators.ProhibitNullCharactersValidator: "There is a character in it that nobody can see. "
    "Type it anew.",
}
_OF_DECIMALS = {
    "invalid": "Give a number.",
    "max_digits": "Give at most %(max)s digits in all.",
    "max_decimal_places": "Give at most %(max)s decimals.",
    "max_whole_digits": "Give at most %(max)s digits before the point.",
}
_OF_ROWS = {
    "missing_management_form": "Something of this page did not come with the form. Load the page "
    "anew and send it again.",
    "too_many_forms": "Give at most %(num)d rows.",
    "too_few_forms": "Give at least %(num)d rows.",
}


def speak_plainly() -> None:
    """Set the sentences. Once is enough, and twice changes nothing."""
    for field, words in _OF_FIELDS.items():
        field.default_error_messages = getattr(field, "default_error_messages", {}) | words
    for validator, sentence in _OF_VALIDATORS.items():
        validator.message = sentence  # type: ignore[attr-defined]  # of every validator here
    validators.DecimalValidator.messages |= _OF_DECIMALS
    BaseFormSet.default_error_messages |= _OF_ROWS
