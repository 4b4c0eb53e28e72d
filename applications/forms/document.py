"""The form of a document: checked by its bytes, kept by its hash."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from applications.enums import DocumentKind
from applications.models import Application, Claim, Document
from applications.services import store
from regions import clock
from regions.models import User

MAX_BYTES = 10 * 1024 * 1024
SIGNATURES = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def media_type(head: bytes) -> str | None:
    """The type that the first bytes tell, whatever the name says; None when it is not accepted."""
    return next((kind for signature, kind in SIGNATURES.items() if head.startswith(signature)), None)


class DocumentForm(forms.Form):
    """Attach a document to a file or to one of its claims."""

    kind = forms.ChoiceField(choices=DocumentKind.choices, label=_("Nature de la pièce"))
    file = forms.FileField(label=_("Fichier"))

    def __init__(
        self, *args: Any, user: User, application: Application, claim: Claim | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.application, self.claim = user, application, claim

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 10 Mo : le réduire, puis le joindre à nouveau."))
        head = upload.read(16)
        upload.seek(0)
        if media_type(head) is None:
            raise forms.ValidationError(_("Joindre un fichier PDF, PNG ou JPEG : celui-ci n’en est pas un."))
        return upload

    def save(self) -> Document:
        """Store the bytes by content and attach the document."""
        upload = self.cleaned_data["file"]
        content = upload.read()
        return Document.objects.create(
            application=self.application, claim=self.claim, kind=self.cleaned_data["kind"],
            name=upload.name[:160], media_type=media_type(content[:16]) or "", size=len(content),
            sha256=store.put(content), added_by=self.user, added_at=clock.now(),
        )  # fmt: skip
