"""What a version changes reads like the act that amends a regulation, in both languages."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import translation

from backoffice.views.manage.amendments import amendments
from regions.schemes.loader import parse, shipped
from tests.backoffice.manage.test_completeness import NOT_RULES, _leaves, _with

pytestmark = pytest.mark.django_db

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
KAP = DEFINITIONS["kap-numerik"]
Rules = dict[str, Any]


def _said(change: Callable[[Rules], Any], language: str = "fr") -> list[str]:
    after = copy.deepcopy(KAP)
    change(after)
    with translation.override(language):
        return [s.replace("\u202f", " ").replace("\xa0", " ") for s in amendments(KAP, after)]


def _headcount(rules: Rules) -> None:
    rules["who"]["conditions"][0]["value"] = "50"


def _ceiling(rules: Rules) -> None:
    rules["how"]["bands"][0]["aid_ceiling"] = "3000.00"


def _new_condition(rules: Rules) -> None:
    rules["who"]["conditions"].append({"fact": "age_months", "op": "ge", "value": "6", "reason": "headcount"})


def _no_condition(rules: Rules) -> None:
    del rules["who"]["conditions"][0]


def _new_category(rules: Rules) -> None:
    rules["what"]["categories"].append({"code": "podcast", "label": {"fr": "Podcast", "en": "Podcast"}})


def _no_category(rules: Rules) -> None:
    rules["what"]["categories"] = rules["what"]["categories"][1:]


def _order(rules: Rules) -> None:
    rules["what"]["categories"].reverse()


def _floor(rules: Rules) -> None:
    rules["how"]["aid_floor"] = "300.00"


def _no_programme(rules: Rules) -> None:
    del rules["erdf"]


@pytest.mark.parametrize(
    ("change", "language", "said"),
    [
        (_headcount, "fr",
         "À l’article « Qui peut être aidé », point 1, « inférieur à 20 » est remplacé par « inférieur à 50 »."),
        (_headcount, "en", "article “Who can be aided”, point 1, “equivalents below 20” is replaced by “"),
        (_ceiling, "fr", "ligne « Moins de 10 équivalents temps plein », « coût aidé, 3 200,00 € » est remplacé par "
         "« coût aidé, 3 000,00 € »."),
        (_new_condition, "fr", "un point 12 est ajouté : « Âge de l’entreprise, en mois d’au moins 6. »"),
        (_no_condition, "fr", "le point 1 est supprimé : « Effectif en équivalents temps plein inférieur à 20. »"),
        (_new_category, "fr", "À l’article « Quelles dépenses », une ligne est ajoutée : « Podcast : aidé »."),
        (_no_category, "fr", "est supprimée."),
        (_order, "fr", "À l’article « Quelles dépenses », les lignes se suivent désormais ainsi :"),
        (_floor, "fr", "le calcul suit désormais cet ordre : prendre les montants hors taxes ;"),
        (_no_programme, "fr", "L’article « Programme FEDER » est supprimé."),
    ],
)  # fmt: skip
def test_a_change_reads_like_an_amendment(change: Callable[[Rules], Any], language: str, said: str) -> None:
    found = _said(change, language)
    assert any(said in sentence for sentence in found), found


def test_a_change_says_only_what_changes() -> None:
    assert len(_said(_headcount)) == 1
    assert len(_said(_ceiling)) == 1
    assert _said(lambda rules: None) == []


def test_an_article_that_did_not_exist_is_added_with_its_lines() -> None:
    before, after = copy.deepcopy(KAP), copy.deepcopy(KAP)
    del before["erdf"]
    with translation.override("fr"):
        found = amendments(before, after)
    assert found[0] == "Un article « Programme FEDER » est ajouté."
    assert any("Objectif spécifique : RSO1.2" in sentence for sentence in found[1:])


@pytest.mark.parametrize("code", ["kap-numerik", "impulsion-export", "accompagnement-numerique", "cours-e-export"])
def test_every_value_that_changes_makes_a_sentence(code: str) -> None:
    definition = DEFINITIONS[code]
    paths = [p for p in _leaves(definition) if not NOT_RULES & set(p) and p[-1] not in ("en", "vat_basis")]
    paths = [p for p in paths if p[:2] != ("what", "categories") or p[-1] != "code"]
    with translation.override("fr"):
        silent = [p for p in paths if not amendments(definition, _with(definition, p))]
    assert silent == []
