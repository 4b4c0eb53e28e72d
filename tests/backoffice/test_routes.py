"""Every address, visited as every role, and as the same role elsewhere: nothing of another's shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

from applications.models import PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import SITE, paid
from backoffice.demo.world import World, build
from regions import clock
from regions.enums import RoleKind
from regions.models import Provider, ProviderMember, Region, Role, User
from tests.conftest import OPENING

pytestmark = pytest.mark.django_db
SECRETS = ("Exemple Théâtre", "Exemple Carrosserie")
ENGLISH = ("officer", "manager", "provider", "admin", "auditor", "liquidator")
FRENCH = (" Dossier ", "Échéance", "Entreprise<", "Prestataire<", "Enregistrer", "Retour ")
SETTLED = {200, 204, 301, 302, 403, 404, 405}


class Visited:
    """A world with a paid file, one in examination, and everybody who may look at them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.paid = paid(world)
        self.open = Case(world, "F05").fill(SITE).file_it().act("officer", "accept_complete")
        self.people = dict(_people(world, self.paid))
        self.strangers = dict(_strangers(world))
        self.left_at = clock.now()
        self.addresses = list(addresses(self.keys()))

    def keys(self) -> dict[str, Any]:
        """A value for each name that an address may ask."""
        file = self.open.file
        order = PaymentOrder.objects.get(application=self.paid.pk)
        expert = self.world.providers["P01"].experts.get()
        return {
            "reference": file.reference, "number": 1, "pk": 1, "company": file.company_id, "line": 1,
            "code": self.world.scheme.code, "slug": "entreprise", "name": "note", "kind": "note", "token": "x",
            "key": "files", "form": "csv", "stage": "a-signer", "uidb36": "1", "order": order.number,
            "expert": expert.pk, "instrument": "loan", "change": 1,
        }  # fmt: skip


def _people(world: World, case: Case) -> Iterator[tuple[str, User]]:
    """One of each role (officer2 reads what officer reads), a manager and a provider."""
    yield from ((name, user) for name, user in world.staff.items() if not name[-1].isdigit())
    yield "manager", world.managers["F05"]
    yield "provider", case.provider


def _strangers(world: World) -> Iterator[tuple[str, User]]:
    """The same capacities elsewhere: all the roles of another region at once, another firm, another provider."""
    elsewhere = Region.objects.get(code="11")
    user = User.objects.create_user("tous@ailleurs.example", "Ailleurs")
    for kind in RoleKind:
        Role.objects.create(
            user=user, kind=kind, region=elsewhere, valid_from="2025-01-01",
            confirmed_by=User.objects.system(), confirmed_at="2025-01-01T00:00:00Z",
        )  # fmt: skip
    yield "every role", user
    yield "another manager", world.managers["F15"]
    provider = Provider.objects.create(siret="00000009900019", name="Autre Prestataire", email="autre@demo.example")
    user = User.objects.create_user("autre@demo.example", "Autre")
    ProviderMember.objects.create(provider=provider, user=user, valid_from="2025-01-01")
    yield "another provider", user


def addresses(given: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and address of every route of the house, its arguments filled from the world."""
    for name, names in _routes():
        missing = [key for key in names if key not in given]
        assert not missing, f"no value for {missing} of {name}: add one to Visited.keys"
        try:
            yield name, reverse(name, kwargs={key: given[key] for key in names})
        except NoReverseMatch as error:
            raise AssertionError(f"a wrong value for {name} {names}: mend it in Visited.keys") from error


def _routes(patterns: Any = None) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and not str(pattern.pattern).startswith("static/"):
                yield pattern.name, list(pattern.pattern.regex.groupindex)
        else:
            yield from _routes(pattern.url_patterns)


@pytest.fixture(scope="module")
def lived(django_db_setup: None, django_db_blocker: Any) -> Iterator[Visited]:
    """Built once, in a transaction around those of the tests; each test's own is undone inside it."""
    with django_db_blocker.unblock(), transaction.atomic():
        clock.simulate(OPENING)
        yield Visited(build(Decimal("100000.00"), [FIRMS[key] for key in ("F01", "F05", "F15")]))
        clock.simulate(None)
        transaction.set_rollback(True)


@pytest.fixture
def visited(lived: Visited, db: None) -> Visited:
    """The world, on the day it was left."""
    clock.simulate(lived.left_at)
    return lived


class Reader:
    """Somebody who signs in once, and asks for one address after the other."""

    def __init__(self, user: User | None, language: str = "fr") -> None:
        self.client, self.user = Client(raise_request_exception=True), user
        if user is not None:
            self.client.force_login(user, backend="workflows.auth.ScopeBackend")
        self.client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    def read(self, visited: Visited) -> Iterator[tuple[str, str, Any]]:
        """Name, address and answer of each route; nothing that is only read signs anybody out."""
        for name, address in visited.addresses:
            yield name, address, self.client.get(address)
        assert self.user is None or "_auth_user_id" in self.client.session, f"{self.user} was signed out"


def _text(response: Any) -> str:
    if response.streaming or "text" not in response.headers.get("Content-Type", ""):
        return ""
    return str(response.content.decode())


def _shown(secrets: Iterable[str], address: str, response: Any) -> list[str]:
    """The secrets that a page shows; it may repeat the address that the reader typed."""
    text = _text(response).replace(address, "")
    return [secret for secret in secrets if secret in text]


def test_no_address_breaks_for_those_whom_it_concerns(visited: Visited) -> None:
    """Those who read in English never meet the words that French screens always carry."""
    pages = 0
    for who, user in visited.people.items():
        language = "en" if who in ENGLISH else "fr"
        for name, address, response in Reader(user, language).read(visited):
            assert response.status_code in SETTLED, (name, who, response.status_code)
            if "<html" in (text := _text(response)):
                assert f'<html lang="{language}"' in text, (name, who)
                pages += language == "en"
                assert language == "fr" or not _shown(FRENCH, address, response), (name, who)
    assert pages > len(visited.addresses)


def test_no_address_breaks_for_a_stranger_and_nothing_of_anothers_shows(visited: Visited) -> None:
    secrets = (*SECRETS, visited.open.file.reference, visited.paid.file.reference)
    for who, user in visited.strangers.items():
        for name, address, response in Reader(user).read(visited):
            assert response.status_code in SETTLED, (name, who, response.status_code)
            assert not _shown(secrets, address, response), (name, who)


def test_who_is_not_signed_in_sees_only_what_is_public(visited: Visited) -> None:
    for name, address, response in Reader(None).read(visited):
        assert response.status_code in SETTLED, (name, response.status_code)
        assert not _shown(SECRETS, address, response), name
