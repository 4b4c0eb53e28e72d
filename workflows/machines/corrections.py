"""Corrections of a grant exempted under the GBER: a new row in the act that changes its equivalent. Euro.

Reg. (EU) 651/2014, art. 9(1)(c): what was published is published again when it changes; see `applications.publication`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.models import Grant, GrantCorrection
from applications.publication import standing
from applications.rules.transparency import correct_by, is_exempted
from regions.money import ZERO
from workflows.acts import Act
from workflows.chain import coming
from workflows.registers import legal_basis_of

Cause = GrantCorrection.Cause


def lower(file: Any, act: Act, amount: Decimal, cause: str) -> None:
    """The equivalent comes down to an amount of the grant itself and all that is not a grant; it never goes up."""
    grant = _exempted(file)
    if grant is not None:
        _correct(file, grant, act, min(standing(grant), amount + beyond(grant)), cause)


def change(file: Any, act: Act, by: Decimal, cause: str) -> None:
    """The equivalent moves by a signed amount."""
    grant = _exempted(file)
    if grant is not None:
        _correct(file, grant, act, standing(grant) + by, cause)


def beyond(grant: Grant) -> Decimal:
    """The equivalent of what is not a grant: a loan, an advance, a guarantee."""
    return grant.components.aggregate(total=Sum("gross_grant_equivalent"))["total"] or ZERO


def _exempted(file: Any) -> Grant | None:
    exempted = is_exempted(legal_basis_of(file))
    return Grant.objects.filter(application=file).first() if exempted else None


def _correct(file: Any, grant: Grant, act: Act, equivalent: Decimal, cause: str) -> None:
    previous = standing(grant)
    if equivalent == previous:
        return
    GrantCorrection(
        grant=grant, number=grant.corrections.count() + 1, previous=previous, equivalent=equivalent,
        corrected_on=act.day, cause=cause, event=coming(file), publish_by=correct_by(act.day),
        recorded_at=act.at,
    ).save()  # fmt: skip
