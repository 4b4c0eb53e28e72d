"""The part of `verify.py` on time stamps, electronic seals and declarations of interests; one file in a pack.

It reads the DER of a token and of a signature with the standard library alone, and compares what they
cover with the seal. That the signature itself holds, and whose it is, `openssl` says: see the README.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any

# --- what stands in verify.py

HASHES = {"608648016503040201": "sha256", "608648016503040202": "sha384", "608648016503040203": "sha512"}
MESSAGE_DIGEST = "2a864886f70d010904"
PROOFS = {
    "timestamp": ("L’horodatage du sceau du %s", "The time stamp of the seal of %s"),
    "signature": ("Le cachet électronique du sceau du %s", "The electronic seal of the seal of %s"),
}


def der(data: bytes, *ranks: int) -> list[tuple[int, bytes]]:
    """The elements of a DER value as (tag, content); with ranks, those inside the element at each rank in turn."""
    found, at = [], 0
    while at < len(data):
        tag, size, at = data[at], data[at + 1], at + 2
        if size & 0x80:
            more = size & 0x7F
            size, at = int.from_bytes(data[at : at + more], "big"), at + more
        if not 0 < at + size <= len(data):
            raise ValueError("DER is cut")
        found.append((tag, data[at : at + size]))
        at += size
    return der(found[ranks[0]][1], *ranks[1:]) if ranks else found


def hashed(name: str, content: bytes) -> bytes:
    return hashlib.new(HASHES[name], content).digest()


def signer_holds(signed: list[tuple[int, bytes]], content: bytes) -> bool:
    """What the signer of a CMS message signed is the hash of this content."""
    signer = der(signed[-1][1], 0)
    told = [der(attribute) for _tag, attribute in der(signer[3][1])]
    digests = [der(values[1])[0][1] for oid, values in told if oid[1].hex() == MESSAGE_DIGEST]
    return digests == [hashed(der(signer[2][1])[0][1].hex(), content)]


def stamp_holds(content: bytes, root: bytes) -> bool:
    """A response of RFC 3161: granted, made over the root, and its signer signed just what it says."""
    signed = der(content, 0, 1, 1, 0)
    info = der(signed[2][1], 1)[0][1]
    algorithm, imprint = der(der(info, 0)[2][1])
    granted = der(content, 0, 0)[0][1] == b"\0"
    return granted and imprint[1] == hashed(der(algorithm[1])[0][1].hex(), root) and signer_holds(signed, info)


def signature_holds(content: bytes, root: bytes) -> bool:
    """A detached CMS signature whose signer signed the root."""
    return signer_holds(der(content, 0, 1, 0), root)


def proof_faults(pack: Any, seals: list[Any], manifest: Any) -> Iterator[tuple[str, str]]:
    """Each time stamp and each electronic seal covers the seal of its day; the root beside it is that seal's."""
    roots = {seal["day"]: seal["root"].encode() for seal in seals}
    held = set(pack.names())
    for proof in manifest.get("proofs", []):
        day, kind, root = proof["day"], proof["kind"], roots.get(proof["day"], b"")
        if not {proof["path"], proof["root"]} <= held:
            continue  # what is missing was named with the files
        with pack.open(proof["path"]) as stream, pack.open(proof["root"]) as beside:
            content, written = stream.read(), beside.read()
        if written != root:
            yield (
                "« %s » n’est pas le sceau du %s." % (proof["root"], day),
                "“%s” is not the seal of %s." % (proof["root"], day),
            )
        if not covers(kind, content, root):
            french, english = PROOFS[kind]
            yield (
                (french + " ne porte pas sur lui, ou a été modifié.") % day,
                (english + " is not made over it, or was altered.") % day,
            )


def covers(kind: str, content: bytes, root: bytes) -> bool:
    try:
        return (stamp_holds if kind == "timestamp" else signature_holds)(content, root)
    except (ValueError, IndexError, KeyError):
        return False  # it can no longer be read


def interest_faults(rows: list[Any], events: list[Any]) -> Iterator[tuple[str, str]]:
    """Each declaration gives its salted hash, says what its line says, and is of somebody who acted on the file."""
    acted = {json.loads(event["payload"])["person"] for event in events}
    for row in rows:
        said, place = json.loads(row["said"]), (row["name"], row["declared_on"])
        line = {"person": row["person"], "on": row["declared_on"], "wording": row["wording"], "sirens": row["sirens"]}
        digest = hashlib.sha256(row["salt"].encode() + row["said"].encode("utf-8")).hexdigest()
        if digest != row["sha256"] or any(said[name] != line[name] for name in line):
            yield (
                "Déclaration d’intérêts de %s, %s : elle a été modifiée." % place,
                "Declaration of interests of %s, %s: it was altered." % place,
            )
        if row["person"] not in acted:
            yield (
                "Déclaration d’intérêts de %s, %s : aucun acte de cette personne." % place,
                "Declaration of interests of %s, %s: no act of this person." % place,
            )
