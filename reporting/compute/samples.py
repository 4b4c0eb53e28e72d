"""An audited sample as an input: by its sums, or by the sampled units themselves; whole or by stratum."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from applications.rules.base import InputError
from applications.rules.compute.build import choice, euro, may, need, number, record, rows, text, whole
from applications.rules.compute.records import Member
from applications.rules.compute.wrapping import Given
from reporting.sampling.estimate import ratio_residuals
from reporting.sampling.numbers import standard_deviation

from .terms import BOOK, CONFIDENCE, MATERIALITY, MOST_UNITS, UNITS, asked, positive

METHODS = (
    "mean_per_unit",
    "ratio",
    "difference",
    "mus",
    "mus_conservative",
    "stratified",
    "stratified_ratio",
    "mus_stratified",
    "non_statistical",
)
# More than any audit sample has; the allowance of each ranked error costs time.
MOST_AUDITED = 1000
SELECTIONS = ("by_value", "equal_probability")
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
        rows(
            "Au lieu des sommes : les unités auditées | Instead of the sums: the audited units",
            AUDITED,
            1,
            MOST_AUDITED,
        ),
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
            most=MOST_AUDITED,
        ),
    ),
    may(
        "interval",
        euro("SI : intervalle de sondage, approche prudente | SI: sampling interval, conservative approach"),
    ),
    may(
        "sample_size",
        whole("Ou : n de toute la population, SI = BV/n | Or: n of the whole population, SI = BV/n", 1, MOST_UNITS),
    ),
    may(
        "selection",
        choice("Tirage d’un échantillon non statistique | Selection of a non-statistical sample", SELECTIONS),
    ),
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
