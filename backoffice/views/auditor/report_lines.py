"""The payments that a report counts, line by line, each leading to its trail and to the accountant’s reference."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from applications.models import ClaimVersion
from backoffice.views.auditor import perimeter
from backoffice.views.auditor.desk import READERS, Desk
from backoffice.views.auditor.lists import Cell
from backoffice.views.base import for_roles
from regions.enums import Funder
from regions.money import ZERO
from reporting import facts
from reporting.keyset import Key, page, text
from reporting.models import ReportRun
from reporting.reports.erdf import PAYMENTS, operation_of

BY_FILE = (Key("case_version__reference", text), Key("number"))
SHOWN = (
    "reference", "order_number", "order_state", "sent_on", "paid_on", "paid", "paid_erdf", "paid_national",
    "accountant_reference",
)  # fmt: skip


@require_safe
@for_roles(*READERS)
def lines(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet of payments of a report as of its watermark, by pages."""
    desk = Desk(request)
    run = desk.run(pk)
    audits = desk.audits(run.region)
    counted = facts.claims_as_of(operation_of(run), run.as_of).exclude(order_number="")
    found = page(counted, BY_FILE, request.GET.get("after", ""))
    tongue = perimeter.language()
    columns = [column for column in PAYMENTS.columns if column.key in SHOWN]
    parts = _parts(run, found.rows)
    context = desk.tabs() | {
        "run": run, "page": found, "zone": run.region.time_zone,
        "columns": [(column.heading(tongue), column) for column in columns],
        "rows": [_cells(columns, claim, parts[claim.claim_id], tongue, audits) for claim in found.rows],
    }  # fmt: skip
    return render(request, "auditor/report_lines.html", context)


def _parts(run: ReportRun, claims: Sequence[ClaimVersion]) -> dict[int, dict[str, Decimal]]:
    """Claim → funder → euro paid by the watermark, all its orders together, from the ledger: one query for the page."""
    rows = facts.paid_orders(operation_of(run), run.as_of).filter(order__claim__in=[c.claim_id for c in claims])
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for claim, funder, total in rows.values_list("order__claim", "line__funder").annotate(total=Sum("amount")):
        found[claim][funder] = total
    return found


def _cells(
    columns: Sequence[Any], claim: ClaimVersion, parts: dict[str, Decimal], tongue: str, audits: bool
) -> list[Cell]:
    """One payment; its trail is the auditor’s page, the file has one for each reader."""
    erdf = parts.get(Funder.ERDF, ZERO)
    known = {
        "reference": claim.case_version.reference, "paid_erdf": erdf, "paid_national": sum(parts.values(), ZERO) - erdf,
    }  # fmt: skip
    links = {
        "reference": reverse("audit-file" if audits else "file", args=[claim.case_version.reference]),
        "order_number": reverse("audit-payment", args=[claim.order_number]) if audits else "",
    }
    return [
        Cell(
            column, column.label(tongue),
            column.shown(known.get(column.key, getattr(claim, column.key, None)), tongue), links.get(column.key, ""),
        )
        for column in columns
    ]  # fmt: skip
