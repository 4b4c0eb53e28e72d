"""From results to the conclusion: small populations whose figures are worked out by hand."""

from __future__ import annotations

from decimal import Context, localcontext
from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from applications.rules.base import InputError
from reporting.sampling import (
    Allocation,
    Draw,
    Estimator,
    Method,
    Plan,
    Population,
    Result,
    Unit,
    draw,
    draw_two_stages,
    evaluate,
    freeze,
    operation_results,
)
from reporting.sampling.estimate import conservative_precision, ratio_is_better, stratified_precision
from reporting.sampling.numbers import cents


def _flat(count: int, book: str = "100", strata: int = 1) -> Population:
    return freeze(Unit(f"U{n:04}", D(book), f"S{n % strata}", f"O{n % 5}") for n in range(count))


def _results(drawn: Draw, errors: dict[int, str]) -> list[Result]:
    """Random errors by rank in the drawn keys; nothing elsewhere."""
    return [Result(key, D(errors.get(rank, "0"))) for rank, key in enumerate(drawn.keys)]


def _drawn(method: Method, population: Population, size: int, **more: object) -> Draw:
    return draw(population, Plan(method, "seed", size=size, **more))  # type: ignore[arg-type]


def test_mean_per_unit_from_the_results() -> None:
    population = _flat(1000)
    drawn = _drawn(Method.SIMPLE, population, 50)
    found = evaluate(drawn, population, _results(drawn, {0: "10", 1: "20"}))
    # 1000 × 30/50; s² = (500 − 900/50)/49; SE = 1000 × 1.645 × s/√50
    assert found.projected == D(600)
    assert found.conclusion.precision == cents(1645 * (D(482) / 49 / 50).sqrt())
    assert (found.conclusion.tolerable, found.conclusion.decision) == (D(2000), "not_material")
    assert found.total_rate == D("0.006")


def test_ratio_and_mean_agree_when_book_values_are_equal() -> None:
    population = _flat(1000)
    drawn = _drawn(Method.SIMPLE, population, 50)
    entered = _results(drawn, {3: "40"})
    by_ratio = evaluate(drawn, population, entered, Estimator.RATIO)
    assert by_ratio == evaluate(drawn, population, entered, Estimator.MEAN)


def test_ratio_follows_an_error_in_proportion_without_any_spread() -> None:
    population = freeze(Unit(f"U{n:03}", D(100 + n)) for n in range(400))
    drawn = _drawn(Method.SIMPLE, population, 40)
    entered = [Result(key, population.by_key[key].book / 100) for key in drawn.keys]
    found = evaluate(drawn, population, entered, Estimator.RATIO)
    assert (found.projected, found.conclusion.precision) == (population.book / 100, D(0))
    errors, books = zip(*((r.random, population.by_key[r.key].book) for r in entered), strict=True)
    assert ratio_is_better(errors, books)


def test_a_stratified_sample_adds_its_strata() -> None:
    population = _flat(900, strata=3)
    drawn = _drawn(Method.STRATIFIED, population, 30)
    first = drawn.strata[0].sample[0]
    found = evaluate(drawn, population, [Result(k, D(50) if k == first else D(0)) for k in drawn.keys])
    # 300 × 50/10; s² = 2500 × 0.9/9 = 250 in one stratum of three; 900 × 1.645 × √(250/3)/√30
    assert found.projected == D(1500)
    assert found.conclusion.precision == cents(900 * D("1.645") * (D(250) / 3 / 30).sqrt())


def test_neyman_strata_measure_their_precision_one_by_one() -> None:
    population = _flat(900, strata=3)
    chosen = {"S0": D(3), "S1": D(1), "S2": D(1)}
    drawn = _drawn(Method.STRATIFIED, population, 50, allocation=Allocation.NEYMAN, deviations=chosen)
    first = drawn.strata[0]
    found = evaluate(drawn, population, [Result(k, D(50) if k == first.sample[0] else D(0)) for k in drawn.keys])
    size = len(first.sample)
    spread = (D(2500) - D(2500) / size) / (size - 1)
    assert found.conclusion.precision == cents(stratified_precision([(D(300), size, spread.sqrt())], D("0.90")))


def test_high_value_errors_count_as_they_are() -> None:
    population = freeze([*_flat(100).units, Unit("Z", D(9000))])
    drawn = _drawn(Method.SIMPLE, population, 20, cutoff=D(1000))
    found = evaluate(drawn, population, [Result(k, D(700) if k == "Z" else D(0)) for k in drawn.keys])
    assert (found.projected, found.conclusion.precision) == (D(700), D(0))
    assert found.conclusion.decision == "material"


def test_mus_projects_rates_and_adds_the_high_value_errors() -> None:
    population = freeze([*_flat(200).units, Unit("Z", D(5000))])
    drawn = _drawn(Method.MUS, population, 41)
    (stratum,) = drawn.strata
    assert (stratum.high, len(stratum.sample)) == (("Z",), 40)
    hit = stratum.sample[0]
    found = evaluate(drawn, population, [Result(k, {"Z": D(60), hit: D(10)}.get(k, D(0))) for k in drawn.keys])
    # 60 + 20,000/40 × 0.1; s_r² = (0.01 − 0.01/40)/39 = 0.00025
    assert found.projected == D(110)
    assert found.conclusion.precision == cents(D("1.645") * 20000 * (D("0.00025") / 40).sqrt())


def test_mus_stratified_adds_strata_of_book_value() -> None:
    population = freeze(Unit(f"U{n:03}", D(100 if n % 2 else 300), f"S{n % 2}") for n in range(200))
    drawn = _drawn(Method.MUS_STRATIFIED, population, 40)
    assert [(s.book, len(s.sample)) for s in drawn.strata] == [(D(30000), 30), (D(10000), 10)]
    hit = drawn.strata[1].sample[0]
    found = evaluate(drawn, population, [Result(k, D(20) if k == hit else D(0)) for k in drawn.keys])
    # 10,000/10 × 0.2; s_r² = 0.04 × 0.9/9 = 0.004; z·√(10,000²/10 × 0.004)
    assert found.projected == D(200)
    assert found.conclusion.precision == cents(D("1.645") * D(40000).sqrt() * 1)


def test_the_conservative_approach_ranks_its_errors() -> None:
    population = _flat(400)
    drawn = draw(population, Plan(Method.MUS_CONSERVATIVE, "seed"))
    assert drawn.size.units == 116
    found = evaluate(drawn, population, _results(drawn, {0: "10", 5: "50"}))
    interval = D(40000) / 116
    # Increments at 90 %: 3.89 − 2.30 − 1 = 0.59 for the larger rate, 5.32 − 3.89 − 1 = 0.43 for the next.
    wanted = interval * (D("2.31") + D("0.59") * D("0.5") + D("0.43") * D("0.1"))
    assert (found.projected, found.conclusion.precision) == (cents(interval * D("0.6")), cents(wanted))


@given(st.lists(st.decimals(0, 1, places=3), max_size=12), st.randoms(use_true_random=False))
def test_the_order_of_the_errors_does_not_move_the_conservative_precision(rates: list[D], chance: object) -> None:
    shuffled = list(rates)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    figures = [conservative_precision(D(1000), given_rates, D("0.90")) for given_rates in (rates, shuffled)]
    assert figures[0] == figures[1] >= D(2310)


def test_a_conservative_sample_without_error_is_not_material() -> None:
    population = _flat(400)
    drawn = draw(population, Plan(Method.MUS_CONSERVATIVE, "seed"))
    found = evaluate(drawn, population, _results(drawn, {}))
    assert (found.conclusion.decision, found.projected) == ("not_material", D(0))


def test_a_non_statistical_sample_has_no_precision() -> None:
    population = _flat(200)
    for method in (Method.NON_STATISTICAL, Method.NON_STATISTICAL_PPS):
        drawn = _drawn(method, population, 20)
        found = evaluate(drawn, population, _results(drawn, {0: "10"}))
        assert (found.projected, found.conclusion.precision, found.conclusion.upper) == (D(100), None, None)
        assert found.conclusion.reason.code == "projected_only"
        assert "20 000" not in found.conclusion.reason.fr


def test_a_whole_population_leaves_nothing_to_project() -> None:
    population = _flat(20)
    drawn = _drawn(Method.SIMPLE, population, 50)
    found = evaluate(drawn, population, _results(drawn, {0: "7"}))
    assert (len(drawn.keys), found.projected, found.conclusion.precision) == (20, D(7), D(0))


def test_systemic_errors_are_delimited_and_anomalous_ones_never_projected() -> None:
    population = _flat(1000)
    drawn = _drawn(Method.SIMPLE, population, 50)
    outside = next(u.key for u in population.units if u.key not in drawn.keys)
    odd = [
        Result(drawn.keys[0], systemic=D(40)),
        Result(drawn.keys[1], anomalous=D(30)),
        Result(drawn.keys[2], anomalous=D(25), anomalous_corrected=True),
        *(Result(key) for key in drawn.keys[3:]),
    ]
    found = evaluate(drawn, population, odd, delimited={outside: D(60)})
    assert (found.projected, found.systemic, found.anomalous) == (D(0), D(100), D(30))
    assert (found.conclusion.total, found.total_rate) == (D(130), D("0.0013"))


def test_systemic_errors_leave_the_book_values_that_are_projected_on() -> None:
    population = _flat(1000)
    drawn = _drawn(Method.SIMPLE, population, 50)
    entered = [Result(drawn.keys[0], D(30), systemic=D(40)), *(Result(key) for key in drawn.keys[1:])]
    found = evaluate(drawn, population, entered, Estimator.RATIO)
    # (100,000 − 40) × 30/(5,000 − 40)
    assert found.projected == cents(D(99960) * 30 / 4960)


def test_only_difference_estimation_takes_negative_errors() -> None:
    population = _flat(1000)
    drawn = _drawn(Method.DIFFERENCE, population, 50)
    found = evaluate(drawn, population, _results(drawn, {0: "30", 1: "-20"}))
    assert (found.projected, found.conclusion.corrected_book) == (D(200), D(99800))
    simple = _drawn(Method.SIMPLE, population, 50)
    with pytest.raises(InputError, match="difference"):
        evaluate(simple, population, _results(simple, {0: "-20"}))


def test_results_must_cover_the_sample_and_nothing_else() -> None:
    population = _flat(100)
    drawn = _drawn(Method.SIMPLE, population, 10)
    full = _results(drawn, {})
    with pytest.raises(InputError, match=f"no result yet for {drawn.keys[0]}"):
        evaluate(drawn, population, full[1:])
    with pytest.raises(InputError, match="not in the sample: X"):
        evaluate(drawn, population, [*full, Result("X")])
    with pytest.raises(InputError, match="two results"):
        evaluate(drawn, population, [*full, full[0]])
    with pytest.raises(InputError, match="pass the book value"):
        evaluate(drawn, population, [Result(drawn.keys[0], D(90), D(20)), *full[1:]])
    with pytest.raises(InputError, match="frozen population"):
        evaluate(drawn, _flat(101), full)


@pytest.mark.parametrize("delimited", [{"X": D(1)}, {"": D(1)}])
def test_delimited_errors_belong_to_the_population(delimited: dict[str, D]) -> None:
    population = _flat(100)
    drawn = _drawn(Method.SIMPLE, population, 10)
    for given_errors in (delimited, {drawn.keys[0]: D(1)}):
        with pytest.raises(InputError, match="outside the sample"):
            evaluate(drawn, population, _results(drawn, {}), delimited=given_errors)
    outside = next(u.key for u in population.units if u.key not in drawn.keys)
    with pytest.raises(InputError, match="between 0"):
        evaluate(drawn, population, _results(drawn, {}), delimited={outside: D(101)})


def test_a_result_refuses_what_is_not_an_amount() -> None:
    with pytest.raises(InputError, match="random"):
        Result("A", D("1.005"))
    with pytest.raises(InputError, match="positive amounts"):
        Result("A", systemic=D(-1))


@pytest.mark.parametrize(
    ("error", "decision", "french", "english"),
    [
        ("0", "not_material", "ne sont pas significativement erronées", "is not materially misstated"),
        ("15", "inconclusive", "n’est pas concluant", "inconclusive"),
        ("90", "material", "sont significativement erronées", "is materially misstated"),
    ],
)
def test_the_conclusion_speaks_both_languages(error: str, decision: str, french: str, english: str) -> None:
    population = _flat(1000)
    drawn = _drawn(Method.SIMPLE, population, 50)
    found = evaluate(drawn, population, _results(drawn, {0: error, 1: error, 2: error, 3: error})).conclusion
    assert found.decision == decision
    assert french in found.reason.fr
    assert english in found.reason.en
    assert "2\u202f000,00\u00a0€" in found.reason.fr
    assert "EUR 2,000.00" in found.reason.en
    assert (found.recalculated is None) == (decision != "inconclusive")


def test_the_decimal_context_of_the_caller_changes_no_figure() -> None:
    population = _flat(1000)
    drawn = _drawn(Method.SIMPLE, population, 50)
    entered = _results(drawn, {0: "10", 1: "20"})
    wanted = evaluate(drawn, population, entered)
    with localcontext(Context(prec=4)):
        assert evaluate(drawn, population, entered) == wanted
        assert draw(population, drawn.plan) == drawn


@given(st.lists(st.integers(0, 100), min_size=30, max_size=30))
def test_more_errors_never_project_less(errors: list[int]) -> None:
    population = _flat(300)
    drawn = _drawn(Method.MUS, population, 30)
    given_errors = {rank: str(error) for rank, error in enumerate(errors)}
    more = given_errors | {0: "100"}
    figures = [evaluate(drawn, population, _results(drawn, chosen)).projected for chosen in (given_errors, more)]
    assert figures[0] <= figures[1] <= population.book


def _two_stages(count: int = 500) -> tuple[Population, Plan]:
    return _flat(count), Plan(Method.SIMPLE, "seed", size=3)


def test_two_stages_draw_operations_then_their_units() -> None:
    population, plan = _two_stages()
    drawn = draw_two_stages(population, plan)
    assert len(drawn.second) == 3
    assert all(len(keys) == 30 for keys in drawn.second.values())
    assert all(population.by_key[k].operation == name for name, keys in drawn.second.items() for k in keys)
    again = draw_two_stages(freeze(reversed(population.units)), plan)
    assert again.record() == drawn.record()


def test_small_operations_are_audited_whole() -> None:
    population, plan = _two_stages(100)
    assert all(len(keys) == 20 for keys in draw_two_stages(population, plan).second.values())


def test_errors_found_below_are_projected_to_the_operation() -> None:
    population, plan = _two_stages()
    drawn = draw_two_stages(population, plan)
    entered = {key: Result(key) for key in drawn.keys}
    hit, spoilt = (next(iter(keys)) for keys in list(drawn.second.values())[:2])
    entered |= {hit: Result(hit, D(30)), spoilt: Result(spoilt, systemic=D(10), anomalous=D(5))}
    names = list(drawn.second)
    outside = next(u.key for u in population.units if u.operation == names[2] and u.key not in drawn.keys)
    results = operation_results(drawn, population, entered.values(), {outside: D(8)})
    # 100 units of 100 per operation: 10,000 × 30/3,000
    assert results == [
        Result(names[0], D(100)),
        Result(names[1], systemic=D(10), anomalous=D(5)),
        Result(names[2], systemic=D(8)),
    ]
    found = evaluate(drawn.first, drawn.operations, results)
    assert (found.projected, found.systemic, found.anomalous) == (cents(D(500) / 3), D(18), D(5))


def test_two_stages_refuse_what_does_not_fit() -> None:
    population, plan = _two_stages()
    drawn = draw_two_stages(population, plan)
    full = [Result(key) for key in drawn.keys]
    with pytest.raises(InputError, match="at least 30"):
        draw_two_stages(population, plan, size=29)
    with pytest.raises(InputError, match="each drawn sub-unit"):
        operation_results(drawn, population, full[1:])
    with pytest.raises(InputError, match="frozen population"):
        operation_results(drawn, _flat(501), full)
    with pytest.raises(InputError, match="pass the book value"):
        operation_results(drawn, population, [Result(full[0].key, D(101)), *full[1:]])
    with pytest.raises(InputError, match="not an undrawn unit"):
        operation_results(drawn, population, full, {full[0].key: D(1)})
    outside = next(u.key for u in population.units if u.operation in drawn.second and u.key not in drawn.keys)
    with pytest.raises(InputError, match="between 0"):
        operation_results(drawn, population, full, {outside: D(101)})
