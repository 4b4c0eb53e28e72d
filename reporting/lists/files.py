"""The files of a region and their payment claims. Amounts in euro, positions from the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet, Subquery, Sum
from django.db.models.expressions import OuterRef
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, ApplicationState, ClaimKind, ClaimState, Opinion
from applications.models import Application, CasePosition, Claim
from regions.enums import Instrument
from regions.models import Region
from regions.money import ZERO
from reporting.keyset import Key, text
from reporting.lists.base import Filter, Listing, between, between_moments, column, contains, equals

BUCKETS = ("committed", "verified", "ordered", "paid")


def _booked(bucket: str) -> Subquery:
    """What the ledger's positions hold for a file, all funders together."""
    held = CasePosition.objects.filter(application=OuterRef("pk")).order_by().values("application")
    return Subquery(held.annotate(total=Sum(bucket)).values("total"))


def _files(regions: Iterable[Region]) -> QuerySet[Application]:
    filed = Application.objects.filter(region__in=regions).exclude(state=ApplicationState.DRAFT)
    return filed.select_related("company", "scheme_version__scheme", "assigned_to", "provider").annotate(
        **{f"in_{bucket}": _booked(bucket) for bucket in BUCKETS}
    )


def _file(file: Any) -> dict[str, Any]:
    names = (
        "reference", "title", "state", "next_actor", "opinion", "submitted_at", "complete_at", "decision_due_on",
        "decided_on", "notified_on", "complete_by", "completed_on", "due_on", "amount_requested",
        "amount_proposed", "amount_granted",
    )  # fmt: skip
    booked = {bucket: getattr(file, f"in_{bucket}") or ZERO for bucket in BUCKETS}
    return {name: getattr(file, name) for name in names} | booked | {
        "firm": file.company.name, "siren": file.company.siren, "scheme": str(file.scheme_version.scheme),
        "version": file.scheme_version.number, "assigned_to": str(file.assigned_to or ""),
        "provider": str(file.provider or ""),
    }  # fmt: skip


FILES = Listing(
    key="dossiers",
    name_fr="Dossiers",
    name_en="Files",
    columns=(
        column("reference", "Dossier", "File"),
        column("firm", "Entreprise", "Firm"),
        column("siren", "SIREN", "SIREN"),
        column("title", "Projet", "Project"),
        column("scheme", "Dispositif", "Scheme"),
        column("version", "Version du règlement", "Scheme version", "integer"),
        column("state", "État", "State", choices=ApplicationState),
        column("next_actor", "Qui a le dossier", "Who has it", choices=Actor),
        column("assigned_to", "Instructeur", "Officer"),
        column("provider", "Prestataire", "Provider"),
        column("submitted_at", "Déposé le", "Submitted", "moment"),
        column("complete_at", "Complet le", "Complete", "moment"),
        column("due_on", "Échéance", "Due", "date"),
        column("decision_due_on", "Décision attendue le", "Decision due", "date"),
        column("opinion", "Avis", "Opinion", choices=Opinion),
        column("decided_on", "Décidé le", "Decided", "date"),
        column("notified_on", "Notifié le", "Notified", "date"),
        column("complete_by", "À achever avant le", "To be completed by", "date"),
        column("completed_on", "Soldé le", "Completed", "date"),
        column("amount_requested", "Demandé", "Requested", "money"),
        column("amount_proposed", "Proposé", "Proposed", "money"),
        column("amount_granted", "Accordé", "Granted", "money"),
        column("committed", "Engagé", "Committed", "money"),
        column("verified", "Service fait certifié", "Verified", "money"),
        column("ordered", "Mandaté", "Ordered", "money"),
        column("paid", "Payé", "Paid", "money"),
    ),
    shown=("reference", "firm", "scheme", "state", "submitted_at", "decided_on", "amount_granted", "paid"),
    identity=("reference",),
    keys=(Key("reference", text),),
    source=_files,
    row=_file,
    filters=(
        Filter("q", _("Référence, entreprise ou SIREN"), contains("reference", "company__name", "company__siren")),
        Filter("state", _("État"), equals("state"), "choice", ApplicationState.choices[1:]),
        *between_moments("submitted_at"),
    ),
)


def _claims(regions: Iterable[Region]) -> QuerySet[Claim]:
    filed = Claim.objects.filter(application__region__in=regions).exclude(state=ClaimState.DRAFT)
    return filed.select_related("application__company")


def _claim(claim: Claim) -> dict[str, Any]:
    names = (
        "number", "kind", "instrument", "state", "is_final", "received_at", "payment_due_on", "amount_declared",
        "amount_accepted", "aid_due", "verified_on",
    )  # fmt: skip
    declared, accepted = claim.amount_declared, claim.amount_accepted
    return {name: getattr(claim, name) for name in names} | {
        "reference": claim.application.reference, "firm": claim.application.company.name,
        "rejected": declared - accepted if declared is not None and accepted is not None else None,
    }  # fmt: skip


CLAIMS = Listing(
    key="demandes-de-paiement",
    name_fr="Demandes de paiement",
    name_en="Payment claims",
    columns=(
        column("reference", "Dossier", "File"),
        column("number", "Demande n°", "Claim no", "integer"),
        column("firm", "Entreprise", "Firm"),
        column("state", "État", "State", choices=ClaimState),
        column("kind", "Nature", "Kind", choices=ClaimKind),
        column("instrument", "Instrument", "Instrument", choices=Instrument),
        column("is_final", "Dernière demande", "Final claim", "boolean"),
        column("received_at", "Reçue le", "Received", "moment"),
        column("payment_due_on", "À payer avant le", "To be paid by", "date"),
        column("amount_declared", "Déclaré", "Declared", "money"),
        column("amount_accepted", "Retenu", "Accepted", "money"),
        column("rejected", "Écarté", "Rejected", "money"),
        column("aid_due", "Aide due", "Aid due", "money"),
        column("verified_on", "Certifiée le", "Verified on", "date"),
    ),
    shown=(
        "reference", "number", "firm", "state", "received_at", "amount_declared", "amount_accepted", "rejected",
        "aid_due", "verified_on",
    ),
    identity=("reference", "number"),
    keys=(Key("application__reference", text), Key("number")),
    source=_claims,
    row=_claim,
    filters=(
        Filter(
            "q", _("Référence, entreprise ou SIREN"),
            contains("application__reference", "application__company__name", "application__company__siren"),
        ),
        Filter("state", _("État"), equals("state"), "choice", ClaimState.choices[1:]),
        *between("verified_on"),
    ),
)  # fmt: skip
