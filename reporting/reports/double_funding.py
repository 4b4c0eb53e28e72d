"""What two files of the house hold both: an expense is financed once (CPR art. 63(9)), and here is what to look at.

The lines of a claim have no history of their own, so the report is that of its moment, and its rows are kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from applications.enums import ApplicationState, ClaimState, DocumentKind
from regions.enums import RoleKind
from reporting import double_funding
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.sheets import Sheet, Source, made
from reporting.words import words

_LAW = "Art. 63(9)"
_STATES, _CLAIMS = words(ApplicationState), words(ClaimState)


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field, **more)


def _both(key: str, fr: str, en: str, kind: str = "text", **more: Any) -> tuple[Column, Column]:
    """A column of each of the two files, side by side."""
    return (
        _c(key, fr, en, kind, **more),
        _c(f"other_{key}", f"Autre dossier : {_small(fr)}", f"Other file: {_small(en)}", kind, **more),
    )


def _small(label: str) -> str:
    return label[0].lower() + label[1:]


_PAIR = (
    _c("reference", "Dossier", "File", field=_LAW),
    _c("other_reference", "Autre dossier", "Other file", field=_LAW),
    _c("other_region", "Région de l’autre dossier", "Region of the other file"),
    *_both("scheme", "Dispositif", "Scheme"),
    *_both("operation", "Opération", "Operation"),
    *_both("funds", "Financeurs", "Funders"),
    *_both("state", "État", "State", words=_STATES),
)
_CLAIM = (
    *_both("claim", "Demande n°", "Claim no"),
    *_both("claim_state", "État de la demande", "State of the claim", words=_CLAIMS),
    _c("both", "Les deux dans une demande en vie", "Both in a live claim", "boolean"),
)
_DECLARED = (
    *_both("declared", "Déclaré au FEDER", "Declared to the ERDF", "boolean"),
    *_both("applications", "Demandes de paiement à la Commission", "Payment applications to the Commission"),
)

INVOICES = Sheet("invoices", "Mêmes factures", "Same invoices", (
    *_PAIR,
    _c("supplier", "SIRET du fournisseur", "Supplier’s SIRET"),
    *_both("invoice", "Facture", "Invoice"),
    *_both("day", "Date de la facture", "Date of the invoice", "date"),
    *_both("amount", "Montant présenté HT", "Amount claimed excl. VAT", "money"),
    *_CLAIM,
    *_both("accepted", "Retenu HT", "Accepted excl. VAT", "money"),
    *_DECLARED,
), ("reference", "other_reference", "supplier", "invoice"))  # fmt: skip

DOCUMENTS = Sheet("documents", "Mêmes pièces", "Same documents", (
    *_PAIR,
    _c("sha256", "Empreinte (SHA-256)", "Hash (SHA-256)"),
    *_both("kind", "Pièce", "Document", words=words(DocumentKind)),
    *_CLAIM,
    *_DECLARED,
), ("reference", "other_reference", "sha256"))  # fmt: skip


def _read(run: ReportRun) -> Mapping[str, Source]:
    asked = (run.region, run.language)
    return {
        INVOICES.key: made(double_funding.invoices(*asked), "reference", "other_reference"),
        DOCUMENTS.key: made(double_funding.documents(*asked), "reference", "other_reference"),
    }


def _ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """Both columns of a pair against each shared invoice, counted apart: once for each other file that claims it."""
    found, (asked, kept) = totals[INVOICES.key], double_funding.claimed(run.region)
    return [
        Tie("claimed", "Factures présentées par deux dossiers", "Invoices claimed by two files",
            found["amount"] + found["other_amount"], asked),
        Tie("accepted", "Retenu de ces factures", "Accepted of these invoices",
            found["accepted"] + found["other_accepted"], kept),
    ]  # fmt: skip


REPORT = Report(
    key="double-funding", name_fr="Double financement", name_en="Double funding", sheets=(INVOICES, DOCUMENTS),
    read=_read, ties=_ties, scope=REGION, as_of=False,
    roles=(RoleKind.DECIDER, RoleKind.OFFICER, RoleKind.CERTIFIER, RoleKind.AUTHORISING),
)  # fmt: skip
