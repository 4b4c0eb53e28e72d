"""People: a natural person may hold several accounts; rights are roles with a region and dates."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from regions.enums import RoleKind
from regions.fields import Chained
from regions.models.region import Region


class Person(models.Model):
    """A natural person: four eyes compare persons, so two accounts of one person are one pair."""

    name = models.CharField(max_length=120)

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, email: str, name: str, password: str | None = None, **fields: Any) -> User:
        """Create an account; a person is made for it unless one is given."""
        person = fields.pop("person", None) or Person.objects.create(name=name)
        user = self.model(email=email.lower(), name=name, person=person, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def system(self) -> User:
        """The account in whose name timers and returns act; nobody can sign in with it."""
        try:
            return self.get(is_system=True)
        except self.model.DoesNotExist:
            return self.create_user("system@guichet.invalid", "Guichet", is_system=True)


class User(AbstractBaseUser):
    """An account; deactivated and scrubbed rather than deleted, since events keep its number."""

    email = models.EmailField(_("adresse électronique"), unique=True)
    name = models.CharField(_("nom"), max_length=120)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="users")
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    language = models.CharField(max_length=2, default="fr")
    is_active = models.BooleanField(default=True)
    is_system = models.BooleanField(default=False)

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["is_system"], condition=Q(is_system=True), name="one_system_account"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_superuser(self) -> bool:
        """Nobody passes by the gate: there is no account above the rights."""
        return False

    def get_all_permissions(self, obj: Any = None) -> set[str]:
        """The scoped permission strings that the sign-in backends give."""
        return set().union(*(backend.get_all_permissions(self, obj) for backend in get_backends()))

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        return self.is_active and perm in self.get_all_permissions(obj)


def in_force(day: date, prefix: str = "") -> Q:
    """Rows whose dates cover a day: from ≤ day, and to ≥ day or open."""
    return Q(**{f"{prefix}valid_from__lte": day}) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gte": day})
    )


class Role(Chained):
    """A right: a person's account, what it may do, where, and from when to when.

    Proposed by one administrator, it gives nothing until another person confirms it.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="roles")
    kind = models.CharField(max_length=20, choices=RoleKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="roles")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    delegation = models.CharField(max_length=120, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "region", "valid_from"],
                condition=Q(declined_at__isnull=True),
                name="one_role_per_day",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False, declined_at__isnull=True),
                name="role_confirmed_or_declined",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True)
                | Q(proposed_by__isnull=True)
                | ~Q(confirmed_by=F("proposed_by")),
                name="role_confirmed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="role_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["user", "kind", "region"], name="role_of_user")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.region_id}"

    @property
    def is_proposed(self) -> bool:
        """Waiting for a second person."""
        return self.confirmed_at is None and self.declined_at is None


class Absence(models.Model):
    """Days on which another holder of the same role sees a person's files among his own."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="absences")
    substitute = models.ForeignKey(User, on_delete=models.PROTECT, related_name="substitutions")
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="absences")
    valid_from = models.DateField()
    valid_to = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(valid_to__gte=F("valid_from")), name="absence_dates_in_order"),
            models.CheckConstraint(condition=~Q(user=F("substitute")), name="absent_is_not_substitute"),
        ]
        indexes = [models.Index(fields=["substitute", "region", "valid_to"], name="absences_replaced")]

    def __str__(self) -> str:
        return f"{self.user} {self.valid_from}"
