"""Draws: determined by their seed, blind to the order of rows, proportional to size, lawful."""

from __future__ import annotations

import hashlib
import random
from collections import Counter
from decimal import Decimal as D
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from reporting.sampling import (
    Allocation,
    Method,
    Plan,
    Population,
    Result,
    Unit,
    by_operation,
    csv_rows,
    draw,
    evaluate,
    freeze,
    from_csv_rows,
    mirrored,
    plan_from_record,
    planned_size,
)
from reporting.sampling.generator import Stream
from reporting.sampling.selection import simple_random, split_high_value, systematic
from reporting.sampling.sizes import Layer, allocate, rate_deviation, weighted_deviation

AMOUNTS = st.integers(min_value=-50_000_00, max_value=900_000_00)
UNITS = st.lists(AMOUNTS, min_size=2, max_size=60).map(
    lambda amounts: [_unit(n, amount) for n, amount in enumerate(amounts)]
)
LAWFUL = UNITS.filter(lambda units: sum(unit.book > 0 for unit in units) >= 2)
SIZED = [m for m in Method if m not in {Method.MUS_CONSERVATIVE, Method.NON_STATISTICAL, Method.NON_STATISTICAL_PPS}]


def _unit(number: int, cents: int) -> Unit:
    return Unit(f"U{number:04}", D(cents) / 100, f"S{number % 3}", f"O{number % 3}-{number % 7}")


def _many(count: int) -> Population:
    return freeze(_unit(n, 1000_00 + (n * 7919) % 400_00) for n in range(count))


def _plan(method: Method, seed: str = "2026-06-30/4711", size: int | None = None) -> Plan:
    conservative = method == Method.MUS_CONSERVATIVE
    return Plan(method, seed, size=size, expected_rate=D("0.002") if conservative else D(0))


def test_the_stream_is_what_its_document_says() -> None:
    digest = hashlib.sha256(b'["caf\\u00e9","sample:",0]').digest()
    assert Stream("café", "sample:").block() == int.from_bytes(digest, "big")


def test_the_stream_never_changes() -> None:
    stream = Stream("2026", "sample:")
    assert [stream.below(1000) for _ in range(8)] == [235, 895, 88, 231, 173, 138, 661, 98]


@pytest.mark.parametrize("seed", ["", " a", "a\n", 7, "x" * 201])
def test_a_seed_that_cannot_be_copied_is_refused(seed: object) -> None:
    with pytest.raises(InputError, match="seed"):
        Stream(seed, "")  # type: ignore[arg-type]


def test_each_number_is_as_likely_as_another() -> None:
    stream = Stream("even", "sample:")
    counts = Counter(stream.below(6) for _ in range(6000))
    assert set(counts) == set(range(6))
    assert all(abs(count - 1000) < 150 for count in counts.values())


@given(LAWFUL, st.sampled_from(SIZED), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_changes_nothing(units: list[Unit], method: Method, chance: random.Random) -> None:
    shuffled = list(units)
    chance.shuffle(shuffled)
    before, after = freeze(units), freeze(shuffled)
    plan = _plan(method, size=6)
    assert (before.sha256, draw(before, plan)) == (after.sha256, draw(after, plan))


@given(LAWFUL, st.sampled_from(SIZED), st.integers(2, 40), st.text("abc", min_size=1, max_size=9))
def test_the_same_plan_read_back_draws_the_same_sample(units: list[Unit], method: Method, size: int, seed: str) -> None:
    population, plan = freeze(units), _plan(method, seed, size)
    first = draw(population, plan)
    again = draw(from_csv_rows(csv_rows(population)), plan_from_record(first.record()["plan"]))
    assert (first.sha256, first.keys) == (again.sha256, again.keys)


@given(LAWFUL, st.sampled_from([Method.MUS, Method.MUS_STRATIFIED]), st.integers(2, 40))
def test_every_unit_that_reaches_the_interval_is_selected(units: list[Unit], method: Method, size: int) -> None:
    population = freeze(units)
    for stratum in draw(population, _plan(method, size=size)).strata:
        mine = [u for u in population.positives if method == Method.MUS or u.stratum == stratum.name]
        taken = set(stratum.high + stratum.sample)
        limit = stratum.interval or Fraction(0)
        assert {unit.key for unit in mine if unit.cents >= limit} <= taken


@given(LAWFUL)
def test_the_conservative_interval_is_the_one_of_the_whole_population(units: list[Unit]) -> None:
    population = freeze(units)
    found = draw(population, _plan(Method.MUS_CONSERVATIVE))
    (stratum,) = found.strata
    assert stratum.interval == Fraction(population.book) * 100 / found.size.units
    reached = {unit.key for unit in population.positives if unit.cents >= stratum.interval}
    assert reached <= set(found.keys)


@given(LAWFUL, st.sampled_from(list(Method)), st.integers(2, 40))
def test_only_positive_units_are_drawn_and_each_once(units: list[Unit], method: Method, size: int) -> None:
    population = freeze(units)
    fixed = _plan(method, size=size if method in SIZED else None)
    keys = draw(population, fixed).keys
    assert len(set(keys)) == len(keys)
    assert set(keys) <= {unit.key for unit in population.positives}


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40), st.integers(1, 60))
def test_systematic_selection_takes_exactly_the_size_asked(amounts: list[int], size: int) -> None:
    split = split_high_value(tuple(_unit(n, amount) for n, amount in enumerate(amounts)), size)
    if split.rest:
        interval = Fraction(sum(unit.cents for unit in split.rest), split.size)
        assert all(unit.cents <= interval for unit in split.rest)
        assert len(systematic(split.rest, interval, Stream("s", "sample:"))) == split.size
        assert len(split.high) + split.size == size


@given(LAWFUL, st.sampled_from(SIZED), st.integers(2, 40))
def test_every_statistical_draw_can_be_evaluated(units: list[Unit], method: Method, size: int) -> None:
    population = freeze(units)
    drawn = draw(population, _plan(method, size=size))
    found = evaluate(drawn, population, [Result(key) for key in drawn.keys])
    assert (found.projected, found.conclusion.precision) == (0, 0)


def test_probability_is_proportional_to_size() -> None:
    units = [_unit(n, amount) for n, amount in enumerate([100, 200, 300, 400, 500, 500])]
    draws = Counter(u.key for n in range(3000) for u in systematic(units, Fraction(1000), Stream(f"s{n}", "x")))
    for unit in units:
        assert abs(draws[unit.key] / 3000 - unit.cents / 1000) < 0.04


def test_a_start_may_be_any_point_of_the_interval_and_no_other() -> None:
    """Exactly: over every start, each unit is taken book × scale times."""

    class Fixed(Stream):
        def __init__(self, start: int) -> None:
            super().__init__("s", "x")
            self.start = start

        def below(self, bound: int) -> int:
            assert 0 <= self.start < bound
            return self.start

    units = [_unit(n, amount) for n, amount in enumerate([3, 5, 2, 4])]
    hits = Counter(u.key for start in range(14) for u in systematic(units, Fraction(14, 2), Fixed(start % 7)))
    assert [hits[unit.key] for unit in units] == [6, 10, 4, 8]


def test_every_unit_is_as_likely_in_a_simple_draw() -> None:
    units = [_unit(n, 100) for n in range(8)]
    draws = Counter(u.key for n in range(2000) for u in simple_random(units, 2, Stream(f"s{n}", "x")))
    assert all(abs(draws[unit.key] - 500) < 90 for unit in units)


def test_two_seeds_give_two_samples() -> None:
    population = _many(400)
    plans = [_plan(Method.SIMPLE, seed, 30) for seed in ("a", "b")]
    assert draw(population, plans[0]).keys != draw(population, plans[1]).keys


def test_a_recorded_draw_never_changes() -> None:
    found = draw(_many(40), _plan(Method.MUS, "frozen", 5))
    assert found.population == _many(40).sha256
    assert found.keys == ("U0004", "U0012", "U0020", "U0028", "U0036")


def test_negative_units_stand_apart_and_form_their_own_population() -> None:
    population = freeze([_unit(1, 500_00), _unit(2, -20_00), _unit(3, 0)])
    assert [unit.key for unit in population.negatives] == ["U0002"]
    assert (population.book, mirrored(population).book) == (D(500), D(20))
    assert [row[-1] for row in csv_rows(population)] == ["side", "positive", "negative", "zero"]


@pytest.mark.parametrize("amount", [1.5, True, D("NaN"), D("1.001"), "3", D("1e31")])
def test_an_amount_that_is_not_in_cents_is_refused(amount: object) -> None:
    with pytest.raises(InputError, match="book"):
        Unit("A", amount)  # type: ignore[arg-type]


def test_a_population_refuses_a_key_twice_or_none() -> None:
    with pytest.raises(InputError, match="twice"):
        freeze([Unit("A", D(1)), Unit("A", D(2))])
    with pytest.raises(InputError, match="key"):
        Unit("", D(1))
    with pytest.raises(InputError, match="no unit"):
        draw(freeze([Unit("A", D(-1))]), _plan(Method.SIMPLE, size=2))


def test_a_foreign_heading_is_refused() -> None:
    with pytest.raises(InputError, match="heading"):
        from_csv_rows([("id", "amount")])


@pytest.mark.parametrize(
    "row", [("A", "", "", "x", ""), ("A", "1.00"), ("", "", "", "1.00", ""), ("A", "", "", "1.005", "")]
)
def test_a_row_that_is_not_a_unit_is_refused(row: tuple[str, ...]) -> None:
    with pytest.raises(InputError):
        from_csv_rows([("key", "operation", "stratum", "book_value", "side"), row])


def test_the_hash_follows_every_field() -> None:
    units = [Unit("A", D(1)), Unit("A", D(2)), Unit("B", D(1)), Unit("A", D(1), "x"), Unit("A", D(1), "", "x")]
    assert len({freeze([unit]).sha256 for unit in units}) == 5
    assert freeze([Unit("A", D("1.0"))]).sha256 == freeze([Unit("A", D("1.00"))]).sha256


def test_non_statistical_is_refused_from_three_hundred_units() -> None:
    for method in (Method.NON_STATISTICAL, Method.NON_STATISTICAL_PPS):
        assert len(draw(_many(299), _plan(method)).keys) == 30
        with pytest.raises(InputError, match="statistical sample is required"):
            draw(_many(300), _plan(method))


def test_non_statistical_below_ten_percent_is_refused() -> None:
    with pytest.raises(InputError, match="at least 19"):
        draw(_many(187), _plan(Method.NON_STATISTICAL, size=18))
    with pytest.raises(InputError, match="10 %"):
        draw(_many(187), Plan(Method.NON_STATISTICAL, "s", share=D("0.09")))
    assert len(draw(_many(187), Plan(Method.NON_STATISTICAL, "s", share=D("0.2"))).keys) == 38


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"materiality": D("0.03")}, "materiality"),
        ({"materiality": D(0)}, "materiality"),
        ({"confidence": D("0.80"), "category": 4}, "confidence"),
        ({"confidence": D("0.4")}, "confidence"),
        ({"category": 5}, "category"),
        ({"size": 0}, "size"),
        ({"expected_rate": D(-1)}, "expected_rate"),
        ({"deviations": {"": D(-1)}}, "deviations."),
        ({"cutoff": D(100)}, "cutoff"),
    ],
)
def test_an_unlawful_plan_is_refused(choice: dict[str, object], field: str) -> None:
    with pytest.raises(InputError) as caught:
        Plan(Method.MUS, "s", **choice)  # type: ignore[arg-type]
    assert caught.value.field == field


def test_an_expected_error_that_reaches_materiality_is_refused() -> None:
    with pytest.raises(InputError, match="no sample can conclude"):
        draw(_many(400), Plan(Method.MUS_CONSERVATIVE, "s", expected_rate=D("0.0134")))


def test_a_size_below_the_formula_is_refused_and_a_larger_one_kept() -> None:
    population, chosen = _many(400), {"": D(70)}
    least = planned_size(population, Plan(Method.SIMPLE, "s", deviations=chosen)).units
    with pytest.raises(InputError, match=f"at least {least}"):
        draw(population, Plan(Method.SIMPLE, "s", deviations=chosen, size=least - 1))
    assert len(draw(population, Plan(Method.SIMPLE, "s", deviations=chosen, size=least + 5)).keys) == least + 5


def test_a_formula_without_deviation_is_refused() -> None:
    with pytest.raises(InputError, match="standard deviation"):
        draw(_many(400), Plan(Method.SIMPLE, "s"))


def test_proportionate_arrangements_draw_thirty() -> None:
    assert len(draw(_many(5000), Plan(Method.SIMPLE, "s", proportionate=True)).keys) == 30


def test_a_plan_record_that_is_not_one_is_refused() -> None:
    for record in ({}, _plan(Method.MUS).record() | {"method": "x"}, _plan(Method.MUS).record() | {"share": "x"}):
        with pytest.raises(InputError, match="record"):
            plan_from_record(record)


def test_allocation_by_largest_remainder_is_never_above_a_stratum() -> None:
    weights = {"a": D(70), "b": D(25), "c": D(5)}
    assert allocate(11, weights, {"a": 70, "b": 25, "c": 5}) == {"a": 8, "b": 3, "c": 2}
    assert allocate(90, weights, {"a": 70, "b": 25, "c": 1}) == {"a": 63, "b": 23, "c": 1}


def test_neyman_gives_more_to_the_stratum_that_varies_more() -> None:
    chosen = {"S0": D(400), "S1": D(100), "S2": D(100)}
    common = {"deviations": chosen, "confidence": D("0.60")}
    neyman = Plan(Method.STRATIFIED, "s", allocation=Allocation.NEYMAN, **common)  # type: ignore[arg-type]
    sizes = {s.name: len(s.sample) for s in draw(_many(900), neyman).strata}
    assert sizes["S0"] == pytest.approx(4 * sizes["S1"], abs=3)
    flat = draw(_many(900), Plan(Method.STRATIFIED, "s", **common)).strata  # type: ignore[arg-type]
    assert max(len(s.sample) for s in flat) - min(len(s.sample) for s in flat) <= 1


def test_units_above_the_cut_off_are_all_audited() -> None:
    population = freeze([*(_unit(n, 100_00) for n in range(50)), _unit(90, 5000_00), _unit(91, 100_01)])
    (stratum,) = draw(population, Plan(Method.DIFFERENCE, "s", size=10, cutoff=D(100))).strata
    assert (stratum.high, stratum.count, len(stratum.sample)) == (("U0090", "U0091"), 50, 10)


def test_the_high_value_stratum_is_found_again_and_again() -> None:
    # 1000/5 = 200 takes the first; the others make 190/4 = 47.5 and take the second; then 120/3 = 40.
    units = [_unit(n, amount) for n, amount in enumerate([810, 70, 40, 40, 30, 10])]
    split = split_high_value(units, 5)
    assert ([unit.cents for unit in split.high], split.size) == ([810, 70], 3)


def test_operations_add_up_their_units_and_refuse_two_strata() -> None:
    units = [Unit("A", D(1), "s", "O1"), Unit("B", D(2), "s", "O1"), Unit("C", D(4), "s", "O2")]
    assert [(u.key, u.book) for u in by_operation(freeze(units)).units] == [("O1", D(3)), ("O2", D(4))]
    with pytest.raises(InputError, match="several strata"):
        by_operation(freeze([*units, Unit("D", D(1), "t", "O1")]))
    with pytest.raises(InputError, match="no operation"):
        by_operation(freeze([Unit("E", D(1))]))


def test_deviations_of_strata_and_of_rates() -> None:
    assert weighted_deviation([Layer(D(3), D(2)), Layer(D(1), D(6))]) ** 2 == pytest.approx(D(12))
    pilot = [(D(10), D(100)), (D(0), D(100)), (D(30), D(300))]
    assert rate_deviation(pilot) ** 2 == pytest.approx(D("0.01") / 3)
    # Above the threshold 100 the third rate is 30/100: mean 0.4/3, Σ of squares 0.1 − 0.16/3.
    assert rate_deviation(pilot, D(100)) ** 2 == pytest.approx((D("0.1") - D("0.16") / 3) / 2)
