"""An undertaking in difficulty: one criterion is enough, a young SME escapes the one on capital (art. 2(18))."""

from __future__ import annotations

from datetime import date

import pytest

from applications.rules.base import InputError
from applications.rules.difficulty import CRITERIA, QUESTIONS, Situation, reasons
from regions.schemes.vocabulary import DECLARATIONS
from tests.reporting.compute.helpers import computed

DAY = date(2026, 5, 4)
OLD = date(2010, 1, 1)
NO = dict.fromkeys(QUESTIONS, False)
ADVICE = {
    "article": "18", "granted_on": DAY.isoformat(), "size": "small",
    "costs": [{"kind": "consultancy", "amount": "30000.00"}],
}  # fmt: skip


def codes(created_on: date | None = OLD, size: str = "small", **answers: bool | None) -> list[str]:
    return [reason.code for reason in reasons(Situation(NO | answers, size, created_on, DAY))]


def test_nothing_met_refuses_nothing() -> None:
    assert codes() == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_one_criterion_is_enough(name: str) -> None:
    (reason,) = reasons(Situation(NO | {name: True}, "micro", OLD, DAY))
    assert (reason.code, reason.blocking) == (f"difficulty_{name}", True)
    assert "2(18)" in reason.article


@pytest.mark.parametrize(
    ("created_on", "size", "found"),
    [
        (date(2023, 5, 5), "medium", []),
        (date(2023, 5, 4), "medium", ["difficulty_capital_lost"]),
        (date(2025, 1, 1), "large", ["difficulty_capital_lost"]),
        (date(2025, 1, 1), "", ["difficulty_capital_lost"]),
        (None, "micro", ["difficulty_capital_lost"]),
    ],
)
def test_half_the_capital_lost_does_not_count_against_an_sme_of_less_than_three_years(
    created_on: date | None, size: str, found: list[str]
) -> None:
    assert codes(created_on, size, capital_lost=True) == found


@pytest.mark.parametrize("name", ["insolvent", "rescue_aid"])
def test_age_excuses_nothing_else(name: str) -> None:
    assert codes(date(2026, 1, 1), "micro", **{name: True}) == [f"difficulty_{name}"]


def test_what_is_not_told_is_left_to_a_person_unless_something_refuses() -> None:
    (reason,) = reasons(Situation(dict.fromkeys(QUESTIONS), "small", OLD, DAY))
    assert (reason.code, reason.blocking, reason.params["criteria"]) == ("difficulty_untold", False, list(QUESTIONS))
    assert codes(rescue_aid=None, insolvent=True) == ["difficulty_insolvent"]
    assert codes(date(2025, 1, 1), capital_lost=None) == []


def test_every_criterion_has_its_words_and_article() -> None:
    assert all(criterion.article.startswith("Règl. (UE) 651/2014") for criterion in CRITERIA)
    assert DECLARATIONS["gber_18"] == ("difficulty",)


def test_the_exempted_aid_is_zero_for_a_firm_in_difficulty() -> None:
    answer = computed("gber", **ADVICE, difficulty={"capital_lost": True, "created_on": "2010-01-01"})
    assert (answer["ok"], answer["amount"]) == (False, "0.00")
    assert [reason["code"] for reason in answer["reasons"]] == ["difficulty_capital_lost"]
    young = {"capital_lost": True, "created_on": "2025-01-01", "insolvent": False, "rescue_aid": False}
    assert computed("gber", **ADVICE, difficulty=young)["amount"] == "15000.00"


def test_a_wrong_answer_on_difficulty_names_its_field() -> None:
    with pytest.raises(InputError, match=r"\$\.difficulty\.insolvent"):
        computed("gber", **ADVICE, difficulty={"insolvent": "peut-être"})
