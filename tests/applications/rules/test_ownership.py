"""Partner and linked enterprises, public bodies, two accounting periods, annual work units."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.aggregation import aggregate, public_share
from applications.rules.base import InputError, Verdict
from applications.rules.ownership import Figures, Holder, Holding, Ownership, graph, single_undertaking
from applications.rules.sme_size import SIZES, assess, size_over_years
from applications.rules.work_units import Staff, annual_work_units, on_annual_basis

D = Decimal
MILLION = D(1_000_000)


def firm(name: str, figures: str = "1/0.1/0.1", **facts: object) -> Holder:
    headcount, turnover, balance = (D(part) for part in figures.split("/"))
    return Holder(name, figures=Figures(headcount, turnover * MILLION, balance * MILLION), **facts)  # type: ignore[arg-type]


def held(stakes: str) -> list[Holding]:
    """« B>A 25 » : B holds 25 % of A; several stakes are separated by commas."""
    parts = [stake.split() for stake in stakes.split(",") if stake]
    return [Holding(*pair.split(">"), D(share)) for pair, share in parts]


def shown(verdict: Verdict) -> tuple[str, ...]:
    """The verdict as the worked examples print it: units and millions."""
    found = verdict.details
    amounts = [found["headcount"], found["turnover"] / MILLION, found["balance_sheet"] / MILLION]
    return (*(f"{amount.normalize():f}" for amount in amounts), found["size"])


@pytest.mark.parametrize(
    ("firms", "stakes", "expected"),
    [
        ({"A": "45/9.2/11.0"}, "", ("45", "9.2", "11", "small")),
        ({"A": "45/10.5/10.2"}, "", ("45", "10.5", "10.2", "medium")),
        ({"A": "9.9/2.1/1.9"}, "", ("9.9", "2.1", "1.9", "micro")),
        ({"A": "250.0/30/20"}, "", ("250", "30", "20", "large")),
        (
            {"A": "40/6/4", "B": "100/20/15", "C": "30/3/2", "D": "10/1/0.5"},
            "B>A 25,A>C 33,A>D 49",
            ("79.8", "12.48", "8.655", "medium"),
        ),
        (
            {"A": "20/3/2", "B": "15/2.5/1.5", "C": "10/1/1", "D": "3/0.4/0.2"},
            "B>A 60,A>C 51,A>D 100",
            ("48", "6.9", "4.7", "small"),
        ),
        ({"A": "30/5/4", "P": "50/8/6", "Q": "100/30/20"}, "P>A 40,Q>P 100", ("90", "20.2", "14.4", "medium")),
        ({"A": "9/1.5/1.2", "B": "5000/900/800"}, "B>A 24.99", ("9", "1.5", "1.2", "micro")),
    ],
)
def test_worked_examples(firms: dict[str, str], stakes: str, expected: tuple[str, ...]) -> None:
    owners = graph([firm(name, figures) for name, figures in firms.items()], held(stakes))
    assert shown(assess([owners], "A")) == expected


def test_a_town_of_12000_with_26_percent_makes_no_sme() -> None:
    town = Holder("town", "local_authority", budget=D(9_000_000), inhabitants=12_000)
    verdict = assess([graph([firm("A", "4/0.3/0.2"), town], held("town>A 26"))], "A")
    assert (verdict.ok, verdict.codes(), verdict.details["size"]) == (False, ("public_body",), "large")


@pytest.mark.parametrize(
    ("budget", "inhabitants", "share", "ok"),
    [
        (9_999_999, 4_999, 26, True),
        (10_000_000, 4_999, 26, False),
        (9_999_999, 5_000, 26, False),
        (9_999_999, 4_999, 51, False),
        (10_000_000, 4_999, 24, True),
    ],
)
def test_a_small_authority_is_exempt_until_it_controls(budget: int, inhabitants: int, share: int, ok: bool) -> None:
    town = Holder("town", "local_authority", budget=D(budget), inhabitants=inhabitants)
    verdict = assess([graph([firm("A"), town], held(f"town>A {share}"))], "A")
    assert verdict.ok is ok


def test_public_bodies_count_together_and_through_what_they_control() -> None:
    bodies = [Holder("state", "public_body"), Holder("region", "public_body")]
    direct = graph([firm("A"), *bodies], held("state>A 13,region>A 12"))
    through = graph([firm("A"), firm("H"), *bodies], held("state>H 60,H>A 25"))
    diluted = graph([firm("A"), firm("H"), *bodies], held("state>H 40,H>A 60"))
    assert [public_share(owners, "A") for owners in (direct, through, diluted)] == [25, 25, 0]


def test_exempt_investors_do_not_count_but_a_partner_does() -> None:
    """User guide, example 4: a university and an institutional investor beside C at 30 %."""
    others = [firm("B", "50/0/0", kind="university"), firm("D", "70/0/0", kind="institutional")]
    owners = graph([firm("A", "10/1/1"), firm("C", "20/2/2"), *others], held("B>A 25,C>A 30,D>A 25"))
    assert shown(assess([owners], "A"))[:3] == ("16", "1.6", "1.6")


def test_exempt_investors_linked_to_each_other_count_whole_beyond_half() -> None:
    """User guide, example 5: 100 % A + 25 % C + 100 % B + 100 % D."""
    others = [firm("B", "50/0/0", kind="university"), firm("D", "70/0/0", kind="institutional")]
    owners = graph([firm("A", "10/1/1"), firm("C", "20/2/2"), *others], held("B>A 25,C>A 25,D>A 30,B>D 51"))
    verdict = assess([owners], "A")
    assert (verdict.details["headcount"], verdict.details["linked"]) == (D(135), ["A", "B", "D"])


@pytest.mark.parametrize(("invested", "headcount"), [(1_249_999, 10), (1_250_000, 16)])
def test_business_angels_together_stay_below_the_limit(invested: int, headcount: int) -> None:
    angels = [firm(name, "10/0/0", kind="business_angel") for name in ("X", "Y")]
    stakes = [Holding("X", "A", D(30), invested=D(invested - 1000)), Holding("Y", "A", D(30), invested=D(1000))]
    assert aggregate(graph([firm("A", "10/1/1"), *angels], stakes), "A").figures.headcount == headcount


@pytest.mark.parametrize(
    ("here", "there", "adjacent", "headcount"),
    [
        ("bread", "boats", [], 6),
        ("bread", "bread", [], 13),
        ("bread", "flour", [("flour", "bread")], 13),
    ],
)
def test_a_natural_person_links_only_neighbouring_markets(
    here: str, there: str, adjacent: list[tuple[str, str]], headcount: int
) -> None:
    a, b = firm("A", "6/1/0.5", markets=frozenset({here})), firm("B", "7/0.9/0.8", markets=frozenset({there}))
    owners = graph([a, b, Holder("X", "person")], held("X>A 100,X>B 100"), adjacent)
    verdict = assess([owners], "A")
    assert (verdict.details["headcount"], verdict.codes()) == (headcount, ())


def test_markets_left_unsaid_are_for_a_person_to_look_at() -> None:
    owners = graph([firm("A", "6/1/0.5"), firm("B"), Holder("X", "person")], held("X>A 100,X>B 100"))
    verdict = assess([owners], "A")
    assert (verdict.ok, verdict.codes(), verdict.details["relation"]) == (True, ("market_unknown",), "autonomous")


def test_persons_acting_jointly_link_but_never_make_one_undertaking() -> None:
    couple = [Holder(name, "person", acts_with="couple") for name in ("X", "Y")]
    same = frozenset({"bread"})
    owners = graph([firm("A", markets=same), firm("B", markets=same), *couple], held("X>A 30,Y>A 30,X>B 51"))
    assert aggregate(owners, "A").linked == {"A", "B"}
    assert single_undertaking(owners, "A") == {"A"}


def test_half_is_a_partner_and_votes_make_the_link() -> None:
    half = graph([firm("A"), firm("B")], held("B>A 50"))
    votes = graph([firm("A"), firm("B")], [Holding("B", "A", D(30), D("50.01"))])
    board = graph([firm("A"), firm("B")], [Holding("B", "A", D(5), control="board")])
    assert [aggregate(g, "A").relation for g in (half, votes, board)] == ["partner", "linked", "linked"]


def test_an_exempt_investor_out_of_the_management_is_presumed_not_to_dominate() -> None:
    fund = firm("B", kind="venture_capital")
    stakes = [Holding("B", "A", D(30), control="contract", manages=manages) for manages in (False, True)]
    relations = [aggregate(graph([firm("A"), fund], [stake]), "A").relation for stake in stakes]
    assert relations == ["autonomous", "linked"]


def test_partners_hold_jointly_and_partners_of_partners_are_left_out() -> None:
    firms = [firm("A", "10/1/1"), firm("P", "20/2/2"), firm("Q", "30/3/3"), firm("R", "500/60/60")]
    owners = graph(firms, held("P>A 15,Q>A 15,Q>P 80,R>Q 30"))
    assert aggregate(owners, "A").figures.headcount == D(25)


def test_the_partner_of_a_linked_enterprise_counts() -> None:
    firms = [firm("A", "10/1/1"), firm("L", "20/2/2"), firm("P", "100/3/3")]
    assert aggregate(graph(firms, held("A>L 80,P>L 20,L>P 30")), "A").figures.headcount == D(60)


def test_what_is_consolidated_is_not_added_twice() -> None:
    parent = firm("M", "60/7/6", consolidates=frozenset({"A"}))
    assert aggregate(graph([firm("A", "10/1/1"), parent], held("M>A 80")), "A").figures.headcount == D(60)


def test_missing_figures_refuse_and_name_the_enterprise() -> None:
    verdict = assess([graph([firm("A"), Holder("B")], held("B>A 60"))], "A")
    assert (verdict.ok, verdict.reasons[0].params["enterprises"]) == (False, ["B"])


def test_a_single_undertaking_runs_through_enterprises_not_public_bodies() -> None:
    firms = [firm(name) for name in ("A", "B", "M")]
    owners = graph([*firms, Holder("state", "public_body")], held("M>A 51,M>B 60,state>M 100"))
    town = graph([*firms, Holder("state", "public_body")], held("state>A 100,state>B 100"))
    assert single_undertaking(owners, "A") == {"A", "B", "M"}
    assert single_undertaking(town, "A") == {"A"}


@pytest.mark.parametrize(
    ("years", "sme"),
    [
        ("SSS", True),
        ("SSN", True),
        ("SNN", False),
        ("SNS", True),
        ("NSS", True),
        ("NNS", False),
        ("NSN", False),
        ("NNN", False),
    ],
)
def test_two_consecutive_periods(years: str, sme: bool) -> None:
    for inner, outer in zip(SIZES, SIZES[1:], strict=False):
        kept = size_over_years([inner if year == "S" else outer for year in years])
        assert kept == (inner if sme else outer)


def test_each_threshold_waits_for_its_own_two_periods() -> None:
    assert size_over_years(["medium", "small", "micro"]) == "small"
    assert size_over_years(["large", "micro"], ownership_changed=True) == "large"


def test_the_group_of_a_year_before_still_shelters_the_firm() -> None:
    now, before = (graph([firm("A", figures)]) for figures in ("60/1/1", "40/1/1"))
    assert assess([now, before, before], "A").details["size"] == "small"
    assert assess([now, before, before], "A", ownership_changed=True).details["size"] == "medium"


def test_annual_work_units_of_the_worked_example() -> None:
    staff = [
        Staff(D(8)),
        Staff(D(3), share=D("0.5")),
        Staff(D(1), months=D(3)),
        Staff(D(2), "apprentice"),
        Staff(D(1), "owner_manager"),
        Staff(D(1), leave_months=D(6)),
    ]
    assert annual_work_units(staff) == D("11.25")


def test_a_short_period_is_brought_to_a_year() -> None:
    assert on_annual_basis(D(900_000), 9) == D(1_200_000)


@pytest.mark.parametrize(
    ("build", "field"),
    [
        (lambda: graph([firm("A")], held("B>A 20")), "holdings"),
        (lambda: graph([firm("A"), firm("B")], held("B>A 101")), "holdings"),
        (lambda: graph([firm("A"), firm("B"), firm("C")], held("B>A 60,C>A 50")), "holdings"),
        (lambda: graph([Holder("A", "club")]), "kind"),
        (lambda: graph([firm("A"), firm("B")], [Holding("B", "A", control="charm")]), "control"),
        (lambda: assess([graph([firm("A")])], "B"), "enterprise"),
        (lambda: assess([], "A"), "years"),
        (lambda: size_over_years(["tiny"]), "sizes"),
        (lambda: Staff(D(1), "robot"), "kind"),
        (lambda: Staff(D(1), share=D(2)), "share"),
        (lambda: Staff(D(1), months=D(3), leave_months=D(4)), "months"),
        (lambda: on_annual_basis(D(1), 0), "months"),
    ],
)
def test_a_wrong_input_names_its_field(build: object, field: str) -> None:
    with pytest.raises(InputError) as error:
        build()  # type: ignore[operator]
    assert error.value.field == field


def test_two_parents_that_consolidate_each_other_are_refused() -> None:
    firms = [firm("A", consolidates=frozenset({"B"})), firm("B", consolidates=frozenset({"A"}))]
    with pytest.raises(InputError, match="consolidate"):
        graph(firms)


NAMES = "ABCDE"
STAKES = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.integers(0, 100))


def _within_the_whole(stakes: list[tuple[str, str, int]]) -> list[Holding]:
    """The stakes in order, without those that would pass 100 % of an enterprise."""
    kept: list[Holding] = []
    for owner, owned, share in stakes:
        room = 100 - sum(h.capital for h in kept if h.owned == owned)
        if owner != owned and share <= room:
            kept.append(Holding(owner, owned, D(share)))
    return kept


def _built(headcounts: list[int], holdings: list[Holding]) -> Ownership:
    return graph([firm(name, f"{count}/1/1") for name, count in zip(NAMES, headcounts, strict=True)], holdings)


@given(st.lists(st.integers(0, 120), min_size=5, max_size=5), st.lists(STAKES, max_size=10))
def test_a_size_never_falls_when_a_link_is_added(headcounts: list[int], stakes: list[tuple[str, str, int]]) -> None:
    holdings = _within_the_whole(stakes)
    wholes = [aggregate(_built(headcounts, holdings[:count]), "A").figures for count in range(len(holdings) + 1)]
    assert all(one.headcount <= other.headcount for one, other in zip(wholes, wholes[1:], strict=False))


@given(st.lists(st.integers(0, 120), min_size=5, max_size=5), st.lists(STAKES, max_size=10))
def test_links_are_mutual_and_never_count_more_than_all(
    headcounts: list[int], stakes: list[tuple[str, str, int]]
) -> None:
    owners = _built(headcounts, _within_the_whole(stakes))
    linked = aggregate(owners, "A").linked
    assert all(aggregate(owners, name).linked == linked for name in linked)
    assert aggregate(owners, "A").figures.headcount <= sum(headcounts)
