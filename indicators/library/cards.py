"""The governance card of a definition: who vouches for it, until when, and how far it goes."""

from dataclasses import dataclass
from datetime import date

from comanage.values.period import day_text
from indicators.library.vocabulary import (
    BENCHMARK_STATUSES,
    DATA_GRAINS,
    DOMAINS,
    OBP_CLASSES,
    SERVICE_LINES,
    STANDARD_STATUSES,
    USES,
    spoken,
)
from indicators.measure.definition import Definition


@dataclass(frozen=True, slots=True)
class Standing:
    """Something said of an indicator beside its name, with the tone of its shape."""

    word: str
    tone: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the card; `standing` where it is a status rather than a text."""

    term: str
    value: str
    detail: str = ""
    standing: Standing | None = None


def standings(definition: Definition) -> list[Standing]:
    """Say beside the name what a reader must know before choosing the indicator."""
    said = []
    if definition.use == "monitor_only":
        said.append(Standing("Monitor only: terms must not pay for it", "concern"))
    if not definition.is_executable:
        said.append(Standing("Not executable here", "concern"))
    if definition.governance.get("standard_status") == "unverified":
        said.append(Standing("Unverified: not yet compared with its standard", "concern"))
    return said


def governance_card(definition: Definition, *, today: date) -> list[Fact]:
    """List who answers for the definition, its standard and its review, as they are said.

    Args:
        definition: whose card it is.
        today: the hospital's day, against which a review is overdue.
    """
    given = definition.governance
    facts = [
        Fact("Author", given.get("author") or "Not named"),
        _checker(given.get("checker", ""), given.get("checked_on", "")),
        _review(given.get("next_review", ""), today),
        Fact(
            "Standard",
            "None" if given.get("standard", "none") in ("", "none") else given["standard"],
            f"Version: {given['standard_version']}" if given.get("standard_version") else "",
        ),
        _verification(given.get("standard_status", "")),
        Fact(
            "Permitted use",
            spoken(USES, definition.use),
            f"Class for outcomes-based payment: {spoken(OBP_CLASSES, definition.obp_class)}",
        ),
    ]
    if definition.safeguard:
        facts.append(Fact("Safeguard", definition.safeguard))
    facts += [
        Fact(term, spoken(words, given[name]))
        for term, name, words in (
            ("Service line", "service_line", SERVICE_LINES),
            ("Domain", "domain", DOMAINS),
            ("Data it comes from", "data_grain", DATA_GRAINS),
        )
        if given.get(name)
    ]
    return facts


def benchmark_card(definition: Definition) -> list[Fact]:
    """List the benchmark with its citation; nothing when there is none."""
    given = definition.benchmark
    if not any(given.values()):
        return []
    if not given.get("value"):
        status = given.get("status") or "none_found_use_local_baseline"
        return [Fact("Benchmark", spoken(BENCHMARK_STATUSES, status), given.get("source", ""))]
    value = " ".join(filter(None, (given["value"], given.get("unit"))))
    facts = [Fact("Benchmark", value, given.get("statistic", ""))]
    if given.get("period"):
        facts.append(Fact("Period", given["period"].replace("..", " to ")))
    facts.append(Fact("Source", given.get("source") or "None named"))
    if given.get("status"):
        facts.append(Fact("How it is known", spoken(BENCHMARK_STATUSES, given["status"])))
    return facts


def _checker(name: str, checked_on: str) -> Fact:
    if not name:
        return Fact(
            "Checker", "", standing=Standing("Not yet checked by a second person", "concern")
        )
    return Fact("Checker", name, f"Checked on {_day(checked_on)}" if checked_on else "")


def _review(written: str, today: date) -> Fact:
    if not written:
        return Fact("Next review", "", standing=Standing("No day is set", "concern"))
    day = _read_day(written)
    if day is not None and day < today:
        return Fact(
            "Next review", "", standing=Standing(f"Overdue since {_day(written)}", "concern")
        )
    return Fact("Next review", _day(written))


def _verification(status: str) -> Fact:
    match status:
        case "verified":
            standing = Standing("Verified: compared with the text of its standard", "good")
        case "unverified":
            standing = Standing("Unverified: not yet compared with its standard", "concern")
        case _:
            standing = Standing(spoken(STANDARD_STATUSES, status or "none"), "quiet")
    return Fact("Verification", "", standing=standing)


def _day(written: str) -> str:
    day = _read_day(written)
    return written if day is None else day_text(day)


def _read_day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
