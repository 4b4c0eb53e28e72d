"""The form of each act on a file, a claim or an accreditation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import CheckKind, DocumentKind, Finding, Opinion, RevocationEffect, RevocationGround
from applications.models import ExportTurnover
from applications.models.application import live
from backoffice.views.officer.fields import (
    ActForm,
    AmountField,
    PlainForm,
    ReasonForm,
    day_field,
    sentences,
    words_field,
)
from backoffice.views.public.wording import euros
from regions.enums import RoleKind
from regions.models import Region, User
from workflows import group, success

NEVER_ASKED = (
    DocumentKind.LETTER, DocumentKind.BORDEREAU, DocumentKind.PAYMENT_FILE, DocumentKind.CERTIFICATE,
    DocumentKind.MANDATE, DocumentKind.CONTROL_REPORT,
)  # fmt: skip
ASKABLE = [(kind.value, kind.label) for kind in DocumentKind if kind not in NEVER_ASKED]


class RequestForm(ActForm):
    """Ask for missing items: which, and a word to the firm."""

    button = _("Relire le courrier")
    kinds = forms.MultipleChoiceField(
        label=_("Pièces à demander"), choices=ASKABLE, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cocher au moins une pièce.")},
    )  # fmt: skip
    reason = words_field(
        _("Message à l’entreprise"),
        required=False,
        help_text=_("Dire simplement ce qui manque ou ce qui ne va pas ; ce texte est repris dans le courrier."),
    )


class ProposeForm(ActForm):
    """The officer’s conclusion: an amount, or reasons to refuse."""

    opinion = forms.ChoiceField(
        label=_("Avis"), choices=Opinion.choices, initial=Opinion.GRANT, widget=forms.RadioSelect
    )
    amount = AmountField(label=_("Montant proposé, en euros"), required=False)
    codes = forms.MultipleChoiceField(
        label=_("Motifs du refus"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("À cocher pour proposer un refus seulement."),
    )  # fmt: skip
    reason = words_field(_("Ce que le décideur doit savoir"), required=False)

    def prepare(self) -> None:
        codes: Any = self.fields["codes"]
        codes.choices = sentences(self.file)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("opinion") == Opinion.REFUSE and not data.get("codes"):
            self.add_error("codes", _("Cocher au moins un motif de refus."))
        if data.get("opinion") == Opinion.GRANT and not data.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Indiquer le montant proposé."))
        return data

    def given(self) -> dict[str, Any]:
        """An amount goes with a grant only, reasons with a refusal only."""
        unused = "amount" if self.cleaned_data["opinion"] == Opinion.REFUSE else "codes"
        return {name: value for name, value in super().given().items() if name != unused}


def delegation_field() -> forms.CharField:
    return forms.CharField(
        label=_("Délégation"), max_length=120, required=False,
        help_text=_("Au nom de qui l’acte est signé ; ce texte figure dans la décision."),
    )  # fmt: skip


class SignedForm(ActForm):
    """An act signed by delegation."""

    delegation = delegation_field()


class RefuseForm(SignedForm):
    """Refuse: the reasons proposed, which the decider may change."""

    codes = forms.MultipleChoiceField(
        label=_("Motifs du refus"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cocher au moins un motif de refus.")},
    )  # fmt: skip
    field_order = ["codes", "delegation"]

    def prepare(self) -> None:
        codes: Any = self.fields["codes"]
        known = sentences(self.file)
        extra = [(code, code) for code in self.file.refusal_codes if code not in dict(known)]
        codes.choices = known + extra
        codes.initial = self.file.refusal_codes


class AmendForm(ActForm):
    """Amend: a later end, a smaller amount, or both."""

    complete_by = day_field(_("Nouvelle date d’achèvement"), required=False)
    amount = AmountField(label=_("Nouveau montant, en euros"), required=False)
    reason = words_field(_("Motif"))

    def prepare(self) -> None:
        """What a firm that left took with it is proposed to be cut."""
        if self.file.amount_to_cut and self.file.amount_granted is not None:
            self.fields["amount"].initial = self.file.amount_granted - self.file.amount_to_cut


class FindingForm(ActForm):
    """What a person found on a point."""

    finding = forms.ChoiceField(label=_("Constat"), choices=Finding.choices)
    codes = forms.MultipleChoiceField(label=_("Motifs"), required=False, widget=forms.CheckboxSelectMultiple)
    reason = words_field(_("Note"), required=False)

    def prepare(self) -> None:
        codes: Any = self.fields["codes"]
        codes.choices = sentences(self.file)
        if self.act != CheckKind.ELIGIBILITY:
            del self.fields["codes"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        explained = data.get("codes") or data.get("reason")
        if data.get("finding") not in (None, Finding.GREEN) and not explained:
            self.add_error("reason", _("Un contrôle qui n’est pas conforme donne son motif."))
        return data


class MemberLeftForm(ActForm):
    """A firm leaves the group: which one, and why."""

    company = forms.TypedChoiceField(label=_("Entreprise qui quitte le groupement"), coerce=int)
    reason = words_field(_("Motif du départ"))

    def prepare(self) -> None:
        company: Any = self.fields["company"]
        company.choices = [(m.company_id, str(m.company)) for m in group.taking_part(self.file)]


class RevocationForm(ActForm):
    """Propose to take back the grant: on what ground, with which effect, and what would come back."""

    ground = forms.ChoiceField(label=_("Motif"), choices=RevocationGround.choices)
    effect = forms.ChoiceField(label=_("Effet"), choices=RevocationEffect.choices, widget=forms.RadioSelect)
    amount = AmountField(
        label=_("Montant à reverser, en euros"), required=False,
        help_text=_("À laisser vide pour tout ce qui a été payé ; rien n’est à reverser après une abrogation."),
    )  # fmt: skip
    reason = words_field(
        _("Ce qui a été constaté"), help_text=_("Ce texte est repris dans le courrier envoyé à l’entreprise.")
    )


class RevokeForm(SignedForm):
    """Take back the grant: in whose name, and what is answered to the firm."""

    reason = words_field(_("Réponse aux observations et motif"), help_text=_("Ce texte est repris dans le courrier."))
    field_order = ["reason", "delegation"]


class TurnoverForm(ActForm):
    """The export turnover declared: kept as declared or at another amount, or sent back to the firm."""

    outcome = forms.ChoiceField(label=_("Décision"), choices=ExportTurnover.Outcome.choices, widget=forms.RadioSelect)
    amount = AmountField(
        label=_("Montant retenu, en euros hors taxes"), required=False,
        help_text=_("À laisser vide pour retenir le montant déclaré."),
    )  # fmt: skip
    reason = words_field(_("Motif, lu par l’entreprise"), required=False)

    def prepare(self) -> None:
        row = success.to_check(self.file)
        if row is not None:
            self.fields["amount"].help_text = _("Déclaré : %(amount)s. À laisser vide pour retenir ce montant.") % {
                "amount": euros(row.declared)
            }

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("outcome") == ExportTurnover.Outcome.RETURNED and not data.get("reason"):
            self.add_error("reason", _("Dire à l’entreprise ce qu’elle doit corriger."))
        return data


class NoteForm(ActForm):
    """A note of a call, a warning, or what the firm answered."""

    reason = words_field(_("Note"))


class ItemsForm(ActForm):
    """Ask a provider for items."""

    kinds = forms.MultipleChoiceField(
        label=_("Pièces à demander"), choices=ASKABLE, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Cocher au moins une pièce.")},
    )  # fmt: skip
    reason = words_field(_("Message au prestataire"), required=False)


class MonthsForm(ActForm):
    """Accredit for a time."""

    months = forms.IntegerField(label=_("Durée, en mois"), min_value=1, max_value=120, initial=36)


FILE_ACTS: dict[str, type[ActForm]] = {
    "accept_complete": PlainForm,
    "request_items": RequestForm,
    "propose": ProposeForm,
    "grant": SignedForm,
    "refuse": RefuseForm,
    "send_back": ReasonForm,
    "notify": PlainForm,
    "complete": PlainForm,
    "amend": AmendForm,
    "lapse": SignedForm,
    "revoke": RevokeForm,
    "close": ReasonForm,
    "reopen": ReasonForm,
}
CLAIM_ACTS: dict[str, type[ActForm]] = {
    "control": PlainForm,
    "request_items": RequestForm,
    "verify": PlainForm,
    "send_back": ReasonForm,
    "reject": ReasonForm,
}
ACCREDITATION_ACTS: dict[str, type[ActForm]] = {
    "request_items": ItemsForm,
    "accept": MonthsForm,
    "refuse": ReasonForm,
    "suspend": ReasonForm,
    "lift": ReasonForm,
    "withdraw": ReasonForm,
}
FILE_RECORDS: dict[str, type[ActForm]] = {
    "take": PlainForm,
    "documents": FindingForm,
    "eligibility": FindingForm,
    "de_minimis": FindingForm,
    "export": FindingForm,
    "member_left": MemberLeftForm,
    "note": NoteForm,
    "warning": NoteForm,
    "revocation_proposed": RevocationForm,
    "hearing": NoteForm,
    "revocation_dropped": NoteForm,
    "turnover_checked": TurnoverForm,
}
ACCREDITATION_RECORDS: dict[str, type[ActForm]] = {"provider_hearing": NoteForm}


def delegation_of(user: User, region: Region, kind: RoleKind = RoleKind.DECIDER) -> str:
    """The delegation written on the person’s role today."""
    role = live(user.roles, None).filter(kind=kind, region=region).exclude(delegation="").first()
    return role.delegation if role else ""
