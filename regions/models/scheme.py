"""Schemes: a name that lasts, and versions of its rules, frozen and dated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language

from regions.enums import SchemeKind
from regions.fields import Chained
from regions.models.people import User, in_force
from regions.models.region import Region


class Scheme(models.Model):
    """A programme of aid as the public knows it (dispositif)."""

    code = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20, choices=SchemeKind.choices)
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="schemes")
    name_fr = models.CharField(max_length=160)
    name_en = models.CharField(max_length=160)
    prefix = models.CharField(max_length=8, unique=True)
    next_number = models.PositiveIntegerField(default=1)

    def __str__(self) -> str:
        return self.name_en if (get_language() or "fr").startswith("en") else self.name_fr

    def version_on(self, day: date) -> SchemeVersion:
        """The version in force on a day; raises SchemeVersion.DoesNotExist when there is none."""
        return self.versions.filter(in_force(day), published_on__isnull=False).latest("valid_from", "number")


class SchemeVersion(Chained):
    """The rules of a scheme as voted, frozen at publication: `rules` never changes afterwards.

    `fingerprint` is the SHA-256 of the canonical definition; a decision quotes it.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    rules = models.JSONField()
    fingerprint = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    published_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "number"], name="one_version_number"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="version_dates_in_order",
            ),
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("proposed_by")),
                name="version_published_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"

    def rule(self, *path: str, default: Any = None) -> Any:
        """A value of the definition by its path, or the default."""
        node: Any = self.rules
        for key in path:
            if not isinstance(node, Mapping) or key not in node:
                return default
            node = node[key]
        return node
