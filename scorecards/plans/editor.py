"""A scoring plan while it is edited, as fields or as text: each problem in its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from django import forms
from django.http import QueryDict

from agreements.terms.policies import check_can_be_kept
from comanage.values.canonical import sha256_of
from comanage.web.errors import PolicyError
from comanage.web.rows import Rows
from scorecards.plans.fields import IN_TEXT, TEXT
from scorecards.plans.fitting import fit_problems
from scorecards.plans.forms import PlanForm
from scorecards.plans.part_forms import ROWS, PartForm, part_in, refuse_constant
from scorecards.plans.slots import (
    ADJUSTMENT_SLOTS,
    LISTS,
    PLAN_SLOTS,
    TARGET_SLOTS,
    Part,
    adjustment_path,
    fields_of,
    flat_adjustment,
    is_whole,
    part_of,
    path_of,
    slot_at,
    tidy_bonus,
    tidy_method,
    tidy_pay,
    whole_adjustment,
)
from scorecards.plans.supplies import SUPPLIED
from scorecards.scoring.plans.node import PlanDocumentError, PlanProblem
from scorecards.scoring.plans.plan import ScoringPlan
from scorecards.scoring.plans.reading import read_plan

# Domains first: indicators offer them, and then steps and pay what both are called.
_MAKING = sorted(LISTS, key=lambda name: name != "domains")
WHOLE = "plan_whole"
NEEDED = "This is needed."
NOT_WHOLE = "Something of this page did not come back as it was. Load it anew, and write it again."
_AT_ROW = re.compile(r"(?P<list>indicators|domains|adjustments|pay)\[(?P<at>\d+)\]\.?(?P<rest>.*)")
_OF_NAME = re.compile(r"(?P<list>indicators|domains|adjustments|pay) “(?P<name>.*)”")
_OF_DOMAIN = re.compile(r"indicators of “(?P<name>.*)”")
_ABOUT = (
    *(("Tiers", "tiers"), ("Tiers", "bands"), ("less than", "tiers"), ("less than", "bands")),
    *(("tier.", "tiers"), ("method earns", "tiers"), ("benchmark", "benchmark")),
    *(("P", "cutoffs"), ("band ends", "high"), ("The pool is", "amount"), ("a cap", "caps")),
    *(("paid by", "by"), ("weight", "weight"), ("domain", "domain"), ("The points", "points")),
)
"""By words of a message that names no field, the field that it is about, where the row has it."""


class PlanEditor:
    """The form of a plan with its rows, or its text.

    Attributes:
        document: what was written, once `is_valid` was asked; None where it cannot be read.
        form: what the plan says once; or its text.
        rows: by the name of their list in the document.
        is_text: whether the plan is edited as text.
    """

    document: Part | None = None

    def __init__(
        self,
        terms: Mapping[str, Any],
        given: QueryDict | None = None,
        *,
        document: Part | None = None,
        is_text: bool = False,
        more: str = "",
    ) -> None:
        """Take what was sent, or show what to begin with.

        Args:
            terms: of the year.
            given: as sent; None to begin.
            document: to begin with.
            is_text: whether it begins as text.
            more: the list that gets an empty row.
        """
        self.terms, self._given = terms, given
        begun = document or {}
        self.is_text = is_text if given is None else given.get("editing") == TEXT
        self.form = PlanForm(given, initial=_initial(begun), is_text=self.is_text)
        self.rows: dict[str, Rows] = {}
        self._checked = False
        if not self.is_text:
            for name in _MAKING:
                self.rows[name] = self._rows(name, begun, more)
            self.rows = {name: self.rows[name] for name in LISTS}

    def _rows(self, name: str, begun: Part, more: str) -> Rows:
        shared: dict[str, Any] = {}
        if name == "indicators":
            shared = {"domains": self._domains(begun)}
        elif name != "domains":
            shared = {"figures": self._figures(begun)}
        rows = ROWS[name](
            self._given,
            prefix=name,
            initial=[_row_initial(name, part) for part in begun.get(name, ())],
            form_kwargs=shared,
        )
        rows.extra = 1 if more == name else 0
        return cast("Rows", rows)

    def _domains(self, begun: Part) -> list[tuple[str, str]]:
        """List the domains that the rows declare, by short name and name."""
        if self._given is None:
            return [(each["slug"], each.get("title", "")) for each in begun.get("domains", ())]
        found = [(row["slug"].value(), row["title"].value()) for row in self.rows["domains"]]
        return [(slug, title) for slug, title in found if slug]

    def _figures(self, begun: Part) -> list[tuple[str, str]]:
        """List the figures that something can follow, as the rows before name them."""
        domains = self._domains(begun)
        if self._given is None:
            indicators = [(each["slug"], each["title"]) for each in begun.get("indicators", ())]
        else:
            parts = [part_in(each["base"].value()) for each in self.rows["indicators"]]
            indicators = [(part.get("slug", ""), part.get("title", "")) for part in parts]
        return [
            ("total::share", "The share of a full total"),
            ("total::score", "The total"),
            *((f"domain:{slug}:share", f"{title}: share earned") for slug, title in domains),
            *((f"domain:{slug}:score", f"{title}: score") for slug, title in domains),
            *((f"indicator:{slug}:value", f"{title}: result") for slug, title in indicators),
            *((f"indicator:{slug}:share", f"{title}: share earned") for slug, title in indicators),
        ]

    @property
    def asks_back(self) -> bool:
        """Whether a button asks for the same page in another shape, and not to save."""
        return self._given is not None and bool({"turn", "more", "again"} & self._given.keys())

    @property
    def tries(self) -> bool:
        """Whether a button asks what results would earn, and not to save."""
        return self._given is not None and "try" in self._given

    def again(self) -> PlanEditor:
        """Show what was typed with room for more rows, or turned from fields to text or back.

        What cannot be turned stays as it is, with what is wrong.
        """
        turns = self._given is not None and "turn" in self._given
        document = self._read()
        if document is None:
            return self
        if turns and self.is_text:
            try:
                read_plan(document)
            except PlanDocumentError as wrong:
                self._place(wrong.problems)
                return self
        more = "" if self._given is None else self._given.get("more", "")
        is_text = self.is_text != turns
        return PlanEditor(self.terms, document=document, is_text=is_text, more=more)

    def is_valid(self) -> bool:
        """Read what was sent, and hold it against the rules of plans and the terms of the year."""
        if self._given is None:
            return False
        if not self._checked:
            self._checked = True
            self.document = self._read()
            if self.document is not None:
                self._place(fit_problems(self.terms, self.document))
        return self.document is not None and not any(form.errors for form in self._forms())

    @property
    def plan(self) -> ScoringPlan:
        """The plan that was written; ask only a valid editor."""
        return read_plan(self.document or {})

    def refuse(self, said: str) -> None:
        """Show why a rule refuses the plan."""
        self.form.add_error(None, said)

    def mark_after(self, current: object) -> str:
        """Return what stands for this change of this plan, so that another one is shown anew."""
        return sha256_of([current, self.document])

    @property
    def problems(self) -> list[tuple[str, str, str]]:
        """List everything that is wrong: the id of the field, its label, the message."""
        return [
            *(("", "", str(said)) for said in self.form.non_field_errors()),
            *(
                ("", "", str(said))
                for rows in self.rows.values()
                if rows.is_bound
                for said in rows.non_form_errors()
            ),
            *_problems(self.form, ""),
            *(
                problem
                for name, row in self._kept()
                for problem in _problems(row, f"{_called(name, row)}: ")
            ),
        ]

    def live_problems(self) -> dict[str, list[str]]:
        """Return what is wrong by the id of its field; what is still to be filled in is not."""
        self.is_valid()
        found = {
            field.auto_id: [str(said) for said in field.errors if str(said) != NEEDED]
            for form in self._forms()
            for field in form
        }
        found[WHOLE] = [str(said) for said in self.form.non_field_errors()]
        return {name: said for name, said in found.items() if said}

    def _forms(self) -> list[forms.Form]:
        return [self.form, *(row for _, row in self._kept())]

    def _kept(self) -> list[tuple[str, PartForm]]:
        """Return the rows that count, by their list."""
        return [(name, row) for name, rows in self.rows.items() for row in _filled(rows)]

    def _read(self) -> Part | None:
        """Put the document together; None where something cannot be read, which stands there."""
        document = self._read_text() if self.is_text else self._read_fields()
        if document is None:
            return None
        try:
            check_can_be_kept(document)
        except PolicyError as wrong:
            self.form.add_error("text" if self.is_text else None, str(wrong))
            return None
        return document

    def _read_text(self) -> Part | None:
        if not self.form.is_valid():
            return None
        try:
            document = json.loads(
                self.form.cleaned_data["text"], parse_float=str, parse_constant=refuse_constant
            )
        except json.JSONDecodeError as wrong:
            self.form.add_error("text", f"Line {wrong.lineno} is no JSON: {wrong.msg}. Mend it.")
        except (ValueError, RecursionError):
            self.form.add_error("text", "This is no JSON: a number or a nesting cannot be read.")
        else:
            if isinstance(document, dict):
                return document
            self.form.add_error("text", "A plan is an object with named fields. Begin with {.")
        return None

    def _read_fields(self) -> Part | None:
        are_valid = [rows.is_valid() for rows in self.rows.values()]
        if not self.form.is_valid() or not all(are_valid):
            return None
        if not self._is_whole():
            self.form.add_error(None, NOT_WHOLE)
            return None
        fields = self.form.cleaned_data
        document, wrong = part_of(fields, part_in(fields["base"]), PLAN_SLOTS, "")
        for name, said in wrong.items():
            self.form.add_error(name, said)
        for name, row in self._kept():
            document.setdefault(name, []).append(_row_part(name, row))
        _drop_what_domains_need(document)
        _declare_inputs(document)
        return None if any(form.errors for form in self._forms()) else document

    def _is_whole(self) -> bool:
        """Say whether the hidden parts are what fields are put into."""
        base = part_in(self.form.cleaned_data["base"])
        inputs = base.get("inputs", [])
        is_base = isinstance(inputs, list) and all(isinstance(each, dict) for each in inputs)
        return (
            is_base
            and base.keys().isdisjoint(LISTS)
            and is_whole(base, PLAN_SLOTS)
            and all(
                is_whole(part_in(row["base"].value()), (*row.slots, *TARGET_SLOTS))
                for _, row in self._kept()
            )
        )

    def _place(self, problems: Sequence[PlanProblem]) -> None:
        """Show each problem beside the field that it is about."""
        for problem in problems:
            if self.is_text:
                self.form.add_error("text", str(problem))
            else:
                self._place_one(problem)

    def _place_one(self, problem: PlanProblem) -> None:
        for pattern in (_AT_ROW, _OF_NAME):
            found = pattern.fullmatch(problem.place)
            row = self._row(found.groupdict()) if found else None
            if found and row is not None:
                path = path_of(found.groupdict().get("rest") or "")
                row.add_error(_field_of(found["list"], row, path, problem), problem.message)
                return
        if "weights" in problem.message and (
            problem.place in ("indicators", "domains") or _OF_DOMAIN.fullmatch(problem.place)
        ):
            self.form.add_error("weights_add_up_to", str(problem))
            return
        field = slot_at(path_of(problem.place), PLAN_SLOTS)
        if field in self.form.fields:
            self.form.add_error(field, problem.message)
        else:
            self.form.add_error(None, str(problem))

    def _row(self, found: Mapping[str, str]) -> PartForm | None:
        rows = _filled(self.rows[found["list"]])
        if "at" in found:
            return rows[int(found["at"])] if int(found["at"]) < len(rows) else None
        return next((row for row in rows if _name_of(found["list"], row) == found["name"]), None)


def _initial(document: Part) -> dict[str, Any]:
    rest = {name: value for name, value in document.items() if name not in LISTS}
    text = json.dumps(document, indent=1, ensure_ascii=False)
    return fields_of(document, PLAN_SLOTS) | {"base": json.dumps(rest), "text": text}


def _row_initial(name: str, part: Part) -> dict[str, Any]:
    slots = ROWS[name].form.slots
    flat = flat_adjustment(part) if slots is ADJUSTMENT_SLOTS else part
    return fields_of(flat, slots) | {"base": json.dumps(part)}


def _row_part(name: str, row: PartForm) -> Part:
    """Put a row together from its fields and what it was; what is wrong stands in the row."""
    fields, base = row.cleaned_data, part_in(row.cleaned_data["base"])
    was = base.get("method", {}).get("kind", "") if name == "indicators" else ""
    if name == "adjustments":
        base = flat_adjustment(base)
    part, wrong = part_of(fields, base, row.slots, fields.get("kind") or "")
    for field, said in wrong.items():
        row.add_error(field, said)
    match name:
        case "indicators" if was in IN_TEXT and fields.get("kind") == was:
            return part | {"method": base["method"]}  # which only the text writes
        case "indicators":
            return tidy_method(part, was)
        case "domains":
            return tidy_bonus(part)
        case "adjustments":
            return whole_adjustment(part)
    return tidy_pay(part)


def _drop_what_domains_need(document: Part) -> None:
    """Leave out of a plan without domains what only those have, and the other way round."""
    has_domains = bool(document.get("domains"))
    total = document.get("total", {})
    if not has_domains:
        total.pop("minimum_domains", None)
        for each in document.get("indicators", ()):
            each.pop("domain", None)
        document.get("missing", {}).pop("domains", None)
    if "total" in document and not total:
        document.pop("total")


def _declare_inputs(document: Part) -> None:
    """Declare the numbers of the year that a field names."""
    inputs = list(document.get("inputs", ()))
    written = json.dumps(document)
    for name, of in SUPPLIED.items():
        is_named = f'{{"input": "{name}"}}' in written
        if is_named and not any(each.get("name") == name for each in inputs):
            inputs.append({"name": name, "of": of})
    if inputs:
        document["inputs"] = inputs


def _filled(rows: Rows) -> list[PartForm]:
    if not rows.is_bound:
        return []
    return [row for row in rows.forms if row.has_changed() and not row["DELETE"].value()]


def _name_of(name: str, row: PartForm) -> str:
    if name == "indicators":
        return str(part_in(row["base"].value()).get("slug", ""))
    return str(row["slug" if name == "domains" else "name"].value() or "")


def _called(name: str, row: PartForm) -> str:
    if name == "indicators":
        return str(part_in(row["base"].value()).get("title", ""))
    return str(row["title" if name == "domains" else "name"].value() or "A row without a name")


def _field_of(name: str, row: PartForm, path: Sequence[str], problem: PlanProblem) -> str:
    """Find the field of a row that a problem is about."""
    path = adjustment_path(path) if name == "adjustments" else path
    found = slot_at(path, row.slots, row.chosen)
    if found:
        return found
    taken = {slot.name for slot in row.slots if slot.is_taken_by(row.chosen)}
    about = (field for words, field in _ABOUT if words in problem.message and field in taken)
    return next(about, row.main_fields[0])


def _problems(form: forms.Form, lead: str) -> Iterator[tuple[str, str, str]]:
    for field in form:
        for said in field.errors:
            yield field.id_for_label or field.auto_id, f"{lead}{field.label}", str(said)
