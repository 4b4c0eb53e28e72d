"""Every format from the same columns and rows: read back, disarmed, hashed alike."""

from __future__ import annotations

import csv
import io
import json
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZIP_STORED, ZipFile

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from python_calamine import CalamineWorkbook

from reporting.columns import Column, ContentHash
from reporting.writers.cells import MAX_CHARACTERS
from reporting.writers.formats import FORMATS, About, Written, write
from reporting.writers.ods import OdsWriter
from reporting.writers.ooxml_check import check
from reporting.writers.parquet import write_parquet
from reporting.writers.sanitise import REPLACEMENT
from reporting.writers.streams import CannotWrite

CREATED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
AT = datetime(2026, 7, 14, 20, 15, 30, 250_000, tzinfo=UTC)
ABOUT = About("list", "Aides", "Liste des aides", "Ada", CREATED)
STATES = {"paid": ("Payée", "Paid")}
COLUMNS = (
    Column("firm", "Entreprise", "Firm", personal=True),
    Column("claims", "Demandes", "Claims", "integer"),
    Column("paid", "Payé", "Paid", "money", "Annex XVII, 72"),
    Column("score", "Note", "Score", "decimal"),
    Column("rate", "Taux", "Rate", "percent"),
    Column("on", "Le", "On", "date"),
    Column("at", "À", "At", "moment"),
    Column("live", "Actif", "Live", "boolean"),
    Column("state", "État", "State", words=STATES),
)
ROW = {
    "firm": "Épicerie & Fils", "claims": 1234, "paid": Decimal("-1234567.89"), "score": Decimal("7.125"),
    "rate": Decimal("0.8512"), "on": date(2026, 2, 28), "at": AT, "live": False, "state": "paid",
}  # fmt: skip
EMPTY = dict.fromkeys(ROW)
TEXT = (Column("text", "Texte", "Text"),)

CONTROLS = [chr(code) for code in range(0x20)]
HOSTILE = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "=cmd|' /C calc'!A0", "\ud800", "a\udfffb",
    "x" * MAX_CHARACTERS, "=" + "x" * MAX_CHARACTERS, *(f"a{control}b" for control in CONTROLS), *CONTROLS[1:],
]  # fmt: skip


def made(key: str, columns: tuple[Column, ...], *rows: dict[str, Any], about: About = ABOUT) -> tuple[bytes, Written]:
    stream = io.BytesIO()
    written = write(key, stream, about, columns, iter(rows))
    return stream.getvalue(), written


def ods(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def texts_of(key: str, content: bytes) -> list[str]:
    """The texts of the one column of a file, as a program reads them, without the heading."""
    if key == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        assert {cell.data_type for cell in sheet["A"]} <= {"s", "n"}
        return [cell.value or "" for cell in sheet["A"][1:]]
    if key == "ods":
        return [row[0] for row in ods(content)[1:]]
    if key == "jsonl":
        return [json.loads(line)["text"] for line in content.decode("utf-8").split("\n")[:-1]]
    if key == "parquet":
        return list(pq.read_table(io.BytesIO(content)).column("text").to_pylist())
    text = io.StringIO(content.decode("utf-8-sig"), newline="")
    return [row[0] if row else "" for row in csv.reader(text, delimiter=";" if key == "csv-fr" else ",")][1:]


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_content_hash_does_not_know_the_format(key: str, language: str) -> None:
    expected = ContentHash(language)
    expected.sheet("list", COLUMNS, [ROW, EMPTY])
    about = About("list", "Aides", "Liste", "Ada", CREATED, language)
    content, written = made(key, COLUMNS, ROW, EMPTY, about=about)
    assert (written.rows, written.content_sha256) == (2, expected.hexdigest())
    assert written.size == len(content)


@pytest.mark.parametrize("key", FORMATS)
def test_the_same_rows_give_the_same_bytes(key: str) -> None:
    assert made(key, COLUMNS, ROW, EMPTY) == made(key, COLUMNS, ROW, EMPTY)
    assert made(key, COLUMNS, ROW)[1].file_sha256 != made(key, COLUMNS, EMPTY)[1].file_sha256


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text[:12]))
def test_hostile_text_is_neutralised(key: str, text: str) -> None:
    """No formula where a formula could run, no character that XML or UTF-8 refuses, and the file opens."""
    content, _written = made(key, TEXT, {"text": text}, {"text": "après"})
    found = texts_of(key, content)
    assert found[-1] == "après"
    read = found[0]
    assert not any(ord(sign) < 0x20 and sign not in "\t\n" or 0xD800 <= ord(sign) < 0xE000 for sign in read)
    if key.startswith("csv"):
        assert read[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    if key == "xlsx":
        assert check(content) == []
    if key in {"xlsx", "ods", "csv-fr"}:
        assert len(read) <= MAX_CHARACTERS
    else:
        assert len(read) >= len(text)


def test_a_formula_is_no_formula_in_a_workbook() -> None:
    with ZipFile(io.BytesIO(made("ods", TEXT, {"text": "=1+1"})[0])) as archive:
        content = archive.read("content.xml").decode("utf-8")
    assert "table:formula" not in content
    assert 'office:value-type="string"><text:p>=1+1</text:p>' in content


def test_an_opendocument_sheet_is_read_back() -> None:
    content, _written = made("ods", COLUMNS, ROW, EMPTY, ROW)
    heading, first, empty, last = ods(content)
    assert heading[:3] == ["Entreprise", "Demandes", "Payé [72]"]
    assert first == last
    assert first == [
        "Épicerie & Fils", 1234, -1234567.89, 7.125, 0.8512, date(2026, 2, 28),
        datetime(2026, 7, 14, 22, 15, 30), False, "Payée",  # noqa: DTZ001
    ]  # fmt: skip
    assert set(empty) == {""}


def test_blanks_and_lines_are_kept_in_an_opendocument_sheet() -> None:
    """The standard folds blanks like HTML: those that count are elements."""
    text = '  deux  espaces \t fin \n\nune ligne <&> "x" '
    with ZipFile(io.BytesIO(made("ods", TEXT, {"text": text})[0])) as archive:
        content = archive.read("content.xml").decode("utf-8")
    assert (
        '<text:p><text:s text:c="2"/>deux<text:s text:c="2"/>espaces <text:tab/> fin<text:s text:c="1"/></text:p>'
        '<text:p></text:p><text:p>une ligne &lt;&amp;&gt; &quot;x&quot;<text:s text:c="1"/></text:p>'
    ) in content


def test_an_opendocument_file_is_built_as_the_standard_asks() -> None:
    content, _written = made("ods", COLUMNS, ROW)
    with ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", ZIP_STORED)
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        manifest = ET.fromstring(archive.read("META-INF/manifest.xml"))
        listed = {value for entry in manifest for key, value in entry.items() if key.endswith("full-path")}
        assert listed == {"/", *archive.namelist()} - {"mimetype", "META-INF/manifest.xml"}
        for name in archive.namelist()[1:]:
            ET.fromstring(archive.read(name))


def test_every_style_of_an_opendocument_cell_is_defined() -> None:
    with ZipFile(io.BytesIO(made("ods", COLUMNS, ROW)[0])) as archive:
        tree = ET.fromstring(archive.read("content.xml"))
    names = {value for element in tree.iter() for key, value in element.items() if key.endswith("}name")}
    used = {value for element in tree.iter() for key, value in element.items() if key.endswith("style-name")}
    assert used
    assert used <= names


def test_what_a_spreadsheet_would_falsify_is_text_in_an_opendocument_sheet() -> None:
    column = (Column("n", "N", "N", "integer"),)
    assert ods(made("ods", column, {"n": 1234567890123456})[0])[1] == ["1234567890123456"]


def test_a_long_report_is_refused_as_opendocument() -> None:
    stream = io.BytesIO()
    rows = [{"text": str(number)} for number in range(1_301)]
    with (
        pytest.raises(CannotWrite, match="1\u202f300 lignes au plus : choisir XLSX ou CSV") as refused,
        OdsWriter(stream, title="T", author="A", created=CREATED, language="fr", limit=1_300) as book,
    ):
        book.sheet("Liste", TEXT, rows)
    assert refused.value.said("en") == "ODS is for reports of at most 1,300 rows: choose XLSX or CSV."


def test_an_opendocument_workbook_without_sheets_opens() -> None:
    stream = io.BytesIO()
    with OdsWriter(stream, title="T", author="A", created=CREATED, language="fr"):
        pass
    assert CalamineWorkbook.from_filelike(io.BytesIO(stream.getvalue())).sheet_names == ["Feuille"]


def test_json_lines_are_typed_and_exact() -> None:
    lines = made("jsonl", COLUMNS, ROW, EMPTY)[0].decode("utf-8").split("\n")
    assert json.loads(lines[0]) == {
        "firm": "Épicerie & Fils", "claims": 1234, "paid": "-1234567.89", "score": "7.125", "rate": "0.8512",
        "on": "2026-02-28", "at": "2026-07-14T20:15:30.250000+00:00", "live": False, "state": "paid",
    }  # fmt: skip
    assert json.loads(lines[1]) == EMPTY
    assert lines[2:] == [""]


def test_json_lines_hold_one_row_each() -> None:
    content = made("jsonl", TEXT, {"text": "un\r\ndeux\u2028trois"})[0].decode("utf-8")
    assert content == '{"text":"un\\ndeux\\ntrois"}\n'


def test_parquet_columns_are_typed() -> None:
    table = pq.read_table(io.BytesIO(made("parquet", COLUMNS, ROW, EMPTY)[0]))
    assert [field.type for field in table.schema] == [
        pa.string(), pa.int64(), pa.decimal128(18, 2), pa.decimal128(38, 18), pa.decimal128(38, 18), pa.date32(),
        pa.timestamp("us", tz="UTC"), pa.bool_(), pa.string(),
    ]  # fmt: skip
    first, second = table.to_pylist()
    assert first == ROW
    assert second == EMPTY
    assert table.schema.field("paid").metadata == {
        b"label_fr": "Payé".encode(), b"label_en": b"Paid", b"reference": b"Annex XVII, 72"
    }  # fmt: skip


def test_a_fraction_without_end_is_rounded_in_parquet() -> None:
    column = (Column("r", "R", "R", "percent"),)
    table = pq.read_table(io.BytesIO(made("parquet", column, {"r": Decimal(2) / 3})[0]))
    assert table.to_pylist() == [{"r": Decimal("0.666666666666666667")}]


@pytest.mark.parametrize(
    ("kind", "value"),
    [("integer", 2**63), ("money", Decimal(10) ** 16), ("decimal", Decimal(10) ** 30)],
)
def test_a_number_too_big_for_parquet_is_named(kind: str, value: Any) -> None:
    with pytest.raises(CannotWrite, match="« Nombre »"):
        made("parquet", (Column("n", "Nombre", "Number", kind),), {"n": value})


def test_parquet_comes_in_groups_of_rows() -> None:
    stream = io.BytesIO()
    write_parquet(stream, TEXT, ({"text": str(number)} for number in range(250)), group=100)
    file = pq.ParquetFile(io.BytesIO(stream.getvalue()))
    assert [file.metadata.row_group(n).num_rows for n in range(file.num_row_groups)] == [100, 100, 50]
    assert file.read().column("text").to_pylist() == [str(number) for number in range(250)]


def test_parquet_without_its_library_says_so_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CannotWrite, match="n’est pas installé sur ce serveur") as refused:
        made("parquet", TEXT, {"text": "a"})
    assert "ask the administrator" in refused.value.said("en")


def test_an_unknown_format_is_named_with_the_known_ones() -> None:
    with pytest.raises(CannotWrite, match="Format inconnu : pdf ; choisir parmi xlsx, ods, csv-fr"):
        made("pdf", TEXT)


@pytest.mark.parametrize("key", FORMATS)
def test_an_error_in_the_rows_is_passed_on(key: str) -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield {"text": "a"}
        raise LookupError("la base est partie")

    with pytest.raises(LookupError, match="partie"):
        write(key, io.BytesIO(), ABOUT, TEXT, rows())


@pytest.mark.parametrize("key", FORMATS)
def test_a_value_of_another_kind_is_refused(key: str) -> None:
    with pytest.raises(TypeError, match=r"12\.5"):
        made(key, COLUMNS, ROW | {"paid": 12.5})


def _peak(key: str, count: int) -> int:
    class Sink:
        def write(self, content: bytes, /) -> int:
            return len(content)

    rows = ({"text": f"Entreprise {number}"} for number in range(count))
    tracemalloc.start()
    try:
        write(key, Sink(), ABOUT, TEXT, rows)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("key", ["xlsx", "ods", "csv-fr", "csv", "jsonl"])
def test_memory_does_not_grow_with_the_rows(key: str) -> None:
    _peak(key, 100)
    assert _peak(key, 20_000) < 1.5 * _peak(key, 2_000)


def test_illegal_characters_are_visible() -> None:
    assert texts_of("ods", made("ods", TEXT, {"text": "a\x00b"}, {"text": "z"})[0])[0] == f"a{REPLACEMENT}b"
