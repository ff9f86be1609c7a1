"""The cases of an indicator by state, each with what decided it. Pure.

Cases that are known to be outside the program's scope are somebody else's: they are counted
and not listed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from indicators.measure.criteria import Criterion
from indicators.measure.definition import Definition
from indicators.measure.explain import Explained, explain_all
from indicators.measure.population import Placement, State, state_of
from indicators.measure.scoring import OBSERVED

Rows = npt.NDArray[np.int64]
POPULATION_WORDS = {
    "scope": "Scope of the program",
    "initial_population": "Initial population",
    "denominator": "Denominator",
    "denominator_exclusion": "Denominator exclusion",
    "numerator": "Numerator",
    "numerator_exclusion": "Numerator exclusion",
    "denominator_exception": "Denominator exception",
    "evidence_column": "Evidence",
    "observation": "Observation",
    "numerator_observation": "Numerator",
    "denominator_observation": "Denominator",
    "expected": "Expected",
}
STATE_ORDER = (State.NOT_MET, State.NOT_YET_KNOWN, State.MET, State.NOT_ELIGIBLE)
_WANTED = {"increase": State.MET, "decrease": State.NOT_MET}
_TONES = {State.NOT_ELIGIBLE: "quiet", State.NOT_YET_KNOWN: "waiting"}


@dataclass(frozen=True, slots=True)
class StateCount:
    """How many cases are in a state; `key` names it in an address."""

    key: str
    word: str
    tone: str
    cases: int

    @property
    def label(self) -> str:
        """Word and number: `Not met 317`."""
        return f"{self.word} {self.cases:,}"


@dataclass(frozen=True, slots=True)
class CaseReading:
    """One case: its key as the feed declares it, where it stands, what decided, what was read."""

    key: str
    word: str
    tone: str
    population: str
    because: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """The cases of one indicator.

    Attributes:
        cases: the table, with the case key and the columns of the definition.
        states: of each case, its place in `STATE_ORDER`.
        inside: cases that are not known to be outside the scope.
    """

    definition: Definition
    cases: pa.Table
    explained: Explained
    states: npt.NDArray[np.int8]
    inside: npt.NDArray[np.bool_]

    @property
    def out_of_scope(self) -> int:
        """How many cases of the feed are outside the program's scope."""
        return int((~self.inside).sum())

    @property
    def counts(self) -> tuple[StateCount, ...]:
        """The cases by state, in the order of `STATE_ORDER`."""
        found = np.bincount(self.states[self.inside], minlength=len(STATE_ORDER)).tolist()
        return tuple(
            StateCount(
                key_of(state),
                word_of(self.definition, state),
                tone_of(self.definition, state),
                cases,
            )
            for state, cases in zip(STATE_ORDER, found, strict=True)
        )

    def rows(self, key: str) -> Rows:
        """Give the places of the cases of a state, or of every state, in the order received."""
        chosen = self.inside
        if key:
            place = [key_of(state) for state in STATE_ORDER].index(key)
            chosen = chosen & (self.states == place)
        return np.flatnonzero(chosen)

    def read(self, rows: Rows, case_key: str) -> tuple[CaseReading, ...]:
        """Read a few cases."""
        asked = self.cases.take(pa.array(rows)).to_pydict()
        return tuple(self._case(int(row), asked, place, case_key) for place, row in enumerate(rows))

    def _case(
        self, row: int, asked: Mapping[str, Sequence[object]], place: int, case_key: str
    ) -> CaseReading:
        state, reason = STATE_ORDER[int(self.states[row])], self.explained.reason(row)
        return CaseReading(
            key=_printed(asked[case_key][place]),
            word=word_of(self.definition, state),
            tone=tone_of(self.definition, state),
            population=POPULATION_WORDS[reason.population],
            because=reason.because,
            values=tuple(
                (column.label or column.name, _printed(asked[column.name][place]))
                for column in self.definition.columns
                if column.name != case_key
            ),
        )


def list_cases(definition: Definition, cases: pa.Table, scope: Criterion | None) -> Listing:
    """Place and explain every case.

    Args:
        definition: of the indicator; executable.
        cases: as for `measure`, with the case key.
        scope: as for `measure`.
    """
    explained = explain_all(definition, cases, scope)
    undecided = explained.placed.undecided
    table = np.array(
        [
            [_place_of(placement, is_undecided=is_undecided) for placement in Placement]
            for is_undecided in (False, True)
        ],
        np.int8,
    )
    outside = [
        place for place, reason in enumerate(explained.reasons) if reason.population == "scope"
    ]
    known = ~undecided & np.isin(explained.codes, outside)
    states: npt.NDArray[np.int8] = table[undecided.astype(int), explained.placed.placements]
    return Listing(definition, cases, explained, states, ~known)


def key_of(state: State) -> str:
    """Name a state in an address."""
    return state.value.replace(" ", "-")


def word_of(definition: Definition, state: State) -> str:
    """Name a state for people; a case that is observed is counted rather than met."""
    is_counted = _is_observed(definition) and state is State.MET
    return "Counted" if is_counted else state.value.capitalize()


def tone_of(definition: Definition, state: State) -> str:
    """Give a state its tone; a readmission that is met is no good news, nor is one observed any."""
    if state in _TONES or _is_observed(definition):
        return _TONES.get(state, "quiet")
    return "good" if state is _WANTED[definition.improvement] else "concern"


def _is_observed(definition: Definition) -> bool:
    return definition.data == "aggregates" or definition.scoring in OBSERVED


def _place_of(placement: Placement, *, is_undecided: bool) -> int:
    return STATE_ORDER.index(state_of(placement, is_undecided=is_undecided))


def _printed(value: object) -> str:
    match value:
        case None:
            return "missing"
        case bool():
            return "yes" if value else "no"
    return str(value)
