"""From answer sheets to scores from 0 to 100, exactly, and to where the two sides differ. Pure.

A question's score is the mean of its answers on each side, and of both sides half and half: a
program is between two parties, however many people of each answer. A theme's score is the mean
of its questions. Sides are compared on the questions that both have answered, and no others.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from agreements.readiness.questions import (
    SIDE_OF,
    AnswerError,
    Question,
    Side,
    Theme,
    all_themes,
    questions_by_key,
    share_of,
)
from comanage.identity.roles import Role

HUNDRED = 100
GAP_UNDER = Fraction(60)  # points, of a question that is answered in steps
APART_FROM = Fraction(25)  # points between the two sides


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one member answered, by the key of the question; an open question is not in it."""

    role: Role
    answers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """A score from 0 to 100; None where nobody has answered."""

    points: Fraction | None
    answers: int


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """One question: both sides half and half, each side alone."""

    question: Question
    whole: Score
    sides: Mapping[Side, Score]

    @property
    def difference(self) -> Fraction | None:
        """Points by which the hospital's answers are above the physicians'; None for one side."""
        hospital, physicians = (self.sides[side].points for side in Side)
        return None if hospital is None or physicians is None else hospital - physicians

    @property
    def is_low(self) -> bool:
        """Whether the score is a gap; a figure is one as soon as it misses its reference."""
        most = GAP_UNDER if self.question.figure is None else HUNDRED
        return self.whole.points is not None and self.whole.points < most

    @property
    def is_apart(self) -> bool:
        """Whether the two sides see it differently."""
        return self.difference is not None and abs(self.difference) >= APART_FROM


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """One theme.

    Attributes:
        whole: the mean of its questions.
        sides: each side on the questions that both have answered.
        roles: each role that has answered, on the questions it answered.
        questions: in the order of the file.
    """

    theme: Theme
    whole: Score
    sides: Mapping[Side, Score]
    roles: Mapping[Role, Score]
    questions: tuple[QuestionScore, ...]

    @property
    def difference(self) -> Fraction | None:
        """Points by which the hospital is above the physicians; None without both."""
        hospital, physicians = (self.sides[side].points for side in Side)
        return None if hospital is None or physicians is None else hospital - physicians

    @property
    def is_apart(self) -> bool:
        """Whether the two sides see the theme differently."""
        return self.difference is not None and abs(self.difference) >= APART_FROM


def score_all(sheets: Sequence[Sheet]) -> tuple[ThemeScore, ...]:
    """Score every theme; one sheet for each member."""
    return tuple(_theme(theme, sheets) for theme in all_themes())


def gaps_of(scores: Iterable[ThemeScore]) -> list[QuestionScore]:
    """List the questions that are low or on which the sides differ; the lowest score first."""
    found = [each for theme in scores for each in theme.questions if each.is_low or each.is_apart]
    return sorted(found, key=lambda each: (each.whole.points or Fraction(0), each.question.key))


def check_answers(role: Role, answers: Mapping[str, str]) -> None:
    """Hold answers against what a role is asked.

    Raises:
        AnswerError: an answer is to no question of the role, or a question has no such answer.
    """
    for key, answer in answers.items():
        question = questions_by_key().get(key)
        if question is None or role not in question.asked_of:
            raise AnswerError("One of the answers is to a question that your role is not asked.")
        share_of(question, answer)


def _theme(theme: Theme, sheets: Sequence[Sheet]) -> ThemeScore:
    questions = tuple(_question(each, sheets) for each in theme.questions)
    shared = [each for each in questions if each.difference is not None]
    roles = sorted({sheet.role for sheet in sheets}, key=list(Role).index)
    by_role = {
        role: _of_role(theme, [each for each in sheets if each.role == role]) for role in roles
    }
    return ThemeScore(
        theme=theme,
        whole=_mean_of([each.whole for each in questions]),
        sides={side: _mean_of([each.sides[side] for each in shared]) for side in Side},
        roles={role: score for role, score in by_role.items() if score.points is not None},
        questions=questions,
    )


def _question(question: Question, sheets: Sequence[Sheet]) -> QuestionScore:
    sides = {
        side: _of_answers(question, [each for each in sheets if SIDE_OF.get(each.role) is side])
        for side in Side
    }
    return QuestionScore(question, _mean_of(list(sides.values())), sides)


def _of_role(theme: Theme, sheets: Sequence[Sheet]) -> Score:
    return _mean_of([_of_answers(question, sheets) for question in theme.questions])


def _of_answers(question: Question, sheets: Sequence[Sheet]) -> Score:
    """Return the mean of the answers to one question; each answer counts the same."""
    answers = [sheet.answers[question.key] for sheet in sheets if question.key in sheet.answers]
    if not answers:
        return Score(None, 0)
    total = sum((share_of(question, answer) for answer in answers), Fraction(0))
    return Score(HUNDRED * total / len(answers), len(answers))


def _mean_of(scores: Sequence[Score]) -> Score:
    """Return the mean of the scores there are; each counts the same."""
    given = [each.points for each in scores if each.points is not None]
    answers = sum(each.answers for each in scores)
    return Score(sum(given, Fraction(0)) / len(given) if given else None, answers)
