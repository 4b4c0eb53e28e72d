"""The company look-up: what a register says, and going on without when it says nothing."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from applications.models import Company
from applications.services import directory
from applications.services.directory import (
    CEASED,
    DIRECTORIES,
    UNKNOWN,
    UNREACHABLE,
    LocalRegister,
    OpenSearch,
    legal_category,
    look_up,
    parse,
    region_of,
)
from regions.models import Region
from regions.territory import load_regions

SIRET = "00000101600013"
# Written by hand in the shape of the State's search, for a firm that does not exist.
UNIT = {
    "siren": "000001016", "nom_complet": "EXEMPLE LIBRAIRIE", "nom_raison_sociale": "EXEMPLE LIBRAIRIE",
    "nombre_etablissements": 1, "nombre_etablissements_ouverts": 1, "activite_principale": "47.61Z",
    "nature_juridique": "5499", "date_creation": "2016-09-01", "etat_administratif": "A",
    "tranche_effectif_salarie": "02", "statut_diffusion": "O",
    "siege": {"siret": SIRET, "commune": "97411", "departement": "974", "region": "04",
              "code_postal": "97400", "etat_administratif": "A"},
}  # fmt: skip


def answer(**changes: Any) -> dict[str, Any]:
    return {"results": [deepcopy(UNIT) | changes], "total_results": 1, "page": 1, "per_page": 1, "total_pages": 1}


def test_the_search_is_read() -> None:
    facts = parse(answer(), SIRET).facts
    assert facts is not None
    assert (facts.siret, facts.siren, facts.name) == (SIRET, "000001016", "EXEMPLE LIBRAIRIE")
    assert (facts.naf_code, facts.legal_category, facts.region, facts.commune) == ("47.61Z", "company", "04", "97411")
    assert (facts.created_on, facts.name_published) == (date(2016, 9, 1), True)


def test_a_firm_that_is_not_public_keeps_its_name() -> None:
    facts = parse(answer(statut_diffusion="P", nature_juridique="1000"), SIRET).facts
    assert facts is not None
    assert (facts.name, facts.name_published, facts.legal_category) == ("", False, "sole_trader")


def test_a_firm_that_ended_is_told() -> None:
    assert parse(answer(etat_administratif="C"), SIRET).sentence == CEASED


@pytest.mark.parametrize("results", [[], [deepcopy(UNIT) | {"siren": "000001024"}]])
def test_another_firm_is_not_taken_for_it(results: list[Any]) -> None:
    assert parse({"results": results}, SIRET).sentence == UNKNOWN


def test_what_the_register_does_not_say_stays_empty() -> None:
    bare = {"siren": "000001016", "siege": {}}
    facts = parse({"results": [bare]}, SIRET).facts
    assert facts is not None
    assert (facts.siret, facts.name, facts.naf_code, facts.region, facts.created_on) == (SIRET, "", "", "", None)


@pytest.mark.parametrize(
    ("nature", "category"),
    [("1000", "sole_trader"), ("5710", "company"), ("9220", "association"), ("7210", "public"),
     ("4110", "public"), ("6540", "company"), ("", "")],
)  # fmt: skip
def test_legal_natures(nature: str, category: str) -> None:
    assert legal_category(nature) == category


@pytest.mark.parametrize(
    ("commune", "region"),
    [("97411", "04"), ("97105", "01"), ("75111", "11"), ("2A004", "94"), ("35238", "53"), ("98735", ""), ("", "")],
)
def test_the_region_of_a_commune(commune: str, region: str) -> None:
    assert region_of(commune) == region


@pytest.mark.django_db
def test_each_region_is_one_of_the_eighteen() -> None:
    load_regions()
    assert set(directory.REGIONS.values()) == set(Region.objects.values_list("code", flat=True))


# --- the local register


@pytest.mark.django_db
def test_the_local_register_knows_the_sample_and_the_house_s_firms() -> None:
    load_regions()
    found = LocalRegister().find(SIRET).facts
    assert found is not None
    assert found.name == "Exemple Librairie"
    Company.objects.create(
        siren="000001016", siret=SIRET, name="Exemple Renommée", legal_category="company", naf_code="47.61Z",
        region=Region.objects.get(code="04"), commune="97411", created_on=date(2016, 9, 1),
    )  # fmt: skip
    known = LocalRegister().find(SIRET).facts
    assert known is not None
    assert known.name == "Exemple Renommée"
    assert LocalRegister().find("73282932000074").sentence == UNKNOWN


@pytest.mark.django_db
def test_the_settings_name_the_register(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert look_up(SIRET).facts is not None
    settings.GUICHET_COMPANY_DIRECTORY = "open"
    monkeypatch.setattr(OpenSearch, "_ask", lambda self, siret: {"results": []})
    assert look_up(SIRET).sentence == UNKNOWN
    assert set(DIRECTORIES) == {"local", "open"}


# --- the wire, on this machine only


Reply = Callable[[BaseHTTPRequestHandler], None]


def say(content: bytes, status: int = 200) -> Reply:
    def reply(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.end_headers()
        handler.wfile.write(content)

    return reply


def sleep(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


@pytest.fixture
def service(settings: Any) -> Iterator[Callable[[Reply], list[str]]]:
    """A search on the loopback that answers as told, and the paths that it was asked."""
    asked: list[str] = []
    replies: list[Reply] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # noqa: N802
            asked.append(self.path)
            replies[0](self)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    settings.GUICHET_COMPANY_SEARCH_URL = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def told(reply: Reply) -> list[str]:
        replies[:] = [reply]
        return asked

    yield told
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_search_is_asked_by_siret(service: Callable[[Reply], list[str]]) -> None:
    asked = service(say(json.dumps(answer()).encode()))
    facts = OpenSearch().find(SIRET).facts
    assert facts is not None
    assert facts.name == "EXEMPLE LIBRAIRIE"
    assert asked == [f"/search?q={SIRET}&page=1&per_page=1"]


@pytest.mark.parametrize(
    "reply",
    [say(b"", 500), say(b"", 429), say(b"<html>"), say(b"[]"), say(b"{}"), say(b'{"results": [null]}'),
     say(b'{"results": [{"siren": "000001016"}]}'), say(b"\xff\xfe")],
)  # fmt: skip
def test_whatever_fails_one_goes_on_without(service: Callable[[Reply], list[str]], reply: Reply) -> None:
    service(reply)
    assert OpenSearch().find(SIRET).sentence == UNREACHABLE


def test_a_slow_register_is_not_waited_for(
    service: Callable[[Reply], list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "TIMEOUT", 0.1)
    service(sleep)
    assert OpenSearch().find(SIRET).sentence == UNREACHABLE


@pytest.mark.parametrize("address", ["file:///etc", "http://127.0.0.1:1"])
def test_an_address_that_answers_nothing(settings: Any, address: str) -> None:
    settings.GUICHET_COMPANY_SEARCH_URL = address
    assert OpenSearch().find(SIRET).sentence == UNREACHABLE
