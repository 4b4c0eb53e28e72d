"""The figures of a scheme as one long table, a line for each: what open data takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from reporting.columns import Column
from reporting.figures.delays import Delay
from reporting.figures.scheme import Figures, Year
from reporting.figures.secrecy import Cell
from reporting.sheets import Sheet

THEMES = {
    "year": ("Par année", "By year"), "sector": ("Par activité", "By activity"), "size": ("Par taille", "By size"),
    "delay": ("Délais", "Delays"), "result": ("Résultats", "Results"),
}  # fmt: skip
UNITS = {
    "files": ("dossiers", "files"), "firms": ("entreprises", "firms"), "euro": ("euros", "euro"),
    "days": ("jours", "days"), "of_12": ("pratiques sur 12", "practices out of 12"),
}  # fmt: skip
YEAR = {
    "filed": ("Demandes déposées", "Applications filed", "files"), "granted": ("Aides accordées", "Grants", "files"),
    "refused": ("Demandes refusées", "Refusals", "files"), "awarded": ("Montant accordé", "Amount granted", "euro"),
    "paid": ("Montant payé, remboursements déduits", "Amount paid, less what came back", "euro"),
}  # fmt: skip
FIRMS, AWARDED = ("Entreprises aidées", "Firms aided", "firms"), ("Montant accordé", "Amount granted", "euro")
CASES = ("Cas mesurés", "Cases measured", "files")
MEDIAN = ("Délai médian", "Median", "days")
NINE = ("Délai de neuf dossiers sur dix", "Nine in ten within", "days")
TO_DECISION = ("Du dépôt à la décision", "From filing to decision")
TO_PAYMENT = ("De la demande de paiement au paiement", "From the claim to its payment")
INTENSITY = ("Intensité numérique", "Digital intensity")
BEFORE, AFTER = ("Avant le projet", "Before the project", "of_12"), ("Après le projet", "After the project", "of_12")

SHEET = Sheet("figures", "Chiffres", "Figures", (
    Column("scheme", "Dispositif", "Scheme"),
    Column("name", "Nom", "Name"),
    Column("theme", "Thème", "Theme", words=THEMES),
    Column("label", "Modalité", "Category"),
    Column("measure", "Mesure", "Measure"),
    Column("unit", "Unité", "Unit", words=UNITS),
    Column("value", "Valeur", "Value", "decimal"),
), ("scheme", "theme", "label", "measure"))  # fmt: skip


def rows(found: Figures, language: str) -> Iterator[dict[str, Any]]:
    """Every figure of a scheme, in the words of a language."""
    rank = 1 if language.startswith("en") else 0
    for theme, label, measure, value in _lines(found):
        yield {
            "scheme": found.scheme.code, "name": (found.scheme.name_fr, found.scheme.name_en)[rank], "theme": theme,
            "label": label if isinstance(label, str) else label[rank], "measure": measure[rank], "unit": measure[2],
            "value": Decimal(value),
        }  # fmt: skip


Line = tuple[str, str | tuple[str, str], tuple[str, str, str], Any]


def _lines(found: Figures) -> Iterator[Line]:
    for year in found.years:
        yield from _of_year(year)
    for theme, cells in (("sector", found.sectors), ("size", found.sizes)):
        yield from _of_cells(theme, cells)
    for label, delay in ((TO_DECISION, found.to_decision), (TO_PAYMENT, found.to_payment)):
        yield from _of_delay(label, delay)
    if found.results:
        yield "result", INTENSITY, CASES, found.results.files
        yield "result", INTENSITY, BEFORE, found.results.before
        yield "result", INTENSITY, AFTER, found.results.after


def _of_year(year: Year) -> Iterator[Line]:
    for name, measure in YEAR.items():
        yield "year", str(year.year), measure, getattr(year, name)


def _of_cells(theme: str, cells: Sequence[Cell]) -> Iterator[Line]:
    for cell in cells:
        yield theme, cell.label, FIRMS, cell.firms
        yield theme, cell.label, AWARDED, cell.amount


def _of_delay(label: tuple[str, str], delay: Delay | None) -> Iterator[Line]:
    if delay:
        yield "delay", label, CASES, delay.cases
        yield "delay", label, MEDIAN, delay.median
        yield "delay", label, NINE, delay.nine_in_ten
