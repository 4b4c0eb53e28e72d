"""Law 2: each shipped scheme, made unlawful in each way, is refused by the act and told by the screen."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import translation

from backoffice.demo.world import World
from regions import clock
from regions.models import SchemeVersion
from regions.schemes.loader import parse, shipped
from tests.backoffice.manage.test_manage import post, signed_in, text
from workflows import administration
from workflows.acts import Denied

pytestmark = pytest.mark.django_db

DEFINITIONS = {code: parse(path.read_text(encoding="utf-8"), path.name) for code, path in shipped().items()}
RUNNABLE = [code for code, definition in DEFINITIONS.items() if "how" in definition and not definition.get("gaps")]
Rules = dict[str, Any]
MIX: Rules = {
    "function": "mix", "reference": {"base_rate_percent": "2.50", "valid_from": "2025-01-01"},
    "components": [{
        "instrument": "loan", "share_of_cost": "0.50", "amount_ceiling": "9000.00", "months": 12, "grace_months": 0,
        "every_months": 3, "annual_rate_percent": "1.00",
    }],
}  # fmt: skip


def _single(rules: Rules, **payment: Any) -> None:
    rules["beneficiary"] = {"mode": "single"}
    rules["payment"] |= payment


def _real(rules: Rules) -> None:
    _single(rules, costs="real")
    rules["legal_basis"] = "de_minimis"


def _no_state_aid(rules: Rules) -> None:
    _single(rules, costs="real")
    rules["legal_basis"] = "none"


def _assigned(rules: Rules) -> None:
    _single(rules, costs="simplified", model="assignment")
    rules["examination"]["checks"] = ["eligibility", "provider"]


def _escrow(rules: Rules) -> None:
    _assigned(rules)
    rules["payment"]["model"] = "escrow"


def _late(rules: Rules) -> None:
    _single(rules, costs="simplified", model="reimbursement")
    rules["when"]["payment_days"] = 81


def _provider_unseen(rules: Rules) -> None:
    rules["payment"]["model"] = "assignment"
    rules["examination"]["checks"] = ["eligibility"]


def _loan_as_grant(rules: Rules) -> None:
    rules["how"] = copy.deepcopy(MIX)
    rules["erdf"]["form_of_support"] = "01"


def _flat_as_real(rules: Rules) -> None:
    flat = {"function": "flat", "amount": "500.00", "cost_floor": "1200.00"}
    rules["how"] = {"function": "pro_rata", "how": flat}
    rules["payment"]["costs"] = "real"


def _too_much(rules: Rules) -> None:
    rules["legal_basis"] = "gber_18"
    rules["when"]["start_rule"] = "after_application"
    rules["how"] = {"function": "percent", "rate": "0.51"}


def _no_incentive(rules: Rules) -> None:
    _too_much(rules)
    rules["how"]["rate"] = "0.50"
    rules["when"]["start_rule"] = "any"


def _unchecked_start(rules: Rules) -> None:
    rules["when"]["start_rule"] = "after_award"
    kept = [c for c in rules["who"]["conditions"] if "works_start_on" not in str(c)]
    rules["who"]["conditions"] = kept


def _short(rules: Rules) -> None:
    rules["funding"]["funders"][0]["share"] = "0.10"


def _no_lead(rules: Rules) -> None:
    rules["funding"]["lead"] = "local"


def _crowns(rules: Rules) -> None:
    rules["currency"] = "SEK"


def _gap(rules: Rules) -> None:
    rules["gaps"] = [{"path": "how", "note": {"fr": "Taux non publié.", "en": "Rate not published."}}]


WAYS: dict[Callable[[Rules], None], str] = {
    _real: "coûts réels sont exclus", _no_state_aid: "coûts réels sont exclus",
    _assigned: "enregistrer l’accord de l’autorité", _escrow: "enregistrer l’accord de l’autorité",
    _late: "payée en 80 jours au plus ; le règlement dit 81",
    _provider_unseen: "ajouter « provider » aux contrôles", _loan_as_grant: "choisir une autre forme de soutien",
    _flat_as_real: "déclarer des coûts simplifiés",
    _too_much: "limite l’aide à 50 % du coût ; ce règlement donne 51 %",
    _no_incentive: "la demande précède le début des travaux",
    _unchecked_start: "aucune condition ne porte sur le devis",
    _short: "Les parts des financeurs ne font pas 100 %", _no_lead: "n’est pas parmi les financeurs",
    _crowns: "Les montants sont en SEK", _gap: "Lacune : Taux non publié.",
}  # fmt: skip


def _proposed(world: World, code: str, change: Callable[[Rules], None]) -> SchemeVersion:
    rules = copy.deepcopy(DEFINITIONS[code])
    change(rules)
    if code != world.scheme.code:
        rules["region"] = world.region.code
    return administration.propose_version(world.staff["admin"], rules, date(2026, 1, 1))


def test_nine_definitions_ship_without_a_gap() -> None:
    assert len(RUNNABLE) == 9


@pytest.mark.parametrize(("change", "said"), WAYS.items(), ids=[change.__name__ for change in WAYS])
def test_what_the_law_forbids_is_refused_for_every_shipped_scheme(
    world: World, change: Callable[[Rules], None], said: str
) -> None:
    second = world.staff["admin2"]
    client = signed_in(second)
    for code in RUNNABLE:
        version = _proposed(world, code, change)
        page = text(client.get(reverse("manage-version", args=[version.pk])))
        assert "Cette version ne peut pas être publiée" in page
        assert page.count(said) == 1, code
        with translation.override("fr"), pytest.raises(Denied) as refused:
            administration.publish_version(second, version)
        assert str(refused.value.sentence).count(said) == 1, code
        version.refresh_from_db()
        assert (version.published_on, version.published_by) == (None, None)


def test_the_screen_refuses_too_when_the_button_is_pressed_anyway(world: World) -> None:
    version = _proposed(world, "kap-numerik", _late)
    assert "payée en 80 jours au plus" in post(signed_in(world.staff["admin2"]), "manage-publish", version.pk)
    version.refresh_from_db()
    assert version.published_on is None


def test_an_exemption_that_has_expired_is_refused_on_the_day(world: World) -> None:
    def exempted(rules: Rules) -> None:
        _too_much(rules)
        rules["how"]["rate"] = "0.50"

    versions = [_proposed(world, code, exempted) for code in RUNNABLE]
    second = world.staff["admin2"]
    clock.simulate(datetime(2027, 1, 4, 9, tzinfo=UTC))
    for version in versions:
        with pytest.raises(Denied, match="31/12/2026"):
            administration.publish_version(second, version)


@pytest.mark.parametrize("code", RUNNABLE)
def test_as_it_ships_each_one_is_published(world: World, code: str) -> None:
    version = _proposed(world, code, lambda rules: None)
    assert administration.publish_version(world.staff["admin2"], version).published_on is not None


@pytest.mark.parametrize("code", [c for c, d in DEFINITIONS.items() if d.get("gaps")])
def test_a_programme_with_gaps_lists_them_and_stays_a_draft(world: World, code: str) -> None:
    rules = copy.deepcopy(DEFINITIONS[code]) | {"region": world.region.code}
    version = administration.propose_version(world.staff["admin"], rules, date(2026, 1, 1))
    page = text(signed_in(world.staff["admin2"]).get(reverse("manage-version", args=[version.pk])))
    for gap in rules["gaps"]:
        assert f"Lacune : {gap['note']['fr']}" in page
    with pytest.raises(Denied, match="Lacune"):
        administration.publish_version(world.staff["admin2"], version)
