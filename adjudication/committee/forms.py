"""The shape of a comment."""

from django import forms


class CommentForm(forms.Form):
    """What a member of the committee says of the snapshot that was looked at."""

    sha256 = forms.CharField(min_length=64, max_length=64, widget=forms.HiddenInput)
    text = forms.CharField(
        required=False,
        max_length=2000,
        label="Comment",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Of the result, not of a patient: it is printed in the report as you write it.",
    )
    is_last = forms.BooleanField(
        required=False,
        label="I have no further comment",
        help_text="Once every member says so, compliance need not wait for the last day.",
    )
