"""Which contracts stood behind the year, and which others its people have, as the report prints it.

Pure: from the year's records, which copy the register of contracts.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from comanage.values.period import Period, day_text

Document = Mapping[str, Any]
Row = dict[str, str]
WRITTEN = "Written agreement, in force for the whole year"
OTHERS = "No other payment for the same work"
_NO_REGISTER = "The register has no contract of this program. It is looked at where it is kept."


def contracts_in_order(contracts: Sequence[Document], *, period: Period) -> list[Row]:
    """Hold the contracts of the register against the year.

    Args:
        contracts: of the records: those of the program, and others with its group or people.
        period: the year.
    """
    own = [each for each in contracts if each["is_of_the_program"]]
    others = [each for each in contracts if not each["is_of_the_program"]]
    if not own:
        return [_row(WRITTEN, "Not recorded", _NO_REGISTER), _others(others, has_register=False)]
    covers = any(_covers(each, period) for each in own)
    return [
        _row(WRITTEN, "Met" if covers else "Not met", " ".join(_told(each) for each in own)),
        _others(others, has_register=True),
    ]


def _covers(contract: Document, period: Period) -> bool:
    """Say whether a contract was signed before the year and lasted as long as it."""
    if contract["signed_on"] is None:
        return False
    began = max(date.fromisoformat(contract[name]) for name in ("signed_on", "starts_on"))
    ended = contract["over_on"]
    return began <= period.start and (ended is None or date.fromisoformat(ended) >= period.end)


def _told(contract: Document) -> str:
    signed = contract["signed_on"]
    said = [
        f"signed {day_text(date.fromisoformat(signed))}" if signed else "not signed",
        f"in force from {day_text(date.fromisoformat(contract['starts_on']))} {_until(contract)}",
    ]
    if contract["document_sha256"]:
        said.append(f"executed here under the SHA-256 {contract['document_sha256'][:12]}")
    amended = [day_text(date.fromisoformat(day)) for day in contract["amended_on"]]
    said.append(f"amended from {', '.join(amended)}" if amended else "not amended")
    return f"{contract['title']}: {'; '.join(said)}."


def _until(contract: Document) -> str:
    if contract["over_on"] is None:
        return "on, held over"
    return f"through {day_text(Period(date.min, date.fromisoformat(contract['over_on'])).last)}"


def _others(others: Sequence[Document], *, has_register: bool) -> Row:
    """Name what else is paid to the same people; whether it is the same work, counsel judges."""
    if others:
        named = "; ".join(
            f"{each['title']} ({each['kind'].lower()}, "
            f"{', '.join(each['people']) or each['party']})"
            for each in others
        )
        return _row(OTHERS, "Open", f"Also in the register, for counsel to compare: {named}.")
    if has_register:
        return _row(
            OTHERS, "Met", "The register has no other contract with the group or its physicians."
        )
    return _row(OTHERS, "Not recorded", _NO_REGISTER)


def _row(what: str, state: str, finding: str) -> Row:
    return {"what": what, "state": state, "finding": finding}
