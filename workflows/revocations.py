"""Taking back a grant: proposed with its ground, heard by the firm in the time she is given, decided by another."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, ApplicationState, RecoveryState, RevocationOutcome
from applications.models import Recovery, Revocation
from applications.rules.base import Verdict
from applications.rules.revocation import GROUNDS, REPEAL, revocable
from regions import clock
from regions.money import ZERO
from workflows.acts import Act, Denied, Due, Effects, Then, predicate
from workflows.conditions_project import room_to_recover
from workflows.models import Deadline
from workflows.sentences import euro, in_words

S = ApplicationState
STATES = (S.GRANTED, S.RUNNING, S.COMPLETED)
OBSERVATION_DAYS = 15
Kind = Deadline.Kind


def pending(file: Any) -> Revocation | None:
    """The proposal that waits for its decision."""
    if file.state not in STATES:
        return None
    found: Revocation | None = file.revocations.filter(ended_on__isnull=True).first()
    return found


def was_heard(row: Revocation, day: date) -> bool:
    """The firm said what she had to say, or her time to say it is over."""
    return row.observed_on is not None or row.answer_by < day


def actor(row: Revocation) -> str:
    """Who has a proposal now."""
    return Actor.DECIDER if was_heard(row, clock.today(row.application.zone)) else Actor.FIRM


@predicate(_("Un retrait est déjà proposé : le décider ou l’abandonner d’abord."))
def none_proposed(target: Any, act: Act) -> bool:
    """No other proposal waits."""
    return pending(target) is None


@predicate(_("Aucun retrait n’est proposé : l’instructeur ou le certificateur le propose d’abord, avec son motif."))
def proposed(target: Any, act: Act) -> bool:
    """A proposal waits."""
    return pending(target) is not None


@predicate(_("Attendre les observations de l’entreprise, ou la fin du délai qui lui est laissé pour les présenter."))
def heard(target: Any, act: Act) -> bool:
    """The firm was heard before a withdrawal (CRPA L. 121-1, L. 122-1)."""
    row = pending(target)
    return row is None or was_heard(row, act.day)


def propose(file: Any, act: Act) -> Effects:
    """Tell the firm what is meant and why, and leave her time to answer."""
    if not act.reason:
        raise Denied(now_("Écrire ce qui a été constaté : ce texte est repris dans le courrier."))
    ground, effect = str(act.facts.get("ground", "")), str(act.facts.get("effect", ""))
    if ground not in GROUNDS:
        raise Denied(now_("Choisir un motif de la liste."))
    _lawful(revocable(ground, effect, file.decided_on, act.day))
    amount = _amount(file, effect, act.facts.get("amount"))
    days = int(file.scheme_version.rule("when", "observation_days", default=OBSERVATION_DAYS))
    row = Revocation.objects.create(
        application=file, ground=ground, effect=effect, amount=amount, proposed_on=act.day,
        everything=act.facts.get("amount") is None, answer_by=act.day + timedelta(days=days),
    )  # fmt: skip
    return Effects(
        facts=_told(row) | {"answer_by": row.answer_by, "amount": amount},
        letters=["revocation_hearing"],
        due=[Due(Kind.REVOCATION, row.answer_by)],
    )


def _lawful(verdict: Verdict) -> None:
    if not verdict.ok:
        raise Denied(in_words(verdict.reasons))


def _amount(file: Any, effect: str, asked: Decimal | None) -> Decimal:
    """What would come back: nothing after a repeal, all that was paid unless less is asked."""
    room = room_to_recover(file)
    if effect == REPEAL:
        return ZERO
    if asked is not None and not ZERO <= asked <= room:
        raise Denied(now_("Le montant à reverser ne peut pas dépasser ce qui a été payé : %s.") % euro(room))
    return room if asked is None else asked


def _told(row: Revocation) -> dict[str, Any]:
    return {"revocation": row.pk, "ground": row.ground, "effect": row.effect}


def observe(file: Any, act: Act) -> Effects:
    """What the firm answers, written by her, or noted by the officer who received her."""
    if not act.reason:
        raise Denied(now_("Écrire les observations."))
    row = _pending(file)
    row.observed_on = act.day
    row.save(update_fields=["observed_on"])
    return Effects(facts=_told(row), closes=(Kind.REVOCATION,))


def unanswered(file: Any, act: Act) -> Effects:
    """The time to answer is over: the decision may be made."""
    return Effects(closes=(Kind.REVOCATION,))


def drop(file: Any, act: Act) -> Effects:
    """The grant stands after all."""
    if not act.reason:
        raise Denied(now_("Indiquer le motif de cet acte."))
    row = _end(file, act, RevocationOutcome.DROPPED)
    return Effects(facts=_told(row), closes=(Kind.REVOCATION,), emails=["revocation_dropped"])


def decide(file: Any, act: Act) -> tuple[dict[str, Any], list[Then]]:
    """The facts of the decision, and the recovery that follows at once when something was paid."""
    row = _pending(file)
    _lawful(revocable(row.ground, row.effect, file.decided_on, act.day))
    row = _end(file, act, RevocationOutcome.REVOKED)
    amount = ZERO if row.effect == REPEAL else _due(file, row)
    facts = _told(row) | {"amount": amount, "delegation": str(act.facts.get("delegation", ""))}
    return facts, [_recovery(file, row, amount)] if amount else []


def _due(file: Any, row: Revocation) -> Decimal:
    """What was paid until today, or the part of it that was announced."""
    room = room_to_recover(file)
    return room if row.everything else min(room, row.amount)


def _recovery(file: Any, row: Revocation, amount: Decimal) -> Then:
    heard_on = {"answer_by": row.answer_by, "observed_on": row.observed_on}
    return Then(Recovery(application=file, state=RecoveryState.NEW), "after_revocation", {"amount": amount, **heard_on})


def _pending(file: Any) -> Revocation:
    row = pending(file)
    if row is None:
        raise Denied(proposed.sentence)
    return row


def _end(file: Any, act: Act, outcome: str) -> Revocation:
    row = _pending(file)
    row.ended_on, row.outcome = act.day, outcome
    row.save(update_fields=["ended_on", "outcome"])
    return row
