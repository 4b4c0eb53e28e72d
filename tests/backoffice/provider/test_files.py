"""The provider’s pages: his files, his answer on screen and by the link, his report; nothing else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import CheckKind, DocumentKind
from applications.models import Application
from backoffice.demo.actors import Case
from backoffice.demo.stories import SHOP, SITE
from backoffice.demo.world import World
from regions import clock
from regions.models import Provider, ProviderMember, User
from tests.backoffice.test_pages import sound
from workflows import confirmation, delivery, gate

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n% rapport"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def case(world: World) -> Case:
    """A file in examination: the provider P01 has not answered."""
    made = Case(world, "F01").fill(SITE, SHOP).file_it()
    return made.act("officer", "accept_complete")


@pytest.fixture
def provider(world: World) -> Client:
    return signed_in(world.provider_users["P01"])


def answer_url(case: Case) -> str:
    return reverse("provider-answer", args=[case.file.reference])


def test_his_list_names_his_files_and_what_waits_for_him(world: World, case: Case, provider: Client) -> None:
    outline = sound(provider.get(reverse("provider-files")).content.decode())
    assert case.file.reference in outline.text
    assert "Votre réponse est attendue" not in outline.text
    gate.record(world.staff["officer"], "application", case.pk, "documents", finding="green")
    outline = sound(provider.get(reverse("provider-files")).content.decode())
    assert "Votre réponse est attendue" in outline.text
    assert "À vous d’agir" in outline.text


def test_another_provider_sees_neither_list_entry_nor_file(world: World, case: Case) -> None:
    other = signed_in(world.provider_users["P02"])
    assert case.file.reference not in other.get(reverse("provider-files")).content.decode()
    assert other.get(reverse("file", args=[case.file.reference])).status_code == 404
    assert other.post(answer_url(case), {"confirm": "1"}).status_code == 404
    assert other.post(reverse("provider-report", args=[case.file.reference])).status_code == 404


@pytest.mark.parametrize("who", ["officer", "admin", "auditor"])
def test_staff_and_firms_have_no_provider_pages(world: World, case: Case, who: str) -> None:
    for user in (world.staff[who], world.managers["F01"]):
        client = signed_in(user)
        assert client.get(reverse("provider-files")).status_code == 404
        assert client.get(reverse("provider-accreditations")).status_code == 404
        assert client.post(answer_url(case), {"confirm": "1"}).status_code == 404


def test_the_page_shows_his_quote_and_no_other_amount(case: Case, provider: Client) -> None:
    page = provider.get(reverse("file", args=[case.file.reference]))
    outline = sound(page.content.decode())
    assert "1 500,00 €" in outline.text
    assert "3 000,00 €" in outline.text
    assert outline.text.count("€") == 2
    assert "La région attend votre réponse" in outline.text
    assert "FR76" not in page.content.decode()


def test_he_confirms_on_screen(world: World, case: Case, provider: Client) -> None:
    page = provider.post(answer_url(case), {"confirm": "1"}, follow=True)
    assert "Votre engagement est confirmé" in page.content.decode()
    assert case.file.checks.filter(kind=CheckKind.PROVIDER).get().finding == "green"
    assert "Rien ne vous est demandé" in page.content.decode()


def test_declining_asks_why_and_loses_nothing(case: Case, provider: Client) -> None:
    page = provider.post(answer_url(case), {"decline": "1", "reason": " "})
    assert page.status_code == 200
    assert "Dire en quelques mots pourquoi" in page.content.decode()
    page = provider.post(answer_url(case), {"decline": "1", "reason": "Plus de place avant l’été."}, follow=True)
    assert case.file.checks.filter(kind=CheckKind.PROVIDER).get().finding == "red"
    assert "Plus de place avant l’été." in page.content.decode()


def test_he_may_change_his_mind_while_the_file_is_examined(case: Case, provider: Client) -> None:
    provider.post(answer_url(case), {"decline": "1", "reason": "Trop tôt."})
    provider.post(answer_url(case), {"confirm": "1"})
    findings = case.file.checks.filter(kind=CheckKind.PROVIDER).order_by("pk").values_list("finding", flat=True)
    assert list(findings) == ["red", "green"]


def test_too_late_is_said_in_a_sentence(world: World, case: Case, provider: Client) -> None:
    provider.post(answer_url(case), {"confirm": "1"})
    gate.record(world.staff["officer"], "application", case.pk, "documents", finding="green")
    case.act("officer", "propose")
    page = provider.post(answer_url(case), {"confirm": "1"}, follow=True)
    assert "Trop tard" in page.content.decode()


# --- the link of the e-mail


def link_of(case: Case) -> str:
    """The address in the e-mail that the completeness of the file sent."""
    delivery.deliver()
    sent = [m for m in mail.outbox if case.file.reference in m.subject and "engagement" in m.subject]
    assert len(sent) == 1
    assert sent[0].to == [case.file.provider.email]
    found = re.search(r"http://127\.0\.0\.1:8000(/prestataire/\S+)", sent[0].body)
    assert found
    return found[1]


def test_the_link_shows_a_page_and_only_its_button_confirms(case: Case, provider: Client) -> None:
    url = link_of(case)
    page = provider.get(url)
    assert "Confirmer mon engagement" in sound(page.content.decode()).text
    assert not case.file.checks.filter(kind=CheckKind.PROVIDER).exists()
    assert provider.post(url, {"confirm": "1"}).status_code == 302
    assert case.file.checks.filter(kind=CheckKind.PROVIDER).get().finding == "green"
    assert "Engagement confirmé" in provider.get(url).content.decode()


def test_the_link_declines_with_a_reason(case: Case, provider: Client) -> None:
    url = link_of(case)
    assert "Dire en quelques mots pourquoi" in provider.post(url, {"decline": "1"}).content.decode()
    assert provider.post(url, {"decline": "1", "reason": "Équipe complète."}).status_code == 302
    assert case.file.checks.filter(kind=CheckKind.PROVIDER).get().finding == "red"


def test_the_link_asks_a_stranger_to_sign_in_and_tells_him_nothing(case: Case) -> None:
    url = link_of(case)
    page = sound(Client().get(url).content.decode())
    assert "Se connecter pour répondre" in page.text
    assert case.file.reference not in page.text
    assert Client().post(url, {"confirm": "1"}).status_code == 200
    assert not case.file.checks.filter(kind=CheckKind.PROVIDER).exists()


def test_the_link_is_not_another_providers_nor_the_firms(world: World, case: Case) -> None:
    url = link_of(case)
    for user in (world.provider_users["P02"], world.managers["F01"], world.staff["officer"]):
        assert signed_in(user).get(url).status_code == 404
        assert signed_in(user).post(url, {"confirm": "1"}).status_code == 404


def test_a_link_for_a_provider_that_was_replaced_no_longer_works(world: World, case: Case, provider: Client) -> None:
    url = link_of(case)
    Application.objects.filter(pk=case.pk).update(provider=world.providers["P02"])
    assert provider.get(url).status_code == 404
    assert signed_in(world.provider_users["P02"]).get(url).status_code == 404


def test_a_link_ends_and_a_forged_one_is_nothing(case: Case, provider: Client) -> None:
    url = link_of(case)
    assert provider.get(url.replace("engagement/", "engagement/x")).status_code == 404
    with clock.at(clock.now() + confirmation.VALID + timedelta(days=1)):
        page = provider.get(url)
    assert page.status_code == 422
    assert "Ce lien n’est plus valable" in sound(page.content.decode()).text


def test_a_file_accepted_again_does_not_ask_a_provider_who_answered(world: World, case: Case) -> None:
    link_of(case)
    gate.record(world.provider_users["P01"], "application", case.pk, "provider", finding="green")
    case.act("officer", "request_items", kinds=["quote"]).answer().act("officer", "accept_complete")
    delivery.deliver()
    assert len([m for m in mail.outbox if "engagement" in m.subject]) == 1


# --- the report


@pytest.fixture
def running(world: World) -> Case:
    return Case(world, "F02").fill(SITE).file_it().grant().notify()


def report(client: Client, case: Case, content: bytes, **more: Any) -> Any:
    data = {"file": SimpleUploadedFile("rapport.pdf", content)} | more
    return client.post(reverse("provider-report", args=[case.file.reference]), data, follow=True)


def test_he_hands_in_his_report_and_the_claim_takes_it(world: World, running: Case, provider: Client) -> None:
    page = report(provider, running, PDF, kind="bank_details")
    assert "Votre rapport est joint" in page.content.decode()
    document = running.file.documents.get(kind=DocumentKind.PROVIDER_REPORT)
    assert (document.added_by, document.claim_id) == (world.provider_users["P01"], None)
    assert provider.get(reverse("document", args=[document.pk])).status_code == 200
    claim = running.claim()
    document.refresh_from_db()
    assert document.claim_id == claim.pk


def test_a_report_that_is_no_document_is_refused_with_a_sentence(running: Case, provider: Client) -> None:
    page = report(provider, running, b"MZ\x00")
    assert page.status_code == 200
    assert "PDF, PNG" in page.content.decode()
    assert "n’en est pas un" in page.content.decode()


def test_no_report_before_the_grant_is_notified(case: Case, provider: Client) -> None:
    page = report(provider, case, PDF)
    assert not case.file.documents.filter(kind=DocumentKind.PROVIDER_REPORT).exclude(added_by=case.manager).exists()
    assert "une fois l’aide notifiée" in page.content.decode()


def test_he_sees_where_the_payment_stands(world: World, running: Case, provider: Client) -> None:
    claim = running.claim()
    running.control(claim).certify(claim)
    running.order(claim)
    page = provider.get(reverse("file", args=[running.file.reference])).content.decode()
    assert "Service fait certifié" in page
    assert "Signé" in page
    assert "IBAN" not in page


def test_he_cannot_file_for_a_client(world: World, case: Case) -> None:
    draft = Case(world, "F05").fill(SITE)
    user = world.provider_users["P01"]
    assert not Application.objects.for_user(user).filter(pk=draft.pk).exists()
    assert signed_in(user).get(reverse("file", args=[draft.file.reference])).status_code == 404


def test_a_member_who_left_sees_nothing_any_more(world: World, case: Case, provider: Client) -> None:
    ProviderMember.objects.filter(user=world.provider_users["P01"]).update(valid_to=clock.today() - timedelta(days=1))
    assert provider.get(reverse("provider-files")).status_code == 404
    assert provider.post(answer_url(case), {"confirm": "1"}).status_code == 404


@pytest.mark.parametrize("rows", [10, 1000])
def test_the_list_costs_few_queries_and_pages(world: World, case: Case, provider: Client, rows: int) -> None:
    file = case.file
    copies = [
        Application(
            reference=f"KAP-2024-{n:05d}", region=file.region, scheme_version=file.scheme_version,
            company=file.company, representative=file.representative, manager=file.manager, provider=file.provider,
            state="examining", created_at=file.created_at, submitted_at=file.submitted_at,
        )
        for n in range(rows)
    ]  # fmt: skip
    Application.objects.bulk_create(copies)
    with CaptureQueriesContext(connection) as queries:
        page = provider.get(reverse("provider-files")).content.decode()
    assert len(queries) <= 15
    assert ("Suivants" in page) == (rows == 1000)
    assert page.count("<tr>") == min(rows + 1, 50) + 1


def test_the_next_page_goes_on_where_the_first_ended(world: World, case: Case, provider: Client) -> None:
    url = reverse("provider-files")
    assert case.file.reference not in provider.get(f"{url}?before={case.pk}").content.decode().split("<tbody>")[-1]
    assert provider.get(f"{url}?before=x").status_code == 200
    assert provider.get(f"{url}?before={10**30}").status_code == 200


def test_the_mail_goes_to_the_provider_and_its_members_once(world: World, case: Case) -> None:
    user = User.objects.create_user("collegue@demo.example", "Collègue")
    ProviderMember.objects.create(provider=world.providers["P01"], user=user, valid_from="2025-01-01")
    delivery.deliver()
    sent = next(m for m in mail.outbox if "engagement" in m.subject)
    assert sent.to == [Provider.objects.get(pk=case.file.provider_id).email, "collegue@demo.example"]
