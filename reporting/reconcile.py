"""Released reports against the ledger of their own moment: a report that no longer ties is named."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from reporting import checks
from reporting.models import ReportRun
from workflows.ledger_check import Difference, check


@check("report")
def released_reports() -> Iterator[Difference]:
    """Each control total that a released report was issued with, and what the ledger says for the same moment."""
    released = ReportRun.objects.filter(state=ReportRun.State.RELEASED, operation__isnull=False)
    for run in released.select_related("operation").order_by("pk").iterator():
        yield from _of(run)


def _of(run: ReportRun) -> Iterator[Difference]:
    if run.operation is None:
        return
    for tie in checks.ties(run.operation, run.as_of, defaultdict(list)):
        issued = Decimal(run.totals.get(tie.key, tie.ledger))
        if issued != tie.ledger:
            yield Difference(f"report {run.pk}", tie.key, issued, tie.ledger, kind="report", region=run.region_id)
