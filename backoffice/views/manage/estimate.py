"""The budget estimate: what each open scheme of the region would cost in a year, its assumptions on the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from applications.forms.budget_estimate import BudgetEstimateForm, mix
from applications.forms.fields import tongue
from applications.models import EnvelopePosition
from applications.rules.base import Verdict
from applications.rules.budget_estimate import estimate
from backoffice.views.manage.guard import administrators, regions_administered
from backoffice.views.public.schemes import open_versions
from backoffice.views.public.wording import plain
from regions import clock
from regions.enums import Instrument
from regions.models import SchemeVersion
from regions.money import ZERO, from_cents


@dataclass(frozen=True, slots=True)
class Line:
    """A scheme with its estimate."""

    version: SchemeVersion
    verdict: Verdict

    @property
    def sizes(self) -> list[dict[str, Any]]:
        """Each size, with the conditions that keep it out in the reader's language."""
        rows: list[dict[str, Any]] = self.verdict.details["sizes"]
        return [row | {"why": " ".join(plain(one[tongue()]) for one in row["refused"])} for row in rows]


@require_safe
@administrators
def budget_estimate(request: HttpRequest) -> HttpResponse:
    """Read the assumptions from the address, so that an estimate can be sent to a colleague; nothing is written."""
    form = BudgetEstimateForm(request.GET if "firms" in request.GET else BudgetEstimateForm.started())
    lines = _lines(request, form) if form.is_valid() else []
    total = sum((line.verdict.amount or ZERO for line in lines), ZERO)
    context = {
        "form": form, "lines": lines, "total": total, "source": mix()["source"][tongue()], "year": clock.today().year,
    }  # fmt: skip
    return render(request, "manage/estimate.html", context)


def _lines(request: HttpRequest, form: BudgetEstimateForm) -> list[Line]:
    mine = {region.pk for region in regions_administered(request)}
    versions = [v for v in open_versions() if v.scheme.region_id in mine and "how" in v.rules]
    credits = _credits(version.scheme_id for version in versions)
    firms, take_up, sizes = form.cleaned_data["firms"], form.take_up_fraction, form.sizes()
    return [
        Line(version, estimate(version.rules, firms, take_up, sizes, credits.get(version.scheme_id, ZERO)))
        for version in versions
    ]


def _credits(schemes: Iterable[int]) -> dict[int, Decimal]:
    """The grants' credits of this year by scheme: what is opened and the overbooking voted. One query."""
    rows = EnvelopePosition.objects.filter(
        line__envelope__scheme__in=list(schemes), line__envelope__year=clock.today().year,
        line__envelope__instrument=Instrument.GRANT,
    )  # fmt: skip
    sums = rows.values_list("line__envelope__scheme").annotate(Sum("ceiling"), Sum("overbooking"))
    return {scheme: _euro(ceiling) + _euro(over) for scheme, ceiling, over in sums}


def _euro(found: Any) -> Decimal:
    return found if isinstance(found, Decimal) else from_cents(int(found or 0))
