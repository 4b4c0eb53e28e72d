"""The directory of providers as a firm reads it: who is accredited where, until when, and with which experts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from applications.models import Application
from regions import clock
from regions.enums import AccreditationState
from regions.models import Accreditation, Expert, Provider, in_force


@dataclass(slots=True)
class Entry:
    """A provider with its accreditations in force for the scheme and the people who work there."""

    provider: Provider
    accreditations: list[Accreditation] = field(default_factory=list)
    experts: list[Expert] = field(default_factory=list)


def directory(file: Application, providers: Iterable[Provider]) -> list[Entry]:
    """The entries of a page of providers, in two queries more."""
    entries = {provider.pk: Entry(provider) for provider in providers}
    for accreditation in _accreditations(file, list(entries)):
        entries[accreditation.provider_id].accreditations.append(accreditation)
    for expert in Expert.objects.filter(provider__in=entries, left_on__isnull=True).order_by("name", "pk"):
        entries[expert.provider_id].experts.append(expert)
    return list(entries.values())


def _accreditations(file: Application, providers: list[Any]) -> Iterable[Accreditation]:
    today = in_force(clock.today(file.zone))
    rows = Accreditation.objects.filter(
        today, scheme=file.scheme_version.scheme_id, state=AccreditationState.ACTIVE, provider__in=providers
    )
    return rows.select_related("region").order_by("valid_from", "pk")
