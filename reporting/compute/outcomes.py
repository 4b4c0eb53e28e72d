"""Figures of a scheme: totals and means by service, and the rate at which an envelope is programmed."""

from __future__ import annotations

from typing import Any

from applications.rules.base import Verdict
from applications.rules.compute.build import may, need, number, record, rows, text, whole
from applications.rules.compute.wrapping import Given, rule
from reporting.ratios import Tally, programming_rate, total

from .terms import MOST_UNITS, positive

TALLY = record(
    "Une ligne de résultats | A row of results",
    may("name", text("Niveau, vague ou année | Level, round or year"), "-"),
    need("count", whole("Prestations ou entreprises | Services or firms", 0, MOST_UNITS)),
    need("amount", number("Montant, dans la monnaie de la source | Amount, in the currency of the source")),
)
RESULTS = record("Des résultats | Results", need("rows", rows("Lignes | Rows", TALLY, least=1)))
ENVELOPE = record(
    "Une enveloppe | An envelope",
    need("programmed", number("Montant programmé | Amount programmed")),
    need("envelope", number("Montant de l’enveloppe | Amount of the envelope")),
    may("overbooking", number("Surprogrammation votée | Overbooking voted"), 0),
)


def results(given: Given) -> Verdict:
    """Each row with its mean, and the whole; `amount` is the total."""
    tallies = [Tally(**row) for row in given["rows"]]
    whole_of_it = total(tallies)
    shown = [{"name": one.name, **_shown(one)} for one in tallies]
    return Verdict(True, amount=whole_of_it.amount, details={**_shown(whole_of_it), "rows": shown})


def _shown(tally: Tally) -> dict[str, Any]:
    return {
        "count": tally.count, "amount": tally.amount, "mean": tally.mean, "rounded_mean": tally.rounded_mean,
    }  # fmt: skip


def programmed(given: Given) -> Verdict:
    """The rate in %, refused above the envelope and the overbooking voted."""
    positive(given, ENVELOPE.members, "envelope")
    return programming_rate(**given)


RULES = (
    rule(
        "scheme-results",
        "Bilan d’un dispositif : totaux et moyennes par prestation | Results of a scheme: totals and means by service",
        RESULTS,
        {"rows": [{"name": "1", "count": 22, "amount": 80500}, {"name": "2", "count": 2, "amount": 33000}]},
        results,
    ),
    rule(
        "programming-rate",
        "Taux de programmation d’une enveloppe | Programming rate of an envelope",
        ENVELOPE,
        {"programmed": "140000.00", "envelope": "1000000.00"},
        programmed,
    ),
)
