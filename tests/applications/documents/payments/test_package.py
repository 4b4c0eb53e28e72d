"""The accountant's package: what it holds, the same bytes, and whatever is changed in it found."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest

from applications.documents import bordereau
from applications.documents.payments import package_check
from applications.documents.payments.batch import Batch, SupportingDocument
from applications.documents.payments.credit_transfers import read
from applications.documents.payments.package import safe_name, write
from applications.documents.payments.package_check import Verification, verify
from applications.documents.payments.writers import FORMATS, Format
from tests.applications.documents.payments.samples import BATCH, CREATED, DEBTOR
from tests.applications.documents.samples import rows, total

PDF = b"%PDF-1.7 bordereau"


def document(order: str, name: str, content: bytes) -> SupportingDocument:
    return SupportingDocument(
        order_number=order, name=name, content=content, sha256=hashlib.sha256(content).hexdigest()
    )


def batch(count: int = 2, **changes: Any) -> Batch:
    orders = rows(count)
    values: dict[str, Any] = {
        "number": BATCH,
        "created": CREATED,
        "execution_date": date(2026, 3, 4),
        "issuer": "Région Réunion",
        "orders": orders,
        "total": total(orders),
        "bordereau": PDF,
        "documents": (
            document("MD-00001", "Facture n° 12.pdf", b"%PDF facture"),
            document("MD-00001", "Relevé d’identité bancaire.pdf", b"%PDF rib"),
            document("MD-00002", "Facture n° 12.pdf", b"%PDF autre"),
        ),
        "debtor_iban": DEBTOR,
    }
    return Batch(**{**values, **changes})


def written(given: Batch) -> bytes:
    out = io.BytesIO()
    write(given, out)
    return out.getvalue()


def members(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_holds_listing_schedule_documents_and_manifest() -> None:
    found = members(written(batch()))
    assert list(found) == [
        f"{BATCH}.csv",
        f"{BATCH}.pdf",
        "pieces/MD-00001/01-Facture-no-12.pdf",
        "pieces/MD-00001/02-Releve-d-identite-bancaire.pdf",
        "pieces/MD-00002/01-Facture-no-12.pdf",
        "manifest.json",
        "manifest.sha256",
    ]
    assert found[f"{BATCH}.csv"] == bordereau.csv_bytes(rows(2), number=BATCH, total=Decimal("2003.74"))
    assert b";1001,37;" in found[f"{BATCH}.csv"]
    assert found[f"{BATCH}.pdf"] == PDF
    assert found["pieces/MD-00002/01-Facture-no-12.pdf"] == b"%PDF autre"


def test_the_manifest_counts_and_adds_up() -> None:
    found = members(written(batch()))
    manifest = json.loads(found["manifest.json"])
    assert manifest["format"] == "guichet-batch/1"
    assert (manifest["count"], manifest["total"], manifest["documents"]) == (2, "2003.74", 3)
    assert manifest["orders"][0] == {
        "number": "MD-00001",
        "file": "04-2026-000001",
        "claim": "DP-1",
        "amount": "1001.37",
        "documents": 2,
    }
    assert [member["name"] for member in manifest["members"]][2] == "Facture n° 12.pdf"
    assert all(
        member["sha256"] == hashlib.sha256(found[member["path"]]).hexdigest()
        and member["size"] == len(found[member["path"]])
        for member in manifest["members"]
    )
    assert "Épicerie" not in found["manifest.json"].decode()
    assert "FR76" not in found["manifest.json"].decode()


def test_the_usual_tools_check_the_sums(tmp_path: Path) -> None:
    with ZipFile(io.BytesIO(written(batch()))) as archive:
        archive.extractall(tmp_path)
    check = ["sha256sum", "--check", "--strict", "manifest.sha256"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode == 0
    (tmp_path / f"{BATCH}.pdf").write_bytes(b"%PDF other")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True, check=False).returncode != 0


def test_the_same_batch_gives_the_same_bytes(tmp_path: Path) -> None:
    content = written(batch())
    assert written(batch()) == content
    with (tmp_path / "a.zip").open("wb") as out:
        write(batch(), out)
    assert (tmp_path / "a.zip").read_bytes() == content
    with tempfile.SpooledTemporaryFile(max_size=10) as spooled:
        write(batch(), spooled)  # type: ignore[arg-type]
        spooled.seek(0)
        assert spooled.read() == content
    assert written(batch(bordereau=PDF + b" ")) != content


def test_members_are_dated_by_the_batch_and_stored() -> None:
    moved = batch(created=CREATED.astimezone(timezone(timedelta(hours=4))))
    for given in (batch(), moved):
        with ZipFile(io.BytesIO(written(given))) as archive:
            assert {info.date_time for info in archive.infolist()} == {(2026, 3, 2, 8, 30, 0)}
            assert {(info.compress_type, info.flag_bits, info.create_system) for info in archive.infolist()} == {
                (0, 0, 3)
            }


def test_documents_are_read_one_at_a_time() -> None:
    alive: list[int] = []

    def given() -> Iterator[SupportingDocument]:
        for rank in range(50):
            alive.append(rank)
            yield document("MD-00001", f"{rank}.pdf", b"x" * 1000)

    out = _Counting()
    write(batch(documents=given()), out)
    assert len(alive) == 50
    assert out.largest < 20_000
    assert verify(out.getvalue()).intact


class _Counting(io.BytesIO):
    """A file that remembers the largest piece written at once."""

    largest = 0

    def write(self, piece: Any) -> int:
        self.largest = max(self.largest, len(piece))
        return super().write(piece)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"bordereau": b""}, "no printed bordereau"),
        ({"total": Decimal("2003.75")}, "control total"),
        ({"created": datetime(2026, 3, 2)}, "time zone"),
        ({"number": "../B"}, "cannot name a folder"),
        ({"orders": [replace(rows(1)[0], order_number="a/b")], "total": Decimal("1001.37")}, "cannot name a folder"),
        (
            {"orders": [replace(row, order_number=name) for row, name in zip(rows(2), ("MD", "md"), strict=True)]},
            "each",
        ),
        ({"documents": (document("MD-9", "a.pdf", b"x"),)}, "'a.pdf': order MD-9 is not in batch"),
        ({"documents": (replace(document("MD-00001", "a.pdf", b"x"), content=b"y"),)}, "not the one that was kept"),
    ],
)
def test_what_cannot_be_packed_is_named(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        written(batch(**changes))


def test_a_stream_that_cannot_go_back_is_refused() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

    with pytest.raises(ValueError, match="seekable"):
        write(batch(), Pipe())


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\Facture.PDF", "Facture.PDF"),
        ("Œuvre été & co.pdf", "OEuvre-ete-co.pdf"),
        ("...", "piece"),
        ("", "piece"),
        ("a\x00b\n\u202ecod.exe", "a-b-cod.exe"),
        (".htaccess", "htaccess"),
        ("=cmd.csv", "cmd.csv"),
        ("x" * 300 + ".pdf", "x" * 76 + ".pdf"),
        ("株式会社.pdf", "pdf"),
    ],
)
def test_names_are_plain_and_short(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_hostile_and_equal_names_stay_apart_in_their_folder() -> None:
    given = [document("MD-00001", name, b"x") for name in ("/etc/passwd", "../passwd", "passwd", "PASSWD")]
    found = [name for name in members(written(batch(documents=given))) if name.startswith("pieces/")]
    assert found == [f"pieces/MD-00001/0{n}-{name}" for n, name in enumerate(["passwd"] * 3 + ["PASSWD"], start=1)]


# --- checking


def rebuilt(content: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The package made again after a change of its members."""
    found = members(content)
    change(found)
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, each in found.items():
            archive.writestr(ZipInfo(name), each)
    return out.getvalue()


def codes(found: Verification) -> list[str]:
    return [problem.code for problem in found.problems]


def test_an_untouched_package_is_intact() -> None:
    out = io.BytesIO()
    kept = write(batch(), out)
    assert verify(out.getvalue()) == Verification()
    assert verify(out.getvalue(), kept).intact
    assert verify(rebuilt(out.getvalue(), lambda _: None), kept).intact
    assert codes(verify(out.getvalue(), "0" * 64)) == ["another_manifest"]


def test_what_was_altered_missing_or_added_is_named() -> None:
    def change(found: dict[str, bytes]) -> None:
        found[f"{BATCH}.csv"] += b"x"
        del found["pieces/MD-00001/01-Facture-no-12.pdf"]
        found["pieces/MD-00001/03-autre.pdf"] = b"%PDF"

    found = verify(rebuilt(written(batch()), change))
    assert found.altered == (f"{BATCH}.csv",)
    assert found.missing == ("pieces/MD-00001/01-Facture-no-12.pdf",)
    assert found.added == ("pieces/MD-00001/03-autre.pdf",)
    assert not found.intact


def test_one_byte_anywhere_in_a_member_is_seen() -> None:
    content = written(batch())
    at = content.index(b"%PDF autre")
    found = verify(content[:at] + b"!" + content[at + 1 :])
    assert found.altered == ("pieces/MD-00002/01-Facture-no-12.pdf",)


def test_a_rewritten_manifest_is_seen() -> None:
    content = written(batch())

    def total_changed(found: dict[str, bytes]) -> None:
        found["manifest.json"] = found["manifest.json"].replace(b'"total": "2003.74"', b'"total": "9003.74"')

    found = verify(rebuilt(content, total_changed))
    assert found.altered == ("manifest.json",)
    assert codes(found) == ["totals"]

    def sums_changed(found: dict[str, bytes]) -> None:
        found["manifest.sha256"] = found["manifest.sha256"].replace(b"a", b"b")

    assert verify(rebuilt(content, sums_changed)).altered == ("manifest.sha256",)

    def sums_gone(found: dict[str, bytes]) -> None:
        del found["manifest.sha256"]

    assert verify(rebuilt(content, sums_gone)).missing == ("manifest.sha256",)


def test_a_forger_who_rewrites_both_manifests_is_seen_by_the_digest_kept() -> None:
    out = io.BytesIO()
    kept = write(batch(), out)
    forged = io.BytesIO()
    write(batch(orders=[replace(row, iban=DEBTOR) for row in rows(2)]), forged)
    assert verify(forged.getvalue()).intact
    assert codes(verify(forged.getvalue(), kept)) == ["another_manifest"]


def test_a_second_member_under_the_same_name_is_seen() -> None:
    out = io.BytesIO(written(batch()))
    with ZipFile(out, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(f"{BATCH}.pdf", b"%PDF other")
    found = verify(out.getvalue())
    assert found.added == (f"{BATCH}.pdf",)
    assert found.altered == (f"{BATCH}.pdf",)


@pytest.mark.parametrize(
    "manifest",
    [
        b"", b"{", b"[]", b"{}", b'{"format": "other"}', b"[" * 100_000,
        b'{"format": "guichet-batch/1", "members": [{}]}',
        b'{"format": "guichet-batch/1", "members": [{"path": 1, "sha256": 2, "size": 3, "order": "", "name": ""}]}',
        b'{"format": "guichet-batch/1", "members": [], "orders": [{"amount": "x"}], "count": 1, "total": "1"}',
    ],
)  # fmt: skip
def test_a_manifest_that_is_not_one(manifest: bytes) -> None:
    assert codes(verify(rebuilt(written(batch()), lambda found: found.update({"manifest.json": manifest})))) == [
        "no_manifest"
    ]


def test_no_manifest_at_all() -> None:
    assert codes(verify(rebuilt(written(batch()), lambda found: found.clear()))) == ["no_manifest"]


@pytest.mark.parametrize("content", [b"", b"PK", b"%PDF-1.7", written(batch())[:-30], written(batch())[40:200]])
def test_what_is_not_a_package_is_said(content: bytes) -> None:
    found = verify(content)
    assert codes(found) == ["not_a_package"]
    assert found.problems[0].sentence("fr") == "Ce fichier n’est pas un lot lisible."


def test_a_package_that_would_unpack_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_check, "MAX_UNPACKED", 100_000)
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 200_000)
    assert codes(verify(out.getvalue())) == ["too_big"]


# --- the formats


def test_each_format_writes_its_file() -> None:
    for name, form in FORMATS.items():
        out = io.BytesIO()
        form.write(batch(), out)
        assert form.name(batch()) == f"{BATCH}{form.suffix}"
        assert form.fr != form.en
        assert out.getvalue().startswith(b"PK" if name == "accountant" else b"<?xml")


def test_a_bank_s_file_names_each_order_and_its_file() -> None:
    out = io.BytesIO()
    FORMATS["pain.001.001.09"].write(batch(), out)
    found = read(out.getvalue())
    assert found.number == BATCH
    assert found.total == Decimal("2003.74")
    assert [each.order_number for each in found.transfers] == ["MD-00001", "MD-00002"]
    assert found.transfers[0].remittance == "04-2026-000001 DP-1 Region Reunion"
    with pytest.raises(ValueError, match="IBAN"):
        FORMATS["pain.001.001.09"].write(batch(debtor_iban=""), io.BytesIO())


def test_another_format_is_one_more_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    def pes(given: Batch, out: Any) -> None:
        out.write(f"<PES>{given.number}</PES>".encode())

    monkeypatch.setitem(FORMATS, "pes_v2", Format("PES V2", "PES V2 file", "application/xml", ".pes.xml", pes))
    out = io.BytesIO()
    FORMATS["pes_v2"].write(batch(), out)
    assert out.getvalue() == f"<PES>{BATCH}</PES>".encode()
