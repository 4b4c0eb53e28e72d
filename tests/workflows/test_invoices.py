"""The same invoice, claim or voucher is ordered once, by whichever door one tries."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Claim, ClaimLine, OrderedInvoice, PaymentOrder
from backoffice.demo.world import World
from tests.backoffice.payments.people import certified, signed_in, text
from tests.conftest import _drop_guards
from workflows import gate
from workflows.acts import Denied

pytestmark = pytest.mark.django_db


def twice(world: World) -> tuple[Claim, Claim]:
    """Two files of two firms, certified on one invoice of one supplier, its number written otherwise."""
    first, second = certified(world, "F01"), certified(world, "F15")
    line = first.lines.get()
    _drop_guards("default")
    ClaimLine.objects.filter(claim=second).update(
        invoice_number=f" {line.invoice_number.lower()} ", supplier_siret=line.supplier_siret
    )
    return first, second


def test_an_invoice_is_ordered_by_one_file_through_screen_and_bulk(world: World) -> None:
    first, second = twice(world)
    client = signed_in(world.staff["liquidator"])
    page = client.post(reverse("payment-prepare"), {"claim": [first.pk, second.pk]}, follow=True)
    assert "est déjà payée par un autre dossier" in text(page)
    assert [order.claim_id for order in PaymentOrder.objects.all()] == [first.pk]
    with pytest.raises(Denied, match="déjà payée par un autre dossier"):
        gate.open_order(world.staff["liquidator"], second.pk)
    assert second.orders.count() == 0


def test_the_database_refuses_the_second_order_of_an_invoice_and_of_a_claim(world: World) -> None:
    first, second = twice(world)
    gate.open_order(world.staff["liquidator"], first.pk)
    held, order = OrderedInvoice.objects.get(), PaymentOrder.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderedInvoice.objects.create(
            supplier_siret=held.supplier_siret, number=held.number, application=second.application, claim=second
        )
    order.pk, order.number = None, "M-BIS"
    order._state.adding = True
    with pytest.raises(IntegrityError), transaction.atomic():
        PaymentOrder.objects.bulk_create([order])


def test_a_cancelled_order_lets_its_invoice_go(world: World) -> None:
    first, second = twice(world)
    gate.open_order(world.staff["liquidator"], first.pk)
    gate.move(world.staff["authorising"], "order", first.orders.get().pk, "cancel", reason="Erreur.")
    assert not OrderedInvoice.objects.exists()
    gate.open_order(world.staff["liquidator"], second.pk)
    with pytest.raises(Denied, match="déjà payée"):
        gate.open_order(world.staff["liquidator"], first.pk)
