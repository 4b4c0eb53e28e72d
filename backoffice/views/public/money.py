"""What a firm pays and when the aid comes, in sentences; and the documents to prepare. From a scheme's own rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from applications.documents import formats
from applications.enums import DocumentKind
from applications.rules.payment_models import Outlay, model_of
from applications.simulation import Simulation
from backoffice.views.public.wording import euros
from regions.money import ZERO

Rules = Mapping[str, Any]


def when_told(rules: Rules, result: Simulation, outlay: Outlay) -> list[str]:
    """What leaves the firm's account first, how long it waits, what it bears in the end."""
    return [*_first(rules, outlay), *_wait(rules, result, outlay)]


def _first(rules: Rules, outlay: Outlay) -> Iterator[str]:
    model = model_of(rules)
    if model.share_first:
        yield _("Vous versez %s, votre part, avant le début de la prestation.") % euros(outlay.first)
    elif model.split:
        yield _(
            "Vous payez d’abord au prestataire %s et toute la TVA : la part de l’aide qui lui est cédée est déduite."
        ) % (euros(outlay.first))
    elif model.to_provider and not outlay.first:
        yield _("Vous ne payez au prestataire que la TVA.")
    elif model.to_provider:
        yield _("Vous payez au prestataire %s, votre part, et la TVA ; vous n’avancez pas l’aide.") % euros(
            outlay.first
        )
    elif outlay.advance:
        words = {"advance": euros(outlay.advance), "first": euros(outlay.first)}
        yield _("Une avance de %(advance)s peut venir dès la notification ; vous payez d’abord %(first)s.") % words
    else:
        yield _("Vous payez d’abord toute la facture, %s, et la TVA.") % euros(outlay.first)


def _wait(rules: Rules, result: Simulation, outlay: Outlay) -> Iterator[str]:
    plan = result.calendar
    words = {"day": formats.day(plan.decision_by, get_language() or "fr"), "months": plan.completion_months}
    yield _("Dossier complet aujourd’hui : réponse au plus tard le %(day)s, puis %(months)s mois de projet.") % words
    paid = {"days": plan.payment_days, "carried": euros(outlay.carried)}
    if outlay.carried > ZERO:
        yield _("%(carried)s vous reviennent au plus tard %(days)s jours après votre demande de paiement.") % paid
    else:
        yield _("La région paie au plus tard %(days)s jours après la demande de paiement.") % paid


def papers(rules: Rules) -> list[tuple[str, list[str]]]:
    """The documents to prepare, for the application then for the payment; a group without document is left out."""
    evidence = rules.get("evidence", {})
    groups = ((_("Pour déposer la demande"), "application"), (_("Pour être payé"), "claim"))
    return [(title, [_paper(kind) for kind in evidence[name]]) for title, name in groups if evidence.get(name)]


def _paper(kind: str) -> str:
    return str(DocumentKind(kind).label) if kind in DocumentKind else kind
