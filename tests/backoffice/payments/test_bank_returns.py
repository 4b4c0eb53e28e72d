"""The bank's answers on the screen, and the accountant's workbook: recognised, tried, read, and rejections taken up."""

from __future__ import annotations

import io
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Sum
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from applications.booking import Booking, Cause, book, holdings
from applications.enums import Bucket
from applications.models import (
    Application,
    ApplicationLine,
    Grant,
    LedgerEntry,
    PaymentOrder,
    PaymentReturn,
    PaymentRun,
)
from backoffice.demo.world import World
from regions import clock
from tests.applications.documents.payments.samples import camt, entry, pain002, status
from tests.backoffice.payments.people import many, sent, signed_in, text
from workflows import gate, jobs, payments
from workflows.acts import Denied
from workflows.models import Event
from workflows.returns import APART, CONFLICT, PAID, PARTLY, PENDING, REJECTED, UNKNOWN

pytestmark = pytest.mark.django_db


def accountant(world: World) -> Client:
    return signed_in(world.staff["accountant"])


def hand_in(world: World, data: bytes, name: str) -> Any:
    upload = SimpleUploadedFile(name, data)
    return accountant(world).post(reverse("payment-returns"), {"region": world.region.pk, "file": upload}, follow=True)


def read(world: World, data: bytes, name: str = "retour.xml") -> str:
    """Handed in, tried, confirmed, and read by the worker: the words of its page."""
    trial = hand_in(world, data, name)
    address, _status = trial.redirect_chain[-1]
    client = accountant(world)
    response = client.post(f"{address}lire/", follow=True)
    jobs.drain()
    return text(client.get(response.redirect_chain[-1][0]))


def today() -> str:
    return f"{clock.today():%Y-%m-%d}"


def amount(order: PaymentOrder) -> str:
    return f"{order.total:.2f}"


def fresh(order: PaymentOrder) -> PaymentOrder:
    return PaymentOrder.objects.get(pk=order.pk)


def booked(order: PaymentOrder, **more: Any) -> bytes:
    return camt([entry(order.number, amount(order), day=today(), **more)], "camt.054.001.08")


def refused(order: PaymentOrder, code: str = "AC04") -> bytes:
    return pain002([status(order.number, "RJCT", code)], batch=order.run.number if order.run else "")


@pytest.mark.parametrize("version", ["camt.053.001.08", "camt.054.001.02"])
def test_a_booked_debit_pays_the_order_once(world: World, version: str) -> None:
    order = sent(world)
    data = camt([entry(order.number, amount(order), day=today())], version)
    assert "Paiement constaté" in text(hand_in(world, data, "releve.xml"))
    assert fresh(order).state == "sent"
    read(world, data)
    assert (fresh(order).state, str(fresh(order).paid_on)) == ("paid", today())
    rows = LedgerEntry.objects.count(), Event.objects.count(), PaymentReturn.objects.count()
    assert "Déjà lue" in read(world, data)
    assert (LedgerEntry.objects.count(), Event.objects.count(), PaymentReturn.objects.count()) == rows


def test_a_refusal_comes_back_to_the_desk_with_the_reason_in_words(world: World) -> None:
    order = sent(world)
    clock.advance(days=2)
    read(world, pain002([status(order.number, "RJCT", "AC04")]).replace(b"2026-03-04", today().encode()))
    assert fresh(order).state == "rejected"
    client = signed_in(world.staff["liquidator"])
    for address in (reverse("payments"), reverse("payment-orders", args=["rejetes"])):
        page = text(client.get(address))
        assert "Compte clos (AC04)" in page, address
        assert order.number in page
    english = signed_in(world.staff["liquidator"])
    english.cookies["django_language"] = "en"
    assert "Account closed (AC04)" in text(english.get(reverse("payments")))
    client.post(reverse("payment-prepare"), {"claim": [order.claim_id]})
    assert order.claim.orders.filter(state="prepared").count() == 1
    assert "Aucun mandat ici" in text(client.get(reverse("payment-orders", args=["rejetes"])))


def answered(day: str, data: bytes) -> bytes:
    """A report of the samples, dated as the test needs."""
    return data.replace(b"2026-03-04", day.encode())


def test_a_return_announced_after_a_payment_proves_nothing_until_booked(world: World) -> None:
    order = sent(world)
    clock.advance(days=2)
    read(world, booked(order))
    read(world, answered(today(), pain002([status(order.number, "RJCT", "AC04")])))
    assert fresh(order).state == "rejected"
    with pytest.raises(Denied, match="Rien ne prouve"):
        gate.open_order(world.staff["liquidator"], order.claim_id)
    page = text(signed_in(world.staff["liquidator"]).get(reverse("payments")))
    assert "Rien ne prouve que le mandat rejeté" in page


def test_the_accountant_attests_what_the_bank_left_open(world: World) -> None:
    order = sent(world)
    clock.advance(days=2)
    read(world, answered(today(), pain002([status(order.number, "RJCT", "AC04")])))
    read(world, booked(order))
    assert (fresh(order).state, Event.objects.filter(act="record.bank_conflict").count()) == ("rejected", 1)
    read(world, booked(order))
    assert Event.objects.filter(act="record.bank_conflict").count() == 1
    with pytest.raises(Denied, match="Rien ne prouve"):
        gate.open_order(world.staff["liquidator"], order.claim_id)
    address = reverse("payment-act", args=[order.number, "unpaid_proof"])
    assert "réservé à un autre rôle" in text(
        signed_in(world.staff["liquidator"]).post(address, {"unpaid_proof-reason": "Vu."}, follow=True)
    )
    given = {"unpaid_proof-reason": "Attestation de la banque du 12 mars, pièce 7."}
    assert "Non-paiement attesté" in text(accountant(world).post(address, given, follow=True))
    gate.open_order(world.staff["liquidator"], order.claim_id)
    assert order.claim.orders.count() == 2


def test_a_statement_confirms_what_a_status_announced_and_a_second_debit_is_told(world: World) -> None:
    order = sent(world)
    clock.advance(days=2)
    read(world, answered(today(), pain002([status(order.number, "ACSC")])))
    assert fresh(order).state == "paid"
    assert "Paiement confirmé par le relevé" in read(world, booked(order))
    page = read(world, booked(order, reference="REF-2"))
    assert "À vérifier avec la banque" in page
    assert "payé deux fois" in page


def test_a_word_on_the_whole_batch_moves_each_of_its_orders(world: World) -> None:
    orders = [sent(world, "F01")]
    clock.advance(days=1)
    run = orders[0].run
    assert run is not None
    data = answered(today(), pain002(group="RJCT", code="FF01", batch=run.number))
    read(world, data)
    assert [fresh(order).state for order in orders] == ["rejected"]
    assert fresh(orders[0]).rejection_code == "FF01"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<x", "XML"),
        (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "type"),
        (b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.008.001.02"><a/></Document>', "pacs.008"),
        (b"PK\x03\x04abc", "classeur"),
    ],
)
def test_what_is_no_answer_is_refused_with_a_sentence(world: World, data: bytes, sentence: str) -> None:
    response = hand_in(world, data, "retour.xml")
    assert response.redirect_chain == []
    assert "errorlist" in text(response)
    assert sentence in text(response)


def test_the_accountant_may_hand_in_a_workbook(world: World) -> None:
    order = sent(world)
    book = Workbook()
    sheet: Any = book.active
    sheet.append(payments.COLUMNS)
    sheet.append([order.number, "PAYE", clock.today(), "H-1", float(order.total), None])
    sheet.append(["M-INCONNU", "PAYE", "pas un jour", "H-2", 12, ""])
    out = io.BytesIO()
    book.save(out)
    page = read(world, out.getvalue(), "retour.xlsx")
    assert fresh(order).state == "paid"
    assert "Ligne 3" in page
    assert "Date illisible" in page


# --- a hundred answers of every kind


def ordered(world: World, count: int) -> list[PaymentOrder]:
    """Orders sent in one batch, each with the envelope behind it that its payment draws on."""
    first = sent(world)
    many(world, count, "sent")
    model = first.application
    files = list(Application.objects.filter(reference__startswith="KAP-2099"))
    lines = list(ApplicationLine.objects.filter(application=model))
    assert lines
    Grant.objects.bulk_create(
        Grant(
            application=file, number=f"D-{file.reference}", amount=100, gross_grant_equivalent=100,
            decided_on=clock.today(), signed_by=world.staff["decider"], voucher_code=f"V-{file.pk}",
        )
        for file in files
    )  # fmt: skip
    run = PaymentRun.objects.get()
    PaymentOrder.objects.filter(application__in=files).update(run=run, sent_on=clock.today())
    for order in PaymentOrder.objects.filter(application__in=files).select_related("application", "claim"):
        _book(order, world)
    return list(PaymentOrder.objects.filter(application__in=files).order_by("pk"))


def _book(order: PaymentOrder, world: World) -> None:
    """What the acts before the sending booked on a file, from its grant to its order."""
    cause = Cause("order.prepare", "", world.staff["liquidator"], clock.today(), clock.now())
    steps = (Bucket.COMMITTED, Bucket.VERIFIED, Bucket.ORDERED)
    book(
        order.application, [Booking(bucket, order.amount) for bucket in steps], cause, holdings(order.application),
        claim=order.claim, order=order,
    )  # fmt: skip


def test_a_hundred_mixed_answers_are_told_apart_and_the_good_ones_kept(world: World) -> None:
    orders = ordered(world, 85)
    entries, expected = [], Counter[str]()
    for rank, order in enumerate(orders):
        kind = (PAID, PAID, PAID, PARTLY, PENDING)[rank % 5]
        given = {"reference": f"REF-{rank}", "day": today()}
        if kind == PARTLY:
            entries.append(entry(order.number, "99.00", **given))
        elif kind == PENDING:
            entries.append(entry(order.number, "100.00", status="PDNG", **given))
        else:
            entries.append(entry(order.number, "100.00", **given))
        expected[kind] += 1
    for rank, order in enumerate(orders[:5]):  # three paid ones come back, one more debit of the first
        if rank < 3:
            entries.append(
                entry(order.number, "100.00", side="CRDT", code="AC04", reference=f"RET-{rank}", day=today())
            )
            expected[REJECTED] += 1
    entries.append(entry(orders[5].number, "100.00", reference="REF-BIS", day=today()))
    expected[CONFLICT] += 1
    entries += [entry(f"M-NONE-{rank}", "5.00", reference=f"U-{rank}", day=today()) for rank in range(10)]
    expected[UNKNOWN] += 10
    entries.append(entry(orders[8].number, "1.00", currency="USD", reference="USD", day=today()))
    expected[APART] += 1
    assert len(entries) == 100
    data = camt(entries, "camt.053.001.08")
    trials = payments.preview(data, by=world.staff["accountant"], region=world.region)
    assert Counter(trial.effect for trial in trials) == expected
    page = text(hand_in(world, data, "releve.xml"))
    assert "100 lignes" in page
    for words in ("Autre montant que le mandat", "Mandat inconnu", "En cours à la banque", "À vérifier avec la banque"):
        assert words in page
    assert {order.state for order in PaymentOrder.objects.filter(pk__in=[o.pk for o in orders])} == {"sent"}
    reading = payments.read_return(data, by=world.staff["accountant"], region=world.region)
    assert {effect: len(numbers) for effect, numbers in reading.effects.items()} == expected
    assert len(reading.apart) == sum(expected[effect] for effect in (APART, PARTLY, UNKNOWN, CONFLICT))
    _moved_as_read(orders)
    before = _all_rows()
    again = payments.read_return(data, by=world.staff["accountant"], region=world.region)
    assert len(again.already) == expected[PAID] + expected[REJECTED]
    assert (again.paid, again.rejected) == ([], [])
    assert _all_rows() == before


def _moved_as_read(orders: list[PaymentOrder]) -> None:
    """Three come back, the other good ones are paid, nothing else moved; the ledger says the same to the cent."""
    states = dict(PaymentOrder.objects.filter(pk__in=[o.pk for o in orders]).values_list("pk", "state"))
    wanted = {o.pk: "paid" if rank % 5 < 3 else "sent" for rank, o in enumerate(orders)}
    wanted |= {order.pk: "rejected" for order in orders[:3]}
    assert states == wanted
    booked = LedgerEntry.objects.filter(order__in=orders).values_list("order", "bucket").annotate(total=Sum("amount"))
    paid = {order: total for order, bucket, total in booked if bucket == "paid"}
    assert {pk: paid.get(pk, 0) for pk in states} == {
        pk: Decimal(100) if state == "paid" else 0 for pk, state in states.items()
    }


def _all_rows() -> tuple[Any, ...]:
    """Orders, returns kept, events and ledger rows: what a second reading must leave as it was."""
    orders = list(PaymentOrder.objects.order_by("pk").values_list("pk", "state", "paid_on", "accountant_reference"))
    counted = (PaymentReturn, LedgerEntry)
    acts = Event.objects.exclude(act="record.bank_conflict").count()
    return (orders, acts, *(list(model.objects.order_by("pk").values_list("pk", flat=True)) for model in counted))


def test_a_wrong_line_of_the_bank_loses_none_of_the_good_ones(world: World) -> None:
    order = sent(world)
    data = camt(
        [
            entry(order.number, amount(order), currency="CHF", reference="A", day=today()),
            entry("", "3.00", reference="B", day=today()),
            entry(order.number, amount(order), reference="C", day=today()),
        ]
    )
    page = read(world, data)
    assert fresh(order).state == "paid"
    assert "Devise" in page
