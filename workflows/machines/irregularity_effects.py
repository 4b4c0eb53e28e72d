"""What each move of an irregularity writes. Euro."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from applications.enums import CorrectionLanding, Deduction, DetectedHow, IrregularityNature
from applications.rules.irregularity import report_by
from regions.money import ZERO
from workflows import declaring, irregularities
from workflows.acts import Act, Denied, Effects
from workflows.deadlines import REPORTS
from workflows.sentences import euro

GIVEN = (
    "claim", "recovery", "committed_from", "committed_to", "declared_on", "suspected_fraud", "bankruptcy_only",
    "disclosed",
)  # fmt: skip


def open_(row: Any, act: Act) -> Effects:
    given = act.facts
    if given.get("nature") not in IrregularityNature.values or given.get("detected_how") not in DetectedHow.values:
        raise Denied(_("Indiquer la nature de l’irrégularité et comment elle a été détectée."))
    row.nature, row.detected_how = given["nature"], given["detected_how"]
    row.provision = str(given.get("provision", "")).strip()
    row.detected_on = _day(given.get("detected_on"), act)
    row.expenditure, row.aid = _amounts(given)
    for name in GIVEN:
        if given.get(name) is not None:
            setattr(row, name, given[name])
    row.union_share = irregularities.union_share(row.application, row.aid)
    row.report_by = report_by(row.detected_on)
    row.number = f"I-{row.application.reference}-{row.application.irregularities.count() + 1}"
    told = ("number", "nature", "expenditure", "aid", "union_share", "detected_on", "report_by")
    return Effects(
        facts={name: getattr(row, name) for name in told},
        due=irregularities.dues(row.application, act.day, added=row.report_by),
    )


def _day(day: Any, act: Act) -> date:
    if not isinstance(day, date) or day > act.day:
        raise Denied(_("Indiquer le jour de la détection, au plus tard aujourd’hui."))
    return day


def _amounts(given: Any) -> tuple[Decimal, Decimal]:
    spent, aid = given.get("expenditure"), given.get("aid")
    if not isinstance(spent, Decimal) or not isinstance(aid, Decimal) or not ZERO < aid <= spent:
        raise Denied(_("Indiquer la dépense irrégulière et l’aide qui s’y rapporte, qui ne peut pas la dépasser."))
    return spent, aid


def assess(row: Any, act: Act) -> Effects:
    """Where its correction lands is frozen on the day of the assessment, by the dates then known."""
    place, verdict = irregularities.lands(row, act.day), irregularities.verdict(row)
    row.assessed_on, row.lands_in, row.accounting_year = act.day, place.kind, place.label
    return Effects(facts={
        "codes": list(verdict.codes()), "report_by": verdict.details["report_by"], "lands_in": place.kind,
        "accounting_year": place.label, "expenditure": row.expenditure, "union_share": row.union_share,
    })  # fmt: skip


def correct(row: Any, act: Act) -> Effects:
    """Where it lands is that of the day: the next application, the accounts of the year declared, or a later year."""
    amount, rest = act.facts.get("amount"), irregularities.remaining(row)
    if not isinstance(amount, Decimal) or not ZERO < amount <= rest:
        raise Denied(_("Indiquer un montant supérieur à zéro, au plus ce qui reste à corriger : %s.") % euro(rest))
    place = irregularities.lands(row, act.day)
    year = place.year if place.kind == CorrectionLanding.ACCOUNTS else None
    facts = declaring.taken_back(
        row.application, act, amount=amount, kind=Deduction.IRREGULAR, irregularity_id=row.pk,
        audit=row.detected_how == DetectedHow.AUDIT, year_end=year.end if year else None,
        lands_in=place.kind, accounting_year=place.label,
    )  # fmt: skip
    return Effects(facts=facts | {"lands_in": place.kind, "accounting_year": place.label, "left": rest - amount})


def report(row: Any, act: Act) -> Effects:
    reference, day = str(act.facts.get("reference", "")).strip(), act.facts.get("reported_on")
    if not reference or not isinstance(day, date) or not row.assessed_on <= day <= act.day:
        raise Denied(_("Indiquer la référence et le jour du signalement, entre la décision et aujourd’hui."))
    row.report_reference, row.reported_on = reference, day
    return Effects(facts={"reference": reference, "reported_on": day, "late": day > row.report_by})


def settled(row: Any, act: Act, effects: Effects) -> Effects:
    """Nothing of this case is to be reported any more: the file's calendar turns to the next one."""
    effects.closes = REPORTS
    effects.due = irregularities.dues(row.application, act.day, without=row)
    return effects


def link(row: Any, act: Act) -> Effects:
    """Any recovery of the same file that still stands: what comes back of it is shown beside the corrections."""
    chosen = act.facts.get("recovery")
    if chosen is None or not irregularities.linkable(row).filter(pk=chosen.pk).exists():
        raise Denied(_("Choisir un recouvrement de ce dossier qui n’est pas classé sans suite."))
    row.recovery_id = chosen.pk
    return Effects(facts={"recovery": chosen.number, "amount": chosen.amount})


def close(row: Any, act: Act) -> Effects:
    """Refused while irregular aid is neither corrected nor given up by an act with its reason. Euro."""
    left = irregularities.unsettled(row)
    if left > ZERO:
        raise Denied(
            _("Il reste %s à corriger : les corriger, ou renoncer à corriger ce reste en donnant le motif.")
            % euro(left)
        )
    return end(row, act)


def end(row: Any, act: Act) -> Effects:
    row.ended_on = act.day
    return Effects(facts={"union_share": row.union_share})
