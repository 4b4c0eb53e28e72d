"""What the officer’s tests share: people at their browsers, and files at each stage."""

from __future__ import annotations

import re
from typing import Any

from django.test import Client

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, Role, User


def at_desk(user: User) -> Client:
    """The person’s browser, signed in."""
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    """The words of a page, without its marks."""
    content = response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", content).replace("&#x27;", "'").split())


def page_of(case: Case) -> str:
    return f"/dossiers/{case.file.reference}/"


def act_of(case: Case, name: str) -> str:
    return f"/instruction/{case.file.reference}/acte/{name}/"


def record_of(case: Case, kind: str) -> str:
    return f"/instruction/{case.file.reference}/mention/{kind}/"


def filed(world: World, firm: str = "F01") -> Case:
    return Case(world, firm).fill(SITE).file_it()


def elsewhere(kind: RoleKind = RoleKind.OFFICER) -> User:
    """The same role in another region."""
    user = User.objects.create_user(f"{kind.value}@ailleurs.example", "D’ailleurs")
    Role.objects.create(
        user=user, kind=kind, region=Region.objects.get(code="11"), valid_from="2025-01-01",
        confirmed_by=User.objects.system(), confirmed_at=clock.now(),
    )  # fmt: skip
    return user
