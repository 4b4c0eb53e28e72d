"""The budget estimate of a scheme for the command."""

from __future__ import annotations

from applications.rules.base import Verdict
from applications.rules.budget_estimate import Size, estimate
from applications.rules.compute.build import euro, may, need, number, percent, record, rows, text, whole
from applications.rules.compute.scheme_rules import rules_of, under_rules
from applications.rules.compute.schemes import RULES_TEXT
from applications.rules.compute.wrapping import Given, rule

SIZE = record(
    "Une taille d’entreprise | A size of firm",
    may("name", text("Nom | Name"), "-"),
    need("share", percent("Part des entreprises | Share of the firms")),
    need("headcount", number("Effectif d’une entreprise type | Headcount of a typical firm")),
    need("turnover", euro("Chiffre d’affaires d’une entreprise type | Turnover of a typical firm")),
    need("cost", euro("Coût d’un projet type hors taxes | Cost of a typical project excl. VAT")),
)
ESTIMATE = record(
    "Un dispositif, des entreprises, une enveloppe | A scheme, firms, an envelope",
    may("scheme", text("Code d’un dispositif livré | Code of a shipped scheme")),
    may("rules", RULES_TEXT),
    need("firms", whole("Entreprises du territoire | Firms of the territory")),
    need("take_up", percent("Part qui dépose dans l’année | Share that applies in the year")),
    need("sizes", rows("La répartition par taille | The size mix", SIZE, least=1, most=50)),
    may("envelope", euro("Enveloppe de l’année | Envelope of the year"), 0),
    any_of=("scheme", "rules"),
)


def budget(given: Given) -> Verdict:
    """The need of a year; `ok` says whether the envelope holds it."""
    rules = rules_of(given, ("what", "how"))
    sizes = [Size(**{**row, "share": row["share"] / 100}) for row in given["sizes"]]
    take_up = given["take_up"] / 100
    own = given["rules"] is not None
    return under_rules(own, lambda: estimate(rules, given["firms"], take_up, sizes, given["envelope"]))


RULES = (
    rule(
        "budget-estimate",
        "Budget d’un dispositif : demandes attendues × aide moyenne par taille, comparé à l’enveloppe | "
        "Budget of a scheme: expected applications × average aid by size, compared with the envelope",
        ESTIMATE,
        {
            "scheme": "kap-numerik",
            "firms": 10000,
            "take_up": 2,
            "sizes": [
                {"name": "0-9", "share": 90, "headcount": "3", "turnover": "200000.00", "cost": "4000.00"},
                {"name": "10-19", "share": 10, "headcount": "12", "turnover": "900000.00", "cost": "6000.00"},
            ],
            "envelope": "400000.00",
        },
        budget,
    ),
)
