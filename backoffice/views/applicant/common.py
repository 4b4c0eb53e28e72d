"""What the firm's pages share: her own file, and the documents that she hands in one by one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from applications.enums import DocumentKind
from applications.forms.document import DocumentForm
from applications.models import Application, Claim, Document
from applications.models.application import live
from backoffice.views.base import person


@dataclass(slots=True)
class Piece:
    """A kind of document that is asked: what was handed in, and the form to add one."""

    kind: str
    label: Any
    form: DocumentForm
    documents: list[Document] = field(default_factory=list)


def own_file(request: HttpRequest, reference: str) -> Application:
    """A file of a firm that the person may bind today; 404 for anyone else, staff included."""
    user = person(request)
    mine = Application.objects.for_user(user).filter(company__in=live(user.mandates, None).values("company"))
    related = mine.select_related("company__region", "region", "scheme_version__scheme", "assigned_to", "provider")
    return get_object_or_404(related, reference=reference)


def own_claim(request: HttpRequest, reference: str, number: int) -> Claim:
    """A claim of one's own file, which it carries along."""
    file = own_file(request, reference)
    claim = get_object_or_404(Claim.objects.for_user(person(request)), application=file, number=number)
    claim.application = file
    return claim


def posted(request: HttpRequest) -> Any:
    """What a form was sent, even nothing; None when the page is only read."""
    return request.POST if request.method == "POST" else None


def bound(request: HttpRequest, file: Application, claim: Claim | None = None) -> DocumentForm:
    """The form of the document that is being handed in."""
    kind = str(request.POST.get("kind", ""))
    data, given = request.POST, request.FILES
    return DocumentForm(data, given, user=person(request), application=file, claim=claim, auto_id=f"{kind}-%s")


def pieces(
    request: HttpRequest, held: QuerySet[Document], kinds: Iterable[str], file: Application, sent: DocumentForm | None
) -> list[Piece]:
    """Each kind asked for with what is held of it; `sent` is the form that was just refused, shown in its place."""
    documents = list(held.filter(deleted_at__isnull=True).order_by("added_at", "pk"))
    labels = dict(DocumentKind.choices)
    return [
        Piece(kind, labels.get(kind, kind), _form(request, kind, file, sent), [d for d in documents if d.kind == kind])
        for kind in dict.fromkeys(kinds)
    ]


def _form(request: HttpRequest, kind: str, file: Application, sent: DocumentForm | None) -> DocumentForm:
    if sent is not None and sent.data.get("kind") == kind:
        return sent
    return DocumentForm(user=person(request), application=file, auto_id=f"{kind}-%s")


def since(documents: QuerySet[Document], moment: datetime | None) -> QuerySet[Document]:
    """The documents handed in from a moment on; all of them when there is none."""
    return documents if moment is None else documents.filter(added_at__gte=moment)
