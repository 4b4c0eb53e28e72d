"""What binds a file beyond its amount: period, VAT, register, publication, durability, how long it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Q

from applications.enums import ENDED, OrderState
from applications.models import Application, GrantCorrection, RegisterFiling
from applications.publication import to_correct
from applications.rules.base import Reason, Verdict
from applications.rules.cost_eligibility import Vat, vat_eligible
from applications.rules.durability import Investment
from applications.rules.retention import KeptFile, Retention, retention
from regions.money import ZERO
from workflows import cost_form, exemption
from workflows.machines import awards


@dataclass(frozen=True, slots=True)
class Duties:
    """The dates and rules that bind a file; a date not known yet is None."""

    erdf: bool
    period: tuple[date, date] | None
    vat: tuple[Reason, ...]
    register_by: date | None
    registered_on: date | None
    publish_by: date | None
    published_on: date | None
    published_until: date | None
    correct_by: date | None
    durable_until: date | None
    kept: Retention
    costs: Verdict | None


def of(file: Application) -> Duties:
    """Everything that binds a file today."""
    rules = file.scheme_version.rules
    erdf, paid_on = cost_form.is_erdf(rules), last_payment(file)
    published = exemption.publication(file) or {}
    due, filed = _register(file)
    return Duties(
        erdf=erdf, period=_period(file) if erdf else None, vat=_vat(file),
        register_by=due, registered_on=filed,
        publish_by=published.get("publish_by"), published_on=_published_on(file),
        published_until=published.get("published_until"), correct_by=_correct_by(file),
        durable_until=Investment(file.amount_granted or ZERO, paid_on).until if erdf and paid_on else None,
        kept=retention(_kept(file, erdf, paid_on)), costs=cost_form.of_operation(file),
    )  # fmt: skip


def last_payment(file: Application) -> date | None:
    """The day of the last payment to the beneficiary."""
    day: date | None = file.orders.filter(state=OrderState.PAID).aggregate(last=Max("paid_on"))["last"]
    return day


def _period(file: Application) -> tuple[date, date] | None:
    """The eligibility period of the programme above the file's operation (CPR art. 63(2))."""
    if file.operation is None:
        return None
    programme = file.operation.specific_objective.priority.programme
    return programme.starts_on, programme.expenditure_end


def _vat(file: Application) -> tuple[Reason, ...]:
    """Why VAT does not count: the scheme is computed without it, and exempted aid never counts refundable VAT."""
    excluded = file.scheme_version.rule("what", "vat_basis", default="excluding") == "excluding"
    regime = "gber" if exemption.article_of(file.scheme_version.rules) else "none"
    vat = Vat(total_cost_incl_vat=ZERO, recoverable=True, scheme_excludes=excluded, aid_regime=regime)
    return vat_eligible(vat).reasons


def _register(file: Application) -> tuple[date | None, date | None]:
    """The last day to put on the de minimis register what is not there yet, and when the rest was put there."""
    if not awards.counts(file):
        return None, None
    rows = file.de_minimis_awards.aggregate(
        due=Min("register_by", filter=Q(filing__isnull=True)), filed=Max("filing__filed_on")
    )
    return rows["due"], rows["filed"]


def _published_on(file: Application) -> date | None:
    filing = RegisterFiling.objects.filter(grant__application=file).first()
    return filing.filed_on if filing else None


def _correct_by(file: Application) -> date | None:
    """The last day to publish the first correction of the grant that was not published yet."""
    rows = to_correct(GrantCorrection.objects.filter(grant__application=file, filing__isnull=True))
    day: date | None = rows.aggregate(due=Min("publish_by"))["due"]
    return day


def _kept(file: Application, erdf: bool, paid_on: date | None) -> KeptFile:
    basis = file.scheme_version.rule("legal_basis", default="none")
    regime = "state_aid" if exemption.article_of(file.scheme_version.rules) else str(basis)
    grouped = cost_form.is_grouped(file.scheme_version.rules)
    return KeptFile(
        last_payment_on=paid_on, grouped=grouped,
        operation_last_payment_on=_operation_payment(file) if grouped else None,
        erdf=erdf, aid_regime=regime, granted_on=file.decided_on,
        scheme_last_aid_on=_scheme_last(file) if regime == "state_aid" else None,
    )  # fmt: skip


def _operation_payment(file: Application) -> date | None:
    """The last payment of the whole operation, once it is over: until then its period has not begun."""
    operation = file.operation
    if operation is None or operation.applications.exclude(state__in=ENDED).exists():
        return None
    found = operation.applications.filter(orders__state=OrderState.PAID).aggregate(last=Max("orders__paid_on"))
    day: date | None = found["last"]
    return day


def _scheme_last(file: Application) -> date | None:
    granted = Application.objects.filter(scheme_version__scheme=file.scheme_version.scheme_id)
    day: date | None = granted.filter(amount_granted__isnull=False).aggregate(last=Max("decided_on"))["last"]
    return day
