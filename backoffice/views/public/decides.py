"""What decides, in sentences: at which value of a figure the answer changes, into what, and by which condition."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from applications.costs import CostLimit
from applications.decisive import Change, Tip
from applications.enums import LegalCategory
from applications.forms.fields import figure
from backoffice.views.public.wording import euros, told

FACTS: Mapping[str, str | Promise] = {
    "headcount": gettext_lazy("Effectif"), "turnover": gettext_lazy("Chiffre d’affaires"),
    "age_months": gettext_lazy("Ancienneté"), "created_on": gettext_lazy("Ancienneté"),
    "members": gettext_lazy("Nombre d’entreprises du groupement"), "naf": gettext_lazy("Activité"),
    "legal_category": gettext_lazy("Forme juridique"), "seat_region": gettext_lazy("Siège"),
    "works_start_on": gettext_lazy("Devis"), "cost": gettext_lazy("Coût du projet"),
    "place": gettext_lazy("Code postal"), "siret": gettext_lazy("SIRET"),
    "prior_steps": gettext_lazy("Étapes préalables"), "balance_sheet": gettext_lazy("Total du bilan"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A change in words: when, then what, then the conditions: those that would refuse, or (`lifted`) do today."""

    about: str
    when: str
    then: str
    reasons: tuple[tuple[str, str], ...]
    lifted: bool


def label(fact: str) -> str:
    """The name of a fact; a fact that the page never asks keeps its code."""
    return str(FACTS.get(fact, fact))


def decisions(tips: Iterable[Tip]) -> list[Told]:
    """The tips worth telling: those that open, close or change the aid, and those that lift a refusal."""
    return [_told(tip) for tip in tips if any(tip.change.eligible) or tip.change.lifted]


def _told(tip: Tip) -> Told:
    lifted = bool(tip.change.lifted and not tip.change.appeared)
    return Told(label(tip.fact), WHEN[tip.bound](tip), then(tip.change), why(tip.change), lifted)


def costs(limits: Iterable[CostLimit]) -> list[Told]:
    """From which cost the project is aided, and from which the aid grows no more."""
    return [_cost(limit) for limit in limits]


def _cost(limit: CostLimit) -> Told:
    value = _("%s €") % figure(limit.cost)
    if limit.kind == "least":
        return Told(label("cost"), _("Sous %s") % value, _("non éligible"), tuple(told(limit.reasons)), False)
    more = _("l’aide n’augmente plus, elle reste de %s") % euros(limit.aid)
    return Told(label("cost"), _("Au-delà de %s") % value, more, tuple(told(limit.reasons)), False)


def then(change: Change) -> str:
    """What the answer becomes."""
    before, after = change.eligible
    if before and not after:
        return _("non éligible")
    if after and not before:
        return _("éligible, aide de %s") % euros(change.aid[1])
    if after:
        words = {"after": euros(change.aid[1]), "before": euros(change.aid[0])}
        return _("aide de %(after)s au lieu de %(before)s") % words
    if change.lifted:
        return _("cette condition serait remplie, mais il en manque encore une")
    return _("toujours non éligible, pour un motif de plus")


def why(change: Change) -> tuple[tuple[str, str], ...]:
    """The conditions that decide: those that begin to refuse, else those that refuse no more."""
    return tuple(told(change.appeared or change.lifted))


# --- when


def _value(tip: Tip) -> str:
    value = tip.value or Decimal(0)
    if tip.fact == "turnover":
        return _("%s €") % figure(value)
    if tip.fact == "age_months":
        return ngettext("%s mois", "%s mois", int(value)) % figure(value)
    if tip.fact == "members":
        return ngettext("%s entreprise", "%s entreprises", int(value)) % figure(value)
    return _("%s équivalents temps plein") % figure(value)


def _forms(tip: Tip) -> str:
    return ", ".join(str(LegalCategory(code).label) for code in tip.codes)


WHEN: Mapping[str, Callable[[Tip], Any]] = {
    "from": lambda tip: _("À %s et plus") % _value(tip),
    "above": lambda tip: _("Au-delà de %s") % _value(tip),
    "below": lambda tip: _("Sous %s") % _value(tip),
    "to": lambda tip: _("À %s et moins") % _value(tip),
    "among": _forms,
    "within": lambda tip: _("Code d’activité qui commence par %s") % ", ".join(tip.codes),
    "outside": lambda tip: _("Code d’activité qui ne commence pas par %s") % ", ".join(tip.codes),
    "elsewhere": lambda tip: _("Dans une autre région"),
    "signed": lambda tip: _("Déjà signé avant votre demande"),
}
