"""The provider who is paid by the region: his report with its recommendations, his account, where the money stands."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.enums import DocumentKind
from applications.models import BankChange
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import IBANS, World
from regions import clock
from regions.models import User
from tests.backoffice.test_pages import Outline, sound
from tests.kinds import drafted, notified, opened
from workflows.models import Event

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n% rapport"
NEW = "FR7612345987650123456789014"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def read(browser: Client, address: str, data: dict[str, Any] | None = None) -> Outline:
    response = browser.get(address, follow=True) if data is None else browser.post(address, data, follow=True)
    assert response.status_code == 200, address
    return sound(response.content.decode())


def pdf() -> SimpleUploadedFile:
    return SimpleUploadedFile("piece.pdf", PDF)


@pytest.fixture
def provider(world: World) -> Client:
    return signed_in(world.provider_users["P01"])


def test_an_analysis_is_handed_in_with_what_it_recommends(world: World, provider: Client) -> None:
    case = notified(drafted(opened(world, "accompagnement-numerique"), ("potential_analysis", "Analyse", "8000.00")))
    page = read(provider, reverse("file", args=[case.file.reference]))
    for words in ("Ce que votre analyse recommande", "cybersécurité", "Votre paiement", "une fois validé"):
        assert words in page.text, words
    address = reverse("provider-report", args=[case.file.reference])
    wrong = read(provider, address, {"file": pdf(), "recommended": ["licences"]})
    assert "licences" in wrong.text
    assert not case.file.documents.filter(kind=DocumentKind.PROVIDER_REPORT).exists()
    done = read(provider, address, {"file": pdf(), "recommended": ["cybersecurity", "online_marketing"]}).text
    assert "Votre rapport est joint au dossier." in done
    assert "Rapport à valider par l’entreprise" in done
    assert case.file.recommended == ["cybersecurity", "online_marketing"]
    assert Event.objects.filter(act="record.report").count() == 1


def test_a_report_is_an_act_and_a_document_or_neither(world: World, provider: Client) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant()
    address = reverse("provider-report", args=[case.file.reference])
    text = read(provider, address, {"file": pdf()}).text
    assert "une fois l’aide notifiée" in text
    case.notify()
    assert "Ce que votre analyse recommande" not in read(provider, reverse("file", args=[case.file.reference])).text
    read(provider, address, {"file": pdf()})
    assert Event.objects.filter(act="record.report", actor=case.provider).count() == 1
    assert case.file.documents.filter(kind=DocumentKind.PROVIDER_REPORT).count() == 1


def test_he_enters_his_account_then_asks_to_change_it_with_a_paper(world: World, provider: Client) -> None:
    mine = world.providers["P01"]
    mine.bank_details.all().delete()
    address = reverse("provider-bank", args=[mine.pk])
    assert provider.get(reverse("provider-banks")).headers["Location"] == address
    assert "Où verser l’aide" in read(provider, address).text
    assert "pas valable" in read(provider, address, {"holder": "P", "iban": "FR00"}).text
    read(provider, address, {"holder": "Exemple", "iban": IBANS[0]})
    assert mine.bank_details.get().iban == IBANS[0]
    page = read(provider, address).text
    assert "Région qui confirmera" in page
    given = {"holder": "Exemple", "iban": NEW, "file": pdf(), "region": world.region.pk}
    assert "Les versements attendent" in read(provider, address, given).text
    change = BankChange.objects.get()
    assert (change.provider, change.region, change.state) == (mine, world.region, "asked")
    done = read(provider, reverse("provider-bank-withdraw", args=[mine.pk, change.pk]), {}).text
    assert "vos coordonnées restent les mêmes" in done
    other = signed_in(world.provider_users["P02"])
    assert other.get(address).status_code == 404
    assert other.post(reverse("provider-bank-withdraw", args=[mine.pk, change.pk])).status_code == 404


def test_he_sees_that_he_is_paid_and_that_his_account_is_missing(world: World, provider: Client) -> None:
    case = notified(drafted(opened(world, "cheque-transformation"), ("action_plan", "Plan", "4000.00")))
    address = reverse("file", args=[case.file.reference])
    world.providers["P01"].bank_details.all().delete()
    text = read(provider, address).text
    assert "La région vous paie directement" in text
    assert "Vos coordonnées bancaires manquent" in text
    world.providers["P01"].bank_details.create(holder="P", iban=IBANS[0], valid_from=clock.today())
    assert "manquent" not in read(provider, address).text
