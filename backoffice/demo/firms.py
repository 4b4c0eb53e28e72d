"""The demo's firms: real size bands and trades of a survey of small firms, fictitious identities.

Every SIREN begins with 000, so that nobody takes it for a real one, and passes the Luhn key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from stdnum import luhn


@dataclass(frozen=True, slots=True)
class Profile:
    """A firm: trade, size, seat. Turnover in euro excl. VAT."""

    key: str
    name: str
    trade: str
    naf: str
    headcount: Decimal
    turnover: Decimal
    legal_category: str = "company"
    region: str = "04"
    commune: str = "97411"
    created_on: date = date(2018, 5, 14)

    @property
    def siren(self) -> str:
        """A fictitious SIREN: 000, five digits of the profile's rank, and the Luhn digit."""
        body = f"000{int(self.key[1:]):05d}"
        return body + luhn.calc_check_digit(body)

    @property
    def siret(self) -> str:
        """The seat's SIRET: SIREN, 0001, and the Luhn digit of the whole."""
        body = f"{self.siren}0001"
        return body + luhn.calc_check_digit(body)


def _p(key: str, name: str, trade: str, naf: str, headcount: str, turnover: str, **more: Any) -> Profile:
    return Profile(key, name, trade, naf, Decimal(headcount), Decimal(turnover), **more)


FIRMS: dict[str, Profile] = {
    profile.key: profile
    for profile in (
        _p("F01", "Exemple Théâtre", "Café-théâtre", "90.01Z", "4.00", "310000"),
        _p("F02", "Exemple Domicile", "Aide à domicile", "88.10A", "15.00", "640000"),
        _p("F03", "Exemple Beauté", "E-export de produits de beauté", "47.91B", "3.00", "280000", region="11",
           commune="75111"),
        _p("F04", "Exemple Meubles", "Commerce de détail de meubles", "47.59A", "120.00", "18500000"),
        _p("F05", "Exemple Carrosserie", "Carrosserie", "45.20A", "6.50", "450000"),
        _p("F06", "Exemple Web", "Programmation informatique", "62.01Z", "7.00", "390000"),
        _p("F07", "Exemple Cuisine", "Ateliers de cours de cuisine", "85.59B", "2.00", "95000"),
        _p("F09", "Exemple Chaleur", "Fabrication d’articles chauffants", "27.51Z", "11.00", "870000"),
        _p("F12", "Exemple Boucherie", "Transformation de la viande de boucherie", "10.13A", "12.00", "930000"),
        _p("F13", "Exemple Fromagerie", "Fromagerie, caviste et épicier", "47.29Z", "3.50", "260000"),
        _p("F14", "Exemple Emballage", "Commerce inter-entreprises de sacs en plastique", "46.76Z", "9.00", "480000"),
        _p("F15", "Exemple Voyages", "Agence de voyages", "79.11Z", "5.00", "420000"),
        _p("F16", "Exemple Restaurant", "Restaurant", "56.10A", "8.00", "470000"),
        _p("F17", "Exemple Décoration", "Commerce de décoration", "47.59B", "2.00", "180000"),
        _p("F18", "Exemple Détail", "Commerce de détails divers", "47.78C", "1.00", "90000",
           legal_category="sole_trader"),
        _p("F19", "Exemple Cosmétique", "Création de cosmétiques, senteurs, thés et tisanes biologiques", "20.42Z",
           "13.00", "760000"),
        _p("F20", "Exemple Librairie", "Librairie", "47.61Z", "3.00", "240000"),
        _p("F21", "Exemple Coiffure", "Salon de coiffure", "96.02A", "2.50", "110000"),
        _p("F22", "Exemple Menuiserie", "Menuiserie", "43.32A", "6.00", "410000"),
        _p("F23", "Exemple Pâtisserie", "Pâtisserie", "10.71D", "4.00", "290000"),
        _p("F24", "Exemple Plongée", "Club de plongée", "85.51Z", "3.00", "160000"),
        _p("F25", "Exemple Fleurs", "Fleuriste", "47.76Z", "2.00", "130000"),
        _p("F26", "Exemple Garage", "Garage", "45.20A", "5.00", "380000"),
        _p("F31", "Exemple Boulangerie", "Boulangerie", "10.71C", "5.00", "380000", region="11", commune="75111"),
        _p("F32", "Exemple Fleuriste", "Fleuriste", "47.76Z", "2.00", "90000", region="11", commune="75112",
           created_on=date(2024, 11, 4)),
        _p("F33", "Exemple Cidre", "Cidrerie", "11.03Z", "6.00", "700000", region="28", commune="14118"),
        _p("F41", "Exemple Ganterie", "Ganterie", "14.19Z", "18.00", "1900000", region="84", commune="69123"),
        _p("F42", "Exemple Coutellerie", "Coutellerie", "25.71Z", "9.00", "880000", region="84", commune="63300"),
        _p("F43", "Exemple Confiserie", "Confiserie", "10.82Z", "12.00", "1200000", region="84", commune="69123"),
        _p("F51", "Exemple Poêlerie", "Poêles et cheminées", "27.52Z", "22.00", "3100000", region="44",
           commune="67482"),
        _p("F52", "Exemple Brasserie", "Brasserie", "11.05Z", "8.00", "760000", region="44", commune="57463"),
        _p("F61", "Exemple Chapellerie", "Chapellerie", "14.19Z", "6.00", "520000", region="76", commune="31555"),
        _p("F62", "Exemple Poterie", "Poterie", "23.41Z", "4.00", "260000", region="76", commune="34172"),
        _p("F71", "Exemple Tonnellerie", "Tonnellerie", "16.24Z", "7.00", "900000", region="75", commune="33063"),
        _p("F72", "Exemple Espadrilles", "Chaussures", "15.20Z", "3.00", "240000", region="75", commune="64102"),
        _p("F81", "Exemple Dentelle", "Dentelle", "13.99A", "14.00", "1300000", region="32", commune="59350"),
        _p("F82", "Exemple Verrerie", "Verrerie", "23.13Z", "35.00", "4200000", region="32", commune="62041"),
        _p("F91", "Exemple Conserverie", "Conserves de poisson", "10.20Z", "24.00", "5200000", region="53",
           commune="29039"),
        _p("F92", "Exemple Biscuiterie", "Biscuiterie", "10.72Z", "19.00", "2900000", region="53", commune="29232"),
        _p("F93", "Exemple Cidrerie", "Cidrerie", "11.03Z", "8.00", "1100000", region="53", commune="35238"),
        _p("F94", "Exemple Caramels", "Caramels", "10.82Z", "11.00", "1500000", region="53", commune="56260"),
        _p("F95", "Exemple Faïence", "Faïence", "23.41Z", "7.00", "640000", region="53", commune="29232"),
        _p("F96", "Exemple Cirés", "Vêtements de mer", "14.12Z", "30.00", "4800000", region="53", commune="29039"),
        _p("F97", "Exemple Marinières", "Tricots", "14.39Z", "28.00", "4100000", region="53", commune="29232"),
        _p("F98", "Exemple Voilerie", "Voilerie", "13.92Z", "9.00", "980000", region="53", commune="56121"),
        _p("F99", "Exemple Cordages", "Cordages", "13.94Z", "12.00", "1400000", region="53", commune="35288"),
        _p("F101", "Exemple Savonnerie", "Savonnerie", "20.41Z", "16.00", "2100000", region="93", commune="13055"),
        _p("F102", "Exemple Santons", "Santons", "23.49Z", "5.00", "390000", region="93", commune="13001"),
        _p("F103", "Exemple Huilerie", "Huiles", "10.41A", "9.00", "1300000", region="93", commune="83069"),
        _p("F27", "Exemple Pressing", "Pressing", "96.01B", "3.00", "150000"),
    )
}  # fmt: skip
