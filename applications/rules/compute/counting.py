"""Common ERDF indicators: counting supports, checking reported values, where an indicator may be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from applications.rules import indicators
from applications.rules.base import Verdict
from applications.rules.compute.build import (
    choice,
    day,
    euro,
    flag,
    may,
    need,
    number,
    record,
    rows,
    table,
    text,
    whole,
)
from applications.rules.compute.wrapping import Given, rule
from applications.rules.follow_up import grew
from applications.rules.indicator_catalogue import SIZES, SUPPORT_FORMS
from applications.rules.indicators import DIGITAL_ITEMS, Support

SUPPORT = record(
    "Un soutien à une entreprise | A support to an enterprise",
    need("enterprise", text("SIREN ou autre identifiant stable | SIREN or another stable identifier")),
    may("form", choice("Forme du soutien | Form of the support", SUPPORT_FORMS), "grant"),
    may("operation", text("Opération | Operation"), "-"),
    may("objective", text("Objectif spécifique | Specific objective"), "-"),
    may("size", choice("Taille de l’entreprise | Size of the enterprise", SIZES), "micro"),
    may("supported_on", day("Date du soutien | Day of the support")),
    may("created_on", day("Création de l’entreprise | Creation of the enterprise")),
    may(
        "documented",
        flag("Soutien non financier structuré et documenté | Non-financial support, structured and documented"),
        True,
    ),
    may("project_total", euro("Coût total du projet | Total cost of the project")),
    may("public_support", euro("Soutien public au projet | Public support to the project"), 0),
    may(
        "digital_value", euro("Valeur des services numériques développés | Value of the digital services developed"), 0
    ),
    may(
        "digital_before",
        whole("Pratiques numériques avant l’aide, sur 12 | Digital practices before the aid, of 12", 0, DIGITAL_ITEMS),
    ),
    may(
        "digital_after",
        whole("Pratiques numériques après l’aide, sur 12 | Digital practices after the aid, of 12", 0, DIGITAL_ITEMS),
    ),
    may("jobs", number("Emplois créés, en équivalents temps plein | Jobs created, in full-time equivalents")),
    may("new_offer", flag("Produit ou procédé nouveau | New product or process")),
    may("new_methods", flag("Commercialisation ou organisation nouvelle | New marketing or organisation")),
    may("turnover_before", euro("Chiffre d’affaires à la demande | Turnover at the application")),
    may("turnover_after", euro("Chiffre d’affaires un an après le projet | Turnover a year after the project")),
)
INPUT = record(
    "Des soutiens à compter, ou des valeurs à contrôler | Supports to count, or values to check",
    may("supports", rows("Soutiens | Supports", SUPPORT)),
    may(
        "values",
        table("Valeurs déclarées, par code (RCO01, RCO01.micro…) | Reported values, by code", number("Valeur | Value")),
    ),
    may("code", text("Indicateur dont l’emploi est à contrôler | Indicator whose use is to be checked")),
    may("objective", text("Objectif spécifique de cet emploi | Specific objective of that use"), "-"),
    may(
        "own_objectives",
        rows("Objectifs propres de l’indicateur | The indicator's own objectives", text("Objectif | Objective")),
        [],
    ),
    any_of=("supports", "values", "code"),
)


def counted(given: Given) -> Verdict:
    """The indicators by specific objective, and whether what is reported can be true."""
    checks = [*_checked(given), *_used(given)]
    reasons = tuple(reason for check in checks for reason in check.reasons)
    return Verdict(all(check.ok for check in checks), reasons, details=_counts(given["supports"] or ()))


def _counts(supports: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """By objective; and flat when there is one objective only."""
    by_objective = indicators.count(_support(**row) for row in supports)
    only = next(iter(by_objective.values())) if len(by_objective) == 1 else None
    return {"objectives": by_objective} if only is None else {"objectives": by_objective, "indicators": only}


def _support(turnover_before: Decimal | None, turnover_after: Decimal | None, **known: Any) -> Support:
    return Support(grew=grew(turnover_before, turnover_after), **known)


def _checked(given: Given) -> list[Verdict]:
    return [] if given["values"] is None else [indicators.check(given["values"])]


def _used(given: Given) -> list[Verdict]:
    if given["code"] is None:
        return []
    return [indicators.check_use(given["code"], given["objective"], given["own_objectives"])]


RULES = (
    rule(
        "indicators",
        "Indicateurs communs du FEDER, comptés sans double compte (règlement 2021/1058, annexe I) | "
        "Common ERDF indicators, counted without double counting (Regulation 2021/1058, annex I)",
        INPUT,
        {
            "supports": [
                {
                    "enterprise": "E1",
                    "form": "grant",
                    "operation": "A",
                    "objective": "1.3",
                    "turnover_before": "100000.00",
                    "turnover_after": "120000.00",
                },
                {"enterprise": "E1", "form": "grant", "operation": "B", "objective": "1.3"},
                {"enterprise": "E3", "form": "non_financial", "operation": "C", "objective": "1.3"},
            ]
        },
        counted,
    ),
)
