"""Who is paid the aid of a file, whether each can be, and what each gets: the firm's page, and the provider's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from applications.enums import ClaimState, OrderState, Payee
from applications.models import Application, Claim, PaymentOrder
from workflows import payees, project


@dataclass(frozen=True, slots=True)
class Payout:
    """One payee's part of a certified claim: who, how much, by which order, and when at the latest. Euro."""

    payee: str
    name: str
    amount: Decimal
    order: PaymentOrder | None
    expected_by: date | None

    @property
    def to_provider(self) -> bool:
        return self.payee == Payee.PROVIDER

    @property
    def paid_on(self) -> date | None:
        return self.order.paid_on if self.order and self.order.state == OrderState.PAID else None


def payouts(claim: Claim) -> list[Payout]:
    """The parts of a claim whose aid is split, once it is certified; none otherwise."""
    if claim.state not in (ClaimState.VERIFIED, ClaimState.SETTLED) or not payees.is_split(claim):
        return []
    latest = {order.payee: order for order in sorted(claim.orders.all(), key=lambda order: order.pk)}
    return [
        Payout(who, str(_row(claim.application, who)), part, latest.get(who), claim.payment_due_on)
        for who, part in payees.parts_of(claim).items()
    ]


def pays_provider(file: Application) -> bool:
    """Whether the whole aid goes to the provider."""
    return project.payment_model(file).payees == (Payee.PROVIDER,)


def is_split(file: Application) -> bool:
    """Whether the provider gets a part of the aid, and the firm the rest."""
    return project.payment_model(file).split


def whose(file: Application) -> tuple[str, ...]:
    """The payees of a file, as its payment model says."""
    return project.payment_model(file).payees


def _row(file: Application, who: str) -> Any:
    return file.provider if who == Payee.PROVIDER else file.company


def without_bank(file: Application, *among: str) -> str:
    """The first payee who gave no bank details; empty when each did."""
    return next((who for who in among or whose(file) if not _has_bank(_row(file, who))), "")


def _has_bank(row: Any) -> bool:
    return row is not None and row.bank_details.filter(valid_to__isnull=True).exists()


def held(file: Application, *among: str) -> str:
    """The first payee whose change of bank details waits for the region's answer: he is not paid meanwhile."""
    return next((who for who in among or whose(file) if _changing(_row(file, who))), "")


def _changing(row: Any) -> bool:
    return row is not None and row.bank_changes.filter(state="asked").exists()
