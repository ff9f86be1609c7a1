"""The scoring plan of terms in words, as an exhibit of the agreement prints them. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from scorecards.plans.wording import plan_in_words
from scorecards.scoring.plans.node import PlanDocumentError
from scorecards.scoring.plans.reading import read_plan


def plan_sentences(terms: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Give each part of the plan with its sentences; nothing where the plan cannot be read.

    Such a plan cannot be signed either: the lock reads it again.
    """
    try:
        plan = read_plan(terms["scoring_plan"])
    except PlanDocumentError:
        return
    for section in plan_in_words(plan, terms):
        for line in section.lines:
            is_alone = len(section.lines) == 1 and line.title == section.title
            yield (section.title if is_alone else f"{section.title}: {line.title}", line.sentences)
