"""The check finds nothing in a good workbook, and finds each way of breaking one."""

from __future__ import annotations

import io
import re
import tracemalloc
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from reporting.columns import Column
from reporting.writers.ooxml_check import check
from reporting.writers.ooxml_sheet import Formats, problems
from reporting.writers.xlsx import XlsxWriter

CREATED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
COLUMNS = (
    Column("firm", "Entreprise", "Firm"),
    Column("paid", "Payé", "Paid", "money"),
    Column("on", "Le", "On", "date"),
    Column("live", "Actif", "Live", "boolean"),
)
ROWS = [
    {"firm": "Épicerie", "paid": Decimal("1200.00"), "on": date(2026, 3, 2), "live": True},
    {"firm": "Librairie", "paid": None, "on": None, "live": False},
]

TYPES = "[Content_Types].xml"
BOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"
STYLES = "xl/styles.xml"
CORE = "docProps/core.xml"


def good() -> bytes:
    stream = io.BytesIO()
    with XlsxWriter(stream, title="T", author="A", created=CREATED, language="fr") as book:
        book.sheet("L'aide", COLUMNS, ROWS)
        book.table("Provenance", ["Quoi", "Valeur"], [["Établi le", CREATED]])
    return stream.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(content: dict[str, bytes], compression: int = ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with ZipFile(stream, "w", compression) as archive:
        for name, data in content.items():
            archive.writestr(name, data)
    return stream.getvalue()


def referenced(sheet: str) -> str:
    """A sheet whose cells say where they stand, as other programs write them."""

    def row(found: re.Match[str]) -> str:
        letters = iter("ABCD")
        return found[1] + re.sub("<c(?=[ /])", lambda _cell: f'<c r="{next(letters)}{found[2]}"', found[3])

    return re.sub(r'(<row r="(\d+)">)(.*?</row>)', row, sheet)


def mutated(name: str, old: str, new: str) -> bytes:
    """The good workbook with one replacement in one part; the old text must stand there."""
    content = parts(good())
    text = content[name].decode("utf-8")
    text = referenced(text) if name == SHEET else text
    assert old in text
    content[name] = text.replace(old, new, 1).encode("utf-8")
    return packed(content)


def test_a_good_workbook_has_no_fault() -> None:
    assert check(good()) == []
    assert check(packed(parts(good()))) == []


def test_a_cell_that_does_not_say_where_it_stands_is_named_by_its_rank() -> None:
    content = parts(good())
    assert b'r="B2"' not in content[SHEET]
    content[SHEET] = content[SHEET].replace(b"<v>1200.00</v>", b"<v>x</v>")
    assert check(packed(content)) == [f"{SHEET}: B2: 'x' is not a number"]


def test_cells_with_and_without_references_may_be_mixed() -> None:
    content = parts(good())
    content[SHEET] = referenced(content[SHEET].decode("utf-8")).encode("utf-8")
    assert check(packed(content)) == []
    content[SHEET] = content[SHEET].replace(b'<c r="B2"', b"<c").replace(b'<c r="D3"', b"<c")
    assert check(packed(content)) == []


def test_a_workbook_of_another_program_has_no_fault() -> None:
    """Saved by openpyxl: absolute targets, other formats, a theme."""
    stream = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(good())).save(stream)
    assert check(stream.getvalue()) == []


def shared(count: int) -> bytes:
    """The good workbook with its money cell turned into the third of some shared strings."""
    content = parts(good())
    strings = "xl/sharedStrings.xml"
    content[strings] = f"<sst>{'<si><t>x</t></si>' * count}</sst>".encode()
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    for name, old, new in (
        (TYPES, "</Types>", f'<Override PartName="/{strings}" ContentType="{kind}"/></Types>'),
        (RELATIONS, "</Rel", '<Relationship Id="s" Type="x/sharedStrings" Target="sharedStrings.xml"/></Rel'),
        (SHEET, 's="4"><v>1200.00</v>', 's="4" t="s"><v>2</v>'),
    ):
        content[name] = content[name].replace(old.encode(), new.encode(), 1)
    return packed(content)


def test_shared_strings_are_counted() -> None:
    assert check(shared(3)) == []
    assert check(shared(2)) == [f"{SHEET}: B2: shared string 2 of 2"]


MUTATIONS = [
    (SHEET, "</sheetData>", "", "not well-formed"),
    (STYLES, "</styleSheet>", "", "not well-formed"),
    (BOOK, "<workbook ", '<!DOCTYPE workbook [<!ENTITY a "b">]><workbook ', "declares a document type"),
    (TYPES, 'PartName="/xl/styles.xml"', 'PartName="/xl/style.xml"', "/xl/style.xml is missing"),
    (TYPES, 'Extension="rels"', 'Extension="txt"', "no type for xl/_rels/workbook.xml.rels"),
    (TYPES, 'PartName="/xl/styles.xml"', 'PartName="/xl/workbook.xml"', "a name twice"),
    (TYPES, ".worksheet+xml", ".chartsheet+xml", "chartsheet+xml"),
    (TYPES, "application/vnd.openxmlformats-package.relationships+xml", "application/xml", ".rels is application/xml"),
    (RELATIONS, "worksheets/sheet1.xml", "worksheets/sheet9.xml", "xl/worksheets/sheet9.xml is missing"),
    (RELATIONS, 'Id="rId2"', 'Id="rId1"', "twice or without a name"),
    (RELATIONS, "<Relationship ", '<Relationship TargetMode="External" ', "leads outside"),
    ("_rels/.rels", "/officeDocument\" Target", "/other\" Target", "no relation to a workbook"),
    (BOOK, 'name="Provenance"', 'name="L\'AIDE"', "2 times"),
    (BOOK, 'name="Provenance"', 'name="' + "x" * 32 + '"', "longer than 31"),
    (BOOK, 'name="Provenance"', 'name=""', "its name is empty"),
    (BOOK, 'name="Provenance"', 'name="a/b"', "an illegal character"),
    (BOOK, 'name="Provenance"', 'name="\'a"', "an illegal character"),
    (BOOK, 'name="Provenance"', 'name="History"', "a reserved name"),
    (BOOK, 'name="Provenance"', 'name="Autre"', "points to no sheet"),
    (BOOK, "'L''aide'", "'L'aide'", "points to no sheet"),
    (BOOK, 'sheetId="2"', 'sheetId="1"', "a sheetId twice"),
    (BOOK, 'r:id="rId2"', 'r:id="rId3"', "no relation to a worksheet"),
    (BOOK, 'localSheetId="1"', 'localSheetId="2"', "of no sheet"),
    (BOOK, 'localSheetId="1"', 'localSheetId="0"', "twice"),
    (SHEET, "<sheetViews>", "<cols/><sheetViews>", "sheetViews stands after cols"),
    (SHEET, "<sheetData>", '<autoFilter ref="A1:B2"/><sheetData>', "sheetData stands after autoFilter"),
    (SHEET, "<sheetData>", "<sheetData/><sheetData>", "sheetData stands after sheetData"),
    (SHEET, "<pageMargins ", "<note/><pageMargins ", "note does not belong"),
    (SHEET, 'ref="A1:D3"', 'ref="D3:A1"', "is not an area"),
    (SHEET, 'ref="A1:D3"', 'ref="A1:ZZZZ3"', "is not an area"),
    (SHEET, 'topLeftCell="A2"', 'topLeftCell="A0"', "pane"),
    (SHEET, 'max="1" width', 'max="2" width', "cols: 2-2 after 2"),
    (SHEET, 'width="28"', 'width="300"', "cols: width 300"),
    (SHEET, '<row r="2">', '<row r="1">', "row 1 after row 1"),
    (SHEET, '<row r="2">', '<row r="1048577">', "row 1048577"),
    (SHEET, '<row r="2">', "<row>", "row None"),
    (SHEET, 'r="B2"', 'r="A2"', "'A2' is out of place in row 2"),
    (SHEET, 'r="B2"', 'r="B3"', "'B3' is out of place in row 2"),
    (SHEET, 'r="B2"', 'r="XFE2"', "'XFE2' is out of place"),
    (SHEET, 'r="B2" s="4"', 'r="B2" s="10"', "B2: format 10 of 10"),
    (SHEET, "<v>1200.00</v>", "<f>1+1</f><v>2</v>", "B2: a formula"),
    (SHEET, "<v>1200.00</v>", "<v>1200,00</v>", "B2: '1200,00' is not a number"),
    (SHEET, "<v>1200.00</v>", "<v>nan</v>", "B2: 'nan' is not a number"),
    (SHEET, "<v>1200.00</v>", "<is><t>x</t></is>", "B2: inline text in a number"),
    (SHEET, "<v>46083</v>", "<v>-1</v>", "C2: -1 is not a day"),
    (SHEET, "<v>46083</v>", "<v>2958466</v>", "C2: 2958466 is not a day"),
    (SHEET, '<c r="A2" s="2"', '<c r="A2" s="7"', "A2: a text with a date format"),
    (SHEET, 't="b"><v>1</v>', 't="b"><v>oui</v>', "D2: 'oui' is not a boolean"),
    (SHEET, 'r="B2" s="4"', 'r="B2" s="4" t="d"', "B2: a date without a date format"),
    (SHEET, 'r="C2" s="7"', 'r="C2" s="7" t="d"', "C2: '46083' is not a date"),
    (SHEET, 'r="B2" s="4"', 'r="B2" s="4" t="s"', "B2: shared string 1200.00 of 0"),
    (SHEET, 'r="B2" s="4"', 'r="B2" s="4" t="e"', "B2: an error value"),
    (SHEET, 'r="B2" s="4"', 'r="B2" s="4" t="z"', "B2: unknown type z"),
    (SHEET, 'r="B2" s="4"', 'r="B2" s="4" t="inlineStr"', "B2: inline text without its text"),
    (SHEET, "Épicerie", "É" * 32_768, "A2: 32768 characters"),
    (SHEET, "<worksheet ", "<chartsheet ", "not well-formed"),
    (STYLES, 'cellXfs count="10"', 'cellXfs count="9"', "cellXfs: count 9 for 10"),
    (STYLES, 'fontId="1"', 'fontId="2"', "fontId 2 is not in fonts"),
    (STYLES, 'fillId="2"', 'fillId="3"', "fillId 3 is not in fills"),
    (STYLES, 'numFmtId="49"', 'numFmtId="200"', "no number format 200"),
    (STYLES, 'numFmt numFmtId="164"', 'numFmt numFmtId="14"', "kept for built-in formats"),
    (STYLES, '<patternFill patternType="gray125"/></fill><fill>', "", "fills: count 3 for 2"),
    (CORE, "2026-03-02T08:30:00Z", "02/03/2026", "is not a moment"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "fault"), MUTATIONS, ids=[f"{m[0]}: {m[3]}" for m in MUTATIONS])
def test_a_broken_workbook_is_found_out(name: str, old: str, new: str, fault: str) -> None:
    found = check(mutated(name, old, new))
    assert any(fault in line for line in found), found


def _peak(count: int) -> int:
    """The most memory that reading a sheet of so many rows held at once, beyond the file itself, in bytes."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, count + 1))
    part = io.BytesIO(f"<worksheet><sheetData>{rows}</sheetData></worksheet>".encode())
    tracemalloc.start()
    try:
        assert list(problems(part, Formats(1, frozenset()))) == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_the_check_reads_row_by_row() -> None:
    assert _peak(20_000) < 1.5 * _peak(1_000)


def _without(name: str) -> Callable[[], bytes]:
    return lambda: packed({key: data for key, data in parts(good()).items() if key != name})


def _damaged() -> bytes:
    """One byte of a stored part is another."""
    content = bytearray(packed(parts(good()), 0))
    content[content.find("Épicerie".encode())] ^= 1
    return bytes(content)


def _twice() -> bytes:
    stream = io.BytesIO(good())
    with ZipFile(stream, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr(SHEET, b"<worksheet/>")
    return stream.getvalue()


def _no_sheet() -> bytes:
    content = parts(good())
    content[BOOK] = b"<workbook><sheets/></workbook>"
    return packed(content)


def _other_root() -> bytes:
    content = parts(good())
    content[SHEET] = b"<chartsheet/>"
    return packed(content)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (lambda: b"", "not a zip"),
        (lambda: good()[:-30], "not a zip"),
        (_damaged, "wrong checksum"),
        (_twice, "2 times in the zip"),
        (lambda: packed(parts(good()), ZIP_BZIP2), "packed in a way"),
        (_without(TYPES), f"{TYPES} is missing"),
        (_without(SHEET), f"{SHEET} is missing"),
        (_without(STYLES), f"{STYLES} is missing"),
        (_without(BOOK), f"{BOOK} is missing"),
        (_without("_rels/.rels"), "no relation to a workbook"),
        (lambda: packed(parts(good()) | {"xl/media/logo.png": b"x"}), "no type for xl/media/logo.png"),
        (lambda: packed(parts(good()) | {"xl/_rels/gone.xml.rels": b"<a/>"}), "its source xl/gone.xml is missing"),
        (_no_sheet, "no sheet"),
        (_other_root, "the root is chartsheet"),
        (_other_root, "there is no sheetData"),
    ],
)
def test_a_broken_package_is_found_out(content: Callable[[], bytes], fault: str) -> None:
    found = check(content())
    assert any(fault in line for line in found), found


def _linked(target: str, kind: str = "hyperlink") -> list[str]:
    """The faults of a workbook whose first cell leads somewhere."""
    stream = io.BytesIO()
    with XlsxWriter(stream, title="T", author="A", created=CREATED, language="fr") as book:
        book.table("Pièces", ["Fichier", "Taille"], [["a b.pdf", 1], ["c.pdf", 2]], ["dossier/a b.pdf", "c.pdf"])
    content = parts(stream.getvalue())
    relations = "xl/worksheets/_rels/sheet1.xml.rels"
    assert b'Target="dossier/a%20b.pdf"' in content[relations]
    text = content[relations].replace(b"dossier/a%20b.pdf", target.encode())
    content[relations] = text.replace(b"/hyperlink", f"/{kind}".encode())
    return check(packed(content))


def test_a_link_to_a_file_beside_is_allowed_and_no_other() -> None:
    assert _linked("dossier/a%20b.pdf") == []
    for target in ("https://exemple.invalid/", "../a.pdf", "a/../../b.pdf", "/etc/a.pdf", "C:\\a.pdf", ""):
        assert any("leads outside the file" in fault for fault in _linked(target)), target
    assert any("leads outside the file" in fault for fault in _linked("c.pdf", "image"))
