"""The eligible expenditure that goes with each row of a claim, in euro: what column B of annex XXIII adds up.

Grouped mode: the region's expenditure is the aid that it paid. Single mode: the firm's own expenditure, accepted by
the control; it enters in the same part as the aid on it was paid, so that nothing is declared before it is paid.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Sum

from applications.enums import Bucket, ClaimKind, ClaimState
from applications.models import Claim, Correction, LedgerEntry, Operation, OperationClaimLine
from applications.rules.payment_application import VerifiedExpenditure, declarable, in_proportion
from regions.enums import Instrument
from regions.money import ZERO
from workflows import single_operation

CERTIFIED = (ClaimState.VERIFIED, ClaimState.SETTLED)


def carried(claim: Claim) -> Decimal:
    """The expenditure that the aid of a certified claim goes with.

    An advance has none of its own: it goes with what was accepted later and gave no more aid.
    """
    if single_operation.is_lump_sum(claim.application.scheme_version.rules):
        return claim.aid_due or ZERO
    if claim.kind != ClaimKind.ADVANCE:
        return claim.amount_accepted or ZERO
    covered = claim.application.claims.filter(
        state__in=CERTIFIED, instrument=Instrument.GRANT, aid_due=0, amount_accepted__isnull=False
    )
    return covered.aggregate(total=Sum("amount_accepted"))["total"] or ZERO


@dataclass
class Position:
    """Expenditure and public contribution declared so far."""

    expenditure: Decimal = ZERO
    declared: Decimal = ZERO

    def add(self, expenditure: Decimal, declared: Decimal) -> None:
        self.expenditure += expenditure
        self.declared += declared


class Shares:
    """The expenditure of the lines of one claim of an operation, given in their order."""

    def __init__(self, operation: Operation) -> None:
        self.grouped = operation.is_grouped
        self.stands = Position() if self.grouped else standing(operation)
        self.paid: dict[int, Decimal] = defaultdict(lambda: ZERO)
        if not self.grouped:
            self.paid.update(_paid_of_claims(operation))

    def of(self, line: OperationClaimLine) -> Decimal:
        """The expenditure of a line, signed as what it declares."""
        if self.grouped:
            return line.declared
        if line.correction is not None:
            return -line.correction.expenditure
        found = self._of_row(line, line.entry)
        self.stands.add(found, line.declared)
        return found

    def _of_row(self, line: OperationClaimLine, entry: Any) -> Decimal:
        if entry.claim is not None and entry.bucket == Bucket.PAID:
            return self._of_payment(entry, entry.claim)
        return -in_proportion(self.stands.expenditure, self.stands.declared, -line.declared)

    def _of_payment(self, entry: LedgerEntry, claim: Claim) -> Decimal:
        """What a payment adds to the part of its claim's expenditure that is paid: the cents always add up."""
        before = self.paid[claim.pk]
        self.paid[claim.pk] += entry.amount
        return _declarable(claim, self.paid[claim.pk]) - _declarable(claim, before)


def _declarable(claim: Claim, paid: Decimal) -> Decimal:
    """Of a claim's expenditure, the part whose aid is paid, whatever its regime: nothing is declared ahead."""
    asked = VerifiedExpenditure(carried(claim), claim.aid_due or ZERO, max(paid, ZERO), aid_regime="state_aid")
    return declarable(asked).amount or ZERO


def _paid_of_claims(operation: Operation) -> dict[int, Decimal]:
    """Claim → the aid of it that lines already hold."""
    held = OperationClaimLine.objects.filter(claim__operation=operation, live=True, entry__bucket=Bucket.PAID)
    return dict(held.order_by().values_list("entry__claim").annotate(total=Sum("booked")))


def standing(operation: Operation) -> Position:
    """What the operation's lines declare, less the corrections that no line holds: of the accounts, or to come."""
    lines = OperationClaimLine.objects.filter(claim__operation=operation, live=True)
    told = lines.aggregate(e=Sum("expenditure"), d=Sum("declared"))
    held = OperationClaimLine.objects.filter(correction=OuterRef("pk"), live=True)
    apart = Correction.objects.filter(~Exists(held), application__operation=operation)
    less = apart.aggregate(e=Sum("expenditure"), d=Sum("amount"))
    return Position((told["e"] or ZERO) - (less["e"] or ZERO), (told["d"] or ZERO) - (less["d"] or ZERO))


def of_correction(file: Any, amount: Decimal) -> Decimal:
    """The expenditure that a correction of public contribution takes back with it."""
    if file.operation is None or file.operation.is_grouped:
        return amount
    stands = standing(file.operation)
    return in_proportion(stands.expenditure, stands.declared, amount)
