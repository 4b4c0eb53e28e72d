"""An irregularity: found by one, assessed by another, reported to the Union where annex XII asks for it."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import (
    Actor,
    CorrectionLanding,
    DetectedHow,
    IrregularityNature,
    IrregularityState,
)
from applications.models.application import Application, visible_to
from applications.models.claim import Claim
from applications.models.recovery import Recovery
from applications.rules.irregularity import Irregularity as Case
from regions.fields import CentsField, StateField, Stateful
from regions.models import User


class IrregularityQuerySet(models.QuerySet["Irregularity"]):
    def for_user(self, user: User) -> IrregularityQuerySet:
        """Irregularities of the files a person may know of."""
        return self if user.is_system else self.filter(visible_to(user, "application__"))


class Irregularity(Stateful):
    """A case in the fields of annex XII, section 2, of Reg. (EU) 2021/1060. Euro; written by the gate only.

    `expenditure` is irregular eligible expenditure, `aid` the public contribution to it, `union_share` the part of
    the Funds. `declared_on` is the day the expenditure was declared to the Commission, empty when it was not.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="irregularities")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="irregularities", null=True, blank=True)
    recovery = models.ForeignKey(
        Recovery, on_delete=models.PROTECT, related_name="irregularities", null=True, blank=True
    )
    number = models.CharField(max_length=30, unique=True)
    state = StateField(default=IrregularityState.NEW, choices=IrregularityState.choices)
    next_actor = models.CharField(max_length=12, choices=Actor.choices, blank=True)
    nature = models.CharField(max_length=20, choices=IrregularityNature.choices)
    provision = models.CharField(_("disposition enfreinte"), max_length=200)
    committed_from = models.DateField(null=True, blank=True)
    committed_to = models.DateField(null=True, blank=True)
    detected_on = models.DateField()
    detected_how = models.CharField(max_length=20, choices=DetectedHow.choices)
    expenditure = CentsField(_("dépense irrégulière"))
    aid = CentsField(_("aide irrégulière"))
    union_share = CentsField(default=0)
    declared_on = models.DateField(null=True, blank=True)
    suspected_fraud = models.BooleanField(default=False)
    bankruptcy_only = models.BooleanField(default=False)
    disclosed = models.BooleanField(default=False)
    report_by = models.DateField()
    assessed_on = models.DateField(null=True, blank=True)
    lands_in = models.CharField(max_length=12, choices=CorrectionLanding.choices, blank=True)
    accounting_year = models.CharField(max_length=7, blank=True)
    reported_on = models.DateField(null=True, blank=True)
    report_reference = models.CharField(_("référence du signalement"), max_length=60, blank=True)
    ended_on = models.DateField(null=True, blank=True)

    objects = IrregularityQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "irregularities"
        constraints = [
            models.CheckConstraint(condition=Q(aid__gt=0, expenditure__gte=F("aid")), name="irregularity_amounts"),
            models.CheckConstraint(
                condition=Q(union_share__gte=0, union_share__lte=F("aid")), name="union_share_within_irregular_aid"
            ),
            models.CheckConstraint(
                condition=~Q(state="reported") | (Q(reported_on__isnull=False) & ~Q(report_reference="")),
                name="reported_irregularity_has_reference",
            ),
        ]
        indexes = [models.Index(fields=["state", "report_by"], name="irregularities_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def national_share(self) -> Decimal:
        """The part of the national funders, in euro."""
        return Decimal(self.aid - self.union_share)

    @property
    def private_share(self) -> Decimal:
        """The part of the firm, in euro."""
        return Decimal(self.expenditure - self.aid)

    def case(self, linked: Decimal) -> Case:
        """The case as the rule of reporting reads it; `linked` is the sum of the linked cases, itself included."""
        return Case(
            detected_on=self.detected_on, contribution=self.union_share, interlinked_total=linked,
            suspected_fraud=self.suspected_fraud, bankruptcy_only=self.bankruptcy_only,
            disclosed_voluntarily=self.disclosed, corrected_before_declaration=self.declared_on is None,
        )  # fmt: skip
