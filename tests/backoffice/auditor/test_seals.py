"""The auditor's page of the seals: which are stamped and signed, what is waited for, and the files that prove it."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.demo.world import World
from regions import clock
from tests.authority import Authority, openssl, served
from tests.backoffice.payments.people import signed_in, text
from workflows import jobs
from workflows.canonical import encode, sha256
from workflows.models import Seal
from workflows.seal import seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proved(world: World, settings: Any, tmp_path: Path) -> Authority:
    """Two days sealed: the first stamped and signed, the second waiting."""
    settings.GUICHET_SEALS_DIR = tmp_path / "seals"
    with served(Authority(tmp_path)) as made:
        settings.GUICHET_TIMESTAMP_URL, settings.GUICHET_TIMESTAMP_ROOTS = made.url, str(tmp_path / "root.pem")
        settings.GUICHET_SEAL_KEY, settings.GUICHET_SEAL_CERTIFICATE = (
            str(tmp_path / name) for name in ("house.key", "house.pem")
        )
        seal(clock.today())
        jobs.drain()
    clock.advance(days=1)
    seal(clock.today())
    return made


def test_each_seal_says_whether_it_is_stamped(world: World, proved: Authority) -> None:
    client = signed_in(world.staff["auditor"])
    page = text(client.get(reverse("audit-seals")))
    assert (page.count("Horodaté<"), page.count("Signé<"), page.count("Attendu")) == (1, 1, 2)
    assert "CN=Guichet test stamper" in page
    client.cookies["django_language"] = "en"
    page = text(client.get(reverse("audit-seals")))
    assert "Download the token" in page
    assert page.count("Awaited") == 2


def test_what_is_downloaded_verifies(world: World, proved: Authority, tmp_path: Path) -> None:
    client, first = signed_in(world.staff["auditor"]), Seal.objects.earliest("day")
    kept = {}
    for kind in ("seal", "timestamp", "signature", "signature-certificate"):
        response = client.get(reverse("audit-seal-file", args=[first.pk, kind]))
        name = response["Content-Disposition"].partition('filename="')[2].rstrip('"')
        kept[kind] = tmp_path / name
        kept[kind].write_bytes(response.content)
    assert kept["seal"].name == f"{first.day}.txt"
    roots, given = str(tmp_path / "root.pem"), str(kept["seal"])
    said = openssl("ts", "-verify", "-data", given, "-in", str(kept["timestamp"]), "-CAfile", roots)
    assert "Verification: OK" in said
    signed = ["-binary", "-inform", "DER", "-in", str(kept["signature"]), "-content", given, "-purpose", "any"]
    assert "successful" in openssl("cms", "-verify", *signed, "-CAfile", roots)
    assert kept["signature-certificate"].read_bytes() == (tmp_path / "house.pem").read_bytes()


def test_nothing_else_is_there(world: World, proved: Authority) -> None:
    client, last = signed_in(world.staff["auditor"]), Seal.objects.latest("day")
    for kind in ("timestamp", "signature-certificate", "nothing", "seal-certificate"):
        assert client.get(reverse("audit-seal-file", args=[last.pk, kind])).status_code == 404, kind


def test_an_officer_does_not_see_them(world: World, proved: Authority) -> None:
    client, last = signed_in(world.staff["officer"]), Seal.objects.latest("day")
    for address in (reverse("audit-seals"), reverse("audit-seal-file", args=[last.pk, "seal"])):
        assert client.get(address).status_code in (403, 404)


def test_a_house_that_stamps_nothing_says_so(world: World) -> None:
    page = text(signed_in(world.staff["auditor"]).get(reverse("audit-seals")))
    assert "ne fait ni horodater ni signer" in page
    assert "Aucun jour n’est encore scellé." in page


def test_the_list_costs_the_same_however_many_seals(world: World) -> None:
    client, costs = signed_in(world.staff["auditor"]), []
    for rank in range(1, 60):
        content = encode({"rank": rank})
        day = date(2025, 1, 1) + timedelta(days=rank)
        Seal(day=day, content=content, subjects=1, root=sha256(content), made_at=clock.now()).save()
        if rank in {1, 3, 59}:
            with CaptureQueriesContext(connection) as queries:
                page = text(client.get(reverse("audit-seals")))
            costs.append(len(queries))
    assert len(set(costs)) == 1
    assert "Page suivante" in page
