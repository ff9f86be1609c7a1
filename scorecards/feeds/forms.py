"""The shape of a feed: what is known of it, and what its columns are."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import QuerySet

from agreements.programs.models import Program
from comanage.identity.models import Membership
from comanage.values.canonical import sha256_of
from comanage.values.period import Period, PeriodError
from comanage.web.choices import RowChoiceField, RowsChoiceField
from comanage.web.dates import DayField
from comanage.web.groups import FieldGroup, group
from scorecards.dataagreements.models import DataAgreement
from scorecards.feeds.actions import FeedFacts
from scorecards.feeds.lines import read_lines, write_lines
from scorecards.feeds.models import Cadence, Feed
from scorecards.intake.spec import DataLevel, FeedSpec, SpecError, to_document

LEVELS = {
    DataLevel.AGGREGATES: "Aggregates: numerators and denominators. No agreement is needed; "
    "no case can be looked at",
    DataLevel.CODED_CASES: "Coded case rows: one row a case under a key of the feed. A business "
    "associate or data use agreement is needed",
    DataLevel.KEYED_CASES: "Case rows with a hospital-keyed case key: the hospital can find the "
    "case again. A business associate agreement is needed",
}


def _members() -> QuerySet[Membership]:
    return Membership.objects.select_related("user").filter(revoked_at=None)


class FactsForm(forms.Form):
    """Where the data comes from, when it is due, and how it is kept."""

    name = forms.CharField(max_length=120)
    source_system = forms.CharField(
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
        """Return what is known of the feed."""
        given = {name: self.cleaned_data[name] for name in FactsForm.base_fields}
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


def _organization_field() -> forms.CharField:
    return forms.CharField(
        label="Columns about the hospital",
        max_length=3_500,
        required=False,
        help_text="Only of aggregates: columns of the file such as the hospital's address or "
        "telephone, with a bar between their names. They are dropped and not taken for a "
        "person's identifiers.",
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|") if name.strip())


class MapForm(forms.Form):
    """The next version of a map, its columns as text; what else the map says stays."""

    level = forms.ChoiceField(
        label="How much of a case is sent",
        choices=[(level.value, words) for level, words in LEVELS.items()],
        widget=forms.RadioSelect,
    )
    columns = forms.CharField(
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 16, "spellcheck": "false", "class": "code"}),
        help_text="One a line, as on the page of a new feed.",
    )
    row_key = forms.CharField(
        label="Key",
        max_length=600,
        help_text="The column that names a case; of aggregates the columns that are unique "
        "together, with spaces between.",
    )
    date_column = forms.CharField(max_length=60, required=False)
    organization_columns = _organization_field()
    note = forms.CharField(max_length=300, help_text="What is changed, and why.")

    def __init__(self, *args: Any, current: FeedSpec, **kwargs: Any) -> None:
        self.spec: FeedSpec | None = None
        self._current = current
        kwargs["initial"] = {
            "level": current.level.value,
            "columns": write_lines(current),
            "row_key": " ".join(current.row_key),
            "date_column": current.date_column or "",
            "organization_columns": "|".join(current.organization_columns),
        }
        super().__init__(*args, **kwargs)

    @property
    def mark(self) -> str:
        """What stands for this change of this map, so that another one is shown anew."""
        if self.spec is None:
            return ""
        return sha256_of([to_document(self._current), to_document(self.spec)])

    @property
    def is_seen(self) -> bool:
        """Whether this very change was shown before."""
        return bool(self.mark) and self.data.get("seen") == self.mark

    def clean(self) -> dict[str, Any]:
        """Put the map together; what is wrong stands beside the columns."""
        given = super().clean() or {}
        if {"columns", "row_key", "level"} <= given.keys():
            level, key = DataLevel(given["level"]), tuple(given["row_key"].split())
            try:
                self.spec = replace(
                    self._current,
                    level=level,
                    columns=read_lines(given["columns"]),
                    row_key=key,
                    case_key="" if level is DataLevel.AGGREGATES else " ".join(key),
                    date_column=given.get("date_column") or None,
                    organization_columns=_names(given.get("organization_columns", "")),
                )
            except SpecError as wrong:
                self.add_error("columns", str(wrong))
        return given


class ChangesForm(forms.Form):
    """Two versions of one map."""

    def __init__(self, *args: Any, versions: Sequence[int], **kwargs: Any) -> None:
        """Offer the versions in the order given."""
        super().__init__(*args, **kwargs)
        offered = [(version, f"Version {version}") for version in versions]
        for name, label in (("earlier", "From version"), ("later", "To version")):
            self.fields[name] = forms.TypedChoiceField(label=label, coerce=int, choices=offered)


class ExpectationForm(forms.Form):
    """How many rows an independent source counts for a period."""

    starts_on = DayField(label="First day of the period")
    last_day = DayField(label="Last day of the period")
    rows = forms.IntegerField(label="Rows expected", min_value=0, max_value=10**9)
    source = forms.CharField(
        max_length=160,
        help_text="Who counted, apart from the extract: the operating-room log, billing, a "
        "registry.",
    )

    def clean(self) -> dict[str, Any]:
        """Make the half-open period of the two days."""
        given = super().clean() or {}
        if "starts_on" in given and "last_day" in given:
            try:
                given["period"] = Period.inclusive(given["starts_on"], given["last_day"])
            except PeriodError:
                self.add_error("last_day", "The last day is before the first.")
        return given


class FeedForm(FactsForm):
    """A feed that is being declared: its facts, its level and its columns."""

    level = forms.ChoiceField(
        label="How much of a case is sent",
        choices=[(level.value, words) for level, words in LEVELS.items()],
        widget=forms.RadioSelect,
    )
    programs = RowsChoiceField(Program.objects.all, label="Programs that read it")
    columns = forms.CharField(
        max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false", "class": "code"}),
        help_text="One a line: a name and a type (code, whole, decimal, date or flag), then as "
        "needed required, 1..14, codes=A|B, missing=18|25, file=name_in_file. Columns of the "
        "file that are not declared here are dropped before anything is stored.",
    )
    case_key = forms.CharField(
        label="Key",
        max_length=600,
        help_text="The column that names a case; present and different in each row. Of aggregates "
        "the columns that are unique together, with spaces between.",
    )
    organization_columns = _organization_field()

    date_column = forms.CharField(
        max_length=60,
        required=False,
        help_text="The date column that says when a case counts, such as the day of discharge. It "
        "lies in the period of its file, and results can be shown month by month.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].initial = DataLevel.CODED_CASES.value
        self.spec: FeedSpec | None = None

    @property
    def groups(self) -> tuple[FieldGroup, ...]:
        """All that is asked for."""
        return (
            *self.fact_groups,
            group(self, "Level", ["level", "programs"]),
            group(self, "Columns", ["columns", "case_key", "date_column", "organization_columns"]),
        )

    def clean_columns(self) -> str:
        """Read the columns; the line that is wrong is named."""
        text: str = self.cleaned_data["columns"]
        try:
            self._columns = read_lines(text)
        except SpecError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return text

    def clean(self) -> dict[str, Any]:
        """Put columns and case key together."""
        given = super().clean() or {}
        if {"columns", "case_key", "level"} <= given.keys():
            level = DataLevel(given["level"])
            is_aggregates = level is DataLevel.AGGREGATES
            try:
                self.spec = FeedSpec(
                    columns=self._columns,
                    case_key="" if is_aggregates else given["case_key"],
                    row_key=tuple(given["case_key"].split()) if is_aggregates else (),
                    date_column=given.get("date_column") or None,
                    level=level,
                    organization_columns=_names(given.get("organization_columns", "")),
                )
            except SpecError as wrong:
                named = "date_column" if "date column" in str(wrong) else "case_key"
                self.add_error(named, str(wrong))
        return given
