"""The forms of a provider's request for accreditation: its words, its experts, its documents."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from applications.forms.document import MAX_BYTES, media_type
from applications.forms.fields import PlaceField
from applications.services import store
from regions import clock
from regions.enums import AccreditationState
from regions.models import Accreditation, AccreditationDocument, Expert, Provider, Scheme, User

WRITABLE = (AccreditationState.DRAFT, AccreditationState.TO_COMPLETE)
MAX_WORDS = 5000
PENDING = (*WRITABLE, AccreditationState.SUBMITTED)


class OpenAccreditationForm(forms.Form):
    """Begin a request for a scheme that asks for accreditation; one at a time for each scheme."""

    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Dispositif"))

    def __init__(self, *args: Any, provider: Provider, schemes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.provider = provider
        field: Any = self.fields["scheme"]
        field.queryset = schemes

    def clean_scheme(self) -> Scheme:
        scheme: Scheme = self.cleaned_data["scheme"]
        if self.provider.accreditations.filter(scheme=scheme, state__in=PENDING).exists():
            raise forms.ValidationError(_("Une demande est déjà en cours pour ce dispositif."))
        return scheme

    def save(self) -> Accreditation:
        """The draft; of two opened at the same moment, the first is the one."""
        scheme = self.cleaned_data["scheme"]
        try:
            with transaction.atomic():
                return Accreditation.objects.create(
                    provider=self.provider, scheme=scheme, region=scheme.region, presentation=self._last_words(scheme)
                )
        except IntegrityError:
            return self.provider.accreditations.get(scheme=scheme, state__in=PENDING)

    def _last_words(self, scheme: Scheme) -> str:
        """A renewal begins with the words of the request before it."""
        last = self.provider.accreditations.filter(scheme=scheme).order_by("-pk").first()
        return last.presentation if last else ""


class _OfDraft:
    """A request that was handed in is frozen until the region asks for more."""

    accreditation: Accreditation

    def _frozen(self) -> None:
        if self.accreditation.state not in WRITABLE:
            raise forms.ValidationError(_("Cette demande est déposée : elle ne peut plus être modifiée ici."))


class PresentationForm(_OfDraft, forms.ModelForm):
    """What the provider says of himself: his services, his references, his means, and where he is."""

    commune = PlaceField(
        label=_("Code postal de votre établissement"),
        help_text=_("Il vous montre aux entreprises proches, avant même leur demande."),
    )

    class Meta:
        model = Accreditation
        fields = ["presentation"]
        widgets = {"presentation": forms.Textarea(attrs={"rows": 8})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accreditation = self.instance
        self.fields["presentation"].required = True
        self.fields["commune"].initial = self.instance.provider.commune
        self.fields["presentation"].help_text = _("Services, références et moyens, en 5 000 caractères au plus.")

    def clean_presentation(self) -> str:
        text: str = self.cleaned_data["presentation"].strip()
        if len(text) > MAX_WORDS:
            raise forms.ValidationError(_("Ce texte dépasse 5 000 caractères : le raccourcir."))
        return text

    def clean(self) -> dict[str, Any]:
        self._frozen()
        return super().clean() or {}

    def save(self, commit: bool = True) -> Accreditation:
        """Only the words and the place: the state is the gate's."""
        self.instance.save(update_fields=["presentation"])
        if self.cleaned_data["commune"]:
            self.instance.provider.commune = self.cleaned_data["commune"]
            self.instance.provider.save(update_fields=["commune"])
        accreditation: Accreditation = self.instance
        return accreditation


class ExpertForm(_OfDraft, forms.ModelForm):
    """A person whom the provider will assign to missions."""

    class Meta:
        model = Expert
        fields = ["name", "qualification"]

    def __init__(self, *args: Any, accreditation: Accreditation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.accreditation = accreditation

    def clean(self) -> dict[str, Any]:
        self._frozen()
        return super().clean() or {}

    def save(self, commit: bool = True) -> Expert:
        expert: Expert = super().save(commit=False)
        expert.provider = self.accreditation.provider
        expert.save()
        return expert


class AccreditationDocumentForm(_OfDraft, forms.Form):
    """A piece of the request, checked by its bytes and kept by its hash."""

    file = forms.FileField(label=_("Fichier"), help_text=_("PDF, PNG ou JPEG, 10 Mo au plus."))

    def __init__(self, *args: Any, user: User, accreditation: Accreditation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.accreditation = user, accreditation

    def clean_file(self) -> UploadedFile:
        upload: UploadedFile = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_BYTES:
            raise forms.ValidationError(_("Ce fichier dépasse 10 Mo : le réduire, puis le joindre à nouveau."))
        head = upload.read(16)
        upload.seek(0)
        if media_type(head) is None:
            raise forms.ValidationError(_("Joindre un fichier PDF, PNG ou JPEG : celui-ci n’en est pas un."))
        return upload

    def clean(self) -> dict[str, Any]:
        self._frozen()
        return super().clean() or {}

    def save(self) -> AccreditationDocument:
        upload = self.cleaned_data["file"]
        content = upload.read()
        return AccreditationDocument.objects.create(
            accreditation=self.accreditation, name=upload.name[:160], media_type=media_type(content[:16]) or "",
            size=len(content), sha256=store.put(content), added_by=self.user, added_at=clock.now(),
        )  # fmt: skip
