"""Where a notified project stands between two payments: what is awaited, from whom. Read from facts and events."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from applications.booking import positions
from applications.enums import Bucket, CheckKind, ClaimKind, ClaimState
from applications.escrow import escrow_of
from applications.rules.payment_models import PaymentModel, advance_due, model_of, share_awaited
from regions.calendars import local_date
from regions.enums import Instrument
from regions.money import ZERO
from workflows.acts import Act
from workflows.chain import key
from workflows.models import Event

REPORT, CONFORMITY = "record.report", "record.conformity"
CHANGE_AFTER_DAYS = 10
DEAD = (ClaimState.REJECTED, ClaimState.WITHDRAWN)


def payment_model(file: Any) -> PaymentModel:
    """The payment model of the file's scheme version."""
    return model_of(file.scheme_version.rules)


def awaited_share(file: Any) -> Decimal:
    """What the firm has still to pay into the pot before the work is paid, in euro."""
    rules = file.scheme_version.rules
    if not model_of(rules).share_first:
        return ZERO
    eligible = sum((line.eligible or ZERO for line in file.lines.all()), ZERO)
    return share_awaited(rules, eligible, file.amount_granted or ZERO, escrow_of(file).received)


def last_number(file: Any, act: str) -> int:
    """The rank of the latest act of a name on a file; zero when there is none."""
    return (
        Event.objects.filter(object=key(file), act=act).order_by("-number").values_list("number", flat=True).first()
        or 0
    )


def report_validated(file: Any) -> bool:
    """The firm said that the latest report of the provider conforms."""
    return last_number(file, CONFORMITY) > last_number(file, REPORT) > 0


def awaited(file: Any) -> str:
    """The task that a running file waits for, no claim being live: the share, the report, its validation, the claim."""
    if awaited_share(file) > ZERO:
        return "share"
    if not payment_model(file).firm_validates or report_validated(file):
        return "claim"
    return "validate" if last_number(file, REPORT) else "report"


# --- what may be claimed


def advance_open(file: Any, claim: Any = None) -> Decimal:
    """The advance that the firm may still ask for, in euro; zero when there is none, or when another claim asks it."""
    if _others(file, claim).filter(kind=ClaimKind.ADVANCE).exists():
        return ZERO
    most = advance_due(file.scheme_version.rules, file.amount_granted or ZERO)
    return max(most - positions(file)[Bucket.VERIFIED], ZERO)


def releases_open(file: Any, claim: Any = None) -> list[Any]:
    """The loans and repayable advances granted that no other claim asks for."""
    grant = getattr(file, "agreement", None)
    if grant is None:
        return []
    asked = set(_others(file, claim).filter(kind=ClaimKind.RELEASE).values_list("instrument", flat=True))
    lent = grant.components.exclude(instrument=Instrument.GUARANTEE)
    return [component for component in lent.order_by("pk") if component.instrument not in asked]


def _others(file: Any, claim: Any) -> Any:
    """The claims of a file that stand, but for one."""
    return file.claims.exclude(state__in=DEAD).exclude(pk=claim.pk if claim is not None else None)


# --- the provider


def wants_provider(file: Any) -> bool:
    """Whether the scheme asks the provider to confirm."""
    return CheckKind.PROVIDER in file.scheme_version.rule("examination", "checks", default=[])


def provider_confirmed(file: Any) -> bool:
    """The present provider confirmed: an answer of the one before him does not count."""
    if not wants_provider(file):
        return True
    checks = file.checks.filter(kind=CheckKind.PROVIDER)
    if file.provider_chosen_at is not None:
        checks = checks.filter(made_at__gte=file.provider_chosen_at)
    last = checks.order_by("-id").first()
    return last is not None and last.finding == "green"


def provider_late(file: Any, act: Act) -> bool:
    """He has not confirmed within the scheme's days since he was asked."""
    days = int(file.scheme_version.rule("provider", "change_after_days", default=CHANGE_AFTER_DAYS))
    since = file.provider_chosen_at or file.complete_at
    return since is not None and local_date(since, file.zone) + timedelta(days=days) < act.day


def accredited(file: Any, day: Any) -> bool:
    """The file's provider holds an accreditation in force on a day, if the scheme asks for one."""
    if not file.scheme_version.rule("provider", "accreditation_required", default=False):
        return True
    if file.provider is None:
        return False
    held = file.provider.accreditations.filter(scheme=file.scheme_version.scheme)
    return any(accreditation.covers(day) for accreditation in held)
