"""What the region publishes of its grants: real files in the common format, and what breaks it named, never fatal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Application, Company, Grant, Revocation
from backoffice.demo.world import World
from backoffice.many import multiply
from regions import clock
from regions.models import Region
from reporting import runs
from reporting.runs import Asked
from reporting.scdl import NOT_NAMED, SCHEMA
from reporting.subsidies import subsidies
from reporting.table_schema import problems
from tests.cases import paid_case
from tests.walks import group

pytestmark = pytest.mark.django_db


def got(world: World) -> str:
    response: Any = Client().get(reverse("subsidies-file", args=[world.region.code]))
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode("utf-8")


def test_a_grant_is_a_line_that_keeps_the_schema(world: World) -> None:
    case = paid_case(world)
    content = got(world)
    assert list(problems(content.encode(), SCHEMA)) == []
    head, line, _end = content.split("\r\n")
    told = dict(zip(head.split(","), line.split(","), strict=True))
    assert told["idAttribuant"] == world.region.siret
    assert told["montant"] == "2200.00"
    assert told["referenceDecision"] == case.file.agreement.number
    assert told["dateConvention"] == case.file.decided_on.isoformat()
    assert (told["notificationUE"], told["pourcentageSubvention"]) == ("oui", "1")


def test_a_firm_that_refuses_publication_is_not_named(world: World) -> None:
    case = paid_case(world)
    Company.objects.filter(pk=case.file.company_id).update(name_published=False)
    assert NOT_NAMED in got(world)
    assert case.file.company.name not in got(world)


def test_each_firm_of_a_group_has_its_line_and_its_part(world: World) -> None:
    walk = group(world).running()
    found = list(subsidies(world.region))
    assert {line.beneficiary_siret for line in found} == {
        world.companies[key].siret for key in ("F01", "F02", "F05", "F15")
    }
    assert [(line.amount, line.share, line.part) for line in found] == [
        (Decimal("30000.00"), Decimal("0.2500"), Decimal("7500.00"))
    ] * 4
    assert {line.decision for line in found} == {walk.file.agreement.number}


def test_what_was_withdrawn_from_its_origin_was_never_granted(world: World) -> None:
    case = paid_case(world)
    Revocation.objects.create(
        application=case.file, ground="fraud", effect="withdrawal", proposed_on=clock.today(), answer_by=clock.today(),
        ended_on=clock.today(), outcome="revoked",
    )  # fmt: skip
    assert list(subsidies(world.region)) == []


def test_a_line_that_breaks_the_schema_is_named_in_the_report_and_left_out_of_the_file(world: World) -> None:
    case = paid_case(world)
    Company.objects.filter(pk=case.file.company_id).update(siret="")
    run = runs.make(runs.begin(Asked("subventions", world.region, clock.now()), world.staff["auditor"]))
    assert (run.rows["subsidies"], run.set_apart) == (0, 1)
    assert case.file.agreement.number in run.apart[0]["name"]
    assert got(world).count("\r\n") == 1


def test_the_report_ties_to_the_grants(world: World) -> None:
    paid_case(world)
    run = runs.make(runs.begin(Asked("subventions", world.region, clock.now()), world.staff["auditor"]))
    assert (run.state, run.totals, run.differences) == ("released", {"granted": "2200.00"}, [])


def test_a_region_without_its_number_publishes_nothing(world: World) -> None:
    Region.objects.filter(pk=world.region.pk).update(siret="")
    assert Client().get(reverse("subsidies-file", args=[world.region.code])).status_code == 404
    assert "SCDL" not in Client().get(reverse("figures")).content.decode()


def test_the_file_costs_the_same_for_one_grant_and_for_five(world: World) -> None:
    grant = paid_case(world).file.agreement
    with CaptureQueriesContext(connection) as one:
        got(world)
    _like(grant, 4)
    with CaptureQueriesContext(connection) as five:
        assert got(world).count("\r\n") == 6
    assert len(five) == len(one)


def _like(grant: Grant, count: int) -> None:
    """More grants, each to a file of its own."""
    multiply(grant.application, count)
    files = Application.objects.exclude(pk=grant.application_id).order_by("pk")
    for rank, file in enumerate(files):
        Grant.objects.create(
            application=file, number=f"D-{rank}", amount=grant.amount, gross_grant_equivalent=grant.amount,
            decided_on=grant.decided_on, signed_by=grant.signed_by, voucher_code=f"V-{rank}",
        )  # fmt: skip
