"""Schedules of repayment: opened when a loan or a repayable advance is paid out, followed instalment by instalment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from applications.enums import ClaimKind
from applications.models import GrantComponent, Instalment
from applications.rules.repayment import repayment_schedule
from regions.money import ZERO, floor_cent
from workflows.acts import Due
from workflows.models import Deadline


def component_of(claim: Any) -> GrantComponent | None:
    """The component that a claim releases, if it releases one."""
    if claim.kind != ClaimKind.RELEASE:
        return None
    found: GrantComponent = claim.application.agreement.components.get(instrument=claim.instrument)
    return found


def open_schedule(order: Any) -> None:
    """Write the instalments from the day on which the money was paid."""
    component = component_of(order.claim)
    if component is not None:
        Instalment.objects.bulk_create(_rows(component, order.amount, order.paid_on))


def _rows(component: GrantComponent, amount: Decimal, start: date) -> list[Instalment]:
    """The whole of what is lent, or the flat minimum where the rest depends on the export turnover."""
    least = Decimal(component.success["least_share"]) if component.success else Decimal(1)
    planned = repayment_schedule(
        floor_cent(amount * least), start, months=component.months, grace_months=component.grace_months,
        every_months=component.every_months, annual_rate_percent=component.annual_rate,
    )  # fmt: skip
    return [
        Instalment(component=component, number=rank, due_on=i.due_on, principal=i.principal, interest=i.interest)
        for rank, i in enumerate(planned, start=1)
    ]


def close_schedule(order: Any) -> None:
    """The payment came back: nothing has to be repaid."""
    component = component_of(order.claim)
    if component is not None:
        component.instalments.all().delete()


def outstanding(component: GrantComponent) -> Decimal:
    """The principal that has still to be repaid, in euro."""
    return sum((i.principal for i in component.instalments.filter(paid_on__isnull=True)), ZERO)


def next_due(component: GrantComponent) -> Instalment | None:
    """The first instalment that was not paid."""
    return component.instalments.filter(paid_on__isnull=True).order_by("due_on", "number").first()


def deadline(file: Any) -> list[Due]:
    """The next instalment whose day was not told yet, over all that the file has to repay."""
    unpaid = Instalment.objects.filter(component__grant__application=file, paid_on__isnull=True)
    row = unpaid.filter(late_told_on__isnull=True).order_by("due_on", "pk").first()
    return [Due(Deadline.Kind.INSTALMENT, row.due_on)] if row else []


def tell_late(file: Any, day: date) -> int:
    """Note the instalments whose day passed unpaid; returns how many there are."""
    unpaid = Instalment.objects.filter(component__grant__application=file, paid_on__isnull=True)
    return unpaid.filter(late_told_on__isnull=True, due_on__lt=day).update(late_told_on=day)
