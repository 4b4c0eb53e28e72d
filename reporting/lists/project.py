"""Groups, firms' shares, loans and what is recovered: what a file has beyond one firm and one grant. Euro."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.enums import Actor, ApplicationState, RecoveryReason, RecoveryState
from applications.models import ApplicationMember, EscrowEntry, GrantComponent, Instalment, Recovery
from regions.enums import Instrument
from regions.models import Region
from regions.money import ZERO
from reporting.keyset import BY_ID, LATEST_FIRST, Key, text
from reporting.lists.base import Filter, Listing, between, column, contains, equals
from workflows import receipts

FILE_OR_FIRM = _("Référence, entreprise ou SIREN")


def _named(path: str) -> Any:
    return contains(*(f"{path}{name}" for name in ("reference", "company__name", "company__siren")))


def _of(file: Any) -> dict[str, Any]:
    return {"reference": file.reference, "firm": file.company.name, "siren": file.company.siren}


OF_FILE = (
    column("reference", "Dossier", "File"),
    column("firm", "Entreprise", "Firm"),
    column("siren", "SIREN", "SIREN"),
)  # fmt: skip


# --- recoveries


def _recoveries(regions: Iterable[Region]) -> QuerySet[Recovery]:
    found = Recovery.objects.filter(application__region__in=regions)
    return found.select_related("application__company", "claim")


def _recovery(row: Recovery) -> dict[str, Any]:
    names = (
        "state", "next_actor", "reason", "amount", "collected", "remaining", "found_on", "answer_by", "observed_on",
        "order_number", "ordered_on", "due_on", "ended_on", "vote",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | _of(row.application) | {
        "recovery": row.number, "claim": row.claim.number if row.claim else None,
    }  # fmt: skip


RECOVERIES = Listing(
    key="recouvrements",
    name_fr="Recouvrements",
    name_en="Recoveries",
    columns=(
        column("recovery", "Recouvrement", "Recovery"),
        *OF_FILE,
        column("claim", "Demande n°", "Claim no", "integer"),
        column("reason", "Motif", "Reason", choices=RecoveryReason),
        column("state", "État", "State", choices=RecoveryState),
        column("next_actor", "Qui l’a maintenant", "Who has it", choices=Actor),
        column("amount", "À recouvrer", "To be recovered", "money"),
        column("collected", "Encaissé", "Collected", "money"),
        column("remaining", "Reste", "Remaining", "money"),
        column("found_on", "Constaté le", "Found on", "date"),
        column("answer_by", "Observations avant le", "Observations by", "date"),
        column("observed_on", "Observations reçues le", "Observations received", "date"),
        column("order_number", "Titre de recettes", "Recovery order"),
        column("ordered_on", "Titre émis le", "Order issued", "date"),
        column("due_on", "À payer avant le", "To be paid by", "date"),
        column("ended_on", "Clos le", "Ended on", "date"),
        column("vote", "Délibération", "Vote"),
    ),
    shown=("recovery", "reference", "firm", "reason", "state", "amount", "collected", "found_on", "due_on"),
    identity=("recovery",),
    keys=LATEST_FIRST,
    source=_recoveries,
    row=_recovery,
    filters=(
        Filter("q", FILE_OR_FIRM, _named("application__")),
        Filter("state", _("État"), equals("state"), "choice", RecoveryState.choices[1:]),
        *between("found_on"),
    ),
)


# --- the firm's own share


def _shares(regions: Iterable[Region]) -> QuerySet[Any]:
    return receipts.with_escrow(regions).select_related("company")


def _share(file: Any) -> dict[str, Any]:
    names = ("state", "notified_on", "cost", "amount_granted", "received", "released", "refunded", "held")
    awaited = file.awaited if file.state == ApplicationState.RUNNING else ZERO
    return {name: getattr(file, name) for name in names} | _of(file) | {"awaited": max(awaited, ZERO)}


AWAITED, TO_GIVE_BACK = "awaited", "to_give_back"
SHARES = Listing(
    key="parts",
    name_fr="Parts des entreprises",
    name_en="Firms’ shares",
    columns=(
        *OF_FILE,
        column("state", "État", "State", choices=ApplicationState),
        column("notified_on", "Notifié le", "Notified", "date"),
        column("cost", "Coût éligible", "Eligible cost", "money"),
        column("amount_granted", "Aide accordée", "Aid granted", "money"),
        column("awaited", "Encore attendue", "Still awaited", "money"),
        column("received", "Reçue", "Received", "money"),
        column("released", "Versée au prestataire", "Paid to the provider", "money"),
        column("refunded", "Rendue", "Given back", "money"),
        column("held", "Détenue", "Held", "money"),
    ),
    shown=("reference", "firm", "state", "amount_granted", "awaited", "received", "released", "refunded", "held"),
    identity=("reference",),
    keys=(Key("reference", text),),
    source=_shares,
    row=_share,
    filters=(
        Filter("q", FILE_OR_FIRM, _named("")),
        Filter(
            "step", _("Étape"),
            lambda value, zone: receipts.AWAITED if value == AWAITED else receipts.TO_GIVE_BACK, "choice",
            ((AWAITED, _("Part attendue")), (TO_GIVE_BACK, _("Part à rendre"))),
        ),
    ),
)  # fmt: skip


def _movements(regions: Iterable[Region]) -> QuerySet[EscrowEntry]:
    rows = EscrowEntry.objects.filter(application__region__in=regions)
    return rows.select_related("application__company", "order", "made_by")


def _movement(entry: EscrowEntry) -> dict[str, Any]:
    names = ("recorded_at", "effective_on", "side", "amount", "cause")
    return {name: getattr(entry, name) for name in names} | _of(entry.application) | {
        "rank": entry.pk, "bank_reference": entry.reference, "order_number": entry.order.number if entry.order else "",
        "made_by": "" if entry.made_by.is_system else entry.made_by.name,
    }  # fmt: skip


MOVEMENTS = Listing(
    key="mouvements-des-parts",
    name_fr="Mouvements des parts",
    name_en="Movements of the shares",
    columns=(
        column("rank", "Ligne", "Entry", "integer"),
        column("recorded_at", "Enregistré le", "Recorded", "moment"),
        column("effective_on", "Effet le", "Effective on", "date"),
        *OF_FILE,
        column("side", "Mouvement", "Movement", choices=EscrowEntry.Side),
        column("amount", "Montant", "Amount", "money"),
        column("bank_reference", "Référence", "Reference"),
        column("order_number", "Mandat", "Payment order"),
        column("cause", "Événement", "Event"),
        column("made_by", "Fait par", "Made by"),
    ),
    shown=("rank", "recorded_at", "reference", "firm", "side", "amount", "bank_reference", "order_number", "made_by"),
    identity=("rank",),
    keys=LATEST_FIRST,
    source=_movements,
    row=_movement,
    filters=(
        Filter("q", FILE_OR_FIRM, _named("application__")),
        Filter("side", _("Mouvement"), equals("side"), "choice", EscrowEntry.Side.choices),
        *between("effective_on"),
    ),
)


# --- what is lent, advanced or guaranteed


def _components(regions: Iterable[Region]) -> QuerySet[GrantComponent]:
    rows = GrantComponent.objects.filter(grant__application__region__in=regions)
    return rows.select_related("grant__application__company")


def _component(row: GrantComponent) -> dict[str, Any]:
    names = (
        "instrument", "amount", "gross_grant_equivalent", "months", "grace_months", "every_months", "method",
    )  # fmt: skip
    return {name: getattr(row, name) for name in names} | _of(row.grant.application) | {
        "grant_number": row.grant.number, "decided_on": row.grant.decided_on, "annual_rate": row.annual_rate / 100,
    }  # fmt: skip


INSTRUMENTS = [choice for choice in Instrument.choices if choice[0] != Instrument.GRANT]
COMPONENTS = Listing(
    key="prets-et-garanties",
    name_fr="Prêts, avances et garanties",
    name_en="Loans, advances and guarantees",
    columns=(
        *OF_FILE,
        column("grant_number", "Décision", "Decision"),
        column("decided_on", "Décidé le", "Decided", "date"),
        column("instrument", "Instrument", "Instrument", choices=Instrument),
        column("amount", "Montant", "Amount", "money"),
        column("gross_grant_equivalent", "Équivalent-subvention brut", "Gross grant equivalent", "money"),
        column("months", "Durée en mois", "Months", "integer"),
        column("grace_months", "Différé en mois", "Grace months", "integer"),
        column("every_months", "Périodicité en mois", "Every months", "integer"),
        column("annual_rate", "Taux annuel", "Annual rate", "percent"),
        column("method", "Méthode de calcul", "Method"),
    ),
    shown=(
        "reference", "firm", "instrument", "decided_on", "amount", "gross_grant_equivalent", "months", "grace_months",
    ),
    keys=BY_ID,
    source=_components,
    row=_component,
    filters=(
        Filter("q", FILE_OR_FIRM, _named("grant__application__")),
        Filter("instrument", _("Instrument"), equals("instrument"), "choice", INSTRUMENTS),
        *between("grant__decided_on"),
    ),
)  # fmt: skip


def _instalments(regions: Iterable[Region]) -> QuerySet[Instalment]:
    rows = Instalment.objects.filter(component__grant__application__region__in=regions)
    return rows.select_related("component__grant__application__company")


def _instalment(row: Instalment) -> dict[str, Any]:
    names = ("number", "due_on", "principal", "interest", "due", "paid_on")
    return {name: getattr(row, name) for name in names} | _of(row.component.grant.application) | {
        "instrument": row.component.instrument, "bank_reference": row.reference,
    }  # fmt: skip


INSTALMENTS = Listing(
    key="echeances",
    name_fr="Échéances",
    name_en="Instalments",
    columns=(
        *OF_FILE,
        column("instrument", "Instrument", "Instrument", choices=Instrument),
        column("number", "Échéance n°", "Instalment no", "integer"),
        column("due_on", "Échéance", "Due", "date"),
        column("principal", "Capital", "Principal", "money"),
        column("interest", "Intérêts", "Interest", "money"),
        column("due", "Dû", "Due amount", "money"),
        column("paid_on", "Remboursée le", "Repaid on", "date"),
        column("bank_reference", "Référence", "Reference"),
    ),
    shown=("reference", "firm", "instrument", "number", "due_on", "principal", "interest", "paid_on", "bank_reference"),
    keys=BY_ID,
    source=_instalments,
    row=_instalment,
    filters=(
        Filter("q", FILE_OR_FIRM, _named("component__grant__application__")),
        Filter("instrument", _("Instrument"), equals("component__instrument"), "choice", INSTRUMENTS),
        *between("due_on"),
    ),
)


# --- groups


def _members(regions: Iterable[Region]) -> QuerySet[ApplicationMember]:
    rows = ApplicationMember.objects.filter(application__region__in=regions)
    return rows.exclude(application__state=ApplicationState.DRAFT).select_related("application__company", "company")


def _member(row: ApplicationMember) -> dict[str, Any]:
    names = ("declared_de_minimis", "share", "confirmed_at", "left_on")
    return {name: getattr(row, name) for name in names} | _of(row.application) | {
        "member": row.company.name, "member_siren": row.company.siren,
    }  # fmt: skip


MEMBERS = Listing(
    key="groupements",
    name_fr="Groupements",
    name_en="Groups",
    columns=(
        column("reference", "Dossier", "File"),
        column("firm", "Chef de file", "Lead firm"),
        column("siren", "SIREN du chef de file", "Lead firm’s SIREN"),
        column("member", "Entreprise", "Firm"),
        column("member_siren", "SIREN", "SIREN"),
        column("confirmed_at", "Confirmée le", "Confirmed", "moment"),
        column("left_on", "Partie le", "Left on", "date"),
        column("declared_de_minimis", "Autres aides de minimis", "Other de minimis aid", "money"),
        column("share", "Part de l’aide", "Part of the aid", "money"),
    ),
    shown=("reference", "firm", "member", "member_siren", "confirmed_at", "left_on", "share"),
    keys=BY_ID,
    source=_members,
    row=_member,
    filters=(
        Filter("q", FILE_OR_FIRM, _named("application__")),
        Filter("firm", _("Entreprise du groupement"), contains("company__name", "company__siren")),
    ),
)
