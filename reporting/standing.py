"""Where envelopes stand beyond their positions: what is asked for, given back, declared, and when cash runs out. Euro.

Each function answers for many envelopes at once, in one query.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Sum

from applications.booking import shares_of
from applications.enums import ApplicationState, Bucket, ClaimState, OrderState, PaymentApplicationState
from applications.models import (
    Application,
    CasePosition,
    Claim,
    LedgerEntry,
    OperationClaimLine,
    PaymentCreditPosition,
    PaymentOrder,
)
from applications.rules.cash import Flow, Forecast, forecast
from regions.calendars import add_months
from regions.enums import Instrument
from regions.models import Envelope, SchemeVersion
from regions.money import ZERO
from workflows import payees

ASKED = (ApplicationState.SUBMITTED, ApplicationState.TO_COMPLETE, ApplicationState.EXAMINING)
UNDER_WAY = (ApplicationState.GRANTED, ApplicationState.RUNNING)
IN_CONTROL = (ClaimState.SUBMITTED, ClaimState.TO_COMPLETE, ClaimState.CHECKED)
UNPAID = (OrderState.PREPARED, OrderState.SIGNED, OrderState.SENT)
ORDER, CLAIM, EXPECTED = KINDS = ("order", "claim", "expected")
Sums = dict[int, Decimal]
Flows = dict[int, list[Flow]]
Years = dict[int, list[tuple[int, Decimal, Decimal]]]
Opened = dict[tuple[int, int], tuple[Decimal, Decimal]]


def requested(envelopes: Iterable[Envelope]) -> Sums:
    """Envelope → what undecided files ask for; a file proposed is reserved instead."""
    files = Application.objects.filter(envelope__in=list(envelopes), state__in=ASKED)
    return dict(files.values_list("envelope").annotate(total=Sum("amount_requested", default=0)))


def released(envelopes: Iterable[Envelope]) -> Sums:
    """Line → what was committed and given back: withdrawals, lapses, smaller grants, lower balances."""
    rows = LedgerEntry.objects.filter(line__envelope__in=list(envelopes), bucket=Bucket.COMMITTED, amount__lt=0)
    return {line: -total for line, total in rows.values_list("line").annotate(total=Sum("amount"))}


def declared(envelopes: Iterable[Envelope]) -> Sums:
    """Line → what the payment applications sent hold of it; a correction is borne by each funder's share."""
    held = {envelope.pk: envelope for envelope in envelopes}
    rows = OperationClaimLine.objects.filter(live=True, claim__payment_application__state=PaymentApplicationState.SENT)
    theirs = rows.filter(Q(entry__line__envelope__in=held) | Q(entry=None, application__envelope__in=held)).order_by()
    sums: Sums = defaultdict(lambda: ZERO)
    for line, envelope, total in theirs.values_list("entry__line", "application__envelope").annotate(Sum("declared")):
        for key, part in [(line, total)] if line else _borne(held[envelope], total):
            sums[key] += part
    return sums


def _borne(envelope: Envelope, taken: Decimal) -> list[tuple[int, Decimal]]:
    """Line → its funder's part of what corrections took back, negative as they are. Euro."""
    parts = shares_of(envelope, ZERO, -taken)
    return [(line.pk, -parts[line.funder]) for line in envelope.lines.all()]


def credits(envelopes: Iterable[Envelope]) -> Years:
    """Envelope → the years of its payment credits: year, opened, ordered."""
    rows = PaymentCreditPosition.objects.filter(line__envelope__in=list(envelopes))
    found: Years = {}
    summed = rows.values_list("line__envelope", "year").annotate(opened=Sum("opened"), drawn=Sum("ordered"))
    for envelope, year, opened, drawn in summed.order_by("year"):
        found.setdefault(envelope, []).append((year, opened, drawn))
    return found


# --- cash


def cash(
    envelopes: Sequence[Envelope], totals: dict[int, dict[str, Decimal]], years: Years, today: date
) -> dict[int, Forecast]:
    """Envelope of grants → its forecast: orders on their way, claims in control, claims to come.

    Available is what the year's payment credits still cover, orders under way included; where a scheme has
    none, what the envelope may commit less what it paid.
    """
    grants = [envelope for envelope in envelopes if envelope.instrument == Instrument.GRANT]
    flows = flows_of(grants, today)
    opened = by_year(years)
    return {
        envelope.pk: forecast(
            available(envelope, totals[envelope.pk], opened, flows[envelope.pk], today.year),
            flows[envelope.pk], today, KINDS,
        )
        for envelope in grants
    }  # fmt: skip


def by_year(years: Years) -> Opened:
    """Envelope and year → opened, ordered."""
    return {(envelope, year): (got, drawn) for envelope, rows in years.items() for year, got, drawn in rows}


def available(
    envelope: Envelope, held: Mapping[str, Decimal], opened: Opened, flows: list[Flow], year: int
) -> Decimal:  # fmt: skip
    """What an envelope may still pay this year, orders under way included."""
    if (envelope.pk, year) not in opened:
        return held[Bucket.CEILING] + held[Bucket.OVERBOOKING] - held[Bucket.PAID]
    got, drawn = opened[envelope.pk, year]
    return got - drawn + sum((flow.amount for flow in flows if flow.kind == ORDER), ZERO)


def flows_of(envelopes: Iterable[Envelope], today: date) -> Flows:
    """Envelope → the aid that leaves it: orders on their way, claims certified or in control, claims to come."""
    found: Flows = {envelope.pk: [] for envelope in envelopes}
    for source in (_orders, _certified, _in_control, _expected):
        for envelope, flow in source(list(found), today):
            found[envelope].append(flow)
    return found


Dated = Iterable[tuple[int, Flow]]


def _orders(envelopes: list[int], today: date) -> Dated:
    """Orders prepared, signed or sent: on the day promised to the claim."""
    rows = PaymentOrder.objects.filter(
        application__envelope__in=envelopes, state__in=UNPAID, claim__instrument=Instrument.GRANT
    )
    summed = rows.values_list("application__envelope", "claim__payment_due_on").annotate(total=Sum("amount"))
    return [(envelope, Flow(due or today, total, ORDER)) for envelope, due, total in summed.order_by()]


def _certified(envelopes: list[int], today: date) -> Dated:
    """Claims certified, for what live orders do not pay of them yet."""
    certified = Claim.objects.filter(
        application__envelope__in=envelopes, state=ClaimState.VERIFIED, instrument=Instrument.GRANT
    )
    rows = payees.with_ordered(certified).filter(ordered__lt=F("aid_due")).order_by()
    found = rows.values_list("application__envelope", "payment_due_on", "aid_due", "ordered")
    return [(envelope, Flow(due or today, aid - ordered, CLAIM)) for envelope, due, aid, ordered in found]


def _remaining(envelopes: list[int]) -> QuerySet[CasePosition]:
    return CasePosition.objects.filter(
        line__envelope__in=envelopes, application__state__in=UNDER_WAY, committed__gt=F("verified")
    )


def _live(*states: str) -> QuerySet[Claim]:
    return Claim.objects.filter(
        application=OuterRef("application"), state__in=states, instrument=Instrument.GRANT
    ).order_by("pk")


def _in_control(envelopes: list[int], today: date) -> Dated:
    """Claims being controlled: all that their file may still receive, on the day promised."""
    live = _live(*IN_CONTROL)
    rows = _remaining(envelopes).filter(Exists(live)).annotate(due=Subquery(live.values("payment_due_on")[:1]))
    summed = rows.values_list("line__envelope", "due").annotate(held=Sum("committed"), used=Sum("verified"))
    return [(envelope, Flow(due or today, held - used, CLAIM)) for envelope, due, held, used in summed.order_by()]


def _expected(envelopes: list[int], today: date) -> Dated:
    """Files under way without a claim: claimed on the last day of the project, paid on the last day promised."""
    rows = _remaining(envelopes).filter(~Exists(_live(*IN_CONTROL)))
    keys = ("line__envelope", "application__complete_by", "application__scheme_version")
    summed = list(rows.values_list(*keys).annotate(held=Sum("committed"), used=Sum("verified")).order_by())
    rules = SchemeVersion.objects.in_bulk({version for _envelope, _by, version, _held, _used in summed})
    return [
        (envelope, Flow(paid_by(rules[version], by, today), held - used, EXPECTED))
        for envelope, by, version, held, used in summed
    ]


def paid_by(version: Any, complete_by: date | None, today: date) -> date:
    """The last day promised to pay a claim filed on the last day of the project."""
    months = int(version.rule("when", "completion_months", default=6))
    days = int(version.rule("when", "payment_days", default=80))
    return (complete_by or add_months(today, months)) + timedelta(days=days)
