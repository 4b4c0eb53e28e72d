"""The same act on several files of a queue: each passes every question alone, and each refusal is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from applications.models import Application
from applications.models.application import live
from backoffice.views.base import person
from backoffice.views.officer.forms import SignedForm, delegation_of
from backoffice.views.officer.trail import kept
from regions.enums import RoleKind
from regions.models import Role
from regions.money import ZERO
from workflows import batches, gate

RESULT = "officer.batch"
ROLE_OF = {
    "take": RoleKind.OFFICER, "accept_complete": RoleKind.OFFICER, "grant": RoleKind.DECIDER,
    "refuse": RoleKind.DECIDER,
}  # fmt: skip
SIGNED = ("grant", "refuse")


def acts_for(roles: Iterable[Role]) -> list[tuple[str, Any]]:
    """The mass acts that these roles allow: name and words."""
    kinds = {role.kind for role in roles}
    return [(name, label(name)) for name, kind in ROLE_OF.items() if kind in kinds]


def label(name: str) -> Any:
    """The words of a mass act."""
    return gate.act_label("record.take" if name == "take" else f"application.{name}")


@require_POST
@login_required
def bulk(request: HttpRequest) -> HttpResponse:
    """Make the act on each file ticked; a decision is first read again on a page of its own."""
    name = request.POST.get("act", "")
    if name not in dict(acts_for(live(person(request).roles, None))):
        raise Http404
    files = _ticked(request)
    if name in SIGNED and files:
        return _signed(request, name, files)
    return _tell(request, _made(request, name, files))


def _signed(request: HttpRequest, name: str, files: list[Application]) -> HttpResponse:
    """A decision on several files: read again, then signed under one delegation."""
    if "confirmed" not in request.POST:
        known = {"delegation": delegation_of(person(request), files[0].region)}
        return _reread(request, name, files, SignedForm(name=name, target=files[0], initial=known))
    form = SignedForm(request.POST, name=name, target=files[0])
    if not form.is_valid():
        return _reread(request, name, files, form)
    return _tell(request, _made(request, name, files, **form.given()))


def _tell(request: HttpRequest, made: dict[str, Any]) -> HttpResponse:
    """Keep the outcome for the page that tells it, so that reading it again does nothing twice."""
    request.session[RESULT] = made
    return HttpResponseRedirect(f"{reverse('bulk-result')}?{kept(request).urlencode()}")


def _ticked(request: HttpRequest) -> list[Application]:
    """The files ticked that the reader may know of; the others do not exist for him."""
    numbers = [int(text) for text in request.POST.getlist("file") if text.isdecimal()][:200]
    visible = Application.objects.for_user(person(request)).filter(pk__in=numbers)
    return list(visible.select_related("company", "region", "scheme_version__scheme").order_by("pk"))


def _reread(request: HttpRequest, name: str, files: list[Application], form: SignedForm) -> HttpResponse:
    total = sum((file.amount_proposed or ZERO for file in files), ZERO)
    context = {"act": name, "label": label(name), "files": files, "total": total, "form": form, "query": kept(request)}
    return render(request, "officer/bulk_confirm.html", context)


def _made(request: HttpRequest, name: str, files: list[Application], **given: Any) -> dict[str, Any]:
    """What was done and refused, by reference, for the page that tells it."""
    user, keys = person(request), [file.pk for file in files]
    batch = (
        batches.record_many(user, "application", keys, name)
        if name == "take"
        else gate.move_many(user, "application", keys, name, **given)
    )
    references, refused = {file.pk: file.reference for file in files}, dict(batch.refused)
    return {
        "label": str(label(name)),
        "done": [reference for pk, reference in references.items() if pk not in refused],
        "refused": [[references[pk], sentence] for pk, sentence in refused.items()],
    }


@require_safe
@login_required
def result(request: HttpRequest) -> HttpResponse:
    """What the last mass act did: each file done, and each refused with its sentence."""
    empty = {"label": _("Aucun acte en nombre"), "done": [], "refused": []}
    made = request.session.get(RESULT, empty)
    return render(request, "officer/bulk_result.html", {"made": made, "query": kept(request)})
