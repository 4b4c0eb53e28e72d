"""Rights: proposed by one administrator, in force once another person has confirmed them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.models.application import live
from regions import clock
from regions.enums import RoleKind
from regions.models import Region, Role, User
from workflows import outbox
from workflows.acts import Denied, Forbidden
from workflows.administration.common import act_of, administrator_only, log

ADMINISTRATOR = RoleKind.ADMINISTRATOR


def first_administrator(email: str, name: str, password: str, region: Region) -> User:
    """The first administrator of a region, from the command line; refused when there is one already."""
    with transaction.atomic():
        _lock(region)
        if Role.objects.filter(kind=ADMINISTRATOR, region=region, confirmed_at__isnull=False).exists():
            raise Denied(_("Cette région a déjà un administrateur : lui demander d’ouvrir les droits."))
        if User.objects.filter(email__iexact=email).exists():
            raise Denied(_("Un compte existe déjà à cette adresse."))
        user = User.objects.create_user(email, name, password)
        system = User.objects.system()
        first_day = min(clock.today(), clock.today(region.time_zone))
        _settle(system, _propose(None, user, ADMINISTRATOR, region, first_day, ""))
        return user


def second_administrator(email: str, region: Region) -> Role:
    """Confirm, from the command line, the second administrator whom the only one proposed."""
    with transaction.atomic():
        _lock(region)
        if len(administrators(region)) != 1:
            raise Denied(_("Cette voie ne sert qu’à une région qui a un seul administrateur."))
        role = _waiting(region).filter(kind=ADMINISTRATOR, user__email__iexact=email).first()
        if role is None:
            raise Denied(_("L’administrateur n’a proposé personne à cette adresse comme second administrateur."))
        return _settle(User.objects.system(), role)


def administrators(region: Region) -> set[int]:
    """The persons who administer a region today."""
    today = clock.today(region.time_zone)
    rows = live(Role.objects, today).filter(kind=ADMINISTRATOR, region=region, user__is_active=True)
    return set(rows.values_list("user__person_id", flat=True))


def invite(by: User, email: str, name: str, kind: RoleKind, region: Region, valid_from: date, **more: Any) -> Role:
    """Make an account without password and propose its first role; he is told once it is confirmed."""
    with transaction.atomic():
        user = User.objects.filter(email__iexact=email).first()
        user = user or User.objects.create_user(email, name, language=more.pop("language", "fr"))
        more.pop("language", None)
        return give_role(by, user, kind, region, valid_from, **more)


def give_role(by: User, user: User, kind: RoleKind, region: Region, valid_from: date, delegation: str = "") -> Role:
    """Propose a role: by an administrator of the region, never to himself (whichever account)."""
    administrator_only(by, region, _("Seul un administrateur de la région ouvre des droits."))
    _not_to_oneself(by, user)
    if user.is_system or not user.is_active:
        raise Denied(_("Ce compte est fermé : aucun droit ne peut lui être donné."))
    with transaction.atomic():
        _lock(region)
        if _twin(user, kind, region, valid_from):
            raise Denied(_("Cette personne a déjà ce rôle dans la région, ou il attend une confirmation."))
        return _propose(by, user, kind, region, valid_from, delegation)


def _not_to_oneself(by: User, user: User) -> None:
    if by.person_id == user.person_id:
        raise Forbidden(_("Personne ne s’ouvre un droit à soi-même : demander à un autre administrateur."))


def _lock(region: Region) -> None:
    """Rights of a region change one at a time."""
    Region.objects.select_for_update(of=("self",)).get(pk=region.pk)


def _twin(user: User, kind: RoleKind, region: Region, valid_from: date) -> bool:
    """Whether the same right is already given or proposed for that day or later."""
    rows = Role.objects.filter(user=user, kind=kind, region=region, declined_at__isnull=True)
    return rows.exclude(valid_to__lt=valid_from).exists()


def _propose(by: User | None, user: User, kind: RoleKind, region: Region, valid_from: date, delegation: str) -> Role:
    role = Role.objects.create(
        user=user, kind=kind, region=region, valid_from=valid_from, delegation=delegation, proposed_by=by
    )
    facts = {"user": user.pk, "kind": str(kind), "region": region.code, "valid_from": valid_from}
    log(role, act_of(by or User.objects.system(), region), "role.give", facts)
    return role


def confirm_role(by: User, role: Role) -> Role:
    """Confirm a role that another administrator proposed: from here on it gives its right."""
    administrator_only(by, role.region, _("Seul un administrateur de la région confirme des droits."))
    with transaction.atomic():
        role = _locked(role)
        _not_to_oneself(by, role.user)
        if role.proposed_by is not None and role.proposed_by.person_id == by.person_id:
            raise Forbidden(_("Un droit est confirmé par une autre personne que celle qui le propose."))
        return _settle(by, role)


def _locked(role: Role) -> Role:
    row = Role.objects.select_for_update(of=("self",)).select_related("user", "region", "proposed_by").get(pk=role.pk)
    if not row.is_proposed:
        raise Denied(_("Cette proposition a déjà reçu sa réponse."))
    return row


def _settle(by: User, role: Role) -> Role:
    act = act_of(by, role.region)
    role.confirmed_by, role.confirmed_at = by, act.at
    role.save(update_fields=["confirmed_by", "confirmed_at"])
    event = log(role, act, "role.confirm", {"user": role.user_id})
    outbox.email(event, "role_given", role.user)
    return role


def decline_role(by: User, role: Role) -> Role:
    """Say no to a proposed role, or take back one's own proposal."""
    administrator_only(by, role.region, _("Seul un administrateur de la région refuse des droits."))
    with transaction.atomic():
        role = _locked(role)
        act = act_of(by, role.region)
        role.declined_at = act.at
        role.save(update_fields=["declined_at"])
        log(role, act, "role.decline", {"user": role.user_id})
        return role


def end_role(by: User, role: Role, last_day: date) -> None:
    """End a role on a day; the row stays, so an old act can still be explained."""
    administrator_only(by, role.region, _("Seul un administrateur de la région ferme des droits."))
    with transaction.atomic():
        _lock(role.region)
        role = Role.objects.select_for_update(of=("self",)).select_related("region", "user").get(pk=role.pk)
        _endable(role, last_day)
        role.valid_to = last_day
        role.save(update_fields=["valid_to"])
        log(role, act_of(by, role.region), "role.end", {"valid_to": last_day})


def _endable(role: Role, last_day: date) -> None:
    if role.confirmed_at is None:
        raise Denied(_("Ce droit n’est pas confirmé : refuser la proposition."))
    if last_day < role.valid_from:
        raise Denied(_("Le dernier jour ne peut pas précéder le premier."))
    if role.kind == ADMINISTRATOR and not _another(role, last_day):
        raise Denied(_("C’est le dernier administrateur de la région : en confirmer d’abord un autre."))


def _another(role: Role, last_day: date) -> bool:
    """Whether someone else still administers the region the day after."""
    rows = live(Role.objects, last_day + timedelta(days=1)).filter(kind=ADMINISTRATOR, region=role.region)
    return rows.filter(user__is_active=True).exclude(user__person_id=role.user.person_id).exists()


def _waiting(region: Region) -> Any:
    rows = Role.objects.select_for_update(of=("self",)).select_related("user", "region", "proposed_by")
    return rows.filter(region=region, confirmed_at__isnull=True, declined_at__isnull=True)
