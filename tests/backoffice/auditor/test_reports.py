"""Reports asked from a screen: made in the background, announced, kept, and the same when made again."""

from __future__ import annotations

import io
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from applications.models import ClaimVersion, Operation, PaymentOrder
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from backoffice.views.auditor.reports import TOTALS
from regions import clock
from regions.enums import RoleKind
from reporting import catalogue, runs
from reporting import jobs as report_jobs
from reporting.checks import Tie
from reporting.models import ReportRun
from reporting.registry import REGION
from reporting.writers import ooxml_check
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.cases import paid_case
from workflows import jobs
from workflows.models import Job

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
    operation = Operation.objects.get(region=world.region)
    return {"operation": operation.pk, "day": f"{clock.today():%Y-%m-%d}", "language": "fr"} | more


def ask(client: Client, world: World, **more: Any) -> Any:
    return client.post(reverse("audit-operations"), asked(world, **more), follow=True)


def made(client: Client, world: World, **more: Any) -> ReportRun:
    ask(client, world, **more)
    jobs.drain()
    return ReportRun.objects.latest("id")


def test_a_report_is_asked_made_announced_and_downloaded(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    waiting = ask(client, world)
    assert waiting["Refresh"]
    assert "En attente de son tour" in text(waiting)
    assert ReportRun.objects.get().state == State.WAITING
    jobs.drain()
    run = ReportRun.objects.get()
    page = client.get(reverse("audit-report", args=[run.pk]))
    assert "Refresh" not in page
    for words in ("Publié", "Andrea Audite", run.content_sha256, run.file_sha256, "Payé, part FEDER", "Vouchers"):
        assert (words in text(page)) == (words != "Vouchers"), words
    workbook = b"".join(client.get(reverse("audit-workbook", args=[run.pk])).streaming_content)
    assert ooxml_check.check(workbook) == []
    assert settled.accountant_reference in ZipFile(io.BytesIO(workbook)).read("xl/worksheets/sheet4.xml").decode()
    (message,) = mail.outbox
    assert message.to == [world.staff["auditor"].email]
    assert reverse("audit-report", args=[run.pk]) in message.body


def test_the_report_counts_what_the_day_knew(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    before = made(client, world, day=f"{settled.paid_on - timedelta(days=1):%Y-%m-%d}")
    after = made(client, world)
    assert before.total("paid_orders") == Decimal("0.00")
    assert after.total("paid_orders") == settled.amount
    assert before.as_of < after.as_of < clock.now()


def test_a_day_ends_at_midnight_in_the_region() -> None:
    clock.advance(days=3)
    assert report_jobs.watermark(date(2026, 3, 3), "Indian/Reunion").isoformat() == "2026-03-03T23:59:59.999999+04:00"
    today = report_jobs.watermark(clock.today(), "Indian/Reunion")
    assert today == clock.now() - timedelta(minutes=1)


@pytest.mark.parametrize("day", ["2099-01-01", "1999-12-31", "hier", ""])
def test_a_day_that_cannot_be_is_told_beside_its_field(world: World, day: str) -> None:
    response = ask(auditor(world), world, day=day)
    assert response.status_code == 200
    assert "errorlist" in text(response)
    assert not ReportRun.objects.exists()


def test_asked_twice_while_it_waits_it_is_the_same(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    for _click in range(2):
        ask(client, world)
    assert ReportRun.objects.count() == 1
    jobs.drain()
    ask(client, world)
    assert ReportRun.objects.count() == 2


def test_a_report_made_again_is_identical(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    run = made(client, world)
    Case(world, "F15").fill(("showcase_site", "Site", "1000.00")).file_it().grant()
    waiting = client.post(reverse("audit-rebuild", args=[run.pk]), follow=True)
    assert waiting["Refresh"]
    jobs.drain()
    page = text(client.get(reverse("audit-report", args=[run.pk])))
    assert "Identique" in page
    assert "Diffère" not in page
    client.get(reverse("audit-rebuild", args=[run.pk]))
    assert Job.objects.filter(name="report_rebuild").count() == 1


def test_a_report_that_no_longer_gives_its_hash_says_so(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    run = made(client, world)
    ReportRun.objects.filter(pk=run.pk).update(content_sha256="0" * 64)
    client.post(reverse("audit-rebuild", args=[run.pk]))
    jobs.drain()
    assert "Diffère" in text(client.get(reverse("audit-report", args=[run.pk])))


def test_a_report_whose_totals_do_not_tie_is_kept_and_not_handed_out(
    world: World, settled: PaymentOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    off = [Tie("paid_orders", "Payé", "Paid", Decimal("12.00"), Decimal("11.00"))]
    monkeypatch.setattr("reporting.checks.ties", lambda *given: off)
    client = auditor(world)
    run = made(client, world)
    assert run.state == State.WITHHELD
    page = text(client.get(reverse("audit-report", args=[run.pk])))
    assert "12.00 / 11.00" in page
    assert reverse("audit-workbook", args=[run.pk]) not in page
    assert client.get(reverse("audit-workbook", args=[run.pk])).status_code == 404


def test_a_report_that_fails_says_so_and_can_be_asked_again(
    world: World, settled: PaymentOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*given: Any) -> None:
        raise OSError("no room left on the disk")

    client = auditor(world)
    with monkeypatch.context() as broken:
        broken.setattr("reporting.files.write", fail)
        run = made(client, world)
    assert run.state == State.FAILED
    assert "La préparation s’est arrêtée" in text(client.get(reverse("audit-report", args=[run.pk])))
    assert mail.outbox == []
    assert made(client, world).state == State.RELEASED


def test_each_paid_euro_of_a_report_leads_to_the_accountant_and_back(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    run = made(client, world)
    lines = text(client.get(reverse("audit-report-lines", args=[run.pk])))
    assert settled.accountant_reference in lines
    trail = reverse("audit-payment", args=[settled.number])
    assert trail in lines
    assert reverse("audit-report-lines", args=[run.pk]) in text(client.get(trail))


def test_a_report_of_before_the_payment_is_not_named_by_its_trail(world: World, settled: PaymentOrder) -> None:
    client = auditor(world)
    run = made(client, world, day=f"{settled.paid_on - timedelta(days=1):%Y-%m-%d}")
    trail = text(client.get(reverse("audit-payment", args=[settled.number])))
    assert reverse("audit-report-lines", args=[run.pk]) not in trail
    assert "Aucun rapport publié" in trail


def test_the_operations_are_published_as_a_file(world: World) -> None:
    response = auditor(world).get(reverse("audit-operations-csv"))
    sheet = b"".join(response.streaming_content).decode("utf-8-sig")
    assert sheet.startswith("Code de l’opération")
    assert "RE-KAP-2025" in sheet


def test_a_report_of_another_region_is_unknown(world: World, settled: PaymentOrder) -> None:
    run = made(auditor(world), world)
    stranger = signed_in(elsewhere(RoleKind.AUDITOR))
    for name in ("audit-report", "audit-report-lines", "audit-workbook", "audit-rebuild"):
        assert stranger.get(reverse(name, args=[run.pk])).status_code == 404, name
    assert stranger.post(reverse("audit-rebuild", args=[run.pk])).status_code == 404
    assert stranger.post(reverse("audit-operations"), asked(world)).status_code == 200
    assert ReportRun.objects.count() == 1
    for who in ("officer", "liquidator", "admin"):
        client = signed_in(world.staff[who])
        assert client.get(reverse("audit-workbook", args=[run.pk])).status_code == 404
        assert client.post(reverse("audit-operations"), asked(world)).status_code == 404


@pytest.mark.parametrize("count", [10, 1000])
def test_the_lines_of_a_report_cost_the_same_long_or_short(
    world: World, settled: PaymentOrder, count: int, django_assert_max_num_queries: Any
) -> None:
    client = auditor(world)
    known = ClaimVersion.objects.filter(paid__gt=0).latest("id")
    ClaimVersion.objects.bulk_create(
        ClaimVersion(
            case_version=known.case_version, claim=known.claim, number=rank, state="settled",
            recorded_at=known.recorded_at, order_number=f"M-{rank}", order_state="paid", paid=Decimal("1.00"),
        )
        for rank in range(count)
    )  # fmt: skip
    run = made(client, world)
    with django_assert_max_num_queries(15):
        client.get(reverse("audit-report-lines", args=[run.pk]))
    with django_assert_max_num_queries(15):
        client.get(reverse("audit-report", args=[run.pk]))


@pytest.mark.parametrize("key", sorted(r.key for r in catalogue.REPORTS.values() if r.scope == REGION and r.offered))
def test_every_control_total_of_a_report_has_a_name_on_its_page(world: World, key: str) -> None:
    paid_case(world)
    run = runs.make(runs.begin(runs.Asked(key, world.region, clock.now()), world.staff["auditor"]))
    assert set(run.totals) <= set(TOTALS)
