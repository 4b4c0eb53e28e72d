"""The payment claim: what was bought and paid, line by line, and what the control accepts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, ClaimKind, ClaimState, RejectionReason
from applications.models.application import Application, visible_to
from regions.enums import Instrument
from regions.fields import CentsField, StateField, Stateful
from regions.models import User


class ClaimQuerySet(models.QuerySet["Claim"]):
    def for_user(self, user: User) -> ClaimQuerySet:
        """Claims of the files a person may know of."""
        return self if user.is_system else self.filter(visible_to(user, "application__"))


class Claim(Stateful):
    """A request for payment (demande de paiement). Euro excl. VAT; `aid_due` is set at verification."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="claims")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ClaimKind.choices, default=ClaimKind.EXPENSES)
    instrument = models.CharField(max_length=10, choices=Instrument.choices, default=Instrument.GRANT)
    is_final = models.BooleanField(default=True)
    state = StateField(default=ClaimState.DRAFT, choices=ClaimState.choices)
    next_actor = models.CharField(max_length=12, choices=Actor.choices, default=Actor.FIRM, blank=True)
    due_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True, blank=True)
    payment_due_on = models.DateField(null=True, blank=True)
    deliverable_url = models.URLField(blank=True)
    amount_declared = CentsField(null=True, blank=True)
    amount_accepted = CentsField(null=True, blank=True)
    aid_due = CentsField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_claim_number"),
            models.CheckConstraint(
                condition=~Q(state__in=["verified", "settled"]) | Q(aid_due__isnull=False),
                name="verified_claim_has_amount",
            ),
            models.CheckConstraint(
                condition=Q(amount_accepted__isnull=True) | Q(amount_accepted__lte=F("amount_declared")),
                name="accepted_within_declared",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application}/{self.number}"


class ClaimLine(models.Model):
    """An invoice line claimed: declared, then accepted, rejected with a reason and a finding, or parked.

    A parked line waits for a later claim: it has its finding, no amount, and no part in its claim's sums. `live`
    until its claim is withdrawn or rejected, or certified without it: the invoice may then be presented again.
    """

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey("applications.ApplicationLine", on_delete=models.PROTECT, related_name="claimed")
    invoice_number = models.CharField(_("numéro de facture"), max_length=40)
    supplier_siret = models.CharField(max_length=14)
    invoiced_on = models.DateField()
    paid_on = models.DateField(null=True, blank=True)
    amount = CentsField()
    quantity = CentsField(_("nombre de jours"), null=True, blank=True)
    accepted = CentsField(null=True, blank=True)
    reason = models.CharField(max_length=20, choices=RejectionReason.choices, blank=True)
    finding = models.TextField(blank=True)
    parked = models.BooleanField(_("reportée à une demande ultérieure"), default=False)
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["supplier_siret", "invoice_number", "line"],
                condition=Q(live=True),
                name="invoice_line_claimed_once",
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="claimed_amount_positive"),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted__gte=0, accepted__lte=F("amount")),
                name="line_accepted_within_declared",
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True) | Q(accepted=F("amount")) | ~Q(reason=""),
                name="rejected_amount_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(parked=False) | (Q(accepted__isnull=True, reason="") & ~Q(finding="")),
                name="parked_line_has_finding_only",
            ),
        ]

    def __str__(self) -> str:
        return self.invoice_number
