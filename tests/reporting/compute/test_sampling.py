"""The published examples of the sampling guidance through the registry, from sums and from single units."""

from __future__ import annotations

from typing import Any

import pytest

from applications.rules.base import InputError

from .helpers import case, computed, outcome, worked

LARGE = 4199882024
SIZES: list[Any] = [
    case("AUD-01",
        {"method": "simple_random", "units": 3852, "book": 46501186, "deviation": 518, "confidence": 80,
         "expected_rate": 1.24},
        {"units": 53, "exact": "52.390541", "tolerable_error": "930023.72", "anticipated_error": "576614.71"},
    ),
    case("AUD-05",
        {"method": "difference", "units": 3852, "book": LARGE, "deviation": 168397, "category": 1,
         "expected_rate": "0.7"},
        {"units": 101},
    ),
    case("AUD-08",
        {"method": "mus", "book": LARGE, "rate_deviation": 0.085, "confidence": 0.9, "expected_rate": 0.4},
        {"units": 77, "threshold": "54543922.39"},
    ),
    ({"method": "mus_conservative", "book": 1000000, "expected_rate": 0.2}, {"units": 136}),
    case("AUD-15", {"method": "non_statistical", "units": 187}, {"units": 19}),
    case("AUD-15b", {"method": "non_statistical", "units": 299}, {"units": 30}),
    ({"method": "proportionate", "units": 5000}, {"units": 30}),
    (
        {"method": "stratified", "book": 46501186, "confidence": 80, "expected_rate": 1.24, "strata": [
            {"name": "a", "units": 2000, "deviation": 518}, {"name": "b", "units": 1852, "deviation": 518}]},
        {"units": 53, "weighted_deviation": "518.00", "allocation": {"a": 28, "b": 25}},
    ),
    (
        {"method": "mus_stratified", "confidence": 90, "expected_rate": 0.4, "strata": [
            {"name": "a", "book": LARGE - 1, "deviation": 0.085}, {"name": "b", "book": 1, "deviation": 0.085}]},
        {"units": 77, "allocation": {"a": 77, "b": 2}},
    ),
    (
        {"method": "simple_random", "units": 100, "book": 46501186, "deviation": 19954, "confidence": 80,
         "expected_rate": 1.24, "finite": True},
        {"units": 35, "infinite_units": 53},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), SIZES)
def test_sizes(given: dict[str, Any], expected: dict[str, Any]) -> None:
    found = computed("sample-size", **given)["details"]
    assert {name: found[name] for name in expected} == expected


@worked("AUD-15")
def test_three_hundred_units_need_statistics() -> None:
    given = {"method": "non_statistical", "units": 300}
    assert outcome("sample-size", given, {"ok": 0, "reasons": 0}) == {"ok": False, "reasons": ["statistical_required"]}


RANDOM = {"book": 46501186, "units": 3852, "sampled": 53, "sum_errors": 7797, "sum_books": 661580, "confidence": 80}
PROJECTIONS: list[Any] = [
    case("AUD-02",
        {"method": "mean_per_unit", "deviation": 758, **RANDOM},
        {"projected_error": 566680, "precision": 514169, "decision": "inconclusive"},
    ),
    case("AUD-02b",
        {"method": "ratio", "deviation": 755, **RANDOM},
        {"projected_error": 548036, "precision": 512134, "decision": "inconclusive"},
    ),
    case("AUD-06",
        {"method": "difference", "book": LARGE, "units": 3852, "sampled": 101, "sum_errors": 1339765,
         "deviation": 162976, "confidence": 60},
        {"projected_error": 51096780, "precision": 52597044, "corrected_book": 4148785244, "lower_limit": 4096188200,
         "book_less_tolerable": 4115884384, "decision": "inconclusive"},
    ),
    case("AUD-09",
        {"method": "mus", "book": LARGE, "exhaustive_book": 786837081, "exhaustive_error": 7616805, "sampled": 69,
         "sum_rates": 1.096, "deviation": 0.09, "confidence": 90},
        {"interval": 49464419, "projected_error": 61829809, "precision": 60831129, "upper_limit": 122660937,
         "tolerable_error": 83997640, "decision": "inconclusive"},
    ),
    case("AUD-14",
        {"method": "non_statistical", "book": 22031228, "exhaustive_book": 22031228 - 9619263,
         "exhaustive_error": 80028, "sampled": 4, "sum_rates": 0.0272},
        {"projected_error": 145439, "tolerable_error": 440625, "decision": "not_material"},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("given", "expected"), PROJECTIONS)
def test_projections(given: dict[str, Any], expected: dict[str, Any]) -> None:
    answer = computed("sample-projection", **given)
    found = {name: answer["details"][name] for name in expected}
    shown = {name: value if name == "decision" else round(float(value)) for name, value in found.items()}
    assert shown == expected
    assert answer["ok"] is (expected["decision"] == "not_material")


def test_difference_says_at_which_level_it_would_conclude() -> None:
    found = computed("sample-projection", **PROJECTIONS[2].values[0])["details"]
    assert found["upper_rate_percent"] == "2.47"
    assert round(float(found["recalculated_factor"]), 3) == 0.527
    assert round(float(found["recalculated_confidence"]), 1) == 40.2


UNITS = [{"book": 1000, "error": 10}, {"book": 2000, "error": 0}, {"book": 500, "error": 5}, {"book": 500, "error": 0}]
BASE = {"book": 100000, "units": 100, "confidence": 90}


def test_single_units_give_the_same_as_their_sums() -> None:
    rates = {"sampled": 4, "sum_rates": "0.02", "deviation": "0.0057735"}
    pairs = [
        ("mean_per_unit", {"sampled": 4, "sum_errors": 15, "deviation": "4.787136"}),
        ("mus", rates),
    ]
    for method, sums in pairs:
        one, other = (computed("sample-projection", method=method, **BASE, **how) for how in ({"sample": UNITS}, sums))
        for name in ("projected_error", "precision"):
            assert float(one["details"][name]) == pytest.approx(float(other["details"][name]), rel=1e-4)


def test_strata_and_the_conservative_approach() -> None:
    parts = [
        {"name": "a", "units": 60, "book": 60000, "sample": UNITS},
        {"name": "b", "units": 40, "book": 40000, "sample": UNITS},
    ]
    whole, split = (computed("sample-projection", method=m, **BASE, **more)["details"] for m, more in
                    (("mean_per_unit", {"sample": UNITS}), ("stratified", {"strata": parts})))  # fmt: skip
    assert whole["projected_error"] == split["projected_error"] == "375.00"
    assert float(split["precision"]) < float(whole["precision"])
    by_value = computed("sample-projection", method="mus_stratified", **BASE, strata=parts)["details"]
    assert by_value["projected_error"] == "500.00"
    by_ratio = computed("sample-projection", method="stratified_ratio", **BASE, strata=parts)["details"]
    assert by_ratio["projected_error"] == "375.00"
    careful = computed("sample-projection", method="mus_conservative", **BASE, sample=UNITS)["details"]
    # SI 25 000; EE 25 000 × 0.02; BP 2.31 × 25 000; IA (3.89 - 2.30 - 1 + 5.32 - 3.89 - 1) × 25 000 × 0.01.
    assert (careful["projected_error"], careful["precision"]) == ("500.00", "58005.00")


def test_the_interval_of_the_conservative_approach_is_that_of_the_whole_population() -> None:
    """BV 4 199 882 024 and 136 units give an interval of 30 881 485; the high-value units are set apart."""
    given = {"method": "mus_conservative", "book": LARGE, "exhaustive_book": 1375130377, "rates": [0.01, 0]}
    found = computed("sample-projection", **given, sample_size=136)["details"]
    assert (found["interval"], found["projected_error"]) == ("30881485.47", "308814.85")
    # 2.31 × SI, then (3.89 - 2.30 - 1) × SI × 0.01 for the only error.
    assert found["precision"] == "71518432.20"


def test_the_conservative_approach_ranks_only_so_many_errors() -> None:
    many = {"rates": [0.01] * 301, "sample_size": 400, "method": "mus_conservative"}
    with pytest.raises(InputError) as fault:
        computed("sample-projection", book=1000000, **many)
    assert fault.value.field == "$.method"


def test_a_non_statistical_sample_is_projected_as_it_was_drawn() -> None:
    for selection, error in (("by_value", "500.00"), ("equal_probability", "375.00")):
        given = {"method": "non_statistical", "sample": UNITS, "selection": selection}
        found = computed("sample-projection", **BASE, **given)["details"]
        assert (found["projected_error"], found["precision"]) == (error, None)


def test_the_total_error_rate() -> None:
    answer = computed("total-error", population=1000, random=10, systemic=5, anomalous=1)
    assert (answer["ok"], answer["amount"], answer["details"]["rate_percent"]) == (True, "16.00", "1.60")
    assert not computed("total-error", population=1000, random="20.01")["ok"]
