"""A document, handed to those who may read it, once its bytes give its hash again."""

from __future__ import annotations

import logging
from tempfile import TemporaryFile

from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from applications.documents.payments.writers import FORMATS
from applications.enums import ApplicationState, ClaimState, DocumentKind
from applications.models import Document, PaymentRun
from applications.models.application import live
from applications.services import store
from backoffice.views.base import person
from regions.enums import RoleKind
from regions.models import User
from workflows import run_files

log = logging.getLogger("guichet.documents")

SHOWN = ("application/pdf", "image/png", "image/jpeg")
PROVIDER_READS = (
    DocumentKind.QUOTE,
    DocumentKind.PROVIDER_COMMITMENT,
    DocumentKind.PROVIDER_REPORT,
    DocumentKind.DELIVERABLE,
)
PAYING = (RoleKind.LIQUIDATOR, RoleKind.AUTHORISING, RoleKind.ACCOUNTANT, RoleKind.AUDITOR)


def visible_documents(user: User) -> QuerySet[Document]:
    """The documents that a person may read: his firms', his regions', what a provider works with."""
    own = _of_firms(user) | _of_banks(user) | Q(mandate__user=user)
    readable = own | _of_regions(user) | _of_providers(user) | _of_payments(user)
    return Document.objects.filter(readable, deleted_at__isnull=True).distinct()


def _of_firms(user: User) -> Q:
    return Q(application__company__in=live(user.mandates, None).values("company"))


def _of_banks(user: User) -> Q:
    """The paper of a change of bank details: the payee's, and the region's that confirms it."""
    firms = Q(bank_changes__company__in=live(user.mandates, None).values("company"))
    providers = Q(bank_changes__provider__in=live(user.provider_memberships, None).values("provider"))
    officers = live(user.roles, None).filter(kind=RoleKind.OFFICER).values("region")
    return firms | providers | Q(bank_changes__region__in=officers)


def _of_regions(user: User) -> Q:
    """Staff read what was handed in: a draft, of a file or of a claim, is the firm's alone."""
    handed_in = ~Q(application__state=ApplicationState.DRAFT) & (
        Q(claim__isnull=True) | ~Q(claim__state=ClaimState.DRAFT)
    )
    regions = live(user.roles, None).values("region")
    filed = Q(
        mandate__company__applications__region__in=regions, mandate__company__applications__submitted_at__isnull=False
    )
    return (Q(application__region__in=regions) & handed_in) | filed


def _of_providers(user: User) -> Q:
    """A provider reads what concerns his service, never the firm's identity or bank papers."""
    mine = Q(application__provider__in=live(user.provider_memberships, None).values("provider"))
    concerned = Q(kind__in=PROVIDER_READS) | Q(added_by=user)
    return mine & concerned & ~Q(application__state=ApplicationState.DRAFT)


def _of_payments(user: User) -> Q:
    regions = live(user.roles, None).filter(kind__in=PAYING).values("region")
    runs = PaymentRun.objects.filter(region__in=regions)
    return Q(pk__in=runs.values("bordereau")) | Q(pk__in=runs.values("listing"))


@require_safe
@login_required
@xframe_options_sameorigin
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Download a document; with `?inline=1`, a PDF or an image opens in the page."""
    found = get_object_or_404(visible_documents(person(request)), pk=pk)
    try:
        content = store.get(found.sha256)
    except (store.Altered, FileNotFoundError):
        return _damaged(request, f"document {found.pk} ({found.sha256})")
    response = HttpResponse(content, content_type=found.media_type or "application/octet-stream")
    inline = "inline" in request.GET and found.media_type in SHOWN
    response["Content-Disposition"] = content_disposition_header(not inline, found.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
@login_required
def batch_file(request: HttpRequest, number: str) -> HttpResponseBase:
    """The file in which a batch left, the same bytes each time; a big package goes through the disk."""
    regions = live(person(request).roles, None).filter(kind__in=PAYING).values("region")
    runs = PaymentRun.objects.filter(region__in=regions, kept__isnull=False)
    run = get_object_or_404(runs.select_related("region", "kept", "bordereau"), number=number)
    out = TemporaryFile()  # noqa: SIM115 (the response closes it)
    try:
        run_files.write(run, out)
    except (store.Altered, FileNotFoundError, ValueError):
        out.close()
        return _damaged(request, f"batch {run.number}")
    return FileResponse(
        out, as_attachment=True, filename=run_files.name_of(run), content_type=FORMATS[run.output].media_type,
        headers={"Cache-Control": "private, no-store"},
    )  # fmt: skip


def _damaged(request: HttpRequest, what: str) -> HttpResponse:
    """The bytes are gone or altered: they are not handed out, and the house's log says so."""
    log.error("%s: bytes missing or altered", what)
    sentence = _(
        "Ce document ne peut pas être lu : son contenu n’est plus celui qui a été déposé. Le signaler à la région."
    )
    return render(request, "refused.html", {"sentence": sentence}, status=500)
