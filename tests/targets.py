"""An object of each machine, made around a paid file by the acts that make it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from applications.models import (
    AuditFinding,
    BankChange,
    Complaint,
    Document,
    Irregularity,
    Operation,
    OperationClaim,
    PaymentApplication,
    PaymentOrder,
    Recovery,
)
from backoffice.demo.actors import Case
from regions import clock
from regions.models import Accreditation, Programme
from workflows import gate


def targets(case: Case) -> dict[str, Any]:
    """Name of the machine → an object of it, with what its later states ask for."""
    order = PaymentOrder.objects.get(application=case.pk)
    gate.open_operation_claim(case.by("liquidator"), Operation.objects.get().pk, clock.today())
    accreditation = Accreditation.objects.get(provider=case.file.provider)
    return {
        "application": case.file, "claim": order.claim, "order": order, "accreditation": accreditation,
        "bank": _bank_change(case), "recovery": _recovery(case),
        "operation_claim": OperationClaim.objects.get(), "payment_application": _payment_application(case),
        "irregularity": _irregularity(case), "finding": _finding(case), "complaint": _complaint(case),
    }  # fmt: skip


def _payment_application(case: Case) -> PaymentApplication:
    """An application with what its later states ask for; no row of a claim stands in it."""
    programme = Programme.objects.get()
    return PaymentApplication.objects.create(
        programme=programme, region=programme.region, number=1, reference="SFC-1", sent_at=clock.now(),
        year_start=clock.today(), year_end=clock.today(), window_start=clock.today(), window_end=clock.today(),
    )  # fmt: skip


def _irregularity(case: Case) -> Irregularity:
    """An irregularity with the reference that its later states ask for."""
    gate.open_irregularity(
        case.by("officer"), case.pk, nature="other", detected_how="desk", detected_on=clock.today(),
        expenditure=Decimal("10.00"), aid=Decimal("5.00"), words="Constat.",
    )  # fmt: skip
    Irregularity.objects.update(report_reference="IMS-1", reported_on=clock.today())
    return Irregularity.objects.get(application=case.pk)


def _finding(case: Case) -> AuditFinding:
    """A finding with the number and the days that its later states ask for."""
    words = {"kind": "other", "title": "Essai", "asked": "Une pièce.", "words": "Constat."}
    gate.open_finding(case.by("auditor"), case.pk, **words)
    AuditFinding.objects.update(number="C-1", sent_at=clock.now(), answer_by=clock.today())
    return AuditFinding.objects.get(application=case.pk)


def _complaint(case: Case) -> Complaint:
    """A complaint of the firm with the outcome that its later states ask for."""
    about = {"about_file": case.file, "source": "firm", "channel": "online", "title": "Essai", "reason": "Essai."}
    gate.open_complaint(case.manager, case.file.region, name="complain", **about)
    Complaint.objects.update(outcome="rejected", answered_on=clock.today())
    return Complaint.objects.get()


def _recovery(case: Case) -> Recovery:
    """A recovery with the number that its later states ask for."""
    given = {"amount": Decimal("100.00"), "reason_code": "overpaid", "words": "Facture payée deux fois."}
    gate.open_recovery(case.by("officer"), case.pk, **given)
    Recovery.objects.filter(application=case.pk).update(order_number="T-1")
    return Recovery.objects.get(application=case.pk)


def _bank_change(case: Case) -> BankChange:
    paper = Document.objects.filter(application=case.pk, kind="bank_details").latest("pk")
    company = case.file.company_id
    gate.ask_bank_change(case.manager, company, holder="Exemple", iban="FR7612345987650123456789014", document=paper)
    return BankChange.objects.get(company=company)
