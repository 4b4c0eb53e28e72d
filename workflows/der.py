"""Certificates of a time stamp in the order that DER wants; many an authority sends them in its own.

The signature does not cover them, so that their order proves nothing; but the reader of the library
refuses what is not DER. Only what is read is put in order: what is kept is what came.
"""

from __future__ import annotations

CERTIFICATES = 0xA0


def ordered(response: bytes) -> bytes:
    """The same response (RFC 3161) with its certificates in order; raises ValueError or IndexError when it is none."""
    status, token = _elements(_inside(response))
    kind, explicit = _elements(_inside(token))
    (signed,) = _elements(_inside(explicit))
    parts = [_sorted(part) if part[0] == CERTIFICATES else part for part in _elements(_inside(signed))]
    return _made(response[0], status, _made(token[0], kind, _made(explicit[0], _made(signed[0], *parts))))


def _sorted(part: bytes) -> bytes:
    return _made(part[0], *sorted(_elements(_inside(part))))


def _elements(data: bytes) -> list[bytes]:
    """Each element whole, its tag and length included."""
    found, at = [], 0
    while at < len(data):
        start, size = _head(data, at)
        found.append(data[at : start + size])
        at = start + size
    return found


def _inside(element: bytes) -> bytes:
    start, size = _head(element, 0)
    return element[start : start + size]


def _head(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at a place begins, and its length."""
    size, start = data[at + 1], at + 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[at + 2 : start], "big")
    if start + size > len(data):
        raise ValueError("it is cut")
    return start, size


def _made(tag: int, *parts: bytes) -> bytes:
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
