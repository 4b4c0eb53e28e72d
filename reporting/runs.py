"""Making a report: read at a watermark, check against the ledger, write, hash, keep, release."""

from __future__ import annotations

import io
import platform
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from applications.models import Operation
from applications.services import store
from regions import clock
from regions.models import User
from reporting import checks
from reporting.columns import ContentHash
from reporting.models import ReportRun
from reporting.reports import erdf
from reporting.writers.xlsx import XlsxWriter
from workflows.release import ENGINE_VERSION

State = ReportRun.State
Rows = dict[str, list[dict[str, Any]]]
READ, WRITE, DONE = 1, 2, 3


def erdf_workbook(operation: Operation, author: User, as_of: datetime, language: str = "fr") -> ReportRun:
    """Make the ERDF workbook of an operation as of a moment; withheld when its totals do not tie."""
    return make(begin(operation, author, as_of, language))


def begin(operation: Operation, author: User, as_of: datetime, language: str = "fr") -> ReportRun:
    """Note that a report is asked for: what, as of when, by whom; `make` does the work."""
    return ReportRun.objects.create(
        report="erdf", region=operation.region, operation=operation, as_of=as_of, language=language,
        author=author, created_at=clock.now(), filters={"operation": operation.code},
        versions=_versions(operation), file_name=f"erdf-{operation.code}-{as_of:%Y%m%d}.xlsx",
    )  # fmt: skip


def make(run: ReportRun) -> ReportRun:
    """Read, check, write, hash, keep, release or withhold; done again, it gives the same report."""
    _step(run, READ)
    rows, ties = _read(run)
    _step(run, WRITE)
    return _finish(run, rows, ties)


def _step(run: ReportRun, step: int) -> None:
    """Tell how far the work is, at once, to whoever looks at the page."""
    run.state, run.step = State.RUNNING, step
    run.save(update_fields=["state", "step"])


def _read(run: ReportRun) -> tuple[Rows, list[checks.Tie]]:
    with transaction.atomic():
        rows = erdf.rows(operation_of(run), run.as_of)
        return rows, checks.ties(operation_of(run), run.as_of, rows)


def operation_of(run: ReportRun) -> Operation:
    if run.operation is None:
        raise ValueError(f"the report {run} has no operation")
    return run.operation


def rebuild(run: ReportRun) -> str:
    """The content hash of a report made again at its own watermark: that of the run, or something changed."""
    return content_hash(erdf.rows(operation_of(run), run.as_of), run.language)


def _versions(operation: Operation) -> dict[str, Any]:
    schemes = operation.scheme.versions.order_by("number").values_list("number", "fingerprint")
    return {
        "guichet": settings.GUICHET_VERSION, "engine": ENGINE_VERSION, "python": platform.python_version(),
        "scheme": {str(number): fingerprint for number, fingerprint in schemes},
    }  # fmt: skip


def _finish(run: ReportRun, rows: Rows, ties: Sequence[checks.Tie]) -> ReportRun:
    run.content_sha256 = content_hash(rows, run.language)
    run.rows = {key: len(sheet) for key, sheet in rows.items()}
    run.totals = {tie.key: f"{tie.report:.2f}" for tie in ties}
    run.differences = [f"{tie.key}: {tie.report} / {tie.ledger}" for tie in ties if not tie.holds]
    run.file_sha256 = store.put(_workbook(run, rows, ties))
    run.state = State.WITHHELD if run.differences else State.RELEASED
    run.finished_at, run.step = clock.now(), DONE
    run.save()
    return run


def content_hash(rows: Rows, language: str) -> str:
    """The hash of canonical rows, sheet by sheet, without names: the same for ever."""
    digest = ContentHash(language)
    for sheet in erdf.SHEETS:
        digest.sheet(sheet.key, sheet.columns, rows[sheet.key])
    return digest.hexdigest()


def _workbook(run: ReportRun, rows: Rows, ties: Sequence[checks.Tie]) -> bytes:
    stream = io.BytesIO()
    title = f"Guichet – {run.operation}"
    with XlsxWriter(stream, title=title, author=run.author.name, created=run.created_at, language=run.language) as book:
        for sheet in erdf.SHEETS:
            book.sheet(sheet.name(run.language), sheet.columns, rows[sheet.key])
        _control(book, run.language, ties)
        _provenance(book, run)
    return stream.getvalue()


def _control(book: XlsxWriter, language: str, ties: Sequence[checks.Tie]) -> None:
    english = language.startswith("en")
    headings = ["Total", "Report", "Ledger", "Difference"] if english else ["Total", "Rapport", "Grand livre", "Écart"]
    lines = [[t.label_en if english else t.label_fr, t.report, t.ledger, t.difference] for t in ties]
    book.table("Control totals" if english else "Totaux de contrôle", headings, lines)


def _sheet(run: ReportRun, key: str) -> str:
    """The name of a sheet as the workbook shows it."""
    return next((sheet.name(run.language) for sheet in erdf.SHEETS if sheet.key == key), key)


def _versions_told(versions: Mapping[str, Any], english: bool) -> Iterator[tuple[str, str]]:
    """The release, the engine of rules, and each version of the scheme with its fingerprint."""
    scheme, engine = ("Scheme rules, version", "engine") if english else ("Règlement, version", "moteur")
    for name, value in versions.items():
        if isinstance(value, Mapping):
            yield from ((f"{scheme} {number}", str(fingerprint)) for number, fingerprint in value.items())
        else:
            yield f"Version – {engine if name == 'engine' else name}", str(value)


def _provenance(book: XlsxWriter, run: ReportRun) -> None:
    """What the workbook was made from: watermark, filters, rows, hash, author, versions."""
    english = run.language.startswith("en")
    facts = [
        ("As of" if english else "Arrêté au", run.as_of),
        ("Made on" if english else "Établi le", run.created_at),
        ("Author" if english else "Auteur", run.author.name),
        ("Operation" if english else "Opération", str(run.operation)),
        ("Content hash (SHA-256)" if english else "Empreinte du contenu (SHA-256)", run.content_sha256),
        *((f"{'Rows' if english else 'Lignes'} – {_sheet(run, key)}", count) for key, count in run.rows.items()),
        *_versions_told(run.versions, english),
    ]
    book.table("Provenance", ["Quoi", "Valeur"] if not english else ["What", "Value"], [list(f) for f in facts])
