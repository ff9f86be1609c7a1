"""The questions: one file for each theme, read once. Pure.

A question keeps its key as long as it means the same; one that comes to mean something else gets
another key, so that answers of different years are never mixed up.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from comanage.identity.roles import Role
from comanage.values.canonical import sha256_of
from comanage.values.rounding import NumberTextError, fraction_from_text

FOLDER = Path(__file__).parent / "questionnaires"
FULLY = 4  # the highest step
STEPS = ("Not at all", "Hardly", "Partly", "Largely", "Fully")
LARGEST = 10_000
LONGEST_SOURCE = 200


class Side(StrEnum):
    """Who answers: one party or the other."""

    HOSPITAL = "hospital"
    PHYSICIANS = "physicians"


SIDE_WORDS = {Side.HOSPITAL: "Hospital", Side.PHYSICIANS: "Physicians"}
ROLES_OF = {
    Side.HOSPITAL: (
        Role.EXECUTIVE,
        Role.CEO,
        Role.FINANCE,
        Role.COUNSEL,
        Role.COMPLIANCE,
        Role.SERVICE_LINE_ADMINISTRATOR,
    ),
    Side.PHYSICIANS: (Role.PHYSICIAN_MANAGER, Role.PHYSICIAN),
}
SIDE_OF = {role: side for side, roles in ROLES_OF.items() for role in roles}


class AnswerError(ValueError):
    """An answer that a question cannot have. The text is for whoever gave it."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What a figure is held against.

    Attributes:
        unit: of the figure.
        reference: from which the whole score is earned.
        is_low_good: whether less is better.
        source: where the reference is published.
    """

    unit: str
    reference: Fraction
    is_low_good: bool
    source: str


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        why: the reason it is asked.
        asked_of: the roles that answer it.
        task: what is to be done where the answers are low or apart.
        owner: the role that does it.
        figure: for a number; None for a step from not at all to fully.
    """

    key: str
    text: str
    why: str
    asked_of: frozenset[Role]
    task: str
    owner: Role
    figure: Figure | None = None


@dataclass(frozen=True, slots=True)
class Theme:
    """Questions about one thing."""

    key: str
    title: str
    about: str
    questions: tuple[Question, ...]


@cache
def all_themes() -> tuple[Theme, ...]:
    """Read every theme, in the order of the files' names."""
    files = sorted(FOLDER.glob("*.toml"))
    return tuple(_theme(tomllib.loads(file.read_text("utf-8"))) for file in files)


@cache
def questions_by_key() -> Mapping[str, Question]:
    """Return every question by its key."""
    return {question.key: question for theme in all_themes() for question in theme.questions}


@cache
def questions_sha256() -> str:
    """Return the hash of all that is asked, which an answer sheet names."""
    return sha256_of(
        {
            question.key: [question.text, sorted(question.asked_of)]
            for question in questions_by_key().values()
        }
    )


def themes_for(role: Role) -> tuple[Theme, ...]:
    """Return what a role is asked, theme by theme."""
    asked = (
        (theme, tuple(each for each in theme.questions if role in each.asked_of))
        for theme in all_themes()
    )
    return tuple(
        Theme(theme.key, theme.title, theme.about, questions)
        for theme, questions in asked
        if questions
    )


def source_of(question: Question) -> str:
    """Say in a task what it was made for."""
    return f"Readiness: {question.text}"[:LONGEST_SOURCE]


def share_of(question: Question, answer: str) -> Fraction:
    """Return how much of a question is fulfilled, from 0 to 1, exactly.

    A step counts in quarters. A figure counts whole from its reference on, and below by the
    quotient of the two: 6 patients per nurse against 5 are 5/6.

    Args:
        question: what was asked.
        answer: a step from 0 to 4, or a figure as a decimal.

    Raises:
        AnswerError: the question has no such answer.
    """
    if question.figure is None:
        if answer not in map(str, range(FULLY + 1)):
            raise AnswerError("Choose one of the five steps, or leave the question open.")
        return Fraction(int(answer), FULLY)
    value = figure_from_text(answer)
    least, most = sorted((value, question.figure.reference))
    is_reached = value == (least if question.figure.is_low_good else most)
    return Fraction(1) if is_reached else least / most


def figure_from_text(text: str) -> Fraction:
    """Read a figure.

    Raises:
        AnswerError: it is no number from 0 to ten thousand.
    """
    try:
        value = fraction_from_text(text)
    except NumberTextError:
        value = Fraction(-1)
    if not 0 <= value <= LARGEST:
        raise AnswerError("Give a number from 0 to 10,000, such as 4.5, without its unit.")
    return value


def _theme(document: Mapping[str, Any]) -> Theme:
    return Theme(
        key=document["key"],
        title=document["title"],
        about=document["about"],
        questions=tuple(_question(each) for each in document["question"]),
    )


def _question(document: Mapping[str, Any]) -> Question:
    return Question(
        key=document["key"],
        text=document["text"],
        why=document["why"],
        asked_of=frozenset(role for name in document["asked_of"] for role in _roles(name)),
        task=document["task"],
        owner=Role(document["owner"]),
        figure=_figure(document) if document.get("kind") == "figure" else None,
    )


def _figure(document: Mapping[str, Any]) -> Figure:
    return Figure(
        unit=document["unit"],
        reference=fraction_from_text(document["reference"]),
        is_low_good=document["improvement"] == "decrease",
        source=document["source"],
    )


def _roles(name: str) -> tuple[Role, ...]:
    return ROLES_OF[Side(name)] if name in set(Side) else (Role(name),)
