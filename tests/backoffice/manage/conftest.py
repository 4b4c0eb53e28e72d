"""The two administrators of the test’s region at their pages, and one of another region."""

from __future__ import annotations

import pytest
from django.test import Client

from backoffice.demo.world import World
from regions.enums import RoleKind
from regions.models import Region, User
from tests.roles import hold


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin(world: World) -> Client:
    return signed_in(world.staff["admin"])


@pytest.fixture
def admin2(world: World) -> Client:
    return signed_in(world.staff["admin2"])


@pytest.fixture
def elsewhere(world: World) -> Client:
    """The administrator of another region."""
    user = User.objects.create_user("admin.11@demo.example", "Admin d’ailleurs")
    hold(user, RoleKind.ADMINISTRATOR, Region.objects.get(code="11"))
    return signed_in(user)
