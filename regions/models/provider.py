"""Providers: the firm, its experts, the people who act for it, and its accreditations."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions import clock
from regions.enums import AccreditationState
from regions.fields import Chained, StateField, Stateful
from regions.models.people import User, in_force
from regions.models.region import Region
from regions.models.scheme import Scheme


class Provider(models.Model):
    """A firm that sells the services aided; `siret` is its establishment's number."""

    siret = models.CharField(max_length=14, unique=True)
    name = models.CharField(max_length=160)
    email = models.EmailField()
    commune = models.CharField(_("code postal"), max_length=5, blank=True)  # or the INSEE code of the commune

    def __str__(self) -> str:
        return self.name


class ProviderMember(models.Model):
    """An account that acts for a provider, between two dates."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="provider_memberships")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider", "user"], name="one_membership")]

    def __str__(self) -> str:
        return f"{self.provider_id}:{self.user_id}"


class Expert(models.Model):
    """A person whom an accredited provider assigns to missions."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="experts")
    name = models.CharField(_("nom"), max_length=120)
    qualification = models.CharField(_("qualification"), max_length=160, blank=True)
    left_on = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.name


class AccreditationQuerySet(models.QuerySet["Accreditation"]):
    def for_user(self, user: User) -> "AccreditationQuerySet":
        """Those of the user's own providers and of the regions where he holds a role."""
        if user.is_system:
            return self
        today = clock.today()
        memberships = user.provider_memberships.filter(in_force(today)).values("provider")
        roles = user.roles.filter(in_force(today), confirmed_at__isnull=False).values("region")
        return self.filter(Q(provider__in=memberships) | (Q(region__in=roles) & ~Q(state=AccreditationState.DRAFT)))


class Accreditation(Stateful, Chained):
    """The region's word that a provider may serve a scheme (habilitation), for a time."""

    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="accreditations")
    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="accreditations")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="accreditations")
    state = StateField(default=AccreditationState.DRAFT, choices=AccreditationState.choices)
    presentation = models.TextField(_("présentation"), blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)
    next_actor = models.CharField(max_length=20, blank=True)
    due_on = models.DateField(null=True, blank=True)

    objects = AccreditationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "scheme"],
                condition=Q(state__in=["draft", "submitted", "to_complete"]),
                name="one_pending_accreditation",
            ),
            models.UniqueConstraint(
                fields=["provider", "scheme", "valid_from"],
                condition=Q(state__in=["active", "suspended"]),
                name="one_accreditation_per_start",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="accreditation_dates_in_order",
            ),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(valid_from__isnull=False), name="active_accreditation_dated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} · {self.scheme}"

    def covers(self, day: date) -> bool:
        """Whether the accreditation is active and its dates cover a day."""
        return bool(
            self.state == AccreditationState.ACTIVE
            and self.valid_from
            and self.valid_from <= day
            and (self.valid_to is None or self.valid_to >= day)
        )


class AccreditationDocument(models.Model):
    """A piece of an accreditation's file, kept by its content's SHA-256."""

    accreditation = models.ForeignKey(Accreditation, on_delete=models.PROTECT, related_name="documents")
    name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
