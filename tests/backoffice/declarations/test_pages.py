"""The declarations, from the region's claim to the Commission, pressed button by button."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import Correction, Operation, OperationClaim, PaymentApplication
from applications.services import store
from backoffice.demo.world import World
from regions import clock
from regions.models import Programme, User
from reporting.models import ReportRun
from reporting.runs import Asked, begin, make
from reporting.writers.ooxml_check import check
from tests.backoffice.test_pages import sound
from tests.cases import paid_case
from workflows import gate
from workflows.verify import verify

pytestmark = pytest.mark.django_db


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response
    return sound(response.content.decode()).text


def post(user: User, name: str, *args: Any, status: int = 200, **given: Any) -> str:
    return text(signed_in(user).post(reverse(name, args=args), given, follow=True), status)


def report(world: World, language: str = "fr") -> ReportRun:
    asked = Asked("declarations", world.region, clock.now(), language=language)
    return make(begin(asked, world.staff["auditor"]))


def rows(run: ReportRun, sheet: str) -> list[dict[str, Any]]:
    content = store.get(run.file_sha256)
    assert check(content) == []
    head, *found = openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in found]


def walked(world: World) -> PaymentApplication:
    """Claimed, one payment set aside in part, verified, prepared, sent: each by its person."""
    operation, staff = Operation.objects.get(), world.staff
    today = clock.today().isoformat()
    said = post(staff["liquidator"], "operation-claim-new", operation.pk, **{f"o{operation.pk}-until": today})
    assert "remise à l’autorité de gestion" in said
    claim = OperationClaim.objects.get()
    line = claim.lines.order_by("-booked")[0]
    url = reverse("operation-claim", args=[claim.pk])
    assert "pris part" in text(signed_in(staff["certifier"]).get(url))
    assert "Montant retenu" in text(signed_in(staff["certifier2"]).get(url, {"ligne": line.pk}))
    given = {"withhold-declared": str(line.booked), "withhold-reason": "Logo absent"}
    refused = post(staff["certifier2"], "operation-claim-line", claim.pk, line.pk, status=422, **given)
    assert "inférieur au montant payé" in refused
    given["withhold-declared"] = str(line.booked - 100)
    assert "Le montant est écarté" in post(staff["certifier2"], "operation-claim-line", claim.pk, line.pk, **given)
    assert "obligatoire" in post(staff["certifier2"], "operation-claim-act", claim.pk, "verify", status=422)
    said = post(staff["certifier2"], "operation-claim-act", claim.pk, "verify", **{"verify-reason": "Conforme."})
    assert "vérification de gestion est conclue" in said
    programme = Programme.objects.get()
    said = post(staff["certifier2"], "payment-application-new", programme.pk, **{f"p{programme.pk}-basis": "public"})
    assert "est préparée" in said
    found = PaymentApplication.objects.get()
    assert "Annexe XXIII" in text(signed_in(staff["auditor"]).get(reverse("payment-application", args=[found.pk])))
    said = post(staff["authorising"], "payment-application-act", found.pk, "send", **{"send-reference": "SFC-9"})
    assert "transmise à la Commission" in said
    return PaymentApplication.objects.get()


def test_the_whole_way_and_its_workbook(world: World) -> None:
    """2 200.00 paid, 100.00 set aside: 2 100.00 declared; 85 % of it 1 785.00, paid at 95 % 1 695.75, 89.25 left."""
    case = paid_case(world)
    found = walked(world)
    assert found.declared == Decimal("2100.00")
    claim = OperationClaim.objects.get()
    line = claim.lines.order_by("-booked")[0]
    url = reverse("operation-claim", args=[claim.pk])
    assert "Montant à retirer" in text(signed_in(world.staff["authorising"]).get(url, {"ligne": line.pk}))
    given = {
        "correction-amount": "150,50", "correction-ground": "irregular", "correction-audit": "on",
        "correction-year_end": found.year_end.isoformat(), "correction-reason": "Livrable absent.",
    }  # fmt: skip
    over = given | {"correction-amount": "2100,01"}
    assert "au plus celui qui est déclaré" in post(
        world.staff["authorising"], "operation-claim-line", claim.pk, line.pk, status=422, **over
    )
    assert "correction est enregistrée" in post(
        world.staff["authorising"], "operation-claim-line", claim.pk, line.pk, **given
    )
    assert Correction.objects.get().application_id == case.pk
    run = report(world)
    assert run.state == ReportRun.State.RELEASED, run.differences
    (table,) = rows(run, "Annexe XXIII")
    assert [
        table[key]
        for key in ("Dépense éligible totale, engagée et payée [B]", "Contribution publique versée ou à verser [E]")
    ] == [2100, 2100]
    assert table["Contribution du Fonds"] == 1785
    assert table["Paiement intermédiaire (95 %) [93(1)]"] == 1695.75
    assert table["Reste pour les comptes"] == 89.25
    assert sum(row["Contribution publique déclarée [73]"] for row in rows(run, "Dépenses déclarées")) == 2100
    (accounts,) = rows(run, "Comptes, appendice 4")
    assert (accounts["Demandes : dépense éligible totale [A]"], accounts["Comptes : dépense éligible totale [C]"]) == (
        2100,
        1949.5,
    )
    assert (accounts["Écart de dépense (A − C) [E]"], accounts["dont à la suite d’audits : dépense"]) == (
        150.5, 150.5,
    )  # fmt: skip
    assert accounts["Commentaire, obligatoire en cas d’écart [G]"] == "Art. 98(6): (a) 150.50 EUR"
    (first,) = rows(run, "Comptes, appendice 1")
    assert first["Contribution publique versée ou à verser [C]"] == 1949.5
    assert rows(run, "Comptes, appendice 2") == []
    assert rows(report(world, "en"), "Annex XXIII")[0]["Total eligible expenditure, incurred and paid [B]"] == 2100
    assert verify().faults == []


def test_who_reads_and_who_acts(world: World) -> None:
    paid_case(world)
    gate.open_operation_claim(world.staff["liquidator"], Operation.objects.get().pk, clock.today())
    claim = OperationClaim.objects.get()
    shown = text(signed_in(world.staff["auditor"]).get(reverse("operation-claim", args=[claim.pk])))
    assert "Conclure" not in shown
    for role in ("officer", "accountant"):
        assert signed_in(world.staff[role]).get(reverse("declarations")).status_code == 404
    for role in ("auditor", "liquidator"):
        url = reverse("operation-claim-act", args=[claim.pk, "verify"])
        assert signed_in(world.staff[role]).post(url, {"verify-reason": "x"}).status_code == 404
    wrong = post(
        world.staff["liquidator"], "operation-claim-new", claim.operation_id, status=422,
        **{f"o{claim.operation_id}-until": "hier"},
    )  # fmt: skip
    assert "date" in wrong


def test_the_list_costs_the_same_however_many_operations(world: World) -> None:
    paid_case(world)
    client, costs = signed_in(world.staff["auditor"]), []
    first = Operation.objects.get()
    for rank in (1, 2, 3):
        with CaptureQueriesContext(connection) as queries:
            text(client.get(reverse("declarations")))
        costs.append(len(queries))
        first.pk, first.code = None, f"OP-{rank}"
        first.save(force_insert=True)
    assert costs[0] == costs[1] == costs[2]
