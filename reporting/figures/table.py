"""The figures of a scheme as one long table, a line for each: what open data takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from reporting.columns import Column
from reporting.figures.delays import Delay
from reporting.figures.scheme import Figures, Year
from reporting.figures.secrecy import Cell
from reporting.figures.told import Told
from reporting.sheets import Sheet

THEMES = {
    "year": ("Par année", "By year"), "sector": ("Par activité", "By activity"), "size": ("Par taille", "By size"),
    "delay": ("Délais", "Delays"), "result": ("Résultats", "Results"),
}  # fmt: skip
UNITS = {
    "files": ("dossiers", "files"), "firms": ("entreprises", "firms"), "euro": ("euros", "euro"),
    "fte": ("équivalents temps plein", "full-time equivalents"), "percent": ("%", "%"), "of_5": ("sur 5", "out of 5"),
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

# What firms say some months after their projects (« results » too).
AFTERWARDS = ("Quelques mois après le projet", "Some months after the project")
ASKED = ("Entreprises interrogées, dossiers", "Firms asked, files", "files")
ANSWERED = ("Réponses reçues", "Answers received", "files")
PAIRS = {
    "headcount": (("Effectif, à la demande", "Headcount, at the application", "fte"),
                  ("Effectif, après", "Headcount, after", "fte")),
    "turnover": (("Chiffre d’affaires, à la demande", "Turnover, at the application", "euro"),
                 ("Chiffre d’affaires, après", "Turnover, after", "euro")),
}  # fmt: skip
YES = {
    "in_use": ("Outil financé toujours utilisé", "Tool paid for still in use", "files"),
    "new_offer": ("Produit ou procédé nouveau", "New product or process", "files"),
    "new_methods": ("Vente ou organisation nouvelle", "New marketing or organisation", "files"),
}  # fmt: skip
MEANS = {
    "online_share": ("Part vendue en ligne, moyenne", "Share sold online, mean", "percent"),
    "export_share": ("Part exportée, moyenne", "Share exported, mean", "percent"),
    "satisfaction": ("Satisfaction moyenne", "Satisfaction, mean", "of_5"),
}  # fmt: skip

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
    if found.told.shown:
        for measure, value in afterwards(found.told):
            yield "result", AFTERWARDS, measure, value


def afterwards(told: Told) -> Iterator[tuple[tuple[str, str, str], Any]]:
    """Each number that may be published of the answers, with its name and unit."""
    yield from ((ASKED, told.asked), (ANSWERED, told.answered))
    for name, (before, after) in PAIRS.items():
        pair = getattr(told, name)
        if pair:
            yield from ((before, pair.before), (after, pair.after))
    yield from ((YES[name], count) for name, (count, _answers) in told.yes.items())
    yield from ((MEANS[name], mean) for name, (mean, _answers) in told.means.items())


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
