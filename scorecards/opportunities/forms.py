"""What is asked of an assessment, and what becomes of a proposal."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms

from agreements.terms.models import MeasurementYear
from comanage.web.amounts import DollarsField, ExactField
from comanage.web.choices import offer
from comanage.web.dates import DaysForm
from comanage.web.groups import FieldGroup, group
from indicators.library.models import IndicatorVersion
from indicators.measure.definition import Definition
from indicators.measure.figures import benchmark_in_words, typed_result
from scorecards.opportunities.asking import Asked, AskedIndicator
from scorecards.opportunities.engine import benchmark_of
from scorecards.opportunities.queries import Ground
from scorecards.opportunities.sizing import ReferenceKind, is_in_dollars

DEFAULT_MINIMUM = 20
_OF_ONE = ("reference", "peer", "peer_source", "cost", "cost_source", "days", "days_source")


class AssessmentForm(DaysForm):
    """Days, column and minimum; then each indicator that the feed carries."""

    column = forms.ChoiceField(
        label="Compare", help_text="What is told apart: physicians, wards, sites."
    )
    minimum_cases = forms.IntegerField(
        min_value=1,
        max_value=10_000,
        initial=DEFAULT_MINIMUM,
        label="Fewest cases to judge one by",
        help_text="Under it a unit is listed with its counts and not judged.",
    )
    scope = forms.CharField(
        required=False,
        max_length=500,
        label="Which cases",
        help_text="A condition as in the terms of a year; empty for every case.",
    )

    def __init__(self, *args: Any, ground: Ground, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ground = ground
        self._columns = {each.name: each.label or each.name for each in ground.columns}
        offer(self, "column", list(self._columns.items()))
        for version in ground.versions:
            self._add(version)

    def _add(self, version: IndicatorVersion) -> None:
        definition, key = version.definition, version.indicator.slug
        self.fields[f"{key}:take"] = forms.BooleanField(required=False, label="Assess it")
        self.fields[f"{key}:reference"] = forms.ChoiceField(
            label="Held against", choices=_references(definition), initial=ReferenceKind.BEST
        )
        self.fields[f"{key}:peer"] = ExactField(required=False, label="Value of peers")
        self.fields[f"{key}:peer_source"] = forms.CharField(
            required=False, max_length=200, label="Where it is published"
        )
        self.fields[f"{key}:cost"] = DollarsField(
            required=False,
            label="Dollars of one event or day",
            disabled=is_in_dollars(definition),
        )
        self.fields[f"{key}:cost_source"] = forms.CharField(
            required=False, max_length=200, label="Who says so"
        )
        self.fields[f"{key}:days"] = ExactField(
            required=False, label="Days of stay that one event adds"
        )
        self.fields[f"{key}:days_source"] = forms.CharField(
            required=False, max_length=200, label="Who counted the days"
        )

    def groups(self) -> Iterator[FieldGroup]:
        """Go through the fields: first the days, then one group for each indicator."""
        yield group(self, "Which days", ("first_day", "last_day"), columns=2)
        yield group(self, "How they are compared", ("column", "minimum_cases", "scope"))
        for version in self.ground.versions:
            key = version.indicator.slug
            hint = benchmark_in_words(version.definition)
            yield group(
                self,
                str(version),
                (f"{key}:take", f"{key}:reference"),
                hint=f"Published: {hint}." if hint else "",
            )
            yield group(
                self,
                f"Costs, days and peers of {version.indicator.title}",
                [f"{key}:{name}" for name in _OF_ONE[1:]],
                columns=2,
                is_folded=True,
            )

    def asked(self) -> Asked:
        """Return the question."""
        given = self.cleaned_data
        return Asked(
            scope=given["scope"],
            column=given["column"],
            label=self._columns[given["column"]],
            minimum_cases=given["minimum_cases"],
            indicators=tuple(
                self._one(version)
                for version in self.ground.versions
                if given[f"{version.indicator.slug}:take"]
            ),
        )

    def _one(self, version: IndicatorVersion) -> AskedIndicator:
        given = {name: self.cleaned_data[f"{version.indicator.slug}:{name}"] for name in _OF_ONE}
        peer = given["peer"]
        return AskedIndicator(
            version_id=version.pk,
            slug=version.indicator.slug,
            title=version.indicator.title,
            reference=ReferenceKind(given["reference"]),
            peer=None if peer is None else typed_result(version.definition, peer),
            peer_source=given["peer_source"],
            cost=given["cost"],
            cost_source=given["cost_source"],
            days=given["days"],
            days_source=given["days_source"],
        )


class TakeForm(forms.Form):
    """Into which draft a proposal goes."""

    slug = forms.SlugField(widget=forms.HiddenInput)
    year = forms.ChoiceField(label="Draft")
    weight = forms.IntegerField(
        min_value=1, max_value=100, initial=10, label="Points of 100 to begin with"
    )

    def __init__(self, *args: Any, years: Sequence[MeasurementYear], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._years = {str(year.pk): year for year in years}
        offer(self, "year", [(key, str(year.period)) for key, year in self._years.items()])

    @property
    def chosen(self) -> MeasurementYear:
        """The draft that was chosen."""
        return self._years[self.cleaned_data["year"]]


def _references(definition: Definition) -> list[tuple[str, str]]:
    choices = [
        (ReferenceKind.BEST.value, "The best units, with a tenth of the cases"),
        (ReferenceKind.AVERAGE.value, "All units together"),
        (ReferenceKind.PEER.value, "A value of peers, given below"),
    ]
    if benchmark_of(definition) is not None:
        choices.insert(2, (ReferenceKind.BENCHMARK.value, "The published benchmark"))
    return choices
