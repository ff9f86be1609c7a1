"""Where each field of the editor stands in the document of a scoring plan. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from scorecards.plans.lines import (
    CAPS,
    CUTOFFS,
    FIGURE,
    FLAG,
    KEPT,
    NAMES,
    NUMBER,
    POSITIONS,
    ROUNDING,
    TEXT,
    TIERS,
    WHOLE,
    LineError,
    Way,
)

Part = dict[str, Any]
_PLACE = re.compile(r"\[\d+\]")


@dataclass(frozen=True, slots=True)
class Slot:
    """One field, and where it stands.

    Attributes:
        name: of the field.
        path: from the part of the document that the form is about.
        taken_by: the kinds that have it, with spaces between; empty for all.
    """

    name: str
    path: tuple[str, ...]
    way: Way
    taken_by: str = ""

    def is_taken_by(self, kind: str) -> bool:
        """Say whether a kind has it."""
        return not self.taken_by or kind in self.taken_by.split()


def _slot(name: str, path: str, way: Way, taken_by: str = "") -> Slot:
    return Slot(name, tuple(path.split(".")), way, taken_by)


INDICATOR_SLOTS = (
    _slot("kind", "method.kind", TEXT),
    _slot("domain", "domain", TEXT),
    _slot("weight", "weight", NUMBER),
    _slot("points", "points", NUMBER),
    _slot("tiers", "method.tiers", TIERS, "steps line"),
    _slot("below", "method.below", NUMBER, "steps line"),
    _slot("threshold", "method.threshold", NUMBER, "achievement_improvement"),
    _slot("benchmark", "method.benchmark", NUMBER, "achievement_improvement"),
    _slot("counts", "method.counts", TEXT, "achievement_improvement"),
    _slot("cutoffs", "method.cutoffs", CUTOFFS, "percentiles"),
    _slot("bands", "method.bands.tiers", TIERS, "percentiles"),
    _slot("rise", "method.rise", NUMBER, "percentiles"),
    _slot("rise_earns", "method.rise_earns", NUMBER, "percentiles"),
    _slot("low", "method.low", NUMBER, "band"),
    _slot("high", "method.high", NUMBER, "band"),
    _slot("margin", "method.margin", NUMBER, "band"),
    _slot("outside", "method.outside", NUMBER, "band"),
    _slot("earns", "method.earns", NUMBER, "band milestone"),
    _slot("start", "method.start", NUMBER, "scale"),
    _slot("unit", "method.unit", NUMBER, "scale"),
    _slot("least", "method.least", NUMBER, "scale"),
    _slot("most", "method.most", NUMBER, "scale"),
    _slot("reference", "method.reference", NUMBER, "excess"),
    _slot("times", "method.times", NUMBER, "excess"),
    _slot(
        "round", "method.round", ROUNDING, "steps line achievement_improvement scale excess"
    ),
    _slot("minimum_cases", "small_numbers.minimum_cases", WHOLE),
    _slot("small_rule", "small_numbers.rule", TEXT),
    _slot("round_result", "round_result", ROUNDING),
    _slot("limit_low", "limits.low", NUMBER),
    _slot("limit_high", "limits.high", NUMBER),
    _slot("limit_past", "limits.past", TEXT),
)  # fmt: skip
DOMAIN_SLOTS = (
    _slot("title", "title", TEXT),
    _slot("slug", "slug", TEXT),
    _slot("weight", "weight", NUMBER),
    _slot("score", "score", TEXT),
    _slot("minimum_scored", "minimum_scored", WHOLE),
    _slot("scale", "scale", NUMBER),
    _slot("round", "round", ROUNDING),
    _slot("bonus_points", "bonus.points", NUMBER),
    _slot("bonus_plus", "bonus.plus", NUMBER),
    _slot("bonus_round", "bonus.round", ROUNDING),
    _slot("bonus_positions", "bonus.positions", POSITIONS),
)
ADJUSTMENT_SLOTS = (
    _slot("name", "name", TEXT),
    _slot("kind", "kind", TEXT),
    _slot("level", "level", TEXT),
    _slot("names", "names", NAMES),
    _slot("reads", "gate.reads", FIGURE, "gate"),
    _slot("compare", "gate.compare", TEXT, "gate"),
    _slot("limit", "gate.limit", NUMBER, "gate"),
    _slot("closed", "gate.closed", NUMBER, "gate"),
    _slot("if_missing", "gate.if_missing", TEXT, "gate"),
    _slot("factor", "multiplier", NUMBER, "multiplier"),
    _slot("becomes", "becomes", NUMBER, "becomes"),
    _slot("least", "cap.least", NUMBER, "cap"),
    _slot("most", "cap.most", NUMBER, "cap"),
    _slot("round", "round", ROUNDING, "round"),
)
PAY_SLOTS = (
    _slot("name", "name", TEXT),
    _slot("kind", "kind", TEXT),
    _slot("amount", "amount", NUMBER, "pool"),
    _slot("by", "by", TEXT, "pool"),
    _slot("share_reads", "share.reads", FIGURE, "pool"),
    _slot("share_tiers", "share.curve.tiers", TIERS, "pool"),
    _slot("share_line", "share.curve.line", FLAG, "pool"),
    _slot("caps", "most", CAPS, "pool"),
    _slot("round", "round", ROUNDING, "pool"),
)
PLAN_SLOTS = (
    _slot("title", "title", TEXT),
    _slot("source", "source", TEXT),
    _slot("weights_add_up_to", "weights_add_up_to", NUMBER),
    _slot("missing_indicators", "missing.indicators", TEXT),
    _slot("missing_domains", "missing.domains", TEXT),
    _slot("small_cases", "small_numbers.minimum_cases", WHOLE),
    _slot("small_rule", "small_numbers.rule", TEXT),
    _slot("total_kind", "total.kind", TEXT),
    _slot("total_scale", "total.scale", NUMBER),
    _slot("minimum_domains", "total.minimum_domains", WHOLE),
    _slot("minimum_scored", "total.minimum_scored", WHOLE),
    _slot("total_round", "total.round", ROUNDING),
    _slot("limit_amount", "pay_limit.amount", NUMBER),
    _slot("limit_source", "pay_limit.source", TEXT),
)
TARGET_SLOTS = (_slot("names", "to.names", NAMES),)
"""What an adjustment is done to, as the document says it and no flat one does."""
LISTS = ("indicators", "domains", "adjustments", "pay")


def is_whole(part: Mapping[str, Any], slots: Iterable[Slot]) -> bool:
    """Say whether a part that came back is an object wherever its fields go through it."""
    return all(
        isinstance(_at(part, slot.path[:depth]), Mapping | None)
        for slot in slots
        for depth in range(1, len(slot.path))
    )


def fields_of(part: Mapping[str, Any], slots: Iterable[Slot]) -> Part:
    """Write a part of the document as its fields show it."""
    return {slot.name: slot.way.write(_at(part, slot.path)) for slot in slots}


def part_of(
    fields: Mapping[str, Any], base: Part, slots: Sequence[Slot], kind: str
) -> tuple[Part, dict[str, str]]:
    """Put what fields say into the part they came from; what no field shows stays.

    Returns:
        The part, and by field what cannot be read.
    """
    part, wrong = deepcopy(base), {}
    for slot in slots:
        text = fields.get(slot.name, "")
        if text == KEPT and slot.is_taken_by(kind):
            continue
        try:
            value = slot.way.read(text) if slot.is_taken_by(kind) else None
        except LineError as said:
            wrong[slot.name] = str(said)
            continue
        _put(part, slot.path, value)
    return part, wrong


def slot_at(path: Sequence[str], slots: Iterable[Slot], kind: str = "") -> str:
    """Find the field that a problem's place is about: the one that stands deepest there."""
    best, depth = "", 0
    for slot in slots:
        shared = 0
        for one, other in zip(slot.path, path, strict=False):
            if one != other:
                break
            shared += 1
        is_there = shared == min(len(slot.path), len(path)) and slot.is_taken_by(kind)
        if is_there and shared > depth:
            best, depth = slot.name, shared
    return best


def path_of(place: str) -> tuple[str, ...]:
    """Take a problem's place apart, without its numbers."""
    return tuple(_PLACE.sub("", place).split("."))


def _at(part: Mapping[str, Any], path: Sequence[str]) -> Any:
    found: Any = part
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def _put(part: Part, path: Sequence[str], value: Any) -> None:
    """Set a value; take it out where it is None, and with it what then is empty."""
    name, *rest = path
    if not rest:
        if value is None:
            part.pop(name, None)
        else:
            part[name] = value
        return
    inner = part.get(name)
    if not isinstance(inner, dict):
        if value is None:
            return
        inner = {}
    _put(inner, rest, value)
    if inner:
        part[name] = inner
    else:
        part.pop(name, None)


_DEEDS = ("gate", "multiplier", "cap", "round", "becomes")
_LEVELS = ("indicators", "domains", "total", "pay")
_COMPARISONS = ("at_least", "at_most", "above", "below")


def flat_adjustment(adjustment: Mapping[str, Any]) -> Part:
    """Write an adjustment so that each field has one place."""
    flat = {name: deepcopy(value) for name, value in adjustment.items() if name != "to"}
    to = adjustment.get("to", {})
    flat["kind"] = next((deed for deed in _DEEDS if adjustment.get(deed) is not None), "gate")
    flat["level"] = next((level for level in _LEVELS if to.get(level)), "total")
    flat["names"] = [] if flat["level"] == "total" else to.get(flat["level"], [])
    gate = flat.get("gate")
    if isinstance(gate, dict):
        side = next((each for each in _COMPARISONS if each in gate), "at_least")
        gate["compare"], gate["limit"] = side, gate.pop(side, None)
    return flat


def whole_adjustment(flat: Part) -> Part:
    """Take an adjustment back from its fields."""
    part = {name: value for name, value in flat.items() if name not in ("kind", "level", "names")}
    kind, level = flat.get("kind", "gate"), flat.get("level", "total")
    for deed in _DEEDS:
        if deed != kind:
            part.pop(deed, None)
    gate = part.get("gate")
    if isinstance(gate, dict):
        gate = dict(gate)
        limit = gate.pop("limit", None)
        gate[gate.pop("compare", "at_least")] = limit
        part["gate"] = {name: value for name, value in gate.items() if value is not None}
    part["to"] = {level: True if level == "total" else flat.get("names", [])}
    return part


def adjustment_path(path: Sequence[str]) -> tuple[str, ...]:
    """Turn a problem's place in an adjustment to that of its field."""
    if path[:1] == ("to",):
        return ("names",)
    if len(path) > 1 and path[0] == "gate" and path[1] in _COMPARISONS:
        return ("gate", "limit")
    return tuple(path)


def tidy_method(indicator: Part, was: str) -> Part:
    """Take out of a method what only the kind before has, as bands of a percentile ladder."""
    method = indicator.get("method")
    if isinstance(method, dict) and method.get("kind") != was:
        known = {
            slot.path[1]
            for slot in INDICATOR_SLOTS
            if slot.path[0] == "method" and slot.is_taken_by(method.get("kind", ""))
        }
        indicator["method"] = {name: v for name, v in method.items() if name in known}
    return indicator


def tidy_bonus(domain: Part) -> Part:
    """Take a bonus out that says nothing more; name its kind where it does."""
    bonus = domain.get("bonus")
    if isinstance(bonus, dict):
        if bonus.get("points") is None and not bonus.get("positions"):
            domain.pop("bonus")
        else:
            bonus["kind"] = "weakest_link"
    return domain


def tidy_pay(pay: Part) -> Part:
    """Take a share out that follows nothing; it follows the total where a curve stands."""
    share = pay.get("share")
    if isinstance(share, dict):
        curve = share.get("curve")
        if isinstance(curve, dict) and not curve.get("tiers"):
            share.pop("curve")
        if "curve" in share and "reads" not in share:
            share["reads"] = {"total": True, "as": "share"}
        if "reads" not in share:
            pay.pop("share")
    return pay
