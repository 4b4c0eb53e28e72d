"""What an advance repaid by its success owes."""

from __future__ import annotations

from applications.rules.base import Verdict
from applications.rules.compute.build import euro, may, need, number, record, rows
from applications.rules.compute.wrapping import Given, rule
from applications.rules.repayment import Step, SuccessTerms, success_repayment

STEP = record(
    "Un palier du barème | A step of the table",
    need("multiple", number("À partir de ce multiple de l’avance | From this multiple of the advance on")),
    need("share", number("Part à rembourser, de 0 à 1 | Share to repay, from 0 to 1", 0, 1)),
)
SUCCESS = record(
    "Une avance remboursée selon le chiffre d’affaires à l’export | An advance repaid from the export turnover",
    need("paid", euro("Avance versée | Advance paid")),
    need("turnover", euro("Chiffre d’affaires à l’export depuis le début | Export turnover since the beginning")),
    may("repaid", euro("Déjà remboursé | Repaid so far"), 0),
    may(
        "least_share",
        number("Part minimale, de 0 à 1 | Least share, from 0 to 1", 0, 1),
        str(SuccessTerms().least_share),
    ),
    may("low", number("Multiple sous lequel la part minimale est due | Multiple below which the least is owed"), 3),
    may("full", number("Multiple dès lequel tout est dû | Multiple from which all is owed"), 10),
    may("steps", rows("Barème entre les deux multiples | Table between the two multiples", STEP), []),
)


def owed(given: Given) -> Verdict:
    """What is due now; a turnover for which no formula is published and no table given is told as such."""
    steps = tuple(Step(**row) for row in given["steps"])
    terms = SuccessTerms(given["least_share"], given["low"], given["full"], steps)
    return success_repayment(given["paid"], given["turnover"], given["repaid"], terms)


RULES = (
    rule(
        "success-repayment",
        "Avance remboursée par son succès à l’export (sur le modèle de l’Assurance Prospection) | "
        "Advance repaid by its export success (as in the French Assurance Prospection)",
        SUCCESS,
        {"paid": "60000.00", "turnover": "150000.00"},
        owed,
    ),
)
