"""Absences: another holder of the same role sees the absent person's files among his own."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.models.application import live
from regions import clock
from regions.models import Absence, Region, Role, User
from workflows.acts import Denied
from workflows.administration.common import act_of, administrator_only, log


def record_absence(by: User, user: User, substitute: User, region: Region, first: date, last: date) -> Absence:
    """Say that a person is away from a day to another, and who sees his files meanwhile."""
    administrator_only(by, region, _("Seul un administrateur de la région enregistre une absence."))
    if last < first:
        raise Denied(_("Le dernier jour ne peut pas précéder le premier."))
    with transaction.atomic():
        Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
        roles = _shared(user, substitute, region)
        if Absence.objects.filter(
            user=user, region=region, cancelled_at__isnull=True, valid_from__lte=last, valid_to__gte=first
        ).exists():
            raise Denied(_("Une absence de cette personne couvre déjà une partie de ces jours."))
        return _record(by, user, substitute, region, first, last, roles)


def _shared(user: User, substitute: User, region: Region) -> list[Role]:
    """The absent person's roles that the substitute holds too; a substitution never gives a right."""
    if user.person_id == substitute.person_id:
        raise Denied(_("Choisir une autre personne que l’absent."))
    today = clock.today(region.time_zone)
    kinds = live(substitute.roles, today).filter(region=region).values("kind")
    roles = list(live(user.roles, today).filter(region=region, kind__in=kinds))
    if not roles:
        raise Denied(_("Le remplaçant doit déjà avoir le même rôle dans la région."))
    return roles


def _record(
    by: User, user: User, substitute: User, region: Region, first: date, last: date, roles: list[Role]
) -> Absence:
    act = act_of(by, region)
    absence = Absence.objects.create(
        user=user, substitute=substitute, region=region, valid_from=first, valid_to=last,
        recorded_by=by, recorded_at=act.at,
    )  # fmt: skip
    facts = {"substitute": substitute.pk, "from": first, "to": last}
    for role in Role.objects.select_for_update(of=("self",)).filter(pk__in=[r.pk for r in roles]).order_by("pk"):
        log(role, act, "role.absence", facts)
    return absence


def cancel_absence(by: User, absence: Absence) -> None:
    """The person is back, or never left: his substitute no longer sees his files."""
    administrator_only(by, absence.region, _("Seul un administrateur de la région annule une absence."))
    changed = Absence.objects.filter(pk=absence.pk, cancelled_at__isnull=True).update(cancelled_at=clock.now())
    if not changed:
        raise Denied(_("Cette absence est déjà annulée."))
