"""The accountant's receipts: shares, instalments and recovery orders, each list and each form."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.enums import ClaimKind
from applications.escrow import escrow_of
from applications.models import Application, ApplicationLine, Grant, GrantComponent, Instalment, Recovery
from backoffice.demo.world import World
from regions import clock
from regions.enums import Instrument, RoleKind
from tests.backoffice.payments.people import elsewhere, many, signed_in, text
from tests.walks import COMMISSION, ESCROW, MIX, PLAN, STUDY, Walk, offer, undue
from workflows import gate

pytestmark = pytest.mark.django_db
KEYS = ("parts-attendues", "parts-a-rendre", "echeances", "titres")


def receipt(amount: str, reference: str, **more: Any) -> dict[str, Any]:
    return {"amount": amount, "reference": reference, "value_date": f"{clock.today():%Y-%m-%d}"} | more


def prefixed(act: str, amount: str, reference: str) -> dict[str, Any]:
    return {"act": act} | {f"{act}-{name}": value for name, value in receipt(amount, reference).items()}


def escrowed(world: World) -> Walk:
    return Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running()


def test_a_share_is_awaited_then_recorded_in_parts(world: World) -> None:
    walk = escrowed(world)
    client, address = signed_in(walk.by("accountant")), reverse("receipt-share", args=[walk.file.reference])
    page = text(client.get(reverse("receipts-first")))
    assert walk.file.reference in page
    assert "2 000,00 €" in page.replace("\u202f", " ").replace("\xa0", " ")
    client.post(address, prefixed("share_received", "1500,00", "VIR-1"))
    assert escrow_of(walk.file).received == Decimal("1500.00")
    again = client.post(address, prefixed("share_received", "500,00", "VIR-1"))
    assert "déjà enregistrée" in text(again)
    client.post(address, prefixed("share_received", "500,00", "VIR-2"))
    assert walk.file.reference not in text(client.get(reverse("receipts-first")))


def test_what_is_left_is_given_back_within_what_is_held(world: World) -> None:
    walk = escrowed(world).share("2300.00").report()
    walk.paid(paid=False)
    client, address = signed_in(walk.by("accountant")), reverse("receipt-share", args=[walk.file.reference])
    page = text(client.get(reverse("receipts", args=["parts-a-rendre"])))
    assert walk.file.reference in page
    assert " 300,00 €" in page.replace("\u202f", " ").replace("\xa0", " ").replace(">300", "> 300")
    assert "dépasse ce qui est détenu" in text(client.post(address, prefixed("share_refunded", "300,01", "R-1")))
    client.post(address, prefixed("share_refunded", "300,00", "R-1"))
    assert escrow_of(walk.file).held == Decimal(0)


def test_only_the_accountant_records_what_moved(world: World) -> None:
    walk = escrowed(world)
    address = reverse("receipt-share", args=[walk.file.reference])
    for who in ("liquidator", "authorising"):
        signed_in(walk.by(who)).post(address, prefixed("share_received", "1500,00", "VIR-1"))
    assert escrow_of(walk.file).received == Decimal(0)
    assert signed_in(elsewhere(RoleKind.ACCOUNTANT)).get(address).status_code == 404


def test_an_instalment_is_recorded_whole_and_late_ones_come_first(world: World) -> None:
    walk = Walk(offer(world, MIX), "F01").fill(STUDY, COMMISSION).file_it().running()
    walk.pay(walk.asks(ClaimKind.RELEASE, Instrument.LOAN))
    row = Instalment.objects.order_by("number").first()
    assert row is not None
    client = signed_in(walk.by("accountant"))
    address, listed = reverse("receipt-instalment", args=[row.pk]), reverse("receipts", args=["echeances"])
    assert "Rien n’est attendu" in text(client.get(listed))
    Instalment.objects.filter(pk=row.pk).update(due_on=clock.today() - timedelta(days=1))
    assert "En retard" in text(client.get(listed))
    assert "Aucune échéance de ce montant" in text(client.post(address, receipt("1,00", "E-1")))
    client.post(address, receipt(str(row.due).replace(".", ","), "E-1"))
    assert Instalment.objects.get(pk=row.pk).paid_on == clock.today()
    assert "est remboursée" in text(client.get(address))


def test_a_recovery_order_is_collected_in_parts(world: World) -> None:
    case, recovery = undue(world)
    gate.move(case.by("officer"), "recovery", recovery.pk, "hear")
    gate.move(case.manager, "recovery", recovery.pk, "observe", reason="Non.")
    gate.move(case.by("authorising"), "recovery", recovery.pk, "order", order_number="T-17", reason="Oui.")
    client, address = signed_in(case.by("accountant")), reverse("receipt-recovery", args=[recovery.number])
    assert "T-17" in text(client.get(reverse("receipts", args=["titres"])))
    client.post(address, receipt("200,00", "ENC-1"))
    assert Recovery.objects.get(pk=recovery.pk).remaining == Decimal("300.00")
    future = f"{clock.today() + timedelta(days=1):%Y-%m-%d}"
    assert "à venir" in text(client.post(address, receipt("300,00", "ENC-2") | {"value_date": future}))
    client.post(address, receipt("300,00", "ENC-2"))
    assert Recovery.objects.get(pk=recovery.pk).state == "recovered"
    signed_in(case.by("authorising")).post(address, receipt("1,00", "ENC-3"))
    assert Recovery.objects.get(pk=recovery.pk).collected == Decimal("500.00")


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


def crowd(world: World, count: int) -> None:
    """Many files with a share awaited, a share left, an instalment late and an order open."""
    walk = escrowed(world)
    many(world, count)
    files = list(Application.objects.filter(reference__startswith="KAP-2099"))
    version, today = walk.file.scheme_version, clock.today()
    Application.objects.filter(reference__startswith="KAP-2099").update(scheme_version=version, notified_on=today)
    ApplicationLine.objects.bulk_create(
        ApplicationLine(application=f, number=1, category="c", label="l", amount=300, eligible=300) for f in files
    )
    grants = Grant.objects.bulk_create(
        Grant(
            application=f, number=f"D-{f.reference}", amount=100, gross_grant_equivalent=100, decided_on=today,
            signed_by=walk.by("decider"), voucher_code=f"V-{f.pk}",
        )
        for f in files
    )  # fmt: skip
    parts = GrantComponent.objects.bulk_create(
        GrantComponent(grant=g, instrument="loan", amount=100, gross_grant_equivalent=5, months=12) for g in grants
    )
    late = today - timedelta(days=3)
    Instalment.objects.bulk_create(Instalment(component=p, number=1, due_on=late, principal=10) for p in parts)
    Recovery.objects.bulk_create(
        Recovery(
            application=f, number=f"R-{f.reference}", state="ordered", reason="overpaid", amount=10, found_on=today,
            order_number="T", due_on=today,
        )
        for f in files
    )  # fmt: skip


@pytest.mark.parametrize("count", [10, 1000])
def test_each_list_asks_as_much_of_the_database_at_any_size(world: World, count: int) -> None:
    crowd(world, count)
    client = signed_in(world.staff["accountant"])
    for key in KEYS:
        with CaptureQueriesContext(connection) as asked:
            shown = client.get(reverse("receipts", args=[key]))
        assert shown.status_code == 200
        assert len(asked) <= 15, (key, len(asked))
        held = 0 if key == "parts-a-rendre" else min(count + (key == "parts-attendues"), 50)
        assert len(shown.context["page"].rows) == held, key


@pytest.mark.parametrize("key", ["parts", "echeances", "recouvrements"])
def test_a_list_is_exported_whole_with_its_columns(world: World, key: str) -> None:
    walk = escrowed(world)
    client = signed_in(walk.by("accountant"))
    sheet, book = (body(client.get(reverse("receipts-export", args=[key, form]))) for form in ("csv", "xlsx"))
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == (2 if key == "parts" else 1)
    assert book.startswith(b"PK")
    assert client.get(reverse("receipts-export", args=["dossiers", "csv"])).status_code == 404
