"""Scheme versions: proposed from data, read as rules, compared, and published by another person."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backoffice.views.base import for_roles, perform, person, regions_of
from backoffice.views.manage import amendments, rulebook, trial
from backoffice.views.manage.guard import administrators, done, keyset, posted, regions_administered
from backoffice.views.manage.ruleforms import VersionForm
from backoffice.views.public.wording import cited
from regions import clock
from regions.enums import RoleKind
from regions.models import SchemeVersion
from regions.models.people import in_force
from regions.schemes.exchange import open_parts
from regions.schemes.loader import publication_faults
from workflows import administration

readers = for_roles(*RoleKind)


@require_safe
@readers
def versions(request: HttpRequest) -> HttpResponse:
    """The versions of the region’s schemes, the latest first."""
    rows = SchemeVersion.objects.filter(scheme__region__in=regions_of(person(request), *RoleKind))
    rows = rows.select_related("scheme", "proposed_by", "published_by").defer("rules")
    context = {"page": keyset(request, rows), "may_propose": bool(regions_administered(request))}
    return render(request, "manage/versions.html", context)


def version_of(request: HttpRequest, pk: Any) -> SchemeVersion:
    """A version of a region where the reader holds a role."""
    rows = SchemeVersion.objects.filter(scheme__region__in=regions_of(person(request), *RoleKind))
    return get_object_or_404(rows.select_related("scheme__region", "proposed_by", "published_by"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def propose(request: HttpRequest) -> HttpResponse:
    """Propose a version; a fault of the file is told with its line."""
    form = VersionForm(posted(request), request.FILES or None)
    made: list[SchemeVersion] = []
    said = _("La version est proposée : un autre administrateur peut la publier.")
    if request.method == "POST" and done(request, form, lambda: made.append(_propose(request, form)), said):
        return HttpResponseRedirect(resolve_url("manage-version", made[0].pk))
    return render(request, "manage/propose.html", {"form": form})


def _propose(request: HttpRequest, form: VersionForm) -> SchemeVersion:
    data = form.cleaned_data
    return administration.propose_version(person(request), data["definition"], data["valid_from"])


@require_safe
@readers
def version(request: HttpRequest, pk: int) -> HttpResponse:
    """The rules in words, what forbids publication, and the versions to compare with."""
    found = version_of(request, pk)
    context = {
        "version": found, "sections": rulebook.sections(found.rules), "faults": _faults(found),
        "others": found.scheme.versions.exclude(pk=found.pk).defer("rules").order_by("-number")[:50],
        "may_publish": found.scheme.region in regions_administered(request),
        "incomplete": bool(open_parts(found.rules)) and found.published_on is None,
        "author": found.proposed_by.person_id == person(request).person_id, **_trials(found),
    }  # fmt: skip
    return render(request, "manage/version.html", context)


def _trials(found: SchemeVersion) -> dict[str, Any]:
    """Ten fictitious firms against a draft, beside the version in force that it would replace."""
    if found.published_on is not None:
        return {}
    day = clock.today(found.scheme.region.time_zone)
    now = found.scheme.versions.filter(in_force(day), published_on__isnull=False).order_by("-valid_from").first()
    rows = trial.trials(found.rules, now.rules if now else None, max(day, found.valid_from))
    return {"trials": rows, "in_force": now if rows else None, "untried": not rows}


def _faults(found: SchemeVersion) -> list[tuple[str, str]]:
    """Sentence and article of each fault, in the reader’s language."""
    if found.published_on is not None:
        return []
    return [(rulebook.words({"fr": f.fr, "en": f.en}), cited(f.article)) for f in publication_faults(found.rules)]


@require_POST
@administrators
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    found = version_of(request, pk)
    said = _("La version est publiée : elle s’applique à partir de sa date.")
    return perform(request, lambda: administration.publish_version(person(request), found), said, "manage-version", pk)


@require_safe
@readers
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What a version changes to another of the same scheme: as an amending act, and field by field."""
    found, with_ = version_of(request, pk), request.GET.get("avec", "")
    if not with_.isdecimal() or not with_.isascii() or len(with_) > 18:
        raise Http404
    other = version_of(request, int(with_))
    if other.scheme_id != found.scheme_id:
        raise Http404
    before, after = sorted([found, other], key=lambda v: v.number)
    context = {
        "before": before, "after": after, "rows": amendments.differences(before.rules, after.rules),
        "sentences": amendments.amendments(before.rules, after.rules),
    }  # fmt: skip
    return render(request, "manage/compare.html", context)
