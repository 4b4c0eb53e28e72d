"""The accreditations on the region’s side: who sees them, and each act."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Accreditation, AccreditationDocument, Expert, Provider, ProviderMember, User
from tests.backoffice.officer.desk import at_desk, elsewhere, text
from workflows import gate

pytestmark = pytest.mark.django_db
LIST = "/instruction/habilitations/"


@pytest.fixture
def asked(world: World) -> Accreditation:
    """A provider's request, complete and filed."""
    user = User.objects.create_user("photo@demo.example", "Pilote Photographie")
    provider = Provider.objects.create(siret="00000000000099", name="Exemple Photographie", email="photo@demo.example")
    ProviderMember.objects.create(provider=provider, user=user, valid_from="2025-01-01")
    Expert.objects.create(provider=provider, name="Dominique Exemple", qualification="Photographe")
    row = Accreditation.objects.create(
        provider=provider, scheme=world.scheme, region=world.region, presentation="Dix ans de métier."
    )
    AccreditationDocument.objects.create(
        accreditation=row, name="references.pdf", media_type="application/pdf", size=9, sha256="0" * 64,
        added_by=user, added_at=clock.now(),
    )  # fmt: skip
    gate.move(user, "accreditation", row.pk, "submit")
    return Accreditation.objects.get(pk=row.pk)


def fresh(row: Accreditation) -> Accreditation:
    return Accreditation.objects.get(pk=row.pk)


def act(row: Accreditation, name: str) -> str:
    return f"{LIST}{row.pk}/acte/{name}/"


def test_what_is_to_examine_comes_first(world: World, asked: Accreditation) -> None:
    client = at_desk(world.staff["decider"])
    assert "Exemple Photographie" in text(client.get(LIST))
    assert "Exemple Numérique 1" not in text(client.get(LIST))
    assert "Exemple Numérique 1" in text(client.get(f"{LIST}?etat=active"))
    assert "Exemple Photographie" in text(client.get(f"{LIST}?etat=all&apres=x"))
    assert "Aucune habilitation" in text(client.get(f"{LIST}?etat=to-examine&apres=1"))
    assert LIST in client.get("/").content.decode()


def test_one_page_says_who_asks_and_with_what(world: World, asked: Accreditation) -> None:
    page = text(at_desk(world.staff["officer"]).get(f"{LIST}{asked.pk}/"))
    for words in ("Dix ans de métier.", "Dominique Exemple – Photographe", "references.pdf", "Habilitation demandée"):
        assert words in page
    assert "réservé à un autre rôle dans cette région : Décideur" in page


def test_the_officer_asks_for_items(world: World, asked: Accreditation) -> None:
    client = at_desk(world.staff["officer"])
    assert "Cocher au moins une pièce" in text(client.post(act(asked, "request_items"), {}))
    client.post(act(asked, "request_items"), {"kinds": ["register_extract"], "reason": "L’extrait manque."})
    assert fresh(asked).state == "to_complete"


def test_the_decider_accredits_for_a_time(world: World, asked: Accreditation) -> None:
    client = at_desk(world.staff["decider"])
    assert client.post(act(asked, "accept"), {"months": "0"}).status_code == 200
    page = client.post(act(asked, "accept"), {"months": "24"}, follow=True)
    assert "C’est fait : Habiliter." in text(page)
    row = fresh(asked)
    assert (row.state, str(row.valid_from), str(row.valid_to)) == ("active", "2025-03-03", "2027-03-02")


def test_the_decider_refuses_with_a_reason(world: World, asked: Accreditation) -> None:
    client = at_desk(world.staff["decider"])
    assert "Ce champ est obligatoire" in text(client.post(act(asked, "refuse"), {}))
    client.post(act(asked, "refuse"), {"reason": "Références insuffisantes."})
    assert fresh(asked).state == "refused"


def test_suspending_and_withdrawing_follow_a_hearing(world: World) -> None:
    row = Accreditation.objects.get(provider=world.providers["P01"])
    decider, officer = at_desk(world.staff["decider"]), at_desk(world.staff["officer"])
    assert "observations" in text(decider.post(act(row, "suspend"), {"reason": "Plaintes."}))
    page = officer.post(act(row, "provider_hearing"), {"reason": "Il reconnaît les retards."}, follow=True)
    assert "Il reconnaît les retards." in text(page)
    for name, state in (("suspend", "suspended"), ("lift", "active"), ("withdraw", "withdrawn")):
        decider.post(act(row, name), {"reason": "Motif."})
        assert fresh(row).state == state


@pytest.mark.parametrize("address", ["", "{pk}/"])
def test_others_find_nothing(world: World, asked: Accreditation, address: str) -> None:
    path = LIST + address.format(pk=asked.pk)
    strangers: tuple[Any, ...] = (world.staff["liquidator"], world.managers["F01"], world.provider_users["P01"])
    for stranger in strangers:
        assert at_desk(stranger).get(path).status_code == 404
    assert at_desk(world.staff["auditor"]).get(path).status_code == 200
    page = at_desk(elsewhere()).get(path)
    assert "Exemple Photographie" not in text(page)
    assert page.status_code == (404 if address else 200)


def test_acting_from_elsewhere_or_by_reading_only_is_refused(world: World, asked: Accreditation) -> None:
    for stranger in (elsewhere(RoleKind.DECIDER), world.staff["auditor"], world.managers["F01"]):
        assert at_desk(stranger).post(act(asked, "accept"), {"months": "12"}).status_code == 404
    assert "réservé à un autre rôle" in text(
        at_desk(world.staff["officer"]).post(act(asked, "accept"), {"months": "12"})
    )
    assert at_desk(world.staff["decider"]).post(act(asked, "expire")).status_code == 404
    assert fresh(asked).state == "submitted"


@pytest.mark.parametrize("count", [10, 1000])
def test_the_list_costs_the_same_at_any_size(world: World, asked: Accreditation, count: int) -> None:
    for number in range(count):
        asked.pk, asked.provider = None, asked.provider
        asked.provider_id = Provider.objects.create(
            siret=f"9{number:013d}", name=f"Exemple {number}", email="x@demo.example"
        ).pk
        Accreditation.objects.bulk_create([asked])
    client = at_desk(world.staff["decider"])
    client.get(LIST)
    with CaptureQueriesContext(connection) as captured:
        page = client.get(LIST)
    assert len(captured) <= 15
    assert ("Page suivante" in text(page)) is (count == 1000)
