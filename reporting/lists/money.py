"""What moved money: the ledger, the payment orders, the batches and the accountant's returns. Euro."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from applications.enums import Bucket, OrderState
from applications.models import LedgerEntry, PaymentOrder, PaymentReturn, PaymentRun
from regions.enums import Funder, Instrument
from regions.models import Region
from reporting.columns import Column
from reporting.keyset import LATEST_FIRST
from reporting.lists.acts import act_words
from reporting.lists.base import (
    Filter,
    Listing,
    between,
    between_moments,
    column,
    contains,
    equals,
    masked,
)

FILE_OR_ORDER = _("Dossier, mandat ou référence du comptable")


def _entries(regions: Iterable[Region]) -> QuerySet[LedgerEntry]:
    booked = LedgerEntry.objects.filter(line__envelope__scheme__region__in=regions)
    return booked.select_related("line__envelope", "application", "claim", "order", "made_by")


def _entry(entry: LedgerEntry) -> dict[str, Any]:
    order = entry.order
    return {
        "rank": entry.pk, "recorded_at": entry.recorded_at, "effective_on": entry.effective_on,
        "envelope": entry.line.envelope.name, "instrument": entry.line.envelope.instrument,
        "funder": entry.line.funder, "bucket": entry.bucket,
        "amount": entry.amount, "reference": entry.application.reference if entry.application else "",
        "claim": entry.claim.number if entry.claim else None, "order_number": order.number if order else "",
        "accountant_reference": order.accountant_reference if order else "", "act": entry.act, "cause": entry.cause,
        "made_by": "" if entry.made_by.is_system else entry.made_by.name,
    }  # fmt: skip


LEDGER = Listing(
    key="grand-livre",
    name_fr="Grand livre",
    name_en="Ledger",
    columns=(
        column("rank", "Ligne", "Entry", "integer"),
        column("recorded_at", "Enregistré le", "Recorded", "moment"),
        column("effective_on", "Effet le", "Effective on", "date"),
        column("envelope", "Enveloppe", "Envelope"),
        column("instrument", "Instrument", "Instrument", choices=Instrument),
        column("funder", "Financeur", "Funder", choices=Funder),
        column("bucket", "Compte", "Bucket", choices=Bucket),
        column("amount", "Montant", "Amount", "money"),
        column("reference", "Dossier", "File"),
        column("claim", "Demande n°", "Claim no", "integer"),
        column("order_number", "Mandat", "Payment order"),
        column("accountant_reference", "Référence du comptable", "Accountant’s reference"),
        Column("act", "Acte", "Act", words=act_words()),
        column("cause", "Événement", "Event"),
        column("made_by", "Fait par", "Made by"),
    ),
    shown=(
        "rank", "recorded_at", "instrument", "funder", "bucket", "amount", "reference", "order_number", "act",
        "made_by",
    ),
    identity=("rank",),
    keys=LATEST_FIRST,
    source=_entries,
    row=_entry,
    filters=(
        Filter(
            "q", FILE_OR_ORDER, contains("application__reference", "order__number", "order__accountant_reference")
        ),
        Filter("bucket", _("Compte"), equals("bucket"), "choice", Bucket.choices),
        Filter(
            "instrument", _("Instrument"), equals("line__envelope__instrument"), "choice", Instrument.choices
        ),
        Filter("funder", _("Financeur"), equals("line__funder"), "choice", Funder.choices),
        *between("effective_on"),
    ),
)  # fmt: skip


def _orders(regions: Iterable[Region]) -> QuerySet[PaymentOrder]:
    ordered = PaymentOrder.objects.filter(application__region__in=regions)
    return ordered.select_related("application", "claim", "run")


def _order(order: PaymentOrder) -> dict[str, Any]:
    names = (
        "state", "payee_name", "amount", "own_share", "total", "prepared_on", "signed_on", "sent_on", "paid_on",
        "accountant_reference", "rejection_code", "snapshot_sha256",
    )  # fmt: skip
    return {name: getattr(order, name) for name in names} | {
        "order_number": order.number, "reference": order.application.reference, "claim": order.claim.number,
        "iban": masked(order.payee_iban), "due_on": order.claim.payment_due_on,
        "batch": order.run.number if order.run else "", "instrument": order.claim.instrument,
        "payee": str(_("Prestataire") if order.payee_provider_id else _("Entreprise")),
    }  # fmt: skip


ORDERS = Listing(
    key="mandats",
    name_fr="Mandats",
    name_en="Payment orders",
    columns=(
        column("order_number", "Mandat", "Payment order"),
        column("reference", "Dossier", "File"),
        column("claim", "Demande n°", "Claim no", "integer"),
        column("state", "État", "State", choices=OrderState),
        column("payee_name", "Bénéficiaire", "Payee"),
        column("iban", "IBAN", "IBAN"),
        column("payee", "Qui est payé", "Who is paid"),
        column("instrument", "Instrument", "Instrument", choices=Instrument),
        column("amount", "Aide", "Aid", "money"),
        column("own_share", "Part de l’entreprise", "Firm’s share", "money"),
        column("total", "Total du mandat", "Order total", "money"),
        column("due_on", "À payer avant le", "To be paid by", "date"),
        column("prepared_on", "Préparé le", "Prepared", "date"),
        column("signed_on", "Signé le", "Signed", "date"),
        column("sent_on", "Transmis le", "Sent", "date"),
        column("batch", "Bordereau", "Batch"),
        column("paid_on", "Payé le", "Paid on", "date"),
        column("accountant_reference", "Référence du comptable", "Accountant’s reference"),
        column("rejection_code", "Motif de rejet", "Rejection code"),
        column("snapshot_sha256", "Empreinte signée", "Signed hash"),
    ),
    shown=(
        "order_number", "reference", "state", "payee_name", "iban", "amount", "own_share", "total",
        "sent_on", "paid_on", "accountant_reference",
    ),
    identity=("order_number",),
    keys=LATEST_FIRST,
    source=_orders,
    row=_order,
    filters=(
        Filter("q", FILE_OR_ORDER, contains("number", "application__reference", "accountant_reference")),
        Filter("state", _("État"), equals("state"), "choice", OrderState.choices[1:]),
        *between("paid_on"),
    ),
)  # fmt: skip


def _batches(regions: Iterable[Region]) -> QuerySet[PaymentRun]:
    return PaymentRun.objects.filter(region__in=regions).select_related("region", "bordereau", "listing")


def _batch(run: PaymentRun) -> dict[str, Any]:
    return {
        "batch": run.number, "created_at": run.created_at, "region": run.region.name, "count": run.count,
        "total": run.total, "sha256": run.sha256, "bordereau_sha256": run.bordereau.sha256 if run.bordereau else "",
        "listing_sha256": run.listing.sha256 if run.listing else "",
    }  # fmt: skip


BATCHES = Listing(
    key="bordereaux",
    name_fr="Bordereaux",
    name_en="Batches",
    columns=(
        column("batch", "Bordereau", "Batch"),
        column("region", "Région", "Region"),
        column("created_at", "Transmis le", "Sent", "moment"),
        column("count", "Mandats", "Orders", "integer"),
        column("total", "Total de contrôle", "Control total", "money"),
        column("sha256", "Empreinte du bordereau", "Batch hash"),
        column("bordereau_sha256", "Empreinte du PDF", "PDF hash"),
        column("listing_sha256", "Empreinte du CSV", "CSV hash"),
    ),
    shown=("batch", "region", "created_at", "count", "total", "sha256"),
    identity=("batch",),
    keys=LATEST_FIRST,
    source=_batches,
    row=_batch,
    filters=(Filter("q", _("Numéro du bordereau"), contains("number")), *between_moments("created_at")),
)


def _returns(regions: Iterable[Region]) -> QuerySet[PaymentReturn]:
    read = PaymentReturn.objects.filter(order__application__region__in=regions)
    return read.select_related("order__application")


def _return(line: PaymentReturn) -> dict[str, Any]:
    names = ("read_at", "result", "value_date", "amount", "rejection_code", "file_sha256")
    return {name: getattr(line, name) for name in names} | {
        "order_number": line.order.number, "reference": line.order.application.reference,
        "accountant_reference": line.reference,
    }  # fmt: skip


RETURNS = Listing(
    key="retours",
    name_fr="Retours du comptable",
    name_en="Accountant’s returns",
    columns=(
        column("read_at", "Lu le", "Read", "moment"),
        column("order_number", "Mandat", "Payment order"),
        column("reference", "Dossier", "File"),
        column("result", "Résultat", "Result", choices=PaymentReturn.Result),
        column("value_date", "Date de valeur", "Value date", "date"),
        column("accountant_reference", "Référence du comptable", "Accountant’s reference"),
        column("amount", "Montant", "Amount", "money"),
        column("rejection_code", "Motif de rejet", "Rejection code"),
        column("file_sha256", "Empreinte du fichier", "File hash"),
    ),
    shown=(
        "read_at", "order_number", "reference", "result", "value_date", "accountant_reference", "amount",
        "rejection_code",
    ),
    keys=LATEST_FIRST,
    source=_returns,
    row=_return,
    filters=(
        Filter("q", FILE_OR_ORDER, contains("order__number", "order__application__reference", "reference")),
        Filter("result", _("Résultat"), equals("result"), "choice", PaymentReturn.Result.choices),
        *between("value_date"),
    ),
)  # fmt: skip
