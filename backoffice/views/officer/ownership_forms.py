"""The forms by which an officer corrects a firm's ties and notes a merger or a split."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.forms.fields import Euros, SirenField
from applications.forms.ownership import LinkFields, hangs_on
from applications.models import Application, OwnershipLink, Restructuring
from backoffice.views.officer.fields import day_field, words_field
from workflows.ownership import GIVEN

SUCCESSORS = 4


class CorrectionForm(LinkFields):
    """A tie corrected, taken away or added, with what it rests on."""

    removed = forms.BooleanField(
        label=_("Ce lien n’existe pas : le retirer"), required=False,
        help_text=_("La déclaration de l’entreprise reste au dossier, avec votre motif."),
    )  # fmt: skip
    reason = words_field(_("Motif, et pièce sur laquelle repose la correction"))

    def __init__(self, data: Any = None, *, application: Application, row: OwnershipLink | None) -> None:
        super().__init__(data, auto_id="tie-%s")
        self.of_file(application, row)
        if row is None:
            del self.fields["removed"]

    def _needs(self, data: Any) -> None:
        if data.get("removed"):
            if self.tie is not None and hangs_on(self.tied_file, self.tie.number):
                self.add_error("removed", _("Un autre lien part de celui-ci : le retirer d’abord."))
            return
        super()._needs(data)

    def _possible(self, data: Any) -> None:
        if not data.get("removed"):
            super()._possible(data)

    def given(self) -> dict[str, Any]:
        """What the gate is told: an emptied box is a fact too."""
        facts = {key: self.cleaned_data.get(name) for key, name in GIVEN.items()}
        facts["siren"] = facts["siren"] or ""
        more = {"reason": self.cleaned_data["reason"], "removed": bool(self.cleaned_data.get("removed"))}
        return facts | more | ({"link": self.tie.number} if self.tie else {})


class RestructuringForm(forms.Form):
    """A merger or a split: the firm before, those after, and for a split what each took of the equity."""

    kind = forms.ChoiceField(label=_("Opération"), choices=Restructuring.Kind.choices)
    effective_on = day_field(_("Elle a pris effet le"))
    before = SirenField(label=_("SIREN de l’entreprise absorbée ou scindée"))
    reason = words_field(_("Pièce qui le montre"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="operation-%s")
        for rank in range(1, SUCCESSORS + 1):
            label = _("SIREN de l’entreprise d’après, %s") % rank
            self.fields[f"after_{rank}"] = SirenField(label=label, required=rank == 1)
            self.fields[f"equity_{rank}"] = Euros(
                label=_("Ses capitaux propres ce jour-là, en euros (scission), %s") % rank, required=False
            )
        self.fields["reason"] = self.fields.pop("reason")

    def successors(self) -> list[tuple[str, Decimal | None]]:
        """Who came after, each with its equity in a split."""
        split = self.cleaned_data["kind"] == Restructuring.Kind.SPLIT
        ranks = [rank for rank in range(1, SUCCESSORS + 1) if self.cleaned_data.get(f"after_{rank}")]
        return [
            (self.cleaned_data[f"after_{rank}"], (self.cleaned_data[f"equity_{rank}"] or Decimal(0)) if split else None)
            for rank in ranks
        ]

    def given(self) -> dict[str, Any]:
        kept = {name: self.cleaned_data[name] for name in ("effective_on", "before", "reason")}
        return kept | {"operation": self.cleaned_data["kind"], "after": self.successors()}
