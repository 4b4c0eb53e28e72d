"""The rules in words: every shipped definition reads, whatever its aid function and its kind."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from backoffice.views.manage import rulebook
from backoffice.views.manage.rulewords import VALUES
from backoffice.views.public.gives import gives
from regions.schemes import loader
from regions.schemes.loader import parse, shipped

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}


def _section(code: str, title: str, language: str = "fr") -> dict[str, str]:
    with translation.override(language):
        found = [s for s in rulebook.sections(DEFINITIONS[code]) if s.title == title]
    return dict(found[0].rows) if found else {}


@pytest.mark.django_db
@pytest.mark.parametrize("code", sorted(DEFINITIONS))
def test_every_definition_reads_in_both_languages(code: str) -> None:
    told: dict[str, list[Any]] = {}
    for language in ("fr", "en"):
        with translation.override(language):
            told[language] = rulebook.sections(DEFINITIONS[code])
            said = " ".join(f"{a} {b}" for s in told[language] for a, b in s.rows)
        assert "None" not in said
        assert "{found}" not in said
    assert len(told["fr"]) == len(told["en"])
    assert told["fr"][0].title == "L’essentiel"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "label", "value"),
    [
        ("commerce-connecte", "Palier de coût", "300,00 €"),
        ("conseil-digital", "Coût retenu au plus", "10 000,00 €"),
        ("kit-numerique", "Moins de 3 équivalents temps plein", "plafond d’aide 2 000,00 €"),
        ("kap-numerik", "Moins de 10 équivalents temps plein", "80 % du coût aidé, 3 200,00 € au plus"),
        ("accompagnement-numerique", "Niveau 2 › Journées au plus", "30"),
        ("groupement-export", "Si une entreprise se retire", "le plafond baisse"),
        ("cheque-transformation", "Plafond glissant", "200 000,00 € sur 3 ans"),
        ("impulsion-export", "Avance remboursable › part du coût", "30 %"),
        ("impulsion-export", "Prêt › taux annuel", "2 %"),
        ("aide-numerique-tpe", "Au-delà", "50 %"),
        ("forfait-numerique", "calcul", "forfait"),
    ],
)
def test_an_aid_function_is_told_parameter_by_parameter(code: str, label: str, value: str) -> None:
    rows = _section(code, "Combien")
    assert rows[label].replace("\u202f", " ").replace("\xa0", " ") == value


@pytest.mark.django_db
def test_a_split_and_a_repayment_by_success_are_told() -> None:
    text = shipped()["kit-numerique"].read_text(encoding="utf-8")
    halved = text.replace("  model: assignment", '  model: split\n  split: {provider_share: "0.60"}')
    terms = '      success: {least_share: "0.30", turnover_share: "0.10", declaration_days: 90}'
    mix = shipped()["impulsion-export"].read_text(encoding="utf-8")
    repaid = mix.replace('      annual_rate_percent: "0.00"', f'      annual_rate_percent: "0.00"\n{terms}')
    with translation.override("fr"):
        told = {s.title: dict(s.rows) for d in (halved, repaid) for s in rulebook.sections(parse(d, "x.yaml"))}
        paid = {s.title: dict(s.rows) for s in rulebook.sections(parse(halved, "x.yaml"))}["Paiement"]
        [*_others, public] = [line for line in gives(parse(repaid, "x.yaml")) if "Avance remboursable" in line]
    assert paid["Mode"] == "partage entre le prestataire et l’entreprise"
    assert paid["Partage de l’aide"].startswith("60 % au prestataire, arrondis au centime inférieur")
    assert paid["TVA"] == "toujours à la charge de l’entreprise"
    rows = {label.rpartition("› ")[2]: value for label, value in told["Combien"].items() if "succès" in label}
    assert rows == {
        "part minimale, de la somme versée": "30 %", "part du chiffre d’affaires à l’export": "10 %",
        "déclaration, après la fin de chaque année": "90 jours",
    }  # fmt: skip
    assert "10 % du chiffre d’affaires à l’export, et d’au moins 30 % de la somme versée" in public


@pytest.mark.django_db
def test_limits_of_a_category_are_told() -> None:
    rows = _section("inac", "Quelles dépenses")
    assert (
        rows["Appareil"].replace("\u202f", " ").replace("\xa0", " ") == "800,00 € au plus par unité, 2 unités au plus"
    )
    replaced = _section("kit-numerique", "Quelles dépenses")["Remplacement d’une solution existante"]
    assert replaced.startswith("à examiner (Un remplacement n’est aidé que s’il apporte")


@pytest.mark.django_db
def test_the_order_of_the_computation_is_told() -> None:
    with translation.override("fr"):
        (found,) = [s for s in rulebook.sections(DEFINITIONS["kap-numerik"]) if s.title == "Combien"]
    assert found.steps == [
        "prendre les montants hors taxes", "écarter les lignes qui ne sont pas aidées", "appliquer le taux",
        "plafonner l’aide à chaque service", "plafonner l’aide au projet",
        "tenir compte des autres aides publiques au projet",
        "vérifier ce qui reste du plafond de minimis, sans rogner l’aide d’office", "réserver l’aide sur l’enveloppe",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_programme_without_aid_shows_what_it_is() -> None:
    titles = [section.title for section in rulebook.sections(DEFINITIONS["mittelstand-40"])]
    assert titles == ["L’essentiel", "À confirmer", "Sources"]
    assert _section("mittelstand-40", "L’essentiel")["Région"] == "à choisir"
    assert _section("cours-e-export", "L’essentiel")["Monnaie des montants"] == "SEK"


@pytest.mark.django_db
def test_amounts_keep_the_currency_of_their_programme() -> None:
    fees = _section("cours-e-export", "Participation de l’entreprise")
    assert [value.replace("\u202f", " ").replace("\xa0", " ") for value in fees.values()] == ["2 900,00 SEK"]
    assert not any("€" in value for value in _section("cheques-croissance", "Combien").values())


def _names(node: Any) -> set[str]:
    """Every name that the schema lets a definition use."""
    if isinstance(node, list):
        return set().union(*(_names(one) for one in node)) if node else set()
    if not isinstance(node, dict):
        return set()
    own = set(node["properties"]) if isinstance(node.get("properties"), dict) else set()
    return own.union(*(_names(value) for value in node.values()))


def test_every_name_of_a_definition_has_its_words() -> None:
    names = _names(loader._validator().schema)
    assert {"headcount_below", "export_nature", "grace_months", "threshold"} <= names
    assert sorted(names - set(VALUES)) == []


@pytest.mark.django_db
def test_a_call_tells_its_criteria_and_its_threshold() -> None:
    call = {
        "code": "appel", "kind": "call", "prefix": "APP", "name": {"fr": "Appel", "en": "Call"}, "sources": ["Essai"],
        "call": {
            "threshold": 60, "criteria": [{"code": "reach", "weight": 100, "label": {"fr": "Portée", "en": "Reach"}}],
        },
    }  # fmt: skip
    with translation.override("fr"):
        (found,) = [s for s in rulebook.sections(call) if s.title == "Sélection"]
    assert found.rows == [("Portée", "100 points"), ("Note minimale", "60 points")]
