"""A report in several files: no row lost, none twice, and a manifest that proves it."""

from __future__ import annotations

import hashlib
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import openpyxl
import pytest

from regions.money import ZERO
from reporting.columns import Column, ContentHash
from reporting.writers.formats import About
from reporting.writers.ooxml_check import check
from reporting.writers.split import MANIFEST, Manifest, faults, into_folder, into_zip, write_parts
from reporting.writers.streams import CannotWrite
from tests.reporting.test_formats import CREATED

ABOUT = About("ledger", "Grand livre", "Grand livre", "Ada", CREATED)
COLUMNS = (
    Column("id", "N°", "No", "integer"),
    Column("firm", "Entreprise", "Firm"),
    Column("paid", "Payé", "Paid", "money"),
)


def rows_of(count: int) -> list[dict[str, Any]]:
    amounts = [None if number % 7 == 0 else Decimal(number).scaleb(-2) for number in range(1, count + 1)]
    return [{"id": n, "firm": f"Firme {n}", "paid": paid} for n, paid in enumerate(amounts, start=1)]


def split(folder: Path, count: int, limit: int = 100, form: str = "xlsx") -> Manifest:
    return write_parts(
        into_folder(folder), form, ABOUT, COLUMNS, iter(rows_of(count)), key="id", stem="grand-livre", limit=limit
    )


def found(folder: Path) -> dict[str, tuple[int, str]]:
    files = {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.name != MANIFEST}
    return {name: (len(content), hashlib.sha256(content).hexdigest()) for name, content in files.items()}


def test_a_long_report_is_split_and_nothing_is_lost(tmp_path: Path) -> None:
    manifest = split(tmp_path, 250)
    assert [(p.name, p.rows, p.first, p.last) for p in manifest.parts] == [
        ("grand-livre-001.xlsx", 100, "1", "100"),
        ("grand-livre-002.xlsx", 100, "101", "200"),
        ("grand-livre-003.xlsx", 50, "201", "250"),
    ]
    read: list[int] = []
    for part in manifest.parts:
        content = (tmp_path / part.name).read_bytes()
        assert check(content) == []
        read += [cell.value for cell in openpyxl.load_workbook(io.BytesIO(content)).active["A"][1:]]
    assert read == list(range(1, 251))
    assert list(faults(manifest, found(tmp_path))) == []


def test_the_totals_and_the_content_hash_are_those_of_the_whole(tmp_path: Path) -> None:
    manifest = split(tmp_path, 250)
    rows = rows_of(250)
    whole = ContentHash("fr")
    whole.sheet("ledger", COLUMNS, rows)
    assert manifest.content_sha256 == whole.hexdigest()
    assert manifest.totals == {"paid": f"{sum((row['paid'] or ZERO for row in rows), ZERO):.2f}"}
    assert split(tmp_path / "csv", 250, form="csv").content_sha256 == whole.hexdigest()


@pytest.mark.parametrize(
    ("count", "sizes"), [(0, [0]), (1, [1]), (99, [99]), (100, [100]), (101, [100, 1]), (200, [100, 100])]
)
def test_no_empty_part_but_for_an_empty_report(tmp_path: Path, count: int, sizes: list[int]) -> None:
    manifest = split(tmp_path, count)
    assert [part.rows for part in manifest.parts] == sizes
    assert (manifest.parts[0].first is None) == (count == 0)


def test_a_part_of_one_row(tmp_path: Path) -> None:
    assert [part.first for part in split(tmp_path, 3, limit=1).parts] == ["1", "2", "3"]


def test_the_manifest_is_written_last_and_says_the_same(tmp_path: Path) -> None:
    manifest = split(tmp_path, 120)
    read = json.loads((tmp_path / MANIFEST).read_bytes())
    assert read["rows"] == 120
    assert [part["sha256"] for part in read["parts"]] == [part.sha256 for part in manifest.parts]
    assert list(faults(read, found(tmp_path))) == []


def test_the_parts_may_come_in_one_archive() -> None:
    def archive() -> bytes:
        stream = io.BytesIO()
        with ZipFile(stream, "w") as packed:
            write_parts(into_zip(packed), "xlsx", ABOUT, COLUMNS, rows_of(150), key="id", stem="grand-livre", limit=100)
        return stream.getvalue()

    content = archive()
    assert content == archive()
    with ZipFile(io.BytesIO(content)) as packed:
        assert packed.namelist() == ["grand-livre-001.xlsx", "grand-livre-002.xlsx", MANIFEST]
        assert check(packed.read("grand-livre-002.xlsx")) == []


def test_what_was_altered_removed_or_added_is_named(tmp_path: Path) -> None:
    manifest = split(tmp_path, 250)
    first, second, _third = (tmp_path / part.name for part in manifest.parts)
    first.write_bytes(first.read_bytes() + b" ")
    second.unlink()
    (tmp_path / "autre.xlsx").write_bytes(b"")
    assert set(faults(manifest, found(tmp_path))) == {
        "grand-livre-001.xlsx: altered", "grand-livre-002.xlsx: missing", "autre.xlsx: not in the manifest"
    }  # fmt: skip


def test_a_manifest_that_was_touched_does_not_add_up(tmp_path: Path) -> None:
    split(tmp_path, 250)
    said = json.loads((tmp_path / MANIFEST).read_bytes())
    said["parts"][0]["rows"] += 1
    said["parts"][1]["totals"]["paid"] = "0.00"
    said["parts"][0], said["parts"][1] = said["parts"][1], said["parts"][0]
    words = " ".join(faults(said, found(tmp_path)))
    assert "rows of the parts do not add up" in words
    assert "totals of paid do not add up" in words
    assert "part 2 stands at rank 1" in words


def test_a_split_that_makes_no_sense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match="Découpage impossible"):
        split(tmp_path, 3, limit=0)
