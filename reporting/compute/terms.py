"""The terms that sample sizes and projections share: confidence, materiality, strata."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from applications.rules.base import InputError
from applications.rules.compute.build import euro, may, need, number, percent, text, whole
from applications.rules.compute.records import Member
from applications.rules.compute.shapes import missing, wrong
from applications.rules.compute.wrapping import Given
from reporting.sampling.factors import CONSERVATIVE, HIGHEST, LOWEST, category_confidence, check_confidence

MOST_UNITS = 10_000_000
USUAL_CONFIDENCE = Decimal("0.90")
HUNDRED = Decimal(100)
CONFIDENCE: tuple[Member, ...] = (
    may(
        "confidence",
        number(
            "Niveau de confiance, en % (80) ou en part (0.80) ; par défaut celui de la catégorie, sinon 90 | "
            "Confidence level, in % (80) or as a share (0.80); by default the category's, else 90",
            0,
            100,
        ),
    ),
    may(
        "category",
        whole(
            "Catégorie du système de gestion et de contrôle, de 1 à 4 | "
            "Category of the management and control system, 1 to 4",
            1,
            4,
        ),
    ),
)
MATERIALITY = may("materiality", percent("Seuil de signification | Materiality", 2), 2)
UNITS = whole("N : unités de la population | N: units of the population", 1, MOST_UNITS)
BOOK = euro("BV : valeur comptable de la population | BV: book value of the population")
NAME = need("name", text("Strate | Stratum"))


def confidence(given: Given) -> Decimal:
    """The level as a share; never below the one that the category asks for (guidance 3.2.1)."""
    category, said = given["category"], given["confidence"]
    if said is None:
        return USUAL_CONFIDENCE if category is None else category_confidence(category)
    level: Decimal = said / HUNDRED if said > 1 else said
    if not LOWEST <= level <= HIGHEST:
        raise wrong("$.confidence", "donner un niveau de 50 à 99 % | give a level from 50 to 99 %", said)
    if category is not None and level < category_confidence(category):
        least = category_confidence(category) * HUNDRED
        fr = f"la catégorie {category} demande au moins {least:.0f} %"
        words = f"{fr} | category {category} asks for at least {least:.0f} %"
        raise wrong("$.confidence", words, said)
    return check_confidence(level, category)


def tabulated(level: Decimal) -> Decimal:
    """A level of the table of the conservative approach; InputError on another."""
    if level not in CONSERVATIVE:
        known = ", ".join(f"{one * HUNDRED:.0f}" for one in CONSERVATIVE)
        words = f"l’approche prudente connaît les niveaux {known} % | the conservative approach knows {known} %"
        raise wrong("$.confidence", words, level)
    return level


def asked(given: Given, members: tuple[Member, ...], name: str, path: str = "$") -> Any:
    """A value that the method cannot do without."""
    if given[name] is None:
        shape = next(member.shape for member in members if member.name == name)
        raise missing(f"{path}.{name}", shape.words)
    return given[name]


def positive(given: Given, members: tuple[Member, ...], name: str, path: str = "$") -> Decimal:
    """The same, above zero."""
    value = Decimal(asked(given, members, name, path))
    if value <= 0:
        fr = "donner un nombre supérieur à zéro."
        raise InputError(f"{path}.{name}", "give a number above zero.", fr)
    return value
