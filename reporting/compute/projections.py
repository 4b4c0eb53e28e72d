"""What the errors found in a sample mean for the population, from sums or from the sampled units themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import choice, euro, may, need, number, record, rows, text, whole
from applications.rules.compute.records import Member
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
    ratio_residuals,
    stratified_precision,
)
from reporting.sampling.numbers import cents, precise, standard_deviation
from reporting.sampling.sizes import Layer, tolerable_error

from .terms import BOOK, CONFIDENCE, MATERIALITY, MOST_UNITS, UNITS, asked, confidence, positive, tabulated

METHODS = (
    "mean_per_unit",
    "ratio",
    "difference",
    "mus",
    "mus_conservative",
    "stratified",
    "mus_stratified",
    "non_statistical",
)
AUDITED = record(
    "Une unité auditée | An audited unit",
    need("book", euro("Valeur comptable | Book value")),
    need("error", euro("Erreur aléatoire trouvée | Random error found", signed=True)),
    may("key", text("Repère | Mark")),
)
SAMPLE: tuple[Member, ...] = (
    may(
        "sampled",
        whole(
            "n : unités de l’échantillon, hors strate exhaustive | n: units of the sample, exhaustive stratum apart",
            1,
            MOST_UNITS,
        ),
    ),
    may("sum_errors", euro("ΣE : somme des erreurs | ΣE: sum of the errors", signed=True)),
    may("sum_books", euro("ΣBV : valeur comptable de l’échantillon | ΣBV: book value of the sample")),
    may(
        "sum_rates", number("Σ(E/BV) : somme des taux d’erreur (1.096) | Σ(E/BV): sum of the error rates (1.096)", None)
    ),
    may(
        "deviation",
        number(
            "s : écart type des erreurs, ou des résidus pour ratio, ou des taux pour MUS | "
            "s: standard deviation of the errors, of the residuals for ratio, of the rates for MUS"
        ),
    ),
    may("exhaustive_book", euro("Valeur comptable de la strate exhaustive | Book value of the exhaustive stratum"), 0),
    may("exhaustive_error", euro("Erreur de la strate exhaustive | Error in the exhaustive stratum", signed=True), 0),
    may(
        "sample",
        rows("Au lieu des sommes : les unités auditées | Instead of the sums: the audited units", AUDITED, least=1),
    ),
)
STRATUM: tuple[Member, ...] = (
    may("name", text("Strate | Stratum"), "-"),
    may("units", UNITS),
    may("book", BOOK),
    *SAMPLE,
)
INPUT: tuple[Member, ...] = (
    need("method", choice("Méthode | Method", METHODS)),
    need("book", BOOK),
    may("units", UNITS),
    *SAMPLE,
    may(
        "rates",
        rows(
            "Taux d’erreur de chaque unité, pour l’approche prudente | "
            "Error rate of each unit, for the conservative approach",
            number("Taux | Rate"),
        ),
    ),
    may("interval", euro("SI : intervalle de sondage (par défaut BV/n) | SI: sampling interval (by default BV/n)")),
    may("strata", rows("Strates | Strata", record("Une strate | A stratum", *STRATUM), least=1)),
    *CONFIDENCE,
    MATERIALITY,
    may("systemic", euro("Erreurs systémiques délimitées | Delimited systemic errors"), 0),
    may("anomalous", euro("Erreurs anormales non corrigées | Uncorrected anomalous errors"), 0),
)


@dataclass(frozen=True, slots=True)
class Part:
    """A sample by its sums: units and euro not rounded; `path` is where it stands in the input."""

    given: Given
    members: tuple[Member, ...]
    path: str = "$"

    @property
    def units(self) -> list[Mapping[str, Any]]:
        return self.given["sample"] or []

    @property
    def sampled(self) -> int:
        return len(self.units) or int(self.positive("sampled"))

    @property
    def errors(self) -> Decimal:
        return self._sum("sum_errors", [one["error"] for one in self.units])

    @property
    def books(self) -> Decimal:
        found = self._sum("sum_books", [one["book"] for one in self.units])
        if found <= 0:
            fr = "donner une valeur comptable supérieure à zéro."
            raise InputError(f"{self.path}.sum_books", "give a book value above zero.", fr)
        return found

    @property
    def rate_list(self) -> list[Decimal]:
        """E/BV of each unit; a unit without value has none."""
        for rank, one in enumerate(self.units):
            if one["book"] <= 0:
                path = f"{self.path}.sample[{rank}].book"
                fr = "un taux d’erreur demande une valeur comptable supérieure à zéro."
                raise InputError(path, "an error rate needs a book value above zero.", fr)
        return [one["error"] / one["book"] for one in self.units]

    @property
    def rates(self) -> Decimal:
        return self._sum("sum_rates", self.rate_list if self.units else [])

    @property
    def rest(self) -> Decimal:
        """The book value without the exhaustive stratum."""
        left = self.positive("book") - self.given["exhaustive_book"]
        if left < 0:
            path, fr = f"{self.path}.exhaustive_book", "la strate exhaustive dépasse la population."
            raise InputError(path, "the exhaustive stratum passes the population.", fr)
        return left

    def deviation(self, of_units: Callable[[], Sequence[Decimal]]) -> Decimal:
        """The deviation that was given, else the one of the audited units."""
        if self.given["deviation"] is None and len(self.units) == 1:
            fr = "donner au moins deux unités : une seule n’a pas d’écart type."
            raise InputError(f"{self.path}.sample", "give two units at least: one alone has no deviation.", fr)
        if self.given["deviation"] is None and self.units:
            return standard_deviation(list(of_units()))
        found: Decimal = self.asked("deviation")
        return found

    def asked(self, name: str) -> Any:
        return asked(self.given, self.members, name, self.path)

    def positive(self, name: str) -> Decimal:
        return positive(self.given, self.members, name, self.path)

    def _sum(self, name: str, of_units: Sequence[Decimal]) -> Decimal:
        return sum(of_units, Decimal(0)) if self.units else Decimal(self.asked(name))

    def error_list(self) -> list[Decimal]:
        return [one["error"] for one in self.units]

    def residuals(self) -> list[Decimal]:
        return ratio_residuals(self.error_list(), [one["book"] for one in self.units])


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
    if given["method"] not in ("mus", "non_statistical"):
        return {}
    part = Part(given, INPUT)
    return {"interval": cents(part.rest / part.sampled)}


def _mean(given: Given, level: Decimal) -> Estimate:
    part = Part(given, INPUT)
    count = int(part.positive("units"))
    spread = part.deviation(part.error_list)
    error = part.given["exhaustive_error"] + mean_per_unit(count, part.sampled, part.errors)
    return error, equal_probability_precision(count, part.sampled, spread, level)


def _ratio(given: Given, level: Decimal) -> Estimate:
    part = Part(given, INPUT)
    count = int(part.positive("units"))
    error = part.given["exhaustive_error"] + ratio_projection(part.rest, part.errors, part.books)
    spread = part.deviation(part.residuals)
    return error, equal_probability_precision(count, part.sampled, spread, level)


def _mus(given: Given, level: Decimal) -> Estimate:
    part = Part(given, INPUT)
    error = mus_projection(part.rest, part.sampled, part.rates, given["exhaustive_error"])
    spread = part.deviation(lambda: part.rate_list)
    return error, stratified_precision([(part.rest, part.sampled, spread)], level)


def _conservative(given: Given, level: Decimal) -> Estimate:
    """SI is that of the whole population; the rates are those of the sample without the high values."""
    part = Part(given, INPUT)
    rates = part.rate_list if part.units else list(part.asked("rates"))
    interval = given["interval"] or part.positive("book") / part.sampled
    error = interval_projection(interval, sum(rates, Decimal(0)), given["exhaustive_error"])
    return error, conservative_precision(interval, rates, tabulated(level))


def _strata(given: Given) -> list[Part]:
    return [Part(row, STRATUM, f"$.strata[{rank}]") for rank, row in enumerate(asked(given, INPUT, "strata"))]


def _stratified(given: Given, level: Decimal) -> Estimate:
    parts = _strata(given)
    error = sum((_mean_of(part) for part in parts), given["exhaustive_error"])
    layers = [Layer(part.positive("units"), part.deviation(part.error_list)) for part in parts]
    return error, equal_strata_precision(layers, sum(part.sampled for part in parts), level)


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
    if given["sum_rates"] is not None or part.units:
        return mus_projection(part.rest, part.sampled, part.rates, given["exhaustive_error"]), None
    return given["exhaustive_error"] + ratio_projection(part.rest, part.errors, part.books), None


PROJECTED: Mapping[str, Callable[[Given, Decimal], Estimate]] = {
    "mean_per_unit": _mean, "ratio": _ratio, "difference": _mean, "mus": _mus, "mus_conservative": _conservative,
    "stratified": _stratified, "mus_stratified": _mus_stratified, "non_statistical": _non_statistical,
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
