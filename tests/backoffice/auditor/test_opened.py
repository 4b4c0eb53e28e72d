"""The auditor's reading trail: it helps him go on where he stopped, and is nobody else's to read."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from regions.models import Role
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.roles import hold
from tests.shelf import lay_out
from workflows import opened
from workflows.models import Event, FileOpened

pytestmark = pytest.mark.django_db
REGION = ("officer", "certifier", "decider", "liquidator", "authorising", "accountant", "admin", "notifier")
SAID = "déjà ouvert le"


@pytest.fixture
def reference(world: World) -> str:
    case = lay_out("a filed case", lambda: Case(world, "F01").fill(SITE).file_it())
    return str(case.file.reference)


def opens(client: Client, reference: str) -> None:
    assert client.get(reverse("audit-file", args=[reference])).status_code == 200


def test_a_file_is_noted_once_for_its_reader_and_counts_each_reading(world: World, reference: str) -> None:
    client, events = signed_in(world.staff["auditor"]), Event.objects.count()
    assert SAID not in text(client.get(reverse("audit-list", args=["dossiers"])))
    assert client.head(reverse("audit-file", args=[reference])).status_code == 200
    assert not FileOpened.objects.exists()
    opens(client, reference)
    first = clock.now()
    clock.advance(days=2)
    opens(signed_in(world.staff["auditor"]), reference)
    row = FileOpened.objects.get()
    assert (row.user, row.times, row.last_at - row.first_at >= timedelta(days=2)) == (world.staff["auditor"], 2, True)
    assert row.first_at <= first
    assert Event.objects.count() == events


def test_his_list_says_which_files_he_opened_and_a_file_of_it_does_not(
    world: World, reference: str, django_assert_max_num_queries: Any
) -> None:
    client = signed_in(world.staff["auditor"])
    opens(client, reference)
    with django_assert_max_num_queries(15):
        assert text(client.get(reverse("audit-list", args=["dossiers"]))).count(SAID) == 1
    assert SAID not in text(client.get(reverse("audit-list", args=["actes"])))
    sheet = b"".join(client.get(reverse("audit-export", args=["dossiers", "csv"])).streaming_content).decode()
    assert reference in sheet
    assert "ouvert" not in sheet


def pages(client: Client, reference: str) -> list[str]:
    """What a person reads of the file and of herself, without what changes at each visit."""
    names = ("home", "findings", "irregularities", "reports")
    addresses = [*(reverse(name) for name in names), reverse("file", args=[reference]), "/mes-donnees/copie/"]
    found = [client.get(address).content.decode() for address in addresses]
    return [
        re.sub(r'csrfmiddlewaretoken" value="\w+"|"(date|derniere_connexion)": "[^"]+"', "", page) for page in found
    ]


def test_no_role_of_the_region_and_no_other_auditor_sees_that_a_file_was_opened(world: World, reference: str) -> None:
    clients = {role: signed_in(world.staff[role]) for role in REGION}
    before = {role: pages(client, reference) for role, client in clients.items()}
    opens(signed_in(world.staff["auditor"]), reference)
    for role, client in clients.items():
        assert pages(client, reference) == before[role], role
    for colleague in (world.staff["notifier"], elsewhere(RoleKind.AUDITOR)):
        if colleague == world.staff["notifier"]:
            hold(colleague, RoleKind.AUDITOR, world.region)
        assert SAID not in text(signed_in(colleague).get(reverse("audit-list", args=["dossiers"])))


def test_a_person_who_is_no_auditor_leaves_no_trail(world: World, reference: str) -> None:
    for role in REGION:
        client = signed_in(world.staff[role])
        assert client.get(reverse("audit-file", args=[reference])).status_code == 404
        client.get(reverse("file", args=[reference]))
    assert not FileOpened.objects.exists()


def test_his_own_copy_holds_it(world: World, reference: str) -> None:
    opens(signed_in(world.staff["auditor"]), reference)
    copy = json.loads(signed_in(world.staff["auditor"]).get("/mes-donnees/copie/").content)
    assert [(row["dossier"], row["fois"]) for row in copy["dossiers_ouverts"]] == [(reference, "1")]


@pytest.mark.both
def test_the_trail_goes_when_he_no_longer_audits_the_region(world: World, reference: str) -> None:
    auditor = world.staff["auditor"]
    opens(signed_in(auditor), reference)
    assert opened.forget() == 0
    Role.objects.filter(user=auditor, kind=RoleKind.AUDITOR).update(valid_to=clock.today() - timedelta(days=1))
    assert opened.forget() == 1
    assert not FileOpened.objects.exists()


def test_only_the_trail_itself_and_the_readers_own_copy_know_the_table() -> None:
    """No list, report, pack, event or screen can show what it cannot name."""
    root = Path(__file__).parents[3]
    named = {
        path.relative_to(root).as_posix()
        for package in ("backoffice", "reporting", "workflows", "applications", "regions")
        for path in (root / package).rglob("*.py")
        if re.search(r"\bFileOpened\b|import .*\bopened\b", path.read_text()) and "migrations" not in path.parts
    }
    assert named == {
        "workflows/models.py", "workflows/opened.py", "workflows/own_data.py", "workflows/tasks.py",
        "backoffice/views/auditor/files.py", "backoffice/views/auditor/lists.py", "backoffice/views/auditor/samples.py",
    }  # fmt: skip
