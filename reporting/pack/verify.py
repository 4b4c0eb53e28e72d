"""Vérification d’un dossier d’audit, hors ligne / Offline verification of an audit pack.

    python verify.py [dossier ou archive.zip] [--language en] [--root EMPREINTE] [--manifest EMPREINTE]

Python 3.9 ou plus, sans rien installer / Python 3.9 or later, nothing to install. Exit: 0 = all holds, 1 = not.

What is proved: every file is the one listed, none is missing or added; each chain of acts is whole and
in order (hash = SHA-256 of the previous hash followed by the payload); each daily seal follows the one
before it and still holds for the acts, and its time stamp and electronic seal, if any, cover it; ledger
rows add up and are those that the acts booked; decisions, declarations and notes give their hashes. The last
root and the manifest's own hash are printed: compare them with those sent to you, or give --root, --manifest.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import zipfile
import zlib
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from reporting.pack.verify_proofs import interest_faults, proof_faults

Faults = Iterator[tuple[str, str]]

MANIFEST = "manifest.json"
CHUNK = 1 << 20
UNREADABLE = (OSError, KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile, zlib.error)

# (act, bucket) -> the fact of the act that says how much it booked; an order's rows are those of its preparation.
BOOKED = {
    ("application.propose", "reserved"): "amount",
    ("application.grant", "committed"): "amount",
    ("claim.verify", "verified"): "aid_due",
    ("order.prepare", "ordered"): "amount",
}
PAID = {"order.pay": "paid"}


class FolderPack:
    """An unpacked folder."""

    def __init__(self, root: str) -> None:
        self.root = root

    def names(self) -> Iterator[str]:
        for place, _folders, files in os.walk(self.root):
            for name in files:
                yield os.path.relpath(os.path.join(place, name), self.root).replace(os.sep, "/")

    def open(self, name: str) -> Any:
        return open(os.path.join(self.root, *name.split("/")), "rb")


class ZipPack:
    """The archive as received."""

    def __init__(self, path: str) -> None:
        self.archive = zipfile.ZipFile(path)

    def names(self) -> Iterator[str]:
        return (name for name in self.archive.namelist() if not name.endswith("/"))

    def open(self, name: str) -> Any:
        return self.archive.open(name)


def sha256(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def fingerprint(stream: Any) -> tuple[str, int, int]:
    """SHA-256, size and number of lines, read piece by piece."""
    digest, size, lines = hashlib.sha256(), 0, 0
    for piece in iter(lambda: stream.read(CHUNK), b""):
        digest.update(piece)
        size += len(piece)
        lines += piece.count(b"\n")
    return digest.hexdigest(), size, lines


def read_lines(pack: Any, name: str) -> list[Any]:
    with pack.open(name) as stream:
        return [json.loads(line) for line in stream.read().decode("utf-8").split("\n") if line]


def read_manifest(pack: Any) -> tuple[Any, str]:
    with pack.open(MANIFEST) as stream:
        content = stream.read()
    return json.loads(content.decode("utf-8")), sha256(content)


def manifest_faults(manifest: Any) -> Faults:
    """The manifest's own lines, against the digest that it carries."""
    if sha256(canonical({key: manifest[key] for key in manifest if key != "digest"})) != manifest.get("digest"):
        yield (
            "Le manifeste a été modifié : ses lignes ne donnent plus son empreinte.",
            "The manifest was altered: its lines do not give its digest.",
        )


def file_faults(pack: Any, manifest: Any) -> Faults:
    """Every file listed is there, whole, once; nothing else is."""
    names = list(pack.names())
    listed = {line["path"]: line for line in manifest["files"]}
    for name in sorted(set(names)):
        if names.count(name) > 1:
            yield "« %s » est deux fois dans l’archive." % name, "“%s” is twice in the archive." % name
        if name not in listed and name != MANIFEST:
            yield (
                "« %s » a été ajouté : il n’est pas au manifeste." % name,
                ("“%s” was added: it is not in the manifest." % name),
            )
    if len(listed) != len(manifest["files"]):
        yield "Le manifeste cite deux fois un même fichier.", "The manifest lists a file twice."
    for name in sorted(listed):
        if name not in names:
            yield "« %s » manque." % name, "“%s” is missing." % name
        else:
            yield from one_file(pack, listed[name])


def one_file(pack: Any, line: Any) -> Faults:
    try:
        with pack.open(line["path"]) as stream:
            digest, size, lines = fingerprint(stream)
    except (zipfile.BadZipFile, zlib.error):
        digest, size, lines = "", 0, 0
    if digest != line["sha256"] or size != line["size"]:
        yield (
            "« %s » a été modifié : son contenu ne donne pas l’empreinte ou la taille du manifeste." % line["path"],
            "“%s” was altered: its content does not give the hash or size in the manifest." % line["path"],
        )
    if line["rows"] is not None and lines != line["rows"]:
        yield (
            "« %s » compte %d lignes et non %d." % (line["path"], lines, line["rows"]),
            "“%s” has %d rows, not %d." % (line["path"], lines, line["rows"]),
        )


def event_faults(events: list[Any], manifest: Any) -> Faults:
    """Each chain: ranks, links, hashes, payloads, and the length and head that the house knew."""
    heads: dict[str, Any] = {}
    for event in events:
        number, head = heads.get(event["subject"], (0, ""))
        yield from link_faults(event, number, head)
        heads[event["subject"]] = (event["number"], event["hash"])
    known = {name: tuple(end) for name, end in manifest["chain"]["heads"].items()}
    for subject in sorted(set(known) | set(heads)):
        if known.get(subject) != heads.get(subject):
            yield (
                "%s : la fin de la chaîne n’est pas celle que le dossier connaît ; des actes manquent." % subject,
                "%s: the chain does not end as the file knows it; acts are missing." % subject,
            )


def link_faults(event: Any, number: int, head: str) -> Faults:
    where = "%s, acte %s" % (event["subject"], event["number"]), "%s, act %s" % (event["subject"], event["number"])
    if event["number"] != number + 1:
        yield (
            "%s : un acte a été retiré, inséré ou déplacé (rang %d attendu)." % (where[0], number + 1),
            "%s: an act was removed, inserted or moved (rank %d expected)." % (where[1], number + 1),
        )
    elif event["previous"] != head:
        yield "%s : ne suit pas l’acte précédent." % where[0], "%s: does not follow the act before it." % where[1]
    if sha256(event["previous"].encode(), event["payload"].encode("utf-8")) != event["hash"]:
        yield (
            "%s : modifié, son contenu ne donne plus son empreinte." % where[0],
            "%s: altered, its payload does not give its hash." % where[1],
        )
    payload = json.loads(event["payload"])
    if (payload["subject"], payload["number"]) != (event["subject"], event["number"]):
        yield "%s : son contenu est celui d’un autre acte." % where[0], "%s: holds another act." % where[1]


def seal_faults(seals: list[Any], events: list[Any], manifest: Any) -> Faults:
    """Each seal against its bytes, the one before it, and the acts that it sealed."""
    hashes = {(event["subject"], event["number"]): event["hash"] for event in events}
    subjects = {event["subject"] for event in events}
    previous = None
    for seal in seals:
        yield from one_seal(seal, previous)
        yield from sealed_faults(seal, hashes, subjects)
        previous = seal["root"]
    chain = manifest["chain"]
    if len(seals) != chain["seals"] or (previous or "") != chain["root"]:
        yield (
            "Des sceaux manquent : le dernier n’est pas celui du manifeste.",
            ("Seals are missing: the last is not the one in the manifest."),
        )


def one_seal(seal: Any, previous: str | None) -> Faults:
    content = json.loads(seal["content"])
    told = (content["day"], content["previous"]) == (seal["day"], seal["previous"])
    if sha256(seal["previous"].encode(), seal["content"].encode("utf-8")) != seal["root"] or not told:
        yield "Le sceau du %s a été modifié." % seal["day"], "The seal of %s was altered." % seal["day"]
    if previous is not None and seal["previous"] != previous:
        yield (
            "Le sceau du %s ne suit pas le précédent : un sceau a été retiré ou déplacé." % seal["day"],
            "The seal of %s does not follow the one before it: a seal was removed or moved." % seal["day"],
        )


def sealed_faults(seal: Any, hashes: Any, subjects: Any) -> Faults:
    for subject, number, digest in json.loads(seal["content"])["subjects"]:
        if subject in subjects and hashes.get((subject, number)) != digest:
            yield (
                "%s, acte %s : scellé le %s, il manque ou diffère." % (subject, number, seal["day"]),
                "%s, act %s: sealed on %s, now missing or different." % (subject, number, seal["day"]),
            )


def note_faults(notes: list[Any], events: list[Any]) -> Faults:
    """The free text of an act gives the salted hash that the act holds."""
    proofs = {(e["subject"], e["number"]): json.loads(e["payload"])["facts"].get("note") for e in events}
    for note in notes:
        place = note["subject"], note["number"]
        if sha256(note["salt"].encode(), note["text"].encode("utf-8")) != proofs.get(place):
            yield "%s, acte %s : le motif a été modifié." % place, "%s, act %s: its note was altered." % place


def ledger_faults(rows: list[Any], events: list[Any], manifest: Any) -> Faults:
    """Ranks, totals, and the amounts that the acts booked."""
    numbers = [row["id"] for row in rows]
    if numbers != sorted(set(numbers)):
        yield "Grand livre : des lignes sont déplacées ou doublées.", "Ledger: rows are moved or doubled."
    yield from total_faults(rows, manifest["totals"])
    payloads = {"%s#%s" % (e["subject"], e["number"]): json.loads(e["payload"]) for e in events}
    booked: dict[Any, Decimal] = {}
    for row in rows:
        if row["cause"] not in payloads:
            yield (
                "Grand livre, ligne %s : l’acte %s n’est pas dans la chaîne." % (row["id"], row["cause"]),
                "Ledger, row %s: act %s is not in the chain." % (row["id"], row["cause"]),
            )
        key = row["cause"], row["bucket"]
        booked[key] = booked.get(key, Decimal(0)) + amount(row)
    yield from booking_faults(payloads, booked)


def amount(row: Any) -> Decimal:
    try:
        return Decimal(row["amount"])
    except InvalidOperation:
        return Decimal("NaN")


def total_faults(rows: list[Any], told: Any) -> Faults:
    found: dict[str, dict[str, Decimal]] = {}
    for row in rows:
        funders = found.setdefault(row["bucket"], {})
        funders[row["funder"]] = funders.get(row["funder"], Decimal(0)) + amount(row)
    said = {bucket: {funder: str(total) for funder, total in parts.items()} for bucket, parts in found.items()}
    for bucket in sorted(set(said) | set(told)):
        if said.get(bucket) != told.get(bucket):
            yield (
                "Grand livre : le total « %s » n’est pas celui du manifeste." % bucket,
                "Ledger: the total “%s” is not that of the manifest." % bucket,
            )


def booking_faults(payloads: Any, booked: Any) -> Faults:
    """What an act says that it booked, its rows must say too."""
    prepared = {p["object"]: p["facts"]["amount"] for p in payloads.values() if p["act"] == "order.prepare"}
    for cause, payload in payloads.items():
        said = {b: payload["facts"].get(fact) for (act, b), fact in BOOKED.items() if act == payload["act"]}
        if payload["act"] in PAID:
            said[PAID[payload["act"]]] = prepared.get(payload["object"])
        for bucket, told in said.items():
            if told is not None and booked.get((cause, bucket), Decimal(0)) != Decimal(told):
                yield (
                    "Grand livre : l’acte %s dit %s pour « %s », ses lignes disent autre chose."
                    % (cause, told, bucket),
                    "Ledger: act %s says %s for “%s”, its rows say otherwise." % (cause, told, bucket),
                )


def decision_faults(decisions: list[Any]) -> Faults:
    for number, made in enumerate(decisions, 1):
        if sha256(made["inputs"].encode("utf-8"), made["outcome"].encode("utf-8")) != made["sha256"]:
            place = number, made["act"]
            yield (
                "Décision %d (%s) : ses faits figés ont été modifiés." % place,
                ("Decision %d (%s): its frozen facts were altered." % place),
            )


def letter_faults(events: list[Any], manifest: Any) -> Faults:
    """A letter that an act names by its hash is there, or was deleted under a rule."""
    held = {line["sha256"] for line in manifest["files"]} | {gone["sha256"] for gone in manifest["tombstones"]}
    for event in events:
        payload = json.loads(event["payload"])
        digest = payload["facts"].get("sha256") if payload["act"] == "record.letter" else None
        if digest and digest not in held:
            place = event["subject"], event["number"]
            yield (
                "%s, acte %s : le courrier émis manque ou diffère." % place,
                ("%s, act %s: the letter sent is missing or different." % place),
            )


def all_faults(pack: Any, manifest: Any) -> Faults:
    yield from manifest_faults(manifest)
    yield from file_faults(pack, manifest)
    held = set(pack.names())
    data = {key: read_lines(pack, path) if path in held else [] for key, path in manifest["data"].items()}
    yield from event_faults(data["events"], manifest)
    yield from seal_faults(data["seals"], data["events"], manifest)
    yield from proof_faults(pack, data["seals"], manifest)
    yield from note_faults(data["notes"], data["events"])
    yield from ledger_faults(data["ledger"], data["events"], manifest)
    yield from decision_faults(data["decisions"])
    yield from interest_faults(data.get("interests", []), data["events"])
    yield from letter_faults(data["events"], manifest)


def anchor_faults(options: Any, manifest: Any, digest: str) -> Faults:
    """What the reader holds from elsewhere: the root mailed that day, the manifest's hash."""
    if options.root and options.root.lower() != manifest["chain"]["root"]:
        yield "Le dernier sceau n’est pas celui que vous tenez.", "The last seal is not the one that you hold."
    if options.manifest and options.manifest.lower() != digest:
        yield "Le manifeste n’est pas celui que vous tenez.", "The manifest is not the one that you hold."


def summary(manifest: Any, digest: str) -> Faults:
    chain = manifest["chain"]
    yield (
        "Dossier %s : %d fichiers, %d actes, %d sceaux." % (
            manifest["reference"], len(manifest["files"]), chain["events"], chain["seals"]),
        "File %s: %d files, %d acts, %d seals." % (
            manifest["reference"], len(manifest["files"]), chain["events"], chain["seals"]),
    )  # fmt: skip
    for gone in manifest["tombstones"]:
        told = gone["name"], gone["deleted_on"], gone["rule"], gone["sha256"]
        yield (
            "Pièce effacée : %s, le %s, règle %s, empreinte %s." % told,
            ("Deleted document: %s, on %s, rule %s, hash %s." % told),
        )
    if chain["unsealed"]:
        yield (
            "%d acte(s) plus récents que le dernier sceau." % chain["unsealed"],
            ("%d act(s) more recent than the last seal." % chain["unsealed"]),
        )
    yield "Dernier sceau : %s" % (chain["root"] or "aucun"), "Last seal: %s" % (chain["root"] or "none")
    yield "Empreinte du manifeste : %s" % digest, "Hash of the manifest: %s" % digest


def arguments(given: list[str]) -> Any:
    parser = argparse.ArgumentParser(description="Vérifie un dossier d’audit / Verifies an audit pack.")
    parser.add_argument("pack", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--language", choices=["fr", "en"], default="fr")
    parser.add_argument("--root", default="")
    parser.add_argument("--manifest", default="")
    return parser.parse_args(given)


def verify(options: Any, told: list[Any], faults: list[Any]) -> None:
    """Add every sentence of the summary, then every fault, as pairs of French and English."""
    pack: Any = FolderPack(options.pack) if os.path.isdir(options.pack) else ZipPack(options.pack)
    manifest, digest = read_manifest(pack)
    told.extend(summary(manifest, digest))
    for fault in all_faults(pack, manifest):
        faults.append(fault)  # one by one: what was found stands when the rest cannot be read
    faults.extend(anchor_faults(options, manifest, digest))


def broken(error: Exception) -> tuple[str, str]:
    return "Le dossier ne se lit plus : %s." % error, "The pack can no longer be read: %s." % error


def main(given: list[str]) -> int:
    options = arguments(given)
    told: list[Any] = []
    faults: list[Any] = []
    try:
        verify(options, told, faults)
    except UNREADABLE as error:
        faults.append(broken(error))
    end = ("Tout concorde.", "Everything holds.") if not faults else ("NE CONCORDE PAS.", "DOES NOT HOLD.")
    rank = 1 if options.language == "en" else 0
    text = "\n".join(sentence[rank] for sentence in [*told, *faults, end])
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
