"""Who answers, and who reads what was answered."""

from collections.abc import Collection, Iterable, Mapping

from agreements.readiness.questions import SIDE_OF, AnswerError, Question, source_of
from agreements.readiness.scores import check_answers
from comanage.identity.actor import Actor
from comanage.identity.roles import Role
from comanage.web.errors import PolicyError


def check_can_answer(by: Actor) -> None:
    """Raise PolicyError unless the role belongs to one of the two sides."""
    if by.role not in SIDE_OF:
        raise PolicyError(
            "The two sides answer these questions: the hospital and the physicians. Your role "
            "belongs to neither."
        )


def can_answer(by: Actor) -> bool:
    """Say whether the questions are asked of this person."""
    return by.role in SIDE_OF


def check_is_sheet(answers: Mapping[str, str], role: Role) -> None:
    """Raise PolicyError unless the answers are to questions of the role, and there is one."""
    if not answers:
        raise PolicyError("No question is answered yet. Answer at least one, then send the sheet.")
    try:
        check_answers(role, answers)
    except AnswerError as wrong:
        raise PolicyError(str(wrong)) from wrong


def can_read_scores(by: Actor, *, has_answered: bool) -> bool:
    """Say whether a person may see what others answered: after answering, if they are asked.

    Who has seen the scores first answers to them, and no longer to the question.
    """
    return has_answered or not can_answer(by)


def check_is_gap(key: str, gaps: Iterable[Question]) -> Question:
    """Raise PolicyError unless a question is a gap by the answers that count now; return it."""
    for question in gaps:
        if question.key == key:
            return question
    raise PolicyError("By the answers that count now this is no gap, so it needs no task.")


def check_is_not_planned(question: Question, sources: Collection[str]) -> None:
    """Raise PolicyError when the workplan has the task already."""
    if source_of(question) in sources:
        raise PolicyError(f"“{question.task}” is in the workplan already.")
