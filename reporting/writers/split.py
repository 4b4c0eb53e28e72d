"""A report longer than a sheet, in several files with a manifest that proves that they are one report.

A sheet holds 1,048,576 rows, headings included. The manifest gives each part its rows, its first and
last key, its totals, its size and its SHA-256, and the whole report the content hash that it would
bear in one file.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from regions.money import ZERO
from reporting.columns import Column, ContentHash, canonical
from reporting.writers.formats import FORMATS, About, Rows
from reporting.writers.streams import ByteStream, CannotWrite, Hashed
from reporting.writers.xlsx import MAX_ROWS

LIMIT = MAX_ROWS - 1
"""Rows of a part when nothing else is asked: what a sheet holds under its headings."""

MANIFEST = "manifest.json"
_ALWAYS = (1980, 1, 1, 0, 0, 0)

Open = Callable[[str], AbstractContextManager[ByteStream]]
"""Opens a part for writing, by its file name."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file: its rank, name, rows, the canonical keys of its first and last row, totals, size and hash."""

    part: int
    name: str
    rows: int
    first: str | None
    last: str | None
    totals: Mapping[str, str]
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The whole report: what it is, its parts in order, their sums, and the content hash of all rows."""

    report: str
    format: str
    language: str
    key: str
    columns: Sequence[str]
    rows: int
    totals: Mapping[str, str]
    content_sha256: str
    parts: Sequence[Part]

    def encode(self) -> bytes:
        """The manifest as a file: JSON that reads well, the same bytes for the same report."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1).encode("utf-8") + b"\n"


@dataclass(slots=True)
class _Tally:
    """What a part or a report adds up to as its rows pass."""

    columns: Sequence[Column]
    key: Column
    rows: int = 0
    first: str | None = None
    last: str | None = None
    totals: dict[str, Decimal] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.totals = {column.key: ZERO for column in self.columns if column.kind == "money"}

    def through(self, rows: Rows) -> Iterator[Mapping[str, Any]]:
        last: Any = None
        for row in rows:
            last = row[self.key.key]
            if not self.rows:
                self.first = canonical(last, self.key.kind)
            self.rows += 1
            for name in self.totals:
                self.totals[name] += row[name] or ZERO
            yield row
        self.last = canonical(last, self.key.kind) if self.rows else None

    @property
    def said(self) -> dict[str, str]:
        return {name: f"{total:.2f}" for name, total in self.totals.items()}


def write_parts(
    open_part: Open, form: str, about: About, columns: Sequence[Column], rows: Rows, *, key: str, stem: str,
    limit: int | None = None,
) -> Manifest:  # fmt: skip
    """Write rows in parts of at most `limit`, then the manifest; `key` is the column that tells rows apart.

    The limit is that of a sheet unless another is asked. No rows give one part with the headings
    alone. Rows are read once; the caller orders them.
    """
    limit = LIMIT if limit is None else limit
    if form not in FORMATS or limit < 1:
        raise CannotWrite(f"Découpage impossible : {form}, {limit}.", f"Cannot split: {form}, {limit}.")
    named = next(column for column in columns if column.key == key)
    content, whole = ContentHash(about.language), _Tally(columns, named)
    passing = whole.through(content.through(about.key, columns, rows))
    parts = [
        _part(open_part, form, about, named, columns, number, f"{stem}-{number:03}.{FORMATS[form].extension}", piece)
        for number, piece in enumerate(_pieces(passing, limit), start=1)
    ]
    manifest = Manifest(
        about.key, form, about.language, key, [column.key for column in columns], whole.rows, whole.said,
        content.hexdigest(), parts,
    )  # fmt: skip
    with open_part(MANIFEST) as stream:
        stream.write(manifest.encode())
    return manifest


def _pieces(rows: Iterator[Mapping[str, Any]], limit: int) -> Iterator[Rows]:
    """The rows by pieces, each to be read whole before the next; a last empty piece only when it is the first."""
    yielded = False
    while (first := next(rows, None)) is not None or not yielded:
        given = () if first is None else (first,)
        yield chain(given, islice(rows, limit - 1 if given else 0))
        yielded = True


def _part(
    open_part: Open, form: str, about: About, key: Column, columns: Sequence[Column], number: int, name: str,
    rows: Rows,
) -> Part:  # fmt: skip
    tally = _Tally(columns, key)
    with open_part(name) as stream:
        out = Hashed(stream)
        FORMATS[form].run(out, about, columns, tally.through(rows))
    return Part(number, name, tally.rows, tally.first, tally.last, tally.said, out.size, out.sha256)


def into_folder(folder: Path) -> Open:
    """Parts as files of a folder, which is made."""
    folder.mkdir(parents=True, exist_ok=True)
    return lambda name: (folder / name).open("wb")


def into_zip(archive: ZipFile) -> Open:
    """Parts as members of one archive, which a browser downloads at once; they are packed already."""

    def open_part(name: str) -> AbstractContextManager[ByteStream]:
        info = ZipInfo(name, _ALWAYS)
        info.compress_type = ZIP_STORED
        return archive.open(info, "w", force_zip64=True)

    return open_part


def faults(manifest: Manifest | Mapping[str, Any], found: Mapping[str, tuple[int, str]]) -> Iterable[str]:
    """What does not hold between a manifest and the files found (name → size and SHA-256), in words."""
    said = asdict(manifest) if isinstance(manifest, Manifest) else manifest
    parts = said["parts"]
    for rank, part in enumerate(parts, start=1):
        if part["part"] != rank:
            yield f"{part['name']}: part {part['part']} stands at rank {rank}"
        if found.get(part["name"]) != (part["size"], part["sha256"]):
            yield f"{part['name']}: {'altered' if part['name'] in found else 'missing'}"
    yield from (f"{name}: not in the manifest" for name in found if name not in {part["name"] for part in parts})
    if sum(part["rows"] for part in parts) != said["rows"]:
        yield "the rows of the parts do not add up"
    for name, total in said["totals"].items():
        if sum((Decimal(part["totals"][name]) for part in parts), ZERO) != Decimal(total):
            yield f"the parts' totals of {name} do not add up"
