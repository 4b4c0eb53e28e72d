"""A table for anybody, machine-readable and reusable: CSV, or a workbook that says where it comes from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from backoffice.views.auditor.lists import IN_MEMORY, XLSX
from backoffice.views.auditor.perimeter import language
from regions import clock
from reporting.sheets import Sheet
from reporting.writers.csv import csv_chunks
from reporting.writers.xlsx import XlsxWriter

LICENCE = "Licence Ouverte / Open Licence 2.0 (Etalab)"
LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence"

Rows = Iterable[Mapping[str, Any]]


def terms() -> dict[str, Any]:
    """What a page of open data says: its day and its licence."""
    return {"day": clock.today(), "licence": LICENCE, "licence_url": LICENCE_URL}


def served(sheet: Sheet, rows: Rows, name: str, form: str, *provenance: tuple[str, str]) -> HttpResponseBase:
    """The table in the reader's language, as a file named after it and the day."""
    response = _workbook(sheet, rows, provenance) if form == "xlsx" else _csv(sheet, rows)
    response["Content-Disposition"] = f'attachment; filename="{name}-{clock.today():%Y%m%d}.{form}"'
    return response


def _csv(sheet: Sheet, rows: Rows) -> HttpResponseBase:
    style = "international" if language().startswith("en") else "fr"
    pieces = csv_chunks(sheet.columns, rows, style=style, language=language())
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8")


def _workbook(sheet: Sheet, rows: Rows, provenance: Iterable[tuple[str, str]]) -> HttpResponseBase:
    stream = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    name = sheet.name(language())
    with XlsxWriter(stream, title=name, author="Guichet", created=clock.now(), language=language()) as book:
        book.sheet(name, sheet.columns, rows)
        book.table(
            _("Provenance"), [_("Quoi"), _("Valeur")],
            [[_("Liste mise à jour le"), clock.today()], [_("Licence"), LICENCE], *map(list, provenance)],
        )  # fmt: skip
    stream.seek(0)
    return FileResponse(stream, content_type=XLSX)
