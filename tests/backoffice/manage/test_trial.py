"""Ten fictitious firms against a draft: the real assessment, the reason that decides, and what changes."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from backoffice.demo.world import World
from backoffice.views.manage import trial
from regions.models import SchemeVersion
from regions.schemes.loader import parse, shipped
from tests.backoffice.manage.test_manage import propose, signed_in, text, yaml
from workflows import administration

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
KAP = DEFINITIONS["kap-numerik"]
DAY = date(2026, 3, 2)


def _run(rules: dict[str, Any], in_force: dict[str, Any] | None = None) -> dict[str, trial.Trial]:
    with translation.override("fr"):
        found = trial.trials(rules, in_force, DAY)
    return dict(zip((firm["code"] for firm in trial.firms()), found, strict=True))


def test_the_firms_are_ten_and_differ() -> None:
    firms = trial.firms()
    assert len(firms) == 10
    assert len({firm["code"] for firm in firms}) == 10
    assert {firm.get("naf_nomenclature", "rev2") for firm in firms} == {"rev2", "2025"}
    assert all(set(firm["name"]) == {"fr", "en"} for firm in firms)


@pytest.mark.parametrize(
    ("firm", "ok", "aid", "reason"),
    [
        ("shop", True, "2160.00", "plafonnée à 1 200 €"),
        ("craft", True, "1200.00", "« ordinateur » n’est pas aidé"),
        ("restaurant", True, "2000.00", "plafonnée"),
        ("workshop", False, "0", "moins de 20"),
        ("elsewhere", False, "0", "moins de 20"),
        ("web", False, "0", "secteur"),
        ("young", True, "1200.00", "Toutes les conditions sont remplies"),
        ("association", False, "0", "Une seule demande par entreprise"),
        ("early", False, "0", "devis a été signé"),
        ("group", False, "0", "300 000"),
    ],
)
def test_each_firm_meets_the_rule_it_is_there_for(firm: str, ok: bool, aid: str, reason: str) -> None:
    found = _run(KAP)[firm]
    assert (found.now.ok, found.now.aid) == (ok, Decimal(aid))
    assert reason in found.now.reason.replace("\u202f", " ")


@pytest.mark.parametrize("code", sorted(DEFINITIONS))
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_definition_is_tried_or_says_that_it_cannot_be(code: str, language: str) -> None:
    rules = DEFINITIONS[code]
    with translation.override(language):
        found = trial.trials(rules, rules, DAY)
    assert len(found) == (10 if trial.may_run(rules) else 0)
    assert all(row.now.reason and (row.now.aid > 0 or not row.now.ok or row.now.beside) for row in found)


def test_some_firm_is_aided_by_each_scheme_that_ships_complete() -> None:
    for code, rules in DEFINITIONS.items():
        if "how" in rules and not rules.get("gaps"):
            assert any(row.now.ok for row in _run(rules).values()), code


def test_a_change_is_told_firm_by_firm() -> None:
    draft = copy.deepcopy(KAP)
    draft["who"]["conditions"][0]["value"] = "50"
    draft["how"]["bands"].append({"headcount_below": "50", "rate": "0.40", "aid_ceiling": "9000.00"})
    draft["how"]["bands"][0]["rate"] = "0.70"
    with translation.override("fr"):
        said = {code: row.change for code, row in _run(draft, KAP).items()}
    assert said["shop"] == "le montant change"
    assert said["restaurant"] == "inchangé"
    assert said["workshop"] == "autre motif"
    assert {code: row.change for code, row in _run(KAP).items()}["shop"] == ""


@pytest.mark.django_db
def test_the_page_of_a_draft_shows_the_ten_firms_beside_the_version_in_force(world: World) -> None:
    admin = signed_in(world.staff["admin"])
    propose(admin, yaml(('"3200.00"', '"1800.00"')))
    draft = SchemeVersion.objects.latest("pk")
    page = text(admin.get(reverse("manage-version", args=[draft.pk])))
    assert "Essai sur dix entreprises fictives" in page
    assert "depuis la version 1, en vigueur" in page
    assert "de 2 160,00 € à 1 800,00 €" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert page.count("de chiffre d’affaires, NAF") == 10
    in_force = draft.scheme.versions.get(number=1)
    assert "dix entreprises fictives" not in text(admin.get(reverse("manage-version", args=[in_force.pk])))


@pytest.mark.django_db
def test_a_draft_that_says_too_little_says_so(world: World) -> None:
    rules = DEFINITIONS["mittelstand-40"] | {"region": world.region.code}
    draft = administration.propose_version(world.staff["admin"], rules, DAY)
    client: Client = signed_in(world.staff["admin2"])
    assert "rien ne peut être essayé" in text(client.get(reverse("manage-version", args=[draft.pk])))
