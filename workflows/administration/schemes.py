"""Schemes: a version of the rules is proposed by one person and published by another."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from regions.models import Region, Scheme, SchemeVersion, User
from regions.schemes.loader import fingerprint, publication_faults
from workflows.acts import Denied, Forbidden
from workflows.administration.common import act_of, administrator_only, log


def propose_version(by: User, definition: Mapping[str, Any], valid_from: date) -> SchemeVersion:
    """Propose a version of a scheme from its definition; the scheme is made when it is new."""
    region = Region.objects.filter(code=definition.get("region", "")).first()
    if region is None:
        raise Denied(_("La région nommée dans ce règlement n’existe pas."))
    administrator_only(by, region, _("Seul un administrateur de la région propose un règlement."))
    with transaction.atomic():
        scheme = _scheme(definition, region)
        version = SchemeVersion.objects.create(
            scheme=scheme, number=scheme.versions.count() + 1, rules=dict(definition),
            fingerprint=fingerprint(definition), valid_from=valid_from, proposed_by=by,
        )  # fmt: skip
        log(version, act_of(by, region), "scheme.propose", {"fingerprint": version.fingerprint})
        return version


def _scheme(definition: Mapping[str, Any], region: Region) -> Scheme:
    """The scheme of a definition, locked; a code or a prefix belongs to one scheme of one region."""
    scheme = Scheme.objects.select_for_update(of=("self",)).filter(code=definition["code"]).first()
    if scheme is None:
        return _new_scheme(definition, region)
    if (scheme.region_id, scheme.kind) != (region.pk, definition["kind"]):
        raise Denied(_("Ce code désigne déjà un dispositif d’une autre région ou d’une autre nature."))
    return scheme


def _new_scheme(definition: Mapping[str, Any], region: Region) -> Scheme:
    if Scheme.objects.filter(prefix=definition["prefix"]).exists():
        raise Denied(_("Ce préfixe de référence est déjà pris par un autre dispositif."))
    return Scheme.objects.create(
        code=definition["code"], kind=definition["kind"], region=region, prefix=definition["prefix"],
        name_fr=definition["name"]["fr"], name_en=definition["name"]["en"],
    )  # fmt: skip


def publish_version(by: User, version: SchemeVersion) -> SchemeVersion:
    """Publish a version: another person than its author, and nothing that the law forbids."""
    region = version.scheme.region
    administrator_only(by, region, _("Seul un administrateur de la région publie un règlement."))
    if by.person_id == version.proposed_by.person_id:
        raise Forbidden(_("Un règlement est publié par une autre personne que celle qui le propose."))
    faults = publication_faults(version.rules)
    if faults:
        english = (get_language() or "fr").startswith("en")
        raise Denied(" ".join(fault.en if english else fault.fr for fault in faults))
    return _publish(by, version)


def _publish(by: User, version: SchemeVersion) -> SchemeVersion:
    with transaction.atomic():
        version = SchemeVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
        if version.published_on is not None:
            raise Denied(_("Cette version est déjà publiée."))
        act = act_of(by, version.scheme.region)
        version.published_by, version.published_on = by, act.day
        version.save(update_fields=["published_by", "published_on"])
        log(version, act, "scheme.publish", {"fingerprint": version.fingerprint})
        return version
