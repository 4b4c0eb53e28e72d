"""Irregularities: what the Funds bear of each, whether it is reported and by when, and where its correction lands."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from applications.booking import shares_of
from applications.enums import IrregularityState, RecoveryState
from applications.models import Irregularity, Recovery
from applications.rules.base import Verdict
from applications.rules.correction_landing import Landing, landing
from applications.rules.irregularity import reporting
from regions.enums import Funder
from regions.money import ZERO
from workflows.acts import Act, Due, Effects, predicate
from workflows.chain import key
from workflows.declaring import declared_of
from workflows.models import Deadline, Event

UNREPORTED = (IrregularityState.FOUND, IrregularityState.CONFIRMED)
SETTLED = (IrregularityState.DROPPED,)
WAIVED = "irregularity.waive"
SOON_DAYS = 30  # the house's own: so many days before the last day to report, whoever must act is told
Kind = Deadline.Kind


def union_share(file: Any, aid: Decimal) -> Decimal:
    """The part of the Funds in an amount of aid, by the file's own plan of funders."""
    return shares_of(file.envelope, ZERO, aid).get(Funder.ERDF, ZERO) if file.envelope else ZERO


def linked_total(row: Irregularity) -> Decimal:
    """The Funds' part of every case of the same firm that stands, this one included: linked until shown otherwise."""
    same = Irregularity.objects.filter(application__company=row.application.company_id).exclude(state__in=SETTLED)
    others = same.exclude(pk=row.pk).aggregate(total=Sum("union_share"))["total"] or ZERO
    return Decimal(others + row.union_share)


def verdict(row: Irregularity) -> Verdict:
    """Whether the case is reported, and by when."""
    return reporting(row.case(linked_total(row)))


def lands(row: Irregularity, day: date) -> Landing:
    """Where a correction decided on this day would be recorded."""
    return landing(row.declared_on, day)


def corrected(row: Irregularity) -> Decimal:
    """What its corrections have taken back of the declared expenditure, in euro."""
    return Decimal(row.corrections.aggregate(total=Sum("amount"))["total"] or ZERO)


def remaining(row: Irregularity) -> Decimal:
    """The irregular aid that no correction has taken back yet, in euro."""
    return Decimal(row.aid - corrected(row))


def waived(row: Irregularity) -> bool:
    """Whether an act with its reason gave up the correction of what was left."""
    return Event.objects.filter(object=key(row), act=WAIVED).exists()


def unsettled(row: Irregularity) -> Decimal:
    """The irregular aid that is neither corrected nor given up: it keeps the case open. Euro."""
    return ZERO if waived(row) else remaining(row)


def linkable(row: Irregularity) -> QuerySet[Recovery]:
    """The recoveries of its file that still stand."""
    found: QuerySet[Recovery] = row.application.recoveries.exclude(state=RecoveryState.DROPPED).order_by("pk")
    return found


def correctable(row: Irregularity) -> Decimal:
    """What a correction may still take back: what remains, at most what stands declared for the file. Euro."""
    return min(remaining(row), declared_of(row.application))


def pressing(day: date) -> Q:
    """The condition that a report still has to be decided or sent, its last day being near or past."""
    return Q(state__in=UNREPORTED, report_by__lte=day + timedelta(days=SOON_DAYS))


# --- the day of the report, in the calendar of the file


def dues(file: Any, day: date, *, without: Irregularity | None = None, added: date | None = None) -> list[Due]:
    """The next last day to report among the file's cases, and the day on which it is announced."""
    rows = file.irregularities.filter(state__in=UNREPORTED)
    days = [*rows.exclude(pk=without.pk if without else None).values_list("report_by", flat=True), added]
    last = min((one for one in days if one is not None and one >= day), default=None)
    announced = last - timedelta(days=SOON_DAYS) if last else None
    near = [Due(Kind.REPORT_SOON, announced)] if announced and announced >= day else []
    return [Due(Kind.REPORT, last), *near] if last else []


def late(file: Any, act: Act) -> Effects:
    """The last day to report passed: those who assess and report are told, and the next one is set."""
    missed = file.irregularities.filter(state__in=UNREPORTED, report_by__lt=act.day)
    numbers = sorted(missed.values_list("number", flat=True))
    return Effects(
        facts={"late": numbers}, emails=["irregularity_late"], closes=(Kind.REPORT, Kind.REPORT_SOON),
        due=dues(file, act.day),
    )  # fmt: skip


def soon(file: Any, act: Act) -> Effects:
    """The last day to report comes near: those who assess and report are told once."""
    return Effects(emails=["irregularity_soon"], closes=(Kind.REPORT_SOON,))


@predicate(_("Ce cas n’a pas à être signalé : le constater comme exempté, avec le motif que donne la règle."))
def must_be_reported(target: Any, act: Act) -> bool:
    """No exemption of annex XII applies."""
    return not verdict(target).ok


@predicate(_("Aucune exemption de l’annexe XII ne s’applique : ce cas est à signaler."))
def is_exempt(target: Any, act: Act) -> bool:
    """An exemption of annex XII applies."""
    return verdict(target).ok


@predicate(_("Tout le montant irrégulier est déjà corrigé."))
def left_to_correct(target: Any, act: Act) -> bool:
    """Corrections have not yet taken the whole irregular aid back."""
    return remaining(target) > ZERO


@predicate(_("Rien n’est déclaré pour ce dossier : il n’y a rien à retirer des demandes de paiement ni des comptes."))
def declared(target: Any, act: Act) -> bool:
    """Expenditure of the file stands declared, or verified to be."""
    return declared_of(target.application) > ZERO


@predicate(_("Un recouvrement est déjà rattaché à cette irrégularité."))
def unlinked(target: Any, act: Act) -> bool:
    """No recovery is tied to the case yet."""
    return target.recovery_id is None


@predicate(_("Aucun recouvrement n’est engagé sur ce dossier : constater d’abord l’indu."))
def recovery_to_link(target: Any, act: Act) -> bool:
    """The file has a recovery that still stands."""
    return linkable(target).exists()


@predicate(_("Le reste à corriger est déjà abandonné."))
def not_waived(target: Any, act: Act) -> bool:
    """Nobody gave up what is left to correct."""
    return not waived(target)
