"""The English catalogue, without a gettext binary: check it, bring it up to date, compile it.

    python tools/messages.py check      fails on a string missing, empty, fuzzy, obsolete or ill-matched
    python tools/messages.py update     adds what is missing, keeps what is there, drops what is gone
    python tools/messages.py compile    writes the .mo beside the .po

Source strings are the French ones; only literal strings are seen, as with gettext's own tools.
"""

from __future__ import annotations

import ast
import os
import re
import struct
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("regions", "applications", "workflows", "reporting", "backoffice")
TEMPLATES = ("*.html", "*.txt")
CATALOGUE = Path("locale/en/LC_MESSAGES/django.po")
HEADER = (
    "Project-Id-Version: guichet\nLanguage: en\nMIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
SHAPES = {"gettext": "s", "gettext_noop": "s", "ngettext": "sp", "pgettext": "cs", "npgettext": "csp"}
CALLS = SHAPES | {f"{name}_lazy": shape for name, shape in SHAPES.items() if not name.endswith("noop")}
PLACEHOLDER = re.compile(r"%%|%\((\w+)\)[a-z]|%([sdrf])|\{(\w*)[^{}]*\}")
PO_LINE = re.compile(r'^(?:(msgctxt|msgid_plural|msgid|msgstr(?:\[\d\])?)\s+)?"(.*)"$')


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What identifies a message: its words, its plural and its context ("" when it has none)."""

    msgid: str
    plural: str = ""
    context: str = ""

    def __str__(self) -> str:
        return f"« {self.msgid} »" + (f" ({self.context})" if self.context else "")


@dataclass(slots=True)
class Entry:
    """A message's translations (one, or one per plural form), and the files that use it."""

    texts: list[str]
    files: list[str] = field(default_factory=list)
    fuzzy: bool = False


Catalogue = dict[Key, Entry]


# --- what the sources say


def sources(root: Path) -> dict[Key, list[str]]:
    """Every message of the packages and templates → the files that use it, sorted."""
    found: dict[Key, set[str]] = {}
    for path in _files(root):
        name = path.relative_to(root).as_posix()
        for key in extract(path.read_text(encoding="utf-8"), name):
            found.setdefault(key, set()).add(name)
    return {key: sorted(names) for key, names in sorted(found.items())}


def _files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from (root / package).rglob("*.py")
    for folder in ("templates", *(f"{package}/templates" for package in PACKAGES)):
        for pattern in TEMPLATES:
            yield from (root / folder).rglob(pattern)


def extract(text: str, name: str) -> Iterator[Key]:
    """The messages of one file: Python by its tree, a template by what Django's tags stand for."""
    if name.endswith(".py"):
        yield from _calls(ast.parse(text, name))
    else:
        yield from _template(templatize(text, origin=name))


def _calls(tree: ast.AST) -> Iterator[Key]:
    names = _aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            shape = names.get(_called(node.func), "")
            yield from _key(shape, node.args)


def _aliases(tree: ast.AST) -> dict[str, str]:
    """Local name → shape of its arguments: `_`, `now_`, or `translation.gettext` in full."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {a.asname or a.name: CALLS[a.name] for a in node.names if a.name in CALLS}
        elif isinstance(node, ast.ImportFrom) and node.module == "django.utils":
            modules = [a.asname or a.name for a in node.names if a.name == "translation"]
            names |= {f"{module}.{name}": shape for module in modules for name, shape in CALLS.items()}
    return names


def _called(func: ast.expr) -> str:
    return ast.unparse(func) if isinstance(func, ast.Name | ast.Attribute) else ""


def _key(shape: str, arguments: list[ast.expr]) -> Iterator[Key]:
    """The key of a call whose arguments are literal: s = words, p = plural, c = context."""
    values = [a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str)]
    if shape and len(values) >= len(shape):
        part = dict(zip(shape, values, strict=False))
        yield Key(part["s"], part.get("p", ""), part.get("c", ""))


LITERAL = r"""u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
TEMPLATE_CALL = re.compile(rf"(?<!\w)(_|n?p?gettext)\({LITERAL}(?:,\s*{LITERAL})?(?:,\s*{LITERAL})?")


def _template(code: str) -> Iterator[Key]:
    """The calls that Django writes in place of the tags, the rest being blanked out."""
    for name, *literals in TEMPLATE_CALL.findall(code):
        values = [ast.literal_eval(literal) for literal in literals if literal]
        part = dict(zip(CALLS.get(name, "s"), values, strict=False))
        yield Key(part["s"], part.get("p", ""), part.get("c", ""))


# --- the .po file


def read(text: str) -> Catalogue:
    """The entries of a .po text, without its header; obsolete ones (#~) are not entries."""
    found: Catalogue = {}
    for block in re.split(r"\n\s*\n", text):
        entry = _entry([line.strip() for line in block.splitlines()])
        if entry and entry[0].msgid:
            found[entry[0]] = entry[1]
    return found


def _entry(lines: Iterable[str]) -> tuple[Key, Entry] | None:
    parts: dict[str, str] = {}
    files: list[str] = []
    fuzzy, last = False, ""
    for line in lines:
        match = PO_LINE.match(line)
        if match:
            last = match[1] or last
            parts[last] = parts.get(last, "") + _unescape(match[2])
        elif line.startswith("#: "):
            files += line[3:].split()
        fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
    if "msgid" not in parts:
        return None
    key = Key(parts["msgid"], parts.get("msgid_plural", ""), parts.get("msgctxt", ""))
    return key, Entry([parts[name] for name in sorted(parts) if name.startswith("msgstr")], files, fuzzy)


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t", "r": "\r"}.get(m[1], m[1]), text)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t").replace("\r", "\\r")
    lines = escaped.replace("\n", "\\n\n").splitlines()
    return f'"{escaped}"' if len(lines) < 2 else "\n".join(['""', *(f'"{line}"' for line in lines)])


def write(catalogue: Catalogue) -> str:
    """The .po text, in the order of the French words, so that two people's changes merge."""
    blocks = [f"msgid {_quote('')}\nmsgstr {_quote(HEADER)}"]
    blocks += [_block(key, entry) for key, entry in sorted(catalogue.items(), key=lambda item: item[0])]
    return "\n\n".join(blocks) + "\n"


def _block(key: Key, entry: Entry) -> str:
    lines = [f"#: {name}" for name in entry.files]
    lines += ["#, fuzzy"] if entry.fuzzy else []
    lines += [f"msgctxt {_quote(key.context)}"] if key.context else []
    lines += [f"msgid {_quote(key.msgid)}"]
    if key.plural:
        forms = [f"msgstr[{rank}] {_quote(text)}" for rank, text in enumerate(entry.texts)]
        return "\n".join([*lines, f"msgid_plural {_quote(key.plural)}", *forms])
    return "\n".join([*lines, f"msgstr {_quote(entry.texts[0])}"])


# --- check, update, compile


def problems(used: Iterable[Key], catalogue: Catalogue) -> list[str]:
    """What is wrong, one sentence each; nothing when the catalogue is complete."""
    used = list(used)
    missing = [f"missing: {key}" for key in used if key not in catalogue]
    obsolete = [f"obsolete: {key}" for key in catalogue if key not in set(used)]
    return missing + obsolete + [line for item in catalogue.items() for line in _faults(*item)]


def _faults(key: Key, entry: Entry) -> Iterator[str]:
    if entry.fuzzy:
        yield f"fuzzy: {key}"
    if not all(entry.texts) or len(entry.texts) != (2 if key.plural else 1):
        yield f"not translated: {key}"
    elif any(placeholders(text) != wanted for text, wanted in _pairs(key, entry)):
        yield f"other placeholders: {key}"


def _pairs(key: Key, entry: Entry) -> Iterator[tuple[str, list[str]]]:
    """Each translation with the placeholders wanted: the singular's, then the plural's."""
    sources = (key.msgid, key.plural or key.msgid)
    return ((text, placeholders(source)) for text, source in zip(entry.texts, sources, strict=False))


def placeholders(text: str) -> list[str]:
    """The holes of a sentence: names once each, positions as often as they stand, sorted."""
    holes = [match for match in PLACEHOLDER.finditer(text) if match[0] != "%%"]
    named = {match[0] for match in holes if match[1] or match[3]}
    return sorted([*named, *(match[0] for match in holes if not (match[1] or match[3]))])


def updated(used: dict[Key, list[str]], catalogue: Catalogue) -> Catalogue:
    """The catalogue with every message used and no other; what is new has no translation yet."""
    blank = {key: [""] * (2 if key.plural else 1) for key in used}
    kept = {key: catalogue.get(key, Entry(blank[key])) for key in used}
    return {key: Entry(entry.texts, used[key], entry.fuzzy) for key, entry in kept.items()}


def compiled(catalogue: Catalogue) -> bytes:
    """The bytes of the .mo: two tables of (length, offset), then the strings (GNU format, revision 0)."""
    translated = [_row(*item) for item in catalogue.items() if all(item[1].texts)]
    rows = sorted([(b"", HEADER.encode()), *translated])
    start, count = 28, len(rows)
    heap_at, table, heap = start + 16 * count, b"", b""
    for text in [row[0] for row in rows] + [row[1] for row in rows]:
        table += struct.pack("<II", len(text), heap_at + len(heap))
        heap += text + b"\0"
    return struct.pack("<7I", 0x950412DE, 0, count, start, start + 8 * count, 0, heap_at) + table + heap


def _row(key: Key, entry: Entry) -> tuple[bytes, bytes]:
    words = f"{key.context}\4{key.msgid}" if key.context else key.msgid
    source = f"{words}\0{key.plural}" if key.plural else words
    return source.encode(), "\0".join(entry.texts).encode()


def load(root: Path) -> Catalogue:
    path = root / CATALOGUE
    return read(path.read_text(encoding="utf-8")) if path.exists() else {}


def check(root: Path = ROOT) -> list[str]:
    """What is wrong between the sources and the catalogue of a tree."""
    return problems(sources(root), load(root))


def update(root: Path = ROOT) -> list[str]:
    """Rewrite the .po; returns what is still to translate."""
    catalogue = updated(sources(root), load(root))
    (root / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    (root / CATALOGUE).write_text(write(catalogue), encoding="utf-8")
    return check(root)


def compile_catalogue(root: Path = ROOT) -> list[str]:
    """Write the .mo beside the .po, with what is translated; a reader never sees half of it."""
    target = (root / CATALOGUE).with_suffix(".mo")
    draft = target.with_suffix(f".{os.getpid()}.mo")
    draft.write_bytes(compiled(load(root)))
    draft.replace(target)
    return []


COMMANDS = {"check": check, "update": update, "compile": compile_catalogue}


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in COMMANDS:
        print(f"usage: python tools/messages.py {'|'.join(COMMANDS)}", file=sys.stderr)
        return 2
    found = COMMANDS[arguments[0]]()
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found and arguments[0] == "check" else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
