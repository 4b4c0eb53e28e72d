"""What the accountant saw come in on a recovery order: the only way by which one is recovered."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from applications.models import Recovery
from regions import clock
from regions.enums import RoleKind
from regions.models import User
from workflows import gate
from workflows.acts import Denied, Forbidden, NotFound
from workflows.administration.common import holds
from workflows.models import Event


def collect(by: User, pk: int, *, amount: Decimal, reference: str, value_date: date) -> Event:
    """Record a receipt seen by the public accountant of the region; the whole of what remains ends the recovery.

    Raises NotFound, Forbidden or Denied, each with its sentence; a reference already read changes nothing.
    """
    recovery = Recovery.objects.for_user(by).select_related("application__region").filter(pk=pk).first()
    if recovery is None:
        raise NotFound(_("Aucun recouvrement à cette adresse."))
    region = recovery.application.region
    day = clock.today(region.time_zone)
    if not by.is_active or not holds(by, RoleKind.ACCOUNTANT, region, day):
        raise Forbidden(_("Seul le comptable public de cette région constate un encaissement."))
    if value_date > day:
        raise Denied(_("La date de valeur est à venir."))
    name = "collect" if amount == recovery.remaining else "collect_part"
    return gate.move(
        User.objects.system(), "recovery", pk, name, amount=amount, reference=reference.strip(), value_date=value_date,
        read_by=by.pk,
    )  # fmt: skip
