"""A group of firms on one file: each confirms for itself, and a firm that leaves takes its part with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from applications.models import Claim, DeMinimisAward
from backoffice.demo.world import World
from tests.walks import GROUP, MANAGER, STUDY, Walk, group, offer
from workflows import gate
from workflows.acts import Denied
from workflows.ledger_check import check_ledger

pytestmark = pytest.mark.django_db


def left(walk: Walk, firm: str, who: str = "officer") -> None:
    company = walk.world.companies[firm].pk
    gate.record(walk.by(who), "application", walk.pk, "member_left", company=company, reason="Liquidation.")


def controlled(walk: Walk) -> Claim:
    claim = walk.claim()
    walk.control(claim)
    return Claim.objects.get(pk=claim.pk)


def test_each_firm_confirms_for_itself_before_the_proposal(world: World) -> None:
    walk = group(world)
    walk.act("officer", "accept_complete")
    for kind in ("documents", "export"):
        gate.record(walk.by("officer"), "application", walk.pk, kind, finding="green")
    with pytest.raises(Denied, match="Tous les contrôles"):
        walk.act("officer", "propose")
    walk.confirm_members().act("officer", "propose")
    assert walk.file.amount_proposed == Decimal("30000.00")


def test_each_firm_has_its_part_and_its_own_award(world: World) -> None:
    walk = group(world).running()
    assert [m.share for m in walk.file.members.all()] == [Decimal("7500.00")] * 3
    awards = DeMinimisAward.objects.filter(application=walk.pk)
    assert {a.authority_siret for a in awards} == {world.region.siret} != {""}
    assert {a.siren: a.amount for a in awards} == {
        walk.world.companies[key].siren: Decimal("7500.00") for key in ("F01", "F02", "F05", "F15")
    }


def test_a_group_that_grew_too_small_is_not_proposed_to_grant(world: World) -> None:
    walk = group(world).checked()
    left(walk, "F15")
    with pytest.raises(Denied, match="4 entreprises"):
        walk.act("officer", "propose")


def test_who_left_is_to_be_cut_before_anything_is_certified(world: World) -> None:
    world = offer(world, GROUP)
    walk = Walk(world, "F01").join("F02", "F05", "F15", "F17").fill(MANAGER, STUDY).file_it().running()
    claim = controlled(walk)
    left(walk, "F17")
    assert walk.file.amount_to_cut == Decimal("6000.00")
    with pytest.raises(Denied, match="quitté le groupement"):
        gate.move(walk.by("certifier"), "claim", claim.pk, "verify")
    with pytest.raises(Denied, match="au plus"):
        walk.act("decider", "amend", amount=Decimal("25000.00"), reason="Départ.")
    walk.act("decider", "amend", amount=Decimal("24000.00"), reason="Départ d’une entreprise.")
    gate.move(walk.by("certifier"), "claim", claim.pk, "verify")
    assert Claim.objects.get(pk=claim.pk).aid_due == Decimal("24000.00")
    assert check_ledger() == []


def test_another_firm_takes_the_place_of_the_one_that_left(world: World) -> None:
    walk = group(world).running()
    claim = controlled(walk)
    left(walk, "F15")
    with pytest.raises(Denied, match="plus assez d’entreprises"):
        gate.move(walk.by("certifier"), "claim", claim.pk, "verify")
    siren = walk.world.companies["F17"].siren
    gate.record(walk.manager, "application", walk.pk, "member_join", siren=siren)
    with pytest.raises(Denied):
        gate.move(walk.by("certifier"), "claim", claim.pk, "verify")
    walk.confirm_members()
    file = walk.file
    assert (file.amount_to_cut, file.amount_granted) == (Decimal(0), Decimal("30000.00"))
    gate.move(walk.by("certifier"), "claim", claim.pk, "verify")
    standing = sum(a.amount for a in DeMinimisAward.objects.filter(application=walk.pk))
    assert standing == Decimal("30000.00")


def test_a_group_taken_back_before_its_cut_leaves_nothing_to_cut(world: World) -> None:
    walk = group(world).running()
    left(walk, "F15")
    facts = {"ground": "conditions_not_met", "effect": "withdrawal", "reason": "Le groupement n’existe plus."}
    gate.record(walk.by("officer"), "application", walk.pk, "revocation_proposed", **facts)
    gate.record(walk.manager, "application", walk.pk, "hearing", reason="Pris note.")
    walk.act("decider", "revoke", reason="Constat maintenu.", delegation="Délégation du 2 janvier 2025")
    assert (walk.file.amount_to_cut, check_ledger()) == (Decimal(0), [])
