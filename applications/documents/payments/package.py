"""A batch for the public accountant in one file: listing, bordereau, supporting documents, manifest.

A zip written member by member, so that only one document is in memory at a time. Members are stored,
not compressed, and dated by the batch: the same batch gives the same bytes on every machine, and the
documents, mostly PDF and pictures, would gain nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC
from pathlib import PurePosixPath
from typing import BinaryIO
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from applications.documents.bordereau import csv_bytes
from applications.documents.payments.batch import Batch, SupportingDocument
from applications.documents.payments.manifest import MANIFEST, SUMS, Member, digest, manifest_bytes, sums_bytes
from applications.documents.payments.sepa_text import PLAIN

FOLDER = "pieces"
NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")  # what may name a file or folder anywhere
UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
LONGEST = 80
LONGEST_SUFFIX = 10
READABLE = 0o644 << 16


def write(batch: Batch, out: BinaryIO) -> str:
    """Write the package of a batch into a seekable file; returns the SHA-256 of its manifest, to keep.

    Raises ValueError, naming the order or the document, for a total that is not the sum, a document of
    no order, a content that is not the one kept, a number that cannot name a folder, no bordereau.
    """
    _check(batch, out)
    with ZipFile(out, "w", ZIP_STORED) as archive:
        members = list(_members(batch, archive))
        manifest = manifest_bytes(batch, members)
        _put(batch, archive, Member(MANIFEST, "", 0), manifest)
        _put(batch, archive, Member(SUMS, "", 0), sums_bytes(members, manifest))
    return digest(manifest)


def _check(batch: Batch, out: BinaryIO) -> None:
    if not out.seekable():  # a stream that cannot go back gets other bytes for the same members
        raise ValueError("a package is written to a seekable file")
    if not batch.bordereau.startswith(b"%PDF-"):
        raise ValueError(f"batch {batch.number} has no printed bordereau")
    if batch.created.tzinfo is None:
        raise ValueError("the moment of a batch needs its time zone")
    numbers = [row.order_number for row in batch.orders]
    wrong = [number for number in (batch.number, *numbers) if not NUMBER.fullmatch(number)]
    if wrong or len({number.lower() for number in numbers}) < len(numbers):
        raise ValueError(f"numbers that cannot name a folder each: {wrong or numbers}")


def _members(batch: Batch, archive: ZipFile) -> Iterator[Member]:
    """Writes each member and yields what the manifest says of it."""
    listing = csv_bytes(batch.orders, number=batch.number, total=batch.total)
    for suffix, content in ((".csv", listing), (".pdf", batch.bordereau)):
        yield _put(batch, archive, Member(batch.number + suffix, digest(content), len(content)), content)
    ranks, numbers = Counter[str](), {row.order_number for row in batch.orders}
    for document in batch.documents:
        _check_document(batch, document, numbers)
        ranks[document.order_number] += 1
        yield _put(batch, archive, _member(document, ranks[document.order_number]), document.content)


def _check_document(batch: Batch, document: SupportingDocument, numbers: set[str]) -> None:
    if document.order_number not in numbers:
        raise ValueError(f"document {document.name!r}: order {document.order_number} is not in batch {batch.number}")
    if digest(document.content) != document.sha256:
        raise ValueError(f"document {document.name!r} of order {document.order_number} is not the one that was kept")


def _member(document: SupportingDocument, rank: int) -> Member:
    path = f"{FOLDER}/{document.order_number}/{rank:02d}-{safe_name(document.name)}"
    return Member(path, document.sha256, len(document.content), document.order_number, document.name)


def _put(batch: Batch, archive: ZipFile, member: Member, content: bytes) -> Member:
    info = ZipInfo(member.path, batch.created.astimezone(UTC).timetuple()[:6])
    info.create_system, info.external_attr, info.compress_type = 3, READABLE, ZIP_STORED
    archive.writestr(info, content)
    return member


def safe_name(name: str) -> str:
    """A name that every system takes as one file: plain letters, no folder, at most 80 characters."""
    last = name.replace("\\", "/").rpartition("/")[2]
    latin = unicodedata.normalize("NFKD", last.translate(PLAIN))
    plain = UNSAFE.sub("-", "".join(each for each in latin if not unicodedata.combining(each)))
    path = PurePosixPath(plain.strip("-._") or "piece")
    suffix = path.suffix[:LONGEST_SUFFIX]
    return path.stem[: LONGEST - len(suffix)] + suffix
