"""Findings of the audit: who may move them, and what each move writes. Euro."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import ApplicationState, AuditFindingKind, AuditFindingState
from applications.models import AuditFinding
from applications.models.application import live
from regions.enums import RoleKind
from regions.models import User
from regions.money import ZERO
from workflows.acts import Act, Denied, Effects, predicate

ANSWERING = (RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.DECIDER)
READERS = (RoleKind.AUDITOR, *ANSWERING)


@predicate(_("Ce constat est un brouillon : seule la personne qui l’a rédigé peut le modifier ou l’envoyer."))
def is_author(target: Any, act: Act) -> bool:
    """Is the natural person who wrote the finding."""
    return bool(target.author.person_id == act.actor.person_id)


@predicate(_("Ce dossier n’est pas déposé : il n’y a rien à constater."))
def is_filed(target: Any, act: Act) -> bool:
    """The file is no draft of the firm."""
    return bool(target.application.state != ApplicationState.DRAFT)


def write(row: Any, act: Act) -> Effects:
    """What was found, in words; the reason of the act is those words, so that the chain proves them."""
    given = act.facts
    title, asked = str(given.get("title", "")).strip(), str(given.get("asked", "")).strip()
    if given.get("kind") not in AuditFindingKind.values or not title or not asked:
        raise Denied(_("Indiquer la nature du constat, son objet et ce qui est demandé à la région."))
    row.kind, row.title, row.asked, row.words = given["kind"], title, asked, act.reason
    row.systemic, row.amount = bool(given.get("systemic")), _amount(given.get("amount", ZERO))
    return Effects(facts={"kind": row.kind, "systemic": row.systemic, "amount": row.amount})


def _amount(amount: Any) -> Decimal:
    if not isinstance(amount, Decimal) or amount < ZERO:
        raise Denied(_("Indiquer un montant en euros, zéro ou plus."))
    return amount


def _day(act: Act) -> date:
    day = act.facts.get("answer_by")
    if not isinstance(day, date) or day <= act.day:
        raise Denied(_("Indiquer le jour de la réponse attendue, après aujourd’hui."))
    return day


def send(row: Any, act: Act) -> Effects:
    """The finding gets its number: drafts have none, so that numbers do not tell how many there are."""
    row.answer_by, row.sent_at = _day(act), act.at
    rank = row.application.audit_findings.exclude(number="").count() + 1
    row.number = f"C-{row.application.reference}-{rank}"
    told = {"number": row.number, "kind": row.kind, "amount": row.amount, "answer_by": row.answer_by}
    return Effects(facts=told, emails=["finding_sent"])


def answer(row: Any, act: Act) -> Effects:
    """The region's position; its words stand with the event."""
    agreed = act.facts.get("agreed")
    if not isinstance(agreed, bool):
        raise Denied(_("Indiquer si la région accepte le constat."))
    row.agreed, row.answered_at = agreed, act.at
    return Effects(facts={"agreed": agreed, "late": act.day > row.answer_by}, emails=["finding_answered"])


def ask_again(row: Any, act: Act) -> Effects:
    """Another answer is awaited; the earlier one stays with its event."""
    row.answer_by, row.agreed, row.answered_at = _day(act), None, None
    return Effects(facts={"answer_by": row.answer_by}, emails=["finding_sent"])


def close(row: Any, act: Act) -> Effects:
    """What stands, at most what was found."""
    retained = _amount(act.facts.get("retained", ZERO))
    if retained > row.amount:
        raise Denied(now_("Le montant retenu ne peut pas dépasser le montant constaté."))
    row.retained = retained
    return end(row, act)


def end(row: Any, act: Act) -> Effects:
    row.ended_on = act.day
    return Effects(facts={"amount": row.amount, "retained": row.retained})


def of_file(user: User, file: Any) -> list[AuditFinding]:
    """The findings on a file that a person of the audit or of those who answer may read; one query."""
    mine = live(user.roles, None).filter(kind__in=READERS).values("region")
    found = AuditFinding.objects.for_user(user).filter(application=file.pk, region__in=mine)
    return list(found.exclude(state=AuditFindingState.DISCARDED).order_by("-pk"))


def to_answer(regions: Iterable[Any]) -> QuerySet[AuditFinding]:
    """The findings that wait for an answer of some regions, the nearest day first."""
    found = AuditFinding.objects.filter(region__in=regions, state=AuditFindingState.SENT)
    return found.order_by("answer_by", "pk")
