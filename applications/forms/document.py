"""The form of a document: checked by its bytes, kept by its hash."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, DocumentKind
from applications.models import Application, Claim, Document
from applications.services import store
from regions import clock
from regions.models import User

MAX_BYTES = 10 * 1024 * 1024
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
ENDINGS = {"application/pdf": (".pdf",), "image/png": (".png",), "image/jpeg": (".jpg", ".jpeg")}
PROGRAMS = (b"/JavaScript", b"/Launch")
LOCKED = b"/Encrypt"
# What the house itself writes is never handed in.
OURS = (
    DocumentKind.LETTER, DocumentKind.BORDEREAU, DocumentKind.PAYMENT_FILE, DocumentKind.CERTIFICATE,
    DocumentKind.CONTROL_REPORT,
)  # fmt: skip
RECEIVED = [c for c in DocumentKind.choices if c[0] not in OURS]
ACCEPT = "application/pdf,image/png,image/jpeg"


def media_type(head: bytes) -> str | None:
    """The type that the first bytes tell, whatever the name says; None when it is not accepted."""
    return next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), None)


def checked(upload: UploadedFile) -> UploadedFile:
    """The upload, if it is a plain PDF or image of at most 10 MB; else a sentence says what to do."""
    if not upload.size:
        raise forms.ValidationError(_("Ce fichier est vide : en choisir un autre."))
    if upload.size > MAX_BYTES:
        raise forms.ValidationError(_("Ce fichier dépasse 10 Mo : le réduire, puis le joindre à nouveau."))
    content = upload.read()
    upload.seek(0)
    kind = media_type(content[:16])
    if kind is None:
        raise forms.ValidationError(_("Joindre un fichier PDF, PNG ou JPEG : celui-ci n’en est pas un."))
    if kind == "application/pdf":
        _plain(content)
    return upload


def _plain(content: bytes) -> None:
    """A locked PDF cannot be examined, and one that runs programs is not opened here."""
    if LOCKED in content:
        raise forms.ValidationError(_("Ce PDF est protégé par un mot de passe : joindre une copie sans protection."))
    if any(program in content for program in PROGRAMS):
        raise forms.ValidationError(
            _("Ce PDF contient un programme : l’imprimer en PDF, puis joindre cette nouvelle copie.")
        )


def file_name(given: str, kind: str) -> str:
    """A name to show: printable characters, no folder, and the ending of the true type."""
    name = "".join(c for c in PurePath(given.replace("\\", "/")).name if c.isprintable()).strip(". ") or "document"
    endings = ENDINGS[kind]
    if name.lower().endswith(endings):
        return name if len(name) <= 160 else name[:150] + endings[0]
    return name[:150] + endings[0]


def keep(upload: UploadedFile, kind: str, user: User, application: Application | None, claim: Claim | None) -> Document:
    """Store the bytes by content and attach the document."""
    content = upload.read()
    media = media_type(content[:16]) or ""
    return Document.objects.create(
        application=application, claim=claim, kind=kind, name=file_name(upload.name or "", media), media_type=media,
        size=len(content), sha256=store.put(content), added_by=user, added_at=clock.now(),
    )  # fmt: skip


class DocumentForm(forms.Form):
    """Attach a document to a file or to one of its claims."""

    kind = forms.ChoiceField(choices=RECEIVED, label=_("Nature de la pièce"))
    file = forms.FileField(label=_("Fichier"), allow_empty_file=True)
    application: Any  # None where a document stands on a claim or a firm alone

    def __init__(
        self, *args: Any, user: User, application: Application | None, claim: Claim | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.application, self.claim = user, application, claim

    def clean_file(self) -> UploadedFile:
        return checked(self.cleaned_data["file"])

    def save(self) -> Document:
        """Store the bytes by content and attach the document."""
        return keep(self.cleaned_data["file"], self.cleaned_data["kind"], self.user, self.application, self.claim)


class DraftDocumentsForm(forms.Form):
    """Every document asked at filing, on one page: a new one replaces the one of its kind.

    Each file stands alone: those that are right are kept, those that are not are told, each in its place.
    """

    def __init__(self, *args: Any, user: User, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.application = user, application
        for kind in asked(application):
            self.fields[kind] = _upload_field(str(DocumentKind(kind).label))
        self.fields[DocumentKind.OTHER] = _upload_field(_("Autre pièce utile (facultatif)"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for kind, upload in list(data.items()):
            if upload:
                self._check(kind, upload)
        _only_draft(self, self.application)
        return self.cleaned_data

    def _check(self, kind: str, upload: UploadedFile) -> None:
        try:
            checked(upload)
        except forms.ValidationError as error:
            self.add_error(kind, error)

    def save(self) -> list[Document]:
        """Keep the good ones, even when another is refused; what each replaces leaves its tombstone."""
        if self.non_field_errors():
            return []
        uploads = {kind: upload for kind, upload in self.cleaned_data.items() if upload}
        for kind in uploads:
            if kind != DocumentKind.OTHER:
                withdraw(self.user, self.application.documents.filter(kind=kind), "replaced_in_draft")
        return [keep(upload, kind, self.user, self.application, None) for kind, upload in uploads.items()]


def _upload_field(label: Any) -> forms.FileField:
    widget = forms.FileInput(attrs={"accept": ACCEPT})
    return forms.FileField(label=label, required=False, allow_empty_file=True, widget=widget)


def asked(application: Application) -> list[str]:
    """The kinds of document that the scheme asks at filing."""
    return list(application.scheme_version.rule("evidence", "application", default=[]))


def _only_draft(form: forms.Form, application: Application) -> None:
    if application.state != ApplicationState.DRAFT:
        form.add_error(None, _("Ce dossier est déposé : il ne peut plus être modifié ici."))


class DocumentRemoval(forms.Form):
    """Take a document away from a draft."""

    document = forms.ModelChoiceField(Document.objects.none())

    def __init__(self, *args: Any, user: User, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.application = user, application
        field: Any = self.fields["document"]
        field.queryset = application.documents.filter(deleted_at__isnull=True, claim__isnull=True)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        _only_draft(self, self.application)
        return data

    def save(self) -> None:
        withdraw(self.user, [self.cleaned_data["document"]], "removed_in_draft")


def withdraw(user: User, documents: Iterable[Document], rule: str) -> None:
    """Leave a tombstone: hash, rule, date and actor remain."""
    for document in documents:
        if document.deleted_at is None:
            document.deleted_at, document.deleted_by, document.deleted_rule = clock.now(), user, rule
            document.save(update_fields=["deleted_at", "deleted_by", "deleted_rule"])
