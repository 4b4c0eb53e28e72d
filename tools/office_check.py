"""Workbooks opened by LibreOffice: nothing is lost on the way, and every total is the same to the cent.

Every sheet of the ERDF report is written in both languages, as XLSX and as ODS, with rows of every kind and texts
that look like formulas. LibreOffice, without a screen, converts each to XLSX and each sheet to CSV; what
comes back is compared with what was written. Workbooks of `make demo` are converted too where there are some.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import zip_longest
from pathlib import Path
from typing import Any

import django
import openpyxl

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
django.setup()

from reporting.reports.erdf import SHEETS  # noqa: E402
from reporting.writers.ods import OdsWriter  # noqa: E402
from reporting.writers.xlsx import XlsxWriter  # noqa: E402

PACKAGE = "libreoffice-calc-nogui"
ROWS, PATIENCE = 300, 300
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
XLSX = "xlsx:Calc MS Excel 2007 XML"
TEXTS = ("=1+1", "+33 6 00 00", "-2", "@SUM(A1)", "L’Étang-Salé", "00000012345678", " deux  espaces ", "a\nb", "<&>\"'")
START = datetime(2025, 3, 30, 0, 30, tzinfo=UTC)

Values = list[list[Any]]


def main() -> int:
    program = find()
    if not program:
        print(f"LibreOffice is missing: install {PACKAGE} (apt-get install {PACKAGE}), then run make office again.")
        return 1
    with tempfile.TemporaryDirectory(prefix="guichet-office-") as place:
        faults = list(check(program, Path(place)))
    print("\n".join(faults) if faults else "LibreOffice reads every workbook: same sheets, same cells, same totals.")
    return 1 if faults else 0


def find() -> str:
    """LibreOffice's program; installed from Debian's packages when it is missing and one may."""
    found = shutil.which("soffice") or shutil.which("localc")
    if not found and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"Installing {PACKAGE}…", flush=True)
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", PACKAGE]):
            subprocess.run(["apt-get", "-q", *arguments], check=False, capture_output=True)
        found = shutil.which("soffice")
    return found or ""


def check(program: str, place: Path) -> Iterator[str]:
    """Each workbook as it was written and as LibreOffice gives it back."""
    given = [*written(place / "given"), *demonstrated()]
    convert(program, given, XLSX, place / "xlsx")
    convert(program, [path for path in given if path.suffix == ".xlsx"], CSV, place / "csv")
    for path in given:
        like = twin(path)
        back = place / "xlsx" / f"{path.stem}.xlsx"
        if not back.is_file():
            yield f"{path.name}: LibreOffice did not open it"
            continue
        before, after = read(like), read(back)
        yield from (f"{path.name}: {fault}" for fault in differences(before, after))
        if path.suffix == ".xlsx":
            yield from lost_in_csv(path, before, place / "csv")


def twin(path: Path) -> Path:
    """What a converted workbook must equal: itself, or for an ODS the XLSX of the same rows."""
    return path.parent.parent / "xlsx" / f"{path.stem.removesuffix('ods')}xlsx.xlsx" if path.suffix == ".ods" else path


def lost_in_csv(path: Path, sheets: Mapping[str, Values], folder: Path) -> Iterator[str]:
    """Every sheet has its own CSV file."""
    for name in sheets:
        if not (folder / f"{path.stem}-{name}.csv").is_file():
            yield f"{path.name}: sheet « {name} » is lost as CSV"


def convert(program: str, paths: Sequence[Path], form: str, out: Path) -> None:
    """Convert files of every ending in one go for each ending: those of one name must not meet."""
    home = (out.parent / "profile").as_uri()
    for ending in sorted({path.suffix for path in paths}):
        named = [str(path) for path in paths if path.suffix == ending]
        command = [program, f"-env:UserInstallation={home}", "--headless", "--convert-to", form, "--outdir", str(out)]
        subprocess.run([*command, *named], check=False, capture_output=True, timeout=PATIENCE)


def written(folder: Path) -> Iterator[Path]:
    """The sheets of the ERDF report in both languages; each name says its ending, so that copies do not meet."""
    folder.mkdir(parents=True)
    for language in ("fr", "en"):
        for ending in ("xlsx", "ods"):
            path = folder / ending / f"erdf-{language}-{ending}.{ending}"
            path.parent.mkdir(exist_ok=True)
            write(path, language)
            yield path


def write(path: Path, language: str) -> None:
    """A workbook with every sheet, generated rows and a table of loose values."""
    writer: Any = OdsWriter if path.suffix == ".ods" else XlsxWriter
    with path.open("wb") as stream, writer(
        stream, title="Guichet", author="Guichet", created=START, language=language, zone="Indian/Reunion"
    ) as book:  # fmt: skip
        for sheet in SHEETS:
            book.sheet(sheet.name(language), sheet.columns, rows(sheet.columns))
        book.table("Total", ["Total", "Montant"], [["Payé", Decimal("1234567.89")], ["Écart", Decimal("0.00")]])


VALUES: Mapping[str, Any] = {
    "text": lambda n: TEXTS[n % len(TEXTS)],
    "integer": lambda n: n * 7 - 3,
    "money": lambda n: Decimal((n * 7919) % 10_000_019 - 5_000).scaleb(-2),
    "decimal": lambda n: Decimal(n * 13).scaleb(-3),
    "percent": lambda n: Decimal(n % 101).scaleb(-2),
    "date": lambda n: date(2024, 2, 28) + timedelta(days=n),
    "moment": lambda n: START + timedelta(minutes=17 * n),
    "boolean": lambda n: n % 3 == 0,
}


def rows(columns: Sequence[Any]) -> Iterator[dict[str, Any]]:
    for n in range(ROWS):
        yield {
            column.key: None if (n + rank) % 11 == 0 else VALUES[column.kind](n + rank)
            for rank, column in enumerate(columns)
        }


def demonstrated() -> list[Path]:
    """The workbooks that `make demo` left, if it ran here."""
    home = ROOT / "var" / "demo"
    return [path for path in [home / "erdf-report.xlsx", *sorted((home / "erdf").glob("*.xlsx"))] if path.is_file()]


def read(path: Path) -> dict[str, Values]:
    """Sheet → its rows, without what is empty at their ends."""
    book = openpyxl.load_workbook(path)
    return {sheet.title: [_trimmed(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets}


def _trimmed(row: Sequence[Any]) -> list[Any]:
    cells = list(row)
    while cells and cells[-1] in (None, ""):
        cells.pop()
    return cells


def differences(before: Mapping[str, Values], after: Mapping[str, Values]) -> Iterator[str]:
    """Sheets lost, totals that moved by a cent, cells that changed: the first of each sheet."""
    if list(before) != list(after):
        yield f"sheets {list(before)} became {list(after)}"
    for name in before:
        if name not in after:
            continue
        if totals(before[name]) != totals(after[name]):
            yield f"« {name} »: totals {totals(before[name])} became {totals(after[name])}"
        yield from list(_cells(name, before[name], after[name]))[:1]


def totals(values: Values) -> list[str]:
    """Column by column, the sum of its numbers to the cent."""
    found: dict[int, Decimal] = {}
    for row in values[1:]:
        for rank, value in enumerate(row):
            if isinstance(value, int | float) and not isinstance(value, bool):
                found[rank] = found.get(rank, Decimal(0)) + Decimal(repr(value))
    return [f"{rank}: {found[rank]:.2f}" for rank in sorted(found)]


def _cells(name: str, before: Values, after: Values) -> Iterator[str]:
    """The cells that are not what they were; empty rows at the end are no rows."""
    nothing: list[Any] = []
    for number, (old, new) in enumerate(zip_longest(before, after, fillvalue=nothing), start=1):
        for rank, (was, now) in enumerate(zip_longest(old, new), start=1):
            if not _same(was, now):
                yield f"« {name} », row {number}, column {rank}: {was!r} became {now!r}"


def _same(was: Any, now: Any) -> bool:
    """Equal, moments to the second and numbers to what a spreadsheet keeps of them."""
    if isinstance(was, datetime) and isinstance(now, datetime):
        return abs(was - now) < timedelta(seconds=1)
    if isinstance(was, bool):  # which LibreOffice writes again as a formula that says it
        return now in (was, f"={str(was).upper()}()")
    if isinstance(was, int | float) and isinstance(now, int | float):
        return abs(Decimal(repr(was)) - Decimal(repr(now))) < Decimal("0.0000001")
    return (was or "") == (now or "")


if __name__ == "__main__":
    raise SystemExit(main())
