"""Where each firm is the beneficiary: expenditure and public contribution differ in every report, and each ties."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from applications.models import Operation, OperationClaim
from applications.services import store
from backoffice.demo.actors import days
from backoffice.demo.world import World
from regions import clock
from reporting import annex_17, runs
from reporting.audit import population
from reporting.models import ReportRun, Sample
from reporting.reports.annex_17_export import OF_PROGRAMME
from tests.workflows.test_declaring_firms import sent, taken_up
from workflows import gate

pytestmark = pytest.mark.django_db


def book(world: World, report: str) -> Any:
    """The file as issued, once its totals tie."""
    run = runs.make(runs.begin(runs.Asked(report, world.region, clock.now()), world.staff["auditor"]))
    assert (run.state, run.differences, run.set_apart) == (ReportRun.State.RELEASED, [], 0)
    assert runs.rebuild(run).content_sha256 == run.content_sha256
    return openpyxl.load_workbook(io.BytesIO(store.get(run.file_sha256)))


def rows(found: Any, sheet: str) -> list[dict[str, Any]]:
    """Heading without its number in the law → value."""
    head, *lines = found[sheet].iter_rows(values_only=True)
    return [dict(zip((name.partition(" [")[0] for name in head), line, strict=True)) for line in lines]


def corrected(world: World, amount: str, **more: Any) -> None:
    file = OperationClaim.objects.earliest("pk").operation.applications.get()
    given = {"amount": Decimal(amount), "ground": "irregular", "audit": True, "reason": "Livrable absent."} | more
    gate.record(world.staff["authorising"], "application", file.pk, "correction", **given)


def test_annex_23_holds_the_expenditure_of_the_firm_and_the_aid_that_it_received(world: World) -> None:
    """8 000.00 spent, 4 000.00 of aid; the rate of 85 % applies to the public contribution."""
    sent(world)
    found = book(world, "declarations")
    (table,) = rows(found, "Annexe XXIII")
    assert (table["Dépense éligible totale, engagée et payée"], table["Contribution publique versée ou à verser"]) == (
        8000,
        4000,
    )
    assert (table["Contribution du Fonds"], table["Paiement intermédiaire (95 %)"]) == (3400, 3230)
    lines = rows(found, "Dépenses déclarées")
    assert sum(line["Dépense éligible déclarée"] for line in lines) == 8000
    assert sum(line["Contribution publique déclarée"] for line in lines) == 4000


def test_what_the_accounts_leave_out_is_told_in_both_columns(world: World) -> None:
    """1 000.00 of aid left out of the accounts takes 2 000.00 of expenditure; 500.00 later takes 1 000."""
    application = sent(world)
    corrected(world, "1000.00", year_end=application.year_end)
    corrected(world, "500.00")
    days(1)
    taken_up(world)
    found = book(world, "declarations")
    (accounts,) = rows(found, "Comptes, appendice 4")
    assert (accounts["Comptes : dépense éligible totale"], accounts["Comptes : contribution publique"]) == (6000, 3000)
    assert (accounts["Écart de dépense (A − C)"], accounts["Écart de contribution (B − D)"]) == (2000, 1000)
    audits = [accounts[f"dont à la suite d’audits : {name}"] for name in ("dépense", "contribution publique")]
    assert audits == [2000, 1000]
    assert [row["Dépense concernée"] for row in rows(found, "Corrections")] == [2000, 1000]
    assert [row["Contribution publique concernée"] for row in rows(found, "Corrections")] == [1000, 500]


def test_annex_17_of_the_region_names_each_firm_as_the_beneficiary(world: World) -> None:
    sent(world)
    made = Operation.objects.get(beneficiary_mode="single")
    found = book(world, OF_PROGRAMME.key)
    told = next(row for row in rows(found, "Opérations") if row["Code de l’opération"] == made.code)
    assert told["Bénéficiaire"] == made.beneficiary_name
    assert told["Nature du bénéficiaire"] == "organisme privé"
    assert told["Organisme qui reçoit ou qui octroie"] == "reçoit l’aide"
    (declared,) = rows(found, "Demandes de paiement")
    assert (declared["Dépense éligible"], declared["Contribution publique"]) == (8000, 4000)


def test_a_natural_person_is_told_by_number_outside_the_column_of_names(world: World) -> None:
    sent(world)
    made = Operation.objects.get(beneficiary_mode="single")
    company = made.applications.get().company
    company.legal_category = "sole_trader"
    company.save()
    found = book(world, OF_PROGRAMME.key)
    told = next(row for row in rows(found, "Opérations") if row["Code de l’opération"] == made.code)
    assert (told["Bénéficiaire"], told["Nature du bénéficiaire"]) == (made.beneficiary_id, "personne physique")


def test_the_auditor_samples_the_expenditure(world: World) -> None:
    application = sent(world)
    asked = (application.programme, application.year_end, clock.now(), Sample.Unit.OPERATION)
    assert [unit.book for unit in population.declared(*asked).units] == [Decimal("8000.00")]
    (period,) = population.periods([world.region])
    assert period.declared == Decimal("8000.00")


def test_the_transmission_tells_what_firms_declared(world: World) -> None:
    sent(world)
    (row,) = rows(book(world, "transmission"), "1 Données financières")
    assert row["Dépenses déclarées par les bénéficiaires"] == 8000


def test_the_meter_of_annex_17_asks_a_firm_that_is_the_beneficiary_nothing_of_a_region(world: World) -> None:
    """Nothing is missing, and field 25, which is for the firms of a grouped operation, does not arise."""
    file = OperationClaim.objects.get(payment_application=sent(world)).operation.applications.get()
    told = annex_17.meter(file, clock.today())
    assert told is not None
    assert (told.missing, told.known > 30) == ((), True)
    fields = [field.number for field, value, _place in annex_17._read(annex_17.Case(file, clock.today()))]
    assert 25 not in fields
    assert {1, 3, 4, 58, 106, 107, 111} <= set(fields)
