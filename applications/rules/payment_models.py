"""Payment models: who is paid, on what evidence, and whose act each step is. Data, chosen by a scheme.

Reimbursement: the firm paid everything, proves it and is paid back. Assignment (cession de créance):
the firm pays its share and the VAT, the provider is paid the aid. Escrow: the firm's share arrives
first, then the provider is paid both from one pot. Advance and balance: a part of the grant before the
expenses, the rest on them. Flat: a fixed sum on proof that the expense reached the floor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from regions.money import ZERO, floor_cent

FIRM, PROVIDER = "firm", "provider"


@dataclass(frozen=True, slots=True)
class PaymentModel:
    """What a model asks: the payee, invoices paid before the claim, the firm's own validation, its share first."""

    code: str
    payee: str = FIRM
    paid_invoices: bool = True
    firm_validates: bool = False
    share_first: bool = False
    advance: bool = False


MODELS: Mapping[str, PaymentModel] = {
    model.code: model
    for model in (
        PaymentModel("reimbursement"),
        PaymentModel("assignment", payee=PROVIDER, paid_invoices=False, firm_validates=True),
        PaymentModel("escrow", payee=PROVIDER, paid_invoices=False, firm_validates=True, share_first=True),
        PaymentModel("advance_balance", advance=True),
        PaymentModel("flat"),
    )
}


def model_of(rules: Mapping[str, Any]) -> PaymentModel:
    """The payment model of a scheme version; reimbursement when it names none."""
    return MODELS[rules.get("payment", {}).get("model", "reimbursement")]


def advance_due(rules: Mapping[str, Any], granted: Decimal) -> Decimal:
    """The advance on a grant, in euro: its share, rounded down to the cent, within its ceiling; zero without one."""
    terms = rules.get("payment", {}).get("advance")
    if terms is None or not model_of(rules).advance:
        return ZERO
    share = floor_cent(granted * Decimal(terms["share"]))
    return min(share, Decimal(terms["ceiling"])) if "ceiling" in terms else share


def guarantee_required(rules: Mapping[str, Any]) -> bool:
    """Whether an advance is paid against a guarantee of a bank only."""
    return bool(rules.get("payment", {}).get("advance", {}).get("guarantee_required", False))


def redeemed_once(rules: Mapping[str, Any]) -> bool:
    """Whether a voucher is used up by one claim, and not in parts."""
    return rules.get("payment", {}).get("redemption", "partly") == "once"


@dataclass(frozen=True, slots=True)
class Outlay:
    """What a firm pays: before the aid comes, in the end, and what may come in advance. Euro excl. VAT."""

    first: Decimal
    final: Decimal
    advance: Decimal

    @property
    def carried(self) -> Decimal:
        """What the firm’s own cash carries until the aid is paid."""
        return self.first - self.final


def outlay(rules: Mapping[str, Any], quoted: Decimal, aid: Decimal) -> Outlay:
    """Where the provider is paid by the region the firm pays its share alone; else all of it, less an advance."""
    own = quoted - aid
    advance = advance_due(rules, aid)
    return Outlay(own if model_of(rules).payee == PROVIDER else quoted - advance, own, advance)


def share_awaited(rules: Mapping[str, Any], eligible: Decimal, granted: Decimal, received: Decimal) -> Decimal:
    """What the firm has still to pay into the pot, in euro excl. VAT: the eligible cost less aid and what came in."""
    if not model_of(rules).share_first:
        return ZERO
    return max(eligible - granted - received, ZERO)


def share_released(accepted: Decimal, aid: Decimal, held: Decimal) -> Decimal:
    """The firm's own share that a payment to the provider takes from the pot: the accepted cost less the aid."""
    return min(max(accepted - aid, ZERO), held)
