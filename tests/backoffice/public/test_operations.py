"""The public list of operations: read without an account, downloaded as open data."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Operation
from backoffice.demo.world import World
from regions import clock
from reporting.reports.operations import COLUMNS
from reporting.writers.ooxml_check import check
from tests.backoffice.test_pages import sound

pytestmark = pytest.mark.django_db


def got(form: str, language: str = "fr") -> bytes:
    response: Any = Client(headers={"accept-language": language}).get(
        reverse("published-operations-file", args=[form])
    )  # fmt: skip
    assert response.status_code == 200
    return b"".join(response.streaming_content)


def test_anybody_reads_the_list_its_day_and_its_licence(world: World) -> None:
    page = sound(Client().get(reverse("published-operations")).content.decode()).text
    operation = Operation.objects.get()
    for words in (operation.name, operation.beneficiary_name, "Liste mise à jour le", "Licence Ouverte", "deux ans"):
        assert words in page
    assert reverse("published-operations") in Client().get(reverse("schemes")).content.decode()


def test_the_list_is_empty_before_the_first_decision(world: World) -> None:
    Operation.objects.update(decided_on=clock.today().replace(year=clock.today().year + 1))
    page = Client().get(reverse("published-operations")).content.decode()
    assert "Aucune opération n’est encore publiée." in page


def test_its_files_have_every_field_of_the_article(world: World) -> None:
    head, line = csv.reader(io.StringIO(got("csv").decode("utf-8-sig")), delimiter=";")
    assert len(head) == len(line) == len(COLUMNS)
    assert line[0] == Operation.objects.get().code
    content = got("xlsx", "en")
    assert check(content) == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["List of operations", "Origin"]
    assert "Open Licence" in dict(book["Origin"].iter_rows(values_only=True))["Licence"]


def test_the_page_costs_the_same_for_one_operation_and_for_many(world: World) -> None:
    with CaptureQueriesContext(connection) as one:
        Client().get(reverse("published-operations"))
    own = Operation.objects.get()
    facts = {f.name: getattr(own, f.name) for f in Operation._meta.concrete_fields if f.name not in ("id", "code")}
    Operation.objects.bulk_create(Operation(code=f"OP-{rank}", **facts) for rank in range(5))
    with CaptureQueriesContext(connection) as many:
        assert "OP-4" in Client().get(reverse("published-operations")).content.decode()
    assert len(many) == len(one)


def test_a_long_list_is_read_page_by_page_in_the_order_of_codes(world: World) -> None:
    own = Operation.objects.get()
    facts = {f.name: getattr(own, f.name) for f in Operation._meta.concrete_fields if f.name not in ("id", "code")}
    Operation.objects.bulk_create(Operation(code=f"OP-{rank:03d}", **facts) for rank in range(60))
    first = Client().get(reverse("published-operations"))
    assert "OP-049" in first.content.decode()
    assert "OP-050" not in first.content.decode()
    following = Client().get(reverse("published-operations"), {"after": first.context["page"].following})
    assert "OP-050" in following.content.decode()
    assert own.code in following.content.decode()
    assert len(list(csv.reader(io.StringIO(got("csv").decode("utf-8-sig")), delimiter=";"))) == 62
