"""The acts of a payment, and processes that die in the middle of one.

A process dies for good (`os._exit`): nothing is rolled back, closed or flushed by Python. It is born from a
server that loaded the house once, and works on the test's own database and documents.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMessage  # noqa: E402
from django.db import connection  # noqa: E402

from applications.enums import OrderState  # noqa: E402
from applications.models import Claim, PaymentOrder, PaymentRun  # noqa: E402
from applications.services import store  # noqa: E402
from backoffice.demo.returns import accountant_return  # noqa: E402
from regions import clock  # noqa: E402
from regions.models import Region, User  # noqa: E402
from workflows import delivery, gate, payments  # noqa: E402

DIED, DONE = 9, 0
REGION = "04"


def by(role: str) -> User:
    return User.objects.get(email=f"{role}@demo.example")


def prepare() -> None:
    """An order for each certified claim that has none."""
    for claim in Claim.objects.filter(orders__isnull=True).order_by("id"):
        gate.open_order(by("liquidator"), claim.pk)


def sign() -> None:
    for order in PaymentOrder.objects.filter(state=OrderState.PREPARED).order_by("id"):
        gate.move(by("authorising"), "order", order.pk, "sign", delegation="Délégation")


def send() -> None:
    payments.send_run(Region.objects.get(code=REGION), by=by("authorising"))


def read() -> None:
    """The accountant's return: the same file each time it is read."""
    content = accountant_return(PaymentRun.objects.get(), clock.today(), "PAYE")
    reading = payments.read_return(content, by=by("accountant"))
    assert reading.apart == []


ACTS: dict[str, Callable[[], Any]] = {
    "prepare": prepare, "sign": sign, "send": send, "read": read, "post": delivery.deliver,
}  # fmt: skip


def _die(*_given: Any, **_more: Any) -> None:
    os._exit(DIED)


def _before(owner: Any, name: str) -> None:
    setattr(owner, name, _die)


def _after(owner: Any, name: str) -> None:
    genuine = getattr(owner, name)
    setattr(owner, name, lambda *given, **more: _die(genuine(*given, **more)))


MOMENTS: dict[str, Callable[[], None]] = {
    "before a document is kept": lambda: _before(store, "put"),
    "after a document is kept": lambda: _after(store, "put"),
    "before the commit": lambda: _before(connection, "_commit"),
    "after the commit": lambda: _after(connection, "_commit"),
    "before a mail": lambda: _before(EmailMessage, "send"),
    "after a mail": lambda: _after(EmailMessage, "send"),
}


@dataclass(frozen=True, slots=True)
class House:
    """Where the test stands: its database, its documents, its day."""

    database: str
    documents: str
    now: datetime

    @classmethod
    def here(cls) -> House:
        return cls(str(connection.settings_dict["NAME"]), str(settings.GUICHET_DOCUMENTS_DIR), clock.now())

    def enter(self) -> None:
        connection.settings_dict["NAME"] = self.database
        settings.GUICHET_DOCUMENTS_DIR = Path(self.documents)
        clock.simulate(self.now)


def _live(house: House, act: str, moment: str) -> None:
    house.enter()
    connection.ensure_connection()
    MOMENTS[moment]()
    ACTS[act]()
    os._exit(DONE)


def die(act: str, moment: str) -> int | None:
    """Run an act in a process that dies at a moment; DIED, or DONE when that moment never came."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=_live, args=(House.here(), act, moment))
    process.start()
    process.join(120)
    return process.exitcode
