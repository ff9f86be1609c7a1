"""Where results stand in a file of another shape: one row an organisation, or other headers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scorecards.offline.errors import OfflineError
from scorecards.scoresheets.json_files import read_json
from scorecards.scoresheets.numbers_in import is_withheld
from scorecards.scoring.plans.node import Node, PlanProblem
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.results import FIGURES, NOT_SCORED, NUMBERS
from scorecards.scoring.plans.rules_names import inputs_used

LARGEST_MAP = 1_000_000
# Which of the results in a row is meant, in a sentence about it.
WHERE = "(where)"
Headers = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ColumnsMap:
    """Headers of a file by what they hold.

    Attributes:
        organization: names the organisation.
        inputs: of the organisation, by name.
        by_indicator: of a wide file, by slug: headers by figure or input.
        indicator: of a long file, names the indicator; empty in a wide one.
        figures: of a long file, headers by figure or input.
        names: of a long file, slug by what the file calls the indicator; rows of others are
            left aside.
    """

    organization: str
    inputs: Headers
    by_indicator: Mapping[str, Headers]
    indicator: str
    figures: Headers
    names: Mapping[str, str]

    @property
    def headers(self) -> list[str]:
        """Every header that is read, once."""
        named = [self.organization, *self.inputs.values(), *self.figures.values()]
        named += [self.indicator] if self.indicator else []
        named += [header for each in self.by_indicator.values() for header in each.values()]
        return list(dict.fromkeys(named))

    def results_in(self, row: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Give the results in one row; an indicator without any figure is absent."""
        own = {"organization": row[self.organization]}
        own |= {name: row[header] for name, header in self.inputs.items()}
        if self.indicator:
            slug = self.names.get(row[self.indicator])
            if slug:
                yield own | {"indicator": slug} | _taken(row, self.figures)
            return
        yield own  # also of an organisation without any result
        for slug, headers in self.by_indicator.items():
            found = _taken(row, headers)
            if _has_result(found):
                own = {"organization": row[self.organization], WHERE: f" for “{slug}”"}
                yield own | {"indicator": slug} | found


def _taken(row: Mapping[str, str], headers: Headers) -> dict[str, str]:
    return {name: row[header] for name, header in headers.items()}


def _has_result(found: Mapping[str, str]) -> bool:
    now = [found.get(name, "") for name in (*FIGURES["now"][:3], NOT_SCORED)]
    return any(text and not is_withheld(text) for text in now)


def read_columns_map(path: Path, plan: ScoringPlan) -> ColumnsMap:
    """Read a map of columns.

    Raises:
        OfflineError: everything that is wrong with it.
    """
    problems: list[PlanProblem] = []
    node = Node(read_json(path, LARGEST_MAP), "", problems)
    slugs = [each.slug for each in plan.indicators]
    own = [each.name for each in plan.inputs if each.of == "organization"]
    of_row = [each.name for each in plan.inputs if each.of == "indicator"]
    parts = (*NUMBERS, NOT_SCORED, *of_row)
    organization = node.text("organization")
    inputs = _headers(node.child("inputs", None), own)
    is_long = node.has("indicator")
    indicator = node.text("indicator", "")
    figures = _headers(node.child("figures"), parts) if is_long else {}
    names = _headers(node.child("names"), slugs) if is_long else {}
    used = set(inputs_used(plan))
    for each in plan.inputs:
        is_there = each.name in inputs or each.default is not None or each.of == "indicator"
        if each.name in used and not is_there:
            node.wrong("inputs", f"Say which header has “{each.name}”, which the plan asks for.")
    by_indicator = {} if is_long else _by_indicator(node.child("indicators", None), slugs, parts)
    node.close()
    if problems:
        raise OfflineError(*(f"{path.name}: {problem}" for problem in problems))
    slug_of = {text: slug for slug, text in names.items()}
    return ColumnsMap(organization, inputs, by_indicator, indicator, figures, slug_of)


def _headers(node: Node | None, known: tuple[str, ...] | list[str]) -> dict[str, str]:
    if node is None:
        return {}
    found = {name: node.text(name) for name in known if node.has(name)}
    node.close()
    return found


def _by_indicator(
    node: Node | None, slugs: list[str], parts: tuple[str, ...]
) -> dict[str, Headers]:
    if node is None:
        return {}
    found: dict[str, Headers] = {
        slug: _headers(node.child(slug), parts) for slug in slugs if node.has(slug)
    }
    node.close()
    return found
