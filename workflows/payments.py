"""Batches to the public accountant: an authorising officer sends what was signed.

What the accountant answers is read in `workflows.returns`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import OrderState
from applications.models import PaymentOrder, PaymentRun
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, User
from regions.money import ZERO
from workflows import bordereau, gate
from workflows.acts import Forbidden, Refused
from workflows.administration.common import holds
from workflows.canonical import encode, sha256
from workflows.returns import COLUMNS, BadFile, Reading, preview, read_return

__all__ = [
    "COLUMNS", "BadFile", "Reading", "Sending", "digest", "lines_of", "preview", "read_return", "send", "send_run",
]  # fmt: skip


@dataclass(slots=True)
class Sending:
    """What a sending did: the batch, or None, and each order left behind with its sentence."""

    run: PaymentRun | None = None
    apart: list[tuple[str, str]] = field(default_factory=list)


def send_run(region: Region, *, by: User) -> PaymentRun | None:
    """Send every signed order of a region in one batch; None when nothing could be sent."""
    return send(region, by=by).run


def send(region: Region, *, by: User) -> Sending:
    """Send every signed order of a region, asked by an authorising officer, who is named in each event.

    An order that is held, or whose payee changed since its signature, stays behind with its reason;
    the others leave. The region's row is locked first: two sendings at once take turns.
    """
    day = clock.today(region.time_zone)
    if not by.is_active or not holds(by, RoleKind.AUTHORISING, region, day):
        raise Forbidden(_("Seul l’ordonnateur de cette région, ou son délégataire, transmet les mandats signés."))
    with transaction.atomic():
        Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
        return _send_signed(region, by)


def _send_signed(region: Region, by: User) -> Sending:
    signed = PaymentOrder.objects.filter(application__region=region, state=OrderState.SIGNED)
    orders = list(signed.order_by("application_id", "id").values_list("pk", "number"))
    sending = Sending()
    if not orders:
        return sending
    run = _open_run(region)
    for pk, number in orders:
        _send(pk, number, run, by, sending)
    if len(sending.apart) < len(orders):
        sending.run = _close_run(run)
    else:
        run.delete()
    return sending


def _open_run(region: Region) -> PaymentRun:
    day = clock.today(region.time_zone)
    rank = PaymentRun.objects.filter(region=region, number__contains=f"-{day:%Y%m%d}-").count() + 1
    return PaymentRun.objects.create(
        region=region, number=f"B-{region.code}-{day:%Y%m%d}-{rank:02d}", created_at=clock.now(),
        count=0, total=ZERO, sha256="",
    )  # fmt: skip


def _send(pk: int, number: str, run: PaymentRun, by: User, sending: Sending) -> None:
    try:
        gate.move(User.objects.system(), "order", pk, "send", run=run, sent_by=by.pk)
    except Refused as refusal:
        sending.apart.append((number, str(refusal)))


def _close_run(run: PaymentRun) -> PaymentRun:
    """Control figures of the batch: count, total, and the hash of what was sent."""
    orders = list(lines_of(run))
    run.count, run.total = len(orders), sum((order.total for order in orders), ZERO)
    run.sha256 = digest(orders)
    bordereau.keep(run, orders)
    run.save()
    return run


def digest(orders: Sequence[PaymentOrder]) -> str:
    """SHA-256 of what a batch pays: number, amount and signed hash of each order, in its printed order."""
    return sha256(encode([[order.number, order.total, order.snapshot_sha256] for order in orders]))


def lines_of(run: PaymentRun) -> Iterator[PaymentOrder]:
    """The orders of a batch in their printed order."""
    yield from run.orders.select_related("application__agreement", "claim").order_by("number")
