"""The gate: the one door by which a legal state moves.

Screens, API, imports, bulk acts, timers and jobs call only this module. One transaction: fetch for
the user (else 404) → lock → legal from this state? (409) → may this person? (403) → impartial? → four eyes →
conditions → run → save → event, version, letters, deadlines → follow → book the envelope last.

Lock order everywhere: file, process, undertaking (its SIRENs sorted), envelope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.booking import NoCredits, NoRoom
from applications.enums import (
    AuditFindingState,
    BankChangeState,
    ComplaintState,
    IrregularityState,
    OperationClaimState,
    OrderState,
    PaymentApplicationState,
    RecoveryState,
)
from applications.models import Application, Claim, Complaint, Irregularity, PaymentOrder, Recovery
from regions import clock
from regions.models import Region, User
from workflows import chain, declaring_firms, impartiality, locking, payees, writing
from workflows.acts import Act, Denied, Forbidden, NotFound, Refused, Then, TooLate
from workflows.machines.accreditation import AccreditationMachine
from workflows.machines.application import ApplicationMachine
from workflows.machines.audit_finding import AuditFindingMachine
from workflows.machines.bank_details import BankChangeMachine
from workflows.machines.base import Move
from workflows.machines.claim import ClaimMachine
from workflows.machines.complaint import ComplaintMachine
from workflows.machines.declaration import OperationClaimMachine, PaymentApplicationMachine
from workflows.machines.irregularity import IrregularityMachine
from workflows.machines.payment import PaymentOrderMachine
from workflows.machines.recovery import RecoveryMachine
from workflows.models import Event
from workflows.records import RECORDS, Record

MACHINES: dict[str, Any] = {
    machine.machine: machine
    for machine in (
        ApplicationMachine, ClaimMachine, PaymentOrderMachine, AccreditationMachine, BankChangeMachine,
        RecoveryMachine, OperationClaimMachine, PaymentApplicationMachine, IrregularityMachine,
        AuditFindingMachine, ComplaintMachine,
    )
}  # fmt: skip
MANY = 200
COMPLAINED = ("about_file", "provider", "from_provider", "scheme", "source", "channel", "from_whom", "email")
NO_ROOM = _(
    "L’enveloppe n’a plus de crédits disponibles : le dossier reste proposé et prend son rang dans la liste d’attente."
)
NO_CREDITS = _(
    "Les crédits de paiement ouverts pour cette année ne couvrent pas ce mandat : un administrateur doit en ouvrir, "
    "puis le mandat pourra être préparé."
)


def move(user: User, machine: str, pk: int, name: str, *, reason: str = "", **given: Any) -> Event:
    """Move an object: `move(user, "application", 12, "grant")`. Returns the event.

    Raises NotFound, TooLate, Forbidden or Denied, each with a sentence for the user; nothing is
    written then, except that a file denied for want of credits is noted as waiting.
    """
    try:
        with transaction.atomic():
            target = locking.locked(user, MACHINES[machine], pk)
            return _perform(target, name, _act(user, target, reason, given))
    except NoRoom as error:
        _note_waiting(machine, pk)
        raise Denied(getattr(error, "sentence", NO_ROOM)) from error


@dataclass(slots=True)
class Batch:
    """What a mass act did: the events made, and each object refused with its sentence."""

    done: list[Event] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)


def move_many(user: User, machine: str, pks: Iterable[int], name: str, *, reason: str = "", **given: Any) -> Batch:
    """The same move on many objects: each passes every question alone, in its own transaction.

    In the order of the keys, so that two mass acts at once take their locks in the same order.
    """
    batch = Batch()
    for pk in sorted(pks):
        try:
            batch.done.append(move(user, machine, pk, name, reason=reason, **given))
        except Refused as refusal:
            batch.refused.append((pk, str(refusal)))
    return batch


def open_order(user: User, claim_pk: int, payee: str = "") -> Event:
    """Prepare a payment order for a verified claim, or for one payee's part of it: made and moved in one act."""
    try:
        with transaction.atomic():
            claim = locking.locked(user, ClaimMachine, claim_pk)
            order = order_for(claim, payee)
            return _perform(order, "prepare", _act(user, order, "", {}))
    except NoCredits as error:
        raise Denied(NO_CREDITS) from error


def order_for(claim: Claim, payee: str = "") -> PaymentOrder:
    """The order that a claim would have, the next payee's unless one is named: not saved, for the questions asked."""
    chosen = payee or payees.next_of(claim)
    return PaymentOrderMachine(application=claim.application, claim=claim, state=OrderState.NEW, payee=chosen)


def open_recovery(user: User, application_pk: int, **found: Any) -> Event:
    """Note that money paid on a file has to come back (amount, reason_code, claim): made and moved in one act."""
    with transaction.atomic():
        file = locking.locked(user, ApplicationMachine, application_pk)
        recovery = recovery_for(file)
        return _perform(recovery, "open", _act(user, recovery, found.pop("words", ""), found))


def recovery_for(file: Application) -> Recovery:
    """The recovery that a file would have: not saved, for the questions asked before it is opened."""
    return RecoveryMachine(application=file, state=RecoveryState.NEW)


def open_operation_claim(user: User, operation_pk: int, until: date) -> Event:
    """The region, beneficiary of a grouped operation, asks for what it paid up to a day: made and moved in one act."""
    with transaction.atomic():
        operation = locking.lock_operation(user, operation_pk)
        claim = OperationClaimMachine(operation=operation, region=operation.region, state=OperationClaimState.NEW)
        return _perform(claim, "prepare", _act(user, claim, "", {"until": until}))


def declare_firms(user: User, programme_pk: int, until: date) -> Batch:
    """Declare what firms that are beneficiaries spent up to a day, each operation in its own transaction.

    At most `MANY` at a time: the next call goes on. Not those on whose files the person acted.
    """
    with transaction.atomic():
        programme = locking.lock_programme(user, programme_pk)
    batch = Batch()
    for pk in declaring_firms.operations(programme, until, user).values_list("pk", flat=True)[:MANY]:
        try:
            batch.done.append(_declare_firm(user, pk, until))
        except Refused as refusal:
            batch.refused.append((pk, str(refusal)))
    return batch


def _declare_firm(user: User, operation_pk: int, until: date) -> Event:
    with transaction.atomic():
        operation = locking.lock_operation(user, operation_pk)
        claim = OperationClaimMachine(operation=operation, region=operation.region, state=OperationClaimState.NEW)
        return _perform(claim, "include", _act(user, claim, "", {"until": until}))


def open_payment_application(user: User, programme_pk: int, basis: str) -> Event:
    """The payment application of a programme for the present period: made and moved in one act."""
    with transaction.atomic():
        programme = locking.lock_programme(user, programme_pk)
        target = PaymentApplicationMachine(
            programme=programme, region=programme.region, basis=basis, state=PaymentApplicationState.NEW
        )
        return _perform(target, "prepare", _act(user, target, "", {}))


def open_irregularity(user: User, application_pk: int, **found: Any) -> Event:
    """Note an irregularity of a file, in the fields of annex XII: made and moved in one act."""
    with transaction.atomic():
        file = locking.locked(user, ApplicationMachine, application_pk)
        row = irregularity_for(file)
        return _perform(row, "open", _act(user, row, found.pop("words", ""), found))


def irregularity_for(file: Application) -> Irregularity:
    """The irregularity that a file would have: not saved, for the questions asked before it is noted."""
    return IrregularityMachine(application=file, state=IrregularityState.NEW)


def open_finding(user: User, application_pk: int, **found: Any) -> Event:
    """Write a finding of the audit on a file down, as a draft of its author: made and moved in one act."""
    with transaction.atomic():
        file = locking.locked(user, ApplicationMachine, application_pk)
        row = AuditFindingMachine(application=file, region=file.region, author=user, state=AuditFindingState.NEW)
        return _perform(row, "open", _act(user, row, found.pop("words", ""), found))


def open_complaint(user: User, region: Region, **received: Any) -> Event:
    """Register a complaint, numbered in its region: made and moved in one act."""
    with transaction.atomic():
        row = complaint_for(user, region, **{name: received.pop(name) for name in COMPLAINED if name in received})
        Region.objects.select_for_update(of=("self",)).get(pk=region.pk)  # numbered one after the other
        return _perform(row, received.pop("name", "open"), _act(user, row, received.pop("reason", ""), received))


def complaint_for(user: User, region: Region, **about: Any) -> Complaint:
    """The complaint that somebody would register: not saved, for the questions asked before it is."""
    return ComplaintMachine(region=region, received_by=user, state=ComplaintState.NEW, **about)


def ask_bank_change(user: User, company_pk: int, **details: Any) -> Event:
    """Ask to change a firm's bank details (holder, iban, document): made and moved in one act."""
    with transaction.atomic():
        if not user.mandates.filter(company_id=company_pk).exists():
            raise NotFound(_("Aucune entreprise à cette adresse."))
        company = locking.lock_company(company_pk)
        owner = {"company": company, "region": company.region}
        return _ask(user, owner | details)


def ask_provider_bank_change(user: User, provider_pk: int, region: Region, **details: Any) -> Event:
    """Ask to change a provider's bank details; the region is one where it is accredited."""
    with transaction.atomic():
        if not user.provider_memberships.filter(provider_id=provider_pk).exists():
            raise NotFound(_("Aucun prestataire à cette adresse."))
        provider = locking.lock_provider(provider_pk)
        return _ask(user, {"provider": provider, "region": region} | details)


def _ask(user: User, details: Mapping[str, Any]) -> Event:
    change = BankChangeMachine(asked_by=user, state=BankChangeState.NEW, **details)
    return _perform(change, "ask", _act(user, change, "", {}))


def record(user: User, machine: str, pk: int, kind: str, *, reason: str = "", **given: Any) -> Event:
    """Record a check, an opinion or a note: an event without a move. Same doors as a move."""
    with transaction.atomic():
        target = locking.locked(user, MACHINES[machine], pk)
        act = _act(user, target, reason, given)
        spec = _record_spec(target, kind)
        _may(spec.right, target, act)
        _impartial(spec, f"record.{kind}", target, act)
        _conditions(spec.conditions, target, act)
        effects = spec.run(target, act)
        return writing.write(target, f"record.{kind}", act, (target.state, target.state), effects)


def available(user: User, target: Any) -> dict[str, str]:
    """Name of each move legal from the state → "" when the person may, else the sentence that says why not."""
    machine = _as_machine(target)
    act = _act(user, machine, "", {})
    return {
        name: _why_not(spec, machine, act)
        for name, spec in type(machine).moves().items()
        if machine.state in spec.sources
    }


def _why_not(spec: Move, target: Any, act: Act) -> str:
    if not spec.right(target, act):
        return str(spec.right.sentence)
    partial = impartiality.failing(spec.right, f"{target.machine}.{spec.name}", target, act)
    if partial is not None:
        return str(partial.sentence)
    earlier = _same_person(spec, target, act)
    if earlier is not None:
        return str(four_eyes_sentence(earlier))
    failed = next((c for c in spec.conditions if not c(target, act)), None)
    return str(failed.refusal(target, act)) if failed else ""


def _act(user: User, target: Any, reason: str, given: Mapping[str, Any]) -> Act:
    moment = clock.now()
    zone = getattr(target, "application", target).region.time_zone
    return Act(actor=user, at=moment, day=clock.today(zone), reason=reason.strip(), facts=dict(given))


# --- the questions


def _as_machine(target: Any) -> Any:
    """The machine's proxy of a row, sharing its values."""
    proxy = next(m for m in MACHINES.values() if m._meta.concrete_model is target._meta.concrete_model)
    if not isinstance(target, proxy):
        target.__class__ = proxy
    return target


def _legal(spec: Move | None, target: Any, name: str) -> Move:
    if spec is None:
        raise NotFound(format_lazy(_("L’acte « {name} » n’existe pas."), name=name))
    if target.state not in spec.sources:
        raise TooLate(
            format_lazy(_("Trop tard : le dossier est maintenant « {state} »."), state=target.get_state_display())
        )
    return spec


def _may(right: Any, target: Any, act: Act) -> None:
    if not act.actor.is_active or not right(target, act):
        raise Forbidden(right.sentence)


def _impartial(spec: Move | Record, name: str, target: Any, act: Act) -> None:
    partial = impartiality.failing(spec.right, name, target, act)
    if partial is not None:
        raise Forbidden(partial.sentence)


def _four_eyes(spec: Move, target: Any, act: Act) -> None:
    earlier = _same_person(spec, target, act)
    if earlier is not None:
        raise Forbidden(four_eyes_sentence(earlier))


def _same_person(spec: Move, target: Any, act: Act) -> Event | None:
    """An earlier act of the same natural person, whichever account, that this one must not follow."""
    if not spec.four_eyes:
        return None
    subject = chain.key(target.subject())
    own = Q(object__in=[chain.key(row) for row in target.related() if row.pk]) | Q(object=subject)
    return Event.objects.filter(
        own, subject=subject, act__in=spec.four_eyes, person_id_value=act.actor.person_id
    ).first()


def four_eyes_sentence(earlier: Event) -> Any:
    """What bars a person who already did an earlier act."""
    return format_lazy(
        _("Une autre personne doit faire cet acte : vous avez déjà fait « {act} » le {day}."),
        act=act_label(earlier.act),
        day=f"{earlier.at:%d/%m/%Y}",
    )


def act_label(name: str) -> Any:
    """The words for an act's stored name, "application.grant" or "record.documents"."""
    machine, _dot, short = name.partition(".")
    if machine == "record":
        return RECORDS[short].label
    return MACHINES[machine].moves()[short].label


def _conditions(conditions: Any, target: Any, act: Act) -> None:
    for condition in conditions:
        if not condition(target, act):
            raise Denied(condition.refusal(target, act))


def _reasoned(spec: Move, act: Act) -> None:
    if spec.reason and not act.reason:
        raise Denied(_("Indiquer le motif de cet acte."))


def _record_spec(target: Any, kind: str) -> Record:
    spec = RECORDS.get(kind)
    if spec is None or spec.machine != target.machine:
        raise NotFound(format_lazy(_("L’acte « {name} » n’existe pas."), name=kind))
    if target.state not in spec.states:
        raise TooLate(
            format_lazy(_("Trop tard : le dossier est maintenant « {state} »."), state=target.get_state_display())
        )
    return spec


# --- the act


def _perform(target: Any, name: str, act: Act) -> Event:
    spec = _legal(type(target).moves().get(name), target, name)
    _may(spec.right, target, act)
    _impartial(spec, f"{target.machine}.{name}", target, act)
    _four_eyes(spec, target, act)
    _reasoned(spec, act)
    _conditions(spec.conditions, target, act)
    before = target.state
    effects = target.perform(name, act)
    event = writing.write(target, f"{target.machine}.{name}", act, (before, target.state), effects)
    for following in effects.then:
        _then(target, following, act)
    return event


def _then(target: Any, following: Then, act: Act) -> None:
    """A move that follows at once in the system's name, under the locks already held."""
    machine = _as_machine(following.target)
    machine.application = getattr(target, "application", target)
    system = Act(actor=User.objects.system(), at=act.at, day=act.day, facts=following.facts)
    _perform(machine, following.move, system)


def _note_waiting(machine: str, pk: int) -> None:
    """Note that a file waits for credits: the waiting list is in the order of completeness."""
    if machine == ApplicationMachine.machine:
        record(User.objects.system(), machine, pk, "no_room")
