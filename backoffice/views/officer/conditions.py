"""A scheme’s conditions in words: what the rules ask, what the file says, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.documents import formats
from applications.enums import LegalCategory
from applications.rules.eligibility import derived
from backoffice.views.owners import SIZES
from backoffice.views.public.wording import cited
from workflows.assessment import Assessment

FACTS: dict[str, Any] = {
    "headcount": gettext_lazy("Effectif en équivalents temps plein"),
    "turnover": gettext_lazy("Chiffre d’affaires hors taxes, en euros"),
    "balance_sheet": gettext_lazy("Total du bilan, en euros"),
    "size": gettext_lazy("Taille, entreprises partenaires et liées comprises"),
    "group_headcount": gettext_lazy("Effectif, entreprises partenaires et liées comprises"),
    "group_turnover": gettext_lazy("Chiffre d’affaires, entreprises partenaires et liées comprises"),
    "group_balance_sheet": gettext_lazy("Total du bilan, entreprises partenaires et liées comprises"),
    "naf": gettext_lazy("Code NAF"),
    "legal_category": gettext_lazy("Forme juridique"),
    "seat_region": gettext_lazy("Région du siège"),
    "created_on": gettext_lazy("Date de création"),
    "applied_on": gettext_lazy("Date de dépôt"),
    "works_start_on": gettext_lazy("Signature du devis"),
    "awarded_on": gettext_lazy("Décision d’octroi"),
    "firm_applications_this_year": gettext_lazy("Autres demandes de l’entreprise dans l’année"),
    "person_applications_this_year": gettext_lazy("Autres demandes du dirigeant dans l’année"),
    "other_public_aid": gettext_lazy("Autres aides publiques, en euros"),
    "age_months": gettext_lazy("Âge de l’entreprise, en mois"),
    "members": gettext_lazy("Entreprises du groupement"),
    "level": gettext_lazy("Niveau demandé"),
    "prior_steps": gettext_lazy("Étapes déjà suivies"),
}
WHOLE = ("firm_applications_this_year", "person_applications_this_year", "age_months", "members", "level")


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what is asked, what was found, whether it holds, and the sentence that says why not."""

    asked: str
    found: str
    holds: bool
    sentence: str
    article: str


def conditions_of(assessment: Assessment) -> list[Condition]:
    """Every condition of the scheme as assessed, those that do not hold first."""
    rules, facts = assessment.inputs["rules"], derived(assessment.facts)
    reasons = {reason.code: reason for reason in assessment.eligibility.reasons}
    missing = reasons.get("fact_missing")
    asked = rules.get("who", {}).get("conditions", [])
    listed = assessment.eligibility.details["checks"]
    rows = [
        _condition(one, check["holds"], reasons.get(check["code"], missing), facts)
        for one, check in zip(asked, listed, strict=True)
    ]
    return sorted(rows, key=lambda row: row.holds)


def _condition(one: Mapping[str, Any], holds: bool, reason: Any, facts: Mapping[str, Any]) -> Condition:
    parts = one.get("any_of", [one])
    names = list(dict.fromkeys(part["fact"] for part in parts))
    found = " · ".join(shown(name, facts.get(name)) for name in names)
    failed = None if holds else reason
    return Condition(
        asked=_(" ou ").join(requirement(part) for part in parts), found=found, holds=holds,
        sentence=failed.sentence(get_language() or "fr") if failed else "",
        article=cited(failed.article) if failed else "",
    )  # fmt: skip


def shown(name: str, value: Any) -> str:
    """A fact in words."""
    if value is None:
        return _("non renseigné")
    if name == "legal_category":
        return str(dict(LegalCategory.choices).get(value, value))
    if name == "size":
        return str(SIZES.get(value, value))
    if isinstance(value, date):
        return formats.day(value, get_language() or "fr")
    return _figure(name, value)


def _figure(name: str, value: Any) -> str:
    if isinstance(value, Decimal | int):
        places = None if name in WHOLE else 2
        return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)
    return str(value)


def requirement(part: Mapping[str, Any]) -> str:
    """What one condition asks of one fact, in words."""
    label = str(FACTS.get(part["fact"], part["fact"]))
    return OPERATORS[part["op"]](label, part["fact"], part["value"])


def _than(words: Any) -> Callable[[str, str, Any], str]:
    def tell(label: str, fact: str, value: Any) -> str:
        figure = Decimal(str(value)) if str(value).replace(".", "").isdigit() and fact != "seat_region" else value
        return f"{label} {words} {shown(fact, figure)}"

    return tell


def _among(words: Any) -> Callable[[str, str, Any], str]:
    def tell(label: str, fact: str, value: Any) -> str:
        return f"{label} {words} " + ", ".join(shown(fact, one) for one in value)

    return tell


OPERATORS: dict[str, Callable[[str, str, Any], str]] = {
    "lt": _than(gettext_lazy("inférieur à")),
    "le": _than(gettext_lazy("au plus égal à")),
    "gt": _than(gettext_lazy("supérieur à")),
    "ge": _than(gettext_lazy("au moins égal à")),
    "eq": _than(gettext_lazy("égal à")),
    "ne": _than(gettext_lazy("différent de")),
    "in": _among(gettext_lazy("parmi :")),
    "not_in": _among(gettext_lazy("hors de :")),
    "outside_sectors": lambda label, fact, value: _("%s hors des secteurs exclus") % label,
    "within_sectors": lambda label, fact, value: _("%s dans les secteurs aidés") % label,
    "before": _than(gettext_lazy("avant le")),
    "includes": _than(gettext_lazy("comprenant")),
    "absent_or_after": lambda label, fact, value: _("%s absente, ou après la décision ou le dépôt") % label,
}
