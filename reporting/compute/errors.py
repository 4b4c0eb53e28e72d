"""The total error rate of a population: random, delimited systemic and uncorrected anomalous errors."""

from __future__ import annotations

from decimal import Decimal

from applications.rules.base import Reason, Verdict
from applications.rules.compute.build import euro, may, need, record
from applications.rules.compute.records import Record
from applications.rules.compute.wrapping import Given, rule
from reporting.sampling.conclusion import percentage
from reporting.sampling.rates import total_error_rate
from reporting.sampling.sizes import MATERIALITY

from .terms import positive

INPUT: Record = record(
    "Les erreurs d’une population | The errors of a population",
    need("population", euro("Dépenses de la population | Expenditure of the population")),
    need("random", euro("Erreurs aléatoires projetées | Projected random errors", signed=True)),
    may("systemic", euro("Erreurs systémiques délimitées | Delimited systemic errors"), 0),
    may("anomalous", euro("Erreurs anormales non corrigées | Uncorrected anomalous errors"), 0),
)


def total_error(given: Given) -> Verdict:
    """The rate, in % to two decimals and exact; refused above 2 %. `amount` is the total error."""
    whole = positive(given, INPUT.members, "population")
    errors = (given["random"], given["systemic"], given["anomalous"])
    rate = total_error_rate(whole, *errors)
    details = {"rate": rate, "rate_percent": percentage(rate)}
    ok = rate <= MATERIALITY
    return Verdict(ok, () if ok else (_material(),), sum(errors, Decimal(0)), details)


def _material() -> Reason:
    return Reason(
        "total_error_material",
        "Le taux d’erreur total dépasse 2 %.",
        "The total error rate exceeds 2 %.",
        "Règlement (UE) 2021/1060, art. 2(35)",
    )


RULES = (
    rule(
        "total-error",
        "Taux d’erreur total d’une population (règlement 2021/1060, art. 2(35)) | "
        "Total error rate of a population (Regulation 2021/1060, art. 2(35))",
        INPUT,
        {"population": "1000000.00", "random": "10000.00", "systemic": "5000.00"},
        total_error,
    ),
)
