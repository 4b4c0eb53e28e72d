"""Recovery: money that was paid and has to come back, found by one, ordered by another."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, RecoveryReason, RecoveryState
from applications.models.application import Application, visible_to
from applications.models.claim import Claim
from regions.fields import AppendOnly, CentsField, StateField, Stateful
from regions.models import User


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def for_user(self, user: User) -> RecoveryQuerySet:
        """Recoveries on the files a person may know of."""
        return self if user.is_system else self.filter(visible_to(user, "application__"))


class Recovery(Stateful):
    """An undue payment (indu) and its recovery order (titre de recettes). Euro.

    `amount` is the aid to give back; `collected` what the accountant's return says came in. The legal
    facts are written by the gate only.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="recoveries")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="recoveries", null=True, blank=True)
    number = models.CharField(max_length=30, unique=True)
    state = StateField(default=RecoveryState.NEW, choices=RecoveryState.choices)
    next_actor = models.CharField(max_length=12, choices=Actor.choices, blank=True)
    reason = models.CharField(max_length=20, choices=RecoveryReason.choices)
    amount = CentsField(_("montant à recouvrer"))
    collected = CentsField(default=0)
    found_on = models.DateField()
    answer_by = models.DateField(null=True, blank=True)
    observed_on = models.DateField(null=True, blank=True)
    ordered_on = models.DateField(null=True, blank=True)
    order_number = models.CharField(_("numéro du titre"), max_length=40, blank=True)
    due_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)
    vote = models.CharField(_("délibération"), max_length=120, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="recovery_positive"),
            models.CheckConstraint(
                condition=Q(collected__gte=0, collected__lte=F("amount")), name="collected_within_recovery"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ordered", "suspended", "recovered"]) | ~Q(order_number=""),
                name="ordered_recovery_has_number",
            ),
        ]
        indexes = [models.Index(fields=["state", "id"], name="recoveries_by_state")]

    def __str__(self) -> str:
        return self.number

    @property
    def remaining(self) -> Decimal:
        """What has still to come in, in euro."""
        return Decimal(self.amount - self.collected)


class RecoveryInterest(AppendOnly):
    """One step of the interest on an order that was paid late: days with one balance and one rate. Euro.

    Written once, when the whole sum came in, or the night after its rate was recorded. Interest is no aid: it never
    enters the ledger, nor what is declared. `confirmed` says whether the rate was checked against a publication.
    """

    recovery = models.ForeignKey(Recovery, on_delete=models.PROTECT, related_name="interest")
    since = models.DateField()
    until = models.DateField()
    principal = CentsField()
    percent = CentsField()
    interest = CentsField(_("intérêts"))
    confirmed = models.BooleanField(default=False)
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["since"]
        constraints = [
            models.UniqueConstraint(fields=["recovery", "since"], name="one_interest_step_per_day"),
            models.CheckConstraint(
                condition=Q(principal__gt=0, interest__gte=0, until__gte=F("since")), name="interest_step_in_order"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recovery_id} {self.since}"

    @property
    def days(self) -> int:
        """The days of the step, its first and last included."""
        return (self.until - self.since).days + 1
