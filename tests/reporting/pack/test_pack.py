"""The audit pack: its thirteen folders, its index, its manifest, and a verifier that needs nobody."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from reporting.pack.build import Altered, safe
from reporting.pack.elements import ELEMENTS
from reporting.pack.model import Piece
from reporting.writers.ooxml_check import check
from tests.reporting.pack.made import (
    cover,
    files_of,
    pack,
    packed,
    path_of,
    rewrite,
    seals,
    unpacked,
    verified,
)
from workflows.canonical import encode, sha256


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return unpacked(tmp_path / "pack", packed())


def test_a_whole_pack_holds(folder: Path) -> None:
    code, said = verified(folder)
    assert code == 0, said
    assert said.splitlines()[0] == "Dossier KAP-2025-00001 : 23 fichiers, 6 actes, 2 sceaux."
    assert "Pièce effacée : identite.pdf, le 2025-04-01, règle identity_checked, empreinte 1212" in said
    assert "1 acte(s) plus récents que le dernier sceau." in said
    assert said.endswith("Tout concorde.\n")


def test_the_archive_is_verified_as_received_and_in_english(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "pack", packed())
    archive = tmp_path / "pack.zip"
    archive.write_bytes(packed())
    code, said = verified(folder, str(archive), "--language", "en")
    assert (code, said.splitlines()[-1]) == (0, "Everything holds.")
    assert "Deleted document: identite.pdf" in said


def test_the_thirteen_elements_have_their_folder() -> None:
    names = files_of(packed())
    assert len(ELEMENTS) == 13
    for element in ELEMENTS:
        assert [name for name in names if name.startswith(f"{element.folder}/")]
    assert names[f"{ELEMENTS[6].folder}/SANS_PIECE--NO_DOCUMENT.txt"].decode().count("Aucun audit à ce jour.") == 1
    assert all(name.isascii() for name in names)


def test_the_same_pack_gives_the_same_bytes() -> None:
    assert packed() == packed()
    assert packed() != packed(pack(language="en"))


def test_the_index_opens_and_leads_to_each_document(folder: Path) -> None:
    content = (folder / "index.xlsx").read_bytes()
    assert check(content) == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames[:4] == ["Éléments", "Pièces", "Actes", "Grand livre"]
    links = [row[0].hyperlink.target for row in book["Pièces"].iter_rows(min_row=2)]
    assert links
    assert all((folder / link).is_file() for link in links)
    assert [row[0].value for row in book["Pièces"].iter_rows(min_row=2)] == links
    assert [row[0].value for row in book["Éléments"].iter_rows(min_row=2)] == list(range(1, 14))
    assert [cell.value for cell in book["Demandes"][2]] == [1, 2000]


def test_the_manifest_counts_files_rows_and_totals(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    by_path = {line["path"]: line for line in manifest["files"]}
    assert by_path[manifest["data"]["ledger"]]["rows"] == 8
    assert manifest["totals"]["paid"] == {"erdf": "1700.00", "region": "300.00"}
    assert set(by_path) | {"manifest.json"} == {
        path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()
    }


def test_a_document_that_is_not_what_the_house_knows_is_refused() -> None:
    with pytest.raises(Altered, match="facture.pdf"):
        packed(pack(pieces=[Piece(12, "facture.pdf", b"x", sha256="00" * 32)]))


def test_a_document_may_lie_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"content")
    content = packed(pack(pieces=[*pack().pieces, Piece(12, "a.pdf", tmp_path / "a.pdf")]))
    assert files_of(content)["12_Couts_reels--Real_costs/002_a.pdf"] == b"content"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Devis détaillé n° 3.pdf", "Devis_detaille_n_3.pdf"), ("../../etc/passwd", "etc_passwd"), ("é", "e"),
        ("=1+1.csv", "1_1.csv"), ("…", "piece"), ("x" * 200 + ".pdf", "x" * 80 + ".pdf"), ("a\\b:c.txt", "a_b_c.txt"),
    ],
)  # fmt: skip
def test_file_names_are_safe_everywhere(name: str, kept: str) -> None:
    assert safe(name) == kept


Change = Callable[[list[Any]], list[Any]]


def _set(rank: int, **values: Any) -> Change:
    return lambda lines: [line | values if n == rank else line for n, line in enumerate(lines)]


def _payload(rank: int, old: str, new: str) -> Change:
    def change(lines: list[Any]) -> list[Any]:
        assert old in lines[rank]["payload"]
        lines[rank]["payload"] = lines[rank]["payload"].replace(old, new)
        return lines

    return change


def _rehashed(rank: int, old: str, new: str) -> Change:
    """A forger who also works out the new hashes of all that follows."""

    def change(lines: list[Any]) -> list[Any]:
        lines = _payload(rank, old, new)(lines)
        head = ""
        for line in lines:
            line["previous"], head = head, sha256(head.encode(), line["payload"].encode())
            line["hash"] = head
        return lines

    return change


def _swap(first: int, second: int) -> Change:
    def change(lines: list[Any]) -> list[Any]:
        lines[first], lines[second] = lines[second], lines[first]
        return lines

    return change


def _without(rank: int) -> Change:
    return lambda lines: [line for n, line in enumerate(lines) if n != rank]


FORGERIES: dict[str, tuple[str, Change, str]] = {
    "an act is altered": ("events", _payload(2, "2200.00", "9200.00"), "application:1, acte 3 : modifié"),
    "an act is altered and the chain made anew": (
        "events", _rehashed(2, "2200.00", "9200.00"), "application:1, acte 3 : scellé le 2025-03-12, il manque"),
    "an act is removed": ("events", _without(1), "un acte a été retiré, inséré ou déplacé (rang 2 attendu)"),
    "the last act is removed": ("events", _without(5), "la fin de la chaîne n’est pas celle que le dossier connaît"),
    "acts are reordered": ("events", _swap(1, 2), "un acte a été retiré, inséré ou déplacé (rang 2 attendu)"),
    "an act is inserted": ("events", lambda lines: [*lines[:3], lines[2], *lines[3:]], "rang 4 attendu"),
    "a seal is altered": (
        "seals", lambda lines: _set(0, content=lines[0]["content"].replace("cd", "ce"))(lines),
        "Le sceau du 2025-03-12 a été modifié."),
    "a seal is removed": ("seals", _without(1), "Des sceaux manquent"),
    "seals are reordered": ("seals", _swap(0, 1), "Le sceau du 2025-03-12 ne suit pas le précédent"),
    "a note is altered": ("notes", _set(0, text="Autre motif."), "application:1, acte 4 : le motif a été modifié."),
    "a ledger row is altered": ("ledger", _set(0, amount="1.00"), "Grand livre : le total « committed »"),
    "a ledger row is removed": ("ledger", _without(7), "Grand livre : le total « paid »"),
    "ledger rows are reordered": ("ledger", _swap(0, 1), "Grand livre : des lignes sont déplacées ou doublées."),
    "a ledger row has another cause": (
        "ledger", _set(0, cause="application:1#99"), "Grand livre, ligne 10 : l’acte application:1#99 n’est pas"),
    "a ledger amount is no number": ("ledger", _set(0, amount="abc"), "Grand livre : le total « committed »"),
    "a decision is altered": (
        "decisions", _set(0, outcome='{"aid":"9.00"}'), "Décision 1 (grant) : ses faits figés ont été modifiés."),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGERIES)
def test_a_forgery_is_named_even_when_the_manifest_covers_it(folder: Path, name: str) -> None:
    """Once as a clumsy hand would do it, once with sizes, hashes and rows of the manifest put right."""
    key, change, fault = FORGERIES[name]
    rewrite(folder, key, change)
    code, said = verified(folder)
    assert code == 1
    assert f"« {path_of(folder, key).relative_to(folder).as_posix()} » a été modifié" in said
    cover(folder)
    code, said = verified(folder)
    assert code == 1
    assert "» a été modifié" not in said
    assert fault in said, said
    assert said.endswith("NE CONCORDE PAS.\n")


def test_a_ledger_row_and_its_total_altered_together_contradict_the_act(folder: Path) -> None:
    rewrite(folder, "ledger", _set(0, amount="1970.00"))
    cover(folder, lambda m: m | {"totals": m["totals"] | {"committed": {"erdf": "1970.00", "region": "330.00"}}})
    code, said = verified(folder, "--language", "en")
    assert code == 1
    assert "Ledger: act application:1#3 says 2200.00 for “committed”, its rows say otherwise." in said


def test_the_rows_of_a_payment_are_those_of_its_order(folder: Path) -> None:
    rewrite(folder, "ledger", lambda rows: [row for row in rows if row["bucket"] != "paid"])
    cover(folder, lambda m: m | {"totals": {k: v for k, v in m["totals"].items() if k != "paid"}})
    assert "l’acte application:1#6 dit 2000.00 pour « paid »" in verified(folder)[1]


def _first(folder: Path, element: str) -> Path:
    return next(path for path in sorted(folder.rglob("*.pdf")) if path.parent.name.startswith(element))


def test_an_altered_document_is_named(folder: Path) -> None:
    path = _first(folder, "12")
    path.write_bytes(path.read_bytes() + b" ")
    code, said = verified(folder)
    assert code == 1
    assert f"« {path.relative_to(folder).as_posix()} » a été modifié" in said


def test_a_removed_document_is_named(folder: Path) -> None:
    path = _first(folder, "01")
    path.unlink()
    code, said = verified(folder, "--language", "en")
    assert code == 1
    assert f"“{path.relative_to(folder).as_posix()}” is missing." in said


def test_an_added_document_is_named(folder: Path) -> None:
    (folder / "autre.pdf").write_bytes(b"x")
    assert verified(folder)[0] == 1
    assert "« autre.pdf » a été ajouté" in verified(folder)[1]


def test_a_letter_that_an_act_names_cannot_be_replaced(folder: Path) -> None:
    _first(folder, "02").write_bytes(b"another letter")
    cover(folder)
    code, said = verified(folder)
    assert code == 1
    assert "application:1, acte 2 : le courrier émis manque ou diffère." in said


def test_a_letter_deleted_under_a_rule_is_accepted(folder: Path) -> None:
    path = _first(folder, "02")
    name = path.relative_to(folder).as_posix()
    path.unlink()

    def bury(manifest: Any) -> Any:
        line = next(line for line in manifest["files"] if line["path"] == name)
        stone = manifest["tombstones"][0] | {"name": "lettre.pdf", "sha256": line["sha256"]}
        kept = [other for other in manifest["files"] if other is not line]
        return manifest | {"files": kept, "tombstones": [*manifest["tombstones"], stone]}

    cover(folder, bury)
    code, said = verified(folder)
    assert code == 0, said
    assert "Pièce effacée : lettre.pdf" in said


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            '"french":"Devis"',
            '"french":"Bon"',
            "Le manifeste a été modifié : ses lignes",
        ),
        ('"rule":"identity_checked"', '"rule":"x"', "Le manifeste a été modifié"),
        ('"events":6', '"events":7', "Le manifeste a été modifié"),
        ('"rows":8', '"rows":9', "compte 8 lignes et non 9"),
    ],
)
def test_a_line_of_the_manifest_that_is_altered_is_named(folder: Path, old: str, new: str, fault: str) -> None:
    path = folder / "manifest.json"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    code, said = verified(folder)
    assert code == 1
    assert fault in said


def test_a_manifest_line_that_is_removed_or_moved_is_found_out(folder: Path) -> None:
    path = folder / "manifest.json"
    manifest = json.loads(path.read_bytes())
    gone = manifest["files"].pop(0)["path"]
    path.write_bytes(encode(manifest))
    assert f"« {gone} » a été ajouté" in verified(folder)[1]
    manifest = json.loads(files_of(packed())["manifest.json"])
    manifest["files"].reverse()
    path.write_bytes(encode(manifest))
    assert "Le manifeste a été modifié" in verified(folder)[1]


def test_what_the_auditor_holds_from_elsewhere_is_compared(folder: Path) -> None:
    root = seals(pack().events)[-1].root  # type: ignore[arg-type]
    assert verified(folder, "--root", root.upper())[0] == 0
    code, said = verified(folder, "--root", "00" * 32, "--manifest", "11" * 32)
    assert code == 1
    assert "Le dernier sceau n’est pas celui que vous tenez." in said
    assert "Le manifeste n’est pas celui que vous tenez." in said


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"files": 3}'])
def test_a_pack_that_cannot_be_read_says_so(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    code, said = verified(folder)
    assert code == 1
    assert "Le dossier ne se lit plus" in said


def test_evidence_that_cannot_be_read_does_not_hide_what_was_found(folder: Path) -> None:
    path_of(folder, "events").write_bytes(b"{broken\n")
    code, said = verified(folder)
    assert code == 1
    assert "» a été modifié" in said
    assert "Le dossier ne se lit plus" in said


def test_a_damaged_archive_is_found_out(tmp_path: Path, folder: Path) -> None:
    content = bytearray(packed())
    content[content.find(b"%PDF-1.4 invoice") + 3] ^= 1
    (tmp_path / "pack.zip").write_bytes(content)
    code, said = verified(folder, str(tmp_path / "pack.zip"))
    assert code == 1
    assert "« 12_Couts_reels--Real_costs/001_Facture_1_.pdf » a été modifié" in said


def test_a_file_without_seals_says_so(tmp_path: Path) -> None:
    folder = unpacked(tmp_path / "pack", packed(pack(seals=[])))
    code, said = verified(folder)
    assert code == 0
    assert "6 acte(s) plus récents que le dernier sceau." in said
    assert "Dernier sceau : aucun" in said


def test_a_ledger_of_nothing_and_a_pack_without_notes_hold(tmp_path: Path) -> None:
    bare = pack(ledger=[], notes=[], events=pack().events[:2], seals=[], decisions=[], tables=[])
    assert verified(unpacked(tmp_path / "pack", packed(bare)))[0] == 0


def test_a_correction_in_the_ledger_is_a_row_like_another(tmp_path: Path) -> None:
    """Rows of an act that says no amount are counted in the totals and need their act."""
    rows = list(pack().ledger)
    more = replace(rows[0], id=99, amount=Decimal("-5.00"), bucket="reserved", cause="application:1#1")
    assert verified(unpacked(tmp_path / "pack", packed(pack(ledger=[*rows, more]))))[0] == 0
