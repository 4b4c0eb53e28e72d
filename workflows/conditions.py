"""Conditions of the moves: named questions about the file, with the sentence for a no."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from applications import versions
from applications.enums import (
    ApplicationState,
    BankChangeState,
    Bucket,
    CheckKind,
    ClaimKind,
    ClaimState,
    DocumentKind,
    Finding,
    Opinion,
    OrderState,
)
from applications.models import CasePosition, CheckResult
from applications.rules import difficulty, terms
from applications.rules.payment_models import guarantee_required
from workflows import appeals, control, group, payees, project, proof, signatures
from workflows.acts import Act, Predicate, predicate
from workflows.chain import key
from workflows.models import Deadline, Event, LedgerDifference

Kind = Deadline.Kind


def passed(kind: str) -> Predicate:
    """The condition that a deadline of this kind is open and has passed: no timer fires early or twice."""

    def ask(target: Any, act: Act) -> bool:
        owner = getattr(target, "application", target)
        return owner.deadlines.filter(kind=kind, closed_at__isnull=True, due_at__lt=act.at).exists()

    ask.__name__ = f"{kind}_deadline_passed"
    ask.__doc__ = f"A deadline of kind {kind} is open and passed."
    return predicate(_("L’échéance n’est pas passée, ou elle a déjà été traitée."))(ask)


LIVE_CLAIMS = (ClaimState.SUBMITTED, ClaimState.TO_COMPLETE, ClaimState.CHECKED, ClaimState.VERIFIED)


def latest_checks(application: Any) -> dict[str, CheckResult]:
    """Kind → the latest result recorded on a file; what an earlier provider answered counts no more."""
    since = application.provider_chosen_at
    return {
        check.kind: check
        for check in application.checks.order_by("id")
        if check.kind != CheckKind.PROVIDER or since is None or check.made_at >= since
    }


def required_checks(application: Any) -> list[str]:
    """The kinds of check that the file's scheme asks for before a proposal."""
    return list(application.scheme_version.rule("examination", "checks", default=[]))


def pending_checks(application: Any) -> list[str]:
    """The kinds asked for and not recorded yet."""
    done = latest_checks(application)
    return [kind for kind in required_checks(application) if kind not in done]


@predicate(_("Les pièces et déclarations demandées ne sont pas toutes réunies : la page de relecture les liste."))
def form_complete(target: Any, act: Act) -> bool:
    """Every fact, line, document and declaration asked at filing is there."""
    from_form = missing_items(target)
    return not from_form


@predicate(
    _("Le règlement a changé depuis l’ouverture de ce brouillon : le relire sur la page de relecture, puis déposer.")
)
def under_the_rules_in_force(target: Any, act: Act) -> bool:
    """The draft is under the version in force on the day, unless the scheme keeps the one of its opening."""
    return versions.at_filing(target, act.day).pk == target.scheme_version_id


def missing_items(application: Any) -> list[str]:
    """The keys of what is still missing to file: facts, lines, documents, declarations."""
    needed = ("headcount", "turnover", "naf_code", "legal_category", "title", "declared_de_minimis")
    facts = [name for name in needed if getattr(application, name) in (None, "")]
    facts += [*_ownership_missing(application), *_difficulty_missing(application)]
    asked = application.scheme_version.rule("evidence", "application", default=[])
    held = set(application.documents.filter(deleted_at__isnull=True).values_list("kind", flat=True))
    documents = [kind for kind in asked if kind not in held]
    lines = [] if application.lines.exists() else ["lines"]
    if CheckKind.PROVIDER in required_checks(application) and application.provider_id is None:
        documents.append("provider_chosen")
    if group.size(application) < group.fewest(application):
        documents.append("members")
    declared = [] if application.declared_accurate else ["declared_accurate"]
    return facts + documents + lines + declared


def _ownership_missing(application: Any) -> list[str]:
    """The one question on independence; and a tie at least, when the answer is no."""
    if application.independent is None:
        return ["independent"]
    return [] if application.independent or application.ownership_links.live().exists() else ["ownership"]


def _difficulty_missing(application: Any) -> list[str]:
    """The questions on difficulty that have no answer, where the law asks them."""
    asked = difficulty.QUESTIONS if terms.asks_difficulty(application.scheme_version.rules) else ()
    return [name for name in asked if getattr(application, name) is None]


@predicate(_("Tous les contrôles demandés par le règlement ne sont pas enregistrés."))
def all_checks_recorded(target: Any, act: Act) -> bool:
    """Each check that the scheme asks for has a result."""
    return not pending_checks(target)


@predicate(_("Un contrôle est non conforme : seul un refus peut être proposé."))
def no_red_check_when_granting(target: Any, act: Act) -> bool:
    """A grant is proposed only when no check is red."""
    if act.facts.get("opinion", Opinion.GRANT) == Opinion.REFUSE:
        return True
    return all(check.finding != Finding.RED for check in latest_checks(target).values())


@predicate(_("Le dossier est proposé au refus : retourner le dossier à l’instructeur pour proposer un octroi."))
def proposed_to_grant(target: Any, act: Act) -> bool:
    """The officer proposed a grant."""
    return target.opinion == Opinion.GRANT


@predicate(_("Indiquer au moins un motif de refus."))
def refusal_has_reasons(target: Any, act: Act) -> bool:
    """A refusal states its reasons (CRPA L. 211-2)."""
    return bool(act.facts.get("codes") or target.refusal_codes)


@predicate(_("Un versement est déjà ordonné : le dossier ne peut plus être retiré par l’entreprise."))
def nothing_ordered(target: Any, act: Act) -> bool:
    """No payment order was ever booked on the file."""
    file = getattr(target, "application", target)
    rows = CasePosition.objects.filter(application=file)
    return not file.orders.exclude(state__in=[OrderState.REJECTED, OrderState.CANCELLED]).exists() and not any(
        getattr(row, Bucket.ORDERED.value) for row in rows
    )


@predicate(_("Une demande de paiement est en cours : la traiter d’abord."))
def no_live_claim(target: Any, act: Act) -> bool:
    """Every claim of the file is settled, rejected or withdrawn."""
    return not target.claims.filter(state__in=LIVE_CLAIMS).exists()


@predicate(_("Prévenir d’abord l’entreprise : un classement suit toujours un avertissement."))
def warned(target: Any, act: Act) -> bool:
    """A warning was recorded on the file."""
    return _recorded(target, "record.warning")


@predicate(_("Recueillir d’abord les observations du prestataire (procédure contradictoire)."))
def heard(target: Any, act: Act) -> bool:
    """The provider was heard before its accreditation is withdrawn (CRPA L. 121-1, L. 122-1)."""
    return _recorded(target, "record.provider_hearing")


def _recorded(target: Any, act_name: str) -> bool:
    return Event.objects.filter(object=key(target), act=act_name).exists()


@predicate(_("Le dossier n’est pas notifié : aucun paiement ne peut être demandé."))
def file_running(target: Any, act: Act) -> bool:
    """The file is running: notified and not ended."""
    return target.application.state == ApplicationState.RUNNING


@predicate(_("Une autre demande de paiement est en cours : attendre qu’elle soit soldée, rejetée ou retirée."))
def no_other_live_claim(target: Any, act: Act) -> bool:
    """One claim at a time: two controls of the same lines cannot cross."""
    return not target.application.claims.filter(state__in=LIVE_CLAIMS).exclude(pk=target.pk).exists()


@predicate(_("Joindre les pièces demandées et au moins une facture."))
def claim_complete(target: Any, act: Act) -> bool:
    """The claim has lines, when it is one of expenses, and each document that the scheme asks at payment."""
    return not missing_claim_items(target)


def missing_claim_items(claim: Any) -> list[str]:
    """The keys of what is missing to file a claim."""
    asked = claim_evidence(claim)
    held = set(claim.documents.filter(deleted_at__isnull=True).values_list("kind", flat=True))
    held |= set(loose_reports(claim).values_list("kind", flat=True))
    lines = [] if claim.kind != ClaimKind.EXPENSES or claim.lines.exists() else ["lines"]
    return [kind for kind in asked if kind not in held] + lines


EVIDENCE = {ClaimKind.EXPENSES: "claim", ClaimKind.ADVANCE: "advance", ClaimKind.RELEASE: "release"}


def claim_evidence(claim: Any) -> list[str]:
    """The kinds of document that the scheme asks with a claim of this kind."""
    rules = claim.application.scheme_version.rules
    asked = list(rules.get("evidence", {}).get(EVIDENCE[ClaimKind(claim.kind)], []))
    guaranteed = claim.kind == ClaimKind.ADVANCE and guarantee_required(rules)
    missing = guaranteed and DocumentKind.ADVANCE_GUARANTEE not in asked
    return [*asked, DocumentKind.ADVANCE_GUARANTEE.value] if missing else asked


def loose_reports(claim: Any) -> Any:
    """The provider's reports that no claim holds yet: the next claim takes them with it."""
    reports = claim.application.documents.filter(kind=DocumentKind.PROVIDER_REPORT, claim__isnull=True)
    return reports.filter(deleted_at__isnull=True)


@predicate(_("Contrôler chaque ligne de la demande avant de conclure."))
def every_line_controlled(target: Any, act: Act) -> bool:
    """Each line to control has an accepted amount, or is left to a later claim."""
    return not control.waiting(target)


@predicate(_("La méthode de contrôle demande un contrôle sur place conforme avant la certification."))
def visited(target: Any, act: Act) -> bool:
    """The check on the spot that the risk asks for was made, and found the work in order."""
    return not control.visit_awaited(target)


@predicate(_("La demande ne donne droit à aucun versement : la rejeter."))
def something_due(target: Any, act: Act) -> bool:
    """At least one line is accepted in part, or the claim is not one of expenses."""
    return target.kind != ClaimKind.EXPENSES or target.lines.filter(accepted__gt=0).exists()


@predicate(_("La demande n’est pas certifiée : aucun mandat ne peut être préparé."))
def claim_verified(target: Any, act: Act) -> bool:
    """The claim of the order is verified."""
    return target.claim.state == ClaimState.VERIFIED


@predicate(_("Un mandat existe déjà pour cette demande : il ne peut pas y en avoir deux."))
def not_ordered(target: Any, act: Act) -> bool:
    """The payee has a part of this claim, and no live order pays it: only a rejected or cancelled one is replaced."""
    live = target.claim.orders.filter(payee=target.payee).exclude(state__in=payees.GONE).exclude(pk=target.pk)
    return target.payee in payees.parts_of(target.claim) and not live.exists()


@predicate(
    _("Le montant ou le bénéficiaire du mandat n’est plus celui préparé : l’annuler, puis en préparer un autre.")
)
def snapshot_intact(target: Any, act: Act) -> bool:
    """Payee and amount of the order still hash to its snapshot, and the amount is his part of the aid certified."""
    part = payees.parts_of(target.claim).get(target.payee)
    return target.snapshot_sha256 == target.snapshot() and target.amount == part


@predicate(
    _("Les coordonnées bancaires du bénéficiaire manquent ou ont changé depuis la préparation : annuler et refaire.")
)
def account_unchanged(target: Any, act: Act) -> bool:
    """The payee's live account is the one of the order, in the same name."""
    live = payees.payee_of(target).bank_details.filter(valid_to__isnull=True).first()
    return live is not None and same_account(target, live)


def same_account(order: Any, live: Any) -> bool:
    """Whether an account is the one copied on an order."""
    return bool((live.iban, live.holder) == (order.payee_iban, order.payee_name))


@predicate(
    _("Rien ne prouve que le mandat rejeté n’a pas payé : le comptable lit le relevé de la banque, ou l’atteste.")
)
def earlier_unpaid(target: Any, act: Act) -> bool:
    """Each rejected order of the claim to this payee is proved not to have paid."""
    return not proof.unproven(target.claim.orders.filter(state=OrderState.REJECTED, payee=target.payee))


def _signatures_missing(target: Any, act: Act) -> str:
    needed = act.facts["run"].signatures
    missing = needed - signatures.made(target)
    return ngettext(
        "Par son montant, ce lot demande %(needed)s signatures de personnes différentes : il en manque une.",
        "Par son montant, ce lot demande %(needed)s signatures de personnes différentes : il en manque %(missing)s.",
        missing,
    ) % {"needed": needed, "missing": missing}


@predicate(_("Ce lot demande plus de signatures que ce mandat n’en porte."), why=_signatures_missing)
def signed_enough(target: Any, act: Act) -> bool:
    """As many distinct persons signed the order as its batch asks."""
    return signatures.made(target) >= act.facts["run"].signatures


@predicate(
    _("Le bénéficiaire a demandé de changer de coordonnées bancaires : la région doit d’abord confirmer ou refuser.")
)
def no_bank_change_pending(target: Any, act: Act) -> bool:
    """The payee has no change of bank details waiting for the region's answer."""
    return not payees.payee_of(target).bank_changes.filter(state=BankChangeState.ASKED).exists()


@predicate(_("Un changement de coordonnées bancaires est déjà demandé : attendre la réponse ou retirer la demande."))
def no_other_bank_change(target: Any, act: Act) -> bool:
    """One change at a time per payee."""
    return not target.payee.bank_changes.filter(state=BankChangeState.ASKED).exclude(pk=target.pk).exists()


@predicate(_("Ces coordonnées sont déjà celles enregistrées, ou aucune ne l’est encore : rien n’est à changer."))
def another_account(target: Any, act: Act) -> bool:
    """The payee has bank details, and asks for others."""
    live = target.payee.bank_details.filter(valid_to__isnull=True).first()
    return live is not None and (live.iban, live.holder) != (target.iban, target.holder)


@predicate(_("Aucune décision ne peut être contestée à ce jour dans ce dossier."))
def decision_to_contest(target: Any, act: Act) -> bool:
    """A decision was made and notified, or silence became a rejection."""
    return appeals.contestable(target) is not None


@predicate(_("Un recours est déjà en cours : attendre la réponse de la région."))
def no_appeal_open(target: Any, act: Act) -> bool:
    """No earlier appeal waits for its answer."""
    return not appeals.is_open(target)


@predicate(_("Aucun recours n’attend de réponse dans ce dossier."))
def appeal_open(target: Any, act: Act) -> bool:
    """An appeal waits for its answer."""
    return appeals.is_open(target)


HELD, RELEASED = "record.hold", "record.release"
HOLDS = (HELD, RELEASED)


def is_held(order: Any) -> bool:
    """Whether an order was held and not released since."""
    last = Event.objects.filter(object=key(order), act__in=HOLDS).order_by("-id").first()
    return last is not None and last.act == HELD


@predicate(_("Ce mandat est suspendu : lever d’abord la suspension."))
def not_held(target: Any, act: Act) -> bool:
    """The order is not held."""
    return not is_held(target)


@predicate(_("Un écart du contrôle de nuit touche ce dossier ou son enveloppe : l’administrateur doit le lever."))
def nothing_differs(target: Any, act: Act) -> bool:
    """No open difference of the reconciliation touches the order's file or a line that it draws on."""
    file = target.application
    drawn = CasePosition.objects.filter(application=file).values("line")
    touching = Q(application=file) | Q(application__isnull=True, line__in=drawn)
    return not LedgerDifference.objects.filter(touching, resolved_at__isnull=True).exists()


@predicate(_("Ce dossier n’attend pas de crédits."))
def waits_for_room(target: Any, act: Act) -> bool:
    """The file stands in a waiting list and was not told yet that there is room."""
    return target.waiting_since is not None and target.room_since is None


@predicate(_("Ce mandat n’est pas suspendu."))
def order_held(target: Any, act: Act) -> bool:
    """The order is held."""
    return is_held(target)


@predicate(_("Le retour du comptable ne correspond pas à ce mandat : montant ou référence différents."))
def return_matches(target: Any, act: Act) -> bool:
    """The return names this order's amount to the cent and a reference."""
    return act.facts.get("amount") == target.total and bool(act.facts.get("reference"))


@predicate(_("Compléter la demande : une présentation, au moins un expert et au moins une pièce."))
def accreditation_complete(target: Any, act: Act) -> bool:
    """The request has its presentation, an expert of the provider and a document."""
    experts = target.provider.experts.filter(left_on__isnull=True)
    return bool(target.presentation.strip()) and experts.exists() and target.documents.exists()


@predicate(_("Le prestataire n’est pas habilité pour ce dispositif à ce jour."))
def provider_accredited(target: Any, act: Act) -> bool:
    """The file's provider holds an accreditation in force on the day of the act, if the scheme asks for it."""
    return project.accredited(target, act.day)


answer_overdue = passed(Kind.ANSWER)
claim_answer_overdue = passed(Kind.CLAIM_ANSWER)
accreditation_over = passed(Kind.EXPIRY)
