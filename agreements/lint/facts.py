"""What the rules look at: a version as it was printed, and what the program has on file. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from agreements.credentials.freshness import Gap
from agreements.lint.earlier import YearShown
from agreements.terms.outcomes import outcome_class
from comanage.values.money import Money


class Severity(StrEnum):
    """What a finding asks for, in order of what to do."""

    BLOCK = "BLOCK"
    HOLD = "HOLD"
    WARN = "WARN"
    INFO = "INFO"


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found: on what it stands, with figures, and what would satisfy it.

    Attributes:
        clause: the key of the clause it stands on; empty where it stands on terms or papers.
        severity: where it differs from the rule's own.
    """

    stands_on: str
    what: str
    way_out: str
    clause: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class MemoFacts:
    """The newest memo on commercial reasonableness.

    Attributes:
        is_of_physicians: whether who approved it is paid under the agreement, or sits on the
            physicians' side.
        has_paper: whether the signed paper is on file.
    """

    approved_on: date
    approver: str
    is_of_physicians: bool = False
    has_paper: bool = True


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the register and the other programs of some people hold.

    Attributes:
        same_duties: duties that another program's terms have too, each with that program.
        contracts: contracts about duties that run beside this one: title, and last day.
        unlisted: programs that pay these people and have no contract in the register.
        barred: same contracts that ended in their first year: title, end, first free day.
        amended_holdovers: contracts held over and then amended: title, and the day.
    """

    same_duties: tuple[tuple[str, str], ...] = ()
    contracts: tuple[tuple[str, date], ...] = ()
    unlisted: tuple[str, ...] = ()
    barred: tuple[tuple[str, date, date], ...] = ()
    amended_holdovers: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Worked:
    """Approved minutes of duties by the hour in a quarter or year, beside those assumed."""

    period: str
    minutes: int
    assumed: int


@dataclass(frozen=True, slots=True)
class LintFacts:
    """A version of an agreement and what is known about it on a day.

    Attributes:
        today: at the hospital.
        begins_on, ends_on: the term, half-open.
        clauses: the keys of the clauses that were printed.
        exhibits: the titles of the exhibits that were printed.
        rewritten: the keys of the standard's clauses that the program wrote anew.
        terms: as `agreements.terms.document` writes them.
        path: on which exception counsel relies; empty where nobody said.
        state: the name of the state whose law governs.
        pay_gaps: what of the pay the opinion does not support.
        term_gaps: what else the terms lack before they can be locked.
        unpayable: indicators that may be watched but not paid for: title, and why.
        has_opinion_paper: whether the opinion of the terms is on file itself.
        stale: what makes the opinion stale, as rule, reason, and whether it is over.
        worked: quarters of the running year whose hours can be held against the opinion.
        undecided_sheets: sheets of work of the program that wait to be approved.
        screening_gaps: what keeps people from being paid, and what ends that.
        lapsed: people whose licenses have all ended.
        unlicensed: people of whom no license is on record.
        without_letter: people who are employed and have no contract of their own.
        elsewhere: of the physicians who take part.
        families: of their immediate family, as far as the register names it.
        unchanged_goals: slugs of indicators whose goals and baseline two signed years had before.
        earlier_years: signed years of the program before this one, the earliest first.
        has_outside_member: whether somebody beyond the paid group sits on the committee.
        undisclosed: members of the committee who disclosed nothing for this calendar year.
    """

    today: date
    begins_on: date
    ends_on: date
    clauses: frozenset[str]
    exhibits: frozenset[str]
    terms: Mapping[str, Any] = field(hash=False)
    rewritten: frozenset[str] = frozenset()
    is_executed: bool = False
    is_bond_financed: bool = False
    renewal: str = "none"
    path: str = ""
    state: str = ""
    pay_gaps: tuple[str, ...] = ()
    term_gaps: tuple[str, ...] = ()
    unpayable: tuple[tuple[str, str], ...] = ()
    has_opinion_paper: bool = True
    stale: tuple[tuple[str, str, bool], ...] = ()
    worked: tuple[Worked, ...] = ()
    undecided_sheets: int = 0
    screening_gaps: tuple[Gap, ...] = ()
    lapsed: tuple[str, ...] = ()
    unlicensed: tuple[str, ...] = ()
    without_letter: tuple[str, ...] = ()
    memo: MemoFacts | None = None
    elsewhere: Elsewhere = Elsewhere()
    families: Elsewhere = Elsewhere()
    unchanged_goals: tuple[str, ...] = ()
    earlier_years: tuple[YearShown, ...] = ()
    has_outside_member: bool = False
    undisclosed: tuple[str, ...] = ()

    @property
    def definitions(self) -> list[Mapping[str, Any]]:
        """The definitions of the agreed indicators, in their order."""
        return [each["definition"] for each in self.terms["indicators"]]

    @property
    def titles(self) -> dict[str, str]:
        """The title of each agreed indicator, by slug."""
        return {each["slug"]: each["definition"]["title"] for each in self.terms["indicators"]}

    @property
    def model(self) -> str:
        """The arrangement, as `programs.AlignmentModel` says it."""
        return str(self.terms["program"]["alignment_model"])

    @property
    def fixed_fee(self) -> Money:
        """The fixed fee of the first year."""
        return Money.from_dollars(self.terms["pay"]["fixed_fee"])

    @property
    def pool(self) -> Money:
        """The incentive pool of the first year."""
        return Money.from_dollars(self.terms["pay"]["incentive_pool"])

    @property
    def savings(self) -> list[str]:
        """The names of the parts of the pay that share a saving."""
        return [part["label"] for part in self.parts("savings")]

    def parts(self, kind: str) -> list[Mapping[str, Any]]:
        """List the further parts of the pay of a kind."""
        return [part for part in self.terms.get("components", ()) if part["kind"] == kind]

    def of_classes(self, classes: frozenset[str]) -> list[Mapping[str, Any]]:
        """List the agreed indicators whose outcome class is one of these."""
        return [each for each in self.terms["indicators"] if outcome_class(each) in classes]
