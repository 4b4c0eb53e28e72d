"""The working cost of a year, recorded by an administrator in a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.urls import reverse

from backoffice.demo.world import World
from regions.models import WorkingCost
from tests.browser.conftest import Opener
from tests.browser.test_region_side import arrive

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_cost_is_recorded_on_a_telephone(people: Callable[..., World], visitor: Opener) -> None:
    world = people("F01")
    admin = arrive(visitor("admin", width=390, lang="fr"))
    admin.sign_in(world.staff["admin"].email).go(reverse("manage-costs"))
    admin.fill(year="2024", staff="2,5", amount="120 000", source="Paie 2024").press("Enregistrer le coût")
    assert "Le coût est enregistré" in admin.text()
    assert WorkingCost.objects.get().staff == 2.5
