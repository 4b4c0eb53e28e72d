"""What decides: thresholds found on both sides of the rules' own figures, and answers on facts known in part."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.decisive import Tip, thresholds, tips
from applications.orientation import DEPENDS, NO, YES, Answer, answer, changed
from applications.rules.amounts import Line
from applications.rules.payment_models import outlay
from applications.simulation import assumed, simulate
from regions.money import ZERO
from regions.schemes.loader import parse, shipped

DAY = date(2025, 3, 3)
COST = Decimal("5000.00")
READY = [
    "kap-numerik", "kit-numerique", "forfait-numerique", "commerce-connecte", "conseil-digital", "impulsion-export",
    "accompagnement-numerique", "cheque-transformation",
]  # fmt: skip


def rules(code: str) -> dict[str, Any]:
    return parse(shipped()[code].read_text(encoding="utf-8"), code)


def firm(code: str = "kap-numerik", **other: Any) -> dict[str, Any]:
    return {
        "headcount": Decimal(4), "turnover": Decimal(310000), "naf": "47.61Z", "legal_category": "company",
        "created_on": date(2018, 5, 14), "seat_region": rules(code)["region"],
    } | other  # fmt: skip


def asked(code: str = "kap-numerik", **other: Any) -> Answer:
    return answer(rules(code), firm(code, **other), COST, DAY)


def tip(found: Answer, fact: str, bound: str) -> Tip:
    return next(one for one in found.tips if (one.fact, one.bound) == (fact, bound))


def test_thresholds_are_those_of_conditions_and_bands() -> None:
    assert thresholds(rules("kap-numerik"), "headcount") == [10, 20]
    assert thresholds(rules("kit-numerique"), "headcount") == [3, 10, 50]
    assert thresholds(rules("kap-numerik"), "turnover") == [500000, 1000000]


def test_kap_numerik_at_four_people() -> None:
    """By hand: 80 % of 5,000 is 4,000, capped at 2,000 for a merchant site; refused from 20 people, from 500,000 €."""
    found = asked()
    assert (found.standing, found.result.aid, found.outlay.final, found.outlay.first) == (YES, 2000, 3000, 5000)
    over = tip(found, "headcount", "from")
    assert (over.value, over.change.eligible) == (20, (True, False))
    assert [r.code for r in over.change.appeared] == ["headcount", "no_band"]
    assert tip(found, "turnover", "from").value == 500000
    assert tip(found, "legal_category", "among").codes == ("liberal_regulated", "public")


def test_conditions_joined_by_any_of_weigh_as_they_do() -> None:
    """With 12 people the turnover may reach a million; under 10 people only half."""
    found = asked(headcount=Decimal(12), turnover=Decimal(700000))
    assert found.standing == YES
    assert tip(found, "turnover", "from").value == 1000000
    under = tip(found, "headcount", "below")
    assert (under.value, under.change.eligible) == (10, (True, False))
    assert [r.code for r in under.change.appeared] == ["turnover_small"]


def test_a_refusal_says_from_where_it_would_be_lifted() -> None:
    found = asked(headcount=Decimal(25))
    assert found.standing == NO
    under = tip(found, "headcount", "below")
    assert (under.value, under.change.eligible, under.change.aid[1]) == (20, (False, True), 2000)
    assert [r.code for r in under.change.lifted] == ["headcount", "no_band"]


def test_a_limit_that_is_included_is_told_beyond_it() -> None:
    found = asked("kit-numerique")
    assert (tip(found, "turnover", "above").value, found.result.aid, found.outlay.first) == (10_000_000, 5000, 0)
    below = tip(found, "headcount", "below")
    assert (below.value, below.change.eligible, below.change.aid) == (3, (True, True), (5000, 2000))


def test_sectors_are_told_both_ways() -> None:
    assert "62" in tip(asked(), "naf", "within").codes
    refused = asked(naf="62.01Z")
    assert refused.standing == NO
    assert tip(refused, "naf", "outside").change.eligible == (False, True)
    assert tip(asked("commerce-connecte", naf="62.01Z"), "naf", "within").change.eligible == (False, True)


def test_what_is_not_known_refuses_nothing() -> None:
    found = asked(headcount=None, turnover=None)
    assert (found.standing, found.priced) == (DEPENDS, False)
    assert set(found.result.missing) == {"headcount", "turnover"}
    assert asked(headcount=None, naf="62.01Z").standing == NO
    assert asked("commerce-connecte", created_on=None).result.missing == ("age_months",)


def test_a_group_depends_on_its_number() -> None:
    assert asked("groupement-export").result.missing == ("members",)


def test_who_advances_what() -> None:
    """Reimbursement carries the aid; assignment does not; half of a grant may come in advance."""
    told = {code: outlay(rules(code), Decimal(10000), Decimal(3000)) for code in READY}
    assert (told["kap-numerik"].first, told["kap-numerik"].carried) == (10000, 3000)
    assert (told["kit-numerique"].first, told["kit-numerique"].carried) == (7000, 0)
    assert (told["impulsion-export"].first, told["impulsion-export"].advance) == (8500, 1500)


@pytest.mark.parametrize(
    ("code", "least", "most", "reason"),
    [
        ("kap-numerik", None, 2500, "category_ceiling"),  # 80 % of 2,500 is the 2,000 of a merchant site
        ("forfait-numerique", 450, 450, ""),  # 500 € flat from 450 € on
        ("commerce-connecte", 300, 3000, "cost_ceiling"),  # 150 € for each 300 €, up to 3,000 €
        ("conseil-digital", None, 10000, "cost_ceiling"),  # half of at most 10,000 €
    ],
)
def test_the_costs_that_decide(code: str, least: int | None, most: int, reason: str) -> None:
    found = {limit.kind: limit for limit in asked(code).costs}
    assert (found["least"].cost if "least" in found else None) == least
    assert found["most"].cost == most
    assert not reason or reason in [one.code for one in found["most"].reasons]
    assert least is None or "cost_floor" in [one.code for one in found["least"].reasons]


def test_two_answers_are_compared() -> None:
    small, large = asked(), asked(headcount=Decimal(12))
    change = changed(small, large)
    assert change is None
    lost = changed(small, asked(headcount=Decimal(25)))
    assert lost is not None
    assert (lost.eligible, lost.aid) == ((True, False), (2000, 0))
    assert [r.code for r in lost.appeared] == ["headcount", "no_band"]


@pytest.mark.parametrize("code", READY)
@given(headcount=st.integers(0, 300), turnover=st.integers(0, 60_000_000))
def test_nothing_changes_between_now_and_the_first_tip(code: str, headcount: int, turnover: int) -> None:
    """Whatever the firm: its answer holds up to the first limit told, and is another one just past it."""
    facts = assumed(DAY) | firm(code, headcount=Decimal(headcount), turnover=Decimal(turnover))
    lines = [Line("1", rules(code)["what"]["categories"][0]["code"], "-", COST)]
    found = [one for one in tips(rules(code), facts, lines, DAY) if one.fact == "headcount" and one.value is not None]
    upward = [one for one in found if one.bound in ("from", "above")]

    def at(value: Decimal) -> tuple[Any, ...]:
        told = simulate(rules(code), facts | {"headcount": value}, lines, prior=ZERO, other_aid=ZERO, day=DAY)
        return told.eligible, told.aid, {r.code for r in told.reasons}

    last = (upward[0].value or ZERO) - Decimal("0.01") if upward else Decimal(100000)
    assert at(last) == at(Decimal(headcount))
    if upward:
        assert at(last + Decimal("0.02")) != at(Decimal(headcount))
