"""The aid due on a claim, whatever its kind: the same figure on screen and in the books. Euro."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from applications.booking import positions
from applications.enums import Bucket, ClaimKind, ClaimState
from applications.models import Claim
from applications.rules.amounts import Line, at_payment
from applications.rules.payment_models import advance_due
from regions.money import ZERO
from workflows import assessment

COUNTED = (ClaimState.VERIFIED, ClaimState.SETTLED)


def aid_due(claim: Claim) -> Decimal:
    """What the claim gives right to now; negative when more was verified before than is due altogether."""
    return DUE[ClaimKind(claim.kind)](claim)


def _on_expenses(claim: Claim) -> Decimal:
    """On what is accepted, with earlier claims, capped by lines and by the grant; less what was verified already."""
    file = claim.application
    total = at_payment(
        file.scheme_version.rules,
        [_line(line, line.eligible or ZERO, line.quantity) for line in file.lines.all()],
        _accepted(claim),
        file.amount_granted or ZERO,
        assessment.facts_at_grant(file),
    )
    return Decimal(total) - positions(file)[Bucket.VERIFIED]


def _accepted(claim: Claim) -> list[Line]:
    """Accepted amounts line by line: this claim's and those of the claims already verified."""
    file = claim.application
    counted = [claim.pk, *file.claims.filter(state__in=COUNTED).values_list("pk", flat=True)]
    return [_claimed(line, list(line.claimed.filter(claim__in=counted))) for line in file.lines.all()]


def _claimed(line: Any, rows: list[Any]) -> Line:
    """What was accepted on a line, and its days, if it is sold by the day."""
    quantities = [row.quantity for row in rows if row.quantity is not None and row.accepted]
    return _line(line, sum((row.accepted or ZERO for row in rows), ZERO), sum(quantities, ZERO) if quantities else None)


def _line(line: Any, amount: Decimal, quantity: Decimal | None) -> Line:
    return Line(
        key=str(line.number), category=line.category, label="", amount=amount, hardware=line.hardware, quantity=quantity
    )


def _advance(claim: Claim) -> Decimal:
    """The scheme's advance on the grant, once."""
    file = claim.application
    return advance_due(file.scheme_version.rules, file.amount_granted or ZERO) - positions(file)[Bucket.VERIFIED]


def _release(claim: Claim) -> Decimal:
    """What of a loan or a repayable advance was not released yet."""
    file = claim.application
    component = file.agreement.components.get(instrument=claim.instrument)
    return Decimal(component.amount) - positions(file, claim.instrument)[Bucket.VERIFIED]


DUE: dict[str, Callable[[Claim], Decimal]] = {
    ClaimKind.EXPENSES: _on_expenses,
    ClaimKind.ADVANCE: _advance,
    ClaimKind.RELEASE: _release,
}
