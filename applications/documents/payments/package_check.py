"""A package checked by whoever receives it: what was altered, taken out or put in since it was made.

Pure: bytes in, findings out. Someone who rewrites the manifest too leaves no trace inside: the digest
of the manifest, which `package.write` returns and the house keeps, closes that door.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections import Counter
from dataclasses import dataclass
from struct import error as StructError
from zipfile import BadZipFile, ZipFile, ZipInfo

from applications.documents.payments.manifest import MANIFEST, SUMS, Manifest, digest, read_manifest, sums_bytes
from applications.rules.base import Reason

MAX_UNPACKED = 1024 * 1024 * 1024
MAX_MEMBERS = 50_000
MAX_MANIFEST = 64 * 1024 * 1024
CHUNK = 1024 * 1024
BROKEN = (BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, StructError)
PROBLEMS = {
    "not_a_package": ("Ce fichier n’est pas un lot lisible.", "This file is not a readable package."),
    "too_big": ("Ce lot est trop gros pour être vérifié.", "This package is too big to be verified."),
    "no_manifest": ("Le manifeste est absent ou illisible.", "The manifest is missing or unreadable."),
    "totals": (
        "Les nombres ou totaux du manifeste ne sont pas ceux de ses mandats et de ses pièces.",
        "The counts or totals of the manifest are not those of its orders and documents.",
    ),
    "another_manifest": (
        "Ce manifeste n’est pas celui qui a été conservé à l’émission.",
        "This manifest is not the one that was kept when the package was made.",
    ),
}


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check found, by path inside the package; `problems` concern the package as a whole."""

    altered: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    problems: tuple[Reason, ...] = ()

    @property
    def intact(self) -> bool:
        """Nothing altered, missing or added, and no problem."""
        return not (self.altered or self.missing or self.added or self.problems)


def verify(content: bytes, manifest_sha256: str = "") -> Verification:
    """Check a package against its manifest, and the manifest against the digest kept, when given."""
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            return _verify(archive, manifest_sha256)
    except BROKEN:
        return Verification(problems=(_problem("not_a_package"),))


def _problem(code: str) -> Reason:
    return Reason(code, *PROBLEMS[code])


def _verify(archive: ZipFile, manifest_sha256: str) -> Verification:
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS or sum(info.file_size for info in infos) > MAX_UNPACKED:
        return Verification(problems=(_problem("too_big"),))
    found = {info.filename: _digest_of(archive, info) for info in infos}
    content = _content(archive, MANIFEST, found)
    try:
        manifest = read_manifest(content)
    except ValueError:
        return Verification(problems=(_problem("no_manifest"),))
    return _compared(archive, manifest, content, found, manifest_sha256)


def _digest_of(archive: ZipFile, info: ZipInfo) -> str:
    """The digest of a member, read by pieces; empty when it cannot be read whole."""
    hashed = hashlib.sha256()
    try:
        with archive.open(info) as member:
            while piece := member.read(CHUNK):
                hashed.update(piece)
    except BROKEN:
        return ""
    return hashed.hexdigest()


def _content(archive: ZipFile, name: str, found: dict[str, str]) -> bytes:
    """A small member whole; empty when it is missing, unreadable or not small."""
    if not found.get(name) or archive.getinfo(name).file_size > MAX_MANIFEST:
        return b""
    return archive.read(name)


def _compared(
    archive: ZipFile, manifest: Manifest, content: bytes, found: dict[str, str], manifest_sha256: str
) -> Verification:
    expected = {member.path: member.sha256 for member in manifest.members}
    altered = [path for path, sha256 in expected.items() if path in found and found[path] != sha256]
    sums = sums_bytes(manifest.members, content)
    others = _altered_sums(_content(archive, SUMS, found), sums) if SUMS in found else ()
    return Verification(
        altered=(*altered, *others),
        missing=tuple(path for path in (*expected, SUMS) if path not in found),
        added=_added(archive, {*expected, MANIFEST, SUMS}),
        problems=_problems(manifest, digest(content), manifest_sha256),
    )


def _altered_sums(found: bytes, expected: bytes) -> tuple[str, ...]:
    """The two manifests beside each other: the last line speaks of the first, the others of the members."""
    if found == expected:
        return ()
    same_members = found.splitlines()[:-1] == expected.splitlines()[:-1]
    return (MANIFEST,) if same_members else (SUMS,)


def _added(archive: ZipFile, expected: set[str]) -> tuple[str, ...]:
    """Members that the manifest does not know, and a second member under a name that it knows."""
    names = Counter(archive.namelist())
    return tuple(name for name, count in names.items() if name not in expected or count > 1)


def _problems(manifest: Manifest, found: str, kept: str) -> tuple[Reason, ...]:
    codes = [] if manifest.coherent else ["totals"]
    if kept and kept != found:
        codes.append("another_manifest")
    return tuple(_problem(code) for code in codes)
