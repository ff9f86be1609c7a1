"""Measuring one case at a time, by the book: the oracle of the kernel."""

from fractions import Fraction

from indicators.measure.criteria.reference import holds, value_of
from indicators.measure.population import CaseCriteria, Placement, place
from indicators.measure.scoring import OBSERVED
from indicators.measure.tally import Tally
from indicators.measure.values import KeptValues


def slow_tally(definition, rows, scope=None):
    """Count cases as a person would, one after the other."""
    return sum((_tally_of_one(definition, rows, n, scope) for n in range(len(rows))), Tally())


def _tally_of_one(definition, rows, number, scope):
    case, others = rows[number], (*rows[:number], *rows[number + 1 :])
    said = {name: holds(term, case, others) for name, term in definition.criteria.items()}
    in_scope = True if scope is None else holds(scope, case, others)
    if definition.data == "aggregates" or definition.scoring in OBSERVED:
        return _observed(definition, case, said, in_scope)
    return _judged(said, in_scope)


def _judged(said, in_scope):
    said = {"numerator": True} | said  # without a numerator every case is met
    where = place(CaseCriteria(scope=in_scope, **said))
    asked = _asked_on_the_way(where, in_scope, said)
    if where > Placement.DENOMINATOR_EXCLUSION:
        asked.append(said["numerator"])
        rest = "numerator_exclusion" if said.get("numerator", True) else "denominator_exception"
        asked.append(said.get(rest, False))
    not_met = where in (Placement.NUMERATOR_NOT_MET, Placement.NUMERATOR_EXCLUSION)
    return Tally(
        **_common(where, asked),
        denominator_exceptions=int(where is Placement.DENOMINATOR_EXCEPTION),
        numerator=int(where is Placement.NUMERATOR),
        numerator_exclusions=int(where is Placement.NUMERATOR_EXCLUSION),
        not_met=int(not_met),
        not_known=int(where is Placement.NUMERATOR_NOT_MET and said.get("numerator", True) is None),
    )


def _observed(definition, case, said, in_scope):
    before = {name: said[name] for name in _BEFORE if name in said}
    where = place(CaseCriteria(scope=in_scope, **before))
    asked = _asked_on_the_way(where, in_scope, said)
    above, below = (_number(definition, case, *names) for names in (_ABOVE, _BELOW))
    counts = bool(said.get("numerator", True) and not said.get("numerator_exclusion", False))
    numerator_asked = [said.get("numerator", True)]
    if said.get("numerator", True):
        numerator_asked.append(said.get("numerator_exclusion", False))
    on_its_own = definition.numerator_from == "initial_population"
    is_open = where > Placement.DENOMINATOR_EXCLUSION
    observed = is_open and below is not None and (on_its_own or not counts or above is not None)
    if is_open:
        asked += [below, *([] if on_its_own else numerator_asked)]
        asked += [] if on_its_own or not counts else [above]
    if on_its_own:
        in_population = where is not Placement.OUTSIDE_INITIAL_POPULATION
        asked += [*numerator_asked, above if counts else 0] if in_population else []
        adds = in_population and counts and above is not None
    else:
        adds = observed and counts
    sums = definition.scoring == "ratio" or bool({*_BELOW} & {*definition.numbers})
    return Tally(
        **_common(where, asked),
        numerator=int(adds),
        observations=int(observed),
        numerator_sum=above if adds else Fraction(0),
        denominator_sum=below if observed and sums else Fraction(0),
        values=KeptValues.of([above])
        if observed and definition.scoring in ("median", "percentile")
        else KeptValues(),
    )


_BEFORE = ("initial_population", "denominator", "denominator_exclusion")
_ABOVE = ("observation", "numerator_observation")
_BELOW = ("denominator_observation", "expected")


def _number(definition, case, *names):
    for name in names:
        if name in definition.numbers:
            return value_of(definition.numbers[name], case)
    return Fraction(1)


def _asked_on_the_way(where, in_scope, said):
    asked = [in_scope]
    if in_scope:
        asked.append(said.get("initial_population", True))
    if where is not Placement.OUTSIDE_INITIAL_POPULATION:
        asked.append(said.get("denominator", True))
    if where > Placement.OUTSIDE_DENOMINATOR:
        asked.append(said.get("denominator_exclusion", False))
    return asked


def _common(where, asked):
    return {
        "initial_population": int(where is not Placement.OUTSIDE_INITIAL_POPULATION),
        "denominator": int(where > Placement.OUTSIDE_DENOMINATOR),
        "denominator_exclusions": int(where is Placement.DENOMINATOR_EXCLUSION),
        "missing": int(None in asked),
    }
