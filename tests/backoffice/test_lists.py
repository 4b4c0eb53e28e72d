"""Lists that have no test of their own elsewhere: the same few queries with ten rows and with a thousand."""

from __future__ import annotations

from copy import copy
from typing import Any

import pytest
from django.test import Client

from applications.models import Application, PaymentRun
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, paid
from backoffice.demo.world import World
from regions.models import User

pytestmark = pytest.mark.django_db
MOST = 15


def browse(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_files_of_a_firm(world: World, rows: int, django_assert_max_num_queries: Any) -> None:
    file = Case(world, "F01").fill(SITE).file_it().file
    copies = [
        Application(
            reference=f"KAP-2024-{n:05d}", region=file.region, scheme_version=file.scheme_version, title="Ancien",
            company=file.company, representative=file.representative, manager=file.manager, state="examining",
            created_at=file.created_at, submitted_at=file.submitted_at,
        )
        for n in range(rows)
    ]  # fmt: skip
    Application.objects.bulk_create(copies)
    client = browse(file.representative)
    with django_assert_max_num_queries(MOST):
        page = client.get("/").content.decode()
    assert page.count("<article") == min(rows + 1, 50)
    assert ("Suivants" in page) is (rows == 1000)


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_batches_sent_to_the_accountant(world: World, rows: int, django_assert_max_num_queries: Any) -> None:
    paid(world)
    made = PaymentRun.objects.get()
    copies = [copy(made) for _rank in range(rows)]
    for rank, one in enumerate(copies):
        one.pk, one.number = None, f"{made.number}-{rank}"
    PaymentRun.objects.bulk_create(copies)
    client = browse(world.staff["authorising"])
    with django_assert_max_num_queries(MOST):
        page = client.get("/paiements/bordereaux/").content.decode()
    assert page.count("<tr>") == min(rows + 1, 50) + 1
