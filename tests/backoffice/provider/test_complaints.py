"""The provider's page of complaints: its own only, to the regions that know it, of a file that names it."""

from __future__ import annotations

import pytest
from django.urls import reverse

from applications.models import Complaint
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import Provider, ProviderMember
from tests.backoffice.provider.test_files import signed_in
from tests.backoffice.test_pages import sound
from workflows import gate

pytestmark = pytest.mark.django_db
PAGE = "/prestataire/reclamations/"


def test_a_provider_complains_and_reads_its_own_only(world: World) -> None:
    case, user = Case(world, "F01").fill(SITE).file_it(), world.provider_users["P01"]
    about = {"about_file": case.file, "source": "firm", "channel": "online", "title": "De la firme"}
    gate.open_complaint(case.manager, world.region, name="complain", reason="Long.", **about)
    client, to = signed_in(user), f"{case.file.provider.pk}-{world.region.pk}"
    wrong = client.post(PAGE, {"to": to, "reference": "X", "title": "Délai", "reason": "Payé tard."}).content.decode()
    assert "Aucun de vos dossiers" in sound(wrong).text
    assert "Payé tard." in wrong
    client.post(PAGE, {"to": to, "reference": case.file.reference, "title": "Délai", "reason": "Payé tard."})
    found = Complaint.objects.get(channel="provider")
    assert (found.about_file, found.from_provider) == (case.file, case.file.provider)
    read = sound(client.get(PAGE).content.decode()).text
    assert "Délai" in read
    assert "De la firme" not in read
    firm = signed_in(case.manager).get(reverse("firm-complaint", args=[case.file.reference])).content.decode()
    assert "Payé tard." not in firm
    other = Provider.objects.create(siret="73282932000074", name="Autre", email="autre@demo.example")
    stranger = world.managers["F02"]
    ProviderMember.objects.create(provider=other, user=stranger, valid_from=clock.today())
    read = sound(signed_in(stranger).get(PAGE).content.decode()).text
    assert "Délai" not in read
    assert "demander d’abord une habilitation" in read
    assert signed_in(world.staff["officer"]).get(PAGE).status_code == 404
