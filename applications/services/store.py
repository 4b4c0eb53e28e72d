"""Documents by content: bytes are kept under their SHA-256, once, and checked when read."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

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


def get(digest: str) -> bytes:
    """Read a document; raises Altered when its bytes do not give its hash, FileNotFoundError when gone."""
    content = path_of(digest).read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise Altered(digest)
    return content


def path_of(digest: str) -> Path:
    """Where a document lies: two levels of folders, so that none grows too large."""
    return Path(settings.GUICHET_DOCUMENTS_DIR) / digest[:2] / digest[2:4] / digest
