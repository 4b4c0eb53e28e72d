"""The same act on several files: what is done, and each refusal with its sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from backoffice.demo.actors import Case
from backoffice.demo.world import World
from tests.backoffice.officer.desk import at_desk, elsewhere, filed, text

pytestmark = pytest.mark.django_db
BULK = "/instruction/lot/"


def test_the_queue_offers_the_mass_acts_of_the_readers_roles(world: World) -> None:
    filed(world)
    assert "Constater la complétude" in text(at_desk(world.staff["officer"]).get("/?queue=all"))
    decider = at_desk(world.staff["decider"]).get("/?queue=all")
    assert "Accorder" in text(decider)
    assert "Constater la complétude" not in text(decider)
    assert "Choisir" not in text(at_desk(world.staff["auditor"]).get("/?queue=all"))


def test_several_files_are_taken_and_found_complete(world: World) -> None:
    cases = [filed(world, firm) for firm in ("F01", "F05")]
    client, ticked = at_desk(world.staff["officer"]), [case.pk for case in cases]
    page = client.post(f"{BULK}?queue=to-take", {"act": "take", "file": ticked}, follow=True)
    assert "Fait pour 2 dossiers" in text(page)
    assert "queue=to-take" in page.content.decode()
    client.post(BULK, {"act": "accept_complete", "file": ticked})
    assert {case.file.state for case in cases} == {"examining"}
    again = client.post(BULK, {"act": "accept_complete", "file": ticked}, follow=True)
    assert "Pas fait pour 2 dossiers" in text(again)
    assert text(again).count("Trop tard : le dossier est maintenant « En instruction »") == 2


def proposed(world: World, firm: str) -> Case:
    return filed(world, firm).examine().act("officer", "propose")


def test_decisions_are_read_again_before_they_are_signed(world: World) -> None:
    cases, other = [proposed(world, firm) for firm in ("F01", "F05")], filed(world, "F15")
    client, ticked = at_desk(world.staff["decider"]), [case.pk for case in (*cases, other)]
    page = client.post(BULK, {"act": "grant", "file": ticked})
    assert "Accorder : 3 dossiers" in text(page)
    assert "Total proposé : 2 400,00 €" in text(page)
    assert 'value="Délégation du 2 janvier 2025"' in page.content.decode()
    assert {case.file.state for case in cases} == {"proposed"}
    too_long = client.post(BULK, {"act": "grant", "file": ticked, "confirmed": "1", "delegation": "x" * 200})
    assert "120" in text(too_long)
    signed = {"act": "grant", "file": ticked, "confirmed": "1", "delegation": "Par délégation"}
    page = client.post(BULK, signed, follow=True)
    assert "Fait pour 2 dossiers" in text(page)
    assert f"{other.file.reference} – Trop tard" in text(page)
    assert [case.file.agreement.delegation for case in cases] == ["Par délégation"] * 2
    assert sum(case.file.amount_granted or 0 for case in cases) == Decimal(2400)


def test_refusals_keep_the_reasons_proposed(world: World) -> None:
    one = filed(world, "F01").examine().act("officer", "propose", opinion="refuse", codes=["sector"])
    two = proposed(world, "F05")
    signed = {"act": "refuse", "file": [one.pk, two.pk], "confirmed": "1"}
    page = at_desk(world.staff["decider"]).post(BULK, signed, follow=True)
    assert f"{two.file.reference} – Indiquer au moins un motif de refus" in text(page)
    assert (one.file.state, one.file.refusal_codes, two.file.state) == ("refused", ["sector"], "proposed")


def test_nothing_ticked_is_told(world: World) -> None:
    page = at_desk(world.staff["officer"]).post(BULK, {"act": "take", "file": ["x", "-1"]}, follow=True)
    assert "Aucun dossier n’était choisi" in text(page)
    assert "Aucun acte en nombre" in text(at_desk(world.staff["decider"]).get(f"{BULK}resultat/"))


@pytest.mark.parametrize(
    ("who", "act"), [("officer", "grant"), ("decider", "take"), ("auditor", "take"), ("officer", "")]
)
def test_a_mass_act_of_another_role_does_not_exist(world: World, who: str, act: str) -> None:
    assert at_desk(world.staff[who]).post(BULK, {"act": act, "file": []}).status_code == 404


def test_files_of_another_region_are_not_there(world: World) -> None:
    case = filed(world)
    client = at_desk(elsewhere())
    page = client.post(BULK, {"act": "take", "file": [case.pk]}, follow=True)
    assert "Aucun dossier n’était choisi" in text(page)
    assert case.file.assigned_to is None
    assert client.get(BULK).status_code == 405
