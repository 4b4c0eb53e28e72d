"""Released reports against the ledger of their own moment: a report that no longer ties is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from regions.money import ZERO
from reporting import catalogue
from reporting.models import ReportRun
from workflows.ledger_check import Difference, check


@check("report")
def released_reports() -> Iterator[Difference]:
    """Each control total that a released report was issued with, and what the ledger says for the same moment."""
    dated = [report.key for report in catalogue.REPORTS.values() if report.as_of]
    released = ReportRun.objects.filter(state=ReportRun.State.RELEASED, report__in=dated)
    for run in released.select_related("operation", "region").order_by("pk").iterator():
        yield from _of(run)


def _of(run: ReportRun) -> Iterator[Difference]:
    nothing: defaultdict[str, Mapping[str, Decimal]] = defaultdict(lambda: defaultdict(lambda: ZERO))
    for tie in catalogue.of(run).ties(run, nothing):
        issued = Decimal(run.totals.get(tie.key, tie.ledger))
        if issued != tie.ledger:
            yield Difference(f"report {run.pk}", tie.key, issued, tie.ledger, kind="report", region=run.region_id)
