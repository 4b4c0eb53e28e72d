"""Findings of the audit on the screens: written, sent, answered, closed; hidden until they are sent."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import AuditFinding
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting.writers import ooxml_check
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.roles import hold
from workflows import gate

pytestmark = pytest.mark.django_db
WRITTEN = {
    "kind": "evidence", "title": "Facture sans preuve de paiement", "reason": "La facture 12 n’est pas acquittée.",
    "asked": "Le relevé bancaire.", "amount": "300,50",
}  # fmt: skip


def post(world: World, role: str, name: str, *args: Any, **given: Any) -> str:
    return text(signed_in(world.staff[role]).post(reverse(name, args=args), given, follow=True))


def written(world: World) -> AuditFinding:
    case = Case(world, "F01").fill(SITE).file_it()
    said = post(world, "auditor", "finding-open", case.file.reference, **WRITTEN)
    assert "personne d’autre ne le voit avant l’envoi" in said
    return AuditFinding.objects.get()


def sent(world: World) -> AuditFinding:
    found = written(world)
    day = (clock.today() + timedelta(days=30)).isoformat()
    assert "Envoyer à la région" in post(world, "auditor", "finding-act", found.pk, "send", answer_by=day)
    return AuditFinding.objects.get()


def test_a_draft_is_nowhere_for_the_region(world: World) -> None:
    found = written(world)
    page = reverse("finding", args=[found.pk])
    assert "Personne d’autre que vous" in text(signed_in(world.staff["auditor"]).get(page))
    officer = signed_in(world.staff["officer"])
    for address in (reverse("findings"), reverse("home"), reverse("file", args=[found.application.reference])):
        assert found.title not in text(officer.get(address))
        assert "constat d’audit attend" not in text(officer.get(address))
    for user in (world.staff["officer"], elsewhere(RoleKind.AUDITOR), world.managers["F01"]):
        assert signed_in(user).get(page).status_code == 404
    assert officer.get(reverse("finding-open", args=[found.application.reference])).status_code == 404
    said = post(
        world, "auditor", "finding-act", found.pk, "revise", **(WRITTEN | {"title": "Facture acquittée en partie"})
    )
    assert "Facture acquittée en partie" in said


def test_a_draft_is_given_up_only_when_the_auditor_means_it(world: World) -> None:
    found = written(world)
    assert "obligatoire" in post(world, "auditor", "finding-act", found.pk, "discard")
    assert AuditFinding.objects.get().state == "draft"
    assert "Abandonné" in post(world, "auditor", "finding-act", found.pk, "discard", sure="on")


def test_from_the_sending_to_the_closure(world: World) -> None:
    found = sent(world)
    assert found.amount == Decimal("300.50")
    officer = signed_in(world.staff["officer"])
    assert "1 constat d’audit attend une réponse" in text(officer.get(reverse("home")))
    assert found.title in text(officer.get(reverse("file", args=[found.application.reference])))
    page = text(officer.get(reverse("finding", args=[found.pk])))
    assert "Constat rédigé" not in page
    assert "Constat envoyé à la région" in page
    wrong = post(world, "officer", "finding-act", found.pk, "answer", reason="Voici le relevé.")
    assert "obligatoire" in wrong
    assert "Voici le relevé." in wrong
    post(world, "officer", "finding-act", found.pk, "answer", reason="Voici le relevé.", agreed="yes")
    day = (clock.today() + timedelta(days=15)).isoformat()
    post(world, "auditor", "finding-act", found.pk, "ask_again", reason="Illisible.", answer_by=day)
    post(world, "decider", "finding-act", found.pk, "answer", reason="Copie nette.", agreed="no")
    over = post(world, "auditor", "finding-act", found.pk, "close", retained="300,51", reason="Soldé.")
    assert "ne peut pas dépasser le montant constaté" in over
    assert 'value="300,51"' in over
    said = post(world, "auditor", "finding-act", found.pk, "close", retained="120", reason="Soldé.")
    for words in ("Retenu à la clôture", "120,00", "Illisible.", "Copie nette.", "Elle conteste le constat"):
        assert words in said, words
    assert AuditFinding.objects.get().state == "closed"


def test_what_is_missing_is_told_and_what_was_typed_stays(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it()
    page = post(
        world, "auditor", "finding-open", case.file.reference, **(WRITTEN | {"asked": "", "amount": "beaucoup"})
    )
    for words in ("obligatoire", 'value="beaucoup"', WRITTEN["title"], WRITTEN["reason"]):
        assert words in page, words
    assert not AuditFinding.objects.exists()
    found = written_again(world, case)
    past = post(world, "auditor", "finding-act", found.pk, "send", answer_by=clock.today().isoformat())
    assert "après aujourd’hui" in past


def written_again(world: World, case: Case) -> AuditFinding:
    post(world, "auditor", "finding-open", case.file.reference, **WRITTEN)
    return AuditFinding.objects.get()


def exported(client: Any) -> str:
    return b"".join(client.get(reverse("findings-export", args=["csv"])).streaming_content).decode("utf-8-sig")


def test_the_auditor_exports_the_findings_and_his_drafts_are_in_no_other_file(world: World) -> None:
    found = written(world)
    colleague = world.staff["notifier"]
    hold(colleague, RoleKind.AUDITOR, world.region)
    mine, other = signed_in(world.staff["auditor"]), signed_in(colleague)
    assert found.title in exported(mine)
    assert "Brouillon" in exported(mine)
    for client in (other, signed_in(elsewhere(RoleKind.AUDITOR))):
        assert len(exported(client).splitlines()) == 1
    for role in ("officer", "decider", "certifier", "admin"):
        assert signed_in(world.staff[role]).get(reverse("findings-export", args=["csv"])).status_code == 404
    day = (clock.today() + timedelta(days=30)).isoformat()
    post(world, "auditor", "finding-act", found.pk, "send", answer_by=day)
    sheet = exported(other)
    assert AuditFinding.objects.get().number in sheet
    assert "300,50" in sheet
    for name in (world.staff["auditor"].name, found.application.company.name):
        assert name not in sheet
    book = b"".join(mine.get(reverse("findings-export", args=["xlsx"])).streaming_content)
    assert ooxml_check.check(book) == []
    for role in ("auditor", "officer"):
        page = text(signed_in(world.staff[role]).get(reverse("findings")))
        assert (reverse("findings-export", args=["csv"]) in page) == (role == "auditor")


def test_the_list_costs_the_same_however_many_findings(world: World) -> None:
    found, costs = sent(world), []
    client = signed_in(world.staff["officer"])
    for rank in (1, 2, 3):
        with CaptureQueriesContext(connection) as queries:
            page = text(client.get(reverse("findings")))
        costs.append(len(queries))
        assert page.count(found.title) == rank
        words = {"kind": "other", "title": found.title, "asked": "Une pièce.", "words": "Constat."}
        gate.open_finding(world.staff["auditor"], found.application_id, **words)
        last = AuditFinding.objects.latest("pk")
        day = clock.today() + timedelta(days=9)
        gate.move(world.staff["auditor"], "finding", last.pk, "send", answer_by=day)
    assert len(set(costs)) == 1
