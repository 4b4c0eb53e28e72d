"""Accreditation as the provider lives it: apply, complete, answer, see until when, renew."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from applications.enums import DocumentKind
from applications.forms.accreditation import (
    PENDING,
    WRITABLE,
    AccreditationDocumentForm,
    ExpertForm,
    OpenAccreditationForm,
    PresentationForm,
)
from applications.services import store
from backoffice.views.base import perform, person
from backoffice.views.provider.guard import for_providers, providers_of
from regions import clock
from regions.enums import AccreditationState
from regions.models import Accreditation, AccreditationDocument, Expert, Provider, Scheme, User, in_force
from workflows import gate
from workflows.chain import facts_of
from workflows.models import Event

RENEWAL = timedelta(days=183)
FROZEN = _("Cette demande est déposée : elle ne peut plus être modifiée ici.")
LIVE = (*PENDING, AccreditationState.ACTIVE, AccreditationState.SUSPENDED)


def schemes_open() -> Any:
    """The schemes whose rules in force ask that the provider be accredited."""
    today = clock.today()
    versions = Scheme.objects.filter(
        in_force(today, "versions__"), versions__published_on__isnull=False,
        versions__rules__provider__accreditation_required=True,
    )  # fmt: skip
    return versions.distinct().order_by("name_fr")


def schemes_for(provider: Provider) -> Any:
    """Those that he may ask for now: no request under way, and none in force for more than six months yet."""
    today = clock.today()
    held = provider.accreditations.filter(state__in=LIVE)
    standing = held.filter(state__in=[AccreditationState.ACTIVE, AccreditationState.SUSPENDED])
    long_ones = standing.filter(valid_to__gt=today + RENEWAL) | standing.filter(valid_to__isnull=True)
    pending = held.filter(state__in=PENDING)
    return schemes_open().exclude(pk__in=pending.values("scheme")).exclude(pk__in=long_ones.values("scheme"))


@require_safe
@for_providers
def accreditations(request: HttpRequest) -> HttpResponse:
    """What he holds and what he may ask for, provider by provider."""
    blocks = [_block(provider) for provider in providers_of(person(request))]
    return render(request, "provider/accreditations.html", {"blocks": blocks})


def _block(provider: Provider, form: OpenAccreditationForm | None = None) -> dict[str, Any]:
    rows = provider.accreditations.select_related("scheme", "region").order_by("-pk")
    form = form or OpenAccreditationForm(provider=provider, schemes=schemes_for(provider), auto_id=f"p{provider.pk}-%s")
    field: Any = form.fields["scheme"]
    return {"provider": provider, "rows": rows, "form": form if field.queryset.exists() else None}


@require_POST
@for_providers
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a request for a scheme."""
    provider = get_object_or_404(providers_of(person(request)), pk=pk)
    form = OpenAccreditationForm(
        request.POST, provider=provider, schemes=schemes_for(provider), auto_id=f"p{provider.pk}-%s"
    )
    if not form.is_valid():
        blocks = [_block(p, form if p == provider else None) for p in providers_of(person(request))]
        return render(request, "provider/accreditations.html", {"blocks": blocks})
    return HttpResponseRedirect(resolve_url("provider-accreditation", form.save().pk))


def _own(user: User, pk: int) -> Accreditation:
    """A request of his own provider, or 404: a region’s officer has his own page."""
    rows = Accreditation.objects.for_user(user).filter(provider__in=providers_of(user))
    return get_object_or_404(rows.select_related("provider", "scheme", "region"), pk=pk)


@require_safe
@for_providers
def accreditation(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _own(person(request), pk))


def _page(request: HttpRequest, row: Accreditation, **bound: Any) -> HttpResponse:
    """The whole request on one page; its forms while it can be written."""
    user, provider = person(request), row.provider
    names = gate.available(user, row)
    context = {
        "row": row, "writable": row.state in WRITABLE, "request_": _asked(row),
        "experts": provider.experts.filter(left_on__isnull=True).order_by("pk"),
        "documents": row.documents.order_by("pk"), "move": "answer" if "answer" in names else "submit",
        "why_not": names.get("answer", names.get("submit")), "may_renew": _may_renew(row),
        "presentation": PresentationForm(instance=row, auto_id="presentation-%s"),
        "expert": ExpertForm(accreditation=row, auto_id="expert-%s"),
        "document": AccreditationDocumentForm(user=user, accreditation=row, auto_id="document-%s"),
    }  # fmt: skip
    return render(request, "provider/accreditation.html", context | bound)


def _asked(row: Accreditation) -> dict[str, Any] | None:
    """The region’s request that waits for an answer: the pieces named, and its words."""
    if row.state != AccreditationState.TO_COMPLETE:
        return None
    events = Event.objects.filter(object=f"accreditation:{row.pk}", act="accreditation.request_items")
    event = events.order_by("-number").first()
    if event is None:
        return None
    labels = dict(DocumentKind.choices)
    note = getattr(event, "note", None)
    kinds = [labels.get(kind, kind) for kind in facts_of(event).get("kinds", [])]
    return {"kinds": kinds, "words": note.text if note else "", "at": event.at}


def _may_renew(row: Accreditation) -> bool:
    """Whether a new request for the same scheme may begin."""
    return schemes_for(row.provider).filter(pk=row.scheme_id).exists()


def _save(request: HttpRequest, row: Accreditation, name: str, form: Any, said: Any) -> HttpResponse:
    if row.state not in WRITABLE:
        messages.error(request, str(FROZEN))
    elif not form.is_valid():
        return _page(request, row, **{name: form})
    else:
        form.save()
        messages.success(request, str(said))
    return HttpResponseRedirect(resolve_url("provider-accreditation", row.pk))


@require_POST
@for_providers
def present(request: HttpRequest, pk: int) -> HttpResponse:
    """Save the words of the request."""
    row = _own(person(request), pk)
    form = PresentationForm(request.POST, instance=row, auto_id="presentation-%s")
    return _save(request, row, "presentation", form, _("Votre présentation est enregistrée."))


@require_POST
@for_providers
def add_expert(request: HttpRequest, pk: int) -> HttpResponse:
    row = _own(person(request), pk)
    form = ExpertForm(request.POST, accreditation=row, auto_id="expert-%s")
    return _save(request, row, "expert", form, _("Cette personne est ajoutée."))


@require_POST
@for_providers
def remove_expert(request: HttpRequest, pk: int, expert: int) -> HttpResponse:
    """An expert who left is no longer presented; his row stays for the requests that named him."""
    row = _own(person(request), pk)
    found = get_object_or_404(row.provider.experts, pk=expert, left_on__isnull=True)
    if row.state in WRITABLE:
        Expert.objects.filter(pk=found.pk).update(left_on=clock.today())
        messages.success(request, str(_("Cette personne n’est plus présentée.")))
    else:
        messages.error(request, str(FROZEN))
    return HttpResponseRedirect(resolve_url("provider-accreditation", row.pk))


@require_POST
@for_providers
def add_document(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    row = _own(user, pk)
    form = AccreditationDocumentForm(request.POST, request.FILES, user=user, accreditation=row, auto_id="document-%s")
    return _save(request, row, "document", form, _("La pièce est jointe à la demande."))


@require_POST
@for_providers
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the request, or the answer to what the region asked."""
    row = _own(person(request), pk)
    name = "answer" if row.state == AccreditationState.TO_COMPLETE else "submit"
    said = _("Votre demande est transmise à la région.")
    return perform(
        request, lambda: gate.move(person(request), "accreditation", row.pk, name), said,
        "provider-accreditation", row.pk,
    )  # fmt: skip


@require_safe
@login_required
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """A piece of a request, for its provider and for the region’s staff."""
    visible = Accreditation.objects.for_user(person(request))
    found = get_object_or_404(AccreditationDocument.objects.filter(accreditation__in=visible), pk=pk)
    try:
        content = store.get(found.sha256)
    except (store.Altered, FileNotFoundError):
        sentence = _("Ce document ne peut pas être lu : son contenu a changé depuis son dépôt.")
        return render(request, "refused.html", {"sentence": sentence}, status=500)
    response = HttpResponse(content, content_type=found.media_type)
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["Cache-Control"] = "private, no-store"
    return response
