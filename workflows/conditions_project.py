"""Conditions of a project under way: groups, providers, reports, escrow, advances and recoveries."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.booking import positions
from applications.enums import Bucket, ClaimKind, ClaimState, RecoveryState
from applications.escrow import escrow_of
from applications.rules.payment_models import redeemed_once
from regions.money import ZERO
from workflows import group, project
from workflows.acts import Act, predicate

CERTIFIED = (ClaimState.VERIFIED, ClaimState.SETTLED)
LIVE_RECOVERIES = (RecoveryState.OPENED, RecoveryState.HEARING, RecoveryState.ORDERED, RecoveryState.SUSPENDED)


def _file(target: Any) -> Any:
    return getattr(target, "application", target)


# --- groups


@predicate(_("Le groupement n’a plus assez d’entreprises : en accueillir une autre, ou renoncer à l’aide."))
def group_large_enough(target: Any, act: Act) -> bool:
    """As many firms take part as the scheme asks."""
    file = _file(target)
    return group.size(file) >= group.fewest(file)


@predicate(_("Une entreprise a quitté le groupement : réduire d’abord l’aide par avenant, ou la remplacer."))
def group_settled(target: Any, act: Act) -> bool:
    """No part of a firm that left is still granted."""
    return bool(_file(target).amount_to_cut == ZERO)


@predicate(_("Chaque entreprise du groupement n’a pas encore confirmé sa participation."))
def group_confirmed(target: Any, act: Act) -> bool:
    """Every firm of the group has confirmed for itself."""
    return not group.unconfirmed(_file(target))


@predicate(_("Cette demande n’est pas celle d’un groupement."))
def is_group(target: Any, act: Act) -> bool:
    """The scheme aids a group of firms."""
    return group.fewest(_file(target)) > 1


# --- the provider


@predicate(_("Le prestataire ne se change que s’il a refusé, s’il tarde à répondre ou si son habilitation a pris fin."))
def may_change_provider(target: Any, act: Act) -> bool:
    """He declined, is late to answer, or is not accredited any more; before an answer is asked, at will."""
    if not project.wants_provider(target):
        return False
    free = target.complete_at is None or not project.accredited(target, act.day)
    return free or _declined(target) or (not project.provider_confirmed(target) and project.provider_late(target, act))


def _declined(file: Any) -> bool:
    checks = file.checks.filter(kind="provider")
    if file.provider_chosen_at is not None:
        checks = checks.filter(made_at__gte=file.provider_chosen_at)
    last = checks.order_by("-id").first()
    return last is not None and last.finding != "green"


@predicate(_("Le prestataire n’a pas encore confirmé son engagement."))
def provider_confirmed(target: Any, act: Act) -> bool:
    """The present provider confirmed."""
    return project.provider_confirmed(_file(target))


# --- reports, escrow, advances


@predicate(_("Aucun rapport du prestataire n’attend votre validation."))
def report_to_validate(target: Any, act: Act) -> bool:
    """The provider reported since the firm last said that the work conforms."""
    return project.last_number(target, project.REPORT) > project.last_number(target, project.CONFORMITY)


@predicate(_("Valider d’abord le rapport du prestataire : le règlement le demande avant tout paiement."))
def report_validated(target: Any, act: Act) -> bool:
    """The firm validated the report, when the payment model asks for it."""
    file = _file(target)
    if target.kind != ClaimKind.EXPENSES or not project.payment_model(file).firm_validates:
        return True
    return project.report_validated(file)


@predicate(_("La part de l’entreprise n’est pas encore arrivée : le paiement en dépend."))
def share_arrived(target: Any, act: Act) -> bool:
    """The firm's own share is in the pot, when the payment model asks for it first."""
    return project.awaited_share(_file(target)) == ZERO


@predicate(_("Ce dispositif ne demande pas à l’entreprise de verser sa part d’avance."))
def has_escrow(target: Any, act: Act) -> bool:
    """The payment model holds the firm's own share."""
    return project.payment_model(_file(target)).share_first


@predicate(_("Une part de l’entreprise est encore détenue : la lui rendre d’abord."))
def escrow_empty(target: Any, act: Act) -> bool:
    """Nothing of the firm's own money is held any more."""
    return escrow_of(_file(target)).held == ZERO


@predicate(_("Ce versement n’est pas prévu par la décision, ou il est déjà demandé."))
def claim_open(target: Any, act: Act) -> bool:
    """The grant gives what the claim asks: the advance once, each loan once, expenses at any time."""
    file = target.application
    if target.kind == ClaimKind.EXPENSES:
        return True
    if target.kind == ClaimKind.ADVANCE:
        return bool(project.advance_open(file, target))
    return any(component.instrument == target.instrument for component in project.releases_open(file, target))


@predicate(
    _("Ce chèque s’utilise en une seule fois : une demande est déjà certifiée, ou celle-ci n’est pas la dernière.")
)
def redeemable(target: Any, act: Act) -> bool:
    """Where the scheme redeems once, one claim asks for all of it; lines left to a later claim may still follow."""
    file = target.application
    if target.kind != ClaimKind.EXPENSES or not redeemed_once(file.scheme_version.rules):
        return True
    earlier = file.claims.filter(kind=ClaimKind.EXPENSES, state__in=CERTIFIED).exclude(pk=target.pk)
    return bool(target.is_final) and not any(not claim.lines.filter(parked=True).exists() for claim in earlier)


# --- recoveries


@predicate(_("Le montant dépasse ce qui a été payé et n’est pas déjà en cours de recouvrement."))
def recoverable(target: Any, act: Act) -> bool:
    """What is to come back was paid, and is in no other recovery."""
    amount = act.facts.get("amount")
    return isinstance(amount, Decimal) and ZERO < amount <= room_to_recover(target.application)


def room_to_recover(file: Any) -> Decimal:
    """What was paid as a grant, less what came back or is being recovered, in euro."""
    held = positions(file)
    live = file.recoveries.filter(state__in=LIVE_RECOVERIES)
    return held[Bucket.PAID] - held[Bucket.RECOVERED] - sum((r.remaining for r in live), ZERO)


@predicate(_("Le délai laissé à l’entreprise pour ses observations n’est pas passé."))
def heard_or_late(target: Any, act: Act) -> bool:
    """The firm gave its observations, or its time to give them is over (CRPA, art. L. 121-1 and L. 122-1)."""
    return target.observed_on is not None or (target.answer_by is not None and target.answer_by < act.day)


@predicate(_("L’encaissement ne correspond pas à ce titre : montant ou référence à vérifier."))
def receipt_matches(target: Any, act: Act) -> bool:
    """The accountant's receipt has a reference and an amount within what remains."""
    amount = act.facts.get("amount")
    return isinstance(amount, Decimal) and ZERO < amount <= target.remaining and bool(act.facts.get("reference"))


@predicate(_("Cet encaissement ne solde pas le titre."))
def receipt_is_whole(target: Any, act: Act) -> bool:
    """The receipt brings in all that remains."""
    return bool(act.facts.get("amount") == target.remaining)


@predicate(_("Cet encaissement solde le titre : le constater comme recouvré."))
def receipt_is_part(target: Any, act: Act) -> bool:
    """The receipt leaves something to come in."""
    return bool(act.facts.get("amount") != target.remaining)


@predicate(_("Indiquer la délibération qui décide de la remise ou de l’admission en non-valeur."))
def voted(target: Any, act: Act) -> bool:
    """A write-off rests on a recorded vote (to be confirmed by the region's rules)."""
    return bool(str(act.facts.get("vote", "")).strip())
