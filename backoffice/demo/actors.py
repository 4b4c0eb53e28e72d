"""What each person does with a file, in one line each: forms for drafts, the gate for everything else."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms import BaseForm
from django.utils.text import slugify

from applications import self_diagnosis
from applications.enums import DocumentKind
from applications.forms.application import FactsForm, LineForm, OpenForm, ProjectForm, ProviderForm
from applications.forms.claim import ClaimForm, ClaimLineForm
from applications.forms.document import DocumentForm
from applications.models import Application, Claim, PaymentOrder
from backoffice.demo.timetable import TIMETABLE
from backoffice.demo.world import World
from regions import clock
from regions.models import User
from workflows import delivery, gate, jobs, sweeper

SPECIMEN = b"%PDF-1.4\n% "


def days(count: int) -> None:
    """Let days pass: what was decided leaves the same day, and the sweeper wakes each morning, as it would."""
    post()
    for _day in range(count):
        clock.advance(days=1)
        sweeper.sweep()
        TIMETABLE.go_on(clock.today())
    post()


def post() -> None:
    """Letters and mails leave."""
    delivery.deliver()
    jobs.drain()


def saved(form: BaseForm) -> Any:
    """Save a form that must be right; a demo that cannot file says why."""
    if not form.is_valid():
        raise ValueError(form.errors.as_text())
    return form.save()  # type: ignore[attr-defined]


class Case:
    """A file and the people around it."""

    def __init__(self, world: World, firm: str, provider: str | None = "P01", filer: str | None = None) -> None:
        """Open a draft for a firm; its own manager files unless another is named."""
        manager = world.managers[filer or firm]
        form = OpenForm({"company": world.companies[firm].pk}, user=manager, scheme=world.scheme)
        self._hold(world, saved(form))
        if provider is not None:
            saved(ProviderForm({"provider": world.providers[provider].pk}, instance=self.file))
            self.provider = world.provider_users[provider]

    def _hold(self, world: World, file: Application) -> None:
        self.world, self.pk, self.manager = world, file.pk, file.representative

    @classmethod
    def of(cls, world: World, firm: str) -> Case:
        """The file that a firm already has."""
        case = cls.__new__(cls)
        case._hold(world, Application.objects.get(company=world.companies[firm]))
        return case

    @property
    def file(self) -> Application:
        return Application.objects.get(pk=self.pk)

    def by(self, who: str) -> User:
        return self.world.staff[who]

    # --- the firm

    def fill(self, *lines: tuple[str, ...], **facts: Any) -> Case:
        """Fill the draft: quote lines (category, label, amount excl. VAT, days if priced), facts, papers."""
        given = {
            "title": "Passage au numérique", "declared_de_minimis": "0", "other_public_aid": "0",
            "digital_intensity_before": "3", "declared_accurate": "on", "independent": "yes",
            "capital_lost": "no", "insolvent": "no", "rescue_aid": "no",
        }  # fmt: skip
        file = self.file
        kept = {name: getattr(file, name) for name in ("headcount", "turnover", "balance_sheet")}
        saved(FactsForm(given | kept | facts, instance=file))
        self._diagnose()
        for category, label, amount, *quantity in lines:
            data = {
                "category": category,
                "label": label,
                "amount": amount,
                "hardware": category == "hardware",
                "quantity": quantity[0] if quantity else "",
            }
            saved(LineForm(data, application=file))
        for kind in file.scheme_version.rule("evidence", "application", default=[]):
            self.attach(kind)
        return self

    def _diagnose(self) -> None:
        """The self-diagnosis, where the scheme asks for it before the application."""
        if self_diagnosis.asked_by(self.file.scheme_version.rules):
            asked = self_diagnosis.questionnaire(clock.today())
            answers = {question["code"]: 1 for question in asked["questions"]}
            cited = self_diagnosis.reference(asked, answers, clock.today())
            known = {name: getattr(self.file, name) for name in ("title", "works_start_on", "digital_intensity_before")}
            saved(ProjectForm(known | {"self_diagnosis": cited}, instance=self.file))

    def attach(self, kind: str, claim: Claim | None = None) -> None:
        content = SPECIMEN + f"{self.file.reference} {kind} {claim.pk if claim else ''}".encode()
        upload = SimpleUploadedFile(f"{slugify(DocumentKind(kind).label)}.pdf", content)
        form = DocumentForm({"kind": kind}, {"file": upload}, user=self.manager, application=self.file, claim=claim)
        saved(form)

    def file_it(self) -> Case:
        gate.move(self.manager, "application", self.pk, "submit")
        days(2)
        return self

    def act(self, who: str, name: str, **given: Any) -> Case:
        gate.move(self.by(who), "application", self.pk, name, **given)
        return self

    def answer(self) -> Case:
        self.attach(DocumentKind.OTHER)
        gate.move(self.manager, "application", self.pk, "answer")
        return self

    def withdraw(self) -> Case:
        gate.move(self.manager, "application", self.pk, "withdraw")
        return self

    # --- the region

    def examine(self) -> Case:
        """The officer takes the file, finds it complete, checks the documents; the provider confirms."""
        gate.record(self.by("officer"), "application", self.pk, "take")
        self.act("officer", "accept_complete")
        gate.record(self.by("officer"), "application", self.pk, "documents", finding="green")
        gate.record(self.provider, "application", self.pk, "provider", finding="green")
        days(3)
        return self

    def refuse(self) -> Case:
        """Proposed to refusal with the rules' own reasons, and refused by another person."""
        self.examine().act("officer", "propose", opinion="refuse")
        days(4)
        return self.act("decider", "refuse", delegation="Délégation du 2 janvier 2025")

    def grant(self) -> Case:
        self.examine().act("officer", "propose")
        days(4)
        return self.act("decider", "grant", delegation="Délégation du 2 janvier 2025")

    def notify(self) -> Case:
        days(1)
        return self.act("notifier", "notify")

    # --- the claim

    def claim(self, paid: bool = True, lines: tuple[int, ...] = (), final: bool = True) -> Claim:
        """The firm claims its grant at the quote's price, after twelve days: every line, or those numbered."""
        days(12)
        claim = self.present(paid, lines, final)
        days(3)
        return claim

    def present(
        self, paid: bool = True, lines: tuple[int, ...] = (), final: bool = True, invoice: str = ""
    ) -> Claim:  # fmt: skip
        """The claim itself, today; its invoices are its own unless their number is given."""
        file = self.file
        given = {"deliverable_url": "https://exemple.invalid/", "is_final": final}
        claim: Claim = saved(ClaimForm(given, application=file))
        for line in file.lines.all():
            if not lines or line.number in lines:
                self._invoice(claim, line, clock.today() if paid else None, invoice)
        for kind in file.scheme_version.rule("evidence", "claim", default=[]):
            self.attach(kind, claim)
        gate.move(self.manager, "claim", claim.pk, "submit")
        return claim

    def _invoice(self, claim: Claim, line: Any, paid_on: date | None, number: str) -> None:
        provider = claim.application.provider or self.world.providers["P01"]
        data = {
            "line": line.pk, "supplier_siret": provider.siret,
            "invoice_number": number or f"FA-{claim.application.reference}-{claim.number}",
            "invoiced_on": clock.today(), "paid_on": paid_on, "amount": line.amount,
            "quantity": line.quantity,
        }  # fmt: skip
        saved(ClaimLineForm(data, claim=claim))

    def control(self, claim: Claim, rejected: dict[int, tuple[str, str, str]] | None = None) -> Case:
        """Line by line: `rejected` maps a line's number to (accepted, reason code, finding)."""
        for line in claim.lines.select_related("line"):
            amount, code, finding = (rejected or {}).get(line.line.number, (str(line.amount), "", ""))
            gate.record(
                self.by("officer"), "claim", claim.pk, "line_control", line=line.pk, accepted=Decimal(amount),
                code=code, reason=finding,
            )  # fmt: skip
        gate.move(self.by("officer"), "claim", claim.pk, "control")
        return self

    def certify(self, claim: Claim) -> Case:
        gate.move(self.by("certifier"), "claim", claim.pk, "verify")
        days(2)
        return self

    def order(self, claim: Claim) -> PaymentOrder:
        event = gate.open_order(self.by("liquidator"), claim.pk)
        order = PaymentOrder.objects.get(pk=event.object.partition(":")[2])
        gate.move(self.by("authorising"), "order", order.pk, "sign", delegation="Délégation du 2 janvier 2025")
        return order

    def results(self, after: int) -> Case:
        gate.record(self.manager, "application", self.pk, "results", digital_intensity_after=after)
        return self
