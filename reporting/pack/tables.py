"""The facts of a file as tables of an audit pack. Amounts in euro; the lists' own columns where a list has them."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from applications.enums import CheckKind, Finding, RejectionReason
from applications.models import (
    Application,
    CheckResult,
    ClaimLine,
    DeMinimisAward,
    FollowUp,
    GrantCorrection,
    RegisterFiling,
)
from regions.enums import Funder
from reporting.lists.base import column
from reporting.lists.files import CLAIMS
from reporting.lists.money import LEDGER, ORDERS, RETURNS
from reporting.pack import declared, interests, project
from reporting.pack.elements import CHAIN
from reporting.pack.model import Table
from reporting.pack.rows import Rows, listed, table, values
from workflows.recompute import recompute

CORRECTED = ("verified", "ordered", "paid")
"""Buckets in which a negative row takes back what was certified, ordered or paid."""

_QUOTE = (
    column("number", "Ligne", "Line", "integer"),
    column("category", "Catégorie", "Category"),
    column("label", "Intitulé", "Label"),
    column("amount", "Devis HT", "Quoted, net of VAT", "money"),
    column("eligible", "Éligible", "Eligible", "money"),
    column("aid", "Aide", "Aid", "money"),
    column("reason", "Motif", "Reason"),
)
_GRANT = (
    column("number", "Décision", "Decision"),
    column("amount", "Montant", "Amount", "money"),
    column("gross_grant_equivalent", "Équivalent-subvention brut", "Gross grant equivalent", "money"),
    column("decided_on", "Décidée le", "Decided", "date"),
    column("signatory", "Signataire", "Signatory"),
    column("delegation", "Délégation", "Delegation"),
    column("valid_until", "Valable jusqu’au", "Valid until", "date"),
)
_SHARES = (
    column("funder", "Financeur", "Funder", choices=Funder),
    column("amount", "Part", "Share", "money"),
)
_CHECKS = (
    column("kind", "Contrôle", "Check", choices=CheckKind),
    column("finding", "Résultat", "Finding", choices=Finding),
    column("codes", "Motifs", "Codes"),
    column("made_at", "Fait le", "Made", "moment"),
    column("made_by", "Fait par", "Made by"),
)
_LINES = (
    column("claim", "Demande n°", "Claim no", "integer"),
    column("line", "Ligne du devis", "Quote line", "integer"),
    column("invoice_number", "Facture", "Invoice"),
    column("supplier_siret", "SIRET du fournisseur", "Supplier’s SIRET"),
    column("invoiced_on", "Facturée le", "Invoiced", "date"),
    column("paid_on", "Acquittée le", "Paid by the firm", "date"),
    column("amount", "Déclaré HT", "Declared, net of VAT", "money"),
    column("accepted", "Retenu", "Accepted", "money"),
    column("reason", "Motif d’écart", "Reason", choices=RejectionReason),
    column("finding", "Constat", "Finding"),
)
_AWARDS = (
    column("aid_number", "Numéro de l’aide", "Aid number"),
    column("siren", "SIREN", "SIREN"),
    column("amount", "Équivalent-subvention brut", "Gross grant equivalent", "money"),
    column("granted_on", "Octroyée le", "Granted", "date"),
    column("authority", "Autorité", "Authority"),
    column("regulation", "Règlement (UE)", "Regulation (EU)"),
)
_CORRECTIONS = (
    column("number", "Correction", "Correction", "integer"),
    column("previous", "Équivalent-subvention brut avant", "Gross grant equivalent before", "money"),
    column("equivalent", "Équivalent-subvention brut corrigé", "Gross grant equivalent, corrected", "money"),
    column("corrected_on", "Corrigée le", "Corrected", "date"),
    column("cause", "Cause", "Cause", choices=GrantCorrection.Cause),
    column("event", "Acte", "Act"),
)
_PUBLISHED = (
    column("what", "Publié", "Published"),
    column("filed_on", "Publiée le", "Published on", "date"),
    column("reference", "Référence", "Reference"),
    column("made_by", "Notée par", "Noted by"),
)
_TARGETS = (
    column("code", "Indicateur", "Indicator"),
    column("baseline", "Valeur de départ", "Baseline", "decimal"),
    column("target", "Cible de l’opération", "Target of the operation", "decimal"),
)
_INTENSITY = (
    column("measure", "Mesure", "Measure"),
    column("before", "Avant", "Before", "integer"),
    column("after", "Après", "After", "integer"),
)
_ANSWERS = (
    column("answered_on", "Répondu le", "Answered", "date"),
    column("channel", "Voie", "Channel", choices=FollowUp.Channel),
    column("confirmed", "Compte dans les rapports", "Counts in the reports", "boolean"),
    column("headcount", "Effectif (ETP)", "Headcount (FTE)", "decimal"),
    column("turnover", "Chiffre d’affaires", "Turnover", "money"),
    column("online_share", "Part en ligne (%)", "Share online (%)", "integer"),
    column("export_share", "Part exportée (%)", "Share exported (%)", "integer"),
    column("in_use", "Outil toujours utilisé", "Tool still in use", choices=FollowUp.InUse),
    column("new_offer", "Produit ou procédé nouveau", "New product or process", "boolean"),
    column("new_methods", "Vente ou organisation nouvelle", "New marketing or organisation", "boolean"),
    column("digital_intensity", "Pratiques numériques, sur 12", "Digital practices, of 12", "integer"),
    column("satisfaction", "Satisfaction, sur 5", "Satisfaction, of 5", "integer"),
)
_RECOMPUTED = (
    column("act", "Acte", "Act"),
    column("made_at", "Fait le", "Made", "moment"),
    column("scheme_fingerprint", "Empreinte du règlement", "Hash of the scheme rules"),
    column("law_version", "Droit appliqué", "Law applied"),
    column("engine_version", "Moteur", "Engine"),
    column("intact", "Faits intacts", "Facts intact", "boolean"),
    column("same", "Même résultat recalculé", "Same outcome recomputed", "boolean"),
)
_VERSIONS = (
    column("number", "Version", "Version", "integer"),
    column("act", "Acte", "Act"),
    column("recorded_at", "Connue le", "Recorded", "moment"),
    column("effective_on", "Effet le", "Effective", "date"),
    column("state", "État", "State"),
    column("siren", "SIREN", "SIREN"),
    column("size", "Taille", "Size"),
    column("headcount", "Effectif", "Headcount", "decimal"),
    column("turnover", "Chiffre d’affaires", "Turnover", "money"),
    *(
        column(key, fr, en, "money")
        for key, fr, en in (
            ("cost_quoted", "Devis", "Quoted"), ("cost_eligible", "Dépense éligible", "Eligible cost"),
            ("requested", "Demandé", "Requested"), ("proposed", "Proposé", "Proposed"),
            ("granted", "Accordé", "Granted"), ("granted_erdf", "Dont FEDER", "Of which ERDF"),
            ("committed", "Engagé", "Committed"), ("verified", "Service fait certifié", "Verified"),
            ("ordered", "Mandaté", "Ordered"), ("paid", "Payé", "Paid"),
        )
    ),
    column("digital_intensity_before", "Intensité numérique avant", "Digital intensity before", "integer"),
    column("digital_intensity_after", "Intensité numérique après", "Digital intensity after", "integer"),
)  # fmt: skip


def tables(file: Application) -> list[Table]:
    """Every table of a file that has a row, in the order of the elements."""
    made = [
        table(CHAIN.number, "versions", "Versions du dossier", "Versions of the file", _VERSIONS, _versions(file)),
        table(1, "devis--quote_lines", "Lignes du devis", "Quote lines", _QUOTE, values(file.lines.all(), _QUOTE)),
        table(1, "controles--checks", "Contrôles d’instruction", "Checks before the decision", _CHECKS, _checks(file)),
        table(1, "recalcul--recomputation", "Décisions recalculées", "Decisions recomputed", _RECOMPUTED,
               _recomputed(file)),
        table(1, "interets--interests", "Déclarations d’intérêts de qui a agi",
               "Declarations of interests of who acted", interests.COLUMNS, interests.rows(file)),
        table(2, "octroi--grant", "Octroi", "Grant", _GRANT, _grant(file)),
        table(2, "parts--shares", "Parts des financeurs", "Shares of the funders", _SHARES, _shares(file)),
        listed(3, "demandes--claims", CLAIMS, file.region, application=file),
        listed(5, "mandats--orders", ORDERS, file.region, application=file),
        listed(5, "retours--returns", RETURNS, file.region, order__application=file),
        table(6, "lignes--controlled_lines", "Contrôle des dépenses", "Control of the costs", _LINES, _lines(file)),
        table(8, "ecarts--rejected_lines", "Dépenses écartées et constats", "Rejected costs and findings", _LINES,
               _rejected(file)),
        table(9, "de_minimis--awards", "Aides de minimis", "De minimis awards", _AWARDS, _awards(file)),
        table(9, "rgec_corrections--gber_corrections", "Corrections de l’aide exemptée",
               "Corrections of the exempted grant", _CORRECTIONS, _corrections(file)),
        table(9, "rgec_publications--gber_publications", "Publications de l’aide exemptée",
               "Publications of the exempted grant", _PUBLISHED, _published(file)),
        table(10, "intensite--intensity", "Intensité numérique", "Digital intensity", _INTENSITY, _intensity(file)),
        table(10, "resultats--answers", "Résultats dits par l’entreprise", "Results as told by the firm", _ANSWERS,
               _answers(file)),
        table(10, "cibles--targets", "Cibles de l’opération", "Targets of the operation", _TARGETS, _targets(file)),
        listed(11, "corrections--corrections", LEDGER, file.region, application=file, amount__lt=0,
               bucket__in=CORRECTED),
        *project.tables(file), *declared.tables(file),
    ]  # fmt: skip
    return sorted((each for each in made if each.rows), key=lambda each: each.element)


def _versions(file: Application) -> Rows:
    return values(file.versions.order_by("number"), _VERSIONS)


def _name(user: Any) -> str:
    return "" if user.is_system else str(user.name)


def _checks(file: Application) -> Rows:
    found = CheckResult.objects.filter(application=file).select_related("made_by").order_by("pk")
    return (
        {
            "kind": check.kind, "finding": check.finding, "codes": ", ".join(check.codes), "made_at": check.made_at,
            "made_by": _name(check.made_by),
        }
        for check in found
    )  # fmt: skip


def _recomputed(file: Application) -> Rows:
    names = ("act", "made_at", "scheme_fingerprint", "law_version", "engine_version")
    for decision in file.decisions.order_by("pk"):
        again = recompute(decision)
        yield {name: getattr(decision, name) for name in names} | {"intact": again.intact, "same": again.same}


def _grant(file: Application) -> Rows:
    grant = getattr(file, "agreement", None)
    if grant is not None:
        names = ("number", "amount", "gross_grant_equivalent", "decided_on", "delegation", "valid_until")
        yield {name: getattr(grant, name) for name in names} | {"signatory": _name(grant.signed_by)}


def _shares(file: Application) -> Rows:
    grant = getattr(file, "agreement", None)
    return values(grant.shares.order_by("pk") if grant is not None else (), _SHARES)


def _lines(file: Application) -> Rows:
    found = ClaimLine.objects.filter(claim__application=file).select_related("claim", "line").order_by("pk")
    names = ("invoice_number", "supplier_siret", "invoiced_on", "paid_on", "amount", "accepted", "reason", "finding")
    return (
        {name: getattr(line, name) for name in names} | {"claim": line.claim.number, "line": line.line.number}
        for line in found
    )


def _rejected(file: Application) -> Rows:
    return (line for line in _lines(file) if line["reason"])


def _awards(file: Application) -> Rows:
    return values(DeMinimisAward.objects.filter(application=file).order_by("pk"), _AWARDS)


def _corrections(file: Application) -> Rows:
    return values(GrantCorrection.objects.filter(grant__application=file).order_by("number"), _CORRECTIONS)


def _published(file: Application) -> Rows:
    """When the grant was published, and each of its corrections."""
    found = RegisterFiling.objects.filter(Q(grant__application=file) | Q(correction__grant__application=file))
    for row in found.select_related("grant", "correction__grant", "made_by").order_by("pk"):
        yield {
            "what": str(row.grant or row.correction), "filed_on": row.filed_on, "reference": row.reference,
            "made_by": _name(row.made_by),
        }  # fmt: skip


def _intensity(file: Application) -> Rows:
    before, after = file.digital_intensity_before, file.digital_intensity_after
    if before is not None or after is not None:
        yield {"measure": "RCR13", "before": before, "after": after}


def _answers(file: Application) -> Rows:
    """Every answer of the questionnaire, the one of a call that nobody confirmed included."""
    for row in file.follow_ups.order_by("pk"):
        given = {column.key: getattr(row, column.key) for column in _ANSWERS if column.key != "confirmed"}
        yield given | {"confirmed": row.channel == FollowUp.Channel.ONLINE or row.confirms_id is not None}


def _targets(file: Application) -> Rows:
    return values(file.operation.targets.order_by("code") if file.operation else (), _TARGETS)
