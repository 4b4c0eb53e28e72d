"""Reconciliation: each kind of difference is found, kept, told, stops what it touches, and closes when it is gone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db.models import F, QuerySet

from applications.enums import OrderState
from applications.models import (
    CasePosition,
    Claim,
    ClaimLine,
    DeMinimisAward,
    EnvelopePosition,
    EscrowPosition,
    GrantShare,
    LedgerEntry,
    PaymentOrder,
    PaymentReturn,
)
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE, paid
from backoffice.demo.world import World
from regions import clock
from reporting import runs
from tests.cases import paid_case
from tests.conftest import _drop_guards
from tests.walks import ESCROW, PLAN, Walk, offer
from workflows import jobs, payments, reconcile, tasks
from workflows.acts import Denied, Forbidden
from workflows.ledger_check import CHECKS, check_ledger
from workflows.models import Event, LedgerDifference
from workflows.verify import verify

pytestmark = pytest.mark.django_db
CENT = Decimal("0.01")


def behind(model: Any) -> QuerySet[Any]:
    """The rows of an append-only table without the house's own refusal, as a stranger with the database has them."""
    return QuerySet(model)


ALTERED: dict[str, tuple[str, Callable[[], object]]] = {
    # A CentsField holds cents: adding 1 to the column adds a cent.
    "a line": ("position", lambda: EnvelopePosition.objects.update(reserved=F("reserved") + 1)),
    "a file": ("position", lambda: CasePosition.objects.update(committed=F("committed") + 1)),
    "an entry": ("position", lambda: behind(LedgerEntry).filter(bucket="paid").update(amount=F("amount") - 1)),
    "an order": ("order", lambda: PaymentOrder.objects.update(amount=F("amount") + 1)),
    "an unpaid order": ("order", lambda: PaymentOrder.objects.update(state=OrderState.SENT)),
    "a return": ("order", lambda: behind(PaymentReturn).update(amount=F("amount") - 1)),
    "a claim": ("claim", lambda: Claim.objects.update(aid_due=F("aid_due") - 1)),
    "a control": ("claim", lambda: ClaimLine.objects.update(accepted=F("accepted") - 1, reason="vat")),
    "a share": ("grant", lambda: GrantShare.objects.filter(funder="erdf").update(amount=F("amount") + 1)),
    "an award": ("award", lambda: behind(DeMinimisAward).update(amount=F("amount") - 1)),
}


@pytest.mark.both
@pytest.mark.parametrize("what", ALTERED)
def test_what_was_altered_behind_the_house_is_found(world: World, what: str) -> None:
    paid(world)
    assert check_ledger() == []
    kind, alter = ALTERED[what]
    _drop_guards("default")
    alter()
    assert kind in {difference.kind for difference in check_ledger()}
    with pytest.raises(CommandError, match="differ from their proof"):
        call_command("check_ledger")


def test_escrow_that_no_movement_explains_is_found(world: World) -> None:
    walk = Walk(offer(world, ESCROW), "F01").fill(PLAN).file_it().running().share("100.00")
    assert check_ledger() == []
    EscrowPosition.objects.filter(application=walk.pk).update(received=Decimal("100.01"))
    assert [(d.kind, d.bucket) for d in check_ledger()] == [("escrow", "received")]


def test_a_released_report_that_no_longer_ties_is_found(world: World) -> None:
    case = paid_case(world)
    clock.advance(days=1)
    run = runs.erdf_workbook(case.file.operation, world.staff["auditor"], clock.now())
    assert (run.state, check_ledger()) == ("released", [])
    run.totals |= {"paid_erdf": "1.00"}
    run.save()
    (found,) = reconcile.reconcile()
    assert (found.kind, found.bucket, found.region) == ("report", "paid_erdf", world.region)


def test_every_comparison_is_made() -> None:
    assert set(CHECKS) == set(LedgerDifference.Kind.values)


def test_the_night_keeps_it_tells_it_and_stops_what_it_touches(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    other = Case(world, "F05").fill(SITE).file_it().grant().notify()
    numbers = []
    for one in (case, other):
        claim = one.claim()
        one.control(claim).certify(claim)
        numbers.append(one.order(claim).number)
    held = CasePosition.objects.filter(application=case.pk, line__is_lead=True)
    held.update(reserved=F("reserved") + 1)
    mail.outbox.clear()
    assert len(tasks.nightly()["differences"]) == 1  # type: ignore[arg-type]
    row = LedgerDifference.objects.get()
    assert (row.application_id, row.resolved_at) == (case.pk, None)
    jobs.drain()
    (told,) = mail.outbox
    assert set(told.to) == {world.staff["admin"].email, world.staff["admin2"].email}
    assert case.file.reference not in told.body
    tasks.nightly()
    jobs.drain()
    assert (LedgerDifference.objects.count(), len(mail.outbox)) == (1, 1)
    sending = payments.send(world.region, by=world.staff["authorising"])
    assert [number for number, _why in sending.apart] == [numbers[0]]
    assert "écart" in sending.apart[0][1]
    held.update(reserved=F("reserved") - 1)
    assert tasks.nightly()["differences"] == []
    row.refresh_from_db()
    assert row.resolved_at is not None
    assert payments.send_run(world.region, by=world.staff["authorising"]) is not None
    acts = Event.objects.filter(act__startswith="envelope.").values_list("act", flat=True)
    assert {"envelope.difference", "envelope.agreement"} <= set(acts)
    assert verify().faults == []


def test_a_line_that_differs_stops_all_who_draw_on_it(world: World) -> None:
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    case.order(claim)
    EnvelopePosition.objects.filter(line__is_lead=True).update(reserved=CENT)
    reconcile.reconcile()
    assert payments.send_run(world.region, by=world.staff["authorising"]) is None


def test_only_an_administrator_of_the_region_follows_it(world: World) -> None:
    EnvelopePosition.objects.filter(line__is_lead=True).update(reserved=CENT)
    (row,) = reconcile.reconcile()
    with pytest.raises(Forbidden):
        reconcile.note(world.staff["auditor"], row, "Vu.")
    with pytest.raises(Forbidden):
        reconcile.check_now(world.staff["auditor"], world.region)
    with pytest.raises(Denied):
        reconcile.note(world.staff["admin"], row, "  ")
    assert reconcile.note(world.staff["admin"], row, "Vu.").text == "Vu."
    assert reconcile.check_now(world.staff["admin"], world.region) == 1
