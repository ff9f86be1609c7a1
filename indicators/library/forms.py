"""The fields of a definition, in the order in which it is read; rows are in `row_forms`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from comanage.web.dates import DayField
from indicators.library import vocabulary
from indicators.library.carets import Caret, caret_at
from indicators.library.queries import Wanted
from indicators.measure.definition_document import (
    BENCHMARK,
    GOVERNANCE,
    LARGEST_MULTIPLIER,
    Problem,
)
from indicators.measure.populations import CRITERIA, NUMBERS, POPULATIONS
from indicators.measure.scoring import FIELDS, OF_AGGREGATES, SPECIAL

_QUESTIONS = {
    "initial_population": "Which cases it is about. Empty: all cases.",
    "denominator": "Of those, which are judged. Empty: all of them.",
    "denominator_exclusion": "Taken out before judging.",
    "numerator": "Judged and met.",
    "numerator_exclusion": "Met on paper, not to be counted.",
    "denominator_exception": "Not met, for an accepted reason.",
    "observation": "The number observed in each case.",
    "numerator_observation": "The number that each case adds above the line.",
    "denominator_observation": "The number that each case adds below the line.",
    "expected": "The number of events expected for each case.",
}
_TEXTS = {
    "rationale": ("Why it matters", ""),
    "evidence": ("Evidence", "A citation that the committee can look up."),
    "source": ("Source of the definition", ""),
    "limitations": ("Known limitations", ""),
    "safeguard": ("Safeguard", "What to watch beside it, or why it is for monitoring only."),
}
_CARD = {
    "service_line": "Service line",
    "domain": "Domain",
    "author": "Author",
    "checker": "Checker",
    "checked_on": "Checked on",
    "next_review": "Next review",
    "standard": "Standard",
    "standard_version": "Version of the standard",
    "standard_status": "Verification",
    "data_grain": "Data it comes from",
    "catalogue_id": "Number in the catalogue",
}
_CARD_CHOICES = {
    "service_line": vocabulary.SERVICE_LINES,
    "domain": vocabulary.DOMAINS,
    "standard_status": vocabulary.STANDARD_STATUSES,
    "data_grain": vocabulary.DATA_GRAINS,
}
_BENCHMARK = {
    "value": "Benchmark",
    "unit": "Unit of the benchmark",
    "statistic": "Statistic",
    "period": "Period of the benchmark",
    "source": "Source of the benchmark",
    "status": "How it is known",
}
_DAYS = ("checked_on", "next_review")
_SETTINGS = (
    *("expected_rate", "numerator_from", "percentile", "percentile_method", "evidence_column"),
)
LONGEST_TEXT = 4_000


class LibraryFilterForm(forms.Form):
    """What a reader looks for. Anything else in the address asks for nothing."""

    words = forms.CharField(label="Search", required=False, max_length=100)
    service_line = forms.ChoiceField(required=False)
    domain = forms.ChoiceField(required=False)
    scoring = forms.ChoiceField(required=False)
    status = forms.ChoiceField(label="Verification", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (
            ("service_line", vocabulary.SERVICE_LINES),
            ("domain", vocabulary.DOMAINS),
            ("scoring", vocabulary.SCORINGS),
            ("status", vocabulary.STANDARD_STATUSES),
        ):
            cast("forms.ChoiceField", self.fields[name]).choices = [("", "Any"), *words.items()]

    @property
    def wanted(self) -> Wanted:
        """What was asked for; a choice that does not exist asks for nothing."""
        self.full_clean()
        return Wanted(**{name: self.cleaned_data.get(name, "") for name in self.fields})


@dataclass(frozen=True, slots=True)
class Row:
    """A field with what stands beside it.

    Attributes:
        field: bound.
        kind: `criterion`, `number` or nothing: what the editor reads while it is written.
        words: for a population, the field of its agreed words.
        caret: where its criterion is wrong.
        used_by: the ways of scoring that take it; empty for all.
    """

    field: forms.BoundField
    kind: str = ""
    words: forms.BoundField | None = None
    caret: Caret | None = None
    used_by: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Fields under one heading."""

    title: str
    lead: str
    rows: tuple[Row, ...]


def _text(
    label: str, *, rows: int = 0, longest: int = LONGEST_TEXT, **more: Any
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=longest, widget=widget, **more)


def _choice(label: str, words: Mapping[str, str], **more: Any) -> forms.ChoiceField:
    first = next(iter(words))  # what a definition says when it says nothing
    return forms.ChoiceField(label=label, choices=list(words.items()), initial=first, **more)


class DefinitionForm(forms.Form):
    """Everything a definition says apart from its columns and its test deck."""

    slug = forms.SlugField(
        label="Short name",
        max_length=80,
        help_text="Small letters, digits and hyphens, such as readmission-30-day. "
        "It never changes.",
    )
    title = forms.CharField(label="Title", max_length=160)
    description = _text("What it says", rows=3)
    scoring = _choice("Scoring", vocabulary.SCORINGS)
    improvement = _choice("Improvement", vocabulary.IMPROVEMENTS)
    unit = forms.CharField(
        label="Unit", max_length=60, help_text="As it is printed: percent, days, USD."
    )
    multiplier = forms.IntegerField(
        label="Printed times",
        required=False,
        min_value=1,
        max_value=LARGEST_MULTIPLIER,
        help_text="100 for percent, 1000 for so many per 1,000. Empty: 100 for a share, else 1. "
        "The exact rate is never multiplied.",
    )
    expected_rate = _text(
        "Published rate",
        longest=60,
        help_text="In place of an expected number for each case: 0.085, 8.5% or 53/660.",
    )
    numerator_from = _choice("The numerator is drawn from", vocabulary.NUMERATOR_FROM)
    percentile = _text(
        "Percentile", longest=20, help_text="As a share: 0.9 for the 90th percentile."
    )
    percentile_method = _choice(
        "When the percentile falls between two values", vocabulary.PERCENTILE_METHODS
    )
    evidence_column = _text(
        "Column of the evidence",
        longest=63,
        help_text="A milestone counts only where this column is filled in.",
    )
    use = _choice("Permitted use", vocabulary.USES)
    obp_class = _choice("Class for outcomes-based payment", vocabulary.OBP_CLASSES)

    def __init__(
        self, *args: Any, document: Mapping[str, Any], is_new: bool, **kwargs: Any
    ) -> None:
        """Take the document that is changed; only a new indicator chooses its short name."""
        kwargs["initial"] = _initial(document)
        super().__init__(*args, **kwargs)
        self._document = document
        self.carets: dict[str, Caret] = {}
        self.fields["data"] = _choice("A row of the data is", vocabulary.DATA)
        if not is_new:
            del self.fields["slug"]
        for name, question in _QUESTIONS.items():
            label = name.replace("_", " ").capitalize()
            self.fields[name] = _criterion(label, question)
            self.fields[f"plain_{name}"] = _text(f"{label}, in the agreement's words", rows=2)
        for name, (label, question) in _TEXTS.items():
            self.fields[name] = _text(label, rows=3, help_text=question)
        self._add_choices("governance", _CARD, _CARD_CHOICES, document)
        for name in _DAYS:
            self.fields[f"governance_{name}"] = DayField(label=_CARD[name], required=False)
        self._add_choices(
            "benchmark", _BENCHMARK, {"status": vocabulary.BENCHMARK_STATUSES}, document
        )

    def _add_choices(
        self,
        group: str,
        labels: Mapping[str, str],
        choices: Mapping[str, Mapping[str, str]],
        document: Mapping[str, Any],
    ) -> None:
        """Add the fields of a card; a code that is not in our words stays choosable."""
        for name, label in labels.items():
            if name in choices:
                known = {"": "Not said"} | dict(choices[name])
                held = document.get(group, {}).get(name, "")
                field: forms.Field = _choice(label, {held: held} | known, required=False)
            else:
                field = _text(label, longest=500)
            self.fields[f"{group}_{name}"] = field

    @property
    def sections(self) -> Iterator[Section]:
        """The fields under their headings."""
        first = ("slug", "title", "description", "scoring", "improvement", "unit", "data")
        yield self._section("What it is", "", *first, "multiplier")
        yield Section(
            "Populations",
            "Asked in this order. A case that a question cannot be answered for, because a value "
            "is missing, does not count as true.",
            tuple(self._population(name, "criterion") for name in CRITERIA),
        )
        yield Section(
            "Numbers",
            "For everything but a plain share of cases.",
            (
                *(self._population(name, "number") for name in NUMBERS),
                *(Row(self[name], used_by=_used_by(name)) for name in _SETTINGS),
            ),
        )
        yield self._section("Why, and how far to trust it", "", *_TEXTS, "use", "obp_class")
        yield self._section("Governance card", "", *(f"governance_{name}" for name in _CARD))
        yield self._section("Benchmark", "", *(f"benchmark_{name}" for name in _BENCHMARK))

    def _section(self, title: str, lead: str, *names: str) -> Section:
        return Section(title, lead, tuple(Row(self[name]) for name in names if name in self.fields))

    def _population(self, name: str, kind: str) -> Row:
        words = self[f"plain_{name}"]
        return Row(self[name], kind, words, self.carets.get(name), _used_by(name))

    def as_document(self) -> dict[str, Any]:
        """Write what was typed as a document without columns, deck and imported logic."""
        given: dict[str, Any] = {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in self.cleaned_data.items()
        }
        document = {
            name: value
            for name, value in given.items()
            if value not in (None, "")
            and not name.startswith(("plain_", "governance_", "benchmark_"))
        }
        for name in (f"governance_{name}" for name in _DAYS):
            given[name] = given[name].isoformat() if given[name] else ""
        return document | {
            group: {
                name: given[f"{group}_{name}"]
                for name in names
                if given[f"{group}_{name}"] or name in self._document.get(group, {})
            }
            for group, names in (
                ("plain", POPULATIONS),
                ("governance", GOVERNANCE),
                ("benchmark", BENCHMARK),
            )
        }

    def show(self, problem: Problem) -> None:
        """Put a problem beside its field, with a caret where it is inside a criterion."""
        place = problem.place.replace(".", "_")
        self.add_error(place if place in self.fields else None, problem.message)
        if problem.position is not None:
            text = str(self.data.get(self.add_prefix(place), "")).strip().replace("\r\n", "\n")
            self.carets[place] = caret_at(text, problem.position)


def _criterion(label: str, question: str) -> forms.CharField:
    attrs = {"rows": 2, "spellcheck": "false", "autocapitalize": "off", "class": "code"}
    return forms.CharField(
        label=label,
        help_text=question,
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs=attrs),
    )


def _initial(document: Mapping[str, Any]) -> dict[str, Any]:
    initial = {name: value for name, value in document.items() if not isinstance(value, dict)}
    for group in ("plain", "governance", "benchmark"):
        for name, value in document.get(group, {}).items():
            initial[f"{group}_{name}"] = value
    return initial


def _used_by(name: str) -> str:
    """Name the ways of scoring that take a field; nothing where all do."""
    if name not in SPECIAL:
        return ""
    ways = [scoring for scoring, fields in FIELDS.items() if name in fields.known]
    return " ".join([*ways, *(["aggregates"] if name in OF_AGGREGATES.known else [])])
