"""A yearly check made: its record, and at once the withdrawal that a breach opens. Euro."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from applications.models import DurabilityCheck
from applications.rules.revocation import WITHDRAWAL
from regions.models import User
from workflows import gate


def check(user: User, pk: int, *, reason: str, **found: Any) -> DurabilityCheck:
    """Record a check; a breach that costs something opens the withdrawal of that part, on which the firm is heard.

    Raises what the gate raises; nothing is written then.
    """
    with transaction.atomic():
        gate.record(user, "application", pk, "durability", reason=reason, **found)
        row = DurabilityCheck.objects.filter(application=pk).latest("pk")
        if row.amount:
            gate.record(
                user, "application", pk, "revocation_proposed", reason=reason, ground="conditions_not_met",
                effect=WITHDRAWAL, amount=row.amount,
            )  # fmt: skip
    return row
