"""What a region asks of its people: a declaration of interests, from a day on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regions.models import IntegrityTerms, Region, User
from workflows.acts import Denied
from workflows.administration.common import act_of, administrator_only, log, own_role

LIMITS = {
    "months": (60, _("Indiquer une durée entre 1 et 60 mois.")),
    "complaint_months": (12, _("Indiquer un délai de réponse entre 1 et 12 mois.")),
    "notice_days": (90, _("Indiquer un rappel entre 1 et 90 jours.")),
    "complaint_notice_days": (90, _("Indiquer un rappel entre 1 et 90 jours.")),
}


def set_integrity_terms(
    by: User, region: Region, valid_from: date, required: bool, months: int, **others: int
) -> IntegrityTerms:
    """Require declarations from a day on, or no longer; what was legal before that day stays so.

    `others` are the further terms of `LIMITS`; one that is not given is the model's own.
    """
    administrator_only(by, region, _("Seul un administrateur de la région modifie cette règle."))
    act = act_of(by, region)
    if valid_from < act.day:
        raise Denied(_("Cette règle ne peut pas commencer avant aujourd’hui."))
    given = {"months": months} | others
    for name, value in given.items():
        if not 1 <= value <= LIMITS[name][0]:
            raise Denied(LIMITS[name][1])
    with transaction.atomic():
        terms = IntegrityTerms.objects.create(
            region=region, valid_from=valid_from, required=required, recorded_by=by, recorded_at=act.at, **given
        )
        facts = {
            "terms": terms.pk,
            "from": valid_from,
            "required": required,
            "months": months,
            "complaints": terms.complaint_months,
            "notice": terms.notice_days,
            "complaint_notice": terms.complaint_notice_days,
        }
        log(own_role(by, region), act, "role.integrity_terms", facts)
    return terms
