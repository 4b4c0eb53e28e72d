"""The control of a claim: one form for all its lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.enums import RejectionReason
from applications.models import Claim, ClaimLine
from backoffice.views.officer.fields import AmountField
from regions.money import ZERO
from workflows import control


class LineControlForm(forms.Form):
    """What is accepted of one invoice line; the rest has a reason and a finding."""

    accepted = AmountField(label=_("Montant retenu, en euros"))
    code = forms.ChoiceField(
        label=_("Motif"), required=False, choices=[("", _("Rien n’est écarté")), *RejectionReason.choices]
    )
    parked = forms.BooleanField(
        label=_("Reporter cette ligne à une demande ultérieure"), required=False,
        help_text=_(
            "Ni retenue ni écartée : l’entreprise pourra la présenter de nouveau. Dire pourquoi dans le constat."
        ),
    )  # fmt: skip
    reason = forms.CharField(
        label=_("Constat"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any = None, *, line: ClaimLine) -> None:
        self.line = line
        known = {"accepted": line.amount if line.accepted is None else line.accepted}
        super().__init__(data, prefix=f"line-{line.pk}", initial=known | self._before(line))

    @staticmethod
    def _before(line: ClaimLine) -> dict[str, Any]:
        return {"code": line.reason, "reason": line.finding, "parked": line.parked}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        accepted = data.get("accepted")
        if data.get("parked"):
            self._left_to_later(data)
        elif accepted is None:
            return data
        elif accepted > self.line.amount:
            self.add_error("accepted", _("Le montant retenu ne peut pas dépasser le montant déclaré."))
        elif accepted < self.line.amount:
            self._explained(data)
        return data

    def _left_to_later(self, data: dict[str, Any]) -> None:
        """A parked line has its reason only: whatever stands as its amount is not read."""
        self.errors.pop("accepted", None)
        if not data.get("reason"):
            self.add_error("reason", _("Dire pourquoi la ligne est reportée : l’entreprise le lira."))

    def _explained(self, data: dict[str, Any]) -> None:
        if not data.get("code"):
            self.add_error("code", _("Choisir le motif du montant écarté."))
        if not data.get("reason"):
            self.add_error("reason", _("Décrire le constat : il est repris dans le courrier à l’entreprise."))

    def given(self) -> dict[str, Any]:
        """The facts of the line’s record; a line accepted in full keeps no reason."""
        data = self.cleaned_data
        if data["parked"]:
            return {"line": self.line.pk, "parked": True, "reason": data["reason"]}
        whole = data["accepted"] == self.line.amount
        return {
            "line": self.line.pk, "accepted": data["accepted"], "code": "" if whole else data["code"],
            "reason": data["reason"],
        }  # fmt: skip


def line_forms(claim: Claim, data: Any = None) -> list[LineControlForm]:
    """A form per line to control, in the order of the quote."""
    return [LineControlForm(data, line=line) for line in control.lines_to_control(claim)]


def totals(claim: Claim) -> dict[str, Any]:
    """Declared, accepted so far, left out, left to a later claim, and how many lines wait. Euro excl. VAT."""
    lines = list(claim.lines.all())
    done = [(line.amount, line.accepted) for line in lines if line.accepted is not None]
    parked = [line.amount for line in lines if line.parked]
    declared: Decimal = sum((line.amount for line in lines), ZERO)
    accepted: Decimal = sum((kept for _asked, kept in done), ZERO)
    left_out: Decimal = sum((asked - kept for asked, kept in done), ZERO)
    return {
        "declared": declared, "accepted": accepted, "left_out": left_out, "parked": sum(parked, ZERO),
        "waiting": len(control.waiting(claim)),
    }  # fmt: skip
