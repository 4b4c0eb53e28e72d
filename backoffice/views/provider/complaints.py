"""The provider complains on its own account of how a region deals with it, and reads the answer. Nobody else does."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from applications.models import Application, Complaint
from backoffice.views.applicant.complaints import answered
from backoffice.views.base import perform, person, sent
from backoffice.views.officer.fields import words_field
from backoffice.views.provider.guard import files_of, for_providers, providers_of
from regions.models import Provider, Region, User
from workflows import complaints, gate

SHOWN = 20


class ProviderComplaintForm(forms.Form):
    """Which of his firms complains, to which region, of what; the file is optional."""

    to = forms.ChoiceField(label=_("Région"))
    reference = forms.CharField(label=_("Référence du dossier concerné (facultatif)"), max_length=40, required=False)
    title = forms.CharField(label=_("Objet"), max_length=160)
    reason = words_field(_("Votre réclamation"), help_text=_("Quelques phrases suffisent."))

    def __init__(self, *args: Any, user: User, pairs: list[tuple[Provider, Region]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.pairs = user, {f"{own.pk}-{region.pk}": (own, region) for own, region in pairs}
        several = len({own.pk for own, _region in pairs}) > 1
        field: Any = self.fields["to"]
        field.choices = [
            (key, f"{own} – {region}" if several else str(region)) for key, (own, region) in self.pairs.items()
        ]

    def clean(self) -> dict[str, Any]:
        """The file is one that names the firm chosen, in the region chosen."""
        data = super().clean() or {}
        text, pair = str(data.get("reference", "")).strip(), self.pairs.get(str(data.get("to")))
        data["about_file"] = self._file(text, *pair) if text and pair else None
        if text and pair and data["about_file"] is None:
            self.add_error("reference", _("Aucun de vos dossiers dans cette région n’a cette référence."))
        return data

    def _file(self, text: str, own: Provider, region: Region) -> Application | None:
        return files_of(self.user).filter(reference=text, provider=own, region=region).first()

    def make(self) -> Any:
        own, region = self.pairs[self.cleaned_data["to"]]
        given = {name: self.cleaned_data[name] for name in ("about_file", "title", "reason")}
        return gate.open_complaint(
            self.user, region, name="complain_provider", from_provider=own, source=Complaint.Source.PROVIDER,
            channel=Complaint.Channel.PROVIDER, **given,
        )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_providers
def complain(request: HttpRequest) -> HttpResponse:
    """What the provider complains of, and the answers to what it complained of before."""
    user, mine = person(request), providers_of(person(request))
    pairs = [(own, region) for own in mine for region in complaints.regions_of(own)]
    form = ProviderComplaintForm(sent(request), user=user, pairs=pairs)
    if form.is_valid():
        said = _("Votre réclamation est enregistrée : la réponse se lit sur cette page.")
        return perform(request, form.make, said, "provider-complaints")
    made = Complaint.objects.filter(from_provider__in=mine, channel=Complaint.Channel.PROVIDER).order_by("-pk")
    context = {"form": form if pairs else None, "made": answered(list(made[:SHOWN]))}
    return render(request, "provider/complaints.html", context)
