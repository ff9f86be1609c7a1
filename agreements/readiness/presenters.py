"""Scores as their page shows them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from agreements.readiness.models import ReadinessSheet
from agreements.readiness.questions import ROLES_OF, SIDE_WORDS, Side, source_of
from agreements.readiness.scores import QuestionScore, Score, ThemeScore
from comanage.documents.charts import Reading, SidesChart, SidesRow
from comanage.identity.roles import Role
from comanage.values.rounding import decimal_text, round_half_up

PLACES = 0


@dataclass(frozen=True, slots=True)
class AnsweredRole:
    """How many members of one role have answered."""

    role: str
    side: str
    members: int


@dataclass(frozen=True, slots=True)
class ScoreReading:
    """A score as printed, with its number of answers."""

    points: str
    answers: str


@dataclass(frozen=True, slots=True)
class ThemeReading:
    """One theme: the whole, each side, how far they are apart, and each role."""

    title: str
    about: str
    whole: ScoreReading
    hospital: str
    physicians: str
    difference: str
    is_apart: bool
    roles: tuple[tuple[str, ScoreReading], ...]
    questions: tuple["QuestionReading", ...]


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """One question and what was said to it."""

    key: str
    text: str
    why: str
    reference: str
    whole: ScoreReading
    hospital: str
    physicians: str
    word: str
    tone: str
    task: str
    owner: str
    is_planned: bool = False


def read_answered(sheets: Sequence[ReadinessSheet]) -> tuple[AnsweredRole, ...]:
    """Say of each role how many members have answered, side by side."""
    return tuple(
        AnsweredRole(
            Role(role).label, SIDE_WORDS[side], sum(sheet.role == role for sheet in sheets)
        )
        for side, roles in ROLES_OF.items()
        for role in roles
    )


def read_themes(scores: Iterable[ThemeScore]) -> tuple[ThemeReading, ...]:
    """Read every theme."""
    return tuple(
        ThemeReading(
            title=score.theme.title,
            about=score.theme.about,
            whole=_score(score.whole),
            hospital=_points(score.sides[Side.HOSPITAL].points),
            physicians=_points(score.sides[Side.PHYSICIANS].points),
            difference=difference_words(score.difference),
            is_apart=score.is_apart,
            roles=tuple((role.label, _score(each)) for role, each in score.roles.items()),
            questions=tuple(read_question(each) for each in score.questions),
        )
        for score in scores
    )


def read_gaps(
    gaps: Iterable[QuestionScore], planned: Collection[str]
) -> tuple[QuestionReading, ...]:
    """Read gaps, and whether the workplan has their tasks.

    Args:
        gaps: the lowest first.
        planned: what the tasks of the workplan were made for.
    """
    return tuple(
        replace(read_question(gap), is_planned=source_of(gap.question) in planned) for gap in gaps
    )


def read_question(score: QuestionScore) -> QuestionReading:
    """Read one question."""
    question = score.question
    word, tone = _state(score)
    return QuestionReading(
        key=question.key,
        text=question.text,
        why=question.why,
        reference=_reference(score),
        whole=_score(score.whole),
        hospital=_points(score.sides[Side.HOSPITAL].points),
        physicians=_points(score.sides[Side.PHYSICIANS].points),
        word=word,
        tone=tone,
        task=question.task,
        owner=question.owner.label,
    )


def chart_of(scores: Iterable[ThemeScore]) -> SidesChart:
    """Put both sides of every theme on one scale from 0 to 100."""
    return SidesChart(
        title="Readiness by theme",
        names=(SIDE_WORDS[Side.HOSPITAL], SIDE_WORDS[Side.PHYSICIANS]),
        rows=tuple(
            SidesRow(
                name=score.theme.title,
                sides=tuple(_reading(score.sides[side].points) for side in Side),
                note=difference_words(score.difference),
            )
            for score in scores
        ),
    )


def difference_words(difference: Fraction | None) -> str:
    """Say which side sees it brighter, and by how many points."""
    if difference is None:
        return "One side alone"
    points = decimal_text(abs(difference), PLACES)
    if round_half_up(abs(difference), PLACES) == 0:
        return "Alike"
    higher = SIDE_WORDS[Side.HOSPITAL if difference > 0 else Side.PHYSICIANS]
    return f"{higher} higher by {points}"


def _state(score: QuestionScore) -> tuple[str, str]:
    if score.whole.points is None:
        return "Not answered", "quiet"
    if score.is_low and score.is_apart:
        return "Low, and seen differently", "concern"
    if score.is_low:
        return "Low", "concern"
    if score.is_apart:
        return "Seen differently", "waiting"
    return "No gap", "good"


def _reference(score: QuestionScore) -> str:
    figure = score.question.figure
    if figure is None:
        return ""
    bound = "up to" if figure.is_low_good else "from"
    return f"Full score {bound} {_decimal(figure.reference)} {figure.unit}. {figure.source}"


def _decimal(value: Fraction) -> str:
    return decimal_text(value, 0 if value.denominator == 1 else 1)


def _score(score: Score) -> ScoreReading:
    noun = "answer" if score.answers == 1 else "answers"
    return ScoreReading(_points(score.points), f"{score.answers:,} {noun}")


def _points(points: Fraction | None) -> str:
    return "No answer" if points is None else decimal_text(points, PLACES)


def _reading(points: Fraction | None) -> Reading | None:
    return None if points is None else Reading(points, decimal_text(points, PLACES))
