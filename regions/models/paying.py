"""How a region pays: the account that a file for a bank debits, and how many persons sign by amount. Dated."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions.fields import AppendOnly, CentsField, Chained
from regions.models.people import User
from regions.models.region import Region


class PayingTermsQuerySet(models.QuerySet["PayingTerms"]):
    def in_force(self, region: Region, day: date) -> PayingTerms | None:
        """The terms of a region on a day: the latest that began and that two persons made; None without any."""
        begun = self.filter(region=region, confirmed_at__isnull=False, valid_from__lte=day)
        return begun.order_by("-valid_from", "-pk").first()


class PayingTerms(Chained):
    """Terms in force from a day until the next ones; proposed by one person, confirmed by another.

    Their bands say how many persons sign by amount; without any, one signature is enough whatever the amount.
    """

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="paying_terms")
    valid_from = models.DateField(_("en vigueur à partir du"))
    debtor_name = models.CharField(_("titulaire du compte débité"), max_length=70, blank=True)
    debtor_iban = models.CharField(_("IBAN du compte débité"), max_length=34, blank=True)
    debtor_bic = models.CharField(_("BIC"), max_length=11, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    objects = PayingTermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("proposed_by")),
                name="paying_terms_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(declined_at__isnull=True),
                name="paying_terms_confirmed_or_declined",
            ),
        ]
        indexes = [models.Index(fields=["region", "valid_from"], name="paying_terms_in_force")]

    def __str__(self) -> str:
        return f"{self.region} {self.valid_from}"

    @property
    def is_proposed(self) -> bool:
        """Waiting for a second person."""
        return self.confirmed_at is None and self.declined_at is None

    @property
    def most_signatures(self) -> int:
        """What the highest band asks for; one without any."""
        return max((band.signatures for band in self.bands.all()), default=1)


FEWEST, MOST = 2, 5


class SignatureBand(AppendOnly):
    """Above an amount (euro, for a batch and those sent before it the same day) so many distinct persons sign.

    A trigger holds that more persons sign for a greater amount, and that no band joins terms already answered.
    """

    terms = models.ForeignKey(PayingTerms, on_delete=models.PROTECT, related_name="bands")
    above = CentsField(_("au-delà de"))
    signatures = models.PositiveSmallIntegerField(_("signatures"))

    class Meta:
        ordering = ["above"]
        constraints = [
            models.CheckConstraint(condition=Q(above__gte=0), name="signature_band_positive"),
            models.CheckConstraint(
                condition=Q(signatures__gte=FEWEST, signatures__lte=MOST), name="signature_band_of_two_to_five"
            ),
            models.UniqueConstraint(fields=["terms", "above"], name="one_signature_band_per_amount"),
        ]

    def __str__(self) -> str:
        return f"{self.signatures} > {self.above}"

    def passed_by(self, total: Decimal) -> bool:
        """Whether a total of euro is above the band's amount, which itself does not pass it."""
        return total > self.above
