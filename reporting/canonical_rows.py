"""The canonical rows of a run, kept under their own hash: read sheet by sheet, without the database."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from applications.services import store
from reporting.columns import NONE
from reporting.models import ReportRun


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its sheet, the keys of its columns, and their exact texts (None is no value)."""

    sheet: str
    columns: Sequence[str]
    texts: Sequence[str | None]

    def value(self, key: str) -> str | None:
        return self.texts[self.columns.index(key)] if key in self.columns else None


def kept(run: ReportRun) -> bool:
    """Are a run's rows still there?"""
    return bool(run.content_sha256) and store.path_of(run.content_sha256).is_file()


def read(path: Path) -> Iterator[Row]:
    """The rows of a kept file, in their order."""
    sheet, columns = "", list[str]()
    with path.open("rb") as lines:
        for line in lines:
            said: Any = json.loads(line)
            if isinstance(said, list):
                yield Row(sheet, columns, [_text(text) for text in said])
            elif "sheet" in said:
                sheet, columns = said["sheet"], [key for key, _kind in said["columns"]]


def of(run: ReportRun) -> Iterator[Row]:
    """The rows of a run."""
    return read(store.path_of(run.content_sha256))


def _text(text: str) -> str | None:
    return None if text == NONE else text.replace("\x00\x00", "\x00")
