"""The end of the demonstration: what the first region paid is declared, a sample drawn of it, a finding answered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from applications.models import Application, AuditFinding, Complaint, Operation, OperationClaim, PaymentApplication
from backoffice.demo.actors import days
from backoffice.demo.world import World
from regions import clock
from reporting.audit import drawing, results
from reporting.models import Sample
from reporting.sampling import Method, Plan
from workflows import administration, gate

SEED, DRAWN = "demonstration/00000001", 3
ERROR = Decimal("25.00")
STAFF, YEARLY = Decimal("0.25"), Decimal("14500.00")


def declare(world: World) -> PaymentApplication:
    """The region's claim, verified by who took no part in its files, and the payment application, sent."""
    operation, staff = Operation.objects.get(scheme=world.scheme), world.staff
    gate.open_operation_claim(staff["liquidator"], operation.pk, clock.today(world.region.time_zone))
    claim = OperationClaim.objects.get(operation=operation)
    days(3)
    gate.move(staff["certifier2"], "operation_claim", claim.pk, "verify", reason="Contrôle sur pièces, conforme.")
    return _sent(world, "SFC-DEMO-1")


def declare_firms(world: World) -> PaymentApplication:
    """Where each firm is the beneficiary: what it spent, verified and paid, taken up and sent."""
    programme, until = world.region.programmes.get(), clock.today(world.region.time_zone)
    batch = gate.declare_firms(world.staff["certifier2"], programme.pk, until)
    if not batch.done or batch.refused:
        raise ValueError(f"the firms' expenditure was not taken up: {batch.refused}")
    return _sent(world, "SFC-DEMO-2")


def _sent(world: World, reference: str) -> PaymentApplication:
    """The payment application of the region's programme, prepared by one and sent by another."""
    programme, staff = world.region.programmes.get(), world.staff
    gate.open_payment_application(staff["certifier2"], programme.pk, PaymentApplication.Basis.PUBLIC)
    found = PaymentApplication.objects.get(programme=programme)
    gate.move(staff["authorising"], "payment_application", found.pk, "send", reference=reference)
    return PaymentApplication.objects.select_related("programme__region").get(pk=found.pk)


def audit(world: World, application: PaymentApplication) -> Sample:
    """A sample of its files, their results, the conclusion, and a finding that the region answers."""
    days(1)
    plan = Plan(Method.NON_STATISTICAL, SEED, size=DRAWN)
    asked = drawing.Asked(application.programme, application.year_end, Sample.Unit.FILE, plan)
    sample, auditor = drawing.take(asked, world.staff["auditor"]), world.staff["auditor"]
    first, *others = sample.drawn["strata"][0]["sample"]
    wrong = results.Entry(first, random=ERROR, comment="Facture acquittée en partie.")
    results.enter(sample, [wrong, *map(results.Entry, others)], auditor)
    results.conclude(sample, results.Terms(expenditure=application.declared), auditor)
    _find(world, Application.objects.get(reference=first))
    return sample


def _find(world: World, file: Application) -> None:
    """Written, sent, and answered by the officer: the auditor closes it, or asks for more."""
    auditor = world.staff["auditor"]
    gate.open_finding(
        auditor, file.pk, kind="evidence", title="Facture acquittée en partie", amount=ERROR,
        asked="Le relevé bancaire, ou la correction de la dépense.", words="Le relevé joint ne couvre pas la facture.",
    )  # fmt: skip
    found = AuditFinding.objects.get(application=file)
    day = clock.today(world.region.time_zone) + timedelta(days=30)
    gate.move(auditor, "finding", found.pk, "send", answer_by=day)
    days(5)
    gate.move(world.staff["officer"], "finding", found.pk, "answer", agreed=True, reason="La dépense sera corrigée.")


def complain(world: World) -> None:
    """The provider of a paid file complains on its own account of a delay; the region answers within its term."""
    file = Application.objects.filter(region=world.region, provider__isnull=False, state="completed").order_by("pk")[0]
    own, said = file.provider, "Le paiement de la prestation a tardé."
    assert own is not None
    gate.open_complaint(
        own.members.order_by("pk")[0].user, world.region, name="complain_provider", from_provider=own,
        about_file=file, source="provider", channel="provider", title="Délai de paiement", reason=said,
    )  # fmt: skip
    days(6)
    found = Complaint.objects.get(from_provider=own)
    answered = "Une pièce manquait ; l’ordre est parti le lendemain de sa réception."
    gate.move(world.staff["decider"], "complaint", found.pk, "answer", outcome="partly", reason=answered)


def cost(world: World) -> None:
    """The administrator records what the year cost, of which the yearly report makes the cost per file."""
    year, source = clock.today(world.region.time_zone).year, "État de la paie du service, exemple"
    administration.record_cost(world.staff["admin"], world.region, None, year, STAFF, YEARLY, source)
