"""An advance repaid by its success: the export turnover declared each year, checked, and what is then due.

The flat minimum is a schedule of its own, written when the advance is paid (`repayments.open_schedule`). Each turnover
that is accepted brings what is owed altogether up to a share of all the turnover so far; what the schedule does not
hold yet becomes one more instalment, received and booked as any other. The grant equivalent is not changed by it.
The firm is asked at the end of each year, reminded before the last day to declare, and told when it has passed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as now_
from django.utils.translation import gettext_lazy as _

from applications.booking import positions
from applications.enums import ENDED, ApplicationState, Bucket, ClaimKind, OrderState
from applications.models import ExportTurnover, GrantComponent, Instalment, PaymentOrder
from applications.rules.repayment import owed_by_success
from regions.calendars import add_months
from regions.money import ZERO
from workflows import permissions as may
from workflows import repayments
from workflows.acts import Act, Denied, Due, Effects, Forbidden, predicate
from workflows.conditions import passed
from workflows.models import Deadline
from workflows.record import Record, on

YEAR = 12
NOTICE = timedelta(days=30)  # between the check and the day of what it adds, to be confirmed by the region
SOON = timedelta(days=10)  # before the last day to declare: the house's own, as the one after
AGAIN = timedelta(days=30)
AFTER_GRANT = (ApplicationState.RUNNING, *ENDED)
Outcome = ExportTurnover.Outcome


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the advance: twelve months from the day it was paid, and the declarations made on it."""

    number: int
    first: date
    last: date
    declare_by: date
    rows: list[ExportTurnover]

    @property
    def live(self) -> ExportTurnover | None:
        """The declaration that waits or is accepted; None while nothing stands."""
        return next((row for row in self.rows if row.outcome != Outcome.RETURNED), None)

    @property
    def reminders(self) -> list[date]:
        """The days at whose end the firm is asked: the year's, one before the last day to declare, it, one after."""
        days = (self.last, self.declare_by - SOON, self.declare_by, self.declare_by + AGAIN)
        return [day for day in days if day >= self.last]


def component_of(file: Any) -> GrantComponent | None:
    """What the file repays by its success, if anything."""
    grant = getattr(file, "agreement", None)
    return grant.components.filter(success__isnull=False).first() if grant else None


def started_on(component: GrantComponent) -> date | None:
    """The day on which the advance was paid; None while it is not."""
    paid = PaymentOrder.objects.filter(
        application=component.grant.application_id, state=OrderState.PAID, claim__kind=ClaimKind.RELEASE,
        claim__instrument=component.instrument,
    )  # fmt: skip
    day: date | None = paid.values_list("paid_on", flat=True).first()
    return day


def years(component: GrantComponent, start: date | None = None) -> list[Year]:
    """Each year of the advance; none before it is paid, on the day given or else on the one that its order holds."""
    start, rows = start or started_on(component), list(component.turnovers.select_related("checked_by"))
    if start is None or component.success is None:
        return []
    days = timedelta(days=int(component.success["declaration_days"]))
    return [
        Year(number, first, last, last + days, [row for row in rows if row.year == number])
        for number in range(1, component.months // YEAR + 1)
        for first, last in [_bounds(start, number)]
    ]


def _bounds(start: date, number: int) -> tuple[date, date]:
    return add_months(start, (number - 1) * YEAR), add_months(start, number * YEAR) - timedelta(days=1)


def to_declare(file: Any, today: date) -> Year | None:
    """The first year that is over and on which nothing stands."""
    component = component_of(file)
    found = years(component) if component else []
    return next((year for year in found if year.last < today and year.live is None), None)


def to_check(file: Any) -> ExportTurnover | None:
    """The declaration that waits for the region, if there is one."""
    component = component_of(file)
    return component.turnovers.filter(outcome="").first() if component else None


def turnover_so_far(component: GrantComponent) -> Decimal:
    """All the turnover accepted, in euro."""
    total: Decimal | None = component.turnovers.aggregate(total=Sum("accepted"))["total"]
    return total or ZERO


def planned(component: GrantComponent) -> Decimal:
    """What the schedule holds, paid or not, in euro."""
    return sum((row.principal for row in component.instalments.all()), ZERO)


# --- the firm is reminded


def reminder(component: GrantComponent | None, day: date, start: date | None = None) -> list[Due]:
    """The next day on which the firm is told what it has not declared; none once every year is."""
    found = years(component, start) if component else []
    days = (one for year in found if year.live is None for one in year.reminders)
    following = min((one for one in days if one >= day), default=None)
    return [Due(Deadline.Kind.TURNOVER, following)] if following else []


def paid_out(order: Any, day: date) -> list[Due]:
    """The first reminder of an advance that this order pays, where it is repaid by its success."""
    return reminder(repayments.component_of(order.claim), day, order.paid_on)


def came_back(order: Any) -> tuple[str, ...]:
    """The advance was not paid after all: nothing is to declare."""
    return (Deadline.Kind.TURNOVER,) if repayments.component_of(order.claim) else ()


def _remind(file: Any, act: Act) -> Effects:
    """Ask for the year that is over, remind, then say that it is late, and tell who follows the file."""
    component, year = component_of(file), to_declare(file, act.day)
    facts = {"year": year.number, "declare_by": year.declare_by} if year else {}
    return Effects(
        facts=facts, emails=_asks(year, act.day) if year else [], closes=(Deadline.Kind.TURNOVER,),
        due=reminder(component, act.day),
    )  # fmt: skip


@predicate(_("Aucun rappel de chiffre d’affaires ne manque au calendrier de ce dossier."))
def never_reminded(target: Any, act: Act) -> bool:
    """A turnover is or will be to declare, and no reminder ever stood in the file's calendar."""
    return not target.deadlines.filter(kind=Deadline.Kind.TURNOVER).exists() and bool(_first(target, act.day))


def _first(file: Any, day: date) -> list[Due]:
    """Today where a year is over that the firm was never asked for; else the next of the usual days."""
    late = to_declare(file, day) is not None
    return [Due(Deadline.Kind.TURNOVER, day)] if late else reminder(component_of(file), day)


def _plan(file: Any, act: Act) -> Effects:
    """The reminders of an advance paid before they were posted at payment begin."""
    return Effects(due=_first(file, act.day))


def _asks(year: Year, day: date) -> list[str]:
    if day > year.declare_by:
        return ["turnover_late", "turnover_late_desk"]
    return ["turnover_soon" if day > year.declare_by - SOON else "turnover_asked"]


# --- the firm declares


@predicate(_("Aucun chiffre d’affaires à l’export n’est à déclarer pour le moment."))
def turnover_to_declare(target: Any, act: Act) -> bool:
    """A year of an advance repaid by its success is over and not declared."""
    return to_declare(target, act.day) is not None


def _declare(file: Any, act: Act) -> Effects:
    """The export turnover of the year that is asked: zero is an answer."""
    year, amount, component = to_declare(file, act.day), act.facts.get("amount"), component_of(file)
    if year is None or component is None or not isinstance(amount, Decimal) or amount < ZERO:
        raise Denied(now_("Indiquer le chiffre d’affaires à l’export de l’année, hors taxes ; zéro s’il n’y en a pas."))
    ExportTurnover.objects.create(
        component=component, year=year.number, period_from=year.first, period_to=year.last, declared=amount,
        declared_by=act.actor, declared_on=act.day,
    )  # fmt: skip
    return Effects(
        facts={"year": year.number, "declared": amount}, emails=["turnover_declared"], closes=(Deadline.Kind.TURNOVER,),
        due=reminder(component, act.day),
    )  # fmt: skip


# --- the region checks


@predicate(_("Aucune déclaration de chiffre d’affaires n’attend de contrôle."))
def turnover_to_check(target: Any, act: Act) -> bool:
    """The firm declared a year that nobody checked."""
    return to_check(target) is not None


def _check(file: Any, act: Act) -> Effects:
    """Kept as declared, kept at another amount with the reason, or returned with the reason."""
    row, outcome = to_check(file), act.facts.get("outcome")
    if row is None or outcome not in Outcome.values:
        raise Denied(now_("Indiquer si la déclaration est retenue ou renvoyée."))
    if row.declared_by.person_id == act.actor.person_id:
        raise Forbidden(_("Une autre personne doit contrôler : vous avez fait cette déclaration."))
    row.outcome, row.finding, row.checked_by, row.checked_on = outcome, act.reason, act.actor, act.day
    return _returned(row, act) if outcome == Outcome.RETURNED else _accepted(file, row, act)


def _returned(row: ExportTurnover, act: Act) -> Effects:
    if not act.reason:
        raise Denied(now_("Dire à l’entreprise ce qu’elle doit corriger."))
    row.save()
    again = reminder(row.component, act.day) or [Due(Deadline.Kind.TURNOVER, act.day + NOTICE)]
    return Effects(facts={"year": row.year, "outcome": row.outcome}, emails=["turnover_returned"], due=again)


def _accepted(file: Any, row: ExportTurnover, act: Act) -> Effects:
    kept = act.facts.get("amount")
    row.accepted = row.declared if kept is None else kept
    if row.accepted < ZERO or (row.accepted != row.declared and not act.reason):
        raise Denied(now_("Un montant retenu autre que celui déclaré donne son motif."))
    component = row.component
    paid = positions(file, component.instrument)[Bucket.PAID]
    row.owed = _owed(component, paid, turnover_so_far(component) + row.accepted)
    row.save()
    added = _add(component, row.owed - planned(component), act.day)
    return Effects(
        facts={"year": row.year, "outcome": row.outcome, "accepted": row.accepted, "owed": row.owed, "added": added},
        closes=(Deadline.Kind.INSTALMENT,),
        due=repayments.deadline(file),
        emails=["turnover_checked"],
    )


def _owed(component: GrantComponent, paid: Decimal, turnover: Decimal) -> Decimal:
    """What is owed altogether on what was paid of the advance; raises Denied when nothing was."""
    terms: dict[str, Any] = component.success or {}
    if paid <= ZERO:
        raise Denied(now_("L’avance n’est pas versée : rien n’est à rembourser."))
    return owed_by_success(paid, turnover, Decimal(terms["least_share"]), Decimal(terms["turnover_share"]))


def _add(component: GrantComponent, more: Decimal, day: date) -> Decimal:
    """One more instalment for what the schedule does not hold, on the next day of the schedule; returns it."""
    if more <= ZERO:
        return ZERO
    last = component.instalments.order_by("-number").values_list("number", flat=True).first() or 0
    Instalment.objects.create(component=component, number=last + 1, due_on=_next_day(component, day), principal=more)
    return more


def _next_day(component: GrantComponent, day: date) -> date:
    """The first day of the schedule after the grace period that leaves the firm its notice."""
    start = started_on(component) or day
    month = component.grace_months + component.every_months
    while add_months(start, month) < day + NOTICE:
        month += component.every_months
    return add_months(start, month)


RECORDS: dict[str, Record] = {
    "turnover_planned": on(
        may.system, _plan, _("Rappel de chiffre d’affaires à l’export inscrit au calendrier"), AFTER_GRANT,
        never_reminded,
    ),
    "turnover_reminder": on(
        may.system, _remind, _("Chiffre d’affaires à l’export demandé à l’entreprise"), AFTER_GRANT,
        passed(Deadline.Kind.TURNOVER),
    ),
    "turnover_declared": on(
        may.representative, _declare, _("Déclarer mon chiffre d’affaires à l’export"), AFTER_GRANT, turnover_to_declare
    ),
    "turnover_checked": on(
        may.officer, _check, _("Contrôler le chiffre d’affaires à l’export déclaré"), AFTER_GRANT, turnover_to_check
    ),
}  # fmt: skip
