"""The level of a firm from its answers: worked by hand, and never lower for a better answer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from applications.rules.self_diagnosis import assess
from applications.self_diagnosis import asked_by, questionnaire, questionnaires, read, reference

ASKED = questionnaires()[1]
CODES = [question["code"] for question in ASKED["questions"]]
ORDER = [level["code"] for level in ASKED["levels"]]
DAY = date(2025, 3, 3)


def answers(*points: int) -> dict[str, int]:
    return dict(zip(CODES, points, strict=True))


@pytest.mark.parametrize(
    ("points", "level"),
    [
        ((0,) * 10, "awareness"),
        ((2, 0, 0) + (2,) * 7, "awareness"),  # 2 of 6 is less than half
        ((1, 1, 1) + (0,) * 7, "orientation"),  # 3 of 6 is half: acquired
        ((2, 2, 2, 1, 1, 0, 1, 1, 0, 0), "skills"),  # 2 of 6
        ((2, 2, 2, 2, 2, 2, 1, 0, 0, 0), "strategy"),
        ((2,) * 10, "strategy"),
    ],
)
def test_the_first_level_not_acquired_is_hers(points: tuple[int, ...], level: str) -> None:
    assert assess(ASKED, answers(*points)).details["level"] == level


def test_the_reasons_are_the_questions_of_her_level_short_of_yes() -> None:
    verdict = assess(ASKED, answers(1, 1, 1, 0, 1, 2, 2, 2, 2, 2))
    assert verdict.codes() == ("need", "choice")
    assert verdict.details["stages"][1] == {"code": "orientation", "points": 1, "most": 4}


@given(points=st.lists(st.integers(0, 2), min_size=10, max_size=10), rank=st.integers(0, 9))
def test_a_better_answer_never_lowers_the_level(points: list[int], rank: int) -> None:
    better = [min(value + 1, 2) if place == rank else value for place, value in enumerate(points)]
    levels = [ORDER.index(assess(ASKED, answers(*one)).details["level"]) for one in (points, better)]
    assert levels[0] <= levels[1]


@pytest.mark.parametrize("given_", [{}, answers(*(2,) * 10) | {"plan": 3}, answers(*(2,) * 10) | {"plan": -1}])
def test_an_answer_that_is_none_names_its_question(given_: dict[str, int]) -> None:
    with pytest.raises(InputError, match=r"\$\.answers\."):
        assess(ASKED, given_)


def test_every_version_is_dated_and_whole() -> None:
    for number, one in questionnaires().items():
        assert one["version"] == number
        assert date.fromisoformat(one["valid_from"])
        assert {question["level"] for question in one["questions"]} == {level["code"] for level in one["levels"]}
        assert all(set(question["text"]) == {"fr", "en"} for question in one["questions"])
    assert questionnaire(DAY)["version"] == 1
    assert questionnaire(date(2020, 1, 1))["version"] == 1


def test_a_reference_holds_the_result_and_is_known_again() -> None:
    told = answers(2, 2, 2, 1, 1, 0, 1, 1, 0, 0)
    text = reference(ASKED, told, DAY)
    found = read(f" {text.lower()} ")
    assert found is not None
    assert (found.reference, found.day, found.answers, found.level) == (text, DAY, told, "skills")
    assert found.words == {"fr": "Compétences", "en": "Skills"}


def test_a_reference_that_was_changed_or_invented_is_unknown() -> None:
    text = reference(ASKED, answers(*(0,) * 10), DAY)
    assert read(text.replace("-0000000000-", "-2222222222-")) is None
    assert read("AD1-20250303-0000000000-AAAAAAAAAA") is None
    assert read("") is None


def test_a_reference_outlives_a_change_of_key(settings: Any) -> None:
    text = reference(ASKED, answers(*(1,) * 10), DAY)
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another-" + "1" * 50
    assert read(text) is not None
    settings.SECRET_KEY_FALLBACKS = []
    assert read(text) is None


def test_a_scheme_asks_it_as_a_prior_step() -> None:
    step = {"fact": "prior_steps", "op": "includes", "value": "self_diagnosis", "reason": "diagnosis"}
    assert asked_by({"who": {"conditions": [step]}})
    assert asked_by({"who": {"conditions": [{"any_of": [step], "reason": "x"}]}})
    assert not asked_by({"who": {"conditions": [step | {"value": "seminar"}]}})
    assert not asked_by({})
