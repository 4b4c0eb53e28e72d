"""What the public accountant has to see come in or go back: shares, instalments, recovery orders. Lists, by region.

A firm's share is awaited from the notification until the whole of it came in; what is left of it is
given back once nothing more will be paid from it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from applications.enums import ENDED, ApplicationState, ClaimState, RecoveryState
from applications.models import Application, ApplicationLine, Claim, Instalment, Recovery
from applications.rules.payment_models import MODELS
from regions.fields import CentsField
from regions.models import Region
from regions.money import ZERO
from workflows.conditions import LIVE_CLAIMS

SOON = timedelta(days=30)
SHARE_FIRST = [model.code for model in MODELS.values() if model.share_first]
NOTHING = Value(0, output_field=CentsField())
AWAITED = Q(state=ApplicationState.RUNNING, awaited__gt=ZERO)
# The ended file, or the one whose last claim is paid: nothing more will leave the pot.
TO_GIVE_BACK = Q(held__gt=ZERO) & (Q(state__in=ENDED) | Q(settled=True, in_payment=False))


def with_escrow(regions: Iterable[Region | int]) -> QuerySet[Application]:
    """The granted files whose payments hold the firm's own share, with where it stands. Euro."""
    files = Application.objects.filter(
        region__in=regions, amount_granted__isnull=False, scheme_version__rules__payment__model__in=SHARE_FIRST
    )
    found: QuerySet[Application] = _standing(files).annotate(
        settled=Exists(_claims().filter(state=ClaimState.SETTLED, is_final=True)),
        in_payment=Exists(_claims().filter(state__in=LIVE_CLAIMS)),
    )
    return found


def _standing(files: QuerySet[Application]) -> Any:
    sides = {side: Coalesce(f"escrow__{side}", NOTHING) for side in ("received", "released", "refunded")}
    return files.annotate(cost=Coalesce(_eligible(), NOTHING), **sides).annotate(
        held=_euro(F("received") - F("released") - F("refunded")),
        awaited=_euro(F("cost") - F("amount_granted") - F("received")),
    )


def _euro(difference: Any) -> ExpressionWrapper:
    """A difference of amounts as an amount: the database alone would give back cents."""
    return ExpressionWrapper(difference, output_field=CentsField())


def _eligible() -> Subquery:
    lines = ApplicationLine.objects.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(lines.annotate(total=Sum("eligible")).values("total"))


def _claims() -> QuerySet[Claim]:
    return Claim.objects.filter(application=OuterRef("pk"))


def shares_awaited(regions: Iterable[Region | int]) -> QuerySet[Application]:
    """The notified files whose firm has still to pay its share."""
    return with_escrow(regions).filter(AWAITED)


def to_give_back(regions: Iterable[Region | int]) -> QuerySet[Application]:
    """The files on which some of the firm's own money is left."""
    return with_escrow(regions).filter(TO_GIVE_BACK)


def instalments(regions: Iterable[Region | int]) -> QuerySet[Instalment]:
    """The instalments that nobody repaid yet."""
    return Instalment.objects.filter(component__grant__application__region__in=regions, paid_on__isnull=True)


def late(rows: QuerySet[Instalment], today: date) -> QuerySet[Instalment]:
    """Those whose day is over."""
    return rows.filter(due_on__lt=today)


def soon(rows: QuerySet[Instalment], today: date) -> QuerySet[Instalment]:
    """Those of the next thirty days, today included."""
    return rows.filter(due_on__gte=today, due_on__lte=today + SOON)


def orders(regions: Iterable[Region | int]) -> QuerySet[Recovery]:
    """The recovery orders on which something has still to come in."""
    return Recovery.objects.filter(application__region__in=regions, state=RecoveryState.ORDERED)
