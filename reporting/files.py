"""The file of a run, in the format asked: a workbook with its control sheets, or flat files with a manifest.

Everything is written in the run's own folder, emptied first: what a crash left there is never found again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from django.conf import settings

from reporting import told
from reporting.checks import Tie
from reporting.columns import ContentHash
from reporting.models import ReportRun
from reporting.passing import Passing
from reporting.registry import Report
from reporting.sheets import Source
from reporting.writers import split
from reporting.writers.formats import FORMATS, About
from reporting.writers.ods import OdsWriter
from reporting.writers.xlsx import XlsxWriter

BOOKS: dict[str, type[XlsxWriter | OdsWriter]] = {"xlsx": XlsxWriter, "ods": OdsWriter}
ROWS, SUMMARY = "rows.jsonl", "report.json"
Beat = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What came out: the file, the canonical rows beside it, what passed and what ties."""

    path: Path
    rows: Path
    passed: Passing
    ties: Sequence[Tie]


@contextmanager
def folder(run: ReportRun) -> Iterator[Path]:
    """The run's own folder, empty at first, and gone afterwards."""
    place = Path(settings.GUICHET_WORK_DIR) / f"run-{run.pk}"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def write(run: ReportRun, report: Report, place: Path, beat: Beat) -> Made:
    """Read the records once, and write file and canonical rows in the folder."""
    kept = place / ROWS
    with kept.open("wb") as stream:
        passed = Passing(ContentHash(run.language, stream), beat)
        sources = report.read(run)
        writer = _bound if report.bind else _book if run.form in BOOKS else _flat
        path, ties = writer(run, report, place, sources, passed)
    return Made(path, kept, passed, ties)


def _bound(
    run: ReportRun, report: Report, place: Path, sources: Mapping[str, Source], passed: Passing
) -> tuple[Path, Sequence[Tie]]:
    if report.bind is None:
        raise ValueError(f"{report.key} binds nothing")
    rows = [row for sheet in report.sheets for row in passed.through(sheet, sheet.columns, sources[sheet.key])]
    return report.bind(run, place, rows), report.ties(run, told.reported(passed))


def _book(
    run: ReportRun, report: Report, place: Path, sources: Mapping[str, Source], passed: Passing
) -> tuple[Path, Sequence[Tie]]:
    path = place / f"book.{run.form}"
    with path.open("wb") as stream, BOOKS[run.form](
        stream, title=f"Guichet – {told.title(run, report)}", author=run.author_name, created=run.created_at,
        language=run.language, zone=run.region.time_zone,
    ) as book:  # fmt: skip
        pages: dict[str, Sequence[tuple[str, int]]] = {}
        for sheet in report.sheets:
            columns, name = sheet.chosen(run.columns), sheet.name(run.language)
            pages[name] = book.sheet(name, columns, passed.through(sheet, columns, sources[sheet.key]))
        ties = report.ties(run, told.reported(passed))
        for table in told.tables(run, report, passed, ties, pages):
            book.table(table.name, table.headings, table.lines)
    return path, ties


def _flat(
    run: ReportRun, report: Report, place: Path, sources: Mapping[str, Source], passed: Passing
) -> tuple[Path, Sequence[Tie]]:
    """One file for each sheet, in parts where it is long; several files make one archive with their manifests."""
    out = place / "parts"
    for sheet in report.sheets:
        columns = sheet.chosen(run.columns)
        about = About(
            sheet.key, sheet.name(run.language), told.title(run, report), run.author_name, run.created_at,
            run.language, run.region.time_zone,
        )  # fmt: skip
        rows = passed.through(sheet, columns, sources[sheet.key])
        split.write_parts(
            split.into_folder(out / sheet.key), run.form, about, columns, rows, key=columns[0].key, stem=sheet.key
        )
    ties = report.ties(run, told.reported(passed))
    written = [path for path in out.rglob("*") if path.is_file() and path.name != split.MANIFEST]
    if len(written) == 1 and not passed.set_apart:
        return written[0], ties
    summary = json.dumps(told.summary(run, report, passed, ties), ensure_ascii=False, indent=1) + "\n"
    (out / SUMMARY).write_text(summary, encoding="utf-8")
    return _zipped(out, place / "parts.zip"), ties


def _zipped(out: Path, path: Path) -> Path:
    """Everything of a folder in one archive, without a date of its own."""
    with ZipFile(path, "w") as archive:
        for file in sorted(found for found in out.rglob("*") if found.is_file()):
            with split.into_zip(archive)(file.relative_to(out).as_posix()) as member, file.open("rb") as content:
                shutil.copyfileobj(content, member)
    return path


def media_type(run: ReportRun) -> Any:
    """What a browser is told of the file."""
    return "application/zip" if run.file_name.endswith(".zip") else FORMATS[run.form].media_type
