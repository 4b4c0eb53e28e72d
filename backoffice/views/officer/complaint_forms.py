"""The forms of a complaint: what was received, whom it is about, the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Application, Complaint
from backoffice.views.officer.fields import ActForm, PlainForm, day_field, words_field
from regions import clock
from regions.models import Provider, Scheme, User, in_force
from workflows.complaints import PAGES


class ReceivedForm(forms.Form):
    """A complaint that came by another way than the firm's page."""

    source = forms.ChoiceField(label=_("De la part de"), choices=Complaint.Source.choices)
    from_whom = forms.CharField(label=_("Nom et adresse (facultatif)"), max_length=120, required=False)
    email = forms.EmailField(
        label=_("Courriel (facultatif)"), required=False,
        help_text=_("La réception et la réponse y sont envoyées."),
    )  # fmt: skip
    channel = forms.ChoiceField(
        label=_("Reçue par"), choices=[choice for choice in Complaint.Channel.choices if choice[0] not in PAGES]
    )
    received_on = day_field(_("Reçue le"))
    title = forms.CharField(label=_("Objet"), max_length=160)
    reason = words_field(_("Réclamation"))
    reference = forms.CharField(label=_("Référence du dossier concerné (facultatif)"), max_length=40, required=False)
    siret = forms.CharField(label=_("SIRET du prestataire concerné (facultatif)"), max_length=20, required=False)
    scheme = forms.ModelChoiceField(
        Scheme.objects.none(), label=_("Dispositif concerné"), required=False,
        empty_label=_("Aucun dispositif en particulier"),
    )  # fmt: skip

    def __init__(self, *args: Any, region: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.region, schemes = region, self.fields["scheme"]
        schemes.queryset = Scheme.objects.filter(region=region)  # type: ignore[attr-defined]
        self.fields["received_on"].initial = clock.today(region.time_zone)

    def clean_reference(self) -> Application | None:
        text = self.cleaned_data["reference"].strip()
        found = Application.objects.filter(region=self.region, reference=text).exclude(reference="").first()
        if text and found is None:
            raise forms.ValidationError(_("Aucun dossier de la région n’a cette référence."))
        return found

    def clean_siret(self) -> Provider | None:
        text = "".join(self.cleaned_data["siret"].split())
        found = Provider.objects.filter(siret=text).first() if text else None
        if text and found is None:
            raise forms.ValidationError(_("Aucun prestataire n’a ce SIRET."))
        return found

    def given(self) -> dict[str, Any]:
        data = dict(self.cleaned_data)
        return data | {"about_file": data.pop("reference"), "provider": data.pop("siret")}


class AboutForm(ActForm):
    """Whom the complaint is about."""

    about_person = forms.ModelChoiceField(
        User.objects.none(), label=_("Personne mise en cause"), empty_label=_("Choisir"),
        help_text=_("Elle ne pourra ni répondre à cette réclamation ni la clore."),
    )  # fmt: skip

    def prepare(self) -> None:
        """The people who hold a role in the region today."""
        held = in_force(clock.today(), "roles__")
        people = User.objects.filter(held, roles__region=self.target.region_id, roles__confirmed_at__isnull=False)
        field: Any = self.fields["about_person"]
        field.queryset = people.distinct().order_by("name")


class AnswerForm(ActForm):
    """Whether the complaint is founded, and what is answered."""

    outcome = forms.ChoiceField(label=_("Suite"), choices=Complaint.Outcome.choices, widget=forms.RadioSelect)
    reason = words_field(
        _("Réponse"), help_text=_("Le demandeur la lit ; dire ce qui est fait, ou pourquoi rien ne l’est.")
    )


COMPLAINT_ACTS: dict[str, type[ActForm]] = {"answer": AnswerForm, "attribute": AboutForm, "close": PlainForm}
