"""The shapes of a comment, and of the days for comments."""

from django import forms

from agreements.programs.models import MOST_COMMENT_DAYS


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


class DaysForm(forms.Form):
    """How long the committee may comment."""

    days = forms.IntegerField(
        min_value=1,
        max_value=MOST_COMMENT_DAYS,
        label="Days for the committee's comments",
        help_text="After the independent review of a year, before compliance signs. As the "
        "committee's charter says; 1 to 60.",
    )
