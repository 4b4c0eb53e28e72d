"""The ledger: append-only rows; inserting one fires a trigger that moves positions under CHECK.

No other code writes a position. On both databases an envelope can never commit more than its
ceiling plus the overbooking voted, nor a file verify more than was granted, order more than was
verified, pay more than was ordered, or recover more than was paid.
"""

from django.db import models
from django.db.models import F, Q

from applications.enums import Bucket
from applications.models.application import Application
from applications.models.claim import Claim
from applications.models.payment import PaymentOrder
from regions.fields import AppendOnly, CentsField
from regions.models import Envelope, EnvelopeLine, User


class LedgerEntry(AppendOnly):
    """One movement of one bucket of one funder's line. Signed, in euro; a correction is a new row.

    `effective_on` is the period it belongs to, `recorded_at` when it was known; `cause` names the
    event (subject and rank in its chain). `year` is the financial year whose payment credits are opened or
    drawn; it is empty where the scheme has none.
    """

    line = models.ForeignKey(EnvelopeLine, on_delete=models.PROTECT, related_name="entries")
    bucket = models.CharField(max_length=12, choices=Bucket.choices)
    amount = CentsField()
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="ledger", null=True, blank=True)
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="ledger", null=True, blank=True)
    order = models.ForeignKey(PaymentOrder, on_delete=models.PROTECT, related_name="ledger", null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    act = models.CharField(max_length=30)
    cause = models.CharField(max_length=60)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["line", "bucket"], name="ledger_by_line"),
            models.Index(fields=["application", "bucket"], name="ledger_by_file"),
            models.Index(fields=["recorded_at"], name="ledger_by_time"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="entry_not_zero"),
            models.CheckConstraint(
                condition=Q(bucket__in=["ceiling", "overbooking", "credits"]) | Q(application__isnull=False),
                name="entry_of_a_file_or_a_budget",
            ),
            models.CheckConstraint(
                condition=Q(
                    year__isnull=True,
                    bucket__in=[
                        "ceiling",
                        "overbooking",
                        "reserved",
                        "committed",
                        "verified",
                        "ordered",
                        "paid",
                        "recovered",
                    ],
                )
                | Q(year__isnull=False, bucket__in=["credits", "ordered"]),
                name="entry_of_a_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bucket} {self.amount}"


class EnvelopePosition(models.Model):
    """Where a funder's line stands; moved by the ledger's trigger only. Euro."""

    line = models.OneToOneField(EnvelopeLine, on_delete=models.PROTECT, related_name="position", primary_key=True)
    ceiling = CentsField(default=0)
    overbooking = CentsField(default=0)
    credits = CentsField(default=0)
    reserved = CentsField(default=0)
    committed = CentsField(default=0)
    verified = CentsField(default=0)
    ordered = CentsField(default=0)
    paid = CentsField(default=0)
    recovered = CentsField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(committed__lte=F("ceiling") + F("overbooking")), name="envelope_never_overdrawn"
            ),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="envelope_reserved_not_negative"),
            models.CheckConstraint(condition=Q(verified__lte=F("committed")), name="envelope_verified_committed"),
            models.CheckConstraint(condition=Q(ordered__lte=F("verified")), name="envelope_ordered_verified"),
            models.CheckConstraint(condition=Q(paid__lte=F("ordered"), paid__gte=0), name="envelope_paid_ordered"),
            models.CheckConstraint(
                condition=Q(recovered__lte=F("paid"), recovered__gte=0), name="envelope_recovered_paid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}"


class PaymentCreditPosition(models.Model):
    """The payment credits (crédits de paiement) of a line in a year, and what was ordered on them. Euro.

    Moved by the ledger's trigger only; an order draws on the year in which it is prepared.
    """

    line = models.ForeignKey(EnvelopeLine, on_delete=models.PROTECT, related_name="payment_credits")
    year = models.PositiveSmallIntegerField()
    opened = CentsField(default=0)
    ordered = CentsField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "year"], name="one_credit_position_per_year"),
            models.CheckConstraint(
                condition=Q(opened__gte=0, ordered__lte=F("opened")), name="payment_credits_never_overdrawn"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}:{self.year}"


class BudgetVote(AppendOnly):
    """The vote on which a movement of an envelope's budget rests: what was voted, under which reference. Euro."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="votes")
    bucket = models.CharField(max_length=12, choices=Bucket.choices)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    amount = CentsField()
    reference = models.CharField(max_length=60)
    voted_on = models.DateField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(condition=~Q(reference=""), name="vote_has_reference")]

    def __str__(self) -> str:
        return self.reference


class CasePosition(models.Model):
    """Where a file stands on a funder's line; moved by the ledger's trigger only. Euro."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="positions")
    line = models.ForeignKey(EnvelopeLine, on_delete=models.PROTECT, related_name="case_positions")
    reserved = CentsField(default=0)
    committed = CentsField(default=0)
    verified = CentsField(default=0)
    ordered = CentsField(default=0)
    paid = CentsField(default=0)
    recovered = CentsField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "line"], name="one_position_per_file_and_line"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="case_reserved_not_negative"),
            models.CheckConstraint(condition=Q(verified__lte=F("committed")), name="case_verified_granted"),
            models.CheckConstraint(condition=Q(ordered__lte=F("verified")), name="case_ordered_verified"),
            models.CheckConstraint(condition=Q(paid__lte=F("ordered"), paid__gte=0), name="case_paid_ordered"),
            models.CheckConstraint(condition=Q(recovered__lte=F("paid"), recovered__gte=0), name="case_recovered_paid"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id}:{self.line_id}"
