"""The facts of a file, each with where it comes from: the firm’s word, a register, or a computation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import self_diagnosis
from applications.documents.formats import day
from applications.forms.fields import tongue
from applications.models import Application
from backoffice.templatetags.words import grouped
from backoffice.views.owners import SIZES
from workflows import ownership

DECLARED = _("déclaré par l’entreprise")
REGISTER = _("registre")
COMPUTED = _("calculé")
COMPUTED_TWICE = _("calculé sur deux exercices : un seuil compte s’il est franchi deux fois de suite")
ROOM = _("Reste dans l’enveloppe")


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact, how it is shown (text, amount, day or number), and its source."""

    label: Any
    value: Any
    source: Any
    shape: str = "text"


def facts_of(file: Application) -> list[Fact]:
    """Who the firm is, what it says of itself, and of its project."""
    return [*_identity(file), *_figures(file), *_project(file)]


def _identity(file: Application) -> list[Fact]:
    company = file.company
    return [
        Fact(_("SIREN"), grouped(company.siren), REGISTER),
        Fact(_("SIRET du siège"), grouped(company.siret), REGISTER),
        Fact(_("Créée le"), company.created_on, REGISTER, "day"),
        Fact(_("Région du siège"), company.region, REGISTER),
        Fact(_("Commune (code INSEE)"), file.commune, REGISTER),
        Fact(_("Forme juridique"), file.get_legal_category_display(), REGISTER),
        Fact(_("Code NAF"), file.naf_code, REGISTER),
    ]


def _figures(file: Application) -> list[Fact]:
    return [
        Fact(_("Effectif (ETP)"), file.headcount, DECLARED, "number"),
        Fact(_("Chiffre d’affaires HT"), file.turnover, DECLARED, "amount"),
        Fact(_("Total du bilan"), file.balance_sheet, DECLARED, "amount"),
        *_year_before(file),
        Fact(_("Taille de l’entreprise"), SIZES.get(ownership.category(file)), _counting(file)),
    ]


def _year_before(file: Application) -> list[Fact]:
    """The firm's own year before, when it gave it."""
    facts = [
        Fact(_("Effectif (ETP), exercice précédent"), file.previous_headcount, DECLARED, "number"),
        Fact(_("Chiffre d’affaires HT, exercice précédent"), file.previous_turnover, DECLARED, "amount"),
        Fact(_("Total du bilan, exercice précédent"), file.previous_balance_sheet, DECLARED, "amount"),
    ]
    return [fact for fact in facts if fact.value is not None]


def _counting(file: Application) -> Any:
    """From how many years the size was read (Rec. 2003/361/EC, annex, art. 4(2))."""
    declared = ownership.declared(file)
    return COMPUTED_TWICE if declared.two_years and not declared.changed else COMPUTED


def _project(file: Application) -> list[Fact]:
    return [
        Fact(_("Devis signé le"), file.works_start_on, DECLARED, "day"),
        Fact(_("Autres aides de minimis, trois ans"), file.declared_de_minimis, DECLARED, "amount"),
        Fact(_("Autres aides sur le projet"), file.other_public_aid, DECLARED, "amount"),
        *([Fact(_("Autodiagnostic cité"), _diagnosis(file), DECLARED)] if file.self_diagnosis else []),
        Fact(_("Intensité numérique avant (sur 12)"), file.digital_intensity_before, DECLARED),
        Fact(_("Intensité numérique après (sur 12)"), file.digital_intensity_after, DECLARED),
        Fact(_("Représentant légal"), file.representative.name, DECLARED),
        Fact(_("Montant demandé"), file.amount_requested, COMPUTED, "amount"),
    ]


def _diagnosis(file: Application) -> str | None:
    """The level and the day of the self-diagnosis that the file cites."""
    found = self_diagnosis.read(file.self_diagnosis)
    if found is None:
        return None
    return f"{found.words[tongue()]}, {day(found.day, tongue())}"
