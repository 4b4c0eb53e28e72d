"""An operation as it was decided, with what it promised, what changed it, and who proposed and confirmed each."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from applications.models import Operation
from backoffice.views.base import for_roles, person, regions_of
from backoffice.views.declarations.pages import READERS
from backoffice.views.manage.programme_forms import DIMENSIONS, words_of
from regions import clock
from regions.enums import RoleKind
from regions.models import Region

MAY_READ = (*READERS, RoleKind.ADMINISTRATOR)


@require_safe
@for_roles(*MAY_READ)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The operation, for whoever declares, verifies, audits or administers it."""
    found, now = get_object_or_404(_readable(request), pk=pk), clock.now()
    own = [row for row in found.proposals.all() if row.kind == row.Kind.OPERATION]
    context = {
        "operation": found, "present": found.at(now), "proposal": own[0] if own else None,
        "rate": found.specific_objective.priority.rate_on(clock.today(found.region.time_zone), now),
        "targets": [
            {"words": words_of(row.code), "baseline": row.baseline, "target": row.target} for row in found.targets.all()
        ],
        "codes": [(label, getattr(found, name)) for name, (label, _length, _words) in DIMENSIONS.items()],
        "may_amend": found.is_grouped and found.region in regions_of(person(request), RoleKind.ADMINISTRATOR),
    }  # fmt: skip
    return render(request, "declarations/operation.html", context)


def _readable(request: HttpRequest) -> Any:
    regions: list[Region] = regions_of(person(request), *MAY_READ)
    rows = Operation.objects.filter(region__in=regions)
    related = rows.select_related("region", "scheme", "specific_objective__priority__programme")
    return related.prefetch_related(
        "targets", "specific_objective__priority__rates", "amendments__proposed_by", "amendments__confirmed_by",
        "proposals__proposed_by", "proposals__confirmed_by",
    )  # fmt: skip
