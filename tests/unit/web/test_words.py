"""Forms say what is wrong in the house's words."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.formsets import formset_factory

ONE, MANY = forms.ChoiceField, forms.MultipleChoiceField
LETTERS = [("a", "A"), ("b", "B")]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        (forms.CharField(), "", "This is needed."),
        (forms.BooleanField(), "", "This is needed."),
        (forms.CharField(max_length=3), "four", "Write at most 3 characters; here are 4."),
        (forms.CharField(min_length=3), "no", "Write at least 3 characters; here are 2."),
        (forms.IntegerField(), "x", "Give a whole number."),
        (forms.IntegerField(min_value=1), "0", "Give at least 1."),
        (forms.IntegerField(max_value=12), "40", "Give at most 12."),
        (forms.DecimalField(), "x", "Give a number."),
        (forms.DecimalField(decimal_places=2), "1.234", "Give at most 2 decimals."),
        (forms.DateField(), "x", "Give a day as year-month-day, such as 2026-01-31."),
        (forms.EmailField(), "x", "Give a whole e-mail address, such as name@hospital.example."),
        (ONE(choices=LETTERS), "Jane", "Choose one of the list."),
        (MANY(choices=LETTERS), ["a", "Jane"], "Choose among those of the list."),
        (forms.FileField(), SimpleUploadedFile("a.csv", b""), "The file is empty. Choose another."),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_house(field, value, said):
    with pytest.raises(forms.ValidationError) as wrong:
        field.clean(value)

    assert wrong.value.messages == [said]


def test_too_many_rows_are_told_with_their_number():
    class Row(forms.Form):
        name = forms.CharField(required=False)

    sent = {"form-TOTAL_FORMS": "4", "form-INITIAL_FORMS": "0"}
    rows = formset_factory(Row, max_num=2, validate_max=True)(sent)

    assert rows.non_form_errors() == ["Give at most 2 rows."]
