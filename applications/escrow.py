"""The firm's own money on a file: the one way to write the escrow's rows, and what they say. Euro."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from applications.booking import Cause
from applications.models import Application, EscrowEntry, EscrowPosition, PaymentOrder
from regions.money import ZERO


@dataclass(frozen=True, slots=True)
class EscrowMove:
    """A movement asked by an act: a side and a signed amount, with the accountant's reference if there is one."""

    side: str
    amount: Decimal
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Escrow:
    """Where a file's escrow stands."""

    received: Decimal = ZERO
    released: Decimal = ZERO
    refunded: Decimal = ZERO

    @property
    def held(self) -> Decimal:
        """What is in the pot now."""
        return self.received - self.released - self.refunded


def escrow_of(application: Application) -> Escrow:
    """The escrow of a file; zeros when nothing came in."""
    row = EscrowPosition.objects.filter(application=application).first()
    return Escrow(row.received, row.released, row.refunded) if row else Escrow()


def move_escrow(
    application: Application, moves: Iterable[EscrowMove], cause: Cause, *, order: PaymentOrder | None = None
) -> None:
    """Write a file's escrow rows; the trigger moves the position, and CHECK refuses an overdraft."""
    for move in moves:
        EscrowEntry(
            application=application, order=order, side=move.side, amount=move.amount, reference=move.reference,
            cause=cause.event, made_by=cause.made_by, effective_on=cause.effective_on, recorded_at=cause.recorded_at,
        ).save(force_insert=True)  # fmt: skip
