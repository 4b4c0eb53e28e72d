"""The firm's own money held until the work is done: received, paid out with the aid, or given back.

It is not aid: no envelope holds it. Append-only rows move one position per file under CHECK, as in
the ledger, so that no more can leave than came in.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.models.application import Application
from applications.models.payment import PaymentOrder
from regions.fields import AppendOnly, CentsField
from regions.models import User


class EscrowEntry(AppendOnly):
    """One movement of the firm's own money on a file. Signed, in euro; `cause` names the event."""

    class Side(models.TextChoices):
        RECEIVED = "received", _("Part de l’entreprise reçue")
        RELEASED = "released", _("Part versée au prestataire")
        REFUNDED = "refunded", _("Part rendue à l’entreprise")

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="escrow_entries")
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    amount = CentsField()
    reference = models.CharField(max_length=40, blank=True)
    cause = models.CharField(max_length=60)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="escrow_entry_not_zero"),
            models.UniqueConstraint(
                fields=["application", "reference"], condition=Q(side="received"), name="one_receipt_per_reference"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.amount}"


class EscrowPosition(models.Model):
    """Where the firm's own money stands on a file; moved by the trigger only. Euro."""

    application = models.OneToOneField(Application, on_delete=models.PROTECT, related_name="escrow", primary_key=True)
    received = CentsField(default=0)
    released = CentsField(default=0)
    refunded = CentsField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received__gte=F("released") + F("refunded"), released__gte=0, refunded__gte=0),
                name="escrow_never_overdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}"
