"""The snapshot inside a report: its hash, and its result computed again from its own inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Any

from adjudication.verifying.problems import MISSHAPEN, DoesNotHoldError
from adjudication.years.snapshot import SCHEMA, result_of, statement_of
from comanage.values.canonical import canonical_json, sha256_of
from comanage.values.money import Money
from comanage.values.period import Period
from indicators.measure.tally import COUNTS, Tally
from scorecards.cards.engine import ENGINE_VERSION

_LONGEST_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Facts:
    """What a report is about."""

    hospital: str
    program: str
    group: str
    period: Period
    total: Money
    sha256: str


def read_snapshot(content: bytes) -> tuple[dict[str, Any], Facts]:
    """Read a snapshot, and what it is about.

    Raises:
        DoesNotHoldError: it is not canonical JSON, or of a schema that this release does not know.
        LookupError, TypeError, ValueError: it is no JSON, or lacks what every snapshot has.
    """
    text = content.decode()
    document: dict[str, Any] = json.loads(text)
    if canonical_json(document) != text:
        raise DoesNotHoldError("It is not in the canonical form, so its hash proves nothing.")
    if document["schema"] != SCHEMA:
        raise DoesNotHoldError(
            f"It is written in another form than {SCHEMA}. Verify it with a newer release."
        )
    return document, _facts(document, sha256(content).hexdigest())


def check_hash(facts: Facts, *, subject: str, told: str) -> int:
    """Hold the snapshot's hash against where it stands elsewhere, and count the places.

    Args:
        facts: of the snapshot.
        subject: of the PDF; ends with the hash that the report was printed for.
        told: by the person who verifies; empty for none.

    Raises:
        DoesNotHoldError: one of them is another.
    """
    for whose, other in (("the report was printed for", subject[-64:]), ("you gave", told)):
        if other != facts.sha256 and (other or whose != "you gave"):
            raise DoesNotHoldError(
                f"The snapshot inside has the SHA-256 {facts.sha256}, which is not the one that "
                f"{whose}."
            )
    return 2 if told else 1


def check_parts(document: Mapping[str, Any]) -> int:
    """Hold terms and definitions against the hashes they are named by, and count them.

    Raises:
        DoesNotHoldError: one was changed.
    """
    inputs = document["inputs"]
    parts = [("The terms", inputs["terms"], inputs["terms_sha256"])]
    for indicator in inputs["terms"]["indicators"]:
        definition = indicator["definition"]
        named = f"The definition of “{definition['title']}”"
        parts.append((named, definition, indicator["definition_sha256"]))
    for name, part, recorded in parts:
        if sha256_of(part) != recorded:
            raise DoesNotHoldError(f"{name} inside differs from what its SHA-256 names.")
    return len(parts)


def check_result(document: Mapping[str, Any]) -> int:
    """Compute the result again from the terms and counts inside, and count its steps.

    Raises:
        DoesNotHoldError: it differs, with the first difference, or cannot be computed.
    """
    try:
        again = json.loads(canonical_json(result_of(document["inputs"])))
    except MISSHAPEN as wrong:
        raise DoesNotHoldError(
            "It cannot be computed from the terms and counts inside: they do not fit together."
        ) from wrong
    for place, said, found in _differences(document["result"], again):
        raise DoesNotHoldError(
            f"{place}: the report says {said}; its own terms and counts give {found}."
            f"{_engines(document)}"
        )
    scorecard, statement = again["scorecard"], again["statement"]
    scores = [scorecard["score"], *(indicator["score"] for indicator in scorecard["indicators"])]
    return sum(len(part["steps"]) for part in (*scores, statement))


def check_months(document: Mapping[str, Any]) -> tuple[int, int]:
    """Hold the months against the year: each lies in it, and together they count no more of it.

    Returns:
        How many months, of how many indicators; none where cases are not dated.

    Raises:
        DoesNotHoldError: a month is none of the year's, or the months count more cases than it.
    """
    trend = document["beside"]["trend"]
    if trend is None:
        return 0, 0
    year, tallies = document["inputs"]["terms"]["period"], document["inputs"]["tallies"]
    ends = [end for month in trend["months"] for end in (month["start"], month["end"])]
    if ends != sorted(ends) or (ends and not year["start"] <= ends[0] <= ends[-1] <= year["end"]):
        raise DoesNotHoldError("They do not follow each other within the year.")
    for slug, counted in trend["tallies"].items():
        months = [Tally.from_document(tally) for tally in counted]
        together, whole = sum(months, Tally()), Tally.from_document(tallies[slug])
        if len(months) * 2 != len(ends) or any(
            getattr(together, count) > getattr(whole, count) for count in COUNTS
        ):
            raise DoesNotHoldError(f"The months of “{slug}” do not fit what the year counted.")
    return len(trend["months"]), len(trend["tallies"])


def _facts(document: Mapping[str, Any], sha256_: str) -> Facts:
    inputs = document["inputs"]
    program, period = inputs["terms"]["program"], inputs["terms"]["period"]
    return Facts(
        hospital=str(inputs["tenant"]),
        program=str(program["name"]),
        group=str(program["group"]),
        period=Period(date.fromisoformat(period["start"]), date.fromisoformat(period["end"])),
        total=Money.from_dollars(statement_of(document)["total"]),
        sha256=sha256_,
    )


def _differences(said: Any, found: Any, place: str = "Result") -> Iterator[tuple[str, str, str]]:
    """Go through two documents and give where they differ, each with both values."""
    if isinstance(said, dict) and isinstance(found, dict):
        for key in sorted(said.keys() | found.keys()):
            yield from _differences(said.get(key), found.get(key), f"{place}, {key}")
    elif isinstance(said, list) and isinstance(found, list) and len(said) == len(found):
        for number, (left, right) in enumerate(zip(said, found, strict=True), 1):
            yield from _differences(left, right, f"{place} {_named(right, number)}")
    elif said != found:
        yield place, _shown(said), _shown(found)


def _named(value: Any, number: int) -> str:
    title = value.get("title") if isinstance(value, dict) else None
    return f"“{title}”" if title else str(number)


def _shown(value: Any) -> str:
    text = "nothing" if value is None else str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _engines(document: Mapping[str, Any]) -> str:
    made = document.get("engine_version")
    if made == ENGINE_VERSION:
        return ""
    return f" It was made by engine {_shown(made)}, this is {ENGINE_VERSION}: try that release."
