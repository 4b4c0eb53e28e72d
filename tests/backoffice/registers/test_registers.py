"""The registers: what is to be entered, by when, who noted it, its corrections, and who may not look."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import DeMinimisAward, Grant, GrantCorrection, RegisterFiling
from applications.rules.transparency import is_published, publish_by
from backoffice.demo.actors import Case, days
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import SchemeVersion, User
from tests.backoffice.test_pages import sound
from tests.walks import Walk, exempted, published
from workflows.verify import verify

pytestmark = pytest.mark.django_db
AWARDS, PUBLICATIONS, CORRECTIONS = "registre-de-minimis", "publications-rgec", "corrections-rgec"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response
    return sound(response.content.decode()).text


@pytest.fixture
def granted(world: World) -> Case:
    """A grant of 2025, and beside it the award and its correction that the register of 2026 asks for."""
    return Case(world, "F01").fill(SITE).file_it().grant()


def award(case: Case, number: str, granted_on: date, by: date, **given: Any) -> DeMinimisAward:
    row = DeMinimisAward(
        siren=case.file.company.siren, amount=Decimal("1200.00"), granted_on=granted_on, authority="La Réunion",
        nace="47.91", source="own", aid_number=number, application=case.file, register_by=by,
        recorded_at=clock.now(), **given,
    )  # fmt: skip
    row.save()
    return row


def page(world: World, role: str, key: str = AWARDS, state: str = "a-faire") -> str:
    return text(signed_in(world.staff[role]).get(reverse("register", args=[key]), {"etat": state}))


def test_an_award_is_entered_once_and_its_correction_follows(world: World, granted: Case) -> None:
    clock.advance(days=400)
    first = award(granted, "D-1", date(2026, 3, 2), date(2026, 3, 30))
    award(granted, "D-1/1", date(2026, 3, 2), date(2026, 5, 1), corrects=first)
    shown = page(world, "officer")
    assert "D-1/1" in shown
    assert "corrige D-1" in shown
    assert "En retard" in shown
    assert "D-1/1" not in page(world, "officer", state="retard")
    client = signed_in(world.staff["officer"])
    url, prefix = reverse("register-enter", args=[first.pk]), f"r{first.pk}-"
    wrong = client.post(url, {f"{prefix}filed_on": "2026-03-20", f"{prefix}reference": ""})
    assert 'value="2026-03-20"' in wrong.content.decode()
    given = {f"{prefix}filed_on": "2026-03-20", f"{prefix}reference": "PAE-77"}
    assert "est enregistrée" in text(client.post(url, given, follow=True))
    assert "déjà inscrite" in text(client.post(url, given, follow=True))
    filing = RegisterFiling.objects.get()
    assert (filing.award, filing.made_by, filing.reference) == (first, world.staff["officer"], "PAE-77")
    assert "PAE-77" in page(world, "auditor", state="faites")
    assert verify().faults == []


def test_the_day_of_entry_lies_between_the_grant_and_today(world: World, granted: Case) -> None:
    clock.advance(days=400)
    row = award(granted, "D-1", date(2026, 3, 2), date(2026, 3, 30))
    client = signed_in(world.staff["officer"])
    for day in ("2026-03-01", "2027-01-01"):
        given = {f"r{row.pk}-filed_on": day, f"r{row.pk}-reference": "X"}
        said = text(client.post(reverse("register-enter", args=[row.pk]), given, follow=True))
        assert "entre l’octroi ou la correction et aujourd’hui" in said


def test_an_award_of_before_the_register_is_not_asked(world: World, granted: Case) -> None:
    assert "Rien à inscrire" in page(world, "officer")


def test_who_reads_and_who_notes(world: World, granted: Case) -> None:
    clock.advance(days=400)
    row = award(granted, "D-1", date(2026, 3, 2), date(2026, 3, 30))
    for role in ("admin", "auditor"):
        assert "Noter l’inscription" not in page(world, role)
        url = reverse("register-enter", args=[row.pk])
        assert signed_in(world.staff[role]).post(url, {}).status_code == 404
    assert "Noter l’inscription" in page(world, "officer")
    for user in (world.staff["accountant"], world.managers["F01"], world.provider_users["P01"]):
        assert signed_in(user).get(reverse("register", args=[AWARDS])).status_code == 404


def test_a_gber_award_above_the_threshold_is_published(world: World, granted: Case) -> None:
    assert "Rien à inscrire" in page(world, "officer", PUBLICATIONS)
    version = SchemeVersion.objects.get()
    SchemeVersion.objects.filter(pk=version.pk).update(rules=version.rules | {"legal_basis": "gber_28"})
    Grant.objects.update(gross_grant_equivalent=Decimal("100000.00"))
    assert "Rien à inscrire" in page(world, "officer", PUBLICATIONS)
    Grant.objects.update(gross_grant_equivalent=Decimal("100000.01"))
    grant = Grant.objects.get()
    assert grant.number in page(world, "officer", PUBLICATIONS)
    given = {f"r{grant.pk}-filed_on": clock.today().isoformat(), f"r{grant.pk}-reference": "TAM-9"}
    client = signed_in(world.staff["officer"])
    assert "publication est enregistrée" in text(
        client.post(reverse("register-publish", args=[grant.pk]), given, follow=True)
    )
    assert "TAM-9" in page(world, "officer", PUBLICATIONS, "faites")


def corrected(world: World, *amounts: str) -> Walk:
    """A published grant, made smaller as many times."""
    walk = published(exempted(world))
    days(3)
    for amount in amounts:
        walk.act("decider", "amend", amount=Decimal(amount), reason="Projet réduit.")
    return walk


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("fr", ("avant :", "Aide réduite par avenant", "À confirmer", "Délai retenu : 6 mois")),
        ("en", ("before:", "Grant reduced by amendment", "To be confirmed", "Time taken: 6 months")),
    ],
)
def test_a_correction_of_what_was_published_is_shown_and_noted(world: World, lang: str, said: tuple[str, ...]) -> None:
    walk = corrected(world, "90000.00")
    client = signed_in(world.staff["officer"])
    client.cookies["django_language"] = lang
    url = reverse("register", args=[CORRECTIONS])
    shown = text(client.get(url))
    for words in said:
        assert words in shown
    file = text(client.get(reverse("file", args=[walk.file.reference])))
    assert {"fr": "Publier la correction de l’aide", "en": "Publish the correction of the aid"}[lang] in file
    row = GrantCorrection.objects.get()
    prefix = f"r{row.pk}-"
    wrong = client.post(reverse("register-correct", args=[row.pk]), {f"{prefix}filed_on": "2025-01-01"})
    assert wrong.status_code == 422
    given = {f"{prefix}filed_on": clock.today().isoformat(), f"{prefix}reference": "TAM-2"}
    text(client.post(reverse("register-correct", args=[row.pk]), given, follow=True))
    assert RegisterFiling.objects.get(correction=row).reference == "TAM-2"
    assert "TAM-2" in text(client.get(url, {"etat": "faites"}))
    assert (walk.file.reference in text(client.get(url)), verify().faults) == (False, [])


def test_a_late_correction_is_told_on_the_first_page_and_others_may_not_note_it(world: World) -> None:
    corrected(world, "110000.00")
    row = GrantCorrection.objects.get()
    client = signed_in(world.staff["officer"])
    assert "en retard dans les registres" not in text(client.get(reverse("home")))
    clock.advance(days=200)
    assert "1 inscription ou publication est en retard dans les registres" in text(client.get(reverse("home")))
    late = client.get(reverse("registers"), {"etat": "retard"})
    assert late.url == f"{reverse('register', args=[CORRECTIONS])}?etat=retard"  # type: ignore[attr-defined]
    assert "En retard" in page(world, "auditor", CORRECTIONS, "retard")
    for user in (world.staff["auditor"], world.managers["F01"]):
        assert signed_in(user).post(reverse("register-correct", args=[row.pk]), {}).status_code == 404
    assert client.post(reverse("register-correct", args=[row.pk + 1]), {}).status_code == 404


def test_a_publication_that_is_late_is_told_on_the_first_page(world: World) -> None:
    exempted(world)
    clock.advance(days=200)
    assert "1 inscription ou publication est en retard dans les registres" in text(
        signed_in(world.staff["officer"]).get(reverse("home"))
    )


def test_corrections_leave_as_a_file_and_cost_the_same_however_many(world: World) -> None:
    walk, costs = corrected(world), []
    for amounts in (("119000.00",), ("118000.00", "117000.00", "116000.00")):
        for amount in amounts:
            walk.act("decider", "amend", amount=Decimal(amount), reason="Projet réduit.")
        with CaptureQueriesContext(connection) as queries:
            page(world, "auditor", CORRECTIONS)
        costs.append(len(queries))
    assert costs[0] == costs[1]
    client = signed_in(world.staff["auditor"])
    response: Any = client.get(reverse("register-export", args=[CORRECTIONS, "csv"]))
    lines = b"".join(response.streaming_content).decode("utf-8-sig").splitlines()
    number = Grant.objects.get().number
    assert ("Équivalent-subvention brut avant" in lines[0], len(lines)) == (True, 5)
    assert [f"{number}/{rank}" in line for rank, line in enumerate(lines[1:], 1)] == [True] * 4


def test_both_registers_leave_as_files_in_the_fields_asked(world: World, granted: Case) -> None:
    clock.advance(days=400)
    award(granted, "D-1", date(2026, 3, 2), date(2026, 3, 30))
    client = signed_in(world.staff["auditor"])
    response: Any = client.get(reverse("register-export", args=[AWARDS, "csv"]))
    written = b"".join(response.streaming_content).decode("utf-8-sig")
    for field in ("Numéro de l’aide", "Règlement", "Secteur (NACE)", "Autorité d’octroi", "Financeur", "D-1", "47.91"):
        assert field in written
    response = client.get(reverse("register-export", args=[PUBLICATIONS, "xlsx"]))
    assert b"".join(response.streaming_content).startswith(b"PK")
    response.close()


def test_a_register_costs_the_same_however_long(world: World, granted: Case) -> None:
    clock.advance(days=400)
    costs = []
    for rank in range(12):
        award(granted, f"D-{rank}", date(2026, 3, 2), date(2026, 3, 30))
        if rank in (0, 11):
            with CaptureQueriesContext(connection) as queries:
                page(world, "auditor")
            costs.append(len(queries))
    assert costs[0] == costs[1]


def test_the_threshold_and_the_six_months() -> None:
    assert not is_published("gber_28", Decimal("100000.00"))
    assert is_published("gber_28", Decimal("100000.01"))
    assert not is_published("de_minimis", Decimal("200000.00"))
    assert publish_by(date(2026, 8, 31)) == date(2027, 2, 28)
