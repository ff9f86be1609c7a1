"""The shape of a feed: what is known of it, and what its columns are."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet

from agreements.programs.models import Program
from comanage.identity.models import Membership
from comanage.web.choices import RowChoiceField, RowsChoiceField
from comanage.web.dates import DayField, DaysForm
from comanage.web.groups import FieldGroup, group
from comanage.web.names import NameField
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.actions import FeedFacts
from scorecards.feeds.models import Cadence, Feed


def _members() -> QuerySet[Membership]:
    return Membership.objects.select_related("user").filter(revoked_at=None)


class FactsForm(forms.Form):
    """Where the data comes from, when it is due, and how it is kept."""

    name = NameField(max_length=120)
    source_system = NameField(
        max_length=120, help_text="The system that makes the extract, such as the EHR's name."
    )
    owner = RowChoiceField(
        _members, required=False, help_text="Who is told first when a file is late or waits."
    )
    agreement = RowChoiceField(
        DataAgreement.objects.all,
        required=False,
        help_text="Under which case rows come in; its renewals follow by themselves.",
    )
    cadence = forms.ChoiceField(label="A file comes", choices=Cadence.choices)
    first_period_on = DayField(
        label="First day of the first period",
        required=False,
        help_text="Later periods are counted from this day.",
    )
    due_days = forms.IntegerField(
        label="Due after",
        min_value=0,
        max_value=365,
        help_text="Days after the end of a period.",
    )
    expected_rows = forms.IntegerField(
        required=False, min_value=1, max_value=10**9, help_text="Of an ordinary period."
    )
    tolerance_percent = forms.IntegerField(
        label="Tolerance",
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="Percent that counts may move from history before a person must look.",
    )
    takes_additions = forms.BooleanField(
        label="Accept additions by themselves",
        required=False,
        help_text="A new file for an open period that only adds cases is accepted without asking.",
    )
    allows_skipping = forms.BooleanField(
        label="A job may ask that faulty rows be left out",
        required=False,
        help_text="They are counted and named; without this one faulty row refuses the file.",
    )
    raw_days = forms.IntegerField(
        label="Keep files as sent for",
        min_value=1,
        max_value=90,
        help_text="Days, 1 to 90; then they are destroyed. The checked cases stay.",
    )
    on_legal_hold = forms.BooleanField(
        label="Legal hold", required=False, help_text="Nothing of this feed is destroyed."
    )

    def __init__(self, *args: Any, feed: Feed | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = _facts_of(feed) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self._is_sandbox = feed is not None and feed.is_sandbox

    @property
    def fact_groups(self) -> tuple[FieldGroup, ...]:
        """The facts, those that belong together under one legend."""
        return (
            group(self, "What it is", ["name", "source_system", "owner", "agreement"]),
            group(
                self,
                "When it comes",
                ["cadence", "first_period_on", "due_days"],
                hint="A late file is told to the owner the next morning, three days later to the "
                "service-line administrators.",
            ),
            group(
                self,
                "What is expected, and what a person must look at",
                ["expected_rows", "tolerance_percent", "takes_additions", "allows_skipping"],
            ),
            group(self, "How long files are kept", ["raw_days", "on_legal_hold"]),
        )

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """All that is asked for."""
        return self.fact_groups

    def facts(self) -> FeedFacts:
        """Return what is known of the feed; for a field that is wrong, what stands there first."""
        fields = FactsForm.base_fields
        given = _facts_of(None) | {n: v for n, v in self.cleaned_data.items() if n in fields}
        owner = given["owner"]
        changes = {"owner": owner and owner.user, "cadence": Cadence(given["cadence"])}
        return FeedFacts(**given | changes, is_sandbox=self._is_sandbox)


def _facts_of(feed: Feed | None) -> dict[str, Any]:
    """Return what stands in the form before anybody types."""
    if feed is None:
        defaults = FeedFacts(name="", source_system="")
        return {name: getattr(defaults, name) for name in FactsForm.base_fields}
    shown = {name: getattr(feed, name) for name in FactsForm.base_fields}
    owner = _members().filter(user=feed.owner_id).first() if feed.owner_id else None
    return shown | {"owner": owner, "agreement": feed.agreement_id}


class ExpectationForm(DaysForm):
    """How many rows an independent source counts for a period."""

    first_day = DayField(label="First day of the period")
    last_day = DayField(label="Last day of the period")
    rows = forms.IntegerField(label="Rows expected", min_value=0, max_value=10**9)
    source = forms.CharField(
        max_length=160,
        help_text="Who counted, apart from the extract: the operating-room log, billing, a "
        "registry.",
    )


def _programs() -> QuerySet[Program]:
    return Program.objects.prefetch_related("feed_uses__feed")


class _FreePrograms(forms.CheckboxSelectMultiple):
    """Boxes of programs; one that reads a feed already cannot be ticked."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Shut the box of a program that reads a feed."""
        option = super().create_option(name, value, *args, **kwargs)
        if value.instance.feed_uses.all():
            option["attrs"]["disabled"] = True
        return option


class ProgramsField(RowsChoiceField):
    """The programs that shall read a feed; beside one that reads another stands which."""

    widget = _FreePrograms

    def label_from_instance(self, program: Program) -> str:
        """Name the program, and the feed that it reads."""
        feeds = [use.feed.name for use in program.feed_uses.all()]
        return f"{program.name} (reads “{feeds[0]}” already)" if feeds else program.name


class FeedForm(FactsForm):
    """A feed that is being declared, but for its map: its facts, and who reads it."""

    programs = ProgramsField(
        _programs,
        label="Programs that read it",
        help_text="A program reads one feed. To send more columns for it, change the map of that "
        "feed.",
    )

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """All that is asked for."""
        return (*self.fact_groups, group(self, "Who reads it", ["programs"]))
