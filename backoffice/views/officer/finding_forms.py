"""The forms of a finding of the audit: what was found, and what each act asks."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import AuditFindingKind
from backoffice.views.officer.fields import ActForm, AmountField, ReasonForm, day_field, words_field
from regions import clock

USUAL_DAYS = 30
WORDS = ("kind", "title", "asked", "amount", "systemic")


class FindingForm(ActForm):
    """What was found on a file, and what is asked of the region."""

    kind = forms.ChoiceField(label=_("Nature du constat"), choices=AuditFindingKind.choices)
    title = forms.CharField(label=_("Objet"), max_length=160)
    reason = words_field(_("Constat"), help_text=_("Les faits, et ce qui les établit."))
    asked = words_field(_("Ce qui est demandé à la région"))
    amount = AmountField(
        label=_("Dépense irrégulière constatée, en euros"),
        required=False,
        help_text=_("Vide ou zéro : le constat n’a pas d’incidence financière."),
    )
    systemic = forms.BooleanField(label=_("L’erreur est systémique : elle touche d’autres dossiers"), required=False)

    def prepare(self) -> None:
        """A draft is written anew from what it says."""
        if self.target is not None:
            self.initial = {name: getattr(self.target, name) for name in WORDS} | {"reason": self.target.words}

    def given(self) -> dict[str, Any]:
        """Every field counts: an amount taken out is zero."""
        return self.cleaned_data | {"amount": self.cleaned_data["amount"] or Decimal(0)}


class SendForm(ActForm):
    """By when the region answers."""

    answer_by = day_field(_("Réponse attendue le"), help_text=_("Proposé : trente jours."))

    def prepare(self) -> None:
        """The usual time to answer."""
        self.initial = {"answer_by": clock.today(self.file.zone) + timedelta(days=USUAL_DAYS)}


class AskAgainForm(SendForm):
    """What the answer lacks, and by when another is awaited."""

    reason = words_field(_("Ce qui manque à la réponse"))


class AnswerForm(ActForm):
    """Whether the region accepts the finding, and what it says."""

    agreed = forms.TypedChoiceField(
        label=_("La région accepte le constat"),
        choices=[("yes", _("Oui")), ("no", _("Non, elle le conteste"))],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "yes",
    )
    reason = words_field(_("Réponse"), help_text=_("Ce que la région fait, ou pourquoi elle conteste."))

    def given(self) -> dict[str, Any]:
        """« No » is an answer too."""
        return dict(self.cleaned_data)


class CloseForm(ActForm):
    """What stands of the finding."""

    retained = AmountField(label=_("Dépense irrégulière retenue, en euros"))
    reason = words_field(_("Motif de la clôture"))

    def prepare(self) -> None:
        """All that was found, unless the auditor says less."""
        self.initial = {"retained": self.target.amount}


class DiscardForm(ActForm):
    """A draft given up cannot be taken up again: the auditor says that he means it."""

    sure = forms.BooleanField(label=_("Je confirme : ce brouillon ne pourra plus être repris"))

    def given(self) -> dict[str, Any]:
        """The box is for the screen only."""
        return {}


FINDING_ACTS: dict[str, type[ActForm]] = {
    "send": SendForm,
    "revise": FindingForm,
    "discard": DiscardForm,
    "answer": AnswerForm,
    "close": CloseForm,
    "ask_again": AskAgainForm,
    "withdraw": ReasonForm,
}
