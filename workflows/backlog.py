"""What could not be written when it was due, and can be now: each night, once, through the gate."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import F

from applications.enums import ClaimKind, OrderState, RecoveryState
from applications.models import Application, PaymentOrder, Recovery
from regions.models import User
from workflows import gate
from workflows.acts import Refused
from workflows.complaints import untimed
from workflows.models import Deadline


def fill() -> dict[str, int]:
    """The reminders of turnover, the interest and the last days of complaints that were missing; how many of each."""
    return {
        "turnover_planned": _record("application", _never_reminded(), "turnover_planned"),
        "late_interest": _record("recovery", _without_interest(), "late_interest"),
        "complaint_planned": _record("complaint", untimed().values_list("pk", flat=True), "complaint_planned"),
    }


def _never_reminded() -> Iterable[Any]:
    """The files that repay a paid advance by its success, and in whose calendar no reminder ever stood."""
    paid = PaymentOrder.objects.filter(state=OrderState.PAID, claim__kind=ClaimKind.RELEASE)
    asked = Deadline.objects.filter(kind=Deadline.Kind.TURNOVER, application__isnull=False)
    files = Application.objects.filter(
        agreement__components__success__isnull=False, pk__in=paid.values("application")
    ).exclude(pk__in=asked.values("application"))
    return files.order_by("pk").values_list("pk", flat=True).distinct()


def _without_interest() -> Iterable[Any]:
    """The recoveries that ended after their last day, without any interest recorded."""
    late = Recovery.objects.filter(state=RecoveryState.RECOVERED, ended_on__gt=F("due_on"), interest__isnull=True)
    return late.order_by("pk").values_list("pk", flat=True)


def _record(machine: str, pks: Iterable[Any], kind: str) -> int:
    return sum(_recorded(machine, pk, kind) for pk in list(pks))


def _recorded(machine: str, pk: int, kind: str) -> bool:
    try:
        gate.record(User.objects.system(), machine, pk, kind)
    except Refused:
        return False  # nothing to write, or written meanwhile
    return True
