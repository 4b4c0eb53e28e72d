"""Who owns a firm and what it owns, as its file declares it; and mergers and splits, as company records."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import Control, Direction, HolderKind
from applications.models.application import Application
from regions.fields import AppendOnly, CentsField
from regions.models import User


class LinkQuerySet(models.QuerySet["OwnershipLink"]):
    def live(self) -> "LinkQuerySet":
        """The links as they stand: neither replaced by a correction nor taken away by one."""
        return self.filter(replaced_by__isnull=True, removed=False).order_by("number")


class OwnershipLink(models.Model):
    """A tie of the firm, or of another tie's enterprise: who holds whom, how much, and the figures of the other.

    A form writes it until filing; afterwards a correction is a new row with the same number, its author
    and its reason, written by the gate. Percentages of capital and votes are 0 to 100 with two decimals,
    figures in annual work units and euro of the last two closed years. `around` is the number of the tie
    whose enterprise stands at the other end, empty for the firm itself.
    """

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="ownership_links")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(_("nom"), max_length=160)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    kind = models.CharField(max_length=20, choices=HolderKind.choices, default=HolderKind.ENTERPRISE)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.OWNER)
    around = models.PositiveSmallIntegerField(null=True, blank=True)
    capital = CentsField()
    votes = CentsField(null=True, blank=True)
    control = models.CharField(max_length=10, choices=Control.choices, blank=True)
    same_market = models.BooleanField(null=True, blank=True)
    headcount = CentsField(null=True, blank=True)
    turnover = CentsField(null=True, blank=True)
    balance_sheet = CentsField(null=True, blank=True)
    previous_headcount = CentsField(null=True, blank=True)
    previous_turnover = CentsField(null=True, blank=True)
    previous_balance_sheet = CentsField(null=True, blank=True)
    invested = CentsField(null=True, blank=True)
    budget = CentsField(null=True, blank=True)
    inhabitants = models.PositiveIntegerField(null=True, blank=True)
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, related_name="replaced_by", null=True, blank=True)
    removed = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)

    objects = LinkQuerySet.as_manager()

    class Meta:
        ordering = ["number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application", "number"], condition=Q(replaces__isnull=True), name="one_ownership_number"
            ),
            models.CheckConstraint(condition=Q(capital__gte=0, capital__lte=100), name="capital_is_a_percentage"),
            models.CheckConstraint(
                condition=Q(votes__isnull=True) | Q(votes__gte=0, votes__lte=100), name="votes_are_a_percentage"
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="ownership_correction_has_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"L{self.number}"


class Restructuring(AppendOnly):
    """A merger or a split of firms, one row per successor (Reg. (EU) 2023/2831, art. 3(8) and (9)).

    On `effective_on`, `before` became part of `after`; in a split, `equity` is the book value of that
    successor's equity capital on that day, in euro.
    """

    class Kind(models.TextChoices):
        MERGER = "merger", _("Fusion ou acquisition")
        SPLIT = "split", _("Scission")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    effective_on = models.DateField()
    before = models.CharField(max_length=9, db_index=True)
    after = models.CharField(max_length=9, db_index=True)
    equity = CentsField(null=True, blank=True)
    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="restructurings")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "effective_on", "before", "after"], name="one_restructuring"),
            models.CheckConstraint(
                condition=Q(kind="merger") | Q(equity__isnull=False, equity__gte=0), name="split_has_equity"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"
