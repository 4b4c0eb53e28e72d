"""A payment cut at any statement, or by the death of its process, loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import OperationalError, connection

from applications.enums import OrderState
from applications.models import PaymentOrder, PaymentReturn, PaymentRun
from backoffice.demo.actors import post
from backoffice.demo.firms import FIRMS
from backoffice.demo.world import build
from regions import clock
from tests import dying
from tests.backoffice.payments.people import certified
from tests.conftest import OPENING
from workflows import delivery
from workflows.ledger_check import check_ledger
from workflows.models import OutboxMessage
from workflows.verify import verify

FIRMS_PAID = ("F01", "F02")
# An order is prepared and signed without a word to the outside; a batch and a return keep their documents.
INSIDE = ("before the commit", "after the commit")
OUTSIDE = ("before a document is kept", "after a document is kept")
KILLED = {"prepare": INSIDE, "sign": INSIDE, "send": (*OUTSIDE, *INSIDE), "read": (*OUTSIDE, *INSIDE)}
pytestmark = [pytest.mark.both, pytest.mark.django_db(transaction=True)]
Act = Callable[[], object]


def scene(firms: Sequence[str] = FIRMS_PAID) -> int:
    """Certified claims that wait for their orders; how many."""
    clock.simulate(OPENING)
    world = build(Decimal("100000.00"), [FIRMS[key] for key in firms])
    for firm in firms:
        certified(world, firm)
    post()
    return len(firms)


def steps() -> Iterator[str]:
    """The acts of a payment, in order; the accountant answers three days after the sending."""
    yield from ("prepare", "sign", "send")
    clock.advance(days=3)
    yield "read"


def whole() -> None:
    """What holds at every instant: positions are the ledger's, an order leaves once and is paid once."""
    assert check_ledger() == []
    orders = list(PaymentOrder.objects.values_list("state", "run", "claim"))
    assert len({claim for _state, _run, claim in orders}) == len(orders)
    assert sum(run.count for run in PaymentRun.objects.all()) == sum(run is not None for _s, run, _c in orders)
    assert PaymentReturn.objects.count() == sum(state == OrderState.PAID for state, _run, _claim in orders)


def settled(claims: int) -> None:
    """The end that no accident may change."""
    whole()
    assert [order.state for order in PaymentOrder.objects.all()] == [OrderState.PAID] * claims
    assert PaymentRun.objects.get().count == claims
    assert verify().faults == []


# --- cut


@contextmanager
def cut_at(statement: int) -> Iterator[None]:
    """The connection fails once, at the n-th statement from here."""
    seen = count(1)

    def wrapper(execute: Any, *given: Any) -> Any:
        if next(seen) == statement:
            raise OperationalError("the connection was lost")
        return execute(*given)

    with connection.execute_wrapper(wrapper):
        yield


def _goes_through(act: Act, statement: int) -> bool:
    try:
        with cut_at(statement):
            act()
    except OperationalError:
        return False
    return True


def test_a_payment_cut_at_any_statement_is_whole_and_is_made_once() -> None:
    claims = scene(FIRMS_PAID[:1])
    for name in steps():
        statement = next(n for n in count(1) if _went_on(dying.ACTS[name], n))
        assert statement > claims, name
    settled(claims)


def _went_on(act: Act, statement: int) -> bool:
    through = _goes_through(act, statement)
    whole()
    return through


# --- killed


def test_a_process_that_dies_at_any_moment_leaves_each_order_sent_once() -> None:
    claims, ends = scene(), set()
    for name in steps():
        for moment in KILLED[name]:
            status = dying.die(name, moment)
            assert status in (dying.DONE, dying.DIED), (name, moment)
            ends.add((name, moment, status))
            whole()
        dying.ACTS[name]()
    settled(claims)
    dead = {name for name, _moment, status in ends if status == dying.DIED}
    assert dead == set(KILLED), "an act that nothing interrupted proves nothing"


def test_a_mail_whose_sender_dies_leaves_again() -> None:
    scene()
    message = OutboxMessage.objects.latest("pk")
    OutboxMessage.objects.filter(pk=message.pk).update(sent_at=None)
    for moment in ("before a mail", "after a mail", "before the commit"):
        assert dying.die("post", moment) == dying.DIED
        assert OutboxMessage.objects.get(pk=message.pk).sent_at is None
    assert delivery.deliver() == 1
