"""Reports asked with a format, filters and columns, kept as templates of the team, compared, and read row by row."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from applications.models import Application, Operation, PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting.catalogue import REPORTS
from reporting.models import ReportRun, ReportTemplate
from reporting.tasks import purge_reports
from reporting.writers.formats import FORMATS
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.cases import paid_case
from workflows import jobs

pytestmark = pytest.mark.django_db
State = ReportRun.State


@pytest.fixture
def settled(world: World) -> PaymentOrder:
    case = paid_case(world)
    clock.advance(days=1)
    mail.outbox.clear()
    return PaymentOrder.objects.select_related("application").get(application=case.pk)


def auditor(world: World) -> Client:
    return signed_in(world.staff["auditor"])


def asked(world: World, **more: Any) -> dict[str, Any]:
    return {"region": world.region.pk, "language": "fr", "form": "csv", "columns": ["dossiers.paid"]} | more


def ask(client: Client, key: str, given: dict[str, Any], query: str = "") -> Any:
    return client.post(reverse("audit-report-ask", args=[key]) + query, given, follow=True)


def made(client: Client, key: str, given: dict[str, Any]) -> ReportRun:
    ask(client, key, given)
    jobs.drain()
    return ReportRun.objects.latest("id")


def downloaded(client: Client, run: ReportRun) -> bytes:
    return b"".join(client.get(reverse("audit-workbook", args=[run.pk])).streaming_content)


def test_every_report_is_offered_and_its_form_opens(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    page = text(client.get(reverse("audit-report-new")))
    for key, report in REPORTS.items():
        address = reverse("audit-report-ask", args=[key])
        assert (address in page) == report.offered, key
        assert client.get(address).status_code == (200 if report.offered else 404), key
    assert client.get(reverse("audit-report-ask", args=["inconnu"])).status_code == 404


def test_a_list_is_asked_narrowed_and_comes_in_the_format_chosen(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    Case(world, "F15").fill(SITE).file_it()
    run = made(client, "dossiers", asked(world, q=settled.application.reference, state="completed"))
    assert run.state == State.RELEASED
    lines = list(csv.reader(io.StringIO(downloaded(client, run).decode(), newline="")))
    assert lines == [["Dossier", "Payé"], [settled.application.reference, "2200.00"]]
    page = text(client.get(reverse("audit-report", args=[run.pk])))
    for words in (
        "Dossiers – ",
        "CSV international",
        "Soldé",
        settled.application.reference,
        "Fichier conservé jusqu’au",
    ):
        assert words in page, words
    assert "Rapport terminé – Dossiers, La Réunion" in [message.subject for message in mail.outbox]


@pytest.mark.parametrize("form", FORMATS)
def test_the_erdf_report_is_downloaded_in_each_format(world: World, settled: PaymentOrder, form: str) -> None:
    client = auditor(world)
    given = {"operation": Operation.objects.get(region=world.region).pk, "day": f"{clock.today():%Y-%m-%d}"}
    run = made(client, "erdf", given | {"language": "en", "form": form})
    assert run.state == State.RELEASED
    assert downloaded(client, run)[:2] == b"PK"


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("dossiers", {"form": "pdf"}), ("dossiers", {"columns": ["dossiers.secret"]}), ("dossiers", {"region": 0}),
     ("dossiers", {"state": "x"}), ("erdf", {"day": "2099-01-01"}), ("grand-livre", {"since": "hier"})],
)  # fmt: skip
def test_what_cannot_be_is_told_beside_its_field(world: World, key: str, wrong: dict[str, Any]) -> None:
    response = ask(auditor(world), key, asked(world, columns=[]) | wrong)
    assert response.status_code == 200
    assert "errorlist" in text(response)
    assert not ReportRun.objects.exists()


def test_the_form_begins_as_the_list_was_narrowed(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    page = text(client.get(reverse("audit-list", args=["dossiers"]) + "?q=KAP&state=granted"))
    assert reverse("audit-report-ask", args=["dossiers"]) + "?q=KAP&amp;state=granted" in page
    form = text(client.get(reverse("audit-report-ask", args=["dossiers"]) + "?q=KAP&state=granted"))
    assert 'value="KAP"' in form
    assert '<option value="granted" selected>' in form


def test_a_template_is_kept_shared_used_replaced_and_deleted(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    first = made(client, "dossiers", asked(world, save_as="Mes payés", state="completed"))
    assert first.template_name == "Mes payés"
    template = ReportTemplate.objects.get()
    assert (template.columns, template.filters, template.form) == (["dossiers.paid"], {"state": "completed"}, "csv")
    assert "Mes payés" in text(client.get(reverse("audit-report-new")))
    form = text(client.get(reverse("audit-report-ask", args=["dossiers"]) + f"?modele={template.pk}"))
    assert '<option value="completed" selected>' in form
    assert '<option value="csv" selected>' in form
    assert form.count(" checked") == 1
    given = asked(world, state="completed")
    ask(client, "dossiers", given, f"?modele={template.pk}")
    assert ReportRun.objects.latest("id").template_name == "Mes payés"
    ask(client, "dossiers", asked(world, save_as="Mes payés", form="xlsx"))
    assert ReportTemplate.objects.get().form == "xlsx"
    client.post(reverse("audit-template-delete", args=[template.pk]))
    assert not ReportTemplate.objects.exists()


def test_all_columns_checked_is_no_choice(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    every = [f"dossiers.{column.key}" for column in REPORTS["dossiers"].sheets[0].columns]
    assert made(client, "dossiers", asked(world, columns=every)).columns == []


def test_the_rows_of_a_report_are_read_by_pages_and_lead_to_the_files(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    run = made(client, "erdf", {
        "operation": Operation.objects.get(region=world.region).pk, "day": f"{clock.today():%Y-%m-%d}",
        "language": "fr", "form": "xlsx",
    })  # fmt: skip
    address = reverse("audit-report-rows", args=[run.pk])
    assert address in text(client.get(reverse("audit-report", args=[run.pk])))
    page = text(client.get(address + "?feuille=vouchers"))
    assert reverse("audit-file", args=[settled.application.reference]) in page
    assert settled.application.company.name not in page
    for odd in ("?feuille=rien", "?after=999999999999", "?after=x", "?after=50"):
        assert client.get(address + odd).status_code == 200


def test_two_reports_are_compared_from_the_page(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    first = made(client, "dossiers", asked(world, columns=[]))
    clock.advance(days=1)
    Case(world, "F15").fill(SITE).file_it().grant()
    second = made(client, "dossiers", asked(world, columns=[]))
    page = text(client.get(reverse("audit-report", args=[second.pk])))
    assert f"Rapport n° {first.number}, arrêté au" in page
    waiting = client.post(reverse("audit-compare", args=[second.pk]), {"other": first.pk}, follow=True)
    assert waiting["Refresh"]
    jobs.drain()
    compared = ReportRun.objects.latest("id")
    assert compared.state == State.RELEASED
    told = text(client.get(reverse("audit-report-rows", args=[compared.pk])))
    new = Application.objects.latest("id").reference
    for words in (new, "ajoutée", "Aide accordée"):
        assert words in told, words
    assert reverse("audit-report", args=[first.pk]) in text(client.get(reverse("audit-report", args=[compared.pk])))


@pytest.mark.parametrize("other", ["", "x", "0", "itself", "another"])
def test_what_does_not_compare_says_so(world: World, settled: PaymentOrder, other: str) -> None:
    client = auditor(world)
    run, another = made(client, "dossiers", asked(world)), made(client, "mandats", asked(world, columns=[]))
    given = {"itself": run.pk, "another": another.pk}.get(other, other)
    response = client.post(reverse("audit-compare", args=[run.pk]), {"other": given}, follow=True)
    assert response.status_code == (404 if other == "0" else 200)
    assert ReportRun.objects.count() == 2


def test_kept_rows_are_verified_and_an_expired_file_says_so(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    run = made(client, "dossiers", asked(world))
    client.post(reverse("audit-rebuild", args=[run.pk]))
    jobs.drain()
    assert "Identique" in text(client.get(reverse("audit-report", args=[run.pk])))
    clock.advance(days=400)
    assert purge_reports() == {"purged": 1}
    page = text(client.get(reverse("audit-report", args=[run.pk])))
    assert "durée de conservation" in page
    for name in ("audit-workbook", "audit-report-rows"):
        assert client.get(reverse(name, args=[run.pk])).status_code == 404, name


def test_nothing_of_it_exists_for_others_or_elsewhere(world: World, settled: PaymentOrder) -> None:
    run = made(auditor(world), "dossiers", asked(world, save_as="Le nôtre"))
    template = ReportTemplate.objects.get()
    pages = [
        reverse("audit-report-rows", args=[run.pk]), reverse("audit-report", args=[run.pk]),
        reverse("audit-workbook", args=[run.pk]),
    ]  # fmt: skip
    posts = [reverse("audit-compare", args=[run.pk]), reverse("audit-template-delete", args=[template.pk])]
    readers = [signed_in(world.staff[who]) for who in ("officer", "admin", "accountant")]
    stranger = signed_in(elsewhere(RoleKind.AUDITOR))
    for client in (*readers, stranger):
        assert {client.get(page).status_code for page in pages} == {404}
        assert {client.post(page, {"other": run.pk}).status_code for page in posts} == {404}
    for client in readers[1:]:
        assert client.post(reverse("audit-report-ask", args=["dossiers"]), asked(world)).status_code == 404
    assert "Le nôtre" not in text(stranger.get(reverse("audit-report-new")))
    assert "errorlist" in text(ask(stranger, "dossiers", asked(world)))
    used = stranger.get(reverse("audit-report-ask", args=["dossiers"]) + f"?modele={template.pk}")
    assert "Le nôtre" not in text(used)
    assert ReportTemplate.objects.exists()


@pytest.mark.parametrize("count", [5, 40])
def test_the_pages_cost_the_same_whatever_there_is(
    world: World, settled: PaymentOrder, count: int, django_assert_max_num_queries: Any
) -> None:
    client = auditor(world)
    run = made(client, "dossiers", asked(world))
    for rank in range(count):
        ReportTemplate.objects.create(
            region=world.region, report="dossiers", name=f"M {rank}", author=run.author, created_at=clock.now()
        )
    with django_assert_max_num_queries(10):
        client.get(reverse("audit-report-new"))
    with django_assert_max_num_queries(12):
        client.get(reverse("audit-report-ask", args=["dossiers"]))
    with django_assert_max_num_queries(14):
        client.get(reverse("audit-report-rows", args=[run.pk]))
    with django_assert_max_num_queries(16):
        client.get(reverse("audit-report", args=[run.pk]))
