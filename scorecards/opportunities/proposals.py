"""A draft indicator out of an opportunity: its baseline, and two goals on the way. Pure.

A proposal binds nobody: the parties decide on goals and weights, and the valuator on pay.
"""

from dataclasses import dataclass
from fractions import Fraction

from comanage.values.rounding import round_half_up
from indicators.measure.definition import Definition

PLACES = 1  # decimals of a goal in print, as the terms compare
HALFWAY = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class ProposedGoal:
    """A tier: its goal in the unit of the rate, and the share it earns."""

    name: str
    goal: Fraction
    share: Fraction


@dataclass(frozen=True, slots=True)
class NoProposal:
    """Nothing is proposed, and why, in a sentence."""

    reason: str


def propose(
    definition: Definition, baseline: Fraction, reference: Fraction
) -> tuple[ProposedGoal, ...] | NoProposal:
    """Propose the way from the baseline to the reference: half of it earns half, all of it all.

    Goals are rounded to the decimals in which they are printed and compared.

    Args:
        definition: of the indicator.
        baseline: what all cases together reach now.
        reference: what the worse units were held against.
    """
    is_better = (
        reference > baseline if definition.improvement == "increase" else reference < baseline
    )
    if not is_better:
        return NoProposal("All cases together are at the reference already: nothing to gain there.")
    threshold = _printed(definition, baseline + (reference - baseline) * HALFWAY)
    target = _printed(definition, reference)
    if len({_printed(definition, baseline), threshold, target}) < 3:
        return NoProposal(
            "Baseline and reference are so near that goals between them would not differ in print."
        )
    return (
        ProposedGoal("Threshold", threshold, HALFWAY),
        ProposedGoal("Target", target, Fraction(1)),
    )


def _printed(definition: Definition, value: Fraction) -> Fraction:
    multiplier = definition.printed_multiplier
    return round_half_up(value * multiplier, PLACES) / multiplier
