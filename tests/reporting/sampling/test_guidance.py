"""The published examples of the sampling guidance and of the residual error template, with their figures."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from applications.rules.base import InputError
from reporting.sampling.conclusion import conclude, percentage, recalculated_factor
from reporting.sampling.estimate import (
    equal_probability_precision,
    mean_per_unit,
    mus_precision,
    mus_projection,
    ratio_projection,
)
from reporting.sampling.factors import (
    CONSERVATIVE,
    category_confidence,
    conservative_factors,
    level_of,
    normal_factor,
    poisson_factor,
)
from reporting.sampling.numbers import rounded
from reporting.sampling.rates import extra_correction, residual_error_rate, total_error_rate
from reporting.sampling.sizes import (
    equal_probability_size,
    finite_size,
    mus_conservative_size,
    mus_size,
    non_statistical_size,
    proportionate_size,
    tolerable_error,
)

LARGE = D(4199882024)
APPENDIX_3 = "2.30 3.89 5.32 6.68 7.99 9.27 10.53 11.77 12.99 14.21 15.41 16.60 17.78 18.96 20.13 21.29 22.45"


def test_normal_factors_are_those_of_the_guidance() -> None:
    wanted = {"0.60": "0.842", "0.70": "1.036", "0.80": "1.282", "0.90": "1.645", "0.95": "1.960"}
    assert {level: str(normal_factor(D(level))) for level in wanted} == wanted


def test_the_better_the_system_the_lower_the_confidence() -> None:
    assert [category_confidence(n) for n in (1, 2, 3, 4)] == [D("0.6"), D("0.7"), D("0.8"), D("0.9")]


def test_poisson_factors_at_ninety_percent_are_those_of_appendix_3() -> None:
    assert " ".join(str(poisson_factor(D("0.90"), n)) for n in range(17)) == APPENDIX_3


def test_the_reliability_table_is_the_poisson_limit_within_a_cent() -> None:
    gaps = [abs(factor - poisson_factor(level, 0)) for level, (factor, _) in CONSERVATIVE.items()]
    assert max(gaps) <= D("0.01")


@pytest.mark.parametrize("errors", [0, 1, 7, 40])
@pytest.mark.parametrize("level", ["0.60", "0.90", "0.99"])
def test_a_poisson_factor_solves_its_equation(level: str, errors: int) -> None:
    found, term, total = poisson_factor(D(level), errors), D(1), D(1)
    for order in range(1, errors + 1):
        term = term * found / order
        total += term
    # Half a hundredth on λ moves the probability by less than 0.005.
    assert abs(total * (-found).exp() - (1 - D(level))) < D("0.005")


def test_aud_01_simple_random_size() -> None:
    size = equal_probability_size(3852, D(46501186), D(518), D("0.80"), D("0.0124"))
    assert (rounded(size.tolerable, 0), rounded(size.anticipated, 0)) == (930024, 576615)
    assert (size.units, rounded(size.exact, 2)) == (53, D("52.39"))


def test_aud_02_mean_per_unit_and_ratio() -> None:
    book, tolerable = D(46501186), tolerable_error(D(46501186))
    mean, ratio = mean_per_unit(3852, 53, D(7797)), ratio_projection(book, D(7797), D(661580))
    assert (rounded(mean, 0), rounded(ratio, 0)) == (566680, 548036)
    precisions = [equal_probability_precision(3852, 53, D(s), D("0.80")) for s in (758, 755)]
    assert [rounded(figure, 0) for figure in precisions] == [514169, 512134]
    for error, precision in zip((mean, ratio), precisions, strict=True):
        assert conclude(error, precision, tolerable, book, D("0.80")).decision == "inconclusive"


def test_aud_05_difference_size() -> None:
    size = equal_probability_size(3852, LARGE, D(168397), D("0.60"), D("0.007"))
    assert (size.units, rounded(size.exact, 2)) == (101, D("100.07"))


def test_aud_06_difference_estimation() -> None:
    error = mean_per_unit(3852, 101, D(1339765))
    precision = equal_probability_precision(3852, 101, D(162976), D("0.60"))
    assert (rounded(error, 0), rounded(precision, 0)) == (51096780, 52597044)
    found = conclude(error, precision, tolerable_error(LARGE), LARGE, D("0.60"))
    assert rounded(found.corrected_book, 0) == 4148785244
    assert found.lower is not None
    assert rounded(found.lower, 0) == 4096188200
    assert rounded(LARGE - found.tolerable, 0) == 4115884384
    assert found.upper_rate is not None
    assert percentage(found.upper_rate) == D("2.47")
    factor = recalculated_factor(error, precision, tolerable_error(LARGE), D("0.60"))
    assert (rounded(factor, 3), found.decision) == (D("0.527"), "inconclusive")
    assert found.recalculated is not None
    assert rounded(found.recalculated, 3) == D("0.402")


def test_aud_08_mus_standard_size() -> None:
    size = mus_size(LARGE, D("0.085"), D("0.90"), D("0.004"))
    assert (size.units, rounded(size.exact, 2), rounded(LARGE / size.units, 0)) == (77, D("76.37"), 54543922)


def test_aud_09_mus_standard_evaluation() -> None:
    book = LARGE - 786837081
    error = mus_projection(book, 69, D("1.096"), exhaustive=D(7616805))
    precision = mus_precision(book, 69, D("0.09"), D("0.90"))
    found = conclude(error, precision, tolerable_error(LARGE), LARGE, D("0.90"))
    assert rounded(book / 69, 0) == 49464419
    assert found.upper is not None
    figures = (error, precision, found.upper, found.tolerable)
    assert [rounded(figure, 0) for figure in figures] == [61829809, 60831129, 122660937, 83997640]
    assert found.decision == "inconclusive"


def test_aud_14_non_statistical_by_size() -> None:
    error = mus_projection(D(9619263), 4, D("0.0272"), exhaustive=D(80028))
    found = conclude(error, None, tolerable_error(D(22031228)), D(22031228), D("0.90"))
    assert (rounded(error, 0), rounded(found.tolerable, 0)) == (145439, 440625)
    assert (found.decision, found.upper, found.reason.code) == ("not_material", None, "projected_only")


def test_aud_15_ten_percent_below_three_hundred_units() -> None:
    assert (non_statistical_size(187), non_statistical_size(299)) == (19, 30)
    with pytest.raises(InputError, match="statistical sample is required"):
        non_statistical_size(300)


def test_proportionate_arrangements_take_thirty_units() -> None:
    assert (proportionate_size(5000), proportionate_size(12)) == (30, 12)


def test_conservative_size_from_the_tabulated_factors() -> None:
    # 1,000,000 × 2.31/(20,000 − 2,000 × 1.5) = 135.88
    size = mus_conservative_size(D(1000000), D("0.90"), D("0.002"))
    assert (size.units, rounded(size.exact, 2)) == (136, D("135.88"))
    assert conservative_factors(D("0.95")) == (D("3.00"), D("1.6"))


def test_finite_correction() -> None:
    assert finite_size(53, 3852) == 53
    assert finite_size(100, 100) == 50


def test_rer_a_the_residual_rate_is_within_two_percent() -> None:
    found = residual_error_rate(D(1000), D("0.022"), corrections=D("2.1"))
    assert (found.certifiable, found.residual, percentage(found.exact_rate)) == (D("997.9"), D("19.9"), D("1.99"))
    assert (found.acceptable, found.extra) == (True, 0)


def test_rer_c2_an_extra_correction_is_needed() -> None:
    found = residual_error_rate(D(1000), D("0.022"), corrections=D("0.5"), ongoing=D(50))
    assert (found.certifiable, found.residual, percentage(found.rate)) == (D("949.5"), D("20.4"), D("2.15"))
    assert (found.acceptable, rounded(found.extra, 6)) == (False, D("1.438776"))
    assert found.extra_in_cents == D("1.44")


def test_the_extra_correction_leaves_two_percent_exactly() -> None:
    extra = extra_correction(D("20.4"), D("949.5"))
    assert rounded((D("20.4") - extra) / (D("949.5") - extra), 20) == D("0.02")


def test_a_residual_rate_that_rounds_to_two_percent_asks_for_nothing() -> None:
    found = residual_error_rate(D(100000), D("0.020049"))
    assert (found.rate, found.acceptable, found.extra) == (D("0.0200"), True, 0)


def test_the_total_error_rate_adds_the_three_kinds() -> None:
    assert total_error_rate(D(1000), D(10), systemic=D(5), anomalous=D(1)) == D("0.016")
    with pytest.raises(InputError, match="population"):
        total_error_rate(D(0), D(1))


def test_nothing_certifiable_is_refused() -> None:
    with pytest.raises(InputError, match="nothing certifiable"):
        residual_error_rate(D(1000), D("0.02"), corrections=D(10), ongoing=D(990))


def test_a_confidence_level_read_back_from_its_factor() -> None:
    assert (level_of(D("1.645")), level_of(D("-1"))) == (D("0.9000"), 0)
