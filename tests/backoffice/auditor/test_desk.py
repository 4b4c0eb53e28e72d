"""The reports that the region asks for itself: each role its own, and nothing of the audit before it is sent."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from applications.models import PaymentOrder
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting.catalogue import REPORTS
from reporting.models import ReportRun, ReportTemplate
from tests.backoffice.auditor.test_asking import asked, auditor, downloaded, made
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.cases import paid_case

pytestmark = pytest.mark.django_db


@pytest.fixture
def settled(world: World) -> PaymentOrder:
    case = paid_case(world)
    clock.advance(days=1)
    mail.outbox.clear()
    return PaymentOrder.objects.select_related("application").get(application=case.pk)


def page_of(client: Client, run: ReportRun) -> Any:
    return client.get(reverse("audit-report", args=[run.pk]))


@pytest.mark.parametrize(
    ("who", "kind"),
    [("officer", RoleKind.OFFICER), ("decider", RoleKind.DECIDER), ("accountant", RoleKind.ACCOUNTANT),
     ("liquidator", RoleKind.LIQUIDATOR)],
)  # fmt: skip
def test_each_role_is_offered_the_reports_that_name_it(world: World, who: str, kind: RoleKind) -> None:
    client = signed_in(world.staff[who])
    page = text(client.get(reverse("audit-report-new")))
    for key, report in REPORTS.items():
        address, mine = reverse("audit-report-ask", args=[key]), report.offered and kind in report.roles
        assert (f'"{address}"' in page) == mine, key
        assert client.get(address).status_code == (200 if mine else 404), key
    assert reverse("reports") in page
    assert reverse("audit-samples") not in page


def test_the_trail_of_people_and_the_packs_stay_the_auditors(world: World) -> None:
    ours = {key for key, report in REPORTS.items() if not report.roles}
    assert {"actes", "separation-des-fonctions", "rapports", "pieces", "packs"} <= ours | {"packs"}
    assert {"erdf", "dossiers", "grand-livre"}.isdisjoint(ours)


def test_an_officer_asks_follows_reads_downloads_and_compares(world: World, settled: PaymentOrder) -> None:
    client = signed_in(world.staff["officer"])
    first = made(client, "dossiers", asked(world, save_as="Nos dossiers"))
    second = made(client, "dossiers", asked(world))
    assert not first.audit
    assert mail.outbox[0].to == [world.staff["officer"].email]
    page = text(page_of(client, second))
    for name in ("audit-workbook", "audit-compare", "audit-report-rows"):
        assert reverse(name, args=[second.pk]) in page, name
    assert reverse("audit-rebuild", args=[second.pk]) not in page
    assert downloaded(client, second)
    rows = text(client.get(reverse("audit-report-rows", args=[second.pk])))
    assert reverse("file", args=[settled.application.reference]) in rows
    assert "/audit/" not in rows
    client.post(reverse("audit-compare", args=[second.pk]), {"other": first.pk})
    compared = ReportRun.objects.latest("id")
    assert not compared.audit
    listed = text(client.get(reverse("reports")))
    assert all(reverse("audit-report", args=[run.pk]) in listed for run in (first, second, compared))
    assert "Nos dossiers" in text(client.get(reverse("audit-report-new")))


def test_the_accountant_does_not_see_what_his_role_does_not_name(world: World, settled: PaymentOrder) -> None:
    files = made(signed_in(world.staff["officer"]), "dossiers", asked(world))
    client = signed_in(world.staff["accountant"])
    orders = made(client, "mandats", asked(world, columns=["mandats.total"]))
    assert page_of(client, orders).status_code == 200
    assert page_of(client, files).status_code == 404
    assert page_of(signed_in(elsewhere(RoleKind.OFFICER)), files).status_code == 404
    listed = text(client.get(reverse("reports")))
    assert reverse("audit-report", args=[orders.pk]) in listed
    assert reverse("audit-report", args=[files.pk]) not in listed
    assert page_of(auditor(world), files).status_code == 200


def test_the_audit_shows_a_report_when_it_is_sent_and_only_then(world: World, settled: PaymentOrder) -> None:
    officer, audit = signed_in(world.staff["officer"]), auditor(world)
    ours = made(officer, "dossiers", asked(world))
    run = made(audit, "dossiers", asked(world, save_as="Ce que je regarde"))
    made(audit, "dossiers", asked(world))
    address = reverse("audit-report", args=[run.pk])
    assert page_of(officer, run).status_code == 404
    assert officer.get(reverse("audit-workbook", args=[run.pk])).status_code == 404
    assert officer.post(reverse("audit-compare", args=[ours.pk]), {"other": run.pk}).status_code == 404
    assert officer.post(reverse("audit-report-send", args=[run.pk])).status_code == 404
    told = [reverse("reports"), reverse("audit-report-new"), reverse("audit-report", args=[ours.pk])]
    for page in told:
        shown = text(officer.get(page))
        assert address not in shown
        assert "Ce que je regarde" not in shown
        assert f"n° {run.pk}" not in shown
    audit.post(reverse("audit-rebuild", args=[ours.pk]))
    assert "Demandée" not in text(page_of(officer, ours))
    assert "ni qu’il a été demandé" in text(page_of(audit, run))
    assert "La région peut lire" in text(audit.post(reverse("audit-report-send", args=[run.pk]), follow=True))
    shown = text(page_of(officer, run))
    assert reverse("audit-report-send", args=[run.pk]) not in shown
    assert address in text(officer.get(reverse("reports")))
    assert "Ce que je regarde" not in text(officer.get(reverse("audit-report-new")))


def test_the_same_name_may_be_used_by_both_sides(world: World) -> None:
    for client in (auditor(world), signed_in(world.staff["officer"])):
        made(client, "dossiers", asked(world, save_as="Commun"))
    assert sorted(ReportTemplate.objects.values_list("audit", flat=True)) == [False, True]


def test_an_auditor_goes_to_his_list_and_a_firm_finds_nothing(world: World) -> None:
    assert auditor(world).get(reverse("reports")).url == reverse("audit-list", args=["rapports"])
    assert signed_in(world.provider_users["P01"]).get(reverse("reports")).status_code == 404
