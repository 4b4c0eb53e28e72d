"""The spreadsheet and the CSV file, read back by other programs: values, formats, limits, memory."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from reporting.columns import Column
from reporting.writers import xlsx
from reporting.writers.cells import MAX_CHARACTERS
from reporting.writers.csv import CHUNK, write_csv
from reporting.writers.names import SheetNames
from reporting.writers.ooxml_check import check
from reporting.writers.sanitise import REPLACEMENT, clean, guard
from reporting.writers.xlsx import XlsxWriter, letters

unhurried = settings(deadline=None)  # the machine may be busy, and nothing here is about speed
CREATED = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
SUMMER = datetime(2026, 7, 14, 20, 15, 30, 999_999, tzinfo=UTC)

COLUMNS = (
    Column("firm", "Entreprise", "Firm", personal=True, width=40),
    Column("claims", "Demandes", "Claims", "integer"),
    Column("paid", "Payé", "Paid", "money", "Annex XVII, 72"),
    Column("score", "Note", "Score", "decimal"),
    Column("rate", "Taux", "Rate", "percent"),
    Column("on", "Le", "On", "date"),
    Column("at", "À", "At", "moment"),
    Column("live", "Actif", "Live", "boolean"),
)
ROW = {
    "firm": "Épicerie & Fils <Saint-Denis>", "claims": 1234, "paid": Decimal("-1234567.89"),
    "score": Decimal("7.125"), "rate": Decimal("0.8512"), "on": date(2026, 2, 28), "at": SUMMER, "live": False,
}  # fmt: skip
EMPTY = dict.fromkeys(ROW)
TEXT = (Column("text", "Texte", "Text"),)

HOSTILE = [
    "=1+1", "=cmd|' /C calc'!A0", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", "\xa0=1+1",
    "\tabc", "\rabc", "\nabc", "\u200b=1+1", "\ufeff=1+1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20A", "\ufe66A",
    '=HYPERLINK("http://x")',
]  # fmt: skip
HARMLESS = ["", "Café = bon", "a@example.org", "l’aide", "'déjà", "1-2", "00123", "« =1 »"]


def book_of(fill: Callable[[XlsxWriter], None], language: str = "fr", **more: Any) -> bytes:
    stream = io.BytesIO()
    with XlsxWriter(stream, title="Guichet", author="Ada", created=CREATED, language=language, **more) as book:
        fill(book)
    return stream.getvalue()


def sheet_of(columns: tuple[Column, ...], *rows: dict[str, Any], language: str = "fr", **more: Any) -> bytes:
    return book_of(lambda book: book.sheet("Liste", columns, rows), language, **more)


def opened(content: bytes) -> openpyxl.Workbook:
    """Read by openpyxl, after the check finds nothing; any warning is an error here."""
    assert check(content) == []
    return openpyxl.load_workbook(io.BytesIO(content))


def part(content: bytes, name: str) -> str:
    with ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name).decode("utf-8")


def first_sheet(content: bytes) -> str:
    return part(content, "xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(
    ("language", "formats"),
    [
        ("fr", {
            "firm": "@", "claims": "#,##0", "paid": '#,##0.00\\ "€"', "score": "#,##0.00", "rate": "0.00\\ %",
            "on": "dd/mm/yyyy", "at": 'dd/mm/yyyy hh:mm:ss" (Europe/Paris)"', "live": "General",
        }),
        ("en", {
            "firm": "@", "claims": "#,##0", "paid": '"€"#,##0.00', "score": "#,##0.00", "rate": "0.00%",
            "on": "yyyy-mm-dd", "at": 'yyyy-mm-dd hh:mm:ss" (Europe/Paris)"', "live": "General",
        }),
    ],
)  # fmt: skip
def test_every_kind_is_read_back_with_its_value_and_format(language: str, formats: dict[str, str]) -> None:
    sheet = opened(sheet_of(COLUMNS, ROW, language=language)).active
    read = dict(zip(ROW, sheet[2], strict=True))
    assert {key: cell.number_format for key, cell in read.items()} == formats
    assert {key: cell.value for key, cell in read.items()} == ROW | {
        "paid": -1234567.89, "score": 7.125, "rate": 0.8512, "on": datetime(2026, 2, 28),  # noqa: DTZ001
        "at": datetime(2026, 7, 14, 22, 15, 30),  # noqa: DTZ001
    }  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "n", "n", "d", "d", "b"]


def test_headings_are_in_the_language_and_stay_in_view() -> None:
    french, english = (opened(sheet_of(COLUMNS, ROW, language=language)).active for language in ("fr", "en"))
    assert [cell.value for cell in french[1]][:3] == ["Entreprise", "Demandes", "Payé [72]"]
    assert [cell.value for cell in english[1]][:3] == ["Firm", "Claims", "Paid [72]"]
    assert french.freeze_panes == "A2"
    assert french.auto_filter.ref == "A1:H2"
    assert french.print_title_rows == "$1:$1"
    heading = french["A1"]
    assert heading.font.bold
    assert heading.alignment.wrap_text
    assert heading.fill.fill_type == "solid"
    assert french.column_dimensions["A"].width == 40


@unhurried
@given(cents=st.integers(-(10**14), 10**14))
def test_money_is_written_digit_by_digit(cents: int) -> None:
    amount = Decimal(cents).scaleb(-2)
    assert f"<v>{amount:.2f}</v>" in first_sheet(sheet_of((Column("m", "M", "M", "money"),), {"m": amount}))


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("integer", 83423458600019, "83423458600019"),
        ("integer", 1234567890123456, "1234567890123456"),
        ("money", Decimal("12345678901234.56"), "12345678901234.56"),
        ("date", date(1899, 12, 31), "1899-12-31"),
        ("moment", datetime(1850, 1, 1, tzinfo=UTC), "1850-01-01 00:09:21+00:09:21"),
    ],
)
def test_what_a_spreadsheet_would_falsify_is_written_as_text(kind: str, value: Any, text: str) -> None:
    cell = opened(sheet_of((Column("n", "N", "N", kind),), {"n": value})).active["A2"]
    assert str(cell.value) == text
    assert cell.data_type == ("n" if len(text) <= 15 and kind == "integer" else "s")


def test_the_first_day_that_a_spreadsheet_numbers_rightly() -> None:
    assert "<v>61</v>" in first_sheet(sheet_of(COLUMNS, ROW | {"on": date(1900, 3, 1)}))
    assert ">1900-02-28<" in first_sheet(sheet_of(COLUMNS, ROW | {"on": date(1900, 2, 28)}))


def test_a_fraction_keeps_fifteen_digits() -> None:
    sheet = first_sheet(sheet_of((Column("r", "R", "R", "percent"),), {"r": Decimal(2) / 3}))
    assert "<v>0.666666666666667</v>" in sheet


@pytest.mark.parametrize(
    ("zone", "hour"), [("Indian/Reunion", 0), ("Europe/Paris", 22), ("America/Martinique", 16), ("UTC", 20)]
)
def test_a_moment_is_shown_in_its_zone_and_says_which(zone: str, hour: int) -> None:
    cell = opened(sheet_of(COLUMNS, ROW, zone=zone)).active["G2"]
    assert cell.value.hour == hour
    assert zone in cell.number_format


@unhurried
@given(moment=st.datetimes(datetime(1901, 1, 1), datetime(2200, 1, 1)))  # noqa: DTZ001
def test_moments_are_exact_to_the_second(moment: datetime) -> None:
    columns = (Column("at", "À", "At", "moment"),)
    content = sheet_of(columns, {"at": moment.replace(tzinfo=UTC)}, zone="UTC")
    assert openpyxl.load_workbook(io.BytesIO(content)).active["A2"].value == moment.replace(microsecond=0)


def test_empty_values_and_empty_sheets() -> None:
    book = opened(book_of(lambda book: (book.sheet("Une", COLUMNS, [EMPTY, ROW]), book.sheet("Nulle", COLUMNS, []))))
    assert [cell.value for cell in book["Une"][2]] == [None] * 8
    assert book["Une"]["A3"].value == ROW["firm"]
    assert book["Nulle"].max_row == 1
    assert book["Nulle"].auto_filter.ref == "A1:H1"


def test_a_workbook_without_sheets_opens() -> None:
    assert opened(book_of(lambda book: None)).sheetnames == ["Feuille"]
    assert opened(book_of(lambda book: None, "en")).sheetnames == ["Sheet"]


def test_a_table_takes_its_formats_from_its_values() -> None:
    values = ["=texte", None, 12, True, Decimal("3.50"), Decimal("3.125"), date(2026, 3, 2), CREATED, SUMMER]
    rows = [[f"Ligne {number}", value] for number, value in enumerate(values)]
    sheet = opened(book_of(lambda book: book.table("Contrôle", ["Quoi", "Valeur"], rows))).active
    read = [sheet.cell(number, 2) for number in range(2, 11)]
    assert [cell.value for cell in read][:6] == ["=texte", None, 12, True, 3.5, 3.125]
    assert [cell.is_date for cell in read] == [False] * 6 + [True] * 3
    assert [read[4].number_format, read[5].number_format] == ['#,##0.00\\ "€"', "#,##0.00"]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref is None
    assert sheet.column_dimensions["A"].width == 12
    assert sheet.column_dimensions["B"].width >= len("02/03/2026 08:30:00 (Europe/Paris)")


def test_a_column_of_amounts_is_wide_enough() -> None:
    rows = [["Payé", Decimal("1234567890.12")], ["x" * 90, None]]
    sheet = opened(book_of(lambda book: book.table("T", ["Quoi", "Valeur"], rows))).active
    assert sheet.column_dimensions["B"].width >= len("1 234 567 890,12 €")
    assert sheet.column_dimensions["A"].width == 70


def test_only_the_first_sheet_is_selected() -> None:
    """Several selected sheets would be edited together without a word."""
    book = opened(book_of(lambda book: [book.sheet(name, TEXT, []) for name in "abc"]))
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book] == [True, False, False]


def test_a_table_with_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="a row of 3 cells under 2 headings"):
        book_of(lambda book: book.table("T", ["A", "B"], [[1, 2, 3]]))


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_is_a_formula(text: str) -> None:
    content = sheet_of(TEXT, {"text": text})
    cell = opened(content).active["A2"]
    assert cell.data_type == "s"
    assert cell.value == clean(text)
    assert cell.number_format == "@"
    assert "<f>" not in first_sheet(content)


def test_a_heading_is_never_a_formula() -> None:
    content = sheet_of((Column("a", "=1+1", "=1+1"),))
    assert opened(content).active["A1"].data_type == "s"
    out = io.BytesIO()
    write_csv(out, (Column("a", "=1+1", "=1+1"),), [], style="international", language="fr")
    assert out.getvalue() == b"'=1+1\r\n"


@unhurried
@given(text=st.text(st.characters(), max_size=60))
def test_any_text_is_written_and_read_back_clean(text: str) -> None:
    content = sheet_of(TEXT, {"text": text}, {"text": "après"})
    assert check(content) == []
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert (sheet["A2"].value or "") == clean(text)
    assert sheet["A3"].value == "après"


def test_illegal_characters_are_visible_and_line_ends_are_plain() -> None:
    assert clean("a\x00b\ud800c\uffffd\x9f") == f"a{REPLACEMENT}b{REPLACEMENT}c{REPLACEMENT}d{REPLACEMENT}"
    assert clean("un\r\ndeux\rtrois\x0bquatre\u2028cinq\x85six") == "un\ndeux\ntrois\nquatre\ncinq\nsix"
    assert clean("Ça, « là » : œuf\tn° 5 👩‍🌾") == "Ça, « là » : œuf\tn° 5 👩‍🌾"


def test_a_number_kept_as_text_gets_no_warning_mark() -> None:
    sheet = first_sheet(sheet_of(TEXT, {"text": "00000974000018"}))
    assert '<ignoredError sqref="A1:A2" numberStoredAsText="1"/>' in sheet


def test_what_looks_like_an_escape_of_the_format_stays_itself() -> None:
    sheet = first_sheet(sheet_of(TEXT, {"text": "_x0041_ & _x005F_x0041_ _x41_"}))
    assert "_x005F_x0001_" in first_sheet(sheet_of(TEXT, {"text": "_x0001_"}))
    assert "_x005F_x0041_ &amp; _x005F_x005F_x005F_x0041_ _x41_" in sheet


def test_spaces_and_lines_are_kept() -> None:
    text = "  deux  espaces \n et une ligne\t"
    assert opened(sheet_of(TEXT, {"text": text})).active["A2"].value == text


@pytest.mark.parametrize(("character", "fits"), [("é", 32_767), ("👍", 16_383)])
def test_long_texts_are_cut_with_a_visible_mark(character: str, fits: int) -> None:
    rows = [{"text": character * length} for length in (fits, fits + 1, 3 * fits)]
    whole, cut, longer = (row[0].value for row in opened(sheet_of(TEXT, *rows)).active.iter_rows(min_row=2))
    assert whole == character * fits
    assert cut.endswith(" … [texte coupé]")
    assert cut == longer
    assert MAX_CHARACTERS - 1 <= len(cut.encode("utf-16-le")) // 2 <= MAX_CHARACTERS
    assert opened(sheet_of(TEXT, rows[1], language="en")).active["A2"].value.endswith("[text cut]")


def test_a_sheet_goes_on_in_the_next_past_its_last_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_ROWS", 4)
    rows = [{"text": str(number)} for number in range(7)]
    book = opened(book_of(lambda book: (book.sheet("Liste", TEXT, rows), book.sheet("Fin", TEXT, rows[:3]))))
    assert book.sheetnames == ["Liste", "Liste (2)", "Liste (3)", "Fin"]
    read = [[cell.value for cell in sheet["A"]] for sheet in book]
    assert read == [["Texte", "0", "1", "2"], ["Texte", "3", "4", "5"], ["Texte", "6"], ["Texte", "0", "1", "2"]]


def test_a_sheet_goes_on_in_the_next_before_its_part_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_BYTES", 30_000)
    rows = [{"text": f"{number:0100}"} for number in range(1000)]
    book = opened(book_of(lambda book: book.sheet("Liste", TEXT, rows)))
    read = [cell.value for sheet in book for cell in sheet["A"][1:]]
    assert len(book.sheetnames) > 1
    assert read == [row["text"] for row in rows]


def test_too_many_columns_are_refused() -> None:
    columns = tuple(Column(f"c{number}", "C", "C") for number in range(16_385))
    with pytest.raises(ValueError, match="16385"):
        sheet_of(columns)


@pytest.mark.parametrize(("number", "text"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA"), (16_384, "XFD")])
def test_letters_of_columns(number: int, text: str) -> None:
    assert letters(number) == text


def test_sheet_names_are_legal_and_unique() -> None:
    names = SheetNames("Feuille")
    wanted = [
        "Aides [25] : a/b",
        "aides -25- - A-B",
        "",
        "''",
        "History",
        "x" * 40,
        "x" * 50,
        "l'aide'",
        "Le\x01n",
        "y" * 30 + "' z",
    ]
    assert [names.take(name) for name in wanted] == [
        "Aides -25- - a-b", "aides -25- - A-B (2)", "Feuille", "Feuille (2)", "History (2)", "x" * 31,
        "x" * 27 + " (2)", "l'aide", f"Le{REPLACEMENT}n", "y" * 30,
    ]  # fmt: skip


@unhurried
@given(wanted=st.lists(st.text(st.characters(), max_size=40), min_size=1, max_size=5))
def test_any_name_of_a_sheet_is_accepted(wanted: list[str]) -> None:
    content = book_of(lambda book: [book.sheet(name, TEXT, []) for name in wanted])
    assert len(opened(content).sheetnames) == len(wanted)


def test_properties_say_what_the_file_is() -> None:
    stream = io.BytesIO()
    with XlsxWriter(stream, title="A & <B>", author="Zoé\x00", created=SUMMER, language="fr"):
        pass
    read = opened(stream.getvalue()).properties
    assert (read.title, read.creator, read.language) == ("A & <B>", f"Zoé{REPLACEMENT}", "fr")
    assert read.created == read.modified == datetime(2026, 7, 14, 20, 15, 30)  # noqa: DTZ001


def test_a_moment_of_making_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        XlsxWriter(io.BytesIO(), title="", author="", created=datetime(2026, 3, 2), language="fr")  # noqa: DTZ001


def test_the_same_input_gives_the_same_bytes() -> None:
    def fill(book: XlsxWriter) -> None:
        book.sheet("Liste", COLUMNS, [ROW, EMPTY] * 300)
        book.table("Provenance", ["Quoi", "Valeur"], [["Établi le", CREATED]])

    content = book_of(fill)
    assert content == book_of(fill)
    with ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


class Pipe(io.RawIOBase):
    """A stream that goes one way, as a response does."""

    def __init__(self) -> None:
        self.received = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.received += content
        return len(content)


def test_a_stream_that_cannot_go_back_is_enough() -> None:
    pipe = Pipe()
    with XlsxWriter(pipe, title="T", author="A", created=CREATED, language="fr") as book:
        book.sheet("Liste", COLUMNS, [ROW])
    assert opened(bytes(pipe.received)).active["A2"].value == ROW["firm"]


def test_an_error_in_the_rows_is_passed_on() -> None:
    def rows() -> Iterator[dict[str, Any]]:
        yield ROW
        raise LookupError("la base est partie")

    with pytest.raises(LookupError, match="partie"):
        book_of(lambda book: book.sheet("Liste", COLUMNS, rows()))


def test_a_row_without_a_column_or_with_another_kind_is_refused() -> None:
    with pytest.raises(KeyError, match="live"):
        sheet_of(COLUMNS, {key: value for key, value in ROW.items() if key != "live"})
    with pytest.raises(TypeError, match="12.5"):
        sheet_of(COLUMNS, ROW | {"paid": 12.5})


class Sink(io.RawIOBase):
    """A stream that keeps nothing."""

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        return len(content)


def _peak(write: Callable[[Iterator[dict[str, Any]]], None], count: int) -> int:
    """The most memory that the writing of so many rows held at once, in bytes, but for the file itself."""
    rows = (ROW | {"firm": f"Entreprise {number}", "claims": number} for number in range(count))
    tracemalloc.start()
    try:
        write(rows)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _a_book(rows: Iterator[dict[str, Any]]) -> None:
    with XlsxWriter(Sink(), title="T", author="A", created=CREATED, language="fr") as book:
        book.sheet("Liste", COLUMNS[:3], rows)


def _a_csv(rows: Iterator[dict[str, Any]]) -> None:
    write_csv(Sink(), COLUMNS[:3], rows, style="international", language="fr")


@pytest.mark.parametrize("write", [_a_book, _a_csv])
def test_memory_does_not_grow_with_the_rows(write: Callable[[Iterator[dict[str, Any]]], None]) -> None:
    """Twenty times the rows, the same peak."""
    _peak(write, 100)
    assert _peak(write, 20_000) < 1.5 * _peak(write, 1_000)


def csv_of(*rows: dict[str, Any], style: str, language: str = "fr", **more: Any) -> bytes:
    out = io.BytesIO()
    write_csv(out, COLUMNS, rows, style=style, language=language, **more)
    return out.getvalue()


def test_the_french_file_opens_in_a_french_spreadsheet() -> None:
    assert csv_of(ROW, EMPTY, style="fr").decode("utf-8") == (
        "\ufeffEntreprise;Demandes;Payé [72];Note;Taux;Le;À;Actif\r\n"
        "Épicerie & Fils <Saint-Denis>;1234;-1234567,89;7,125;85,12 %;28/02/2026;14/07/2026 22:15:30;non\r\n"
        ";;;;;;;\r\n"
    )


def test_the_international_file_opens_in_a_program() -> None:
    assert csv_of(ROW, EMPTY, style="international", language="en").decode("utf-8") == (
        "Firm,Claims,Paid [72],Score,Rate,On,At,Live\r\n"
        "Épicerie & Fils <Saint-Denis>,1234,-1234567.89,7.125,0.8512,2026-02-28,"
        "2026-07-14T20:15:30.999999+00:00,false\r\n"
        ",,,,,,,\r\n"
    )


def test_a_french_file_in_english_and_in_another_zone() -> None:
    line = csv_of(ROW, style="fr", language="en", zone="Indian/Reunion").decode("utf-8-sig").splitlines()[1]
    assert line.endswith("15/07/2026 00:15:30;no")


@pytest.mark.parametrize("style", ["fr", "international"])
@unhurried
@given(text=st.text(st.characters(), max_size=40))
def test_any_text_survives_the_file(style: str, text: str) -> None:
    out = io.BytesIO()
    write_csv(out, (*TEXT, Column("n", "N", "N", "integer")), [{"text": text, "n": -1}], style=style, language="fr")
    read = io.StringIO(out.getvalue().decode("utf-8-sig"), newline="")
    lines = list(csv.reader(read, delimiter=";" if style == "fr" else ","))
    assert lines == [["Texte", "N"], [guard(clean(text)), "-1"]]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_is_disarmed_once(text: str) -> None:
    assert guard(text) == f"'{text}"
    assert guard(guard(text)) == guard(text)
    assert guard(clean(text)).startswith("'")


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guard(text) == text


def test_an_unknown_style_is_refused() -> None:
    with pytest.raises(ValueError, match="chinois"):
        csv_of(ROW, style="chinois")


def test_csv_rows_are_written_as_they_come() -> None:
    """Rows leave piece by piece: when one is read, all those of the pieces before it are already out."""
    out = io.BytesIO()
    sizes: list[int] = []

    def rows() -> Iterator[dict[str, Any]]:
        for _ in range(3 * CHUNK + 1):
            sizes.append(len(out.getvalue().splitlines()))
            yield ROW

    write_csv(out, COLUMNS, rows(), style="international", language="fr")
    assert sizes == [0] * CHUNK + [CHUNK + 1] * CHUNK + [2 * CHUNK + 1] * CHUNK + [3 * CHUNK + 1]
    assert len(out.getvalue().splitlines()) == 3 * CHUNK + 2


def test_cells_have_their_place_and_order() -> None:
    """A cell without a reference stands where its rank says, so a missing value keeps its place."""
    gap = ROW | {"paid": None}
    content = sheet_of(COLUMNS, ROW, EMPTY, gap)
    rows = [element for element in ET.fromstring(first_sheet(content)).iter() if element.tag.endswith("}row")]
    assert [(row.get("r"), len(row)) for row in rows] == [("1", 8), ("2", 8), ("3", 8), ("4", 8)]
    last = [cell.value for cell in opened(content).active[4]]
    assert last[:4] == [ROW["firm"], 1234, None, 7.125]
    assert re.search(r'<row r="3">(<c/>){8}</row>', first_sheet(content))


def test_another_reader_finds_every_value_in_its_column() -> None:
    """Calamine counts cells as the standard says: gaps at the start, in the middle and at the end."""
    rows = [ROW | dict.fromkeys(gaps) for gaps in (["firm"], ["paid", "score"], ["live"], list(ROW), [])]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(sheet_of(COLUMNS, *rows))).get_sheet_by_index(0)
    read = [[value != "" for value in line] for line in sheet.to_python()[1:]]
    assert read == [[row[column.key] is not None for column in COLUMNS] for row in rows]
