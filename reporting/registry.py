"""What a report declares of itself; `reporting.catalogue` lists those of the house.

A new report is a value: its sheets, how their records are read for a run, and the totals that must
tie with the ledger. Everything else (formats, columns, filters, hashes, expiry, comparison) comes with it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from regions.enums import RoleKind
from reporting.checks import Tie, Totals
from reporting.lists.base import Filter
from reporting.models import ReportRun
from reporting.sheets import Sheet, Source

OPERATION, REGION = "operation", "region"
Read = Callable[[ReportRun], Mapping[str, Source]]
Ties = Callable[[ReportRun, Totals], Sequence[Tie]]
Bind = Callable[[ReportRun, Path, Sequence[Mapping[str, Any]]], Path]


def _no_ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """A list that the ledger does not answer for."""
    return ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report: `read` gives sheet → source for a run, `ties` the totals to hold against the ledger.

    `scope` says what it is asked for: an operation or a whole region. `as_of` is true when the rows
    are read again at the watermark; else the rows as read are kept. `kept_days` is how long the
    file stays. `bind` makes the file from the rows where it is neither workbook nor flat (an archive),
    in the run's own folder. `offered` is false for what is asked from a page of its own. `roles` are
    those of the region that ask for it too; the auditor asks for every one.
    """

    key: str
    name_fr: str
    name_en: str
    sheets: tuple[Sheet, ...]
    read: Read
    ties: Ties = _no_ties
    scope: str = OPERATION
    as_of: bool = True
    filters: tuple[Filter, ...] = ()
    kept_days: int = 3_653
    bind: Bind | None = None
    offered: bool = True
    roles: tuple[RoleKind, ...] = ()

    def name(self, language: str) -> str:
        return self.name_en if language.startswith("en") else self.name_fr

    def sheet(self, key: str) -> Sheet | None:
        return next((sheet for sheet in self.sheets if sheet.key == key), None)

    def chosen(self, keys: Sequence[str]) -> list[str]:
        """Those of the keys (« sheet.column ») that name a column of this report."""
        known = {f"{sheet.key}.{column.key}" for sheet in self.sheets for column in sheet.columns}
        return [key for key in keys if key in known]

    def said(self, given: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """The filters of a run in words."""
        asked = [question for question in self.filters if question.key in given]
        return [(str(question.label), question.said(given[question.key])) for question in asked]
