"""Scores of readiness: exact, half and half, and only where both have answered."""

from fractions import Fraction

import pytest

from agreements.readiness.questions import (
    ROLES_OF,
    AnswerError,
    Side,
    all_themes,
    questions_by_key,
    share_of,
    themes_for,
)
from agreements.readiness.scores import Sheet, check_answers, gaps_of, score_all
from comanage.identity.roles import GRANTS, Permission, Role

ASKED = [role for roles in ROLES_OF.values() for role in roles]


def sheet(role, **answers):
    return Sheet(role, {key.replace("_", "-"): answer for key, answer in answers.items()})


def theme(scores, key):
    return next(each for each in scores if each.theme.key == key)


def test_there_are_thirty_questions_on_five_themes_and_each_says_why():
    questions = questions_by_key()

    assert [len(each.questions) for each in all_themes()] == [6, 7, 5, 6, 6]
    assert len(questions) == 30
    assert all(each.why and each.task and each.asked_of for each in questions.values())
    assert all(each.asked_of <= set(ASKED) for each in questions.values())
    figures = [each.figure for each in questions.values() if each.figure]
    assert len(figures) == 4
    assert all(each.source and each.unit for each in figures)


def test_whoever_is_asked_something_may_answer_and_nobody_else():
    allowed = {role for role in Role if Permission.READINESS_ANSWER in GRANTS[role]}

    assert allowed == set(ASKED) == {role for role in Role if themes_for(role)}


@pytest.mark.parametrize(
    ("key", "answer", "share"),
    [
        ("one-voice", "0", Fraction(0)),
        ("one-voice", "3", Fraction(3, 4)),
        ("one-voice", "4", Fraction(1)),
        ("patients-per-nurse-medical-surgical", "5", Fraction(1)),
        ("patients-per-nurse-medical-surgical", "4", Fraction(1)),
        ("patients-per-nurse-medical-surgical", "6", Fraction(5, 6)),
        ("nurse-vacancies", "12.8", Fraction(3, 4)),
        ("nurse-vacancies", "0", Fraction(1)),
    ],
)
def test_a_step_counts_in_quarters_and_a_figure_by_its_reference(key, answer, share):
    assert share_of(questions_by_key()[key], answer) == share


@pytest.mark.parametrize(
    ("role", "answers", "said"),
    [
        (Role.PHYSICIAN, {"one-voice": "5"}, "one of the five steps"),
        (Role.PHYSICIAN, {"nurse-vacancies": "5"}, "your role is not asked"),
        (Role.PHYSICIAN, {"no-question": "1"}, "your role is not asked"),
        (Role.SERVICE_LINE_ADMINISTRATOR, {"nurse-vacancies": "many"}, "a number from 0"),
        (Role.SERVICE_LINE_ADMINISTRATOR, {"nurse-vacancies": "-1"}, "a number from 0"),
    ],
)
def test_an_answer_that_is_none_is_refused_in_words(role, answers, said):
    with pytest.raises(AnswerError, match=said):
        check_answers(role, answers)


def test_both_sides_count_half_however_many_answer():
    scores = score_all(
        [
            sheet(Role.EXECUTIVE, one_voice="4", all_stand_behind="4"),
            sheet(Role.CEO, one_voice="4"),
            sheet(Role.FINANCE, one_voice="2"),
            sheet(Role.PHYSICIAN, one_voice="1", divides_fairly="4"),
        ]
    )

    cohesion = theme(scores, "internal-cohesion")
    hospital, physicians = Fraction(100 * (4 + 4 + 2), 3 * 4), Fraction(25)
    one_voice = (hospital + physicians) / 2
    assert cohesion.questions[0].whole.points == one_voice
    # The other two questions have one answer each, of one side: fully.
    assert cohesion.whole.points == (one_voice + 100 + 100) / 3
    assert cohesion.whole.answers == 3 + 1 + 1 + 1
    # What one side alone answered says nothing of how the sides differ.
    assert cohesion.sides[Side.HOSPITAL].points == hospital
    assert cohesion.sides[Side.PHYSICIANS].points == physicians
    assert cohesion.difference == hospital - physicians
    assert cohesion.is_apart
    assert cohesion.roles[Role.PHYSICIAN].points == Fraction(25 + 100, 2)
    assert set(cohesion.roles) == {Role.EXECUTIVE, Role.CEO, Role.FINANCE, Role.PHYSICIAN}


def test_a_theme_that_nobody_answered_has_no_score_and_no_gap():
    scores = score_all([sheet(Role.EXECUTIVE, one_voice="4")])

    silent = theme(scores, "data-sharing")
    assert (silent.whole.points, silent.difference, silent.is_apart) == (None, None, False)
    assert gaps_of(scores) == []


def test_a_figure_that_misses_its_reference_is_a_gap_however_little():
    answers = {"patients_per_nurse_medical_surgical": "5.5", "nurse_vacancies": "9.6"}

    gaps = gaps_of(score_all([sheet(Role.SERVICE_LINE_ADMINISTRATOR, **answers)]))

    assert [(each.question.key, each.is_low) for each in gaps] == [
        ("patients-per-nurse-medical-surgical", True)
    ]


def test_gaps_are_the_low_and_those_seen_differently_the_lowest_first():
    scores = score_all(
        [
            sheet(Role.EXECUTIVE, one_voice="4", patients_first="4", on_time="2", history="3"),
            sheet(Role.PHYSICIAN, one_voice="3", patients_first="2", on_time="2"),
        ]
    )

    gaps = gaps_of(scores)

    # one-voice 87.5 and 25 points apart; patients-first 75 and 50 apart; on-time 50 and alike.
    assert [each.question.key for each in gaps] == ["on-time", "patients-first", "one-voice"]
    assert [(each.is_low, each.is_apart) for each in gaps] == [
        (True, False),
        (False, True),
        (False, True),
    ]
