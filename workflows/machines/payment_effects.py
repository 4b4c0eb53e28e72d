"""What each move of a payment order writes and asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.booking import Booking
from applications.enums import Bucket, ClaimState, Payee
from applications.escrow import EscrowMove, escrow_of
from applications.models import PaymentReturn
from applications.rules.payment_models import share_released
from regions.models import Provider
from regions.money import ZERO
from workflows import invoices, payees, repayments, success
from workflows.acts import Act, Denied, Effects, Then
from workflows.canonical import encode, sha256
from workflows.models import Deadline


def snapshot(order: Any) -> str:
    """SHA-256 of what will be paid and to whom."""
    part = {"payee": order.payee} if payees.is_split(order.claim) else {}
    return sha256(
        encode(
            {
                "claim": order.claim_id,
                "amount": order.amount,
                "own_share": order.own_share,
                "iban": order.payee_iban,
                "name": order.payee_name,
            }
            | part
        )
    )


def prepare(order: Any, act: Act) -> Effects:
    payee = payees.payee_of(order)
    account = payee.bank_details.filter(valid_to__isnull=True).first()
    if account is None:
        raise Denied(_("Le bénéficiaire du paiement n’a pas de coordonnées bancaires : les lui demander."))
    invoices.hold(order.claim)
    order.payee_provider = payee if isinstance(payee, Provider) else None
    order.own_share = _own_share(order)
    order.amount = payees.parts_of(order.claim)[order.payee]
    order.payee_name, order.payee_iban = account.holder, account.iban
    order.number = _number(order)
    order.snapshot_sha256, order.prepared_on = snapshot(order), act.day
    return Effects(
        facts={
            "amount": order.amount,
            "own_share": order.own_share,
            "snapshot": order.snapshot_sha256,
            "number": order.number,
        },  # fmt: skip
        bookings=[Booking(Bucket.ORDERED, order.amount, order.claim.instrument)],
    )


def _own_share(order: Any) -> Decimal:
    """What of the firm's own money, held until now, is paid to the provider with the aid."""
    claim = order.claim
    return share_released(claim.amount_accepted or ZERO, claim.aid_due, escrow_of(order.application).held)


LETTERS = {Payee.PROVIDER: "P", Payee.FIRM: "E"}


def _number(order: Any) -> str:
    """M-<file>-<claim>, with the payee's letter where two are paid, and a rank when an earlier order ended unpaid."""
    rank = order.claim.orders.filter(payee=order.payee).count() + 1
    part = f"-{LETTERS[order.payee]}" if payees.is_split(order.claim) else ""
    return f"M-{order.application.reference}-{order.claim.number}{part}" + (f"-{rank}" if rank > 1 else "")


def sign(order: Any, act: Act) -> Effects:
    order.signed_on = act.day
    return Effects(facts={"snapshot": order.snapshot_sha256, "delegation": act.facts.get("delegation", "")})


def countersign(order: Any, act: Act) -> Effects:
    return Effects(facts={"snapshot": order.snapshot_sha256, "delegation": act.facts.get("delegation", "")})


def send(order: Any, act: Act) -> Effects:
    order.sent_on, order.run = act.day, act.facts["run"]
    return Effects(facts={"run": order.run.number, "sent_by": act.facts["sent_by"]})


def pay(order: Any, act: Act) -> Effects:
    order.paid_on, order.accountant_reference = act.facts["value_date"], act.facts["reference"]
    repayments.open_schedule(order)
    _keep_return(order, act, PaymentReturn.Result.PAID)
    whole = payees.others_paid(order)
    return Effects(
        facts={
            "value_date": order.paid_on,
            "reference": order.accountant_reference,
            "read_by": act.facts.get("read_by"),
        },
        bookings=[Booking(Bucket.PAID, order.amount, order.claim.instrument)],
        escrow=[EscrowMove("released", order.own_share)] if order.own_share else [],
        then=[Then(order.claim, "settle")] if whole else [],
        closes=(Deadline.Kind.PAYMENT, Deadline.Kind.INSTALMENT) if whole else (Deadline.Kind.INSTALMENT,),
        due=[*repayments.deadline(order.application), *success.paid_out(order, act.day)],
        letters=["payment"],
        effective_on=order.paid_on,
    )


def reject(order: Any, act: Act) -> Effects:
    """Give back what was booked; a claim that this order helped to settle waits for a new one."""
    was_paid = order.paid_on is not None
    order.rejection_code, order.paid_on = act.facts["rejection_code"], None
    _keep_return(order, act, PaymentReturn.Result.REJECTED)
    instrument = order.claim.instrument
    paid = [Booking(Bucket.PAID, -order.amount, instrument)] if was_paid else []
    repayments.close_schedule(order)
    invoices.free(order)
    return Effects(
        facts={
            "rejection_code": order.rejection_code,
            "reference": act.facts["reference"],
            "read_by": act.facts.get("read_by"),
        },
        bookings=[*paid, Booking(Bucket.ORDERED, -order.amount, instrument)],
        escrow=[EscrowMove("released", -order.own_share)] if was_paid and order.own_share else [],
        then=[Then(order.claim, "unsettle")] if order.claim.state == ClaimState.SETTLED else [],
        closes=(Deadline.Kind.INSTALMENT, *success.came_back(order)),
        due=repayments.deadline(order.application),
        effective_on=act.facts["value_date"],
    )


def _keep_return(order: Any, act: Act, result: str) -> None:
    PaymentReturn(
        order=order, result=result, value_date=act.facts["value_date"], reference=act.facts["reference"],
        amount=act.facts["amount"], rejection_code=act.facts.get("rejection_code", ""),
        file_sha256=act.facts["file_sha256"], booked=act.facts.get("booked", True), read_at=act.at,
    ).save()  # fmt: skip


def cancel(order: Any, act: Act) -> Effects:
    invoices.free(order)
    return Effects(bookings=[Booking(Bucket.ORDERED, -Decimal(order.amount), order.claim.instrument)])
