"""Payment models: who is paid, on what evidence, and whose act each step is. Data, chosen by a scheme.

Reimbursement: the firm paid everything, proves it and is paid back. Assignment (cession de créance):
the firm pays its share and the VAT, the provider is paid the aid. Escrow: the firm's share arrives
first, then the provider is paid both from one pot. Split: a share of the aid goes to the provider by
assignment, the rest to the firm, which pays the rest of the invoice. Advance and balance: a part of the
grant before the expenses, the rest on them. Flat: a fixed sum on proof that the expense reached the floor.
Aid is counted excluding VAT: the VAT is always left to the firm.
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
    """What a model asks: the payees, invoices paid before the claim, the firm's own validation, its share first."""

    code: str
    payees: tuple[str, ...] = (FIRM,)
    paid_invoices: bool = True
    firm_validates: bool = False
    share_first: bool = False
    advance: bool = False

    @property
    def to_provider(self) -> bool:
        """Whether the provider is paid some of the aid, or all of it."""
        return PROVIDER in self.payees

    @property
    def split(self) -> bool:
        """Whether the aid of one claim is paid to two payees."""
        return len(self.payees) > 1


MODELS: Mapping[str, PaymentModel] = {
    model.code: model
    for model in (
        PaymentModel("reimbursement"),
        PaymentModel("assignment", (PROVIDER,), paid_invoices=False, firm_validates=True),
        PaymentModel("escrow", (PROVIDER,), paid_invoices=False, firm_validates=True, share_first=True),
        PaymentModel("split", (PROVIDER, FIRM), paid_invoices=False, firm_validates=True),
        PaymentModel("advance_balance", advance=True),
        PaymentModel("flat"),
    )
}


def model_of(rules: Mapping[str, Any]) -> PaymentModel:
    """The payment model of a scheme version; reimbursement when it names none."""
    return MODELS[rules.get("payment", {}).get("model", "reimbursement")]


def parts(rules: Mapping[str, Any], aid: Decimal) -> dict[str, Decimal]:
    """Payee → part of an aid, in euro. The provider's is rounded down to the cent, the firm takes the remainder.

    The parts add up to the aid to the cent. 1,000.01 at a share of 0.60: 600.00 to the provider, 400.01 to the firm.
    """
    model = model_of(rules)
    if not model.split:
        return {model.payees[0]: aid}
    assigned = floor_cent(aid * Decimal(rules["payment"]["split"]["provider_share"]))
    return {PROVIDER: assigned, FIRM: aid - assigned}


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
    """The firm pays first what the region does not pay to the provider, less an advance."""
    advance, assigned = advance_due(rules, aid), parts(rules, aid).get(PROVIDER, ZERO)
    return Outlay(quoted - assigned - advance, quoted - aid, advance)


def share_awaited(rules: Mapping[str, Any], eligible: Decimal, granted: Decimal, received: Decimal) -> Decimal:
    """What the firm has still to pay into the pot, in euro excl. VAT: the eligible cost less aid and what came in."""
    if not model_of(rules).share_first:
        return ZERO
    return max(eligible - granted - received, ZERO)


def share_released(accepted: Decimal, aid: Decimal, held: Decimal) -> Decimal:
    """The firm's own share that a payment to the provider takes from the pot: the accepted cost less the aid."""
    return min(max(accepted - aid, ZERO), held)
