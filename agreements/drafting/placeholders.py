"""What stands in braces in a clause: a fixed list of names, and references to other clauses. Pure.

Nothing else is replaced: text from the database is never run as a template.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date

from agreements.allocations.bases import in_words
from agreements.contracts.clocks import RECONCILIATION_DAYS
from agreements.drafting.facts import ROLES, Draft
from agreements.drafting.words import (
    STATES,
    in_words_and_figures,
    iso_period,
    legal_day,
    legal_period,
    length_in_words,
)
from agreements.programs.models import ServiceLine
from agreements.terms.models import MissingRule
from comanage.values.money import Money
from comanage.values.rounding import fraction_from_text
from indicators.measure.figures import trimmed

PERCENT = 100
SECTION = "section:"
_BRACES = re.compile(r"\{([^{}]*)\}")

PLACEHOLDERS: Mapping[str, str] = {
    "hospital": "The legal name of the hospital",
    "facility": "The site the program is about",
    "group": "The group of physicians",
    "counterparty": "The other party, as the clauses call it",
    "Counterparty": "The same, at the beginning of a sentence",
    "program": "The name of the program",
    "service_line": "Its service line",
    "objective": "What the program is for",
    "state": "The state whose law governs",
    "first_day": "The first day of the term",
    "last_day": "The last day of the term",
    "term_length": "How long the term is",
    "first_year": "The first measurement year",
    "fixed_fee": "The fixed fee of the first year",
    "incentive_pool": "The incentive pool of the first year",
    "account_share": "The part of the pool that may be paid on account",
    "valuator": "Who gave the opinion of value",
    "opinion_day": "The day of the opinion",
    "opinion_period": "The days on which the opinion holds",
    "fixed_cap": "The most the opinion supports as a fixed fee",
    "incentive_cap": "The most the opinion supports as an incentive",
    "total_cap": "The most the opinion supports in all",
    "wrvu_table": "The fee schedule by which wRVUs are counted",
    "missing_rule": "What happens when an indicator has no rate",
    "division": "How the group divides its pay",
    "comment_days": "The days in which the committee comments on a result",
    "notice_days": "The days of notice that end the agreement without cause",
    "holdover_notice_days": "The days of notice that end a holdover",
    "least_months": "The months after which a year that ends early still earns an incentive",
    "reconciliation_days": "The days after the end in which everything is reconciled",
}
_OF_THE_PARTIES = frozenset(
    {
        *("hospital", "facility", "state", "first_day", "last_day", "term_length"),
        *("notice_days", "holdover_notice_days"),
    }
)
_OF_THE_PROGRAM = frozenset(
    {
        *("group", "counterparty", "Counterparty", "program", "service_line", "objective"),
        "comment_days",
    }
)
_BY_RULE = {
    "least_months": "from the rule for a year that ends early, which the terms choose. It changes "
    "with that rule, not in the text.",
    "reconciliation_days": "from 42 CFR 411.353(h). It is counted as that rule says and stays.",
}


def where_changed(name: str) -> str:
    """Say from where a place is filled, and where that is changed."""
    if name.startswith(SECTION):
        return "from the order of the clauses. It changes with that order, not in the text."
    if name in _OF_THE_PARTIES:
        return (
            "from the parties and the term. Whoever drafts changes it under “Change parties and "
            "term”, not in the text."
        )
    if name in _OF_THE_PROGRAM:
        return "from the program. It changes there, not in the text."
    return _BY_RULE.get(name, "from the terms of the year. It changes there, not in the text.")


def names_in(text: str) -> list[str]:
    """List what stands in braces, in its order."""
    return _BRACES.findall(text)


def unknown_in(text: str, *, keys: Collection[str]) -> list[str]:
    """List what stands in braces and is neither a placeholder nor a clause; `{` alone too.

    Args:
        text: of a clause.
        keys: of the clauses that a reference may name.
    """
    return [*(f"{{{name}}}" for name in names_in(text) if not _is_known(name, keys)), *_loose(text)]


def sections_in(text: str) -> set[str]:
    """List the keys of the clauses that a text refers to."""
    return {name[len(SECTION) :] for name in names_in(text) if name.startswith(SECTION)}


def fill(text: str, *, values: Mapping[str, str], sections: Mapping[str, str]) -> str:
    """Put what is known into a text; what is not stays as it is written, to be seen."""

    def said(found: re.Match[str]) -> str:
        name = found.group(1)
        if name.startswith(SECTION):
            return sections.get(name[len(SECTION) :], found.group())
        return values.get(name, found.group())

    return _BRACES.sub(said, text)


def values_of(draft: Draft) -> dict[str, str]:
    """Say every placeholder that the draft has a value for."""
    said = {name: value(draft) for name, value in _VALUES.items()}
    return {name: text for name, text in said.items() if text}


def _is_known(name: str, keys: Collection[str]) -> bool:
    return name in PLACEHOLDERS or (name.startswith(SECTION) and name[len(SECTION) :] in keys)


def _loose(text: str) -> Iterator[str]:
    rest = _BRACES.sub("", text)
    yield from sorted({brace for brace in "{}" if brace in rest})


def _day(written: str) -> str:
    return legal_day(date.fromisoformat(written))


def _opinion(part: str) -> Callable[[Draft], str]:
    return lambda draft: str(Money.from_dollars(draft.terms["opinion"][part]))


def _account_share(draft: Draft) -> str:
    share = draft.terms["pay"].get("incentive_estimate")
    return f"{trimmed(fraction_from_text(share) * PERCENT, 0)} percent" if share else ""


def _opinion_period(draft: Draft) -> str:
    opinion = draft.terms["opinion"]
    return legal_period(iso_period({"start": opinion["valid_from"], "end": opinion["valid_until"]}))


def _days(name: str) -> Callable[[Draft], str]:
    def said(draft: Draft) -> str:
        days = draft.facts.counted.get(name)
        return in_words_and_figures(days) if days else ""

    return said


def _least_months(draft: Draft) -> str:
    months = draft.terms.get("early_end", {}).get("least_months")
    return in_words_and_figures(months) if months else ""


def _wrvu_table(draft: Draft) -> str:
    components = draft.terms.get("components", ())
    years = {part["table_year"] for part in components if "table_year" in part}
    return " and ".join(f"calendar year {year}" for year in sorted(years))


def _division(draft: Draft) -> str:
    allocation = draft.terms.get("allocation")
    return in_words(allocation) if allocation else ""


_VALUES: Mapping[str, Callable[[Draft], str]] = {
    "hospital": lambda draft: draft.facts.hospital,
    "facility": lambda draft: draft.facts.facility,
    "group": lambda draft: draft.terms["program"]["group"],
    "counterparty": lambda draft: f"the {ROLES[draft.model]}",
    "Counterparty": lambda draft: f"The {ROLES[draft.model]}",
    "program": lambda draft: draft.terms["program"]["name"],
    "service_line": lambda draft: str(ServiceLine(draft.terms["program"]["service_line"]).label),
    "objective": lambda draft: draft.objective,
    "state": lambda draft: STATES.get(draft.facts.state, draft.facts.state),
    "first_day": lambda draft: legal_day(draft.facts.term.start),
    "last_day": lambda draft: legal_day(draft.facts.term.last),
    "term_length": lambda draft: length_in_words(draft.facts.term),
    "first_year": lambda draft: legal_period(iso_period(draft.terms["period"])),
    "fixed_fee": lambda draft: str(draft.dollars("fixed_fee")),
    "incentive_pool": lambda draft: str(draft.dollars("incentive_pool")),
    "account_share": _account_share,
    "valuator": lambda draft: draft.terms["opinion"]["valuator"],
    "opinion_day": lambda draft: _day(draft.terms["opinion"]["opined_on"]),
    "opinion_period": _opinion_period,
    "fixed_cap": _opinion("fixed"),
    "incentive_cap": _opinion("incentive"),
    "total_cap": _opinion("total"),
    "wrvu_table": _wrvu_table,
    "missing_rule": lambda draft: str(MissingRule(draft.terms["missing_rule"]).label),
    "division": _division,
    "comment_days": lambda draft: str(draft.comment_days),
    "notice_days": _days("notice_days"),
    "holdover_notice_days": _days("holdover_notice_days"),
    "least_months": _least_months,
    "reconciliation_days": lambda _: in_words_and_figures(RECONCILIATION_DAYS),
}
