"""Batches to the public accountant or to a bank: an authorising officer sends what was signed.

What the accountant answers is read in `workflows.returns`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.enums import OrderState
from applications.models import PaymentOrder, PaymentRun
from regions import clock
from regions.enums import RoleKind
from regions.models import PayingTerms, Region, User
from regions.money import ZERO
from workflows import gate, run_files, signatures
from workflows.acts import Forbidden, Refused
from workflows.administration.common import holds
from workflows.canonical import encode, sha256
from workflows.returns import COLUMNS, BadFile, Reading, preview, read_return

__all__ = [
    "COLUMNS", "BadFile", "Reading", "Sending", "digest", "lines_of", "preview", "read_return", "send", "send_run",
    "waiting",
]  # fmt: skip


@dataclass(slots=True)
class Sending:
    """What a sending did: a batch for each kind of file, and each order left behind with its sentence."""

    runs: list[PaymentRun] = field(default_factory=list)
    apart: list[tuple[str, str]] = field(default_factory=list)

    @property
    def run(self) -> PaymentRun | None:
        """The first batch, the only one of a region whose schemes pay in one kind of file."""
        return next(iter(self.runs), None)


def send_run(region: Region, *, by: User) -> PaymentRun | None:
    """Send every signed order of a region; its first batch, or None when nothing could be sent."""
    return send(region, by=by).run


def send(region: Region, *, by: User) -> Sending:
    """Send every signed order of a region, asked by an authorising officer, who is named in each event.

    The orders of schemes that pay in one kind of file make one batch. An order that is held, that lacks a
    signature, or whose payee changed since, stays behind with its reason; the others leave. The region's
    row is locked first: two sendings at once take turns.
    """
    day = clock.today(region.time_zone)
    if not by.is_active or not holds(by, RoleKind.AUTHORISING, region, day):
        raise Forbidden(_("Seul l’ordonnateur de cette région, ou son délégataire, transmet les mandats signés."))
    sending = Sending()
    with transaction.atomic():
        Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
        for output, orders in waiting(region).items():
            _send_batch(region, output, orders, by, sending)
    return sending


def waiting(region: Region) -> dict[str, list[PaymentOrder]]:
    """Kind of file → the signed orders of a region that would leave in it."""
    signed = PaymentOrder.objects.filter(application__region=region, state=OrderState.SIGNED)
    by_output: dict[str, list[PaymentOrder]] = defaultdict(list)
    for order in signed.select_related("application__scheme_version", "claim").order_by("application_id", "id"):
        by_output[run_files.output_of(order)].append(order)
    return dict(sorted(by_output.items()))


def _send_batch(region: Region, output: str, orders: list[PaymentOrder], by: User, sending: Sending) -> None:
    terms = PayingTerms.objects.in_force(region, clock.today(region.time_zone))
    run, apart = _open_run(region, output, orders), len(sending.apart)
    for order in orders:
        _send(order, run, terms, by, sending)
    if len(sending.apart) - apart < len(orders):
        sending.runs.append(_close_run(run, terms))
    else:
        run.delete()


def _open_run(region: Region, output: str, orders: Sequence[PaymentOrder]) -> PaymentRun:
    day = clock.today(region.time_zone)
    rank = PaymentRun.objects.filter(region=region, number__contains=f"-{day:%Y%m%d}-").count() + 1
    return PaymentRun.objects.create(
        region=region, number=f"B-{region.code}-{day:%Y%m%d}-{rank:02d}", created_at=clock.now(),
        count=0, total=ZERO, sha256="", output=output, signatures=signatures.needed(region, output, orders),
    )  # fmt: skip


def _send(order: PaymentOrder, run: PaymentRun, terms: PayingTerms | None, by: User, sending: Sending) -> None:
    why = run_files.unfit(order, run.output, terms)
    if why:
        sending.apart.append((order.number, why))
        return
    try:
        gate.move(User.objects.system(), "order", order.pk, "send", run=run, sent_by=by.pk)
    except Refused as refusal:
        sending.apart.append((order.number, str(refusal)))


def _close_run(run: PaymentRun, terms: PayingTerms | None) -> PaymentRun:
    """Control figures of the batch: count, total, and the hash of what was sent; then its file."""
    orders = list(lines_of(run))
    run.count, run.total = len(orders), sum((order.total for order in orders), ZERO)
    run.sha256 = digest(orders)
    run_files.keep(run, orders, terms)
    run.save()
    return run


def digest(orders: Sequence[PaymentOrder]) -> str:
    """SHA-256 of what a batch pays: number, amount and signed hash of each order, in its printed order."""
    return sha256(encode([[order.number, order.total, order.snapshot_sha256] for order in orders]))


def lines_of(run: PaymentRun) -> Iterator[PaymentOrder]:
    """The orders of a batch in their printed order."""
    yield from run.orders.select_related("application__agreement", "claim").order_by("number")
