"""The float of each scheme that pays providers in the firms' place: its cash, what leaves, when it runs out. Euro.

Aid comes from the ledger's positions and payment credits, as each envelope's own forecast; the firms' shares from the
escrow's positions. The number of queries does not depend on how many schemes, envelopes or files there are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum
from django.db.models.fields.json import KT

from applications.enums import ApplicationState, Bucket, ClaimKind, ClaimState
from applications.models import Claim, EnvelopePosition, PaymentOrder
from applications.rules.cash import Flow
from applications.rules.cash_float import CashFloat, Pot, cash_float
from applications.rules.payment_models import MODELS, share_released
from regions.enums import Instrument
from regions.models import Envelope, Region, Scheme, SchemeVersion
from regions.money import ZERO
from reporting import standing
from reporting.standing import CLAIM, EXPECTED, IN_CONTROL, KINDS, ORDER, UNPAID, Flows, Sums
from workflows.receipts import AWAITED, TO_GIVE_BACK, with_escrow

TO_PROVIDER = [model.code for model in MODELS.values() if model.to_provider]
SHARES = "shares"
BUDGET = (Bucket.CEILING, Bucket.OVERBOOKING, Bucket.PAID)
NOTHING: dict[str, Decimal] = dict.fromkeys(BUDGET, ZERO)
NONE = Pot(SHARES, ZERO, ())


@dataclass(frozen=True, slots=True)
class SchemeFloat:
    """A scheme's float: its payment models, what is on its way to the providers, the firms' shares to come. Euro."""

    scheme: Scheme
    models: Sequence[str]
    cash: CashFloat
    ordered: Decimal
    awaited: Decimal


def floats(regions: Iterable[Region | int], today: date) -> list[SchemeFloat]:
    """The floats of some regions, by scheme; none where no scheme pays providers."""
    regions = list(regions)
    models = _models(regions)
    if not models:
        return []
    pots, ordered = _pots(models, today)
    shares, awaited = _shares(regions, today)
    schemes = Scheme.objects.in_bulk(models)
    return [
        SchemeFloat(
            schemes[pk], models[pk], cash_float(pots[pk], shares.get(pk, NONE), today, KINDS), ordered.get(pk, ZERO),
            awaited.get(pk, ZERO),
        )
        for pk in sorted(pots)
    ]  # fmt: skip


def _models(regions: Sequence[Region | int]) -> dict[int, list[str]]:
    """Scheme → the models of its published versions, where one of them pays the provider."""
    published = SchemeVersion.objects.filter(scheme__region__in=regions, published_on__isnull=False)
    found: dict[int, list[str]] = {}
    rows = published.filter(rules__payment__model__in=TO_PROVIDER).annotate(model=KT("rules__payment__model"))
    for scheme, model in rows.values_list("scheme", "model").order_by("scheme", "model").distinct():
        found.setdefault(scheme, []).append(model)
    return found


# --- the aid


def _pots(schemes: Iterable[int], today: date) -> tuple[dict[int, list[Pot]], Sums]:
    """Scheme → a pot for each of its envelopes of grants; and the aid that is on its way from them."""
    envelopes = list(Envelope.objects.filter(scheme__in=list(schemes), instrument=Instrument.GRANT).order_by("pk"))
    flows, held = standing.flows_of(envelopes, today), _budget(envelopes)
    opened = standing.by_year(standing.credits(envelopes))
    pots: dict[int, list[Pot]] = {}
    ordered: Sums = {}
    for envelope in envelopes:
        own, scheme = flows[envelope.pk], envelope.scheme_id
        at_hand = standing.available(envelope, held.get(envelope.pk, NOTHING), opened, own, today.year)
        pots.setdefault(scheme, []).append(Pot(str(envelope), at_hand, own))
        on_its_way = sum((flow.amount for flow in own if flow.kind == ORDER), ZERO)
        ordered[scheme] = ordered.get(scheme, ZERO) + on_its_way
    return pots, ordered


def _budget(envelopes: Sequence[Envelope]) -> dict[int, dict[str, Decimal]]:
    """Envelope → what it may commit, and what it paid."""
    rows = EnvelopePosition.objects.filter(line__envelope__in=envelopes).values_list("line__envelope")
    sums = rows.annotate(*(Sum(bucket) for bucket in BUDGET)).order_by()
    return {envelope: dict(zip(BUDGET, totals, strict=True)) for envelope, *totals in sums}


# --- the firms' shares


def _shares(regions: Sequence[Region | int], today: date) -> tuple[dict[int, Pot], Sums]:
    """Scheme → the pot of the firms' shares, each leaving with its own file; and the shares still to come in."""
    files = list(_files(regions))
    known = _payments(files)
    held: Sums = {}
    flows: Flows = {}
    awaited: Sums = {}
    for file in files:
        scheme = file.scheme_version.scheme_id
        held[scheme] = held.get(scheme, ZERO) + file.held
        flows.setdefault(scheme, []).extend(_leaving(file, known, today))
        if file.state == ApplicationState.RUNNING:
            awaited[scheme] = awaited.get(scheme, ZERO) + max(file.awaited, ZERO)
    return {scheme: Pot(SHARES, held[scheme], flows[scheme]) for scheme in held}, awaited


def _files(regions: Sequence[Region | int]) -> Any:
    """The files that hold some of the firm's money, or wait for it."""
    found = with_escrow(regions).filter(Q(held__gt=ZERO) | AWAITED).annotate(over=Q(TO_GIVE_BACK))
    known = found.only("state", "complete_by", "scheme_version").prefetch_related("scheme_version")
    return known.order_by("pk")


@dataclass(frozen=True, slots=True)
class _Payments:
    """The live claim of each file, and the share that its live orders carry: read once for all files."""

    claims: dict[int, Claim]
    ordered: Sums


def _payments(files: Sequence[Any]) -> _Payments:
    states = [*IN_CONTROL, ClaimState.VERIFIED]
    live = Claim.objects.filter(application__in=files, state__in=states, kind=ClaimKind.EXPENSES)
    live = live.only("application", "state", "payment_due_on", "is_final", "amount_accepted", "aid_due")
    orders = PaymentOrder.objects.filter(application__in=files, state__in=UNPAID).order_by()
    carried = dict(orders.values_list("application").annotate(total=Sum("own_share")))
    return _Payments({claim.application_id: claim for claim in live.order_by("-pk")}, carried)


def _leaving(file: Any, known: _Payments, today: date) -> list[Flow]:
    """The whole of what a file holds: what its live claim takes, then what no live claim does."""
    claim = known.claims.get(file.pk)
    due = (claim.payment_due_on if claim else None) or today
    part = _with_claim(file, claim, known.ordered.get(file.pk, ZERO))
    flows = (Flow(due, part, CLAIM), Flow(_rest_on(file, claim, due, today), file.held - part, EXPECTED))
    return [flow for flow in flows if flow.amount]


def _with_claim(file: Any, claim: Claim | None, ordered: Decimal) -> Decimal:
    """All of it while the claim is in control; then what its order carries, or what was certified lets go."""
    if claim is None:
        return ZERO
    if claim.state != ClaimState.VERIFIED:
        return Decimal(file.held)
    return ordered or share_released(claim.amount_accepted or ZERO, claim.aid_due or ZERO, file.held)


def _rest_on(file: Any, claim: Claim | None, due: date, today: date) -> date:
    """Back to the firm today when all is over, with the last payment when it is certified; else with the next claim."""
    if file.over:
        return today
    if claim is not None and claim.is_final:
        return due
    return standing.paid_by(file.scheme_version, file.complete_by, today)
