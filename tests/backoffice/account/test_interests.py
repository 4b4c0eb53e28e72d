"""The pages of the declarations of interests: one's own, and the administrator's list."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.demo.world import World
from regions import clock
from regions.models import DeclaredInterest, IntegrityTerms, InterestDeclaration, User
from tests.backoffice.test_pages import sound
from workflows import administration, impartiality

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_person_of_the_region_declares_from_her_account(world: World) -> None:
    client, address = signed_in(world.staff["decider"]), reverse("interests")
    administration.set_integrity_terms(world.staff["admin"], world.region, clock.today(), True, 12)
    assert address in client.get(reverse("home")).content.decode()
    assert address in client.get(reverse("account")).content.decode()
    page = sound(client.get(address).content.decode()).text
    assert "manque ou n’est plus valable" in page
    assert "article 61" in page
    wrong = client.post(address, {"answer": "some", "sirens": "12", "confirmed": "on"}).content.decode()
    assert "SIREN" in wrong
    assert not InterestDeclaration.objects.exists()
    for said in ({"answer": "some", "sirens": ""}, {"answer": "none", "sirens": "732 829 320"}):
        client.post(address, said | {"confirmed": "on"})
    client.post(address, {"answer": "none"})
    assert not InterestDeclaration.objects.exists()
    said = {"answer": "some", "sirens": "732 829 320\n73282932000074", "confirmed": "on"}
    page = client.post(address, said, follow=True).content.decode()
    assert "est valable jusqu’au" in sound(page).text
    assert [row.siren for row in DeclaredInterest.objects.all()] == ["732829320"]
    assert "manque" not in client.get(reverse("home")).content.decode()


def test_only_people_of_a_region_have_this_page(world: World) -> None:
    client = signed_in(world.managers["F01"])
    assert client.get(reverse("interests")).status_code == 404
    assert reverse("interests") not in client.get(reverse("account")).content.decode()


def test_the_administrator_reads_who_declared_until_when_and_sets_the_rule(world: World) -> None:
    impartiality.declare(world.staff["certifier"], ["732829320"])
    client, address = signed_in(world.staff["admin"]), reverse("manage-interests")
    days = {"notice_days": "30", "complaint_notice_days": "10"}
    given = {"valid_from": clock.today().isoformat(), "required": "on", "months": "12", "complaint_months": "2"} | days
    page = sound(client.post(address, given, follow=True).content.decode()).text
    assert IntegrityTerms.objects.get().required
    assert "732829320" in page
    assert f"{len(world.staff) - 1} personnes n’ont pas de déclaration valable" in page
    form = client.get(address).context["form"]
    assert form["required"].value(), "the rule that stands would be lifted by whoever changes its months"
    for name, user in world.staff.items():
        if name != "certifier":
            impartiality.declare(user)
    assert "chacun a une déclaration valable" in sound(client.get(address).content.decode()).text


def test_the_list_costs_the_same_whatever_the_number_of_people(world: World, django_assert_num_queries: object) -> None:
    impartiality.declare(world.staff["officer"])
    with django_assert_num_queries(4):  # type: ignore[operator]
        assert len(impartiality.standing(world.region, clock.today())) == len(world.staff)
