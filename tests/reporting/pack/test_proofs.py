"""Time stamps and electronic seals in a pack: what verify.py says of them without a library, and what openssl says."""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reporting.pack import proofs
from reporting.pack.model import Pack, Proof
from tests.authority import Authority, openssl, served
from tests.reporting.pack.made import cover, pack, packed, unpacked, verified
from workflows import seal_key, timestamps

DAYS = (date(2025, 3, 12), date(2025, 3, 30))
STAMP, SIGNATURE = "2025-03-30.tsr", "2025-03-30.p7s"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def proved(authority: Authority, settings: Any) -> Pack:
    """A pack whose two seals are stamped and signed."""
    settings.GUICHET_SEAL_KEY, settings.GUICHET_SEAL_CERTIFICATE = (
        str(authority.folder / name) for name in ("house.key", "house.pem")
    )
    plain = pack()
    with served(authority):
        settings.GUICHET_TIMESTAMP_URL = authority.url
        made = [proof for seal in plain.seals for proof in _both(seal.day, seal.root)]
    return pack(proofs=made)


def _both(day: date, root: str) -> list[Proof]:
    stamped, signed = timestamps.stamp(root.encode()), seal_key.sign(root.encode())
    return [
        Proof(day, "timestamp", root, stamped.content, stamped.certificate),
        Proof(day, "signature", root, signed.content, signed.certificate),
    ]


@pytest.fixture
def folder(proved: Pack, tmp_path: Path) -> Path:
    return unpacked(tmp_path / "pack", packed(proved))


def place(folder: Path, name: str) -> Path:
    return folder / proofs.FOLDER / name


def test_a_pack_with_proofs_holds_and_holds_their_files(folder: Path) -> None:
    code, said = verified(folder)
    assert code == 0, said
    names = sorted(path.name for path in (folder / proofs.FOLDER).iterdir())
    assert [name for name in names if not name.endswith(".pem")] == [
        f"{day}.{ending}" for day in DAYS for ending in ("p7s", "tsr", "txt")
    ]
    assert len([name for name in names if name.endswith(".pem")]) == 2


def test_the_readme_gives_commands_that_verify(folder: Path, authority: Authority) -> None:
    """The lines are taken from the README itself, with the day and the roots put in."""
    readme = (folder / "LISEZMOI--README.txt").read_text(encoding="utf-8")
    lines = [line.strip() for line in readme.splitlines() if line.startswith("  openssl")]
    assert len(lines) == 4
    for line in lines:
        words = line.replace("JOUR", "DAY").replace("racines.pem", str(authority.folder / "root.pem")).split()
        words = [word.replace("roots.pem", str(authority.folder / "root.pem")) for word in words]
        said = openssl(*(word.replace("DAY", str(place(folder, "2025-03-30"))) for word in words[1:]))
        assert "Verification: OK" in said or "verification successful" in said.lower()


def test_a_pack_without_proofs_does_not_speak_of_them(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "pack", packed())
    assert not (folder / proofs.FOLDER).exists()
    assert "openssl" not in (folder / "LISEZMOI--README.txt").read_text(encoding="utf-8")


def _other_seal(folder: Path, name: str) -> None:
    place(folder, name).write_bytes(place(folder, name.replace("03-30", "03-12")).read_bytes())


def _altered_root(folder: Path, name: str) -> None:
    """The root within the proof: its imprint, or the digest that was signed."""
    path = place(folder, name)
    content = path.read_bytes()
    digest = hashlib.sha256(place(folder, "2025-03-30.txt").read_bytes()).digest()
    assert digest in content
    path.write_bytes(content.replace(digest, digest[::-1]))


def _altered_time(folder: Path, name: str) -> None:
    """Another year in the token, of which the signer signed the hash."""
    path = place(folder, name)
    content = path.read_bytes()
    at = content.index(b"\x18\x0f20") + 4
    path.write_bytes(content[:at] + b"19" + content[at + 2 :])


def _cut(folder: Path, name: str) -> None:
    path = place(folder, name)
    path.write_bytes(path.read_bytes()[:-40])


def _emptied(folder: Path, name: str) -> None:
    place(folder, name).write_bytes(b"")


@pytest.mark.parametrize(
    ("harm", "name"),
    [
        (_other_seal, STAMP), (_altered_root, STAMP), (_altered_time, STAMP), (_cut, STAMP), (_emptied, STAMP),
        (_other_seal, SIGNATURE), (_altered_root, SIGNATURE), (_cut, SIGNATURE), (_emptied, SIGNATURE),
    ],
)  # fmt: skip
@pytest.mark.parametrize("covered", [False, True])
def test_an_altered_proof_is_named(folder: Path, harm: Callable[[Path, str], None], name: str, covered: bool) -> None:
    harm(folder, name)
    if covered:
        cover(folder)
    code, said = verified(folder)
    assert code == 1
    assert ("horodatage" if name == STAMP else "cachet électronique") in said.lower()
    assert "du sceau du 2025-03-30" in said or "du 2025-03-30" in said
    assert (f"{name} » a été modifié" in said) is not covered
    assert "du 2025-03-12 ne porte pas" not in said
    assert (("time stamp" if name == STAMP else "electronic seal") + " of the seal of 2025-03-30") in verified(
        folder, "--language", "en"
    )[1].lower()


def test_a_root_that_is_not_the_seals_is_named(folder: Path) -> None:
    place(folder, "2025-03-30.txt").write_bytes(b"0" * 64)
    cover(folder)
    code, said = verified(folder)
    assert (code, "2025-03-30.txt » n’est pas le sceau du 2025-03-30" in said) == (1, True)


def test_a_proof_that_is_gone_is_named(folder: Path) -> None:
    place(folder, STAMP).unlink()
    code, said = verified(folder)
    assert (code, f"{STAMP} » manque" in said) == (1, True)


def test_the_verifier_is_one_file_of_the_standard_library(folder: Path) -> None:
    source = (folder / "verify.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    imported |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names
    assert "def proof_faults" in source
