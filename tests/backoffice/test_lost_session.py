"""What was typed when the session was lost waits for its author to sign in again."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from backoffice.demo.actors import Case
from backoffice.demo.world import PASSWORD, World
from regions import clock

pytestmark = pytest.mark.django_db
TYPED = {"title": "Vendre nos paniers en ligne", "action": "later"}


@pytest.fixture
def case(world: World) -> Case:
    return Case(world, "F01")


def lose_and_send(case: Case) -> tuple[Client, str]:
    """Her session ends while the page is open; she sends the page."""
    client, address = Client(), f"/demandes/{case.file.reference}/etape/projet/"
    client.force_login(case.manager, backend="workflows.auth.ScopeBackend")
    client.get(address)
    Session.objects.all().delete()
    answer = client.post(address, TYPED)
    assert answer.url == f"/connexion/?next={address}"
    return client, address


def sign_in(client: Client, email: str, address: str) -> str:
    answer = client.post("/connexion/", {"login": email, "password": PASSWORD, "next": address}, follow=True)
    page: str = answer.content.decode()
    return page


def test_a_lost_session_loses_nothing(case: Case) -> None:
    client, address = lose_and_send(case)
    page = sign_in(client, case.manager.email, address)
    assert "Ce que vous aviez saisi est gardé" in page
    assert 'value="Vendre nos paniers en ligne"' in page
    client.post(address, TYPED)
    assert case.file.title == TYPED["title"]
    assert "Reprendre où vous en étiez" not in client.get(address).content.decode()


def test_it_is_offered_once_and_may_be_abandoned(case: Case) -> None:
    client, address = lose_and_send(case)
    sign_in(client, case.manager.email, address)
    assert TYPED["title"] not in client.get(address).content.decode()
    assert case.file.title == ""


def test_somebody_else_at_the_same_screen_reads_nothing(world: World, case: Case) -> None:
    client, address = lose_and_send(case)
    page = sign_in(client, world.managers["F05"].email, address)
    assert TYPED["title"] not in page


def test_it_does_not_wait_for_ever(case: Case) -> None:
    client, address = lose_and_send(case)
    clock.advance(hours=2)
    assert "Reprendre où vous en étiez" not in sign_in(client, case.manager.email, address)


def test_secrets_and_addresses_of_everybody_are_not_kept(world: World) -> None:
    client = Client()
    client.post("/mon-compte/", {"name": "Quelqu’un"})
    client.post("/connexion/", {"login": "f01@demo.example", "password": "faux"})
    assert "unsent" not in client.session
