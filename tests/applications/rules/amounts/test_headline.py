"""How much a scheme gives, said before any account: each shipped scheme, in both languages."""

from __future__ import annotations

import pytest

from applications.rules.amounts.functions import FUNCTIONS
from applications.rules.amounts.headline import SENTENCES, headlines
from regions.schemes.loader import parse, shipped

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
SAID = {
    "kap-numerik": [
        "Sous 10 équivalents temps plein : 80 % de vos dépenses, jusqu’à 3 200 € d’aide",
        "Sous 20 équivalents temps plein : 50 % de vos dépenses, jusqu’à 2 000 € d’aide",
    ],
    "commerce-connecte": ["150 € d’aide par tranche entière de 300 € de dépenses, retenues jusqu’à 3 000 €"],
    "conseil-digital": ["50 % de vos dépenses, retenues jusqu’à 10 000 €"],
    "accompagnement-numerique": [
        "Niveau 1 : 50 % de vos dépenses, jusqu’à 5 500 € d’aide",
        "Niveau 2 : 50 % des journées de conseil, jusqu’à 1 100 € par jour et 30 jours, jusqu’à 16 500 € d’aide",
    ],
    "groupement-export": ["50 % du projet commun, jusqu’à 15 000 € par entreprise, à 4 entreprises au moins"],
    "impulsion-export": [
        "Subvention : 30 % de vos dépenses, jusqu’à 9 000 € d’aide",
        "Avance remboursable : 30 % de vos dépenses, jusqu’à 15 000 €, à rembourser en 48 mois",
        "Prêt : 30 % de vos dépenses, jusqu’à 30 000 €, à rembourser en 60 mois",
        "Garantie : 70 % du prêt",
    ],
    "kit-numerique": [
        "Sous 3 équivalents temps plein : 100 % de vos dépenses, jusqu’à 2 000 € d’aide",
        "Sous 10 équivalents temps plein : 100 % de vos dépenses, jusqu’à 6 000 € d’aide",
        "Sous 50 équivalents temps plein : 100 % de vos dépenses, jusqu’à 12 000 € d’aide",
    ],
    "cheque-transformation": [
        "75 % de vos dépenses, jusqu’à 50 000 € d’aide, dans la limite de 200 000 € par entreprise sur 3 ans",
    ],
    "forfait-numerique": ["500 € d’aide, à partir de 450 € de dépenses"],
    "aide-numerique-tpe": ["100 % de vos dépenses jusqu’à 500 €, puis 50 % de vos dépenses, jusqu’à 1 500 € d’aide"],
    "voucher-numerisation": [
        "50 % de vos dépenses, jusqu’à 10 000 € d’aide, réduits en proportion si le budget ne suffit pas",
    ],
}


@pytest.mark.parametrize("code", sorted(SAID))
def test_a_scheme_says_how_much_it_gives(code: str) -> None:
    told = headlines(DEFINITIONS[code]["how"])
    assert [text["fr"].replace("\u202f", " ") for text in told] == SAID[code]
    assert all(text["en"] and "€" not in text["en"].split("€")[0] for text in told)


def test_the_english_sentence_is_written_as_english_is() -> None:
    (step,) = headlines(DEFINITIONS["commerce-connecte"]["how"])
    assert step["en"] == "€150 of aid for each whole €300 of expenses, accepted up to €3,000"
    assert headlines({"function": "percent", "rate": "0.125", "aid_ceiling": "0.50"}) == [
        {
            "fr": "12,5\u202f% de vos dépenses, jusqu’à 0,50\u202f€ d’aide",
            "en": "12.5% of your expenses, up to €0.50 of aid",
        }
    ]


def test_every_function_has_its_sentence() -> None:
    assert set(SENTENCES) == set(FUNCTIONS)
    for definition in DEFINITIONS.values():
        assert not definition.get("how") or headlines(definition["how"])
