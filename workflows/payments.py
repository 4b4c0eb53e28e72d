"""Batches to the public accountant, and the returns that alone make an order paid."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.enums import OrderState
from applications.models import PaymentOrder, PaymentReturn, PaymentRun
from regions import clock
from regions.models import Region, User
from regions.money import ZERO
from workflows import bordereau, gate
from workflows.acts import Refused
from workflows.canonical import encode, sha256

COLUMNS = ("mandat", "resultat", "date", "reference", "montant", "motif")
RESULTS = {"PAYE": PaymentReturn.Result.PAID, "REJETE": PaymentReturn.Result.REJECTED}


def send_run(region: Region) -> PaymentRun | None:
    """Send every signed order of a region in one batch; None when there is nothing to send.

    An order whose payee changed since its signature stays behind, with its reason in the log of the
    gate's refusal; the others leave.
    """
    with transaction.atomic():
        signed = PaymentOrder.objects.filter(application__region=region, state=OrderState.SIGNED)
        keys = list(signed.order_by("application_id", "id").values_list("pk", flat=True))
        if not keys:
            return None
        run = _open_run(region)
        sent = [pk for pk in keys if _send(pk, run)]
        return _close_run(run, sent)


def _open_run(region: Region) -> PaymentRun:
    day = clock.today(region.time_zone)
    rank = PaymentRun.objects.filter(region=region, number__contains=f"-{day:%Y%m%d}-").count() + 1
    return PaymentRun.objects.create(
        region=region, number=f"B-{region.code}-{day:%Y%m%d}-{rank:02d}", created_at=clock.now(),
        count=0, total=ZERO, sha256="",
    )  # fmt: skip


def _send(pk: int, run: PaymentRun) -> bool:
    try:
        gate.move(User.objects.system(), "order", pk, "send", run=run)
    except Refused:
        return False
    return True


def _close_run(run: PaymentRun, sent: list[int]) -> PaymentRun:
    """Control figures of the batch: count, total, and the hash of what was sent."""
    orders = list(run.orders.select_related("application", "claim").order_by("number"))
    run.count, run.total = len(sent), sum((order.amount for order in orders), ZERO)
    run.sha256 = sha256(encode([[o.number, o.amount, o.snapshot_sha256] for o in orders]))
    bordereau.keep(run, orders)
    run.save()
    return run


@dataclass(slots=True)
class Reading:
    """What a return did: lines paid, rejected, already read, and those set apart with a reason."""

    paid: list[str] = field(default_factory=list)
    rejected: list[str] = field(default_factory=list)
    already: list[str] = field(default_factory=list)
    apart: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A line of the accountant's return."""

    number: str
    result: str
    value_date: date
    reference: str
    amount: Decimal
    rejection_code: str


class BadLine(ValueError):
    """A line that cannot be read: the sentence says what is wrong with it."""


def read_return(content: bytes) -> Reading:
    """Read the accountant's return (CSV, « ; », UTF-8): each line moves one order, or is set apart.

    The same line twice changes nothing; a bad line loses none of the good ones.
    """
    digest, reading = hashlib.sha256(content).hexdigest(), Reading()
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    for rank, row in enumerate(rows, start=2):
        try:
            _apply(_parse(row), digest, reading)
        except (BadLine, Refused) as error:
            reading.apart.append((rank, str(error)))
    return reading


def _parse(row: dict[str, Any]) -> ReturnLine:
    missing = [name for name in COLUMNS if row.get(name) is None]
    if missing:
        raise BadLine(_("Colonnes absentes : %s.") % ", ".join(missing))
    if row["resultat"] not in RESULTS:
        raise BadLine(_("Résultat inconnu : %s. Attendu : PAYE ou REJETE.") % row["resultat"])
    return ReturnLine(
        row["mandat"], RESULTS[row["resultat"]], _day(row["date"]), row["reference"], _amount(row["montant"]),
        row["motif"],
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError as error:
        raise BadLine(_("Date illisible : %s. Attendu : jj/mm/aaaa.") % text) from error


def _amount(text: str) -> Decimal:
    """A French amount: « 1 234,56 », with any kind of space."""
    try:
        return Decimal("".join(text.split()).replace("\u202f", "").replace("\xa0", "").replace(",", "."))
    except InvalidOperation as error:
        raise BadLine(_("Montant illisible : %s.") % text) from error


def _apply(line: ReturnLine, digest: str, reading: Reading) -> None:
    order = PaymentOrder.objects.filter(number=line.number).first()
    if order is None:
        raise BadLine(_("Mandat inconnu : %s.") % line.number)
    if order.returns.filter(reference=line.reference, result=line.result).exists():
        reading.already.append(line.number)
        return
    paid = line.result == PaymentReturn.Result.PAID
    _move(order, "pay" if paid else "reject", line, digest)
    (reading.paid if paid else reading.rejected).append(line.number)


def _move(order: PaymentOrder, name: str, line: ReturnLine, digest: str) -> None:
    gate.move(
        User.objects.system(), "order", order.pk, name, value_date=line.value_date, reference=line.reference,
        amount=line.amount, rejection_code=line.rejection_code, file_sha256=digest,
    )  # fmt: skip


def lines_of(run: PaymentRun) -> Iterator[PaymentOrder]:
    """The orders of a batch in their printed order."""
    yield from run.orders.select_related("application__agreement", "claim").order_by("number")
