"""The public figures of the schemes: a page for each, its charts with their data, and the same as open data."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backoffice.views.auditor.perimeter import language
from backoffice.views.public import open_data
from regions import clock
from regions.models import Region, Scheme
from regions.money import ZERO
from reporting.figures import table
from reporting.figures.scheme import Figures, Year, figures
from reporting.figures.secrecy import FEWEST_FIRMS, LARGEST_SHARE, Cell
from reporting.scdl import scdl_chunks
from reporting.subsidies import publishable


def _published() -> Any:
    """The schemes that were ever published, region by region."""
    known = Scheme.objects.filter(versions__published_on__isnull=False).distinct()
    return known.select_related("region").order_by("region__name", "name_fr")


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Every scheme whose figures are published."""
    regions = [(region, list(own)) for region, own in groupby(_published(), key=lambda scheme: scheme.region)]
    return render(request, "public/figures.html", {"regions": regions})


@require_safe
def scheme(request: HttpRequest, code: str) -> HttpResponse:
    """What a scheme did: by year, by activity, by size, how fast, with what results."""
    found = figures(get_object_or_404(_published(), code=code))
    context = {
        "found": found, "years": [(year, _share(year, found)) for year in found.years],
        "by": [(_("Par activité"), "sectors", _bars(found.sectors)), (_("Par taille"), "sizes", _bars(found.sizes))],
        "delays": _delays(found), "afterwards": list(_afterwards(found)),
    }  # fmt: skip
    return render(request, "public/figures_scheme.html", context | open_data.terms() | _thresholds())


def _share(year: Year, found: Figures) -> int:
    """A year's bar, in percent of the longest."""
    return _percent(year.awarded, max((each.awarded for each in found.years), default=ZERO))


def _bars(cells: list[Cell]) -> list[dict[str, Any]]:
    rank, most = 1 if language().startswith("en") else 0, max((cell.amount for cell in cells), default=ZERO)
    return [
        {"label": cell.label[rank], "firms": cell.firms, "amount": cell.amount, "share": _percent(cell.amount, most)}
        for cell in cells
    ]


def _percent(part: Any, most: Any) -> int:
    return int(max(part, ZERO) * 100 / most) if most else 0


def _delays(found: Figures) -> list[tuple[str, Any]]:
    named = ((table.TO_DECISION, found.to_decision), (table.TO_PAYMENT, found.to_payment))
    return [(words[1 if language().startswith("en") else 0], delay) for words, delay in named if delay]


def _afterwards(found: Figures) -> Iterator[tuple[str, Any, str]]:
    """Name, value and unit of each published answer, in the reader's language."""
    rank = 1 if language().startswith("en") else 0
    for measure, value in table.afterwards(found.told) if found.told.shown else ():
        yield measure[rank], value, table.UNITS[measure[2]][rank]


@require_safe
def file(request: HttpRequest, code: str, form: str) -> HttpResponseBase:
    """The same figures, a line for each: CSV or a workbook."""
    found = figures(get_object_or_404(_published(), code=code))
    secrecy = _("Moins de %(fewest)s entreprises, ou une qui a plus de %(largest)s %% : regroupées.") % _thresholds()
    rows = table.rows(found, language())
    return open_data.served(table.SHEET, rows, f"chiffres-{code}", form, (_("Secret statistique"), secrecy))


def _thresholds() -> dict[str, int]:
    return {"fewest": FEWEST_FIRMS, "largest": int(LARGEST_SHARE * 100)}


@require_safe
def subsidies(request: HttpRequest, code: str) -> HttpResponseBase:
    """The grants of a region, in the common format of local open data; not before it has said its SIRET."""
    region = get_object_or_404(Region, ~Q(siret=""), code=code)
    response = StreamingHttpResponse(scdl_chunks(publishable(region)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="subventions-{code}-{clock.today():%Y%m%d}.csv"'
    return response
