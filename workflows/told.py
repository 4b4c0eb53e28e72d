"""An act once it is done, in words: « Demande déposée », where its button said « Déposer la demande »."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from workflows.gate import act_label

TOLD: dict[str, Any] = {
    "application.submit": _("Demande déposée"),
    "application.request_items": _("Pièces demandées"),
    "application.answer": _("Réponse à la demande de pièces"),
    "application.expire": _("Pièces non reçues dans le délai"),
    "application.accept_complete": _("Dossier complet"),
    "application.propose": _("Proposition de l’instructeur"),
    "application.send_back": _("Dossier retourné à l’instructeur"),
    "application.grant": _("Aide accordée"),
    "application.refuse": _("Demande refusée"),
    "application.notify": _("Décision notifiée"),
    "application.amend": _("Décision modifiée par avenant"),
    "application.complete": _("Dossier soldé"),
    "application.close": _("Dossier classé sans suite"),
    "application.withdraw": _("Demande retirée par l’entreprise"),
    "application.lapse": _("Caducité constatée"),
    "application.revoke": _("Décision retirée"),
    "record.revocation_proposed": _("Retrait de l’aide proposé"),
    "record.hearing": _("Observations de l’entreprise reçues"),
    "record.revocation_dropped": _("Retrait de l’aide abandonné"),
    "recovery.after_revocation": _("Somme à reverser après le retrait de l’aide"),
    "application.reopen": _("Dossier rouvert après recours"),
    "claim.submit": _("Demande de paiement déposée"),
    "claim.request_items": _("Compléments demandés"),
    "claim.answer": _("Réponse à la demande de compléments"),
    "claim.expire": _("Compléments non reçus dans le délai"),
    "claim.control": _("Contrôle conclu"),
    "claim.send_back": _("Demande de paiement retournée au contrôle"),
    "claim.reject": _("Demande de paiement rejetée"),
    "claim.verify": _("Service fait certifié"),
    "claim.settle": _("Demande de paiement soldée"),
    "claim.unsettle": _("Demande de paiement rouverte après rejet bancaire"),
    "claim.withdraw": _("Demande de paiement retirée"),
    "order.prepare": _("Mandat préparé"),
    "order.sign": _("Mandat signé"),
    "order.countersign": _("Mandat signé par une seconde personne"),
    "order.send": _("Mandat transmis au comptable"),
    "order.pay": _("Paiement constaté"),
    "order.reject": _("Rejet du comptable constaté"),
    "order.cancel": _("Mandat annulé"),
    "accreditation.submit": _("Habilitation demandée"),
    "accreditation.request_items": _("Pièces demandées"),
    "accreditation.answer": _("Réponse à la demande de pièces"),
    "accreditation.accept": _("Habilitation accordée"),
    "accreditation.refuse": _("Habilitation refusée"),
    "accreditation.suspend": _("Habilitation suspendue"),
    "accreditation.lift": _("Suspension levée"),
    "accreditation.withdraw": _("Habilitation retirée"),
    "accreditation.expire": _("Habilitation expirée"),
    "recovery.open": _("Somme à reverser constatée"),
    "recovery.hear": _("Observations de l’entreprise demandées"),
    "recovery.observe": _("Observations de l’entreprise reçues"),
    "recovery.order": _("Titre de recettes émis"),
    "recovery.drop": _("Reversement abandonné"),
    "recovery.contest": _("Titre de recettes contesté"),
    "recovery.confirm": _("Titre de recettes confirmé"),
    "recovery.collect_part": _("Reversement partiel reçu"),
    "recovery.collect": _("Reversement reçu en entier"),
    "recovery.write_off": _("Reste du reversement abandonné"),
    "record.report": _("Rapport du prestataire remis"),
    "record.conformity": _("Rapport validé par l’entreprise"),
    "record.change_provider": _("Prestataire changé"),
    "record.no_room": _("En attente de crédits"),
    "record.room": _("Crédits revenus pour ce dossier"),
    "record.take": _("Dossier pris en charge"),
    "record.hold": _("Mandat suspendu"),
    "record.release": _("Suspension levée"),
    "record.bank_booked": _("Paiement confirmé par le relevé de la banque"),
    "record.bank_conflict": _("Réponses contradictoires de la banque"),
    "record.unpaid_proof": _("Non-paiement attesté par le comptable"),
    "record.letter": _("Courrier envoyé"),
    "record.work_done": _("Travaux achevés"),
}


def told(act: str) -> Any:
    """The words of an act that happened; those of the act itself where nothing better is said."""
    return TOLD.get(act) or act_label(act)
