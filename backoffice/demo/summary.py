"""The demonstration's summary: the same figures as JSON and as a table. Euro, as strings in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket
from applications.models import Application, LedgerEntry
from backoffice.demo.stories import Story
from regions.money import ZERO
from reporting.models import ReportRun
from workflows.verify import Tally

AMOUNTS = {"requested": "amount_requested", "granted": "amount_granted"}
LEDGER = {"committed": Bucket.COMMITTED, "verified": Bucket.VERIFIED, "ordered": Bucket.ORDERED, "paid": Bucket.PAID}


def summary(told: Sequence[tuple[Story, str]], run: ReportRun, tally: Tally) -> dict[str, Any]:
    """Files per kind, scheme and state, amounts, control totals, and what was verified."""
    return {
        "files": _files(),
        "outcomes": {story.outcome: reference for story, reference in told},
        "amounts": {name: f"{amount:.2f}" for name, amount in _amounts().items()},
        "control_totals": run.totals,
        "differences": run.differences,
        "report": {"state": run.state, "content_sha256": run.content_sha256, "file_sha256": run.file_sha256},
        "events": {
            "verified": tally.events,
            "chains": tally.subjects,
            "seals": tally.seals,
            "faults": len(tally.faults),
        },
    }


def _files() -> list[dict[str, Any]]:
    """Kind, scheme, state and how many."""
    keys = ("scheme_version__scheme__kind", "scheme_version__scheme__code", "state")
    counted = Counter(Application.objects.values_list(*keys))
    names = ("kind", "scheme", "state")
    return [dict(zip(names, key, strict=True)) | {"files": count} for key, count in sorted(counted.items())]


def _amounts() -> dict[str, Decimal]:
    fields = {name: Sum(field) for name, field in AMOUNTS.items()}
    asked = {name: total or ZERO for name, total in Application.objects.aggregate(**fields).items()}
    booked = dict(LedgerEntry.objects.values_list("bucket").annotate(total=Sum("amount")))
    return asked | {name: booked.get(bucket, ZERO) for name, bucket in LEDGER.items()}


def table(facts: dict[str, Any]) -> Iterator[str]:
    """The summary line by line."""
    yield from _section("Files", ((f"{f['scheme']} · {f['state']}", f["files"]) for f in facts["files"]))
    yield from _section("Outcomes", facts["outcomes"].items())
    yield from _section("Amounts (euro)", facts["amounts"].items())
    yield from _section("Control totals, report = ledger (euro)", facts["control_totals"].items())
    yield from _section("Events", facts["events"].items())


def _section(title: str, rows: Any) -> Iterator[str]:
    yield ""
    yield title
    for name, value in rows:
        yield f"  {name:<48} {value:>18}"
