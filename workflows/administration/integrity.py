"""What a region asks of its people: a declaration of interests, from a day on."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from regions.enums import RoleKind
from regions.models import IntegrityTerms, Region, Role, User
from workflows.acts import Denied
from workflows.administration.common import act_of, administrator_only, log

LONGEST, YEAR = 60, 12


def set_integrity_terms(
    by: User, region: Region, valid_from: date, required: bool, months: int, complaint_months: int = 2
) -> IntegrityTerms:
    """Require declarations from a day on, or no longer; what was legal before that day stays so."""
    administrator_only(by, region, _("Seul un administrateur de la région modifie cette règle."))
    act = act_of(by, region)
    if valid_from < act.day:
        raise Denied(_("Cette règle ne peut pas commencer avant aujourd’hui."))
    if not 1 <= months <= LONGEST:
        raise Denied(_("Indiquer une durée entre 1 et 60 mois."))
    if not 1 <= complaint_months <= YEAR:
        raise Denied(_("Indiquer un délai de réponse entre 1 et 12 mois."))
    with transaction.atomic():
        terms = IntegrityTerms.objects.create(
            region=region,
            valid_from=valid_from,
            required=required,
            months=months,
            complaint_months=complaint_months,
            recorded_by=by,
            recorded_at=act.at,
        )
        held = Role.objects.select_for_update(of=("self",)).filter(user=by, region=region, confirmed_at__isnull=False)
        facts = {
            "terms": terms.pk,
            "from": valid_from,
            "required": required,
            "months": months,
            "complaints": complaint_months,
        }
        log(held.filter(kind=RoleKind.ADMINISTRATOR).latest("pk"), act, "role.integrity_terms", facts)
    return terms
