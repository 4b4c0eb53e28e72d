"""The amount of aid and the eligibility of a firm, under a shipped scheme or under rules given in the input."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from applications.rules import eligibility
from applications.rules.amounts import Line, compute
from applications.rules.base import InputError, Verdict
from applications.rules.compute.build import day, euro, flag, may, need, number, record, rows, text, whole
from applications.rules.compute.records import Member, Open
from applications.rules.compute.scheme_rules import Rules, rules_of, under_rules
from applications.rules.compute.shapes import Day, below
from applications.rules.compute.wrapping import Given, rule
from regions.money import ZERO, split

KNOWN_FACTS: tuple[Member, ...] = (
    may("headcount", number("Effectif en unités de travail annuel | Headcount in annual work units")),
    may("turnover", euro("Chiffre d’affaires hors taxes | Turnover excl. VAT")),
    may("balance_sheet", euro("Total du bilan | Balance sheet total")),
    may("naf", text("Code NAF, par exemple 47.78C | Activity code (NAF), for example 47.78C")),
    may("naf_nomenclature", text("Nomenclature : rev2 ou 2025 | Nomenclature: rev2 or 2025"), "rev2"),
    may("legal_category", text("Forme : company, association, liberal_regulated… | Legal form")),
    may("seat_region", text("Région INSEE du siège, par exemple 04 | INSEE region of the seat, for example 04")),
    may("created_on", day("Création de l’entreprise | Creation of the firm")),
    may("applied_on", day("Dépôt de la demande | Day of the application")),
    may("works_start_on", day("Signature du devis ou début des travaux | Quote signed or works started")),
    may("awarded_on", day("Date de l’octroi | Day of the award")),
    may(
        "person_applications_this_year",
        whole("Demandes du dirigeant cette année | Applications of the manager this year"),
    ),
    may(
        "firm_applications_this_year",
        whole("Demandes de l’entreprise cette année | Applications of the firm this year"),
    ),
    may("other_public_aid", euro("Autres aides publiques | Other public aid")),
)
FACTS = Open(words="Faits sur l’entreprise et le projet | Facts on the firm and the project", members=KNOWN_FACTS)
RULES_TEXT = Open(
    words="Ou des règles au format des dispositifs (parties who, what, how, reasons, funding) | "
    "Or rules in the format of the schemes (parts who, what, how, reasons, funding)"
)
SCHEME: tuple[Member, ...] = (
    may(
        "scheme",
        text("Code d’un dispositif livré, par exemple kap-numerik | Code of a shipped scheme, e.g. kap-numerik"),
    ),
    may("rules", RULES_TEXT),
    may("facts", FACTS, {}),
)
LINE = record(
    "Une ligne | A line",
    need("category", text("Catégorie de dépense du dispositif | Category of expense of the scheme")),
    need("amount", euro("Montant hors taxes | Amount excl. VAT")),
    may("label", text("Libellé | Label"), "-"),
    may("hardware", flag("Équipement matériel | Hardware"), False),
    may("key", text("Repère de la ligne | Mark of the line")),
    may(
        "quantity",
        number("Quantité (jours, unités), si le dispositif en tient compte | Quantity (days, units), if used"),
    ),
)
LINE_FIELDS = frozenset(one.name for one in dataclasses.fields(Line))
QUOTE = record(
    "Un devis | A quote",
    *SCHEME,
    need("lines", rows("Lignes du devis | Lines of the quote", LINE, least=1)),
    may("headcount", number("Raccourci de facts.headcount | Short for facts.headcount")),
    may("other_aid", euro("Autres aides publiques au projet | Other public aid to the project"), 0),
    any_of=("scheme", "rules"),
)
FIRM = record("Une entreprise et son projet | A firm and its project", *SCHEME, any_of=("scheme", "rules"))


def aid(given: Given) -> Verdict:
    """The aid, with each line's part and each step; shares of the funders when the rules name them."""
    rules = rules_of(given, ("what", "how"), [row["category"] for row in given["lines"]])
    facts = _facts(given, rules)
    if given["headcount"] is not None:
        facts["headcount"] = given["headcount"]
    lines = [_line(row, str(rank)) for rank, row in enumerate(given["lines"], 1)]
    verdict = _decided(given, lambda: compute(rules, lines, facts, other_aid=given["other_aid"]))
    shares = _shares(rules, verdict.amount or ZERO)
    return dataclasses.replace(verdict, details=dict(verdict.details) | shares)


def eligible(given: Given) -> Verdict:
    """Whether the firm meets every condition; all failing ones are told."""
    rules = rules_of(given, ("who",))
    facts = _facts(given, rules)
    return _decided(given, lambda: eligibility.assess(rules, facts))


def _decided(given: Given, decide: Any) -> Verdict:
    return under_rules(given["rules"] is not None, decide)


def _line(row: Mapping[str, Any], rank: str) -> Line:
    """The line, with the quantity when lines have one."""
    values = dict(row) | {"key": row["key"] or rank}
    return Line(**{name: value for name, value in values.items() if name in LINE_FIELDS and value is not None})


def _facts(given: Given, rules: Rules) -> dict[str, Any]:
    """The facts, each of them known to the rules; a name that ends in « _on » is a date."""
    told: Mapping[str, Any] = given["facts"]
    allowed = {*eligibility.FACTS, *(one.name for one in KNOWN_FACTS), *_named(rules)}
    for name in told:
        if name not in allowed:
            listed = ", ".join(sorted(allowed))
            path = below("$.facts", name)
            raise InputError(path, f"unknown fact; possible facts: {listed}.", f"fait inconnu ; possibles : {listed}.")
    return {name: _fact(name, value) for name, value in told.items()}


def _fact(name: str, value: Any) -> Any:
    dated = name.endswith("_on") and value is not None and not isinstance(value, date)
    return Day(words="").read(value, below("$.facts", name)) if dated else value


def _named(rules: Rules) -> Iterator[str]:
    """The facts that the conditions of the rules read."""
    for condition in rules.get("who", {}).get("conditions", []):
        for part in condition.get("any_of", [condition]):
            yield part["fact"]


def _shares(rules: Rules, amount: Decimal) -> dict[str, Any]:
    """Each funder's part, the lead taking the remainder."""
    funding = rules.get("funding")
    if funding is None:
        return {}
    parts = {funder["code"]: Decimal(funder["share"]) for funder in funding["funders"]}
    if sum(parts.values()) != 1 or funding["lead"] not in parts:
        fr = "les parts des financeurs doivent faire 1 et comprendre le financeur principal."
        raise InputError("$.rules.funding", "the shares of the funders have to make 1 and hold the lead funder.", fr)
    return {"shares": split(amount, parts, funding["lead"])}


KAP_FACTS = {
    "headcount": "5", "turnover": "300000.00", "naf": "47.78C", "legal_category": "company", "seat_region": "04",
    "applied_on": "2025-03-03", "firm_applications_this_year": 0, "person_applications_this_year": 0,
}  # fmt: skip
RULES = (
    rule(
        "aid-amount",
        "Montant de l’aide sur un devis, ligne par ligne et étape par étape | "
        "Amount of aid on a quote, line by line and step by step",
        QUOTE,
        {
            "scheme": "kap-numerik",
            "facts": {"headcount": "5"},
            "lines": [
                {"category": "merchant_site", "amount": "3000.00"},
                {"category": "social_media", "amount": "1500.00"},
            ],
        },
        aid,
    ),
    rule(
        "scheme-eligibility",
        "Conditions d’un dispositif : l’entreprise les remplit-elle, et sinon pourquoi | "
        "Conditions of a scheme: whether the firm meets them, and if not why",
        FIRM,
        {"scheme": "kap-numerik", "facts": KAP_FACTS},
        eligible,
    ),
)
