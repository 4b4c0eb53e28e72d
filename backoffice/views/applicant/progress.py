"""Where a draft stands: its steps in order, which are filled, what is missing and where to put it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, CheckKind, DocumentKind
from applications.models import Application
from applications.rules import difficulty, terms
from backoffice.views.applicant.common import own_file
from workflows.conditions import missing_items


class NotADraft(Exception):
    """The file is filed: its steps are closed, its own page takes over."""


@dataclass(frozen=True, slots=True)
class Step:
    """A step: its word in the address, its title, the keys of what it must bring, and the rules that ask for it."""

    slug: str
    title: str | Promise
    brings: Callable[[Application], list[str]]
    asked: Callable[[Mapping[str, Any]], bool] = lambda rules: True
    of_file: Callable[[Application], bool] | None = None


def _needs(*keys: str) -> Callable[[Application], list[str]]:
    return lambda file: list(keys)


def _documents(file: Application) -> list[str]:
    return list(file.scheme_version.rule("evidence", "application", default=[]))


def _asks_provider(rules: Mapping[str, Any]) -> bool:
    return CheckKind.PROVIDER in rules.get("examination", {}).get("checks", [])


def _has_levels(rules: Mapping[str, Any]) -> bool:
    return bool(terms.levels(rules))


def _is_for_groups(rules: Mapping[str, Any]) -> bool:
    return terms.group_terms(rules) is not None


def _mixes_instruments(rules: Mapping[str, Any]) -> bool:
    return bool(terms.instruments(rules))


STEPS = (
    Step("entreprise", _("Entreprise"), _needs("headcount", "turnover", "naf_code", "legal_category", "independent")),
    Step("liens", _("Liens"), _needs("ownership"), of_file=lambda file: file.independent is False),
    Step("projet", _("Projet"), _needs("title")),
    Step("niveau", _("Niveau"), _needs("level"), _has_levels),
    Step("groupement", _("Groupement"), _needs("members"), _is_for_groups),
    Step("devis", _("Devis"), _needs("lines")),
    Step("financement", _("Financement"), _needs(), _mixes_instruments),
    Step("prestataire", _("Prestataire"), _needs("provider_chosen"), _asks_provider),
    Step("situation", _("Santé financière"), _needs(*difficulty.QUESTIONS), terms.asks_difficulty),
    Step("aides", _("Autres aides"), _needs("declared_de_minimis")),
    Step("pieces", _("Pièces"), _documents),
    Step("relecture", _("Relecture"), _needs("declared_accurate")),
)
WORDS: dict[str, str | Promise] = {
    "headcount": _("L’effectif"),
    "turnover": _("Le chiffre d’affaires"),
    "naf_code": _("Le code d’activité"),
    "legal_category": _("La forme juridique"),
    "independent": _("L’entreprise est-elle indépendante ?"),
    "ownership": _("Qui détient l’entreprise, ou ce qu’elle détient"),
    "capital_lost": _("Si les pertes ont fait disparaître la moitié du capital"),
    "insolvent": _("Si l’entreprise est en procédure collective"),
    "rescue_aid": _("Si une aide au sauvetage ou à la restructuration est en cours"),
    "title": _("Le projet en une phrase"),
    "level": _("Le niveau demandé, et l’analyse qu’il suit"),
    "members": _("Les autres entreprises du groupement"),
    "lines": _("Les dépenses du devis"),
    "provider_chosen": _("Le prestataire"),
    "declared_de_minimis": _("Les aides de minimis reçues (zéro s’il n’y en a pas)"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A step as the rail shows it."""

    slug: str
    title: str | Promise
    href: str
    current: bool
    done: bool


def steps_of(file: Application) -> list[Step]:
    """The steps that a file goes through: those that its scheme's rules and its own answers ask for."""
    asked = [step for step in STEPS if step.asked(file.scheme_version.rules)]
    return [step for step in asked if step.of_file is None or step.of_file(file)]


def shortest(rules: Mapping[str, Any]) -> list[Step]:
    """The steps that every file under some rules goes through, whatever it answers."""
    return [step for step in STEPS if step.asked(rules) and step.of_file is None]


def missing(file: Application) -> list[str]:
    """The keys of what is missing to file: the gate's own, and a level whose analysis is not named."""
    level = ["level"] if file.level > 1 and file.follows_id is None else []
    return [*level, *missing_items(file)]


def rail(file: Application, current: str) -> dict[str, Any]:
    """The steps for the page, with the rank of the present one."""
    lacks = set(missing(file))
    steps = steps_of(file)
    places = [
        Place(s.slug, s.title, address(file, s.slug), s.slug == current, not lacks & set(s.brings(file))) for s in steps
    ]
    rank = next(rank for rank, step in enumerate(steps, 1) if step.slug == current)
    return {"steps": places, "rank": rank, "count": len(steps), "file": file, "step": places[rank - 1]}


def following(file: Application, current: str) -> str:
    """The address of the step after this one."""
    slugs = [step.slug for step in steps_of(file)]
    return address(file, slugs[slugs.index(current) + 1])


def address(file: Application, slug: str) -> str:
    """The address of a step: those with a page of their own, else the common one."""
    own = {
        "devis": "step-quote", "prestataire": "step-provider", "pieces": "step-documents", "relecture": "review",
        "groupement": "step-members", "liens": "step-ownership",
    }  # fmt: skip
    if slug in own:
        return reverse(own[slug], args=[file.reference])
    return reverse("step", args=[file.reference, slug])


def lacking(file: Application) -> list[tuple[str, str]]:
    """What is missing to file, in words, each with the address where it is given; the declaration apart."""
    steps = steps_of(file)
    where = {key: step.slug for step in steps for key in step.brings(file)}
    labels = WORDS | dict(DocumentKind.choices)
    keys = [key for key in missing(file) if key != "declared_accurate"]
    return [(str(labels.get(key, key)), address(file, where.get(key, steps[0].slug))) for key in keys]


def own_draft(request: HttpRequest, reference: str) -> Application:
    """A draft of a firm that the person may bind; 404 for anyone else, and NotADraft once it is filed."""
    file = own_file(request, reference)
    if file.state != ApplicationState.DRAFT:
        raise NotADraft(file.reference)
    return file
