"""What every writer writes to, and what it says when it cannot."""

from __future__ import annotations

import hashlib
from typing import Any, Protocol


class ByteStream(Protocol):
    """Anything that takes bytes: a file, a BytesIO, an HTTP response."""

    def write(self, content: bytes, /) -> Any: ...


class CannotWrite(ValueError):
    """A file that cannot be made as asked: the reason and what to do, in one French and one English sentence."""

    def __init__(self, french: str, english: str) -> None:
        super().__init__(french)
        self.french, self.english = french, english

    def said(self, language: str) -> str:
        return self.english if language.startswith("en") else self.french


class Hashed:
    """A stream that counts and hashes what passes to another; it cannot go back, as a response cannot."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream, self._digest = stream, hashlib.sha256()
        self.size = 0

    def write(self, content: bytes, /) -> int:
        self._digest.update(content)
        self._stream.write(content)
        self.size += len(content)
        return len(content)

    def flush(self) -> None:
        """The zip writer asks for it; nothing is held back here."""

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()
