"""What surrounds the rows of an OpenDocument spreadsheet: manifest, properties, styles, settings (ODF 1.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from reporting.columns import Column
from reporting.writers.cells import escape
from reporting.writers.ods_cells import paragraphs
from reporting.writers.xlsx import letters

MIME = "application/vnd.oasis.opendocument.spreadsheet"
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{prefix}="{_URN}:{name}:1.0"'
    for prefix, name in {
        "office": "office", "table": "table", "text": "text", "style": "style", "number": "datastyle",
        "fo": "xsl-fo-compatible", "meta": "meta", "config": "config",
    }.items()
)  # fmt: skip
_DUBLIN = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_VERSION = 'office:version="1.3"'
_PARTS = ("content.xml", "styles.xml", "meta.xml", "settings.xml")
_WIDTHS = {
    "text": 5.6, "integer": 2.6, "money": 3.6, "decimal": 2.9, "percent": 2.3, "date": 2.5, "moment": 5.6,
    "boolean": 2.3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """A finished sheet: its name, its columns and its rows, headings included."""

    name: str
    columns: int
    rows: int


def manifest() -> str:
    lines = "".join(
        f'<manifest:file-entry manifest:full-path="{part}" manifest:media-type="text/xml"/>' for part in _PARTS
    )
    return (
        f'{_XML}<manifest:manifest xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.3">'
        f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>'
        f"{lines}</manifest:manifest>"
    )


def meta(title: str, author: str, created: datetime, language: str) -> str:
    """Title, author, language and the moment of making, in UTC; that moment needs a time zone."""
    if created.utcoffset() is None:
        raise ValueError(f"{created!r} has no time zone")
    made = f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return (
        f"{_XML}<office:document-meta {_NAMES} {_DUBLIN} {_VERSION}><office:meta>"
        f"<meta:generator>Guichet</meta:generator><dc:title>{escape(title)}</dc:title>"
        f"<meta:initial-creator>{escape(author)}</meta:initial-creator><dc:creator>{escape(author)}</dc:creator>"
        f"<meta:creation-date>{made}</meta:creation-date><dc:date>{made}</dc:date>"
        f"<dc:language>{escape(language)}</dc:language></office:meta></office:document-meta>"
    )


def styles() -> str:
    return (
        f"{_XML}<office:document-styles {_NAMES} {_VERSION}><office:styles>"
        '<style:style style:name="Default" style:family="table-cell"/></office:styles></office:document-styles>'
    )


def content_head(language: str, zone: str) -> str:
    """Number formats, cell styles and column widths, then the open body."""
    return (
        f"{_XML}<office:document-content {_NAMES} {_VERSION}><office:automatic-styles>"
        f"{_formats(language, zone)}{_cell_styles()}{_column_styles()}"
        "</office:automatic-styles><office:body><office:spreadsheet>"
    )


def _formats(language: str, zone: str) -> str:
    two = '<number:number number:min-integer-digits="1" number:decimal-places="2" number:grouping="true"/>'
    english = language.startswith("en")
    euro = "<number:text>€</number:text>"
    money = f"{euro}{two}" if english else f"{two}<number:text>\u00a0</number:text>{euro}"
    whole = '<number:number number:min-integer-digits="1" number:decimal-places="0" number:grouping="true"/>'
    percent = '<number:number number:min-integer-digits="1" number:decimal-places="2"/>'
    sign = "%" if english else "\u00a0%"
    clock = (
        '<number:hours number:style="long"/><number:text>:</number:text><number:minutes number:style="long"/>'
        '<number:text>:</number:text><number:seconds number:style="long"/>'
    )
    day = _day(english)
    return (
        f'<number:number-style style:name="n-integer">{whole}</number:number-style>'
        f'<number:number-style style:name="n-decimal">{two}</number:number-style>'
        f'<number:number-style style:name="n-money">{money}</number:number-style>'
        f'<number:percentage-style style:name="n-percent">{percent}<number:text>{sign}</number:text>'
        f'</number:percentage-style><number:date-style style:name="n-date">{day}</number:date-style>'
        f'<number:date-style style:name="n-moment">{day}<number:text> </number:text>{clock}'
        f"<number:text> ({escape(zone)})</number:text></number:date-style>"
        '<number:boolean-style style:name="n-boolean"><number:boolean/></number:boolean-style>'
        '<number:text-style style:name="n-text"><number:text-content/></number:text-style>'
    )


def _day(english: bool) -> str:
    day, month = '<number:day number:style="long"/>', '<number:month number:style="long"/>'
    year = '<number:year number:style="long"/>'
    parts, mark = ((year, month, day), "-") if english else ((day, month, year), "/")
    return f"<number:text>{mark}</number:text>".join(parts)


def _cell_styles() -> str:
    plain = "".join(
        f'<style:style style:name="{kind}" style:family="table-cell" style:data-style-name="n-{kind}"/>'
        for kind in _WIDTHS
    )
    return (
        f'{plain}<style:style style:name="header" style:family="table-cell" style:data-style-name="n-text">'
        '<style:table-cell-properties fo:background-color="#dce6f1" fo:wrap-option="wrap"/>'
        '<style:text-properties fo:font-weight="bold"/></style:style>'
    )


def _column_styles() -> str:
    return "".join(_column_style(f"w-{kind}", width) for kind, width in _WIDTHS.items())


def _column_style(name: str, width: float) -> str:
    return (
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width:g}cm"/></style:style>'
    )


def table_head(name: str, columns: Sequence[Column], language: str) -> str:
    """The sheet's columns and its headings, which are repeated on each printed page."""
    widths = "".join(f'<table:table-column table:style-name="w-{column.kind}"/>' for column in columns)
    headings = "".join(_heading(column.heading(language)) for column in columns)
    repeated = f"<table:table-header-rows><table:table-row>{headings}</table:table-row></table:table-header-rows>"
    bare = "<table:table-column/><table:table-row><table:table-cell/></table:table-row>"
    return f'<table:table table:name="{escape(name)}">{widths + repeated if columns else bare}'


def _heading(text: str) -> str:
    return (
        f'<table:table-cell table:style-name="header" office:value-type="string">{paragraphs(text)}</table:table-cell>'
    )


def content_foot(pages: Sequence[Page]) -> str:
    """A filter over each sheet, then the end."""
    filters = "".join(_filter(number, page) for number, page in enumerate(pages, 1) if page.columns)
    ranges = f"<table:database-ranges>{filters}</table:database-ranges>" if filters else ""
    return f"{ranges}</office:spreadsheet></office:body></office:document-content>"


def _filter(number: int, page: Page) -> str:
    sheet = escape("'" + page.name.replace("'", "''") + "'")
    area = f"{sheet}.A1:{sheet}.{letters(page.columns)}{page.rows}"
    return (
        f'<table:database-range table:name="filter{number}" table:display-filter-buttons="true" '
        f'table:target-range-address="{area}"/>'
    )


def settings(pages: Sequence[Page]) -> str:
    """The first row of each sheet stays in view."""
    views = "".join(
        f'<config:config-item-map-entry config:name="{escape(page.name)}">'
        '<config:config-item config:name="VerticalSplitMode" config:type="short">2</config:config-item>'
        '<config:config-item config:name="VerticalSplitPosition" config:type="int">1</config:config-item>'
        '<config:config-item config:name="PositionBottom" config:type="int">1</config:config-item>'
        "</config:config-item-map-entry>"
        for page in pages
        if page.columns
    )
    return (
        f"{_XML}<office:document-settings {_NAMES} {_VERSION}><office:settings>"
        '<config:config-item-set config:name="ooo:view-settings"><config:config-item-map-indexed config:name="Views">'
        '<config:config-item-map-entry><config:config-item config:name="ViewId" config:type="string">view1'
        f'</config:config-item><config:config-item-map-named config:name="Tables">{views}'
        "</config:config-item-map-named></config:config-item-map-entry></config:config-item-map-indexed>"
        "</config:config-item-set></office:settings></office:document-settings>"
    )
