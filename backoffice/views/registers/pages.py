"""The registers of a region: what has to be entered or published, by when, and what was. Officers note it."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application, GrantCorrection
from applications.rules.transparency import correction_time
from backoffice.views.auditor.lists import export_of
from backoffice.views.base import for_roles, perform, person, regions_of
from backoffice.views.registers.forms import FilingForm
from regions import clock
from regions.enums import RoleKind
from regions.models import Region
from reporting.keyset import page
from reporting.lists.base import Listing
from reporting.lists.registers import (
    AWARDS,
    CORRECTIONS,
    PUBLICATIONS,
    Entry,
    late_awards,
    late_corrections,
    late_publications,
)
from workflows import gate

READERS = (RoleKind.OFFICER, RoleKind.ADMINISTRATOR, RoleKind.AUDITOR)
KEPT: dict[str, tuple[Listing, str, Any, Any, str]] = {
    AWARDS.key: (AWARDS, "filing", late_awards, _("Aides de minimis"), "register-enter"),
    PUBLICATIONS.key: (PUBLICATIONS, "publication", late_publications, _("Aides à publier"), "register-publish"),
    CORRECTIONS.key: (
        CORRECTIONS,
        "filing",
        late_corrections,
        _("Corrections à publier"),
        "register-correct",
    ),
}
STATES = {"a-faire": _("À inscrire"), "retard": _("En retard"), "faites": _("Inscrites"), "toutes": _("Toutes")}


def _regions(request: HttpRequest) -> list[Region]:
    """The regions where the person reads the registers, each once."""
    return list({region.pk: region for region in regions_of(person(request), *READERS)}.values())


@require_safe
@for_roles(*READERS)
def start(request: HttpRequest) -> HttpResponse:
    """The first register; the first that is late, when what is late is asked for."""
    if request.GET.get("etat") != "retard":
        return redirect("register", AWARDS.key)
    regions = _regions(request)
    key = next((name for name, kept in KEPT.items() if kept[2](regions).exists()), AWARDS.key)
    return redirect(f"{reverse('register', args=[key])}?etat=retard")


@require_safe
@for_roles(*READERS)
def listing(request: HttpRequest, key: str) -> HttpResponse:
    """A register by its state, the oldest award first."""
    return _page(request, key, None, None)


def _page(request: HttpRequest, key: str, wrong: int | None, form: FilingForm | None) -> HttpResponse:
    if key not in KEPT:
        raise Http404
    found, filing, late, title, act = KEPT[key]
    regions, state = _regions(request), request.GET.get("etat", "a-faire")
    state = state if state in STATES else "a-faire"
    shown = page(_narrowed(found, filing, late, state, regions), found.keys, request.GET.get("after", ""))
    mine = {region.pk for region in regions_of(person(request), RoleKind.OFFICER)}
    values = zip(shown.rows, found.values(shown.rows), strict=True)
    context = {
        "time": correction_time(clock.today()),
        "title": title, "key": key, "state": state, "page": shown, "kept": f"etat={state}", "act": act,
        "states": list(STATES.items()), "Entry": Entry,
        "tabs": [(name, reverse("register", args=[name]), kept[3], kept[2](regions).count())
                 for name, kept in KEPT.items()],
        "rows": [
            (row.pk, value, _form(row.pk, wrong, form) if _file_of(row).region_id in mine else None)
            for row, value in values
        ],
    }  # fmt: skip
    return render(request, "registers/list.html", context, status=200 if form is None else 422)


def _file_of(row: Any) -> Application:
    """The file of an award, a grant, or the grant that a correction corrects."""
    file: Application = row.grant.application if isinstance(row, GrantCorrection) else row.application
    return file


def _form(pk: int, wrong: int | None, form: FilingForm | None) -> FilingForm:
    """The form of a row: with what was typed when it is the one that was refused."""
    if form is not None and pk == wrong:
        return form
    return FilingForm(prefix=f"r{pk}", initial={"filed_on": clock.today()})


def _narrowed(found: Listing, filing: str, late: Any, state: str, regions: list[Region]) -> QuerySet[Any]:
    if state == "retard":
        return late(regions)  # type: ignore[no-any-return]
    rows = found.source(regions)
    return rows if state == "toutes" else rows.filter(**{f"{filing}__isnull": state == "a-faire"})


@require_safe
@for_roles(*READERS)
def export(request: HttpRequest, key: str, form: str) -> Any:
    """A register whole, in the fields that it asks for."""
    if key not in KEPT:
        raise Http404
    return export_of(request, KEPT[key][0], _regions(request), form)


@require_POST
@for_roles(RoleKind.OFFICER)
def enter(request: HttpRequest, pk: int) -> HttpResponse:
    """An award was entered in the register."""
    row = get_object_or_404(AWARDS.source(_regions(request)), pk=pk)
    said = _("L’inscription au registre est enregistrée.")
    return _record(request, AWARDS.key, row, "registered", said, award=row.pk)


@require_POST
@for_roles(RoleKind.OFFICER)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """A grant was published."""
    row = get_object_or_404(PUBLICATIONS.source(_regions(request)), pk=pk)
    return _record(request, PUBLICATIONS.key, row, "published", _("La publication est enregistrée."))


@require_POST
@for_roles(RoleKind.OFFICER)
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """A correction of a published grant was published."""
    row = get_object_or_404(CORRECTIONS.source(_regions(request)), pk=pk)
    said = _("La publication de la correction est enregistrée.")
    return _record(request, CORRECTIONS.key, row, "correction_published", said, correction=row.pk)


def _record(request: HttpRequest, key: str, row: Any, kind: str, said: Any, **what: Any) -> HttpResponse:
    form = FilingForm(request.POST, prefix=f"r{row.pk}")
    if not form.is_valid():
        return _page(request, key, row.pk, form)
    user, given = person(request), form.cleaned_data | what
    call = lambda: gate.record(user, "application", _file_of(row).pk, kind, **given)  # noqa: E731
    return perform(request, call, said, "register", key)
