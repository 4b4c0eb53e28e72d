"""The aid of one claim paid to two payees: two orders, each on its own way, and never a cent too much."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from applications.booking import positions
from applications.documents.certificate import certificate_values
from applications.enums import Actor, Bucket, OrderState, Payee
from applications.models import Claim, OrderedInvoice, PaymentOrder
from applications.rules.payment_models import outlay, parts
from backoffice.demo.returns import accountant_return
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from tests.roles import hold
from tests.walks import ANALYSIS, ASSIGNED, Walk, offer
from workflows import certificates, gate, payments
from workflows.acts import Denied, Forbidden
from workflows.follow import live_tasks
from workflows.ledger_check import check_ledger

pytestmark = pytest.mark.django_db


@pytest.fixture
def walk(world: World) -> Walk:
    """A certified claim of 6,000 €, aided at half: 3,000 €, of which 0.333333 goes to the provider by assignment."""
    walk = Walk(offer(world, ASSIGNED, provider_share="0.333333"), "F01").fill(ANALYSIS).file_it().running().report()
    claim = walk.claim(paid=False)
    walk.control(claim).certify(claim)
    return walk


def claim_of(walk: Walk) -> Claim:
    return walk.file.claims.get()


def ordered(walk: Walk, payee: str) -> PaymentOrder:
    event = gate.open_order(walk.by("liquidator"), claim_of(walk).pk, payee)
    return PaymentOrder.objects.get(pk=event.object.partition(":")[2])


def sent(walk: Walk, *orders: PaymentOrder) -> payments.PaymentRun:
    for order in orders:
        gate.move(walk.by("authorising"), "order", order.pk, "sign", delegation="Délégation")
    run = payments.send_run(walk.world.region, by=walk.by("authorising"))
    assert run is not None
    assert run.count == len(orders)
    return run


def answered(walk: Walk, run: payments.PaymentRun, result: str = "PAYE") -> None:
    clock.advance(days=3)
    reading = payments.read_return(accountant_return(run, clock.today(), result), by=walk.by("accountant"))
    assert reading.apart == []


def test_two_orders_pay_one_claim_and_settle_it_together(walk: Walk) -> None:
    claim = claim_of(walk)
    assert claim.aid_due == Decimal("3000.00")
    provider, firm = ordered(walk, Payee.PROVIDER), ordered(walk, Payee.FIRM)
    assert (provider.amount, firm.amount) == (Decimal("999.99"), Decimal("2000.01"))
    assert provider.payee_provider == walk.world.providers["P01"]
    assert firm.payee_provider is None
    assert provider.snapshot_sha256 != firm.snapshot_sha256
    assert (provider.number, firm.number) == (f"M-{walk.file.reference}-1-P", f"M-{walk.file.reference}-1-E")
    answered(walk, sent(walk, provider))
    assert (claim_of(walk).state, claim_of(walk).next_actor) == ("verified", Actor.AUTHORISING)
    assert set(live_tasks(walk.file)) == {"sign"}
    assert positions(walk.file)[Bucket.PAID] == Decimal("999.99")
    assert check_ledger() == []
    answered(walk, sent(walk, firm))
    assert claim_of(walk).state == "settled"
    assert positions(walk.file)[Bucket.PAID] == Decimal("3000.00")
    last = claim_of(walk).versions.latest("pk")
    assert (last.paid, last.state) == (Decimal("3000.00"), "settled")
    assert check_ledger() == []


def test_the_same_part_is_never_ordered_twice(walk: Walk) -> None:
    ordered(walk, Payee.PROVIDER)
    with pytest.raises(Denied, match="existe déjà"):
        ordered(walk, Payee.PROVIDER)
    assert set(live_tasks(walk.file)) == {"order"}
    assert ordered(walk, "").payee == Payee.FIRM
    with pytest.raises(Denied, match="existe déjà"):
        ordered(walk, "")


def test_who_certified_does_not_order_either_part(walk: Walk) -> None:
    certifier, claim = walk.by("certifier"), claim_of(walk)
    hold(certifier, RoleKind.LIQUIDATOR, walk.world.region)
    for payee in Payee.values:
        with pytest.raises(Forbidden, match="Une autre personne"):
            gate.open_order(certifier, claim.pk, payee)


@pytest.mark.both
def test_the_database_refuses_a_payee_twice_and_more_than_was_certified(walk: Walk) -> None:
    first = ordered(walk, Payee.PROVIDER)
    copied = {field.attname: getattr(first, field.attname) for field in PaymentOrder._meta.concrete_fields}
    twice = copied | {"id": None, "number": "M-X", "amount": Decimal("0.01")}
    with pytest.raises(IntegrityError, match="one_live_order_per_claim_and_payee|UNIQUE"), transaction.atomic():
        PaymentOrder(**twice).save()
    other = twice | {"payee": "firm", "payee_provider_id": None}
    with pytest.raises(IntegrityError, match="beyond what was certified"), transaction.atomic():
        PaymentOrder(**(other | {"amount": Decimal("2000.02")})).save()
    with pytest.raises(IntegrityError, match="order_names_its_provider"), transaction.atomic():
        PaymentOrder(**(other | {"payee_provider_id": first.payee_provider_id})).save()
    PaymentOrder(**(other | {"amount": Decimal("2000.01")})).save()
    with pytest.raises(IntegrityError, match="beyond what was certified"), transaction.atomic():
        PaymentOrder.objects.filter(number="M-X").update(amount=Decimal("2000.02"))


def test_one_part_rejected_is_ordered_again_alone(walk: Walk) -> None:
    provider, firm = ordered(walk, Payee.PROVIDER), ordered(walk, Payee.FIRM)
    run = sent(walk, provider, firm)
    answered(walk, run)
    assert claim_of(walk).state == "settled"
    line = accountant_return(run, clock.today(), "REJETE").decode().splitlines(keepends=True)
    content = "".join(row for row in line if firm.number not in row).encode()
    assert payments.read_return(content, by=walk.by("accountant")).apart == []
    provider.refresh_from_db()
    assert (provider.state, claim_of(walk).state) == (OrderState.REJECTED, "verified")
    assert OrderedInvoice.objects.filter(claim=claim_of(walk)).exists()
    assert positions(walk.file)[Bucket.ORDERED] == positions(walk.file)[Bucket.PAID] == Decimal("2000.01")
    with pytest.raises(Denied, match="existe déjà"):
        ordered(walk, Payee.FIRM)
    again = ordered(walk, Payee.PROVIDER)
    assert (again.number, again.amount) == (f"{provider.number}-2", Decimal("999.99"))
    answered(walk, sent(walk, again))
    assert claim_of(walk).state == "settled"
    assert check_ledger() == []


def test_the_invoices_are_freed_when_neither_part_is_ordered(walk: Walk) -> None:
    orders = [ordered(walk, payee) for payee in Payee.values]
    for left, order in zip((1, 0), orders, strict=True):
        gate.move(walk.by("authorising"), "order", order.pk, "cancel", reason="Erreur.")
        assert OrderedInvoice.objects.filter(claim=claim_of(walk)).count() == left
    assert positions(walk.file)[Bucket.ORDERED] == Decimal(0)


def test_a_part_that_was_changed_is_not_signed(walk: Walk) -> None:
    order = ordered(walk, Payee.FIRM)
    PaymentOrder.objects.filter(pk=order.pk).update(amount=Decimal("2000.00"))
    with pytest.raises(Denied, match="n’est plus celui préparé"):
        gate.move(walk.by("authorising"), "order", order.pk, "sign", delegation="Délégation")


def test_the_certificate_names_both_parts(walk: Walk) -> None:
    facts = certificates.facts_of(claim_of(walk))
    names = (walk.world.providers["P01"].name, walk.file.company.name)
    assert facts.payees == ((names[0], Decimal("999.99")), (names[1], Decimal("2000.01")))
    told = dict(certificate_values(facts, "fr")["aid"])
    assert told[f"dont à payer à {names[1]}"] == "2\u202f000,01\u202f€"


def test_the_firm_is_told_what_leaves_her_account_first(walk: Walk) -> None:
    rules = walk.file.scheme_version.rules
    assert parts(rules, Decimal("0.01")) == {"provider": Decimal("0.00"), "firm": Decimal("0.01")}
    found = outlay(rules, Decimal("6000.00"), Decimal("3000.00"))
    assert (found.first, found.final, found.carried) == (Decimal("5000.01"), Decimal("3000.00"), Decimal("2000.01"))
