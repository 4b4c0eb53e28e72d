"""Case versions: after each act, every fact that a report uses, in typed columns, for ever.

Reports read these rows and the ledger alone, as of a watermark, so last year's report can be
rebuilt to the cent. No name, e-mail, IBAN or free text stands here: references only.
"""

from django.db import models

from applications.enums import ApplicationState, ClaimKind, ClaimState, OrderState
from applications.models.application import Application
from applications.models.claim import Claim
from applications.models.follow_up import FollowUp
from applications.models.operation import Operation
from regions.enums import Instrument
from regions.fields import AppendOnly, CentsField
from regions.models import Provider, Region, SchemeVersion


class CaseVersion(AppendOnly):
    """A file as it stood after one act. Amounts in euro; `recorded_at` = known by, `effective_on` = period."""

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    act = models.CharField(max_length=30)
    recorded_at = models.DateTimeField(db_index=True)
    effective_on = models.DateField()

    reference = models.CharField(max_length=24)
    state = models.CharField(max_length=20, choices=ApplicationState.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+")
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    operation = models.ForeignKey(Operation, on_delete=models.PROTECT, related_name="+", null=True)
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+", null=True)

    siren = models.CharField(max_length=9)
    siret = models.CharField(max_length=14)
    legal_category = models.CharField(max_length=20)
    naf_code = models.CharField(max_length=6)
    naf_nomenclature = models.CharField(max_length=10)
    commune = models.CharField(max_length=5)
    size = models.CharField(max_length=10)
    headcount = CentsField(null=True)
    turnover = CentsField(null=True)

    submitted_on = models.DateField(null=True)
    complete_on = models.DateField(null=True)
    decided_on = models.DateField(null=True)
    notified_on = models.DateField(null=True)
    complete_by = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    refusal_codes = models.JSONField(default=list)

    cost_quoted = CentsField(null=True)
    cost_eligible = CentsField(null=True)
    requested = CentsField(null=True)
    proposed = CentsField(null=True)
    granted = CentsField(null=True)
    granted_erdf = CentsField(null=True)
    gross_grant_equivalent = CentsField(null=True)
    grant_number = models.CharField(max_length=30, blank=True)
    voucher_code = models.CharField(max_length=20, blank=True)
    reserved = CentsField(default=0)
    committed = CentsField(default=0)
    verified = CentsField(default=0)
    ordered = CentsField(default=0)
    paid = CentsField(default=0)
    recovered = CentsField(default=0)
    member_sirens = models.JSONField(default=list)
    private_contribution = CentsField(null=True)
    digital_intensity_before = models.PositiveSmallIntegerField(null=True)
    digital_intensity_after = models.PositiveSmallIntegerField(null=True)
    # The answer that stood, a row that never changes, and the days between which it was due.
    results_on = models.DateField(null=True)
    results_by = models.DateField(null=True)
    follow_up = models.ForeignKey(FollowUp, on_delete=models.PROTECT, related_name="+", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="one_version_per_act"),
        ]
        indexes = [models.Index(fields=["application", "recorded_at", "number"], name="version_as_of")]

    def __str__(self) -> str:
        return f"{self.reference} v{self.number}"


class ClaimVersion(AppendOnly):
    """A claim and its live order as they stood after one act. Euro excl. VAT."""

    case_version = models.ForeignKey(CaseVersion, on_delete=models.PROTECT, related_name="claims")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=ClaimKind.choices, default=ClaimKind.EXPENSES)
    instrument = models.CharField(max_length=10, choices=Instrument.choices, default=Instrument.GRANT)
    state = models.CharField(max_length=20, choices=ClaimState.choices)
    recorded_at = models.DateTimeField()
    received_on = models.DateField(null=True)
    payment_due_on = models.DateField(null=True)
    declared = CentsField(null=True)
    accepted = CentsField(null=True)
    aid_due = CentsField(null=True)
    verified_on = models.DateField(null=True)
    order_number = models.CharField(max_length=30, blank=True)
    order_state = models.CharField(max_length=20, choices=OrderState.choices, blank=True)
    ordered_on = models.DateField(null=True)
    sent_on = models.DateField(null=True)
    paid_on = models.DateField(null=True)
    paid = CentsField(default=0)
    accountant_reference = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [models.Index(fields=["claim", "recorded_at", "id"], name="claim_as_of")]

    def __str__(self) -> str:
        return f"{self.claim_id}"
