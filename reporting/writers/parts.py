"""The small parts of a workbook beside its sheets (ECMA-376): types, relations, styles, properties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from reporting.writers.cells import STYLES, escape

_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_GENERAL, _INTEGER, _DECIMAL, _PERCENT, _AS_TEXT = 0, 3, 4, 10, 49
_FIRST_OWN_FORMAT = 164


@dataclass(frozen=True, slots=True)
class Page:
    """A finished sheet: its name, its last column's letters (none when empty), its last row, its filter."""

    name: str
    last_column: str
    last_row: int
    filtered: bool


def content_types(pages: int) -> str:
    sheets = [(f"/xl/worksheets/sheet{n}.xml", f"{_SPREADSHEET}.worksheet+xml") for n in range(1, pages + 1)]
    overrides = [
        ("/xl/workbook.xml", f"{_SPREADSHEET}.sheet.main+xml"),
        ("/xl/styles.xml", f"{_SPREADSHEET}.styles+xml"),
        *sheets,
        ("/docProps/core.xml", "application/vnd.openxmlformats-package.core-properties+xml"),
        ("/docProps/app.xml", "application/vnd.openxmlformats-officedocument.extended-properties+xml"),
    ]
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        + "".join(f'<Override PartName="{part}" ContentType="{kind}"/>' for part, kind in overrides)
        + "</Types>"
    )


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    lines = (
        f'<Relationship Id="rId{number}" Type="{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def link_relations(paths: Sequence[str]) -> str:
    """Links from a sheet to files beside the workbook."""
    lines = (
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/relationships/hyperlink" Target="{escape(quote(path))}" '
        'TargetMode="External"/>'
        for number, path in enumerate(paths, start=1)
    )
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{"".join(lines)}</Relationships>'


def hyperlinks(count: int) -> str:
    """The first cell of each row under the headings opens the link of its rank."""
    if not count:
        return ""
    lines = "".join(f'<hyperlink ref="A{number + 1}" r:id="rId{number}"/>' for number in range(1, count + 1))
    return f'<hyperlinks xmlns:r="{_OFFICE}/relationships">{lines}</hyperlinks>'


def root_relations() -> str:
    return _relations([
        (f"{_OFFICE}/relationships/officeDocument", "xl/workbook.xml"),
        (f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        (f"{_OFFICE}/relationships/extended-properties", "docProps/app.xml"),
    ])  # fmt: skip


def workbook_relations(pages: int) -> str:
    sheets = [(f"{_OFFICE}/relationships/worksheet", f"worksheets/sheet{n}.xml") for n in range(1, pages + 1)]
    return _relations([*sheets, (f"{_OFFICE}/relationships/styles", "styles.xml")])


def workbook(pages: Sequence[Page]) -> str:
    sheets = (
        f'<sheet name="{escape(page.name)}" sheetId="{number}" r:id="rId{number}"/>'
        for number, page in enumerate(pages, start=1)
    )
    names = _defined_names(pages)
    return (
        f'{_XML}<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}/relationships"><workbookPr/>'
        f"<bookViews><workbookView/></bookViews><sheets>{''.join(sheets)}</sheets>"
        f"{f'<definedNames>{names}</definedNames>' if names else ''}</workbook>"
    )


def _defined_names(pages: Sequence[Page]) -> str:
    """The filters' ranges, then the heading rows that print on every page."""
    filters, titles = [], []
    for index, page in enumerate(pages):
        if page.last_column:
            quoted = escape("'" + page.name.replace("'", "''") + "'")
            titles.append(_defined_name("Print_Titles", index, f"{quoted}!$1:$1"))
            if page.filtered:
                area = f"{quoted}!$A$1:${page.last_column}${page.last_row}"
                filters.append(_defined_name("_FilterDatabase", index, area, ' hidden="1"'))
    return "".join(filters + titles)


def _defined_name(name: str, index: int, area: str, more: str = "") -> str:
    return f'<definedName name="_xlnm.{name}" localSheetId="{index}"{more}>{area}</definedName>'


def number_formats(language: str, zone: str) -> dict[str, int | str]:
    """Style → the number of a built-in format, or a code of our own; a moment shows its zone."""
    english = language.startswith("en")
    day = "yyyy-mm-dd" if english else "dd/mm/yyyy"
    return {
        "plain": _GENERAL,
        "header": _AS_TEXT,
        "text": _AS_TEXT,  # a text that begins with « = » stays one when its cell is edited
        "integer": _INTEGER,
        "money": '"€"#,##0.00' if english else '#,##0.00\\ "€"',
        "decimal": _DECIMAL,
        "percent": _PERCENT if english else "0.00\\ %",
        "date": day,
        "moment": f'{day} hh:mm:ss" ({zone})"',
        "boolean": _GENERAL,
    }


def styles(language: str, zone: str) -> str:
    """The style sheet: one cell format for each of STYLES, in that order."""
    formats = number_formats(language, zone)
    codes = sorted({code for code in formats.values() if isinstance(code, str)})
    own = {code: number for number, code in enumerate(codes, start=_FIRST_OWN_FORMAT)}
    lines = "".join(f'<numFmt numFmtId="{n}" formatCode="{escape(code)}"/>' for code, n in own.items())
    cells = "".join(
        _cell_format(style, code if isinstance(code, int) else own[code])
        for style, code in ((style, formats[style]) for style in STYLES)
    )
    return (
        f'{_XML}<styleSheet xmlns="{MAIN}"><numFmts count="{len(own)}">{lines}</numFmts>{_FONTS}{_FILLS}'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(STYLES)}">{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        '<dxfs count="0"/></styleSheet>'
    )


_FONT = '<sz val="11"/><color rgb="FF000000"/><name val="Calibri"/><family val="2"/>'
_FONTS = f'<fonts count="2"><font>{_FONT}</font><font><b/>{_FONT}</font></fonts>'
_FILLS = (
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
    '<fgColor rgb="FFDCE6F1"/><bgColor indexed="64"/></patternFill></fill></fills>'
)
_ALIGNMENTS = {
    "header": '<alignment vertical="center" wrapText="1"/>',
    "boolean": '<alignment horizontal="center"/>',
}


def _cell_format(style: str, number_format: int) -> str:
    marked = int(style == "header")
    head = (
        f'<xf numFmtId="{number_format}" fontId="{marked}" fillId="{2 * marked}" borderId="0" xfId="0" '
        f'applyNumberFormat="1" applyFont="{marked}" applyFill="{marked}"'
    )
    alignment = _ALIGNMENTS.get(style, "")
    return f'{head} applyAlignment="1">{alignment}</xf>' if alignment else f"{head}/>"


def core_properties(title: str, author: str, created: datetime, language: str) -> str:
    """Title, author, language and the moment of making, in UTC; that moment needs a time zone."""
    if created.utcoffset() is None:
        raise ValueError(f"{created!r} has no time zone")
    made = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(author)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{made}</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{made}</dcterms:modified>'
        f"<dc:language>{escape(language)}</dc:language></cp:coreProperties>"
    )


def application_properties() -> str:
    return f'{_XML}<Properties xmlns="{_OFFICE}/extended-properties"><Application>Guichet</Application></Properties>'
