"""What the errors found in a sample mean for the population, from sums or from the sampled units themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import record
from applications.rules.compute.wrapping import Given, rule
from reporting.sampling.conclusion import Conclusion, conclude, percentage, recalculated_factor
from reporting.sampling.estimate import (
    conservative_precision,
    equal_probability_precision,
    equal_strata_precision,
    interval_projection,
    mean_per_unit,
    mus_projection,
    ratio_projection,
    stratified_precision,
)
from reporting.sampling.numbers import cents, precise
from reporting.sampling.sizes import Layer, tolerable_error

from .samples import INPUT, STRATUM, Part
from .terms import asked, confidence, positive, tabulated

MOST_RANKED = 300
Estimate = tuple[Decimal, Decimal | None]


@precise
def projected(given: Given) -> Verdict:
    """EE, SE and the conclusion; `ok` when the error is not material, `amount` the total error in euro."""
    book, level = positive(given, INPUT, "book"), confidence(given)
    error, precision = PROJECTED[given["method"]](given, level)
    whole_error = error + given["systemic"] + given["anomalous"]
    tolerable = tolerable_error(book, _materiality(given))
    found = conclude(whole_error, precision, tolerable, book, level)
    details = {"projected_error": cents(error), **_shown(found, book), "confidence": level * 100}
    details |= _interval(given) | _factor(found, level)
    return Verdict(found.decision == "not_material", (found.reason,), found.total, details)


def _materiality(given: Given) -> Decimal:
    return (given["materiality"] or Decimal(2)) / 100


def _shown(found: Conclusion, book: Decimal) -> dict[str, Any]:
    rates = {"error_rate_percent": percentage(found.total / book)}
    if found.upper_rate is not None:
        rates["upper_rate_percent"] = percentage(found.upper_rate)
    return {
        "total_error": found.total, "precision": found.precision, "upper_limit": found.upper,
        "tolerable_error": found.tolerable, "decision": found.decision, "corrected_book": found.corrected_book,
        "lower_limit": found.lower, "book_less_tolerable": book - found.tolerable, **rates,
    }  # fmt: skip


def _factor(found: Conclusion, level: Decimal) -> dict[str, Any]:
    """z* and the level at which the result would conclude (guidance 7.7), when it does not."""
    if found.recalculated is None or not found.precision:
        return {}
    factor = recalculated_factor(found.total, found.precision, found.tolerable, level)
    return {"recalculated_factor": factor, "recalculated_confidence": found.recalculated * 100}


def _interval(given: Given) -> dict[str, Decimal]:
    """SI of the units drawn by value, exhaustive stratum apart."""
    part = Part(given, INPUT)
    if given["method"] == "mus_conservative":
        return {"interval": cents(_fixed_interval(part))}
    return {"interval": cents(part.rest / part.sampled)} if given["method"] == "mus" else {}


def _mean(given: Given, level: Decimal) -> Estimate:
    part = Part(given, INPUT)
    count = int(part.positive("units"))
    spread = part.deviation(part.error_list)
    return _mean_of(part), equal_probability_precision(count, part.sampled, spread, level)


def _ratio(given: Given, level: Decimal) -> Estimate:
    part = Part(given, INPUT)
    count = int(part.positive("units"))
    spread = part.deviation(part.residuals)
    return _ratio_of(part), equal_probability_precision(count, part.sampled, spread, level)


def _mus(given: Given, level: Decimal) -> Estimate:
    part = Part(given, INPUT)
    return _mus_of(part), stratified_precision([(part.rest, part.sampled, _rate_spread(part))], level)


def _conservative(given: Given, level: Decimal) -> Estimate:
    """SI is that of the whole population; the rates are those of the sample without the high values."""
    part = Part(given, INPUT)
    rates = part.rate_list if part.units else list(part.asked("rates"))
    if sum(rate > 0 for rate in rates) > MOST_RANKED:
        fr = f"l’approche prudente classe au plus {MOST_RANKED} erreurs ; choisir la méthode « mus »."
        raise InputError("$.method", f"the conservative approach ranks {MOST_RANKED} errors at most; use “mus”.", fr)
    interval = _fixed_interval(part)
    error = interval_projection(interval, sum(rates, Decimal(0)), given["exhaustive_error"])
    return error, conservative_precision(interval, rates, tabulated(level))


def _fixed_interval(part: Part) -> Decimal:
    """SI as given, or BV/n; n is the sample itself only when no unit was set apart."""
    if part.given["interval"]:
        return Decimal(part.given["interval"])
    whole_sample = part.given["sample_size"] is None and not part.given["exhaustive_book"]
    return part.positive("book") / (part.sampled if whole_sample else part.positive("sample_size"))


def _strata(given: Given) -> list[Part]:
    return [Part(row, STRATUM, f"$.strata[{rank}]") for rank, row in enumerate(asked(given, INPUT, "strata"))]


def _stratified(given: Given, level: Decimal) -> Estimate:
    parts = _strata(given)
    error = sum((_mean_of(part) for part in parts), given["exhaustive_error"])
    layers = [Layer(part.positive("units"), part.deviation(part.error_list)) for part in parts]
    return error, equal_strata_precision(layers, sum(part.sampled for part in parts), level)


def _stratified_ratio(given: Given, level: Decimal) -> Estimate:
    parts = _strata(given)
    error = sum((_ratio_of(part) for part in parts), given["exhaustive_error"])
    layers = [Layer(part.positive("units"), part.deviation(part.residuals)) for part in parts]
    return error, equal_strata_precision(layers, sum(part.sampled for part in parts), level)


def _ratio_of(part: Part) -> Decimal:
    found: Decimal = part.given["exhaustive_error"]
    return found + ratio_projection(part.rest, part.errors, part.books)


def _mean_of(part: Part) -> Decimal:
    found: Decimal = part.given["exhaustive_error"]
    return found + mean_per_unit(int(part.positive("units")), part.sampled, part.errors)


def _mus_stratified(given: Given, level: Decimal) -> Estimate:
    parts = _strata(given)
    error = sum((_mus_of(part) for part in parts), given["exhaustive_error"])
    layers = [(part.rest, part.sampled, _rate_spread(part)) for part in parts]
    return error, stratified_precision(layers, level)


def _rate_spread(part: Part) -> Decimal:
    return part.deviation(lambda: part.rate_list)


def _mus_of(part: Part) -> Decimal:
    return mus_projection(part.rest, part.sampled, part.rates, part.given["exhaustive_error"])


def _non_statistical(given: Given, level: Decimal) -> Estimate:
    """By value with the sum of the rates, at equal probabilities with the sum of the errors; no precision."""
    part = Part(given, INPUT)
    usual = "by_value" if given["sum_rates"] is not None or part.units else "equal_probability"
    by_value = (given["selection"] or usual) == "by_value"
    return (_mus_of(part) if by_value else _ratio_of(part)), None


PROJECTED: Mapping[str, Callable[[Given, Decimal], Estimate]] = {
    "mean_per_unit": _mean, "ratio": _ratio, "difference": _mean, "mus": _mus, "mus_conservative": _conservative,
    "stratified": _stratified, "stratified_ratio": _stratified_ratio, "mus_stratified": _mus_stratified,
    "non_statistical": _non_statistical,
}  # fmt: skip

RULES = (
    rule(
        "sample-projection",
        "Projection des erreurs d’un échantillon d’audit et conclusion (EGESIF_16-0014-01) | "
        "Projection of the errors of an audit sample, and conclusion (EGESIF_16-0014-01)",
        record("Un échantillon audité | An audited sample", *INPUT),
        {
            "method": "mus",
            "book": "4199882024.00",
            "exhaustive_book": "786837081.00",
            "exhaustive_error": "7616805.00",
            "sampled": 69,
            "sum_rates": "1.096",
            "deviation": "0.09",
            "confidence": 90,
        },
        projected,
    ),
)
