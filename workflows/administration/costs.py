"""The working cost of a year, recorded by the region's manager: who, when, from what source. A correction is a row."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from regions import clock
from regions.models import Region, Scheme, User, WorkingCost
from regions.money import ZERO
from workflows.acts import Denied
from workflows.administration.common import act_of, administrator_only, log, own_role


def record_cost(
    by: User, region: Region, scheme: Scheme | None, year: int, staff: Decimal, amount: Decimal, source: str
) -> WorkingCost:
    """Say what a year cost, in full-time equivalents and euro; the latest word on a year and a scheme counts."""
    administrator_only(by, region, _("Seul un administrateur de la région enregistre le coût de gestion."))
    if scheme is not None and scheme.region_id != region.pk:
        raise Denied(_("Ce dispositif est d’une autre région."))
    if year > clock.today(region.time_zone).year:
        raise Denied(_("Cette année n’a pas commencé : son coût n’est pas connu."))
    if amount <= ZERO or staff < ZERO or not source.strip():
        raise Denied(_("Indiquer un coût supérieur à zéro, les équivalents temps plein, et la source des deux."))
    act = act_of(by, region, source)
    row = WorkingCost(
        region=region, scheme=scheme, year=year, staff=staff, amount=amount, source=act.reason, recorded_by=by,
        recorded_at=act.at,
    )  # fmt: skip
    with transaction.atomic():
        role = own_role(by, region)
        before = WorkingCost.objects.filter(region=region, scheme=scheme, year=year).order_by("-pk").first()
        row.save()
        log(role, act, "role.working_cost", _told(row, before))
    return row


def _told(row: WorkingCost, before: WorkingCost | None) -> dict[str, Any]:
    """What the event holds: the figures, and the row that this one replaces; the source is the act's own note."""
    return {
        "cost": row.pk, "replaces": before.pk if before else None, "scheme": row.scheme.code if row.scheme else "",
        "year": row.year, "staff": row.staff, "amount": row.amount,
    }  # fmt: skip


def standing_costs(regions: list[Region], watermark: datetime | None = None) -> list[WorkingCost]:
    """Of each region, year and scheme, the latest row known at a moment (now); later years first."""
    known = WorkingCost.objects.filter(Q() if watermark is None else Q(recorded_at__lte=watermark), region__in=regions)
    return _latest(known.select_related("scheme", "region", "recorded_by").order_by("pk"))


def _latest(rows: QuerySet[WorkingCost]) -> list[WorkingCost]:
    found = {(row.region_id, row.year, row.scheme_id): row for row in rows}
    return sorted(found.values(), key=lambda row: (-row.year, row.scheme.code if row.scheme else ""))
