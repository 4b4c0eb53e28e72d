"""Many at once, over real connections: money and ceilings hold, whoever wins."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections

from applications.enums import Bucket
from applications.models import (
    Application,
    CompanyLink,
    DeMinimisAward,
    EnvelopePosition,
    LedgerEntry,
    OwnershipLink,
    PaymentOrder,
)
from backoffice.demo.actors import Case
from backoffice.demo.firms import FIRMS
from backoffice.demo.stories import SITE
from backoffice.demo.world import World, build
from regions import clock
from tests.conftest import OPENING
from workflows import gate, payments
from workflows.acts import Refused
from workflows.ledger_check import check_ledger
from workflows.models import CaseProcess
from workflows.sweeper import sweep
from workflows.verify import verify

EIGHT = ("F01", "F02", "F05", "F07", "F13", "F15", "F16", "F17")
pytestmark = pytest.mark.django_db(transaction=True)


def _all_at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run each act in its own thread and connection, from one starting line; the result or the refusal."""
    line, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(rank: int, act: Callable[[], Any]) -> None:
        line.wait()
        try:
            results[rank] = act()
        except Refused as refusal:
            results[rank] = refusal
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def _world(budget: str, firms: tuple[str, ...]) -> World:
    clock.simulate(OPENING)
    return build(Decimal(budget), [FIRMS[key] for key in firms])


def _proposed(world: World, firm: str, **asked: Decimal) -> Case:
    return Case(world, firm).fill(SITE).file_it().examine().act("officer", "propose", **asked)


def test_the_machine_talks_to_a_server_with_row_locks() -> None:
    assert connection.vendor == "postgresql"
    assert connection.features.has_select_for_update


def test_eight_grants_for_room_for_three(transactional_db: None) -> None:
    world = _world("2799.99", EIGHT)
    cases = [_proposed(world, firm, amount=Decimal("700.00")) for firm in EIGHT]
    decider = world.staff["decider"]
    results = _all_at_once([lambda pk=case.pk: gate.move(decider, "application", pk, "grant") for case in cases])
    refused = [r for r in results if isinstance(r, Refused)]
    states = Counter(Application.objects.values_list("state", flat=True))
    assert (len(refused), states) == (5, {"granted": 3, "proposed": 5})
    committed = sum(p.committed for p in EnvelopePosition.objects.all())
    booked = sum(e.amount for e in LedgerEntry.objects.filter(bucket=Bucket.COMMITTED))
    assert committed == booked == Decimal("2100.00")
    assert Application.objects.filter(waiting_since__isnull=False).count() == 5
    assert check_ledger() == []
    assert verify().faults == []


def test_eight_verifications_of_one_claim(transactional_db: None) -> None:
    world = _world("10000.00", ("F01",))
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim)
    certifier = world.staff["certifier"]
    results = _all_at_once([lambda: gate.move(certifier, "claim", claim.pk, "verify")] * 8)
    assert sum(1 for r in results if isinstance(r, Refused)) == 7
    verified = LedgerEntry.objects.filter(bucket=Bucket.VERIFIED, application=case.file)
    assert sum(e.amount for e in verified) == Decimal("1200.00")


def test_eight_orders_for_one_claim(transactional_db: None) -> None:
    world = _world("10000.00", ("F01",))
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    liquidator = world.staff["liquidator"]
    results = _all_at_once([lambda: gate.open_order(liquidator, claim.pk)] * 8)
    assert sum(1 for r in results if isinstance(r, Refused)) == 7
    assert PaymentOrder.objects.count() == 1


def test_two_firms_of_one_group_cannot_both_slip_under_the_ceiling(transactional_db: None) -> None:
    world = _world("10000.00", ("F01", "F05"))
    parent, child = (world.companies[key].siren for key in ("F01", "F05"))
    CompanyLink.objects.create(parent_siren=parent, child_siren=child, valid_from="2020-01-01")
    award = DeMinimisAward(
        siren=parent,
        amount=Decimal("298500.00"),
        granted_on=clock.today() - timedelta(days=100),
        authority="Autre région",
        source="register",
        aid_number="SA-1",
        recorded_at=clock.now(),
    )
    award.save()
    cases = [_proposed(world, firm) for firm in ("F01", "F05")]
    decider = world.staff["decider"]
    results = _all_at_once([lambda pk=c.pk: gate.move(decider, "application", pk, "grant") for c in cases])
    refusals = [r for r in results if isinstance(r, Refused)]
    assert len(refusals) == 1
    assert "minimis" in str(refusals[0])
    total = sum(a.amount for a in DeMinimisAward.objects.filter(siren__in=[parent, child]))
    assert total == Decimal("299700.00")


def test_two_firms_whose_tie_one_file_declares_take_turns_too(transactional_db: None) -> None:
    """Only the first says who owns whom: the company records tell the second."""
    world = _world("10000.00", ("F01", "F05"))
    child = world.companies["F05"].siren
    first = Case(world, "F01").fill(SITE, independent="no")
    OwnershipLink.objects.create(
        application=first.file, number=1, name="Exemple", siren=child, direction="owned", capital=Decimal(80),
        headcount=Decimal(2), turnover=Decimal(100_000),
    )  # fmt: skip
    DeMinimisAward(
        siren=child, amount=Decimal("298500.00"), granted_on=clock.today() - timedelta(days=100),
        authority="Autre région", source="register", aid_number="SA-1", recorded_at=clock.now(),
    ).save()  # fmt: skip
    cases = [first.file_it().examine().act("officer", "propose"), _proposed(world, "F05")]
    decider = world.staff["decider"]
    results = _all_at_once([lambda pk=c.pk: gate.move(decider, "application", pk, "grant") for c in cases])
    refusals = [r for r in results if isinstance(r, Refused)]
    assert len(refusals) == 1
    assert "minimis" in str(refusals[0])
    assert sum(a.amount for a in DeMinimisAward.objects.all()) == Decimal("299700.00")


def test_two_sweepers_at_once_let_a_deadline_pass_once(transactional_db: None) -> None:
    world = _world("10000.00", ("F01",))
    case = Case(world, "F01").fill(SITE).file_it()
    case.act("officer", "request_items", kinds=["quote"], reason="Devis à détailler.")
    clock.advance(days=40)
    done = _all_at_once([sweep] * 4)
    assert sum(done) == 1
    assert case.file.state == "submitted"


def test_the_same_return_read_twice_at_once_pays_once(transactional_db: None) -> None:
    world = _world("10000.00", ("F01",))
    case = Case(world, "F01").fill(SITE).file_it().grant().notify()
    claim = case.claim()
    case.control(claim).certify(claim)
    order = case.order(claim)
    payments.send_run(world.region, by=world.staff["authorising"])
    line = f"{order.number};PAYE;{clock.today():%d/%m/%Y};H1;1200,00;\r\n"
    content = (";".join(payments.COLUMNS) + "\r\n" + line).encode()
    _all_at_once([lambda: payments.read_return(content, by=world.staff["accountant"])] * 4)
    paid = LedgerEntry.objects.filter(bucket=Bucket.PAID)
    assert sum(e.amount for e in paid) == Decimal("1200.00")


def test_the_checks_that_finish_together_join_once(transactional_db: None) -> None:
    world = _world("10000.00", ("F01",))
    case = Case(world, "F01").fill(SITE).file_it().act("officer", "accept_complete")
    officer = world.staff["officer"]
    results = _all_at_once(
        [
            lambda: gate.record(officer, "application", case.pk, "documents", finding="green"),
            lambda: gate.record(case.provider, "application", case.pk, "provider", finding="green"),
        ]
    )
    assert not [r for r in results if isinstance(r, Refused)]
    process = CaseProcess.objects.get(case_id=case.pk)
    opened = [t.flow_task.name for t in process.task_set.filter(status="NEW")]
    assert opened == ["propose"]
