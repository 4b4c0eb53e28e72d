"""A check on the spot: its form, and what of it is kept when something else is to mend."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from applications.enums import DocumentKind, Finding
from applications.forms.document import ACCEPT, checked, keep
from applications.models import Claim, Document
from backoffice.views.officer.fields import day_field, words_field
from regions.models import User


class VisitForm(forms.Form):
    """When, where, whom one met, what was found, and the report; a report once read stays with the claim."""

    held_on = day_field(_("Jour du contrôle sur place"))
    place = forms.CharField(label=_("Lieu"), max_length=200)
    met = forms.CharField(label=_("Personne rencontrée"), max_length=120)
    finding = forms.ChoiceField(label=_("Conclusion"), choices=Finding.choices)
    reason = words_field(_("Constats"))
    report = forms.FileField(
        label=_("Rapport signé (PDF, PNG ou JPEG)"), required=False, allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )  # fmt: skip

    def __init__(self, data: Any = None, files: Any = None, *, claim: Claim, user: User | None = None) -> None:
        self.claim, self.user = claim, user
        super().__init__(data, files, auto_id=f"visit-{claim.pk}-%s")
        self.kept = self._unused()
        self._say_kept()

    def _unused(self) -> Document | None:
        """A report handed in with a form that had something else to mend."""
        used = self.claim.visits.values("report")
        held = self.claim.documents.filter(kind=DocumentKind.CONTROL_REPORT, deleted_at__isnull=True)
        return held.exclude(pk__in=used).order_by("-pk").first()

    def clean_report(self) -> UploadedFile | None:
        upload = self.cleaned_data.get("report")
        if upload is None and self.kept is None:
            raise forms.ValidationError(_("Joindre le rapport du contrôle sur place."))
        if upload is not None and self.user is not None:
            self.kept = keep(
                checked(upload), DocumentKind.CONTROL_REPORT, self.user, self.claim.application, self.claim
            )
            self._say_kept()
        return upload

    def _say_kept(self) -> None:
        """A browser never sends a file twice: what was handed in is named beside the field."""
        if self.kept is not None:
            self["report"].help_text = _("Déjà joint : %(name)s.") % {"name": self.kept.name}

    def given(self) -> dict[str, Any]:
        """The facts of the record."""
        return self.cleaned_data | {"report": self.kept}
