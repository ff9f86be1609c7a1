"""Parts of a scoring plan as one writes them in a field: numbers, tiers one a line, roundings.

What a field cannot show stays as it is: it is written as `KEPT`, and read back as what was there.
Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

KEPT = "as in the text"
INPUT = "input "
LONGEST_WHOLE = 9
_TIER = re.compile(r"(?P<name>.+): (?P<beyond>beyond )?(?P<goal>.+?) earns (?P<earns>.+)")
_CUTOFF = re.compile(r"P ?(?P<percentile>.+?): (?P<value>.+)")
_POSITION = re.compile(r"(?P<indicator>.+?): (?P<floor>.+?) to (?P<threshold>.+)")
_CAP = re.compile(r"(?P<name>.+?): (?P<amount>.+)")
_HOWS = {
    "half_up": "",
    "half_even": "halves to even",
    "half_away": "halves away from zero",
    "down": "down",
    "up": "up",
}
_HOW_OF = {words: how for how, words in _HOWS.items()}
ABSENT: Any = None


class LineError(ValueError):
    """Text that cannot be read: one sentence."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a part of the document is written in a field, and read back.

    Attributes:
        write: None for a part that is absent.
        read: returns ABSENT for an empty field.
    """

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def write_number(value: Any) -> str:
    """Write a number, or the name of an input."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return f"{INPUT}{value['input']}" if value.keys() == {"input"} else KEPT
    return str(value)


def read_number(text: str) -> Any:
    """Read a number as it is written; whether it is one, the plan says."""
    text = text.strip()
    if not text:
        return ABSENT
    return {"input": text[len(INPUT) :].strip()} if text.startswith(INPUT) else text


def _write_whole(value: Any) -> str:
    return "" if value is None else str(value)


def _read_whole(text: str) -> Any:
    text = text.strip()
    is_whole = text.isascii() and text.isdigit() and len(text) <= LONGEST_WHOLE
    return int(text) if is_whole else (text or ABSENT)


def write_rounding(value: Any) -> str:
    """Write a rounding: `0.01`, `1 down`, `none`."""
    if value is None or value == "none":
        return value or ""
    how = _HOWS[value.get("how", "half_up")]
    return f"{value['to']} {how}".strip()


def read_rounding(text: str) -> Any:
    """Read a rounding.

    Raises:
        LineError: after the unit stands something unknown.
    """
    text = " ".join(text.split())
    if not text or text == "none":
        return text or ABSENT
    to, _, how = text.partition(" ")
    if how not in _HOW_OF:
        known = ", ".join(f"“{words}”" for words in _HOW_OF if words)
        raise LineError(f"After the unit stands nothing (halves upward), or one of: {known}.")
    return {"to": to} | ({"how": _HOW_OF[how]} if how else {})


def _lines(
    pattern: re.Pattern[str], form: str, write: Callable[[Any], str], read: Callable[[Any], Any]
) -> Way:
    def written(value: Any) -> str:
        return "\n".join(map(write, value or ()))

    def taken(text: str) -> Any:
        found = []
        for at, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            match = pattern.fullmatch(" ".join(line.split()))
            if match is None:
                raise LineError(f"Line {at} is not written like “{form}”. Write it so.")
            found.append(read(match.groupdict()))
        return found or ABSENT

    return Way(written, taken)


def _write_tier(tier: Mapping[str, Any]) -> str:
    beyond = "beyond " if tier.get("beyond") else ""
    goal, earns = write_number(tier["goal"]), write_number(tier["earns"])
    return f"{' '.join(tier['name'].split())}: {beyond}{goal} earns {earns}"


def _read_tier(found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": found["name"],
        "goal": read_number(found["goal"]),
        "earns": read_number(found["earns"]),
        **({"beyond": True} if found["beyond"] else {}),
    }


def _write_text(value: Any) -> str:
    return value or ""


def _read_text(text: str) -> Any:
    return text.strip() or ABSENT


def _read_names(text: str) -> Any:
    return text.split() or ABSENT


def _read_flag(value: Any) -> Any:
    return True if value else ABSENT


TEXT = Way(_write_text, _read_text)
NUMBER = Way(write_number, read_number)
WHOLE = Way(_write_whole, _read_whole)
FLAG = Way(bool, _read_flag)
NAMES = Way(lambda value: " ".join(value or ()), _read_names)
ROUNDING = Way(write_rounding, read_rounding)
TIERS = _lines(_TIER, "Target: 8% earns 75%", _write_tier, _read_tier)
CUTOFFS = _lines(
    _CUTOFF,
    "P75: 8%",
    lambda each: f"P{each['percentile']}: {write_number(each['value'])}",
    lambda found: {"percentile": found["percentile"], "value": read_number(found["value"])},
)
POSITIONS = _lines(
    _POSITION,
    "short-name: 50 to 79",
    lambda each: (
        f"{each['indicator']}: {write_number(each['floor'])} to {write_number(each['threshold'])}"
    ),
    lambda found: {
        "indicator": found["indicator"],
        "floor": read_number(found["floor"]),
        "threshold": read_number(found["threshold"]),
    },
)
_CAPS = _lines(
    _CAP,
    "short-name: 5000.00",
    lambda each: f"{each[0]}: {write_number(each[1])}",
    lambda found: (found["name"], read_number(found["amount"])),
)
CAPS = Way(
    lambda value: _CAPS.write(list((value or {}).items())),
    lambda text: dict(found) if (found := _CAPS.read(text)) else ABSENT,
)


def _write_figure(value: Any) -> str:
    """Write which figure is meant: `domain:quality:share`; empty for none."""
    if not value:
        return ""
    kind = next(each for each in ("indicator", "domain", "total", "input") if value.get(each))
    usual = {"indicator": "value", "domain": "score", "total": "score", "input": "value"}[kind]
    return f"{kind}:{'' if kind == 'total' else value[kind]}:{value.get('as', usual)}"


def _read_figure(text: str) -> Any:
    if not text:
        return ABSENT
    kind, _, rest = text.partition(":")
    name, _, part = rest.rpartition(":")
    if kind == "input":
        return {"input": name}
    return {kind: True if kind == "total" else name, "as": part}


FIGURE = Way(_write_figure, _read_figure)
