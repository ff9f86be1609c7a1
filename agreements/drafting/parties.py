"""The parties as a contract names them: its preamble, and the place where each signs. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from agreements.drafting.document import AgreementDocument, Party
from agreements.drafting.words import legal_day


@dataclass(frozen=True, slots=True)
class SignatureBlock:
    """The place where a party signs.

    Attributes:
        by: what stands there as the signature; empty until the party has signed.
        name, title: of the person who signs for it; empty until somebody is named.
        day: of the signature, as agreements write it; empty before.
    """

    party: Party
    by: str = ""
    name: str = ""
    title: str = ""
    day: str = ""


def preamble(document: AgreementDocument) -> str:
    """Say who agrees, and what the clauses call each of them.

    It is made of the parties that every version holds, so that no stored version changes.
    """
    parties = ", and ".join(
        f"{each.name} ({called(each)}), {each.about}" for each in document.parties
    )
    return f"This agreement (the “Agreement”) is between {parties}. The parties agree as follows:"


def called(party: Party) -> str:
    """Write what the clauses call a party, as it stands behind its name."""
    return f"the “{party.role}”"


def for_whom(party: Party) -> str:
    """Name a party in full: its legal name, and what the clauses call it."""
    return f"{party.name} ({called(party)})"


def executed(day: date) -> str:
    """Say that a version is executed, with the day of the last signature."""
    return f"Executed on {legal_day(day)}, the day of the last signature."


def blank_blocks(parties: Iterable[Party]) -> tuple[SignatureBlock, ...]:
    """Give each party the place where it signs, before anybody is named."""
    return tuple(SignatureBlock(each) for each in parties)
