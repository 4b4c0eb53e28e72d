"""A real file's pack: everything of it is there, and its verifier says that it holds."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from applications.enums import DocumentKind
from applications.models import Application, Document, LedgerEntry
from applications.services import store
from backoffice.demo import stories
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from regions import clock
from reporting.pack.build import build
from reporting.pack.collect import ELEMENT_OF, Missing, collect
from reporting.pack.tables import tables
from reporting.writers.ooxml_check import check
from tests.reporting.pack.made import unpacked, verified
from tests.shelf import lay_out
from workflows import impartiality
from workflows.models import Event, Seal
from workflows.seal import seal

pytestmark = pytest.mark.django_db


def made(world: World, file: Application, folder: Path, language: str = "fr") -> Path:
    stream = io.BytesIO()
    build(stream, collect(file, world.staff["admin"], language))
    return unpacked(folder, stream.getvalue())


@pytest.fixture
def file(world: World) -> Application:
    """Partly accepted, paid, completed, sealed each of two days."""
    return lay_out("a file partly accepted, sealed on two days", lambda: _sealed(world))


def _sealed(world: World) -> Application:
    seal(clock.today())
    clock.advance(days=1)
    case = stories.partly_accepted(world)
    seal(clock.today())
    return case.file


def test_the_pack_of_a_paid_file_holds_and_is_whole(world: World, file: Application, tmp_path: Path) -> None:
    folder = made(world, file, tmp_path / "pack")
    code, said = verified(folder, "--root", Seal.objects.latest("day").root)
    assert code == 0, said
    assert f"Dossier {file.reference}" in said
    assert "plus récents que le dernier sceau" not in said
    manifest = json.loads((folder / "manifest.json").read_bytes())
    held = {line["sha256"] for line in manifest["files"]}
    assert {document.sha256 for document in Document.objects.filter(application=file)} <= held
    assert file.scheme_version.fingerprint in held
    assert manifest["chain"]["events"] == Event.objects.filter(subject=f"application:{file.pk}").count()
    assert sum(1 for _row in LedgerEntry.objects.filter(application=file)) == next(
        line["rows"] for line in manifest["files"] if line["path"] == manifest["data"]["ledger"]
    )
    assert manifest["totals"]["paid"]["erdf"] == f"{file.orders.get().amount * 85 / 100:.2f}"


def test_the_facts_of_the_elements_are_there(file: Application) -> None:
    by_key = {table.key: table for table in tables(file)}
    assert {table.element for table in by_key.values()} == {0, 1, 2, 3, 5, 6, 8, 9, 10}
    assert [row["finding"] for row in by_key["ecarts--rejected_lines"].rows] == [
        "Logos de l’Union absents de trois visuels sur cinq."
    ]
    assert all(row["intact"] and row["same"] for row in by_key["recalcul--recomputation"].rows)
    assert [row["accountant_reference"] for row in by_key["retours--returns"].rows] == [
        file.orders.get().accountant_reference
    ]
    assert [row["after"] for row in by_key["intensite--intensity"].rows] == [7]


def test_the_declarations_of_interests_of_who_acted_are_there_and_proved(world: World, tmp_path: Path) -> None:
    """The officer declared twice, the certifier never; the auditor, who did not act, is not told of."""
    for role, sirens in (("officer", ["732829320"]), ("officer", []), ("auditor", [])):
        impartiality.declare(world.staff[role], sirens)
    file = stories.paid(world).file
    rows = [row for table in tables(file) if table.key == "interets--interests" for row in table.rows]
    told = [(row["name"], row["firms"]) for row in rows if row["declared_on"]]
    assert told == [(world.staff["officer"].name, "732829320"), (world.staff["officer"].name, "")]
    silent = {row["name"] for row in rows if not row["declared_on"]}
    assert world.staff["certifier"].name in silent
    assert not {world.staff["auditor"].name, world.managers["F01"].name} & {row["name"] for row in rows}
    folder = made(world, file, tmp_path / "pack")
    code, said = verified(folder)
    assert code == 0, said
    path = folder / json.loads((folder / "manifest.json").read_bytes())["data"]["interests"]
    path.write_text(path.read_text("utf-8").replace("732829320", "732829321"), "utf-8")
    assert f"Déclaration d’intérêts de {world.staff['officer'].name}" in verified(folder)[1]


def test_the_index_of_a_real_file_opens_in_both_languages(world: World, file: Application, tmp_path: Path) -> None:
    for language in ("fr", "en"):
        folder = made(world, file, tmp_path / language, language)
        assert check((folder / "index.xlsx").read_bytes()) == []


def test_a_rejected_payment_is_a_correction_and_the_pack_holds(world: World, tmp_path: Path) -> None:
    file = stories.payment_rejected_then_paid(world).file
    corrections = next(table for table in tables(file) if table.element == 11)
    assert {row["bucket"] for row in corrections.rows} == {"ordered"}
    code, said = verified(made(world, file, tmp_path / "pack"))
    assert code == 0, said


@pytest.mark.parametrize(
    "story", [stories.withdrawn, stories.question_answered, stories.silent], ids=lambda story: story.__name__
)
def test_a_file_of_any_outcome_has_a_pack_that_holds(
    world: World, tmp_path: Path, story: Callable[[World], Case]
) -> None:
    code, said = verified(made(world, story(world).file, tmp_path / "pack"))
    assert code == 0, said


def test_a_file_just_submitted_has_a_pack_that_says_what_is_not_there(world: World, tmp_path: Path) -> None:
    folder = made(world, Case(world, "F01").fill(stories.SITE).file_it().file, tmp_path / "pack")
    assert verified(folder)[0] == 0
    empty = {path.parent.name[:2] for path in folder.rglob("SANS_PIECE--NO_DOCUMENT.txt")}
    assert empty >= {"02", "04", "07", "11", "12", "13"}


def test_a_deleted_document_leaves_a_tombstone(world: World, file: Application, tmp_path: Path) -> None:
    document = Document.objects.filter(application=file, kind=DocumentKind.IDENTITY).get()
    Document.objects.filter(pk=document.pk).update(
        deleted_at=clock.now(), deleted_rule="identity_checked", deleted_by=world.staff["admin"]
    )
    code, said = verified(made(world, file, tmp_path / "pack"))
    assert code == 0
    name, day = "piece-didentite-du-representant-legal.pdf", clock.today(file.zone)
    assert f"Pièce effacée : {name}, le {day}, règle identity_checked" in said


def test_a_document_that_is_gone_from_the_store_is_no_silent_gap(world: World, file: Application) -> None:
    document = Document.objects.filter(application=file, kind=DocumentKind.QUOTE).get()
    path = store.path_of(document.sha256)
    content = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(Missing, match=f"{file.reference}: devis-detaille-non-signe.pdf"):
            collect(file, world.staff["admin"])
    finally:
        path.write_bytes(content)


def test_an_act_of_the_real_chain_cannot_be_altered(world: World, file: Application, tmp_path: Path) -> None:
    folder = made(world, file, tmp_path / "pack")
    manifest = json.loads((folder / "manifest.json").read_bytes())
    path = folder / manifest["data"]["events"]
    path.write_bytes(path.read_bytes().replace(b"application.grant", b"application.grand", 1))
    code, said = verified(folder)
    assert code == 1
    assert f"application:{file.pk}, acte" in said
    assert "modifié, son contenu ne donne plus son empreinte." in said


def test_the_pack_of_a_later_day_is_the_same_but_for_its_day(world: World, file: Application) -> None:
    first = collect(file, world.staff["admin"])
    clock.advance(days=1)
    second = collect(file, world.staff["admin"])
    assert (first.events, first.ledger, first.decisions) == (second.events, second.ledger, second.decisions)
    assert first.made_at < second.made_at


def test_every_kind_of_document_is_filed_somewhere() -> None:
    assert set(ELEMENT_OF) == set(DocumentKind)


def test_gathering_a_file_takes_a_bounded_number_of_queries(world: World, file: Application) -> None:
    with CaptureQueriesContext(connection) as captured:
        collect(file, world.staff["admin"])
    assert len(captured) <= 60
