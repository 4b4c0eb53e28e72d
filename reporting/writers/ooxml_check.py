"""What Excel would complain of when it opens a workbook, without Excel (ECMA-376, parts 1 and 2).

The check reads the file as a stranger: it knows the standard, not our writer, and refuses formulas
and links that leave the folder, which no report of this house may hold.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from reporting.writers.names import ILLEGAL, MAX_LENGTH, RESERVED
from reporting.writers.ooxml_sheet import Formats, local, problems

CONTENT_TYPES = "[Content_Types].xml"

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
# The content type that a relation of a kind must lead to.
_EXPECTED = {
    "officeDocument": f"{_SPREADSHEET}.sheet.main+xml",
    "worksheet": f"{_SPREADSHEET}.worksheet+xml",
    "styles": f"{_SPREADSHEET}.styles+xml",
    "sharedStrings": f"{_SPREADSHEET}.sharedStrings+xml",
    "core-properties": "application/vnd.openxmlformats-package.core-properties+xml",
    "extended-properties": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
}
_BUILT_IN = frozenset(range(5)) | frozenset(range(9, 23)) | frozenset(range(27, 41)) | frozenset(range(45, 59))
_BUILT_IN_DATES = frozenset(range(14, 23)) | frozenset(range(27, 37)) | frozenset({45, 46, 47, *range(50, 59)})
_FIRST_OWN_FORMAT = 164
_NOT_A_CODE = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_DECLARATIONS_WITHIN = 65_536


@dataclass(slots=True)
class _Package:
    """The zip, the parts that were read, and the relations of each part: id → (kind, target)."""

    archive: ZipFile
    names: list[str]
    trees: dict[str, ET.Element] = field(default_factory=dict)
    relations: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def target(self, source: str, kind: str) -> str:
        """The part that a source is related to by a kind, or nothing."""
        return next((target for k, target in self.relations.get(source, {}).values() if k == kind), "")


def check(content: bytes) -> list[str]:
    """The faults of a workbook, in words; an empty list means that it opens without a warning."""
    try:
        archive = ZipFile(io.BytesIO(content))
    except BadZipFile as error:
        return [f"not a zip: {error}"]
    with archive:
        return list(_package(archive))


def _package(archive: ZipFile) -> Iterator[str]:
    package = _Package(archive, archive.namelist())
    damaged = list(_zip(package))
    if damaged:
        yield from damaged
        return
    yield from _well_formed(package)
    yield from _relations(package)
    yield from _types(package)
    yield from _properties(package)
    yield from _workbook(package)


def _zip(package: _Package) -> Iterator[str]:
    """Every part once, whole, packed in a way that all readers know, and without entities of its own."""
    for name, times in Counter(package.names).items():
        if times > 1:
            yield f"{name}: {times} times in the zip"
    for info in package.archive.infolist():
        if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or info.flag_bits & 1:
            yield f"{info.filename}: packed in a way that Excel does not read"
            return
    try:
        broken = package.archive.testzip()
    except (BadZipFile, EOFError, ValueError) as error:
        broken = f"damaged, {error}"
    if broken:
        yield f"zip: {broken}: wrong checksum"
        return
    for name in package.names:
        with package.archive.open(name) as part:
            if b"<!DOCTYPE" in part.read(_DECLARATIONS_WITHIN):
                yield f"{name}: declares a document type"


def _well_formed(package: _Package) -> Iterator[str]:
    """Parse every part but the sheets, which are read row by row later."""
    for name in package.names:
        if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/sheet"):
            try:
                package.trees[name] = ET.fromstring(package.archive.read(name))
            except ET.ParseError as error:
                yield f"{name}: not well-formed, {error}"


def _relations(package: _Package) -> Iterator[str]:
    for name in package.names:
        if name.endswith(".rels") and name in package.trees:
            folder, _, file = name.rpartition("/")
            source = posixpath.join(folder.removesuffix("_rels"), file.removesuffix(".rels"))
            if source and source not in package.names:
                yield f"{name}: its source {source} is missing"
            yield from _targets(package, name, source)
    if not package.target("", "officeDocument"):
        yield "_rels/.rels: no relation to a workbook"


def _targets(package: _Package, name: str, source: str) -> Iterator[str]:
    found = package.relations.setdefault(source, {})
    for relation in package.trees[name]:
        key = relation.get("Id", "")
        if key in found or not key:
            yield f"{name}: relation {key!r} twice or without a name"
        if relation.get("TargetMode") == "External":
            if not _beside(relation):
                yield f"{name}: relation {key} leads outside the file"
            continue
        target = posixpath.normpath(posixpath.join("/", posixpath.dirname(source), relation.get("Target", "")))[1:]
        if target not in package.names:
            yield f"{name}: {target} is missing"
        found[key] = (relation.get("Type", "").rpartition("/")[2], target)


def _beside(relation: ET.Element) -> bool:
    """A link to a file of the same folder or of a folder within: no address, no way up."""
    target = relation.get("Target", "")
    outside = ":" in target or "\\" in target or target.startswith("/") or ".." in target.split("/")
    return relation.get("Type", "").endswith("/hyperlink") and bool(target) and not outside


def _types(package: _Package) -> Iterator[str]:
    """Each part has a content type, each override a part, and related parts the type of their relation."""
    tree = package.trees.get(CONTENT_TYPES)
    if tree is None:
        yield f"{CONTENT_TYPES} is missing"
        return
    defaults = {e.get("Extension", "").lower(): e.get("ContentType", "") for e in tree if local(e.tag) == "Default"}
    overrides = {e.get("PartName", ""): e.get("ContentType", "") for e in tree if local(e.tag) == "Override"}
    for part in overrides:
        if part.removeprefix("/") not in package.names or not part.startswith("/"):
            yield f"{CONTENT_TYPES}: {part} is missing"
    if len(defaults) + len(overrides) != len(tree):
        yield f"{CONTENT_TYPES}: a name twice"
    for name in package.names:
        if name != CONTENT_TYPES:
            known = overrides.get(f"/{name}") or defaults.get(name.rpartition(".")[2].lower(), "")
            package.types[name] = known
            yield from _own_type(name, known)
    yield from _related_types(package)


def _own_type(name: str, known: str) -> Iterator[str]:
    if not known:
        yield f"{CONTENT_TYPES}: no type for {name}"
    elif name.endswith(".rels") and known != _RELATIONS_TYPE:
        yield f"{CONTENT_TYPES}: {name} is {known}"


def _related_types(package: _Package) -> Iterator[str]:
    for relations in package.relations.values():
        for kind, target in relations.values():
            expected, known = _EXPECTED.get(kind), package.types.get(target)
            if expected and known and known != expected:
                yield f"{CONTENT_TYPES}: {target} is {known}"


def _properties(package: _Package) -> Iterator[str]:
    """The dates of the document's properties are moments in UTC."""
    name = package.target("", "core-properties")
    for element in package.trees.get(name, ()):
        if local(element.tag) in {"created", "modified"} and not _MOMENT.fullmatch(element.text or ""):
            yield f"{name}: {element.text!r} is not a moment"


def _workbook(package: _Package) -> Iterator[str]:
    name = package.target("", "officeDocument")
    tree = package.trees.get(name)
    if tree is None:
        return
    sheets = [e for e in tree.iter() if local(e.tag) == "sheet"]
    titles = [sheet.get("name", "") for sheet in sheets]
    if not sheets:
        yield f"{name}: no sheet"
    yield from (f"{name}: {fault}" for fault in _titles(titles))
    yield from (f"{name}: {fault}" for fault in _defined_names(tree, titles))
    if len({sheet.get("sheetId") for sheet in sheets}) != len(sheets):
        yield f"{name}: a sheetId twice"
    formats, faults = _formats(package, name)
    yield from faults
    for sheet in sheets:
        yield from _sheet(package, package.relations.get(name, {}).get(sheet.get(_RELATION, "")), sheet, formats)


def _titles(titles: list[str]) -> Iterator[str]:
    for title, times in Counter(title.casefold() for title in titles).items():
        if times > 1:
            yield f"sheet {title!r} {times} times"
    for title in titles:
        if not 0 < len(title.encode("utf-16-le")) // 2 <= MAX_LENGTH:
            yield f"sheet {title!r}: its name is empty or longer than {MAX_LENGTH}"
        if set(title) & set(ILLEGAL) or title.startswith("'") or title.endswith("'"):
            yield f"sheet {title!r}: an illegal character"
        if title.casefold() in RESERVED:
            yield f"sheet {title!r}: a reserved name"


def _defined_names(tree: ET.Element, titles: list[str]) -> Iterator[str]:
    """A defined name points to a sheet that exists, once for each sheet."""
    seen = set()
    known = {title for title in titles if title.isidentifier()}
    known |= {"'" + title.replace("'", "''") + "'" for title in titles}
    for element in tree.iter():
        if local(element.tag) != "definedName":
            continue
        key = (element.get("name"), scope := element.get("localSheetId"))
        if key in seen or (scope is not None and not (scope.isdigit() and int(scope) < len(titles))):
            yield f"defined name {key}: twice or of no sheet"
        seen.add(key)
        if (element.text or "").rpartition("!")[0] not in known:
            yield f"defined name {key}: {element.text!r} points to no sheet"


def _sheet(package: _Package, relation: tuple[str, str] | None, sheet: ET.Element, formats: Formats) -> Iterator[str]:
    title = sheet.get("name", "")
    if relation is None or relation[0] != "worksheet":
        yield f"sheet {title!r}: no relation to a worksheet"
    elif relation[1] in package.names:
        try:
            with package.archive.open(relation[1]) as part:
                yield from (f"{relation[1]}: {fault}" for fault in problems(part, formats))
        except ET.ParseError as error:
            yield f"{relation[1]}: not well-formed, {error}"


def _formats(package: _Package, workbook: str) -> tuple[Formats, list[str]]:
    """The cell formats of the style sheet and its faults; without one, the default format alone."""
    strings = package.trees.get(package.target(workbook, "sharedStrings"))
    shared = 0 if strings is None else len(strings)
    name = package.target(workbook, "styles")
    tree = package.trees.get(name)
    if tree is None:
        return Formats(1, frozenset(), shared), []
    groups = {local(group.tag): group for group in tree}
    codes = {_index(e, "numFmtId"): e.get("formatCode", "") for e in groups.get("numFmts", ())}
    faults = [f"{name}: {fault}" for fault in _styles(groups, codes)]
    cells = list(groups.get("cellXfs", ()))
    dates = frozenset(n for n, cell in enumerate(cells) if _is_date(_index(cell, "numFmtId"), codes))
    return Formats(len(cells), dates, shared), faults


def _is_date(number_format: int, codes: Mapping[int, str]) -> bool:
    if number_format in codes:
        return bool(re.search("[dmyhs]", _NOT_A_CODE.sub("", codes[number_format]), re.IGNORECASE))
    return number_format in _BUILT_IN_DATES


def _styles(groups: Mapping[str, ET.Element], codes: Mapping[int, str]) -> Iterator[str]:
    for name, group in groups.items():
        if group.get("count") not in {None, str(len(group))}:
            yield f"{name}: count {group.get('count')} for {len(group)}"
    for number in codes:
        if number < _FIRST_OWN_FORMAT:
            yield f"numFmt {number} is kept for built-in formats"
    if len(groups.get("fills", ())) < 2:
        yield "fills: the first two are missing"
    bounds = {"fontId": "fonts", "fillId": "fills", "borderId": "borders", "xfId": "cellStyleXfs"}
    for position, cell in enumerate(groups.get("cellXfs", ())):
        if _index(cell, "numFmtId") not in _BUILT_IN | codes.keys():
            yield f"format {position}: no number format {cell.get('numFmtId')}"
        for attribute, group_name in bounds.items():
            if not 0 <= _index(cell, attribute) < len(groups.get(group_name, ())):
                yield f"format {position}: {attribute} {cell.get(attribute)} is not in {group_name}"


def _index(element: ET.Element, attribute: str) -> int:
    """An index of a style, 0 when it is left out; −1 for what is no number."""
    text = element.get(attribute, "0")
    return int(text) if text.isascii() and text.isdigit() else -1
