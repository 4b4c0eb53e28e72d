"""Time stamps and electronic seals in a pack: their files, how the manifest names them, how openssl checks them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from reporting.pack.elements import CHAIN
from reporting.pack.model import Pack, Proof

FOLDER = f"{CHAIN.folder}/preuves-des-sceaux--seal-proofs"
ENDINGS = {"timestamp": "tsr", "signature": "p7s"}
TITLES = {
    "timestamp": ("Horodatage du sceau du {}", "Time stamp of the seal of {}"),
    "signature": ("Cachet électronique du sceau du {}", "Electronic seal of the seal of {}"),
}
_HERE = Path(__file__).parent
_IMPORT = "from reporting.pack.verify_proofs import interest_faults, proof_faults\n\n"
_PART = "# --- what stands in verify.py\n\n"

HOW = """\

Horodatages et cachets électroniques, dans le dossier {folder}
Pour un jour, JOUR.txt est le sceau, JOUR.tsr son horodatage (RFC 3161), JOUR.p7s son cachet (CMS détaché).
verify.py dit s’ils portent sur le sceau du jour. Que la signature tient et de qui elle est, openssl le dit,
avec les racines de l’autorité (racines.pem), à prendre chez elle ou dans la liste de confiance de l’Union, non ici :
  openssl ts -verify -data JOUR.txt -in JOUR.tsr -CAfile racines.pem
  openssl cms -verify -binary -inform DER -in JOUR.p7s -content JOUR.txt -purpose any -CAfile racines.pem
Les certificats des signataires sont les fichiers .pem du dossier.
Après leur expiration, ajouter -attime et le moment de l’horodatage, en secondes (date -d … +%s).

Time stamps and electronic seals, in the folder {folder}
For a day, DAY.txt is the seal, DAY.tsr its time stamp (RFC 3161), DAY.p7s its electronic seal (detached CMS).
verify.py says whether they cover the seal of that day. That the signature holds and whose it is, openssl says,
with the roots of the authority (roots.pem), to be had from it or from the trusted list of the Union, not from here:
  openssl ts -verify -data DAY.txt -in DAY.tsr -CAfile roots.pem
  openssl cms -verify -binary -inform DER -in DAY.p7s -content DAY.txt -purpose any -CAfile roots.pem
The certificates of those who signed are the .pem files of the folder.
After they expired, add -attime and the moment of the time stamp, in seconds (date -d … +%s).
"""


def files(pack: Pack) -> Iterator[tuple[str, tuple[str, str], bytes]]:
    """Path, titles and bytes of each: the root in letters, its proofs, and each certificate once."""
    for day, root in sorted({(proof.day, proof.root) for proof in pack.proofs}):
        yield root_path(day), (f"Sceau du {day}", f"Seal of {day}"), root.encode("ascii")
    for proof in pack.proofs:
        french, english = TITLES[proof.kind]
        yield proof_path(proof), (french.format(proof.day), english.format(proof.day)), proof.content
    for content in sorted({proof.certificate.encode("ascii") for proof in pack.proofs if proof.certificate}):
        name = f"certificat--certificate-{hashlib.sha256(content).hexdigest()[:16]}.pem"
        yield f"{FOLDER}/{name}", ("Certificat d’un signataire", "Certificate of a signer"), content


def root_path(day: object) -> str:
    return f"{FOLDER}/{day}.txt"


def proof_path(proof: Proof) -> str:
    return f"{FOLDER}/{proof.day}.{ENDINGS[proof.kind]}"


def listed(pack: Pack) -> list[dict[str, str]]:
    """The proofs as the manifest names them."""
    return [
        {"day": str(p.day), "kind": p.kind, "path": proof_path(p), "root": root_path(p.day)} for p in pack.proofs
    ]  # fmt: skip


def how(pack: Pack) -> str:
    """What the README of the pack says of them, where there are some."""
    return HOW.format(folder=FOLDER) if pack.proofs else ""


def verifier() -> bytes:
    """`verify.py` in one file: the part that reads proofs and declarations stands where the house imports it."""
    whole, part = ((_HERE / name).read_text(encoding="utf-8") for name in ("verify.py", "verify_proofs.py"))
    before, found, after = whole.partition(_IMPORT)
    if not found:
        raise ValueError("verify.py does not import its part")
    return (before + part.partition(_PART)[2] + "\n\n" + after).encode("utf-8")
