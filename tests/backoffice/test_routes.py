"""Every address, visited as every role, and as the same role elsewhere: nothing of another's shows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse
from django.utils.translation import override

from applications.models import PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, paid
from backoffice.demo.world import World
from regions.enums import RoleKind
from regions.models import Provider, ProviderMember, Region, Role, User

pytestmark = pytest.mark.django_db
SECRETS = ("Exemple Théâtre", "Exemple Carrosserie")
SETTLED = {200, 204, 301, 302, 403, 404, 405}


class Visited:
    """A world with a paid file, one in examination, and everybody who may look at them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.paid = paid(world)
        self.open = Case(world, "F05").fill(SITE).file_it().act("officer", "accept_complete")
        self.people = dict(_people(world, self.paid))
        self.strangers = dict(_strangers(world))

    def keys(self) -> dict[str, Any]:
        """A value for each name that an address may ask."""
        file = self.open.file
        order = PaymentOrder.objects.get(application=self.paid.pk)
        return {
            "reference": file.reference, "number": 1, "pk": 1, "company": file.company_id, "line": 1,
            "code": self.world.scheme.code, "slug": "entreprise", "name": "note", "kind": "note", "token": "x",
            "key": "files", "form": "csv", "stage": "a-signer", "uidb36": "1", "order": order.number, "expert": 1,
        }  # fmt: skip


def _people(world: World, case: Case) -> Iterator[tuple[str, User]]:
    yield from world.staff.items()
    yield "manager", world.managers["F05"]
    yield "provider", case.provider


def _strangers(world: World) -> Iterator[tuple[str, User]]:
    """The same capacities elsewhere: every role in another region, another firm, another provider."""
    elsewhere = Region.objects.get(code="11")
    for kind in RoleKind:
        user = User.objects.create_user(f"{kind}@ailleurs.example", f"Ailleurs {kind}")
        role = Role(user=user, kind=kind, region=elsewhere, valid_from="2025-01-01")
        for field in ("confirmed_by", "confirmed_at"):
            if hasattr(role, f"{field}_id") or hasattr(role, field):
                setattr(role, field, User.objects.system() if field == "confirmed_by" else "2025-01-01T00:00:00Z")
        role.save()
        yield str(kind), user
    yield "another manager", world.managers["F15"]
    provider = Provider.objects.create(siret="00000009900019", name="Autre Prestataire", email="autre@demo.example")
    user = User.objects.create_user("autre@demo.example", "Autre")
    ProviderMember.objects.create(provider=provider, user=user, valid_from="2025-01-01")
    yield "another provider", user


def addresses(visited: Visited) -> Iterator[tuple[str, str]]:
    """Name and address of every route of the house, its arguments filled from the world."""
    for name, names in _routes():
        given = visited.keys()
        try:
            yield name, reverse(name, kwargs={key: given[key] for key in names})
        except NoReverseMatch as error:
            raise AssertionError(f"no value for {name} {names}: add one to Visited.keys") from error


def _routes(patterns: Any = None) -> Iterator[tuple[str, list[str]]]:
    for pattern in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(pattern, URLPattern):
            if pattern.name and not str(pattern.pattern).startswith("static/"):
                yield pattern.name, list(pattern.pattern.regex.groupindex)
        else:
            yield from _routes(pattern.url_patterns)


@pytest.fixture
def visited(world: World) -> Visited:
    return Visited(world)


def _visit(user: User | None, address: str) -> Any:
    client = Client(raise_request_exception=True)
    if user is not None:
        client.force_login(user, backend="workflows.auth.ScopeBackend")
    return client.get(address)


def _text(response: Any) -> str:
    if response.streaming or "text" not in response.headers.get("Content-Type", ""):
        return ""
    return response.content.decode()


def test_no_address_breaks_for_anybody(visited: Visited) -> None:
    for name, address in addresses(visited):
        for who, user in (visited.people | visited.strangers | {"nobody": None}).items():
            response = _visit(user, address)
            assert response.status_code in SETTLED, (name, who, response.status_code)


def test_nothing_of_anothers_shows(visited: Visited) -> None:
    for name, address in addresses(visited):
        for who, user in visited.strangers.items():
            text = _text(_visit(user, address))
            for secret in (*SECRETS, visited.open.file.reference, visited.paid.file.reference):
                assert secret not in text.replace(address, ""), (name, who, secret)


def test_who_is_not_signed_in_sees_only_what_is_public(visited: Visited) -> None:
    for name, address in addresses(visited):
        response = _visit(None, address)
        assert not any(secret in _text(response) for secret in SECRETS), name


def test_a_page_in_english_has_no_french_word_left(visited: Visited) -> None:
    """The words that French screens always carry never show once the reader chose English."""
    french = (" Dossier ", "Échéance", "Entreprise<", "Prestataire<", "Enregistrer", "Retour ")
    for name, address in addresses(visited):
        for who in ("officer", "manager", "provider", "admin", "auditor", "liquidator"):
            client = Client(headers={"accept-language": "en"})
            client.force_login(visited.people[who], backend="workflows.auth.ScopeBackend")
            with override("en"):
                text = _text(client.get(address))
            if 'lang="en"' in text:
                assert not [word for word in french if word in text], (name, who)
