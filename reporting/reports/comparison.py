"""What changed between two runs of a report, row by row, and the acts between their watermarks that explain it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import translation

from applications.models import Application
from regions.calendars import local_date
from reporting import canonical_rows
from reporting.canonical_rows import Row
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source
from workflows.models import Event
from workflows.told import told

KIND = "comparison"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"
KINDS = {ADDED: ("ajoutée", "added"), REMOVED: ("retirée", "removed"), CHANGED: ("modifiée", "changed")}
KEY_JOIN, MOST_ACTS = " · ", 10
_BATCH = 1_000

SHEET = Sheet("changes", "Ce qui a changé", "What changed", (
    Column("sheet", "Feuille", "Sheet"),
    Column("key", "Ligne", "Row"),
    Column("change", "Changement", "Change", words=KINDS),
    Column("column", "Colonne", "Column"),
    Column("before", "Avant", "Before"),
    Column("after", "Après", "After"),
    Column("reference", "Dossier", "File"),
    Column("why", "Actes entre les deux dates", "Acts between the two dates", width=60.0),
), ("sheet", "key", "column"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """A row that came, went, or differs in a column."""

    sheet: str
    key: str
    change: str
    column: str = ""
    before: str | None = None
    after: str | None = None
    reference: str = ""


def pair(run: ReportRun) -> tuple[ReportRun, ReportRun]:
    """The two runs compared, the earlier watermark first."""
    found = ReportRun.objects.in_bulk([run.filters["before"], run.filters["after"]])
    return found[run.filters["before"]], found[run.filters["after"]]


def changes(before: Iterable[Row], after: Iterable[Row], identities: Mapping[str, Sequence[str]]) -> Iterator[Change]:
    """Rows matched by what names them; columns that one of the two lacks are not compared."""
    known = {(row.sheet, named(row, identities)): row for row in before}
    for row in after:
        key = row.sheet, named(row, identities)
        earlier = known.pop(key, None)
        if earlier is None:
            yield Change(*key, ADDED, reference=_reference(row))
        else:
            yield from _differences(earlier, row, key)
    for key, row in known.items():
        yield Change(*key, REMOVED, reference=_reference(row))


def named(row: Row, identities: Mapping[str, Sequence[str]]) -> str:
    """The values that name a row; the whole row where its sheet says nothing."""
    keys = [key for key in identities.get(row.sheet, ()) if key in row.columns] or row.columns
    return KEY_JOIN.join(row.value(key) or "" for key in keys)


def _reference(row: Row) -> str:
    return row.value("reference") or ""


def _differences(before: Row, after: Row, key: tuple[str, str]) -> Iterator[Change]:
    if before.columns == after.columns and before.texts == after.texts:
        return
    for column, text in zip(after.columns, after.texts, strict=True):
        if column in before.columns and before.value(column) != text:
            yield Change(*key, CHANGED, column, before.value(column), text, _reference(after))


def _read(known: Mapping[str, Report], run: ReportRun) -> dict[str, Source]:
    before, after = pair(run)
    report = known[after.report]
    identities = {sheet.key: sheet.identity for sheet in report.sheets}
    found = list(changes(canonical_rows.of(before), canonical_rows.of(after), identities))
    why = _acts(before, after, {change.reference for change in found if change.reference}, run.language)
    return {SHEET.key: Source(found, lambda change: _row(change, report, why, run.language), lambda c: c.key)}


def _row(change: Change, report: Report, why: Mapping[str, str], language: str) -> dict[str, Any]:
    sheet = report.sheet(change.sheet)
    column = next((c for c in sheet.columns if c.key == change.column), None) if sheet else None
    return {
        "sheet": sheet.name(language) if sheet else change.sheet, "key": change.key, "change": change.change,
        "column": column.label(language) if column else change.column, "reference": change.reference,
        "before": _said(column, change.before, language), "after": _said(column, change.after, language),
        "why": why.get(change.reference, ""),
    }  # fmt: skip


def _said(column: Column | None, text: str | None, language: str) -> str | None:
    return column.shown(text, language) if column is not None and text is not None else text


def _acts(before: ReportRun, after: ReportRun, references: set[str], language: str) -> dict[str, str]:
    """Reference → its acts after the first watermark and up to the second, the first of them in words."""
    files = dict(Application.objects.filter(reference__in=references).values_list("pk", "reference"))
    subjects, found = [f"application:{pk}" for pk in files], defaultdict(list)
    for start in range(0, len(subjects), _BATCH):
        events = Event.objects.filter(
            subject__in=subjects[start : start + _BATCH], at__gt=before.as_of, at__lte=after.as_of
        )
        for subject, act, at in events.order_by("subject", "number").values_list("subject", "act", "at"):
            found[files[int(subject.partition(":")[2])]].append((local_date(at, after.region.time_zone), act))
    with translation.override(language):
        return {reference: _in_words(acts) for reference, acts in found.items()}


def _in_words(acts: Sequence[tuple[Any, str]]) -> str:
    said = [f"{day:%Y-%m-%d} {told(act)}" for day, act in acts[:MOST_ACTS]]
    rest = len(acts) - MOST_ACTS
    return " ; ".join([*said, f"+ {rest}"] if rest > 0 else said)


def report(known: Mapping[str, Report]) -> Report:
    """The comparison of two runs of one of these reports."""
    return Report(
        key=KIND, name_fr="Comparaison de deux rapports", name_en="Comparison of two reports", sheets=(SHEET,),
        read=lambda run: _read(known, run), scope=REGION, as_of=False, kept_days=365, offered=False,
    )  # fmt: skip
