"""The aid due on a claim, from what the control accepted: the same figure on screen and in the books."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from applications.booking import positions
from applications.enums import Bucket
from applications.models import Claim
from applications.rules.amounts import Line, at_payment
from regions.money import ZERO


def aid_due(claim: Claim) -> Decimal:
    """The aid due on what is accepted, with earlier claims, capped by lines and by the grant. Euro."""
    file = claim.application
    total = at_payment(
        file.scheme_version.rules,
        [_line(line, line.eligible or ZERO) for line in file.lines.all()],
        _accepted(claim),
        file.amount_granted or ZERO,
        _facts(file),
    )
    return Decimal(total) - positions(file)[Bucket.VERIFIED]


def _accepted(claim: Claim) -> list[Line]:
    """Accepted amounts line by line: this claim's and those of the claims already verified."""
    file = claim.application
    counted = [claim.pk, *file.claims.filter(state__in=["verified", "settled"]).values_list("pk", flat=True)]
    return [
        _line(line, sum((c.accepted or ZERO for c in line.claimed.filter(claim__in=counted)), ZERO))
        for line in file.lines.all()
    ]


def _line(line: Any, amount: Decimal) -> Line:
    return Line(key=str(line.number), category=line.category, label="", amount=amount, hardware=line.hardware)


def _facts(file: Any) -> dict[str, Any]:
    return {"headcount": file.headcount, "turnover": file.turnover, "legal_category": file.legal_category}
