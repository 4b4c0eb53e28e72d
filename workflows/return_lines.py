"""The accountant's return, read: a file of lines (CSV or XLSX), each one typed or set apart with its reason."""

from __future__ import annotations

import csv
import io
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zipfile import BadZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from applications.models import PaymentReturn

COLUMNS = ("mandat", "resultat", "date", "reference", "montant", "motif")
RESULTS = {"PAYE": PaymentReturn.Result.PAID, "REJETE": PaymentReturn.Result.REJECTED}
MAX_BYTES = 5 * 1024 * 1024
MAX_LINES = 5_000
LONGEST = 40
CSV, XLSX, XML = "csv", "xlsx", "xml"
MEDIA_TYPES = {
    CSV: "text/csv",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    XML: "application/xml",
}
Rows = list[tuple[int, dict[str, Any]]]


class BadFile(ValueError):
    """A file that cannot be read at all: the sentence says why."""


class BadLine(ValueError):
    """A line that cannot be read or applied: the sentence says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A line of a return; the amount in euro. `booked` tells an entry of the account from a word that announces it."""

    number: str
    result: str
    value_date: date
    reference: str
    amount: Decimal
    rejection_code: str
    booked: bool = True


def kind_of(content: bytes) -> str:
    """What a file is by its first bytes, whatever its name: a workbook, a message of a bank, else a CSV."""
    if content.startswith(b"PK\x03\x04"):
        return XLSX
    return XML if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<") else CSV


def checked(content: bytes) -> bytes:
    """The content, when it is neither empty nor too big; raises BadFile."""
    if not content.strip():
        raise BadFile(_("Ce fichier est vide."))
    if len(content) > MAX_BYTES:
        raise BadFile(_("Ce fichier dépasse 5 Mo : le partager."))
    return content


def rows_of(content: bytes) -> Rows:
    """The file's lines with their rank, the first after the headings being 2. Raises BadFile before any."""
    found = _workbook(checked(content)) if kind_of(content) == XLSX else _table(_text(checked(content)))
    if len(found) > MAX_LINES:
        raise BadFile(_("Ce fichier a plus de %s lignes : le partager.") % MAX_LINES)
    return found


def _table(text: str) -> Rows:
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    try:
        _headings(rows.fieldnames or ())
        return list(enumerate(rows, start=2))
    except csv.Error as error:
        raise BadFile(_("Ce fichier n’est pas un CSV lisible.")) from error


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile(_("Ce fichier n’est pas en UTF-8 : l’enregistrer en CSV UTF-8, puis recommencer.")) from error
    if "\0" in text:
        raise BadFile(_("Ce fichier n’est pas un CSV lisible."))
    return text


def _headings(found: Sequence[str]) -> None:
    missing = [name for name in COLUMNS if name not in found]
    if missing:
        raise BadFile(_("Colonnes absentes : %s.") % ", ".join(missing))


# --- a workbook


def _workbook(content: bytes) -> Rows:
    """The first sheet of a workbook, its cells as the CSV would have them."""
    try:
        cells = list(_cells(content))
    except (BadZipFile, KeyError, ValueError, OSError, IndexError, TypeError, AttributeError) as error:
        raise BadFile(
            _("Ce classeur n’est pas lisible : l’enregistrer en XLSX ou en CSV, puis recommencer.")
        ) from error
    heads = [name.strip().lower() for name in (cells[0] if cells else [])]
    _headings(heads)
    return [(rank, dict(zip(heads, row, strict=False))) for rank, row in enumerate(cells[1:], start=2) if any(row)]


def _cells(content: bytes) -> Iterator[list[str]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a spreadsheet adds (styles, validations) is not read
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        for rank, row in enumerate(book.worksheets[0].iter_rows(values_only=True)):
            if rank > MAX_LINES + 1:
                return
            yield [_shown(value) for value in row]
    finally:
        book.close()


def _shown(value: Any) -> str:
    """A cell as text: a day as jj/mm/aaaa, a number with all its decimals."""
    if value is None:
        return ""
    if isinstance(value, date | datetime):
        return f"{value:%d/%m/%Y}"
    return repr(value) if isinstance(value, float) else str(value)


# --- one line


def parse(row: dict[str, Any]) -> ReturnLine:
    """A line with its types; raises BadLine."""
    if any(row.get(name) is None for name in COLUMNS):
        raise BadLine(_("Cette ligne n’a pas toutes les colonnes attendues."))
    values = {name: row[name].strip() for name in COLUMNS}
    if values["resultat"] not in RESULTS:
        raise BadLine(_("Résultat inconnu : %s. Attendu : PAYE ou REJETE.") % values["resultat"])
    return ReturnLine(
        values["mandat"], RESULTS[values["resultat"]], _day(values["date"]), _reference(values["reference"]),
        _amount(values["montant"]), values["motif"][:LONGEST],
    )  # fmt: skip


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError as error:
        raise BadLine(_("Date illisible : %s. Attendu : jj/mm/aaaa.") % text) from error


def _reference(text: str) -> str:
    if not text or len(text) > LONGEST:
        raise BadLine(_("La référence du comptable est absente, ou dépasse 40 caractères."))
    return text


def _amount(text: str) -> Decimal:
    """A French amount in euro: « 1 234,56 », with any kind of space; to the cent."""
    try:
        amount = Decimal("".join(text.split()).replace(",", "."))
    except InvalidOperation as error:
        raise BadLine(_("Montant illisible : %s.") % text) from error
    if not amount.is_finite() or abs(amount) >= 10**12 or amount * 100 != int(amount * 100):
        raise BadLine(_("Montant illisible : %s.") % text)
    return amount


def typed(rows: Iterable[tuple[int, dict[str, Any]]]) -> Iterator[tuple[int, str, ReturnLine | None, str]]:
    """Rank, order named, the line or None, and why it cannot be read."""
    for rank, row in rows:
        number = (row.get("mandat") or "").strip()
        try:
            yield rank, number, parse(row), ""
        except BadLine as error:
            yield rank, number, None, str(error)
