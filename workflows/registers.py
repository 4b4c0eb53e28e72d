"""What is entered in a national register or published, award by award: who did it, when, under which reference."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as now_

from applications.models import DeMinimisAward, Grant, GrantCorrection, RegisterFiling
from applications.publication import carried_on, standing, to_correct
from applications.rules.de_minimis_register import is_registered
from applications.rules.transparency import is_published
from workflows.acts import Act, Denied, Effects

Register = RegisterFiling.Register


def register_award(file: Any, act: Act) -> Effects:
    """One award of the file, or one correction of it, was entered in the de minimis register."""
    award = file.de_minimis_awards.filter(pk=act.facts.get("award"), source=DeMinimisAward.Source.OWN).first()
    if award is None or not is_registered(award.granted_on, award.regulation):
        raise Denied(now_("Cette aide n’est pas à inscrire au registre."))
    if RegisterFiling.objects.filter(award=award).exists():
        raise Denied(now_("Cette aide est déjà inscrite : une correction est une nouvelle ligne."))
    return _file(file, act, award.granted_on, Register.DE_MINIMIS, award=award)


def publish_grant(file: Any, act: Act) -> Effects:
    """The grant of the file was published, as the GBER asks above its threshold, with its corrections until then."""
    grant = Grant.objects.filter(application=file).first()
    day = _day(act, grant.decided_on if grant else act.day)
    if grant is None or not is_published(legal_basis_of(file), standing(grant, day)):
        raise Denied(now_("Cette aide n’est pas à publier."))
    if RegisterFiling.objects.filter(grant=grant).exists():
        raise Denied(now_("Cette aide est déjà publiée : une correction est une nouvelle ligne."))
    carried = carried_on(grant, day)
    effects = _file(file, act, grant.decided_on, Register.TRANSPARENCY, grant=grant, carried=carried)
    effects.facts |= {"equivalent": standing(grant, day), "carried": carried}
    return effects


def publish_correction(file: Any, act: Act) -> Effects:
    """A correction of a grant that was published was published in its turn."""
    rows = GrantCorrection.objects.filter(grant__application=file, pk=act.facts.get("correction") or 0)
    correction = to_correct(rows).first()
    if correction is None:
        raise Denied(now_("Cette correction n’est pas à publier."))
    if RegisterFiling.objects.filter(correction=correction).exists():
        raise Denied(now_("Cette correction est déjà publiée."))
    effects = _file(file, act, correction.corrected_on, Register.TRANSPARENCY, correction=correction)
    effects.facts |= {"equivalent": correction.equivalent}
    return effects


def legal_basis_of(file: Any) -> str:
    return str(file.scheme_version.rule("legal_basis", default="de_minimis"))


def _day(act: Act, since: date) -> date:
    """The day of the entry: from the award or its correction until today."""
    day = act.facts.get("filed_on")
    if not isinstance(day, date) or not since <= day <= act.day:
        raise Denied(now_("Indiquer le jour de l’inscription, entre l’octroi ou la correction et aujourd’hui."))
    return day


def _file(file: Any, act: Act, since: date, register: str, *, carried: int = 0, **what: Any) -> Effects:
    reference, day = str(act.facts.get("reference", "")).strip(), _day(act, since)
    if not reference:
        raise Denied(now_("Indiquer la référence que le registre a donnée."))
    RegisterFiling(
        register=register, filed_on=day, reference=reference, made_by=act.actor, recorded_at=act.at, carried=carried,
        **what,
    ).save()  # fmt: skip
    return Effects(facts={"filed_on": day, "reference": reference} | {name: row.pk for name, row in what.items()})
