"""Reports about one subject each, added up to one summary."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from indicators.exchange.counts import TALLY_NAMES, Counts, number_document
from indicators.exchange.errors import ExchangeError
from indicators.exchange.json_text import write_json
from indicators.exchange.rates import Rate, rate_of
from indicators.exchange.sum_checks import Report, check_addable, group_key, stratum_key

CODE_OF: Mapping[str, str] = {name: code for code, name in TALLY_NAMES.items()}
Document = Mapping[str, Any]


def sum_document(reports: Sequence[Report]) -> dict[str, Any]:
    """Add up individual reports of one measure and one period.

    Groups are matched by their id, link id or code; strata by their stratifier and value.

    Returns:
        A document like that of a summary report, with the number of reports.

    Raises:
        ExchangeError: not individual reports of one measure and period, one subject twice,
            groups that cannot be matched, or a count that one report has and another lacks.
    """
    if not reports:
        raise ExchangeError("There is no individual report to add up.")
    check_addable(reports)
    first = reports[0].document
    groups = [report.document["groups"] for report in reports]
    return {
        "type": "summary",
        "made_of": len(reports),
        "measure": first["measure"],
        "period": first["period"],
        "scoring": first["scoring"],
        "groups": [
            {
                **{name: parts[0][name] for name in ("id", "link_id", "code")},
                **_added(parts),
                "strata": [
                    {
                        **{name: s[0][name] for name in ("stratifier", "value", "components")},
                        **_added(s),
                    }
                    for s in _matched([part["strata"] for part in parts], stratum_key)
                ],
            }
            for parts in _matched(groups, group_key)
        ],
    }


def _matched(
    lists: Sequence[Sequence[Document]], key_of: Callable[[Document], str]
) -> list[list[Document]]:
    """Put together the parts with the same key, in the order in which they first appear."""
    found: dict[str, list[Document]] = {}
    for parts in lists:
        keys = [key_of(part) for part in parts]
        if len(set(keys)) < len(keys):
            raise ExchangeError(
                f"{parts[0]['place']}: Two groups or strata have the same name, or none, so they "
                f"cannot be told apart for adding up."
            )
        for key, part in zip(keys, parts, strict=True):
            found.setdefault(key, []).append(part)
    return list(found.values())


def _added(parts: Sequence[Document]) -> dict[str, Any]:
    """Add the counts of one group over the reports, and compute the rate of the sums."""
    scorings = {part["scoring"] for part in parts if part.get("scoring")}
    if len(scorings) > 1:
        raise ExchangeError(f"{parts[0]['place']}: The reports score this group differently.")
    by_code: dict[str, Fraction] = {}
    observed: dict[str, Fraction] = {}
    for part in parts:
        for name, count in part["counts"].items():
            if name == "observations":
                for one in count:
                    of = one["of"] or ""
                    observed[of] = observed.get(of, Fraction(0)) + Fraction(one["count"])
            else:
                code = CODE_OF[name]
                by_code[code] = by_code.get(code, Fraction(0)) + Fraction(count)
    counts = Counts(parts[0]["place"], by_code, tuple(observed.items()))
    scoring = next(iter(scorings), "")
    if any(part["not_scored"] == "counts_do_not_fit" for part in parts):
        rate = Rate(not_scored="counts_do_not_fit")
    else:
        rate = rate_of(counts, scoring)
    return {
        "scoring": scoring or None,
        "reports": len(parts),
        "counts": counts.document(),
        **rate.document(),
        "other_counts": _other_counts(parts),
    }


def _other_counts(parts: Sequence[Document]) -> list[dict[str, Any]]:
    """Add the counts of populations with codes of their own, which have no part in the rate."""
    found: dict[str, tuple[Any, Fraction]] = {}
    for population in (one for part in parts for one in part["populations"]):
        if population["code"] is None and population["count"] is not None:
            key = write_json(population["coded_as"])
            before = found.get(key, (None, Fraction(0)))[1]
            found[key] = (population["coded_as"], before + Fraction(population["count"]))
    return [
        {"coded_as": concept, "count": number_document(count)} for concept, count in found.values()
    ]
