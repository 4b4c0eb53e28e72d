"""Vérification de plusieurs dossiers d’audit, hors ligne / Offline verification of several audit packs.

    python verify_all.py [dossier] [--language en] [--manifest EMPREINTE]

To be run where the archive was unpacked, beside verify.py. Python 3.9 or later, nothing to install.
Exit: 0 = all holds, 1 = not. The list of packs is checked first, then each pack by verify.py.
"""

from __future__ import annotations

import argparse
import os
import sys
from typing import Any

sys.dont_write_bytecode = True  # an unpacked folder stays as it was received
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import verify  # noqa: E402


def listed_faults(folder: Any, manifest: Any) -> Any:
    """Every pack of the list is there, whole; nothing else is."""
    yield from verify.manifest_faults(manifest)
    names = set(folder.names())
    known = {line["path"]: line for line in manifest["files"]}
    if [line["path"] for line in manifest["files"]] != sorted(known):
        yield "La liste des dossiers a été déplacée ou doublée.", "The list of packs was moved or doubled."
    for name in sorted(names - set(known) - {verify.MANIFEST}):
        yield "« %s » a été ajouté." % name, "“%s” was added." % name
    for name in sorted(known):
        if name not in names:
            yield "« %s » manque." % name, "“%s” is missing." % name
            continue
        with folder.open(name) as stream:
            digest, size, _lines = verify.fingerprint(stream)
        if (digest, size) != (known[name]["sha256"], known[name]["size"]):
            yield "« %s » a été modifié." % name, "“%s” was altered." % name


def pack_faults(root: str, line: Any, language: str) -> Any:
    """What verify.py finds in one pack, under its reference."""
    path = os.path.join(root, *line["path"].split("/"))
    options = argparse.Namespace(pack=path, language=language, root=line["root"], manifest=line["manifest_sha256"])
    told: list[Any] = []
    faults: list[Any] = []
    try:
        verify.verify(options, told, faults)
    except verify.UNREADABLE as error:
        faults.append(verify.broken(error))
    for french, english in faults:
        yield "%s : %s" % (line["reference"], french), "%s: %s" % (line["reference"], english)


def check(root: str, language: str, given: str, told: list[Any], faults: list[Any]) -> None:
    """Add the summary, then every fault, as pairs of French and English."""
    folder = verify.FolderPack(root)
    manifest, digest = verify.read_manifest(folder)
    packs = [line for line in manifest["files"] if line["reference"]]
    told.append(("%d dossiers d’audit." % len(packs), "%d audit packs." % len(packs)))
    told.append(("Empreinte du manifeste : %s" % digest, "Hash of the manifest: %s" % digest))
    for fault in listed_faults(folder, manifest):
        faults.append(fault)  # one by one: what was found stands when the rest cannot be read
    for line in packs:
        if os.path.isfile(os.path.join(root, *line["path"].split("/"))):
            faults.extend(pack_faults(root, line, language))
    if given and given.lower() != digest:
        faults.append(("Le manifeste n’est pas celui que vous tenez.", "The manifest is not the one that you hold."))


def main(given: list[str]) -> int:
    parser = argparse.ArgumentParser(description="Vérifie plusieurs dossiers d’audit / Verifies several audit packs.")
    parser.add_argument("folder", nargs="?", default=os.path.dirname(os.path.abspath(__file__)))
    parser.add_argument("--language", choices=["fr", "en"], default="fr")
    parser.add_argument("--manifest", default="")
    options = parser.parse_args(given)
    told: list[Any] = []
    faults: list[Any] = []
    try:
        check(options.folder, options.language, options.manifest, told, faults)
    except verify.UNREADABLE as error:
        faults.append(verify.broken(error))
    end = ("Tout concorde.", "Everything holds.") if not faults else ("NE CONCORDE PAS.", "DOES NOT HOLD.")
    rank = 1 if options.language == "en" else 0
    text = "\n".join(sentence[rank] for sentence in [*told, *faults, end])
    sys.stdout.buffer.write(text.encode("utf-8") + b"\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
