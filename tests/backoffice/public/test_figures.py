"""The public figures of a scheme: read without an account, tied to what happened, downloaded as open data."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backoffice.demo import stories
from backoffice.demo.actors import Case
from backoffice.demo.world import World
from backoffice.many import multiply
from regions import clock
from reporting.figures.scheme import figures
from reporting.writers.ooxml_check import check
from tests.backoffice.test_pages import sound
from tests.cases import paid_case

pytestmark = pytest.mark.django_db
PAGE = "/chiffres/kap-numerik/"


def got(form: str, language: str = "fr") -> bytes:
    address = reverse("figures-file", args=["kap-numerik", form])
    response: Any = Client(headers={"accept-language": language}).get(address)
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_the_figures_are_those_of_what_happened(world: World) -> None:
    case = paid_case(world)
    Case(world, "F02").fill(stories.SITE, works_start_on=clock.today()).file_it().refuse()
    found = figures(world.scheme)
    assert case.file.decided_on is not None
    assert [(year.year, year.filed, year.granted, year.refused) for year in found.years] == [(2025, 2, 1, 1)]
    assert (found.whole.awarded, found.whole.paid, found.firms) == (Decimal("2200.00"), Decimal("2200.00"), 1)
    assert found.to_decision is not None
    assert found.to_decision.cases == 2
    assert found.to_payment is not None
    claim = case.file.claims.get()
    order = claim.orders.get()
    assert found.to_payment.median == (order.paid_on - claim.received_at.date()).days


def test_one_aided_firm_is_told_in_no_detail(world: World) -> None:
    paid_case(world)
    found = figures(world.scheme)
    assert (found.sectors, found.sizes, found.results) == ([], [], None)
    page = sound(Client().get(PAGE).content.decode()).text
    assert "Trop peu d’entreprises aidées" in page
    assert "2 200,00 €" in page
    assert world.companies["F01"].name not in page


def test_four_firms_have_their_sector_their_size_and_their_results(world: World) -> None:
    multiply(paid_case(world).file, 3)
    found = figures(world.scheme)
    assert [(each.label[0], each.firms, each.amount) for each in found.sectors] == [
        ("Arts, spectacles et loisirs", 4, Decimal("8800.00"))
    ]
    assert [(each.label[0], each.firms) for each in found.sizes] == [("micro", 4)]
    assert found.results is not None
    assert found.results.after == Decimal("8.00")
    page = sound(Client(headers={"accept-language": "en"}).get(PAGE).content.decode()).text
    for words in ("Arts, entertainment and recreation", "€8,800.00", "Average digital intensity", "Median"):
        assert words in page


def test_its_files_have_a_line_for_each_figure(world: World) -> None:
    paid_case(world)
    lines = list(csv.DictReader(io.StringIO(got("csv").decode("utf-8-sig")), delimiter=";"))
    told = {(line["Modalité"], line["Mesure"]): line["Valeur"] for line in lines}
    assert told["2025", "Aides accordées"] == "1"
    assert told["2025", "Montant accordé"].replace(",00", "") == "2200"
    content = got("xlsx", "en")
    assert check(content) == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Figures", "Origin"]
    assert "Statistical secrecy" in dict(book["Origin"].iter_rows(values_only=True))


def test_a_scheme_before_its_first_file_and_one_that_is_not_there(world: World) -> None:
    assert "Aucune demande n’a encore été déposée" in Client().get(PAGE).content.decode()
    assert Client().get("/chiffres/autre/").status_code == 404
    assert Client().get("/chiffres/autre.csv").status_code == 404


def test_anybody_finds_the_page_from_the_list_and_from_the_aids(world: World) -> None:
    page = Client().get(reverse("figures")).content.decode()
    assert PAGE in page
    sound(page)
    assert PAGE in Client().get(reverse("schemes")).content.decode()


def test_the_page_costs_the_same_for_one_file_and_for_thirty(world: World) -> None:
    file = paid_case(world).file
    with CaptureQueriesContext(connection) as one:
        Client().get(PAGE)
    multiply(file, 29)
    with CaptureQueriesContext(connection) as many:
        assert "30" in Client().get(PAGE).content.decode()
    assert len(many) == len(one)
