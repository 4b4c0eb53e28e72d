"""The demonstration's summary: the same figures as JSON and as a table. Euro, as strings in JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket
from applications.models import Application, LedgerEntry
from regions.enums import Instrument
from regions.money import ZERO
from reporting.models import ReportRun
from workflows.verify import Tally

AMOUNTS = {"requested": "amount_requested", "granted": "amount_granted"}
LEDGER = {
    "committed": Bucket.COMMITTED,
    "verified": Bucket.VERIFIED,
    "ordered": Bucket.ORDERED,
    "paid": Bucket.PAID,
    "recovered": Bucket.RECOVERED,
}


def summary(told: Sequence[tuple[str, str]], runs: Mapping[str, ReportRun], tally: Tally) -> dict[str, Any]:
    """Files per kind, scheme and state, outcomes with the file that shows each, amounts, totals, what was verified."""
    return {
        "files": _files(),
        "outcomes": dict(told),
        "amounts": {name: f"{amount:.2f}" for name, amount in _amounts().items()},
        "lent": _lent(),
        "control_totals": {code: run.totals for code, run in runs.items()},
        "differences": {code: run.differences for code, run in runs.items() if run.differences},
        "reports": {code: _report(run) for code, run in runs.items()},
        "events": {
            "verified": tally.events,
            "chains": tally.subjects,
            "seals": tally.seals,
            "faults": len(tally.faults),
        },
    }


def _report(run: ReportRun) -> dict[str, str]:
    return {"state": run.state, "content_sha256": run.content_sha256, "file_sha256": run.file_sha256}


def _files() -> list[dict[str, Any]]:
    """Kind, scheme, state and how many."""
    keys = ("scheme_version__scheme__kind", "scheme_version__scheme__code", "state")
    counted = Counter(Application.objects.values_list(*keys))
    names = ("kind", "scheme", "state")
    return [dict(zip(names, key, strict=True)) | {"files": count} for key, count in sorted(counted.items())]


def _amounts() -> dict[str, Decimal]:
    fields = {name: Sum(field) for name, field in AMOUNTS.items()}
    asked = {name: total or ZERO for name, total in Application.objects.aggregate(**fields).items()}
    grants = LedgerEntry.objects.filter(line__envelope__instrument=Instrument.GRANT)
    booked = dict(grants.values_list("bucket").annotate(total=Sum("amount")))
    return asked | {name: booked.get(bucket, ZERO) for name, bucket in LEDGER.items()}


def _lent() -> dict[str, dict[str, str]]:
    """Instrument → bucket → euro, for what is no grant."""
    rows = LedgerEntry.objects.exclude(line__envelope__instrument=Instrument.GRANT).exclude(bucket=Bucket.CEILING)
    found: dict[str, dict[str, str]] = {}
    for instrument, bucket, total in rows.values_list("line__envelope__instrument", "bucket").annotate(
        total=Sum("amount")
    ):
        found.setdefault(instrument, {})[bucket] = f"{total:.2f}"
    return found


def table(facts: dict[str, Any]) -> Iterator[str]:
    """The summary line by line."""
    yield from _section("Files", ((f"{f['scheme']} · {f['state']}", f["files"]) for f in facts["files"]))
    yield from _section("Outcomes", facts["outcomes"].items())
    yield from _section("Amounts (euro)", facts["amounts"].items())
    lent = ((f"{name} · {bucket}", total) for name, rows in facts["lent"].items() for bucket, total in rows.items())
    yield from _section("Loans, advances and guarantees (euro)", lent)
    totals = ((f"{code} · paid", found["paid_orders"]) for code, found in facts["control_totals"].items())
    yield from _section("Control totals, report = ledger (euro)", totals)
    yield from _section("Events", facts["events"].items())


def _section(title: str, rows: Any) -> Iterator[str]:
    yield ""
    yield title
    for name, value in rows:
        yield f"  {name:<48} {value:>18}"
