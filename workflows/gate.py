"""The gate: the one door by which a legal state moves.

Screens, API, imports, bulk acts, timers and jobs call only this module. One transaction: fetch for
the user (else 404) → lock → legal from this state? (409) → may this person? (403) → four eyes →
conditions → run → save → event, version, letters, deadlines → follow → book the envelope last.

Lock order everywhere: file, process, undertaking (its SIRENs sorted), envelope.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from applications.booking import Cause, NoRoom, after, book, positions
from applications.enums import ENDED, BankChangeState, OrderState
from applications.models import Application, Claim, Company, Decision, PaymentOrder
from regions import clock
from regions.models import Accreditation, User
from workflows import chain, deadlines, facts, follow, outbox
from workflows.acts import Act, Denied, Effects, Forbidden, NotFound, Refused, TooLate
from workflows.canonical import encode, sha256
from workflows.machines.accreditation import AccreditationMachine
from workflows.machines.application import ApplicationMachine
from workflows.machines.bank_details import BankChangeMachine
from workflows.machines.base import Move
from workflows.machines.claim import ClaimMachine
from workflows.machines.payment import PaymentOrderMachine
from workflows.models import CaseProcess, Event
from workflows.records import RECORDS, Record
from workflows.release import ENGINE_VERSION

MACHINES: dict[str, Any] = {
    machine.machine: machine
    for machine in (ApplicationMachine, ClaimMachine, PaymentOrderMachine, AccreditationMachine, BankChangeMachine)
}


def move(user: User, machine: str, pk: int, name: str, *, reason: str = "", **given: Any) -> Event:
    """Move an object: `move(user, "application", 12, "grant")`. Returns the event.

    Raises NotFound, TooLate, Forbidden or Denied, each with a sentence for the user; nothing is
    written then, except that a file denied for want of credits is noted as waiting.
    """
    try:
        with transaction.atomic():
            target = _locked(user, machine, pk)
            return _perform(target, name, _act(user, target, reason, given))
    except NoRoom as error:
        _note_waiting(machine, pk)
        raise Denied(_("L’enveloppe n’a plus de crédits disponibles : le dossier reste proposé.")) from error


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


def open_order(user: User, claim_pk: int) -> Event:
    """Prepare a payment order for a verified claim: the order is made and moved in one act."""
    with transaction.atomic():
        claim = _locked(user, "claim", claim_pk)
        order = order_for(claim)
        return _perform(order, "prepare", _act(user, order, "", {}))


def order_for(claim: Claim) -> PaymentOrder:
    """The order that a claim would have: not saved, for the questions asked before it is prepared."""
    return PaymentOrderMachine(application=claim.application, claim=claim, state=OrderState.NEW)


def ask_bank_change(user: User, company_pk: int, **details: Any) -> Event:
    """Ask to change a firm's bank details (holder, iban, document): made and moved in one act."""
    with transaction.atomic():
        if not user.mandates.filter(company_id=company_pk).exists():
            raise NotFound(_("Aucune entreprise à cette adresse."))
        company = _lock_company(company_pk)
        change = BankChangeMachine(company=company, asked_by=user, state=BankChangeState.NEW, **details)
        return _perform(change, "ask", _act(user, change, "", {}))


def record(user: User, machine: str, pk: int, kind: str, *, reason: str = "", **given: Any) -> Event:
    """Record a check, an opinion or a note: an event without a move. Same doors as a move."""
    with transaction.atomic():
        target = _locked(user, machine, pk)
        act = _act(user, target, reason, given)
        spec = _record_spec(target, kind)
        _may(spec.right, target, act)
        _conditions(spec.conditions, target, act)
        effects = spec.run(target, act)
        return _write(target, f"record.{kind}", act, (target.state, target.state), effects)


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
    earlier = _same_person(spec, target, act)
    if earlier is not None:
        return str(four_eyes_sentence(earlier))
    failed = next((c for c in spec.conditions if not c(target, act)), None)
    return str(failed.sentence) if failed else ""


# --- fetching and locking


def _as_machine(target: Any) -> Any:
    """The machine's proxy of a row, sharing its values."""
    proxy = next(m for m in MACHINES.values() if m._meta.concrete_model is target._meta.concrete_model)
    if not isinstance(target, proxy):
        target.__class__ = proxy
    return target


def _locked(user: User, machine: str, pk: int) -> Any:
    """Fetch for the user and lock: the file first, then the object that hangs on it."""
    model = MACHINES[machine]
    visible = model.objects.for_user(user).filter(pk=pk)
    if issubclass(model, Claim | PaymentOrder):
        file_pk = visible.values_list("application_id", flat=True).first()
        if file_pk is None:
            raise NotFound(_("Aucun dossier à cette adresse."))
        file = _lock_file(file_pk)
        target = model.objects.select_for_update(of=("self",)).get(pk=pk)
        target.application = file
        return target
    if not visible.exists():
        raise NotFound(_("Aucun dossier à cette adresse."))
    if model is BankChangeMachine:
        _lock_company(visible.values_list("company_id", flat=True)[0])
    return _lock_file(pk) if model is ApplicationMachine else _lock_row(model, pk)


def _lock_company(pk: int) -> Company:
    """Lock a firm: its bank details and the requests to change them take turns."""
    return Company.objects.select_for_update(of=("self",)).select_related("region").get(pk=pk)


def _lock_row(model: Any, pk: int) -> Any:
    return model.objects.select_for_update(of=("self",)).get(pk=pk)


def _lock_file(pk: int) -> ApplicationMachine:
    """Lock a file and then its process, the first two of the house's lock order."""
    file: ApplicationMachine = (
        ApplicationMachine.objects.select_for_update(of=("self",))
        .select_related("region", "scheme_version__scheme", "company__region", "envelope", "manager", "provider")
        .get(pk=pk)
    )
    list(CaseProcess.objects.select_for_update(of=("self",)).filter(case_id=pk).values_list("pk"))
    return file


def _act(user: User, target: Any, reason: str, given: Mapping[str, Any]) -> Act:
    moment = clock.now()
    zone = getattr(target, "application", target).region.time_zone
    return Act(actor=user, at=moment, day=clock.today(zone), reason=reason.strip(), facts=dict(given))


# --- the questions


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
            raise Denied(condition.sentence)


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
    _four_eyes(spec, target, act)
    _reasoned(spec, act)
    _conditions(spec.conditions, target, act)
    before = target.state
    effects = target.perform(name, act)
    event = _write(target, f"{target.machine}.{name}", act, (before, target.state), effects)
    for following in effects.then:
        _then(target, following.target, following.move, act)
    return event


def _then(target: Any, other: Any, name: str, act: Act) -> None:
    """A move that follows at once in the system's name, under the locks already held."""
    machine = _as_machine(other)
    machine.application = target.application
    system = Act(actor=User.objects.system(), at=act.at, day=act.day)
    _perform(machine, name, system)


def _write(target: Any, name: str, act: Act, states: tuple[str, str], effects: Effects) -> Event:
    """Everything that one act leaves behind, in the order of the locks."""
    subject = target.subject()
    if target is not subject or target.pk is None:
        target.save()
    if not isinstance(subject, Application):
        return _write_alone(subject, target, name, act, states, effects)
    return _write_file(subject, target, name, act, states, effects)


def _write_alone(subject: Any, target: Any, name: str, act: Act, states: tuple[str, str], effects: Effects) -> Event:
    """An act on a subject without money or versions: an accreditation, a change of bank details."""
    event = chain.append(subject, target, act, name, states, effects.facts)
    deadlines.apply(target, effects, act)
    if isinstance(subject, Accreditation):
        facts.refresh_accreditation(subject)
    for template in effects.emails:
        outbox.email(event, template, None)
    subject.save()
    return event


def _write_file(file: Any, target: Any, name: str, act: Act, states: tuple[str, str], effects: Effects) -> Event:
    held = positions(file)
    effective_on = effects.effective_on or act.day
    event = chain.append(file, target, act, name, states, effects.facts)
    _freeze(file, name, act, effects)
    deadlines.apply(target, effects, act)
    _refresh(file, target)
    version = facts.append_version(file, act, name, effective_on, after(held, effects.bookings))
    if isinstance(target, Claim | PaymentOrder):
        facts.append_claim_version(version, _claim_of(target), _order_of(target))
    outbox.post(file, event, effects.letters, effects.emails)
    follow.follow(file, event)
    cause = Cause(name, f"{event.subject}#{event.number}", act.actor, effective_on, act.at)
    book(file, effects.bookings, cause, held, claim=_claim_of(target), order=_order_if(target))
    return event


def _claim_of(target: Any) -> Any:
    return target.claim if isinstance(target, PaymentOrder) else target if isinstance(target, Claim) else None


def _order_if(target: Any) -> Any:
    return target if isinstance(target, PaymentOrder) else None


def _order_of(target: Any) -> Any:
    """The order that a claim's version shows: the one moved, else its latest."""
    return target if isinstance(target, PaymentOrder) else target.orders.order_by("-id").first()


def _refresh(file: Any, target: Any) -> None:
    """Who has what now: on the file, and on the claim and order that hang on it."""
    if file.state in ENDED:
        deadlines.close_all(file)
    if isinstance(target, PaymentOrder):
        target.next_actor = facts.BY_ORDER.get(OrderState(target.state), "")
        target.save(update_fields=["next_actor"])
    claim = _claim_of(target)
    if claim is not None:
        claim.next_actor = facts.claim_actor(claim)
        claim.due_on = claim.payment_due_on
        claim.save(update_fields=["next_actor", "due_on"])
    facts.refresh(file)
    file.save()


def _freeze(file: Any, name: str, act: Act, effects: Effects) -> None:
    """Keep what the act relied on, so that it can be recomputed from the facts of its day."""
    reliance = effects.reliance
    if reliance is None:
        return
    inputs, outcome = encode(reliance.inputs), encode(reliance.outcome)
    Decision(
        application=file, act=name, scheme_fingerprint=file.scheme_version.fingerprint,
        law_version=reliance.law_version, engine_version=ENGINE_VERSION, inputs=inputs, outcome=outcome,
        sha256=sha256(inputs, outcome), made_at=act.at,
    ).save()  # fmt: skip


def _note_waiting(machine: str, pk: int) -> None:
    """Note that a file waits for credits: the waiting list is in the order of completeness."""
    if machine == ApplicationMachine.machine:
        record(User.objects.system(), machine, pk, "no_room")
