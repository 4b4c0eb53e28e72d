"""Audit packs asked from the screen: of a file, of numbers pasted, of a whole operation; verified as downloaded."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from applications.models import Document, Operation
from applications.services import store
from backoffice.demo.actors import Case
from backoffice.demo.stories import SITE
from backoffice.demo.world import World
from regions import clock
from regions.enums import RoleKind
from reporting.models import ReportRun
from reporting.writers.ooxml_check import check
from tests.backoffice.payments.people import elsewhere, signed_in, text
from tests.cases import paid_case
from tests.reporting.pack.made import cover, path_of, rewrite, unpacked, verified
from workflows import delivery, jobs
from workflows.seal import seal

pytestmark = pytest.mark.django_db
State = ReportRun.State


@pytest.fixture
def settled(world: World) -> Case:
    case = paid_case(world)
    clock.advance(days=1)
    delivery.deliver()
    seal(clock.today())
    mail.outbox.clear()
    return case


def auditor(world: World) -> Client:
    return signed_in(world.staff["auditor"])


def ask(client: Client, **given: Any) -> Any:
    return client.post(reverse("audit-packs"), {"language": "fr"} | given, follow=True)


def made(client: Client, **given: Any) -> ReportRun:
    ask(client, **given)
    jobs.drain()
    return ReportRun.objects.latest("id")


def downloaded(client: Client, run: ReportRun) -> bytes:
    assert run.state == State.RELEASED, (run.problem, run.apart)
    return b"".join(client.get(reverse("audit-workbook", args=[run.pk])).streaming_content)


def all_verified(folder: Path, *more: str) -> tuple[int, str]:
    command = [sys.executable, "-I", "-S", str(folder / "verify_all.py"), *more]
    done = subprocess.run(command, capture_output=True, check=False, cwd=folder.parent)
    assert done.stderr == b""
    return done.returncode, done.stdout.decode("utf-8")


def test_one_click_on_a_file_gives_its_pack_which_holds(world: World, settled: Case, tmp_path: Path) -> None:
    client, reference = auditor(world), settled.file.reference
    page = text(client.get(reverse("audit-file", args=[reference])))
    assert f'name="references" value="{reference}"' in page
    waiting = ask(client, references=reference)
    assert waiting["Refresh"]
    jobs.drain()
    run = ReportRun.objects.latest("id")
    folder = unpacked(tmp_path / "pack", downloaded(client, run))
    code, said = verified(folder, "--manifest", run.manifest_sha256)
    assert code == 0, said
    assert run.manifest_sha256 == hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
    assert run.manifest_sha256 in said
    shown = text(client.get(reverse("audit-report", args=[run.pk])))
    assert run.manifest_sha256 in shown
    assert shown.index("Ce qui manque, d’abord") < shown.index("Totaux de contrôle")
    assert f"Dossiers d’audit, {world.region}" in mail.outbox[-1].subject


# --- altered in each way: the downloaded pack's verifier names it


def _a_document(folder: Path) -> str:
    digest = Document.objects.filter(kind="invoice").latest("id").sha256
    manifest = json.loads((folder / "manifest.json").read_bytes())
    name = next(line["path"] for line in manifest["files"] if line["sha256"] == digest)
    (folder / name).write_bytes(b"%PDF-1.4 other")
    return name


def _removed(folder: Path) -> str:
    name = next(path for path in sorted(folder.rglob("*.pdf")))
    name.unlink()
    return f"« {name.relative_to(folder).as_posix()} » manque."


def _an_event(folder: Path) -> str:
    rewrite(folder, "events", lambda lines: [lines[0] | {"payload": lines[0]["payload"] + " "}, *lines[1:]])
    cover(folder)
    return "acte 1 : modifié"


def _events_reordered(folder: Path) -> str:
    rewrite(folder, "events", lambda lines: [lines[1], lines[0], *lines[2:]])
    cover(folder)
    return "un acte a été retiré, inséré ou déplacé"


def _a_ledger_row(folder: Path) -> str:
    rewrite(folder, "ledger", lambda lines: [lines[0] | {"amount": "1.00"}, *lines[1:]])
    cover(folder)
    return "Grand livre : le total"


def _ledger_row_removed(folder: Path) -> str:
    rewrite(folder, "ledger", lambda lines: lines[:-1])
    return "lignes et non"


def _the_index(folder: Path) -> str:
    (folder / "index.xlsx").write_bytes((folder / "index.xlsx").read_bytes() + b" ")
    return "« index.xlsx » a été modifié"


def _a_manifest_line(folder: Path) -> str:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"][0]["size"] += 1
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return "Le manifeste a été modifié"


def _manifest_lines_reordered(folder: Path) -> str:
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["files"].reverse()
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return "Le manifeste a été modifié"


def _a_decision(folder: Path) -> str:
    rewrite(folder, "decisions", lambda lines: [line | {"outcome": "{}"} for line in lines])
    cover(folder)
    return "ses faits figés ont été modifiés"


def test_each_alteration_of_a_downloaded_pack_is_named(world: World, settled: Case, tmp_path: Path) -> None:
    client = auditor(world)
    content = downloaded(client, made(client, references=settled.file.reference))
    alter: Callable[[Path], str]
    for alter in (
        _a_document, _removed, _an_event, _events_reordered, _a_ledger_row, _ledger_row_removed, _the_index,
        _a_manifest_line, _manifest_lines_reordered, _a_decision,
    ):  # fmt: skip
        folder = unpacked(tmp_path / alter.__name__, content)
        assert path_of(folder, "events").is_file()
        fault = alter(folder)
        code, said = verified(folder)
        assert (code, fault in said) == (1, True), (alter.__name__, fault, said)


# --- several


@pytest.fixture
def three(world: World, settled: Case) -> list[str]:
    others = [Case(world, firm).fill(SITE).file_it() for firm in ("F05", "F15")]
    return [settled.file.reference, *(case.file.reference for case in others)]


def test_numbers_pasted_as_they_come_give_their_packs(world: World, three: list[str], tmp_path: Path) -> None:
    client = auditor(world)
    pasted = f" {three[0]};\n{three[1].lower()},\t{three[2]} {three[0]}\r\nKAP-1999-00001 "
    run = made(client, references=pasted)
    folder = unpacked(tmp_path / "set", downloaded(client, run))
    assert run.rows == {"packs": 3}
    assert [line["name"] for line in run.apart] == ["KAP-1999-00001"]
    code, said = all_verified(folder, "--manifest", run.manifest_sha256)
    assert code == 0, said
    assert "3 dossiers d’audit." in said
    assert check((folder / "index.xlsx").read_bytes()) == []
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["absent"] == ["KAP-1999-00001"]
    page = text(client.get(reverse("audit-report", args=[run.pk])))
    places = [page.index(f">{reference}<") for reference in (three[1], three[2], three[0])]
    assert places == sorted(places), "those that lack most come first"
    assert "aucun dossier de la région ne porte ce numéro" in page
    ZipFile(io.BytesIO((folder / "packs" / f"{three[0]}.zip").read_bytes())).extractall(tmp_path / "one")
    assert verified(tmp_path / "one")[0] == 0


def test_an_altered_set_is_named_by_its_verifier(world: World, three: list[str], tmp_path: Path) -> None:
    client = auditor(world)
    content = downloaded(client, made(client, references=" ".join(three)))
    pack = f"packs/{three[1]}.zip"

    def list_line(folder: Path) -> str:
        told = (folder / "manifest.json").read_text(encoding="utf-8")
        (folder / "manifest.json").write_text(told.replace('"size":', '"size": 1', 1), encoding="utf-8")
        return "Le manifeste a été modifié"

    def other_pack(folder: Path) -> str:
        (folder / pack).write_bytes((folder / f"packs/{three[2]}.zip").read_bytes())
        return f"{three[1]} : Le manifeste n’est pas celui que vous tenez."

    def gone(folder: Path) -> str:
        (folder / pack).unlink()
        return f"« {pack} » manque."

    def more(folder: Path) -> str:
        (folder / "packs" / "autre.zip").write_bytes(b"")
        return "« packs/autre.zip » a été ajouté."

    def broken(folder: Path) -> str:
        (folder / pack).write_bytes(b"PK")
        return f"{three[1]} : Le dossier ne se lit plus"

    def nothing(folder: Path) -> str:
        (folder / "manifest.json").write_bytes(b"{")
        return "Le dossier ne se lit plus"

    for alter in (list_line, other_pack, gone, more, broken, nothing):
        folder = unpacked(tmp_path / alter.__name__, content)
        fault = alter(folder)
        code, said = all_verified(folder)
        assert (code, fault in said) == (1, True), (alter.__name__, said)
    folder = unpacked(tmp_path / "english", content)
    assert all_verified(folder, "--language", "en", "--manifest", "0" * 64)[1].count("not the one that you hold") == 1


@pytest.mark.parametrize("kind", ["operation", "programme"])
def test_a_whole_operation_or_programme_gives_the_packs_of_its_files(world: World, three: list[str], kind: str) -> None:
    operation = Operation.objects.get(region=world.region)
    programme = operation.specific_objective.priority.programme
    client = auditor(world)
    run = made(client, whole=f"{kind}:{operation.pk if kind == 'operation' else programme.pk}")
    assert run.state == State.RELEASED
    assert run.rows["packs"] >= 1


def test_an_altered_document_sets_its_file_apart_and_the_others_are_made(world: World, three: list[str]) -> None:
    client = auditor(world)
    digest = Document.objects.filter(application__reference=three[0], kind="invoice").latest("id").sha256
    content = store.path_of(digest).read_bytes()
    store.path_of(digest).write_bytes(b"other")
    try:
        run = made(client, references=" ".join(three))
    finally:
        store.path_of(digest).write_bytes(content)
    assert run.rows == {"packs": 2}
    assert [line["name"] for line in run.apart] == [three[0]]
    assert three[0] in text(client.get(reverse("audit-report", args=[run.pk])))


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"references": ""}, "Donner des numéros de dossiers"),
        ({"references": "KAP-1999-00001"}, "Aucun de ces numéros"),
        ({"references": " ".join(f"K-{n}" for n in range(501))}, "501 numéros"),
        ({"references": "", "whole": "operation:0"}, "errorlist"),
        ({"references": "\x00"}, "errorlist"),
    ],
)
def test_what_cannot_be_packed_is_told_and_nothing_typed_is_lost(
    world: World, given: dict[str, Any], sentence: str
) -> None:
    page = text(ask(auditor(world), **given))
    assert sentence in page
    assert not ReportRun.objects.exists()
    if "K-" in given["references"]:
        assert "K-500" in page


def test_a_draft_and_a_file_elsewhere_have_no_pack(world: World, settled: Case) -> None:
    draft = Case(world, "F15").fill(SITE)
    assert "Aucun de ces numéros" in text(ask(auditor(world), references=draft.file.reference or "BROUILLON"))
    stranger = signed_in(elsewhere(RoleKind.AUDITOR))
    assert "Aucun de ces numéros" in text(ask(stranger, references=settled.file.reference))
    run = made(auditor(world), references=settled.file.reference)
    assert stranger.get(reverse("audit-workbook", args=[run.pk])).status_code == 404
    for who in ("officer", "admin", "accountant"):
        client = signed_in(world.staff[who])
        assert client.get(reverse("audit-packs")).status_code == 404
        assert client.post(reverse("audit-packs"), {"references": settled.file.reference}).status_code == 404
