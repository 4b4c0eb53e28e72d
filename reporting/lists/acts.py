"""The words of every act that a chain may hold, in both languages."""

from __future__ import annotations

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from workflows import gate
from workflows.records import RECORDS

ADMINISTRATION: dict[str, Any] = {
    "role.give": _("Proposer un droit"),
    "role.confirm": _("Confirmer un droit"),
    "role.decline": _("Refuser un droit"),
    "role.end": _("Fermer un droit"),
    "role.absence": _("Déclarer une absence"),
    "scheme.propose": _("Proposer une version du règlement"),
    "scheme.publish": _("Publier une version du règlement"),
    "envelope.ceiling": _("Ouvrir des crédits"),
    "envelope.overbooking": _("Voter une surprogrammation"),
    "envelope.transfer": _("Transférer des crédits"),
}


def act_words() -> dict[str, tuple[str, str]]:
    """An act’s stored name → its French and its English; a name that nobody knows is shown as it is."""
    machines = gate.MACHINES.items()
    moves = {f"{name}.{move}": spec.label for name, machine in machines for move, spec in machine.moves().items()}
    records = {f"record.{kind}": record.label for kind, record in RECORDS.items()}
    return {name: (_in("fr", label), _in("en", label)) for name, label in (moves | records | ADMINISTRATION).items()}


def _in(language: str, label: Any) -> str:
    with translation.override(language):
        return str(label)
