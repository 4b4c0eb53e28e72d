"""XML from outside, read without trust: no document type, hence no entity; size, depth and count bounded.

Entities, inner or external, can only be declared in a document type: refusing it closes both the
file read by an external entity and the text that grows without end.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass

from applications.documents.payments.report import Unreadable

MAX_BYTES = 20 * 1024 * 1024
MAX_ELEMENTS = 1_000_000
MAX_DEPTH = 40
CHUNK = 64 * 1024
ISO_20022 = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3}\.\d{3}\.\d{2})\}Document")
SHOWN = 80


@dataclass(frozen=True, slots=True)
class Message:
    """An ISO 20022 document: its name with version (« camt.053.001.08 ») and its only child.

    The elements of the document bear their local names; those of another namespace keep theirs.
    """

    name: str
    body: ET.Element


class _Builder(ET.TreeBuilder):
    """Builds the tree within bounds, and refuses a document type before anything in it is read."""

    def __init__(self) -> None:
        super().__init__()
        self.depth = self.count = 0

    def doctype(self, *_: object) -> None:
        raise Unreadable(
            "doctype",
            "Ce fichier déclare un type de document (DOCTYPE) : il n’est pas lu, par sécurité.",
            "This file declares a document type (DOCTYPE): it is not read, for safety.",
        )

    def start(self, tag: str, attrs: dict[str, str]) -> ET.Element:  # type: ignore[override]
        self.depth, self.count = self.depth + 1, self.count + 1
        if self.depth > MAX_DEPTH or self.count > MAX_ELEMENTS:
            raise Unreadable(
                "too_deep",
                "Ce fichier a trop d’éléments, ou trop imbriqués : le partager.",
                "This file has too many elements, or nests them too deep: split it.",
            )
        return super().start(tag, attrs)

    def end(self, tag: str) -> ET.Element:
        self.depth -= 1
        return super().end(tag)


def parse(content: bytes) -> ET.Element:
    """The root of an XML file; raises Unreadable with one sentence."""
    _check_size(content)
    parser = ET.XMLParser(target=_Builder())
    try:
        for start in range(0, len(content), CHUNK):
            parser.feed(content[start : start + CHUNK])
        root: ET.Element = parser.close()
    except Unreadable:
        raise
    except (ET.ParseError, LookupError, ValueError) as error:
        raise Unreadable("not_xml", "Ce fichier n’est pas un XML lisible.", "This file is not readable XML.") from error
    return root


def _check_size(content: bytes) -> None:
    if not content.strip():
        raise Unreadable("empty", "Ce fichier est vide.", "This file is empty.")
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // (1024 * 1024)
        raise Unreadable(
            "too_big", f"Ce fichier dépasse {limit} Mo : le partager.", f"This file exceeds {limit} MB: split it."
        )


def message(content: bytes) -> Message:
    """The ISO 20022 message of a file, whatever its kind; raises Unreadable."""
    root = parse(content)
    found = ISO_20022.fullmatch(root.tag)
    if found is None or len(root) != 1:
        raise _unknown(root.tag)
    _use_local_names(root)
    return Message(found.group(1), root[0])


def _use_local_names(root: ET.Element) -> None:
    prefix = root.tag.removesuffix("Document")
    for element in root.iter():
        element.tag = element.tag.removeprefix(prefix)


def _unknown(tag: str) -> Unreadable:
    shown = tag[1:].split("}", maxsplit=1)[0] if tag.startswith("{") else tag
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}…"
    return Unreadable(
        "not_iso_20022",
        f"Ce fichier n’est pas un message ISO 20022 connu : « {shown} ».",
        f"This file is not a known ISO 20022 message: “{shown}”.",
    )


def unsupported(name: str, known: tuple[str, ...]) -> Unreadable:
    """What to say of a message, or a version, that the reader does not know."""
    listed = ", ".join(known)
    return Unreadable(
        "unsupported",
        f"Message {name} non pris en charge ; sont lus : {listed}.",
        f"Message {name} is not supported; those read are: {listed}.",
    )


def text(element: ET.Element | None, path: str) -> str:
    """The text at a path, without the spaces around it; empty when there is none."""
    return (element.findtext(path) or "").strip() if element is not None else ""
