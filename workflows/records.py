"""Records: checks, opinions and notes that enter by the gate without moving a status."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import (
    ENDED,
    ApplicationState,
    CheckKind,
    ClaimState,
    Finding,
    OrderState,
)
from applications.models import CheckResult, PaymentReturn
from applications.rules.deadlines import APPEAL_MONTHS
from regions.calendars import add_months
from workflows import (
    appeals,
    complaints,
    follow_up,
    interest,
    records_claim,
    records_declaration,
    records_firm,
    records_project,
    registers,
    revocations,
    success,
)
from workflows import conditions as only_if
from workflows import permissions as may
from workflows.acts import Act, Denied, Due, Effects
from workflows.conditions import passed
from workflows.models import Deadline
from workflows.record import Record, on

Kind = Deadline.Kind

S = ApplicationState
OPEN = tuple(state for state in S.values if state != S.DRAFT and state not in ENDED)
ALL = tuple(state for state in S.values if state != S.DRAFT)
EXAMINED = (S.EXAMINING,)
CONFIRMABLE = (S.EXAMINING, S.GRANTED, S.RUNNING)
LIVE_ORDERS = (OrderState.PREPARED, OrderState.SIGNED)


def _check(kind: CheckKind) -> Callable[[Any, Act], Effects]:
    def run(file: Any, act: Act) -> Effects:
        finding = act.facts.get("finding")
        if finding not in Finding.values:
            raise Denied(now_("Indiquer si le contrôle est conforme, à examiner ou non conforme."))
        codes = list(act.facts.get("codes", []))
        if finding != Finding.GREEN and not (codes or act.reason):
            raise Denied(now_("Un contrôle qui n’est pas conforme donne son motif."))
        CheckResult(application=file, kind=kind, finding=finding, codes=codes, made_by=act.actor, made_at=act.at).save()
        return Effects(facts={"finding": finding, "codes": codes})

    return run


def _note(file: Any, act: Act) -> Effects:
    if not act.reason:
        raise Denied(now_("Écrire la note."))
    return Effects()


def _reasoned(order: Any, act: Act) -> Effects:
    """A hold and its end give their reason; it stays with the event."""
    if not act.reason:
        raise Denied(now_("Indiquer le motif de cet acte."))
    return Effects()


def _plain(file: Any, act: Act) -> Effects:
    return Effects(facts=dict(act.facts))


def _take(file: Any, act: Act) -> Effects:
    file.assigned_to = act.actor
    return Effects(facts={"assigned_to": act.actor.pk})


def _no_room(file: Any, act: Act) -> Effects:
    """The file takes its rank in the waiting list; the firm is told the first time."""
    emails = [] if file.waiting_since else ["waiting_list"]
    file.waiting_since, file.room_since = file.waiting_since or act.at, None
    return Effects(facts={"filed_complete_at": file.filed_complete_at or file.submitted_at}, emails=emails)


def _room(file: Any, act: Act) -> Effects:
    """Credits came back and it is this file's turn: its decider sees it, the firm is told."""
    file.room_since = act.at
    return Effects(emails=["room_again"])


def _lapse_proposed(file: Any, act: Act) -> Effects:
    file.lapse_proposed_on = act.day
    return Effects(closes=(Kind.COMPLETION,))


def _implicit_rejection(file: Any, act: Act) -> Effects:
    """Silence is a dated fact, not a state: an express grant stays possible later."""
    return Effects(facts={"implicit_rejection_on": file.implicit_rejection_on}, closes=(Kind.SILENCE,))


def _work_done(file: Any, act: Act) -> Effects:
    """The firm says that the aided work is finished: between notification and today."""
    day = act.facts.get("done_on")
    if not isinstance(day, date) or not file.notified_on <= day <= act.day:
        raise Denied(now_("Indiquer le jour où les travaux se sont achevés, entre la notification et aujourd’hui."))
    return Effects(facts={"done_on": day})


def _appeal(file: Any, act: Act) -> Effects:
    """The region has two months to answer; its silence is then a rejection (CRPA, art. L. 231-4, 2°)."""
    if not act.reason:
        raise Denied(now_("Dire en quelques mots ce que vous contestez et pourquoi."))
    answer_by = add_months(act.day, APPEAL_MONTHS)
    return Effects(facts={"answer_by": answer_by}, due=[Due(Kind.APPEAL, answer_by)])


def _appeal_answer(file: Any, act: Act) -> Effects:
    outcome = act.facts.get("outcome")
    if outcome not in appeals.OUTCOMES:
        raise Denied(now_("Indiquer si le recours est accepté ou rejeté."))
    if not act.reason:
        raise Denied(now_("Écrire la réponse et ses motifs."))
    return Effects(facts={"outcome": outcome}, closes=(Kind.APPEAL,))


def _closing(kind: str) -> Callable[[Any, Act], Effects]:
    """A timer's note: the event is the effect, and the deadline is answered."""

    def run(target: Any, act: Act) -> Effects:
        return Effects(closes=(kind,))

    return run


def _results(file: Any, act: Act) -> Effects:
    """The firm's digital intensity before and after, 0 to 12 items (RCR13)."""
    for name in ("digital_intensity_before", "digital_intensity_after"):
        value = act.facts.get(name)
        if value is not None:
            if not 0 <= value <= 12:
                raise Denied(now_("L’intensité numérique va de 0 à 12."))
            setattr(file, name, value)
    return Effects(facts=dict(act.facts))


def _bank_booked(order: Any, act: Act) -> Effects:
    """The account's own entry, after a word of the bank that announced it: a second one would be a second payment."""
    given = act.facts
    PaymentReturn(
        order=order, result=PaymentReturn.Result.PAID, value_date=given["value_date"], reference=given["reference"],
        amount=given["amount"], file_sha256=given["file_sha256"], booked=True, read_at=act.at,
    ).save()  # fmt: skip
    return Effects(facts={"reference": given["reference"], "read_by": given["read_by"]})


def _bank_conflict(order: Any, act: Act) -> Effects:
    return Effects(facts={"reference": act.facts["reference"], "read_by": act.facts["read_by"]})


RECORDS: dict[str, Record] = {
    "take": on(may.officer, _take, _("Prendre en charge"), OPEN),
    "documents": on(may.officer, _check(CheckKind.DOCUMENTS), _("Contrôle des pièces"), EXAMINED),
    "eligibility": on(may.officer, _check(CheckKind.ELIGIBILITY), _("Contrôle d’éligibilité"), EXAMINED),
    "de_minimis": on(may.officer, _check(CheckKind.DE_MINIMIS), _("Contrôle de minimis"), EXAMINED),
    "export": on(may.officer, _check(CheckKind.EXPORT), _("Contrôle des dépenses à l’export"), EXAMINED),
    "provider": on(may.provider, _check(CheckKind.PROVIDER), _("Engagement du prestataire"), CONFIRMABLE),
    "note": on(may.officer, _note, _("Note d’appel"), ALL),
    "warning": on(may.officer, _note, _("Avertissement avant classement"), OPEN),
    "revocation_proposed": on(
        may.officer_or_certifier, revocations.propose, _("Proposer le retrait de l’aide"), revocations.STATES,
        revocations.none_proposed,
    ),
    "hearing": on(
        may.group_or_officer, revocations.observe, _("Observations de l’entreprise"), revocations.STATES,
        revocations.proposed,
    ),
    "revocation_unanswered": on(
        may.system, revocations.unanswered, _("Aucune observation dans le délai"), revocations.STATES,
        passed(Kind.REVOCATION),
    ),
    "revocation_dropped": on(
        may.decider, revocations.drop, _("Abandonner le retrait"), revocations.STATES, revocations.proposed
    ),
    "results": on(may.representative, _results, _("Résultats du projet"), ALL),
    "work_done": on(may.representative, _work_done, _("Travaux achevés"), (S.RUNNING,)),
    "appeal": on(
        may.representative, _appeal, _("Recours de l’entreprise"), ALL,
        only_if.decision_to_contest, only_if.no_appeal_open,
    ),
    "appeal_answer": on(
        may.decider, _appeal_answer, _("Réponse au recours"), ALL, only_if.appeal_open
    ),
    "appeal_silence": on(
        may.system, _closing(Kind.APPEAL), _("Recours rejeté par silence"), ALL, passed(Kind.APPEAL)
    ),
    "no_room": on(may.system, _no_room, _("En attente de crédits"), (S.PROPOSED,)),
    "room": on(may.system, _room, _("Crédits revenus"), (S.PROPOSED,), only_if.waits_for_room),
    "decision_warning": on(
        may.system, _closing(Kind.WARNING), _("Alerte avant silence"), OPEN, passed(Kind.WARNING)
    ),
    "implicit_rejection": on(
        may.system, _implicit_rejection, _("Rejet implicite"), OPEN, passed(Kind.SILENCE)
    ),
    "lapse_proposed": on(
        may.system, _lapse_proposed, _("Caducité proposée"), (S.RUNNING,), passed(Kind.COMPLETION)
    ),
    "registered": on(may.officer, registers.register_award, _("Aide inscrite au registre"), ALL),
    "published": on(may.officer, registers.publish_grant, _("Aide publiée"), ALL),
    "correction_published": on(may.officer, registers.publish_correction, _("Correction publiée"), ALL),
    "letter": on(may.system, _plain, _("Courrier émis"), ALL),
    "payment_late": Record(
        _("Paiement en retard"), "claim",
        (ClaimState.SUBMITTED, ClaimState.CHECKED, ClaimState.VERIFIED), may.system, _closing(Kind.PAYMENT),
        (passed(Kind.PAYMENT),),
    ),
    "hold": Record(
        _("Suspendre le mandat"), "order", LIVE_ORDERS, may.liquidator_or_authorising, _reasoned,
        (only_if.not_held,),
    ),
    "release": Record(
        _("Lever la suspension"), "order", LIVE_ORDERS, may.authorising, _reasoned, (only_if.order_held,)
    ),
    "bank_booked": Record(
        _("Paiement confirmé par le relevé"), "order", (OrderState.PAID,), may.system, _bank_booked,
        (only_if.return_matches,),
    ),
    "bank_conflict": Record(
        _("Réponses contradictoires de la banque"), "order",
        (OrderState.SENT, OrderState.PAID, OrderState.REJECTED), may.system, _bank_conflict,
    ),
    "unpaid_proof": Record(
        _("Attester le non-paiement"), "order", (OrderState.REJECTED,), may.accountant, _reasoned
    ),
    "provider_hearing": Record(
        _("Observations du prestataire"), "accreditation", ("active", "suspended"), may.officer, _note
    ),
} | records_project.RECORDS | records_firm.RECORDS | records_claim.RECORDS | records_declaration.RECORDS | (
    success.RECORDS | follow_up.RECORDS | interest.RECORDS | complaints.RECORDS
)  # fmt: skip
