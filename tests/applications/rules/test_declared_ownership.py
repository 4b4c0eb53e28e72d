"""From declared ties to a size and an undertaking: the guide's examples, and what may never happen."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from applications.rules import declared_ownership as rules
from applications.rules.base import InputError
from applications.rules.declared_ownership import Declared, Tie
from applications.rules.ownership import Figures
from applications.rules.sme_size import SIZES
from workflows.canonical import encode

FIRM, OTHER, THIRD = "732829320", "552100554", "775672272"


def figures(awu: str, turnover: str, balance: str) -> dict[str, Decimal]:
    """Annual work units, and euro million as the worked examples write them."""
    million = Decimal(1_000_000)
    return {
        "headcount": Decimal(awu), "turnover": Decimal(turnover) * million, "balance_sheet": Decimal(balance) * million,
    }  # fmt: skip


def tie(number: int, direction: str, capital: str, values: tuple[str, str, str] | None, **more: object) -> Tie:
    return Tie(number, "enterprise", direction, Decimal(capital), **(figures(*values) if values else {}), **more)  # type: ignore[arg-type]


def firm(values: tuple[str, str, str], *ties: Tie, **more: object) -> Declared:
    return Declared(FIRM, (Figures(**figures(*values)),), ties, **more)  # type: ignore[arg-type]


# The worked examples of the size definition, as a file would declare them: firm, ties, headcount, size.
EXAMPLES = {
    "SME-01": (firm(("45", "9.2", "11.0")), "45", "small"),
    "SME-02": (firm(("45", "10.5", "10.2")), "45", "medium"),
    "SME-03": (firm(("9.9", "2.1", "1.9")), "9.9", "micro"),
    "SME-06": (firm(("250.0", "30", "20")), "250", "large"),
    "SME-08": (
        firm(("40", "6", "4"), tie(1, "owner", "25", ("100", "20", "15")), tie(2, "owned", "33", ("30", "3", "2")),
             tie(3, "owned", "49", ("10", "1", "0.5"))),
        "79.8", "medium",
    ),
    "SME-09": (
        firm(("20", "3", "2"), tie(1, "owner", "60", ("15", "2.5", "1.5")), tie(2, "owned", "51", ("10", "1", "1")),
             tie(3, "owned", "100", ("3", "0.4", "0.2"))),
        "48", "small",
    ),
    "SME-12": (
        firm(("30", "5", "4"), tie(1, "owner", "40", ("50", "8", "6")),
             tie(2, "owner", "100", ("100", "30", "20"), around=1)),
        "90", "medium",
    ),
    "SME-16": (firm(("9", "1.5", "1.2"), tie(1, "owner", "24.99", ("5000", "900", "800"))), "9", "micro"),
    "SME-21": (
        firm(("6", "1", "0.5"), Tie(1, "person", "owner", Decimal(100)),
             tie(2, "owned", "100", ("7", "0.9", "0.8"), around=1, same_market=False)),
        "6", "micro",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_worked_examples_as_a_file_declares_them(name: str) -> None:
    declared, headcount, size = EXAMPLES[name]
    verdict = rules.size(declared)
    assert (verdict.details["headcount"], verdict.details["size"]) == (Decimal(headcount), size)
    added = [part["headcount"] for part in verdict.details["parts"]]
    assert sum(added, Decimal(0)) == verdict.details["headcount"]


def test_a_town_above_a_quarter_makes_no_sme() -> None:
    """SME-18: a town of 12 000 inhabitants holds 26 %."""
    town = Tie(1, "local_authority", "owner", Decimal(26), inhabitants=12_000, budget=Decimal(20_000_000))
    verdict = rules.size(firm(("4", "0.3", "0.2"), town))
    assert (verdict.ok, verdict.codes(), verdict.details["size"]) == (False, ("public_body",), "large")


@pytest.mark.parametrize(
    ("kind", "more"),
    [("venture_capital", {}), ("university", {}), ("business_angel", {"invested": Decimal(1_000_000)})],
)
def test_an_exempt_investor_leaves_the_firm_alone(kind: str, more: dict[str, Decimal]) -> None:
    investor = Tie(1, kind, "owner", Decimal(40), **figures("900", "300", "300"), **more)
    assert rules.size(firm(("9", "1", "1"), investor)).details["size"] == "micro"


def test_the_same_person_in_the_same_market_links_two_firms() -> None:
    person = Tie(1, "person", "owner", Decimal(80))
    near = tie(2, "owned", "100", ("45", "9", "9"), around=1, same_market=True)
    unknown = replace(near, same_market=None)
    assert rules.size(firm(("9", "1", "1"), person, near)).details["size"] == "medium"
    assert rules.size(firm(("9", "1", "1"), person, unknown)).codes() == ("market_unknown",)
    assert rules.undertaking(firm(("9", "1", "1"), person, near)) == frozenset({FIRM})


def test_a_threshold_counts_once_it_is_crossed_twice() -> None:
    grown, before = Figures(**figures("12", "1", "1")), Figures(**figures("9", "1", "1"))
    assert rules.size(Declared(FIRM, (grown, before))).details["size"] == "micro"
    assert rules.size(Declared(FIRM, (grown, before), changed=True)).details["size"] == "small"
    assert rules.size(Declared(FIRM, (grown, None))).details["size"] == "small"


def test_the_year_before_counts_only_when_it_is_known_for_all() -> None:
    two = (Figures(**figures("9", "1", "1")), Figures(**figures("9", "1", "1")))
    half = tie(1, "owner", "60", ("20", "1", "1"))
    whole = replace(half, previous_headcount=Decimal(0), previous_turnover=Decimal(0))
    assert not Declared(FIRM, two, (half,)).two_years
    assert Declared(FIRM, two, (whole,)).two_years
    assert rules.size(Declared(FIRM, two, (whole,))).details["size"] == "micro"


def test_without_its_own_figures_a_firm_has_no_size() -> None:
    verdict = rules.size(Declared(FIRM, (None,)))
    assert rules.facts(verdict)["size"] is None
    missing = rules.size(firm(("9", "1", "1"), tie(1, "owner", "60", None)))
    assert (missing.ok, missing.codes(), rules.facts(missing)["size"]) == (False, ("figures_missing",), None)


def test_an_undertaking_knows_control_only() -> None:
    """Art. 2(2): no partner of 25 %, no person; a majority of votes, or another control."""
    ties = (
        tie(1, "owner", "40", ("1", "1", "1"), siren=OTHER),
        tie(2, "owned", "10", ("1", "1", "1"), siren=THIRD, control="board"),
        tie(3, "owned", "90", ("1", "1", "1"), around=2),
    )
    assert rules.undertaking(firm(("9", "1", "1"), *ties)) == {FIRM, THIRD, "L3"}
    assert rules.pairs(firm(("9", "1", "1"), *ties)) == [(FIRM, THIRD), (FIRM, "L3")]


def test_two_ties_with_one_enterprise_count_it_once() -> None:
    """Cross-holdings: the greater percentage (art. 6(2))."""
    both = (
        tie(1, "owner", "25", ("100", "2", "2"), siren=OTHER),
        tie(2, "owned", "40", ("100", "2", "2"), siren=OTHER),
    )
    verdict = rules.size(firm(("5", "1", "1"), *both))
    assert verdict.details["headcount"] == Decimal(45)


def test_stakes_above_the_whole_are_not_possible() -> None:
    with pytest.raises(InputError):
        firm(("5", "1", "1"), tie(1, "owner", "60", None), tie(2, "owner", "50", None)).graph()


def test_what_is_frozen_is_read_back_as_it_was() -> None:
    for declared, _headcount, _size in EXAMPLES.values():
        assert rules.read(json.loads(encode(rules.plain(declared)))) == declared


# --- properties

amounts = st.decimals(min_value=0, max_value=60_000_000, places=2)
heads = st.decimals(min_value=0, max_value=400, places=2)


@st.composite
def declarations(draw: st.DrawFn) -> Declared:
    """A firm with ties to French and other enterprises, at any depth."""
    own = Figures(draw(heads), draw(amounts), draw(amounts))
    count = draw(st.integers(0, 5))
    ties = tuple(_tie(draw, number) for number in range(1, count + 1))
    return Declared(FIRM, (own,), ties)


def _tie(draw: st.DrawFn, number: int) -> Tie:
    """Small stakes in the firm, so that no sum passes the whole; any stake below it."""
    direction = draw(st.sampled_from(["owner", "owned"]))
    most = 9 if direction == "owner" else 55
    return Tie(
        number, "enterprise", direction, draw(st.decimals(min_value=0, max_value=most, places=2)),
        around=draw(st.sampled_from([None, *range(1, number)])), control=draw(st.sampled_from(["", "", "board"])),
        headcount=draw(heads), turnover=draw(amounts), balance_sheet=draw(amounts),
    )  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(declarations())
def test_a_size_never_falls_when_a_tie_is_added(declared: Declared) -> None:
    """Enterprises with their figures: each tie more adds, and takes nothing away."""
    ranks = [_rank(replace(declared, ties=declared.ties[:count])) for count in range(len(declared.ties) + 1)]
    assert ranks == sorted(ranks)


def _rank(declared: Declared) -> int:
    return SIZES.index(rules.size(declared).details["size"])


@settings(max_examples=150, deadline=None)
@given(declarations())
def test_an_undertaking_is_the_same_seen_from_each_of_its_firms(declared: Declared) -> None:
    graph = declared.graph()
    whole = rules.undertaking(declared)
    assert FIRM in whole
    for member in whole:
        assert rules.ownership.single_undertaking(graph, member) == whole


@settings(max_examples=100, deadline=None)
@given(declarations())
def test_what_each_adds_makes_the_whole(declared: Declared) -> None:
    details = rules.size(declared).details
    for name in rules.FIGURES:
        assert sum((part[name] for part in details["parts"]), Decimal(0)) == details[name]
