"""Records of a claim's control: each line accepted, rejected or left to a later claim; checks on the spot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.enums import ClaimState, Finding, RejectionReason
from applications.models import ClaimLine, Document, SiteVisit
from workflows import permissions as may
from workflows.acts import Act, Denied, Effects
from workflows.record import Record


def _line_control(claim: Any, act: Act) -> Effects:
    """Accept a claimed line in full or in part; what is not accepted has a reason and a finding."""
    line = claim.lines.filter(pk=act.facts.get("line")).first()
    if line is None:
        raise Denied(now_("Indiquer une ligne de cette demande."))
    if act.facts.get("parked"):
        return _park(line, act)
    accepted, reason = act.facts.get("accepted"), act.facts.get("code", "")
    if not isinstance(accepted, Decimal) or not 0 <= accepted <= line.amount:
        raise Denied(now_("Indiquer, pour une ligne de la demande, un montant retenu entre 0 et le montant déclaré."))
    if accepted < line.amount and (reason not in RejectionReason.values or not act.reason):
        raise Denied(now_("Un montant écarté demande un motif de la liste et un constat."))
    _note(line, accepted, reason if accepted < line.amount else "", act.reason)
    return Effects(facts={"line": line.pk, "accepted": accepted, "code": line.reason})


def _park(line: ClaimLine, act: Act) -> Effects:
    """Leave a line to a later claim, with the reason that the firm will read: neither accepted nor rejected."""
    if not act.reason:
        raise Denied(now_("Dire pourquoi la ligne est reportée : l’entreprise le lira."))
    _note(line, None, "", act.reason, parked=True)
    return Effects(facts={"line": line.pk, "parked": line.amount})


def _note(line: ClaimLine, accepted: Decimal | None, reason: str, finding: str, parked: bool = False) -> None:
    line.accepted, line.reason, line.finding, line.parked = accepted, reason, finding, parked
    line.save(update_fields=["accepted", "reason", "finding", "parked"])


def _on_the_spot(claim: Any, act: Act) -> Effects:
    """A check made where the work was done: the day, the place, whom one met, what was found, the report."""
    day: Any = act.facts.get("held_on")
    report: Any = act.facts.get("report")
    _check_visit(claim, act, day, report)
    finding = act.facts["finding"]
    SiteVisit(
        claim=claim, held_on=day, place=act.facts["place"].strip(), met=act.facts["met"].strip(), finding=finding,
        words=act.reason, report=report, made_by=act.actor, made_at=act.at,
    ).save()  # fmt: skip
    return Effects(facts={"held_on": day, "finding": finding, "report": report.pk, "sha256": report.sha256})


def _check_visit(claim: Any, act: Act, day: Any, report: Any) -> None:
    """Raises Denied, saying what is missing."""
    if not isinstance(day, date) or not claim.application.notified_on <= day <= act.day:
        raise Denied(now_("Indiquer le jour du contrôle sur place, entre la notification et aujourd’hui."))
    if not all(str(act.facts.get(name, "")).strip() for name in ("place", "met")) or not act.reason:
        raise Denied(now_("Indiquer le lieu, la personne rencontrée et les constats du contrôle sur place."))
    if act.facts.get("finding") not in Finding.values:
        raise Denied(now_("Indiquer si le contrôle est conforme, à examiner ou non conforme."))
    if not isinstance(report, Document) or report.claim_id != claim.pk:
        raise Denied(now_("Joindre le rapport du contrôle sur place."))


RECORDS: dict[str, Record] = {
    "line_control": Record(
        _("Contrôle d’une ligne"), "claim", (ClaimState.SUBMITTED,), may.officer, _line_control
    ),
    "on_the_spot": Record(
        _("Contrôle sur place"), "claim", (ClaimState.SUBMITTED, ClaimState.CHECKED), may.officer, _on_the_spot
    ),
}  # fmt: skip
