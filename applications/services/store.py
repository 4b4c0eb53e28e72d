"""Documents by content: bytes are kept under their SHA-256, once, and checked when read."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import BinaryIO

from django.conf import settings


class Altered(Exception):
    """The bytes on disk are no longer those that were stored."""


def put(content: bytes) -> str:
    """Keep the bytes and return their SHA-256 (hexadecimal); the same bytes are kept once."""
    digest = hashlib.sha256(content).hexdigest()
    path = path_of(digest)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_whole(path, content)
    return digest


def _write_whole(path: Path, content: bytes) -> None:
    """Write beside, then rename: a crash leaves no half document."""
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def adopt(path: Path) -> str:
    """Keep a file that was written elsewhere, whatever its size, and return its SHA-256; the file leaves its place."""
    digest = digest_of(path)
    kept = path_of(digest)
    if kept.exists():
        path.unlink()
        return digest
    kept.parent.mkdir(parents=True, exist_ok=True)
    beside = kept.with_name(f"{digest}.{path.name}")
    shutil.move(path, beside)
    beside.replace(kept)
    return digest


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def opened(digest: str) -> BinaryIO:
    """A document open for reading, its bytes checked first; for those too large to hold in memory."""
    if digest_of(path_of(digest)) != digest:
        raise Altered(digest)
    return path_of(digest).open("rb")


def get(digest: str) -> bytes:
    """Read a document; raises Altered when its bytes do not give its hash, FileNotFoundError when gone."""
    content = path_of(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Altered(digest)
    return content


def path_of(digest: str) -> Path:
    """Where a document lies: two levels of folders, so that none grows too large."""
    return Path(settings.GUICHET_DOCUMENTS_DIR) / digest[:2] / digest[2:4] / digest
