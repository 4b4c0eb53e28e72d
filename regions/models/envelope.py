"""Envelopes: the money of a scheme for a year, one line per funder.

An envelope holds no figure of its own: every amount is a row of the ledger, and the position of a
line is moved by the ledger's trigger alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _

from regions.enums import Funder, Instrument
from regions.fields import CentsField, Chained
from regions.models.people import User
from regions.models.programme import SpecificObjective
from regions.models.scheme import Scheme

HUNDRED = Decimal(100)


class Envelope(Chained):
    """The budget of a scheme for a financial year, drawn by all its files of that year; one per instrument."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="envelopes")
    year = models.PositiveIntegerField(_("exercice"))
    instrument = models.CharField(max_length=10, choices=Instrument.choices, default=Instrument.GRANT)
    name = models.CharField(max_length=160)
    specific_objective = models.ForeignKey(
        SpecificObjective, on_delete=models.PROTECT, related_name="envelopes", null=True, blank=True
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "year", "instrument"], name="one_envelope_per_year")]

    def __str__(self) -> str:
        return self.name

    def shares(self) -> dict[str, Decimal]:
        """Funder → fraction (0.85), in the order of the lines; they add up to 1."""
        return shares_among(self.lines.all())

    def lead(self) -> str:
        """The lead national funder, who takes the cents that rounding leaves."""
        return lead_among(self.lines.all())


def shares_among(lines: Iterable[EnvelopeLine]) -> dict[str, Decimal]:
    """Funder → fraction of lines that are already read."""
    return {line.funder: line.share_percent / HUNDRED for line in lines}


def lead_among(lines: Iterable[EnvelopeLine]) -> str:
    """The lead national funder of lines that are already read."""
    return next(line.funder for line in lines if line.is_lead)


class EnvelopeLine(models.Model):
    """A funder's part of an envelope: its share, and whether it takes the rounding remainder."""

    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="lines")
    funder = models.CharField(max_length=10, choices=Funder.choices)
    share_percent = CentsField()
    is_lead = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["envelope", "funder"], name="one_line_per_funder"),
            models.UniqueConstraint(
                fields=["envelope"], condition=models.Q(is_lead=True), name="one_lead_per_envelope"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.envelope} · {self.get_funder_display()}"


class EnvelopeTransfer(models.Model):
    """Money moved from one envelope to another: proposed by one person, made by another. Euro."""

    source = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="transfers_out")
    target = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="transfers_in")
    amount = CentsField(_("montant"))
    reason = models.CharField(_("motif"), max_length=200)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="transfer_positive"),
            models.CheckConstraint(condition=~models.Q(source=models.F("target")), name="transfer_to_another"),
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True) | ~models.Q(confirmed_by=models.F("proposed_by")),
                name="transfer_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True) | models.Q(declined_at__isnull=True),
                name="transfer_confirmed_or_declined",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} → {self.target}"

    @property
    def is_proposed(self) -> bool:
        """Waiting for a second person."""
        return self.confirmed_at is None and self.declined_at is None
