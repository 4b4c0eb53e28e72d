"""What is declared to the Union: the claim of an operation's beneficiary, its lines, and the payment application.

Every line is one row of the ledger (aid paid, or given back) or one correction: the database refuses
any other, and refuses the same row twice. In grouped mode the eligible expenditure is the aid that the
region paid; in single mode it is the firm's own expenditure, and the aid is the public contribution.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import CorrectionLanding, Deduction, OperationClaimState, PaymentApplicationState
from applications.models.application import Application, live
from applications.models.irregularity import Irregularity
from applications.models.ledger import LedgerEntry
from applications.models.operation import Operation
from regions.fields import AppendOnly, CentsField, Chained, StateField, Stateful
from regions.models import Programme, Region, User


class OfTheRegionQuerySet(models.QuerySet):
    def for_user(self, user: User) -> OfTheRegionQuerySet:
        """Those of the regions where the person holds a role today."""
        return self if user.is_system else self.filter(region__in=live(user.roles, None).values("region"))


class PaymentApplication(Stateful, Chained):
    """A payment application of a programme: one in each period of art. 91(1), for one accounting year. Euro.

    `declared` and `contribution` are columns B and E of annex XXIII; `is_final` closes the accounting year.
    """

    class Basis(models.TextChoices):
        TOTAL = "total", _("Coût total")
        PUBLIC = "public", _("Contribution publique")

    programme = models.ForeignKey(Programme, on_delete=models.PROTECT, related_name="payment_applications")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="payment_applications")
    number = models.PositiveSmallIntegerField()
    state = StateField(default=PaymentApplicationState.NEW, choices=PaymentApplicationState.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices, default=Basis.PUBLIC)
    year_start = models.DateField()
    year_end = models.DateField()
    window_start = models.DateField()
    window_end = models.DateField()
    is_final = models.BooleanField(default=False)
    declared = CentsField(default=0)
    contribution = CentsField(default=0)
    prepared_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    reference = models.CharField(max_length=60, blank=True)

    objects = OfTheRegionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["programme", "number"], name="one_payment_application_number"),
            models.UniqueConstraint(
                fields=["programme", "window_end"],
                condition=~Q(state="cancelled"),
                name="one_payment_application_per_period",
            ),
            models.CheckConstraint(
                condition=~Q(state="sent") | (Q(sent_at__isnull=False) & ~Q(reference="")),
                name="sent_payment_application_has_reference",
            ),
            models.CheckConstraint(condition=Q(declared__gte=0), name="payment_application_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.programme_id}-{self.number}"

    @property
    def year(self) -> str:
        """ "2025-26" """
        return f"{self.year_end.year - 1}-{self.year_end.year % 100:02d}"


class OperationClaim(Stateful, Chained):
    """What an operation's beneficiary claims up to a day: the region in grouped mode, the firm in single mode. Euro.

    `declared` is the public contribution, the sum of its lines once those that the authority set aside are
    taken out; `expenditure` is the eligible expenditure that goes with it.
    """

    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="claims")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="operation_claims")
    number = models.PositiveSmallIntegerField()
    state = StateField(default=OperationClaimState.NEW, choices=OperationClaimState.choices)
    period_start = models.DateField()
    period_end = models.DateField()
    declared = CentsField(default=0)
    expenditure = CentsField(default=0)
    prepared_at = models.DateTimeField(null=True, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    payment_application = models.ForeignKey(
        PaymentApplication, on_delete=models.PROTECT, related_name="claims", null=True, blank=True
    )

    objects = OfTheRegionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operation", "number"], name="one_operation_claim_number"),
            models.UniqueConstraint(
                fields=["operation"], condition=Q(state="submitted"), name="one_operation_claim_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")), name="operation_claim_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(payment_application__isnull=True) | Q(state="verified"), name="only_verified_is_declared"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation.code}/{self.number}"


class Correction(AppendOnly):
    """Declared expenditure taken back: from the next payment application, or in the accounts of a year. Euro.

    `year_end` is the accounting year whose accounts leave it out (art. 98(6)); empty, the next
    application is reduced. `audit` says that an audit found it. The words stand with the event. One made from an
    irregularity names it, and keeps where it landed on its day: together they never exceed the irregular aid.
    `amount` is the public contribution taken back, `expenditure` the eligible expenditure that goes with it.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="corrections")
    irregularity = models.ForeignKey(
        Irregularity, on_delete=models.PROTECT, related_name="corrections", null=True, blank=True
    )
    amount = CentsField()
    expenditure = CentsField(default=0)
    kind = models.CharField(max_length=12, choices=Deduction.choices)
    audit = models.BooleanField(default=False)
    year_end = models.DateField(null=True, blank=True)
    lands_in = models.CharField(max_length=12, choices=CorrectionLanding.choices, blank=True)
    accounting_year = models.CharField(max_length=7, blank=True)
    decided_on = models.DateField()
    recorded_at = models.DateTimeField()
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0, expenditure__gte=0), name="correction_positive"),
            models.CheckConstraint(
                condition=Q(irregularity__isnull=True) | ~Q(lands_in=""), name="irregularity_correction_lands"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount}"


class OperationClaimLine(models.Model):
    """One row of the ledger, or one correction, in a claim. Signed, in euro: aid given back is negative.

    `booked` is what the ledger or the correction says, `declared` what the Union is told of it: never
    more. `expenditure` is the eligible expenditure that it goes with: in grouped mode, `declared` again. `live`
    falls when the claim is returned, and the row may then enter another one.
    """

    claim = models.ForeignKey(OperationClaim, on_delete=models.PROTECT, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="declared_lines")
    entry = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="declared_lines", null=True, blank=True
    )
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="lines", null=True, blank=True)
    booked = CentsField()
    declared = CentsField()
    expenditure = CentsField(default=0)
    reason = models.CharField(max_length=200, blank=True)
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=Q(live=True), name="ledger_row_declared_once"),
            models.UniqueConstraint(fields=["correction"], condition=Q(live=True), name="correction_deducted_once"),
            models.CheckConstraint(
                condition=Q(entry__isnull=True) ^ Q(correction__isnull=True), name="line_of_a_row_or_a_correction"
            ),
            models.CheckConstraint(
                condition=Q(booked__gt=0, declared__gte=0, declared__lte=F("booked"), expenditure__gte=0)
                | Q(booked__lt=0, declared__lte=0, declared__gte=F("booked"), expenditure__lte=0),
                name="declared_within_booked",
            ),
            models.CheckConstraint(condition=Q(declared=F("booked")) | ~Q(reason=""), name="line_set_aside_has_reason"),
        ]
        indexes = [models.Index(fields=["application", "live"], name="declared_of_file")]

    def __str__(self) -> str:
        return f"{self.claim_id}:{self.application_id}"
