"""Accreditation from the provider’s side: apply, be asked for more, answer, renew; never another’s."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from applications.services import store
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Accreditation, Provider, ProviderMember, Region, User
from tests.backoffice.provider.test_files import signed_in
from tests.backoffice.test_pages import sound
from tests.roles import hold
from workflows import delivery, gate
from workflows.acts import Denied

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n% references"


@pytest.fixture
def newcomer(world: World) -> User:
    """A provider of whom the region knows nothing yet."""
    provider = Provider.objects.create(siret="00000097100016", name="Exemple Nouveau", email="nouveau@demo.example")
    user = User.objects.create_user("nouveau@demo.example", "Pilote Nouveau")
    ProviderMember.objects.create(provider=provider, user=user, valid_from="2025-01-01")
    return user


def apply(client: Client, user: User, world: World) -> Accreditation:
    provider = Provider.objects.get(members__user=user)
    page = client.post(reverse("provider-apply", args=[provider.pk]), {"scheme": world.scheme.pk})
    assert page.status_code == 302, page.content.decode()
    return Accreditation.objects.get(provider=provider, state="draft")


def post(client: Client, name: str, row: Accreditation, data: dict[str, Any] | None = None) -> str:
    return client.post(reverse(name, args=[row.pk]), data or {}, follow=True).content.decode()


def complete(client: Client, row: Accreditation) -> None:
    post(client, "provider-present", row, {"presentation": "Dix ans de sites pour les artisans."})
    post(client, "provider-expert", row, {"name": "Sam Exemple", "qualification": "Développeuse"})
    post(client, "provider-document-add", row, {"file": SimpleUploadedFile("kbis.pdf", PDF)})


def test_a_newcomer_applies_and_is_accredited(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    sound(client.get(reverse("provider-accreditations")).content.decode())
    row = apply(client, newcomer, world)
    page = sound(client.get(reverse("provider-accreditation", args=[row.pk])).content.decode())
    assert "Compléter la demande" in page.text
    assert "Compléter la demande" in post(client, "provider-hand-in", row)
    complete(client, row)
    assert "transmise à la région" in post(client, "provider-hand-in", row)
    gate.move(world.staff["decider"], "accreditation", row.pk, "accept", months=12)
    page = sound(client.get(reverse("provider-accreditation", args=[row.pk])).content.decode())
    assert "Habilité" in page.text
    assert "2 mars 2026" in page.text
    delivery.deliver()
    assert [m.to for m in mail.outbox if "habilitation" in m.subject][-1] == ["nouveau@demo.example"]


def test_what_is_typed_wrong_is_said_beside_its_field_and_kept(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    row = apply(client, newcomer, world)
    page = client.post(reverse("provider-present", args=[row.pk]), {"presentation": "x" * 5001})
    assert page.status_code == 200
    assert "dépasse 5 000 caractères" in page.content.decode()
    assert "x" * 5001 in page.content.decode()
    assert "champ est obligatoire" in post(client, "provider-expert", row, {"name": ""})
    assert "n’en est pas un" in post(client, "provider-document-add", row, {"file": SimpleUploadedFile("a.exe", b"MZ")})


def test_the_region_asks_for_more_and_he_answers(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    row = apply(client, newcomer, world)
    complete(client, row)
    post(client, "provider-hand-in", row)
    assert "ne peut plus être modifiée" in post(client, "provider-present", row, {"presentation": "Autre"})
    gate.move(
        world.staff["officer"], "accreditation", row.pk, "request_items", kinds=["register_extract"],
        reason="L’extrait manque.",
    )  # fmt: skip
    page = client.get(reverse("provider-accreditation", args=[row.pk])).content.decode()
    assert "Extrait du registre" in page
    assert "L’extrait manque." in page
    post(client, "provider-document-add", row, {"file": SimpleUploadedFile("extrait.pdf", PDF + b"2")})
    assert "transmise" in post(client, "provider-hand-in", row)
    assert Accreditation.objects.get(pk=row.pk).state == "submitted"


def test_an_expert_who_left_is_no_longer_presented(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    row = apply(client, newcomer, world)
    complete(client, row)
    expert = row.provider.experts.get()
    url = reverse("provider-expert-remove", args=[row.pk, expert.pk])
    assert "Sam Exemple" not in client.post(url, follow=True).content.decode().split("experts")[-1]
    assert client.post(url).status_code == 404
    assert "Compléter la demande" in post(client, "provider-hand-in", row)


def test_another_provider_and_the_region_do_not_see_a_draft(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    row = apply(client, newcomer, world)
    complete(client, row)
    document = row.documents.get()
    other = signed_in(world.provider_users["P01"])
    for name in ("provider-present", "provider-expert", "provider-document-add", "provider-hand-in"):
        assert other.post(reverse(name, args=[row.pk])).status_code == 404
    assert other.get(reverse("provider-accreditation", args=[row.pk])).status_code == 404
    provider = Provider.objects.get(members__user=newcomer)
    assert other.post(reverse("provider-apply", args=[provider.pk]), {"scheme": world.scheme.pk}).status_code == 404
    piece = reverse("accreditation-document", args=[document.pk])
    assert client.get(piece).content == PDF
    assert other.get(piece).status_code == 404
    assert signed_in(world.staff["officer"]).get(piece).status_code == 404
    post(client, "provider-hand-in", row)
    assert signed_in(world.staff["officer"]).get(piece).status_code == 200
    elsewhere = User.objects.create_user("ailleurs@demo.example", "Ailleurs")
    hold(elsewhere, RoleKind.OFFICER, Region.objects.get(code="11"))
    assert signed_in(elsewhere).get(piece).status_code == 404
    assert Client().get(piece).status_code == 302


@pytest.mark.usefixtures("own_documents")
def test_an_altered_piece_is_not_handed_out(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    row = apply(client, newcomer, world)
    complete(client, row)
    document = row.documents.get()
    store.path_of(document.sha256).write_bytes(b"autre")
    page = client.get(reverse("accreditation-document", args=[document.pk]))
    assert page.status_code == 500
    assert "ne peut pas être lu" in page.content.decode()


def test_a_second_request_waits_for_the_first(world: World, newcomer: User) -> None:
    client = signed_in(newcomer)
    row = apply(client, newcomer, world)
    page = client.post(reverse("provider-apply", args=[row.provider_id]), {"scheme": world.scheme.pk})
    assert page.status_code == 200
    assert "provider-apply" not in page.content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        Accreditation.objects.create(provider=row.provider, scheme=row.scheme, region=row.region)


def test_a_renewal_begins_six_months_before_the_end_and_follows_it(world: World) -> None:
    user, provider = world.provider_users["P01"], world.providers["P01"]
    client = signed_in(user)
    held = provider.accreditations.get()
    assert client.post(reverse("provider-apply", args=[provider.pk]), {"scheme": world.scheme.pk}).status_code == 200
    assert not provider.accreditations.filter(state="draft").exists()
    assert held.valid_to is not None
    moment = clock.now() + (held.valid_to - clock.today()) - timedelta(days=90)
    with clock.at(moment):
        page = client.get(reverse("provider-accreditation", args=[held.pk])).content.decode()
        assert "Renouveler" in page
        row = apply(client, user, world)
        assert row.presentation == held.presentation
        complete(client, row)
        post(client, "provider-hand-in", row)
        gate.move(world.staff["decider"], "accreditation", row.pk, "accept", months=36)
    row.refresh_from_db()
    assert row.valid_from == held.valid_to + timedelta(days=1)
    held.refresh_from_db()
    assert held.state == "active"


def test_the_gate_takes_no_empty_request(world: World, newcomer: User) -> None:
    provider = Provider.objects.get(members__user=newcomer)
    row = Accreditation.objects.create(provider=provider, scheme=world.scheme, region=world.region)
    with pytest.raises(Denied, match="au moins un expert"):
        gate.move(newcomer, "accreditation", row.pk, "submit")
