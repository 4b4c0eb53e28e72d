"""Simplified cost options: flat rates, hourly rates, unit costs, lump sums, and when they are compulsory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from applications.rules import simplified_costs
from applications.rules.base import Verdict
from applications.rules.compute.build import choice, euro, flag, may, need, number, percent, record, rows, text, whole
from applications.rules.compute.shapes import missing
from applications.rules.compute.wrapping import Given, rule
from applications.rules.cost_forms import FORMS, FormUse, Funding, combination, obligation
from applications.rules.simplified_costs import FLAT_RATES, ChosenRate, DirectCosts, LumpSum, UnitCost

CHOSEN = record(
    "Un taux forfaitaire | A flat rate",
    need("article", choice("Article du règlement 2021/1060 | Article of Regulation 2021/1060", tuple(FLAT_RATES))),
    may("rate", percent("Taux retenu (par défaut, le maximum) | Rate used (by default the highest)")),
    may("method_calculated", flag("Taux fixé par une méthode de calcul | Rate set by a calculation method"), False),
)
LUMP = record(
    "Un montant forfaitaire | A lump sum",
    need("name", text("Livrable | Deliverable")),
    need("amount", euro("Montant | Amount")),
    may("delivered", flag("Livrable accepté | Deliverable accepted"), True),
)
UNIT = record(
    "Un coût unitaire | A unit cost",
    need("name", text("Unité | Unit")),
    need("units", number("Unités livrées | Units delivered")),
    need("unit_cost", euro("Coût d’une unité | Cost of one unit")),
    may("planned", number("Unités prévues, qui plafonnent | Units planned, which cap")),
)
FORM_USE = record(
    "Une forme de subvention et ce qu’elle paie | A form of grant and what it pays for",
    need("form", choice("Forme | Form", FORMS)),
    need("category", text("Catégorie de coûts | Cost category")),
    may("project", text("Projet | Project"), "-"),
    may("phase", text("Phase | Phase"), "-"),
)
REGIMES = ("none", "de_minimis", "state_aid")
OPTIONS = ("flat_rates", "hourly_rate", "fixed_share", "unit_costs", "lump_sums", "obligation", "combination")
INPUT = record(
    "Une option de coûts simplifiés ; elle se déduit des champs donnés quand « option » manque | "
    "A simplified cost option; it follows from the fields given when “option” is missing",
    may("option", choice("Option | Option", OPTIONS)),
    may("flat_rates", rows("Taux forfaitaires de l’opération | Flat rates of the operation", CHOSEN, least=1)),
    may("direct_staff", euro("Frais de personnel directs | Direct staff costs"), 0),
    may("other_direct", euro("Autres coûts directs | Other direct costs"), 0),
    may("allowances", euro("Indemnités des participants | Allowances of participants"), 0),
    may(
        "large_contracts", flag("Marchés au-dessus des seuils européens | Contracts above the Union thresholds"), False
    ),
    may("gross_cost", euro("Coût salarial brut de la période | Gross employment cost of the period")),
    may("hours", number("Heures déclarées | Hours declared")),
    may("months", whole("Mois que couvre ce coût | Months that this cost covers", 1, 12), 12),
    may("part_time", number("Part du temps plein, de 0 à 1 | Part of full time, from 0 to 1", 0, 1), 1),
    may(
        "hours_of_period",
        number("Heures documentées de la période, au lieu de 1 720 | Documented hours of the period, instead of 1 720"),
    ),
    may("share", percent("Part fixe du temps de travail | Fixed share of the working time")),
    may("unit_costs", rows("Coûts unitaires | Unit costs", UNIT, least=1)),
    may("lump_sums", rows("Montants forfaitaires | Lump sums", LUMP, least=1)),
    may("total_cost", euro("Coût total de l’opération | Total cost of the operation")),
    may("forms", rows("Formes de la subvention | Forms of the grant", choice("Forme | Form", FORMS), least=1)),
    may("aid_regime", choice("Régime d’aide | Aid regime", REGIMES), "none"),
    may(
        "research_exempt",
        flag("Recherche exemptée par le comité de suivi | Research exempted by the monitoring committee"),
        False,
    ),
    may(
        "real_costs_are_base",
        flag("Coûts réels seulement comme base du taux | Real costs only as the base of the rate"),
        False,
    ),
    may("draft_budget", flag("Méthode du projet de budget | Draft budget method"), False),
    may(
        "uses", rows("Formes combinées et ce qu’elles paient | Forms combined and what they pay for", FORM_USE, least=1)
    ),
    any_of=("option", "flat_rates", "gross_cost", "unit_costs", "lump_sums", "total_cost", "uses"),
)


def simplified(given: Given) -> Verdict:
    """The eligible expenditure of the option, or whether the form of the grant is allowed."""
    return DECIDED[given["option"] or _implied(given)](given)


def _implied(given: Given) -> str:
    """The option that the fields given speak of."""
    marks = {
        "flat_rates": "flat_rates", "unit_costs": "unit_costs", "lump_sums": "lump_sums", "uses": "combination",
        "total_cost": "obligation",
    }  # fmt: skip
    found = next((option for name, option in marks.items() if given[name] is not None), None)
    return found or ("hourly_rate" if given["share"] is None else "fixed_share")


def _asked(given: Given, name: str) -> Any:
    """A value that this option cannot do without."""
    if given[name] is None:
        shape = next(member.shape for member in INPUT.members if member.name == name)
        raise missing(f"$.{name}", shape.words)
    return given[name]


def _flat_rates(given: Given) -> Verdict:
    costs = DirectCosts(*(given[name] for name in ("direct_staff", "other_direct", "allowances", "large_contracts")))
    return simplified_costs.flat_rate_costs(costs, [ChosenRate(**row) for row in _asked(given, "flat_rates")])


def _hourly(given: Given) -> Verdict:
    documented: Decimal | None = given["hours_of_period"]
    if documented == 0:
        raise missing("$.hours_of_period", "un nombre d’heures supérieur à zéro | a number of hours above zero")
    if given["part_time"] == 0:
        raise missing("$.part_time", "une part supérieure à zéro | a part above zero")
    return simplified_costs.hourly_costs(
        _asked(given, "gross_cost"),
        _asked(given, "hours"),
        months=given["months"],
        part_time=given["part_time"],
        hours_of_period=documented,
    )


def _fixed_share(given: Given) -> Verdict:
    return simplified_costs.fixed_share(_asked(given, "gross_cost"), _asked(given, "share"))


def _units(given: Given) -> Verdict:
    return simplified_costs.unit_costs([UnitCost(**row) for row in _asked(given, "unit_costs")])


def _lumps(given: Given) -> Verdict:
    return simplified_costs.lump_sums([LumpSum(**row) for row in _asked(given, "lump_sums")])


def _obligation(given: Given) -> Verdict:
    names = ("aid_regime", "research_exempt", "real_costs_are_base", "draft_budget")
    forms = frozenset(given["forms"] or ("real_costs",))
    return obligation(Funding(_asked(given, "total_cost"), forms, **{name: given[name] for name in names}))


def _combination(given: Given) -> Verdict:
    return combination([FormUse(**row) for row in _asked(given, "uses")])


DECIDED: Mapping[str, Callable[[Given], Verdict]] = {
    "flat_rates": _flat_rates, "hourly_rate": _hourly, "fixed_share": _fixed_share, "unit_costs": _units,
    "lump_sums": _lumps, "obligation": _obligation, "combination": _combination,
}  # fmt: skip

RULES = (
    rule(
        "simplified-costs",
        "Options de coûts simplifiés : taux, coûts horaires et unitaires, forfaits (règlement 2021/1060, art. 53-56) | "
        "Simplified cost options: flat rates, hourly and unit costs, lump sums (Regulation 2021/1060, art. 53-56)",
        INPUT,
        {"flat_rates": [{"article": "54(a)"}], "direct_staff": "40000.00", "other_direct": "25000.00"},
        simplified,
    ),
)
