"""The certificate of service rendered: made once a claim is certified, and kept among the papers of its file.

An advance or a loan pays before any service is rendered: such a claim has none.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Sum
from django.utils import translation

from applications.documents.certificate import CertificateFacts, CertificateLine, Signatory, render
from applications.documents.facts import Contact
from applications.enums import Bucket, ClaimKind, DocumentKind, OrderState
from applications.models import Application, Claim, ClaimLine, Document, PaymentOrder
from applications.services import store
from regions.calendars import local_date
from regions.enums import Funder, RoleKind
from regions.models import User
from regions.money import ZERO
from workflows import control, jobs, payees, project
from workflows.chain import key
from workflows.models import Event

JOB = "certificate"
LANGUAGE = "fr"  # the certificate that is authentic


@jobs.handler(JOB)
def make(event: int) -> dict[str, Any]:
    """The certificate that an act of certification asks for; done again, it changes nothing."""
    certified = Event.objects.get(pk=event)
    claim = Claim.objects.get(pk=certified.object.partition(":")[2])
    document = ensure(claim)
    return {"document": document.pk if document else None}


def of_claim(claim: Claim) -> Document | None:
    """The certificate of a claim, once made."""
    return claim.documents.filter(kind=DocumentKind.CERTIFICATE, deleted_at__isnull=True).first()


def ensure(claim: Claim) -> Document | None:
    """The certificate of a certified claim, made when it is not there yet; raises ValueError when it cannot be."""
    if claim.kind != ClaimKind.EXPENSES:
        return None
    with transaction.atomic():
        Application.objects.select_for_update(of=("self",)).get(pk=claim.application_id)
        return of_claim(claim) or _make(claim)


def _make(claim: Claim) -> Document:
    file = claim.application
    with translation.override(LANGUAGE):
        facts = facts_of(claim)
        content = render(facts, LANGUAGE)
    return Document.objects.create(
        application=file, claim=claim, kind=DocumentKind.CERTIFICATE, name=f"{facts.number}.pdf",
        media_type="application/pdf", size=len(content), sha256=store.put(content), added_by=User.objects.system(),
        added_at=facts.created,
    )  # fmt: skip


def facts_of(claim: Claim) -> CertificateFacts:
    """What the certificate says, from the acts of control and certification and from the ledger."""
    certified, checked = _latest(claim, "claim.verify"), _latest(claim, "claim.control")
    lines = tuple(
        _line(line) for line in claim.lines.filter(parked=False).select_related("line").order_by("line__number", "pk")
    )
    return CertificateFacts(
        **_of_file(claim), created=certified.at, number=f"CSF-{claim.application.reference}-{claim.number}",
        claim_number=str(claim.number), is_final=claim.is_final, lines=lines, aid_due=claim.aid_due or ZERO,
        received_on=local_date(claim.received_at or certified.at, claim.application.zone),
        shares=_shares(claim), payees=_payees(claim), paid_before=_paid_before(claim), means=_means(claim, len(lines)),
        checked=_signatory(checked, RoleKind.OFFICER, claim),
        certified=_signatory(certified, RoleKind.CERTIFIER, claim),
    )  # fmt: skip


def _means(claim: Claim, examined: int) -> str:
    """How it was controlled, and how many lines wait for a later claim."""
    parked, row = claim.lines.filter(parked=True).count(), control.latest(claim)
    drawn = len(control.lines_to_control(claim)) - parked if row else examined
    said = [f"Sur pièces, {min(drawn, examined)} ligne(s) examinée(s)"]
    if drawn < examined and row:
        said.append(f"{examined - drawn} retenue(s) sans tirage, méthode {row.method}, graine {row.seed}")
    said += [f"sur place le {visit.held_on:%d/%m/%Y}" for visit in claim.visits.all()]
    return " ; ".join(said + ([f"{parked} ligne(s) reportée(s) à une demande ultérieure"] if parked else []))


def _of_file(claim: Claim) -> dict[str, Any]:
    file = claim.application
    region, version, grant = file.region, file.scheme_version, file.agreement
    return {
        "region_name": f"Région {region.name}",
        "region_contact": Contact(region.service, region.email, region.phone, tuple(region.address.splitlines())),
        "place": region.seat,
        "reference": file.reference,
        "scheme_name": version.scheme.name_fr,
        "programme": file.operation.specific_objective.priority.programme.name if file.operation else "",
        "firm_name": file.company.name,
        "firm_siret": file.company.siret,
        "grant_number": grant.number,
        "granted_on": grant.decided_on,
        "granted": grant.amount,
        "eu_cofunded": any(funder["code"] == Funder.ERDF for funder in version.rules["funding"]["funders"]),
        "simplified_costs": version.rule("payment", "costs", default="real") == "simplified",
        "to_provider": project.payment_model(file).to_provider,
    }


def _latest(claim: Claim, act: str) -> Event:
    return Event.objects.filter(object=key(claim), act=act).select_related("actor").latest("number")


def _signatory(event: Event, role: RoleKind, claim: Claim) -> Signatory:
    day = local_date(event.at, claim.application.zone)
    return Signatory(event.actor.name, str(role.label), day, person=event.person_id_value)


def _line(line: ClaimLine) -> CertificateLine:
    return CertificateLine(
        label=line.line.label, invoice=line.invoice_number, declared=line.amount, accepted=line.accepted or ZERO,
        reason=str(line.get_reason_display()) if line.reason else "", finding=line.finding,
    )  # fmt: skip


def _shares(claim: Claim) -> tuple[tuple[str, Decimal], ...]:
    """Each funder's part of the aid certified, as booked."""
    booked = claim.ledger.filter(bucket=Bucket.VERIFIED).values("line__funder").annotate(amount=Sum("amount"))
    labels = dict(Funder.choices)
    return tuple((str(labels[row["line__funder"]]), row["amount"]) for row in booked.order_by("line__funder"))


def _payees(claim: Claim) -> tuple[tuple[str, Decimal], ...]:
    """Who is paid which part of the aid, where it is split: each by an order of its own."""
    if not payees.is_split(claim):
        return ()
    found = payees.parts_of(claim).items()
    return tuple((payees.payee_of(PaymentOrder(application=claim.application, payee=who)).name, part)
                 for who, part in found)  # fmt: skip


def _paid_before(claim: Claim) -> Decimal:
    """The aid paid on the earlier claims of the same instrument."""
    orders = claim.application.orders.filter(state=OrderState.PAID, claim__number__lt=claim.number)
    paid = orders.filter(claim__instrument=claim.instrument).aggregate(total=Sum("amount"))
    return paid["total"] or ZERO
