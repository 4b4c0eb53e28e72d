"""The common ERDF indicators a digital aid can feed (Reg. 2021/1058, annex I), as data.

`star`: usable under any specific objective of policy objectives 1 to 4; without it, only under its
own. Units and the French wording are to be confirmed against the Commission's indicator sheets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Indicator:
    """A common indicator: code, names, unit, and the breakdown asked for reporting only."""

    code: str
    fr: str
    en: str
    unit_fr: str
    unit_en: str
    breakdown: tuple[str, ...] = ()
    star: bool = True

    @property
    def is_output(self) -> bool:
        """Outputs (RCO) have a baseline of 0; results (RCR) have one of their own."""
        return self.code.startswith("RCO")


FIRMS = ("entreprises", "enterprises")
EURO = ("euro", "euro")
USERS = ("utilisateurs/an", "users/year")
SIZES = ("micro", "small", "medium", "large")
SUPPORT_FORMS = ("grant", "financial_instrument", "non_financial")

_ALL = (
    Indicator("RCO01", "Entreprises bénéficiant d’un soutien", "Enterprises supported", *FIRMS, breakdown=SIZES),
    Indicator("RCO02", "Entreprises soutenues au moyen de subventions", "Enterprises supported by grants", *FIRMS),
    Indicator(
        "RCO03",
        "Entreprises soutenues au moyen d’instruments financiers",
        "Enterprises supported by financial instruments",
        *FIRMS,
    ),
    Indicator(
        "RCO04",
        "Entreprises bénéficiant d’un soutien non financier",
        "Enterprises with non-financial support",
        *FIRMS,
    ),
    Indicator("RCO05", "Nouvelles entreprises bénéficiant d’un soutien", "New enterprises supported", *FIRMS),
    Indicator(
        "RCO13",
        "Valeur des services, produits et processus numériques développés pour les entreprises",
        "Value of digital services, products and processes developed for enterprises",
        *EURO,
    ),
    Indicator(
        "RCO14",
        "Organismes publics soutenus pour développer des services, produits et processus numériques",
        "Public institutions supported to develop digital services, products and processes",
        "organismes publics",
        "public institutions",
    ),
    Indicator("RCO15", "Capacité d’incubation créée", "Capacity of incubation created", *FIRMS),
    Indicator(
        "RCO101",
        "PME investissant dans les compétences en matière de spécialisation intelligente, de transition "
        "industrielle et d’entrepreneuriat",
        "SMEs investing in skills for smart specialisation, industrial transition and entrepreneurship",
        *FIRMS,
    ),
    Indicator(
        "RCO103",
        "Entreprises à forte croissance bénéficiant d’un soutien",
        "High growth enterprises supported",
        *FIRMS,
    ),
    Indicator(
        "RCR01",
        "Emplois créés dans des entités bénéficiant d’un soutien",
        "Jobs created in supported entities",
        "équivalents temps plein annuels",
        "annual FTE",
    ),
    Indicator(
        "RCR02",
        "Investissements privés complétant un soutien public",
        "Private investments matching public support",
        *EURO,
        breakdown=("grant", "financial_instrument"),
    ),
    Indicator(
        "RCR03",
        "PME introduisant une innovation de produit ou de procédé",
        "SMEs introducing product or process innovation",
        *FIRMS,
    ),
    Indicator(
        "RCR04",
        "PME introduisant une innovation de commercialisation ou d’organisation",
        "SMEs introducing marketing or organisational innovation",
        *FIRMS,
    ),
    Indicator("RCR05", "PME innovant en interne", "SMEs innovating in-house", *FIRMS),
    Indicator(
        "RCR11",
        "Utilisateurs de services, produits et processus numériques publics nouveaux et améliorés",
        "Users of new and upgraded public digital services, products and processes",
        *USERS,
    ),
    Indicator(
        "RCR12",
        "Utilisateurs de services, produits et processus numériques nouveaux et améliorés développés par des "
        "entreprises",
        "Users of new and upgraded digital services, products and processes developed by enterprises",
        *USERS,
    ),
    Indicator(
        "RCR13",
        "Entreprises atteignant une intensité numérique élevée",
        "Enterprises reaching high digital intensity",
        *FIRMS,
    ),
    Indicator(
        "RCR17",
        "Nouvelles entreprises toujours présentes sur le marché",
        "New enterprises surviving in the market",
        *FIRMS,
    ),
    Indicator(
        "RCR18",
        "PME utilisant les services d’un incubateur après sa création",
        "SMEs using incubator services after incubator creation",
        "entreprises/an",
        "enterprises/year",
    ),
    Indicator(
        "RCR19",
        "Entreprises dont le chiffre d’affaires a augmenté",
        "Enterprises with higher turnover",
        *FIRMS,
    ),
    Indicator(
        "RCR25",
        "PME dont la valeur ajoutée par salarié a augmenté",
        "SMEs with higher value added per employee",
        *FIRMS,
    ),
    Indicator(
        "RCR98",
        "Salariés de PME ayant achevé une formation, par type de compétences",
        "SME staff completing training for skills (by type)",
        "participants",
        "participants",
    ),
)

CATALOGUE = {indicator.code: indicator for indicator in _ALL}
