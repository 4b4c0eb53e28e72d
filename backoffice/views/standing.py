"""Where each envelope stands, for the pages of the paying side and of the administrator. Euro."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.booking import shares_of
from applications.enums import Bucket
from applications.models import EnvelopePosition
from applications.rules.cash import Forecast
from backoffice.views.manage.rulewords import PAYMENT
from regions import clock
from regions.models import Envelope, Region
from regions.money import ZERO
from reporting import cash_float, standing
from reporting.cash_float import SchemeFloat

FREE = "free"
ROWS: tuple[tuple[str, Any], ...] = (
    (Bucket.CEILING, Bucket.CEILING.label),
    (Bucket.OVERBOOKING, Bucket.OVERBOOKING.label),
    ("requested", _("Demandé")),
    (Bucket.RESERVED, Bucket.RESERVED.label),
    (Bucket.COMMITTED, Bucket.COMMITTED.label),
    (FREE, _("Reste à engager")),
    (Bucket.VERIFIED, Bucket.VERIFIED.label),
    (Bucket.ORDERED, Bucket.ORDERED.label),
    (Bucket.PAID, Bucket.PAID.label),
    ("declared", _("Déclaré à l’Union, demandes de paiement envoyées")),
    ("released", _("Rendu à l’enveloppe")),
    (Bucket.RECOVERED, Bucket.RECOVERED.label),
)
Amounts = dict[str, Decimal]


@dataclass(frozen=True, slots=True)
class Block:
    """One envelope: a row per stage with a figure per funder and their sum, its payment credits, votes and cash."""

    envelope: Envelope
    rows: list[tuple[str, Any, list[tuple[Any, Decimal]]]]
    credits: list[tuple[int, Decimal, Decimal, Decimal]]
    cash: Forecast | None

    @property
    def heads(self) -> list[Any]:
        return [*self.envelope.lines.all(), None]


@dataclass(frozen=True, slots=True)
class FloatBlock:
    """The float of a scheme, with its payment models in words."""

    found: SchemeFloat
    models: list[Any]


def floats(regions: Iterable[Region | int]) -> list[FloatBlock]:
    """The floats of the schemes of some regions that pay providers."""
    found = cash_float.floats(regions, clock.today())
    return [FloatBlock(one, [PAYMENT[model] for model in one.models]) for one in found]


def blocks(envelopes: Sequence[Envelope]) -> list[Block]:
    """The envelopes shown, with their lines prefetched: a fixed number of queries, however many they are."""
    found = {p.line_id: p for p in EnvelopePosition.objects.filter(line__envelope__in=list(envelopes))}
    asked, back, told = (read(envelopes) for read in (standing.requested, standing.released, standing.declared))
    by_line: dict[int, list[Amounts]] = {}
    for envelope in envelopes:
        lines = list(envelope.lines.all())
        parts = shares_of(envelope, ZERO, asked.get(envelope.pk, ZERO)) if lines else {}
        by_line[envelope.pk] = [
            _amounts(found.get(line.pk)) | {
                "requested": parts[line.funder], "released": back.get(line.pk, ZERO),
                "declared": told.get(line.pk, ZERO),
            }
            for line in lines
        ]  # fmt: skip
    totals = {pk: {key: sum((line[key] for line in lines), ZERO) for key, _l in ROWS} for pk, lines in by_line.items()}
    years = standing.credits(envelopes)
    cash = standing.cash(envelopes, totals, years, clock.today())
    return [
        Block(
            envelope, _rows(envelope, by_line[envelope.pk], totals[envelope.pk]),
            [(year, opened, drawn, opened - drawn) for year, opened, drawn in years.get(envelope.pk, [])],
            cash.get(envelope.pk),
        )
        for envelope in envelopes
    ]  # fmt: skip


def _rows(envelope: Envelope, lines: list[Amounts], total: Amounts) -> list[tuple[str, Any, list[tuple[Any, Decimal]]]]:
    names = [*(line.get_funder_display() for line in envelope.lines.all()), _("Total")]
    return [
        (key, label, list(zip(names, [*(line[key] for line in lines), total[key]], strict=True))) for key, label in ROWS
    ]


def _amounts(position: EnvelopePosition | None) -> Amounts:
    """A line on which nothing was ever booked has no position yet."""
    held = {bucket: getattr(position, bucket) if position else ZERO for bucket in Bucket.values}
    return held | {FREE: held[Bucket.CEILING] + held[Bucket.OVERBOOKING] - held[Bucket.COMMITTED]}
