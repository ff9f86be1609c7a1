"""What a scoring plan must share with the terms it stands in. Pure.

This room cannot read plans. `scorecards.plans` reads them whole before they are put into a draft;
terms change after that, so it reads them again at the lock, and says them for the exhibits of an
agreement, by the ways that are left open here.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from comanage.values.money import Money
from comanage.values.rounding import NumberTextError, fraction_from_text

NO_INDICATORS = "There are no indicators yet. Add those the parties agreed on."
INCENTIVE_POOL = "incentive_pool"

Document = Mapping[str, Any]
Reader = Callable[[Document, Document], Iterable[str]]
Sentences = tuple[str, tuple[str, ...]]
Sayer = Callable[[Document], Iterable[Sentences]]
_READERS: list[Reader] = []
_SAYERS: list[Sayer] = []

_BETTER = {"increase": "higher", "decrease": "lower"}


def read_plans_by(reader: Reader) -> None:
    """Have plans read at the lock, by a room that can; once, when the program starts.

    Args:
        reader: takes terms and plan, and says everything that is wrong.
    """
    _READERS.append(reader)


def say_plans_by(sayer: Sayer) -> None:
    """Have plans said in words, by a room that can; once, when the program starts.

    Args:
        sayer: takes terms with a plan; gives what each part is about, with its sentences.
    """
    _SAYERS.append(sayer)


def plan_in_words(terms: Document) -> tuple[Sentences, ...]:
    """Say the plan in terms, part by part, as an exhibit of the agreement prints it."""
    return tuple(part for sayer in _SAYERS for part in sayer(terms))


def plan_gaps(terms: Document) -> list[str]:
    """List, in the user's words, everything that keeps the plan in the terms from being signed."""
    found = differences(terms)
    if found:
        return found
    return [gap for reader in _READERS for gap in reader(terms, terms["scoring_plan"])]


def differences(terms: Document) -> list[str]:
    """List, in the user's words, where the plan and the rest of the terms differ."""
    plan = terms["scoring_plan"]
    if not terms["indicators"]:
        return [NO_INDICATORS]
    return [*_indicator_gaps(terms, plan), *_pool_gaps(terms, plan)]


def _indicator_gaps(terms: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[str]:
    planned = {each.get("slug"): each for each in _objects(plan, "indicators")}
    agreed = {each["slug"]: each for each in terms["indicators"]}
    for slug in planned:
        if slug not in agreed:
            yield (
                f"The scoring plan pays for “{slug}”, which is not in these terms. Agree on it, or "
                f"take it out of the plan."
            )
    for slug, indicator in agreed.items():
        title = indicator["definition"]["title"]
        if slug not in planned:
            yield (
                f"“{title}” is not in the scoring plan, so it could earn nothing. Add it there, or "
                f"take it out of these terms."
            )
            continue
        yield from _differences(title, indicator, plan, planned[slug])


def _differences(
    title: str, indicator: Mapping[str, Any], plan: Mapping[str, Any], planned: Mapping[str, Any]
) -> Iterator[str]:
    defined = indicator["definition"]["improvement"]
    if planned.get("improvement") != defined:
        yield (
            f"Of “{title}” the {_BETTER[defined]} value is the better by its definition, and not "
            f"by the scoring plan. Mend the plan."
        )
    rule = planned.get("small_numbers") or plan.get("small_numbers")
    minimum = rule.get("minimum_cases") if isinstance(rule, Mapping) else None
    if str(minimum) != str(indicator["minimum_cases"]):
        yield (
            f"“{title}” needs {indicator['minimum_cases']} cases by these terms and {minimum} by "
            f"the scoring plan. Make them the same."
        )


def _pool_gaps(terms: Mapping[str, Any], plan: Mapping[str, Any]) -> Iterator[str]:
    agreed = Money.from_dollars(terms["pay"]["incentive_pool"])
    pools = [each for each in _objects(plan, "pay") if each.get("kind") == "pool"]
    planned = sum((_amount(each.get("amount"), agreed) for each in pools), Fraction(0))
    if planned != Fraction(agreed.cents, 100):
        yield (
            f"The pools of the scoring plan add up to {Money(100).times(planned)}, and the "
            f"incentive pool of these terms is {agreed}. Make them the same."
        )


def _amount(written: object, agreed: Money) -> Fraction:
    """Read the dollars of a pool, exact; nothing where they cannot be read."""
    if written == {"input": INCENTIVE_POOL}:
        return Fraction(agreed.cents, 100)
    try:
        return fraction_from_text(str(written))
    except NumberTextError:
        return Fraction(0)


def _objects(document: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    value = document.get(name)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []
