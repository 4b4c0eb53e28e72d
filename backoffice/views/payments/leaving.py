"""What would leave now: for each region and kind of file, how many orders, for how much, and how many must sign."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import get_language

from applications.documents.payments.writers import FORMATS
from applications.enums import OrderState
from applications.models import PaymentOrder
from regions.models import Region, SchemeVersion, SignatureBand
from regions.money import ZERO
from workflows import run_files, signatures


@dataclass(slots=True)
class Leaving:
    """The signed orders that would make one batch."""

    output: str
    count: int = 0
    total: Decimal = ZERO
    before: Decimal = ZERO
    bands: list[SignatureBand] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The kind of file, in the reader's language."""
        kind = FORMATS[self.output]
        return kind.en if (get_language() or "fr").startswith("en") else kind.fr

    @property
    def band(self) -> SignatureBand | None:
        """The highest band that it passes, with what left before on the same day; None when one person signs."""
        return signatures.passed(self.bands, self.total + self.before)


def batches(regions: Iterable[Region]) -> list[tuple[Region, list[Leaving]]]:
    """Each region with what would leave it now."""
    return [(region, _of(region)) for region in regions]


def asked(found: Iterable[tuple[Region, list[Leaving]]]) -> dict[tuple[int, str], int]:
    """Region and kind of file → how many persons must sign, where one is not enough."""
    return {
        (region.pk, batch.output): batch.band.signatures for region, leaving in found for batch in leaving if batch.band
    }


def _of(region: Region) -> list[Leaving]:
    bands, found = signatures.bands(region), dict[str, Leaving]()
    for output, count, total in _sums(region):
        leaving = found.setdefault(output, Leaving(output, bands=bands, before=signatures.sent_today(region, output)))
        leaving.count, leaving.total = leaving.count + count, leaving.total + total
    return [found[output] for output in sorted(found)]


def _sums(region: Region) -> list[tuple[str, int, Any]]:
    """Kind of file, number and sum of the signed orders, by version of the rules."""
    signed = PaymentOrder.objects.filter(application__region=region, state=OrderState.SIGNED).order_by()
    rows = list(
        signed.values_list("application__scheme_version").annotate(Count("pk"), Sum("amount"), Sum("own_share"))
    )
    versions = SchemeVersion.objects.in_bulk([pk for pk, *_sums in rows])
    return [
        (versions[pk].rule("payment", "output", default=run_files.ACCOUNTANT), count, aid + own)
        for pk, count, aid, own in rows
    ]
