"""The steps of a draft: each saves what it is given, says where she is, and leads to the next."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from applications.forms.application import (
    AidForm,
    DifficultyForm,
    LineForm,
    LineRemoval,
    ProjectForm,
    ProviderForm,
    providers_for,
)
from applications.forms.fields import categories
from applications.forms.firm import FirmForm
from applications.forms.project import InstrumentsForm, LevelForm
from applications.forms.work_units import WorkUnitsForm
from applications.models import Application
from applications.rules import terms
from applications.rules.amounts import Line
from applications.rules.amounts.scope import eligible_shares
from backoffice.views import work_units
from backoffice.views.applicant import plan
from backoffice.views.applicant.directory import directory
from backoffice.views.applicant.progress import NotADraft, address, following, own_draft, rail, steps_of
from backoffice.views.base import View, sent
from backoffice.views.public.wording import told
from regions.money import ZERO

FORMS: dict[str, Any] = {
    "entreprise": FirmForm, "projet": ProjectForm, "niveau": LevelForm, "financement": InstrumentsForm,
    "aides": AidForm, "situation": DifficultyForm,
}  # fmt: skip
SHOWN = 20


def of_draft(view: Callable[..., HttpResponse]) -> View:
    """Fetch the draft for its owner; once filed, the file's own page says so instead."""

    @wraps(view)
    def guarded(request: HttpRequest, reference: str, **given: Any) -> HttpResponse:
        try:
            file = own_draft(request, reference)
        except NotADraft:
            messages.info(request, _("Cette demande est déposée : elle ne se modifie plus ici."))
            return redirect("file", reference)
        return view(request, file, **given)

    return login_required(guarded)


def onward(request: HttpRequest, file: Application, slug: str) -> HttpResponse:
    """Saved: on to the next step, or home when she stops here."""
    messages.success(request, _("C’est enregistré."))
    if request.POST.get("action") == "later":
        return redirect("home")
    return HttpResponseRedirect(following(file, slug))


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def step(request: HttpRequest, file: Application, slug: str) -> HttpResponse:
    """A step that is one form on the file's own facts."""
    if slug not in FORMS or slug not in [step.slug for step in steps_of(file)]:
        raise Http404
    if slug == "entreprise" and work_units.asked(request):
        return _counted(request, file)
    form = FORMS[slug](sent(request), instance=file)
    if request.method == "POST" and form.is_valid():
        form.save()
        return onward(request, file, slug)
    if request.method == "POST":
        file.refresh_from_db()
    beside = {"form": form} | _beside(request, file, slug, form)
    return render(request, f"applicant/step_{slug}.html", rail(file, slug) | beside)


def _beside(request: HttpRequest, file: Application, slug: str, form: Any) -> dict[str, Any]:
    """What some steps show beside their form."""
    if slug == "financement":
        return {"paired": list(zip(form, plan.offers(file), strict=True))}
    return {"people": WorkUnitsForm.typed_in(request.POST)} if slug == "entreprise" else {}


def _counted(request: HttpRequest, file: Application) -> HttpResponse:
    """The headcount counted from the people, in its box; nothing is saved yet."""
    typed, people = work_units.counted(request)
    form = FirmForm(instance=file, initial=typed)
    return render(
        request, "applicant/step_entreprise.html", rail(file, "entreprise") | {"form": form, "people": people}
    )


# --- the quote


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def quote(request: HttpRequest, file: Application) -> HttpResponse:
    """The lines of the quote; an empty form with lines above it simply goes on."""
    line = _line(request, file)
    if request.method == "POST":
        return _quoted(request, file, line)
    return _quote_page(request, file, LineForm(application=file, instance=line), line)


def _line(request: HttpRequest, file: Application) -> Any:
    """The line being changed, when one is."""
    asked = request.POST.get("line") or request.GET.get("line")
    if not asked:
        return None
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(file.lines, pk=int(asked))


def _quoted(request: HttpRequest, file: Application, line: Any) -> HttpResponse:
    typed = any(request.POST.get(name) for name in ("category", "label", "amount", "quantity"))
    action = request.POST.get("action")
    if not typed and action in ("continue", "later") and (file.lines.exists() or action == "later"):
        return onward(request, file, "devis")
    form = LineForm(request.POST, application=file, instance=line)
    if not form.is_valid():
        return _quote_page(request, file, form, line)
    form.save()
    if action in ("continue", "later"):
        return onward(request, file, "devis")
    messages.success(request, _("La dépense est enregistrée."))
    return HttpResponseRedirect(address(file, "devis"))


def _quote_page(request: HttpRequest, file: Application, form: LineForm, line: Any) -> HttpResponse:
    labels = dict(categories(file.scheme_version.rules))
    lines = list(file.lines.all())
    notes = _notes(file, lines)
    rows = [(row, labels.get(row.category, row.category), notes[str(row.number)]) for row in lines]
    rules = file.scheme_version.rules
    context = {
        "form": form, "line": line, "rows": rows, "total": sum((row.amount for row in lines), ZERO),
        "day_terms": terms.day_terms(rules, file.level), "with_days": any(row.quantity for row in lines),
    }  # fmt: skip
    return render(request, "applicant/step_devis.html", rail(file, "devis") | context)


def _notes(file: Application, rows: Any) -> dict[str, Any]:
    """Line number → is it left out at once, or to be looked at, and the reason in the words of the law or the rules."""
    given = [Line(str(r.number), r.category, r.label, r.amount, r.hardware, r.quantity) for r in rows]
    shares, _flags, _steps = eligible_shares(file.scheme_version.rules, given)
    return {s.line.key: {"out": not s.eligible, "reasons": told(s.reasons)} for s in shares}


@require_POST
@of_draft
def remove_line(request: HttpRequest, file: Application) -> HttpResponse:
    """Take a line away; one that is not there any more is no error."""
    form = LineRemoval(request.POST, application=file)
    if form.is_valid():
        form.save()
        messages.success(request, _("La dépense est retirée."))
    return HttpResponseRedirect(address(file, "devis"))


# --- the provider


@require_http_methods(["GET", "HEAD", "POST"])
@of_draft
def provider(request: HttpRequest, file: Application) -> HttpResponse:
    """Choose among the providers accredited today, found by name or SIRET."""
    if request.method != "POST":
        return _provider_page(request, file, ProviderForm(instance=file))
    if not request.POST.get("provider"):
        return _unchosen(request, file)
    form = ProviderForm(request.POST, instance=file)
    if form.is_valid():
        form.save()
        return onward(request, file, "prestataire")
    file.refresh_from_db()
    return _provider_page(request, file, form)


def _unchosen(request: HttpRequest, file: Application) -> HttpResponse:
    """Nothing chosen now: the earlier choice stands, and without one she may only come back later."""
    if file.provider_id is not None or request.POST.get("action") == "later":
        return onward(request, file, "prestataire")
    messages.error(request, _("Choisir un prestataire pour continuer, ou revenir plus tard."))
    return HttpResponseRedirect(address(file, "prestataire"))


def _provider_page(request: HttpRequest, file: Application, form: ProviderForm) -> HttpResponse:
    asked = request.GET.get("q", "").strip()
    page = Paginator(providers_for(file, asked), SHOWN).get_page(request.GET.get("page"))
    entries = directory(file, list(page))
    context = {
        "form": form, "asked": asked, "page": page, "directory": entries,
        "experts": any(entry.experts for entry in entries),
    }  # fmt: skip
    return render(request, "applicant/step_prestataire.html", rail(file, "prestataire") | context)
