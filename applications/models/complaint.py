"""A complaint received, other than an appeal: from whom, about what, by when it is answered, and how it ended."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.enums import ComplaintState
from applications.models.application import Application, live
from regions.fields import Chained, StateField, Stateful
from regions.models import Provider, Region, Scheme, User


class ComplaintQuerySet(models.QuerySet["Complaint"]):
    def for_user(self, user: User) -> ComplaintQuerySet:
        """Complaints of the regions where the person holds a role today, and those that she made herself."""
        if user.is_system:
            return self
        mine = live(user.roles, None).values("region")
        return self.filter(Q(region__in=mine) | Q(received_by=user))


class Complaint(Stateful, Chained):
    """Art. 69(7) of Regulation (EU) 2021/1060: complaints are examined, and their result is told.

    `title`, `words`, `from_whom` and `email` are what retention can empty; the events hold none of it. `provider` is
    complained about, `from_provider` complains on its own account.
    """

    class Source(models.TextChoices):
        FIRM = "firm", _("Une entreprise")
        PROVIDER = "provider", _("Un prestataire")
        OTHER = "other", _("Un tiers")

    class Channel(models.TextChoices):
        ONLINE = "online", _("En ligne")
        PROVIDER = "provider", _("En ligne, par un prestataire")
        MAIL = "mail", _("Courrier")
        EMAIL = "email", _("Courriel")
        PHONE = "phone", _("Téléphone")
        VISIT = "visit", _("Sur place")

    class Outcome(models.TextChoices):
        UPHELD = "upheld", _("Fondée")
        PARTLY = "partly", _("Fondée en partie")
        REJECTED = "rejected", _("Non fondée")
        ELSEWHERE = "elsewhere", _("Transmise à l’autorité compétente")

    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="complaints")
    about_file = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="complaints", null=True, blank=True
    )
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="complaints", null=True, blank=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="complaints", null=True, blank=True)
    about_person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    received_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    state = StateField(default=ComplaintState.NEW, choices=ComplaintState.choices)
    number = models.CharField(max_length=20, unique=True)
    source = models.CharField(max_length=10, choices=Source.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices)
    from_whom = models.CharField(max_length=120, blank=True)
    email = models.EmailField(blank=True)
    from_provider = models.ForeignKey(
        Provider, on_delete=models.PROTECT, related_name="complaints_made", null=True, blank=True
    )
    title = models.CharField(_("objet"), max_length=160, blank=True)
    words = models.TextField(blank=True)
    received_on = models.DateField()
    answer_by = models.DateField()
    answered_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(answer_by__gte=models.F("received_on")), name="complaint_days_in_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "closed"]) | (Q(answered_on__isnull=False) & ~Q(outcome="")),
                name="complaint_answered_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(channel="provider", from_provider__isnull=False)
                | ~Q(channel="provider") & Q(from_provider__isnull=True),
                name="complaint_of_a_provider_by_its_channel",
            ),
        ]
        indexes = [models.Index(fields=["region", "state", "answer_by"], name="complaints_by_state")]

    def __str__(self) -> str:
        return self.number
