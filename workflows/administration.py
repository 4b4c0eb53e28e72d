"""Acts of administration: roles, scheme versions, envelopes. Each leaves an event on its subject.

They have no machine: they are done once and corrected by a new act. Two persons are needed wherever
one could otherwise give himself a right or change a rule alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.booking import Cause, open_budget
from regions import clock
from regions.enums import RoleKind
from regions.models import Envelope, EnvelopeLine, Region, Role, Scheme, SchemeVersion, User, in_force
from regions.schemes.loader import fingerprint, publication_faults
from workflows import chain
from workflows.acts import Act, Denied, Forbidden


def _act(user: User, zone: str, **given: Any) -> Act:
    return Act(actor=user, at=clock.now(), day=clock.today(zone), facts=given)


def _log(subject: Any, act: Act, name: str, facts: dict[str, Any]) -> str:
    """Append to the subject's chain and save its head; returns the event's name for the ledger."""
    event = chain.append(subject, subject, act, name, ("", ""), facts)
    subject.save(update_fields=["chain_length", "chain_head"])
    return f"{event.subject}#{event.number}"


def _is(user: User, kind: RoleKind, region: Region, day: date) -> bool:
    return user.roles.filter(in_force(day), kind=kind, region=region).exists()


def first_administrator(email: str, name: str, password: str, region: Region) -> User:
    """The first administrator of a region, from the command line; refused when there is one already."""
    with transaction.atomic():
        Region.objects.select_for_update(of=("self",)).get(pk=region.pk)
        if Role.objects.filter(kind=RoleKind.ADMINISTRATOR, region=region).exists():
            raise Denied(_("Cette région a déjà un administrateur : lui demander d’ouvrir les droits."))
        user = User.objects.create_user(email, name, password)
        _give(User.objects.system(), user, RoleKind.ADMINISTRATOR, region, clock.today(), "")
        return user


def give_role(by: User, user: User, kind: RoleKind, region: Region, valid_from: date, delegation: str = "") -> Role:
    """Give a role: by an administrator of the region, never to himself (whichever account)."""
    if not _is(by, RoleKind.ADMINISTRATOR, region, clock.today(region.time_zone)):
        raise Forbidden(_("Seul un administrateur de la région ouvre des droits."))
    if by.person_id == user.person_id:
        raise Forbidden(_("Personne ne s’ouvre un droit à soi-même : demander à un autre administrateur."))
    with transaction.atomic():
        return _give(by, user, kind, region, valid_from, delegation)


def _give(by: User, user: User, kind: RoleKind, region: Region, valid_from: date, delegation: str) -> Role:
    role = Role.objects.create(user=user, kind=kind, region=region, valid_from=valid_from, delegation=delegation)
    _log(
        role,
        _act(by, region.time_zone),
        "role.give",
        {"user": user.pk, "kind": str(kind), "region": region.code},
    )
    return role


def end_role(by: User, role: Role, last_day: date) -> None:
    """End a role on a day; the row stays, so an old act can still be explained."""
    if not _is(by, RoleKind.ADMINISTRATOR, role.region, clock.today(role.region.time_zone)):
        raise Forbidden(_("Seul un administrateur de la région ferme des droits."))
    with transaction.atomic():
        role = Role.objects.select_for_update(of=("self",)).get(pk=role.pk)
        role.valid_to = last_day
        role.save(update_fields=["valid_to"])
        _log(role, _act(by, role.region.time_zone), "role.end", {"valid_to": last_day})


def set_contact(by: User, region: Region, **contact: str) -> None:
    """Say who answers for the region in its letters: service, email, phone, address, court_name, court_address."""
    if not _is(by, RoleKind.ADMINISTRATOR, region, clock.today(region.time_zone)):
        raise Forbidden(_("Seul un administrateur de la région modifie ses coordonnées."))
    for name, value in contact.items():
        setattr(region, name, value)
    region.save(update_fields=list(contact))


def propose_version(by: User, definition: Mapping[str, Any], valid_from: date) -> SchemeVersion:
    """Propose a version of a scheme from its definition; the scheme is made when it is new."""
    region = Region.objects.get(code=definition["region"])
    if not _is(by, RoleKind.ADMINISTRATOR, region, clock.today(region.time_zone)):
        raise Forbidden(_("Seul un administrateur de la région propose un règlement."))
    with transaction.atomic():
        scheme = _scheme(definition, region)
        version = SchemeVersion.objects.create(
            scheme=scheme, number=scheme.versions.count() + 1, rules=dict(definition),
            fingerprint=fingerprint(definition), valid_from=valid_from, proposed_by=by,
        )  # fmt: skip
        _log(version, _act(by, region.time_zone), "scheme.propose", {"fingerprint": version.fingerprint})
        return version


def _scheme(definition: Mapping[str, Any], region: Region) -> Scheme:
    scheme, _made = Scheme.objects.select_for_update(of=("self",)).get_or_create(
        code=definition["code"],
        defaults={
            "kind": definition["kind"], "region": region, "prefix": definition["prefix"],
            "name_fr": definition["name"]["fr"], "name_en": definition["name"]["en"],
        },
    )  # fmt: skip
    return scheme


def publish_version(by: User, version: SchemeVersion) -> SchemeVersion:
    """Publish a version: another person than its author, and nothing that the law forbids."""
    region = version.scheme.region
    if not _is(by, RoleKind.ADMINISTRATOR, region, clock.today(region.time_zone)):
        raise Forbidden(_("Seul un administrateur de la région publie un règlement."))
    if by.person_id == version.proposed_by.person_id:
        raise Forbidden(_("Un règlement est publié par une autre personne que celle qui le propose."))
    faults = publication_faults(version.rules)
    if faults:
        raise Denied(" ".join(fault.fr for fault in faults))
    return _publish(by, version)


def _publish(by: User, version: SchemeVersion) -> SchemeVersion:
    with transaction.atomic():
        version = SchemeVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if version.published_on is not None:
            raise Denied(_("Cette version est déjà publiée."))
        act = _act(by, version.scheme.region.time_zone)
        version.published_by, version.published_on = by, act.day
        version.save(update_fields=["published_by", "published_on"])
        _log(version, act, "scheme.publish", {"fingerprint": version.fingerprint})
        return version


def open_envelope(by: User, scheme: Scheme, year: int, bucket: str, amount: Decimal, **fields: Any) -> Envelope:
    """Open the envelope of a scheme for a year, or move its ceiling or overbooking. Euro, all funders.

    Shares and lead funder come from the version of the rules in force.
    """
    if not _is(by, RoleKind.ADMINISTRATOR, scheme.region, clock.today(scheme.region.time_zone)):
        raise Forbidden(_("Seul un administrateur de la région ouvre des crédits."))
    with transaction.atomic():
        envelope = _envelope(scheme, year, fields)
        act = _act(by, scheme.region.time_zone)
        cause = _log(envelope, act, f"envelope.{bucket}", {"amount": amount, "year": year})
        open_budget(envelope, bucket, amount, Cause(f"envelope.{bucket}", cause, by, act.day, act.at))
        return envelope


def _envelope(scheme: Scheme, year: int, fields: Mapping[str, Any]) -> Envelope:
    envelope, made = Envelope.objects.select_for_update(of=("self",)).get_or_create(
        scheme=scheme, year=year, defaults={"name": f"{scheme.name_fr} {year}", **fields}
    )
    if made:
        _lines(envelope)
    return envelope


def _lines(envelope: Envelope) -> None:
    rules = envelope.scheme.version_on(date(envelope.year, 12, 31)).rules
    for funder in rules["funding"]["funders"]:
        EnvelopeLine.objects.create(
            envelope=envelope, funder=funder["code"], share_percent=Decimal(str(funder["share"])) * 100,
            is_lead=funder["code"] == rules["funding"]["lead"],
        )  # fmt: skip
