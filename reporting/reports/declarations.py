"""The payment applications of a region's programmes and their accounts: annexes XXIII and XXIV of the CPR."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Sum

from applications.enums import Bucket, CorrectionLanding, Deduction
from applications.models import Correction, LedgerEntry, OperationClaimLine, PaymentApplication
from regions.enums import RoleKind
from regions.money import ZERO
from reporting import advances, declared
from reporting.checks import Tie, Totals
from reporting.columns import Column
from reporting.models import ReportRun
from reporting.registry import REGION, Report
from reporting.reports.appendices import ADVANCES, APPENDICES, PAID_AHEAD, standing
from reporting.reports.erdf import FUNDS, REGIONS_KINDS
from reporting.sheets import Sheet, Source, made
from reporting.words import words

ROWS = {
    "paid": ("aide payée", "aid paid"), "recovered": ("aide recouvrée", "aid recovered"),
    "correction": ("correction", "correction"),
}  # fmt: skip


def _c(key: str, fr: str, en: str, kind: str = "text", field: str = "", **more: Any) -> Column:
    return Column(key=key, label_fr=fr, label_en=en, kind=kind, reference=field, **more)


APPLICATIONS = Sheet("applications", "Demandes de paiement", "Payment applications", (
    _c("fund", "Fonds", "Fund", words=FUNDS),
    _c("cci", "CCI du programme", "Programme CCI"),
    _c("programme", "Programme", "Programme"),
    _c("decision", "Décision de la Commission", "Commission decision"),
    _c("application", "Demande n°", "Application no"),
    _c("year", "Exercice comptable", "Accounting year"),
    _c("window_start", "Période : début", "Period: start", "date"),
    _c("window_end", "Période : fin", "Period: end", "date"),
    _c("is_final", "Dernière de l’exercice", "Final of the year", "boolean"),
    _c("sent_on", "Transmise le", "Submitted on", "moment", "Annex XVII, 105"),
    _c("national_reference", "Référence nationale", "National reference"),
    _c("declared", "Dépense éligible totale", "Total eligible expenditure", "money", "Annex XVII, 106"),
    _c("contribution", "Contribution publique totale", "Total public contribution", "money", "Annex XVII, 107"),
), ("cci", "application"))  # fmt: skip

TABLE = Sheet("annex_23", "Annexe XXIII", "Annex XXIII", (
    _c("application", "Demande n°", "Application no"),
    _c("priority", "Priorité", "Priority"),
    _c("category_of_region", "Catégorie de région", "Category of region", words=REGIONS_KINDS),
    _c("basis", "Base de calcul", "Calculation basis", field="Annex XXIII, A", words=words(PaymentApplication.Basis)),
    _c("expenditure", "Dépense éligible totale, engagée et payée", "Total eligible expenditure, incurred and paid",
       "money", "Annex XXIII, B"),
    _c("union_contribution", "Contribution de l’Union, art. 91(4)(a) et (b)", "Union contribution, Art. 91(4)(a), (b)",
       "money", "Annex XXIII, C"),
    _c("technical_assistance", "Assistance technique", "Technical assistance", "money", "Annex XXIII, D"),
    _c("public_contribution", "Contribution publique versée ou à verser", "Public contribution made or to be made",
       "money", "Annex XXIII, E"),
    _c("rate", "Taux de cofinancement", "Co-financing rate", "percent"),
    _c("contribution", "Contribution du Fonds", "Contribution of the Fund", "money"),
    _c("interim", "Paiement intermédiaire (95 %)", "Interim payment (95 %)", "money", "Art. 93(1)"),
    _c("left", "Reste pour les comptes", "Left for the accounts", "money"),
), ("application", "priority"))  # fmt: skip

LINES = Sheet("lines", "Dépenses déclarées", "Declared expenditure", (
    _c("application", "Demande n°", "Application no"),
    _c("claim", "Demande", "Claim"),
    _c("operation", "Opération", "Operation", field="Annex XVII, 9"),
    _c("reference", "Dossier", "File", field="Annex XVII, 25"),
    _c("rank", "Ligne", "Line", "integer"),
    _c("kind", "Objet", "Kind", words=ROWS),
    _c("order_number", "Mandat", "Payment order"),
    _c("paid_on", "Date", "Date", "date", "Annex XVII, 72"),
    _c("booked", "Grand livre", "Ledger", "money"),
    _c("declared", "Contribution publique déclarée", "Public contribution declared", "money", "Annex XVII, 73"),
    _c("expenditure", "Dépense éligible déclarée", "Eligible expenditure declared", "money", "Annex XVII, 73"),
    _c("reason", "Écart", "Difference", personal=True),
), ("application", "rank"))  # fmt: skip

CORRECTIONS = Sheet("corrections", "Corrections", "Corrections", (
    _c("reference", "Dossier", "File", field="Annex XVII, 25"),
    _c("rank", "Correction", "Correction", "integer"),
    _c("decided_on", "Décidée le", "Decided on", "date", "Annex XVII, 102"),
    _c("kind", "Nature", "Type", field="Annex XVII, 102", words=words(Deduction)),
    _c("amount", "Dépense concernée", "Expenditure affected", "money", "Annex XVII, 103"),
    _c("public_contribution", "Contribution publique concernée", "Public contribution affected", "money",
       "Annex XVII, 104"),
    _c("audit", "Constatée par un audit", "Found by an audit", "boolean", "Annex XVII, 103"),
    _c("year", "Dans les comptes de", "In the accounts of"),
    _c("irregularity", "Irrégularité", "Irregularity"),
    _c("lands_in", "Inscrite dans", "Recorded in", words=words(CorrectionLanding)),
    _c("landing_year", "Exercice comptable", "Accounting year"),
), ("rank",))  # fmt: skip

_PLACE = (
    _c("year", "Exercice comptable", "Accounting year"),
    _c("priority", "Priorité", "Priority"),
    _c("category_of_region", "Catégorie de région", "Category of region", words=REGIONS_KINDS),
)
APPENDIX_1 = Sheet("accounts", "Comptes, appendice 1", "Accounts, appendix 1", (
    *_PLACE,
    _c("accounts_expenditure", "Dépense éligible totale, comptabilisée et déclarée",
       "Total eligible expenditure, entered and declared", "money", "Annex XXIV, A"),
    _c("technical_assistance", "Assistance technique", "Technical assistance", "money", "Annex XXIV, B"),
    _c("accounts_contribution", "Contribution publique versée ou à verser", "Public contribution made or to be made",
       "money", "Annex XXIV, C"),
), ("year", "priority"))  # fmt: skip
APPENDIX_2 = Sheet("withdrawn", "Comptes, appendice 2", "Accounts, appendix 2", (
    *_PLACE,
    _c("declared_in", "Déclarée au titre de", "Declared in"),
    _c("expenditure", "Dépense éligible totale retirée", "Total eligible expenditure withdrawn", "money",
       "Annex XXIV, A"),
    _c("public_contribution", "Contribution publique retirée", "Public contribution withdrawn", "money",
       "Annex XXIV, B"),
    _c("audit", "dont à la suite d’audits : dépense", "of which as a result of audits: expenditure", "money"),
    _c("audit_contribution", "dont à la suite d’audits : contribution publique",
       "of which as a result of audits: public contribution", "money"),
), ("year", "priority", "declared_in"))  # fmt: skip
APPENDIX_4 = Sheet("reconciliation", "Comptes, appendice 4", "Accounts, appendix 4", (
    *_PLACE,
    _c("applied_expenditure", "Demandes : dépense éligible totale", "Applications: total eligible expenditure",
       "money", "Annex XXIV, A"),
    _c("applied_contribution", "Demandes : contribution publique", "Applications: public contribution", "money",
       "Annex XXIV, B"),
    _c("accounts_expenditure", "Comptes : dépense éligible totale", "Accounts: total eligible expenditure", "money",
       "Annex XXIV, C"),
    _c("accounts_contribution", "Comptes : contribution publique", "Accounts: public contribution", "money",
       "Annex XXIV, D"),
    _c("expenditure_difference", "Écart de dépense (A − C)", "Difference of expenditure (A − C)", "money",
       "Annex XXIV, E"),
    _c("contribution_difference", "Écart de contribution (B − D)", "Difference of contribution (B − D)", "money",
       "Annex XXIV, F"),
    _c("comment", "Commentaire, obligatoire en cas d’écart", "Comment, obligatory if there is a difference",
       field="Annex XXIV, G"),
    _c("irregular", "Point a : irrégularités", "Point (a): irregularities", "money", "Art. 98(6)(a)"),
    _c("assessment", "Point b : en évaluation", "Point (b): under assessment", "money", "Art. 98(6)(b)"),
    _c("other", "Point c : autres montants", "Point (c): other amounts", "money", "Art. 98(6)(c)"),
    _c("audit", "dont à la suite d’audits : dépense", "of which as a result of audits: expenditure", "money"),
    _c("audit_contribution", "dont à la suite d’audits : contribution publique",
       "of which as a result of audits: public contribution", "money"),
), ("year", "priority"))  # fmt: skip

SHEETS = (APPLICATIONS, TABLE, ADVANCES, LINES, CORRECTIONS, APPENDIX_1, APPENDIX_2, APPENDIX_4, PAID_AHEAD, APPENDICES)


def sources(run: ReportRun) -> Mapping[str, Source]:
    """Sheet → its records: only what was sent to the Commission by the watermark."""
    sent = list(declared.sent(run.region, run.as_of))
    table = [row for each in sent for row in declared.annex_23(each)]
    ahead, accounts = list(advances.paid(run.region, run.as_of)), list(declared.accounts(run.region, run.as_of))
    covered, withdrawn = advances.by_priority(ahead), list(declared.withdrawn(run.region, run.as_of))
    counts = {"23": table, "23-advances": covered, "24-1": accounts, "24-2": withdrawn, "24-4": accounts}
    return {
        APPLICATIONS.key: Source(sent, _application),
        TABLE.key: made(table, "application", "priority"),
        ADVANCES.key: made(covered, "priority"),
        LINES.key: Source(declared.lines(sent).iterator(chunk_size=1000), _line),
        CORRECTIONS.key: Source(declared.corrections(run.region, run.as_of).iterator(chunk_size=1000), _correction),
        APPENDIX_1.key: made(accounts, "year", "priority"),
        APPENDIX_2.key: made(withdrawn, "year", "priority"),
        APPENDIX_4.key: made(accounts, "year", "priority"),
        PAID_AHEAD.key: made(ahead, "reference", "claim"),
        APPENDICES.key: made(standing(run.region, run.as_of, counts), "annex", "appendix"),
    }


def _application(found: PaymentApplication) -> dict[str, Any]:
    keys = ("year", "window_start", "window_end", "is_final", "declared", "contribution")
    return {key: getattr(found, key) for key in keys} | {
        "fund": "ERDF", "cci": found.programme.cci, "programme": found.programme.name,
        "decision": found.programme.decision,
        "application": str(found.number), "sent_on": found.sent_at, "national_reference": found.reference,
    }  # fmt: skip


def _line(line: OperationClaimLine) -> dict[str, Any]:
    entry, correction = line.entry, line.correction
    application = line.claim.payment_application
    return {
        "application": str(application.number) if application else "", "claim": str(line.claim),
        "operation": line.claim.operation.code, "reference": line.application.reference, "rank": line.pk,
        "kind": entry.bucket if entry else "correction",
        "order_number": entry.order.number if entry and entry.order else "",
        "paid_on": entry.effective_on if entry else correction and correction.decided_on,
        "booked": line.booked, "declared": line.declared, "expenditure": line.expenditure, "reason": line.reason,
    }  # fmt: skip


def _correction(found: Correction) -> dict[str, Any]:
    return {
        "reference": found.application.reference, "rank": found.pk, "decided_on": found.decided_on,
        "kind": found.kind, "amount": found.expenditure, "public_contribution": found.amount, "audit": found.audit,
        "year": declared.label(found.year_end) if found.year_end else "",
        "irregularity": found.irregularity.number if found.irregularity else "", **_landing(found),
    }  # fmt: skip


def _landing(found: Correction) -> dict[str, Any]:
    """Where it was recorded on its day; by its own year when no irregularity says so."""
    place = CorrectionLanding.ACCOUNTS if found.year_end else CorrectionLanding.APPLICATION
    year = declared.label(found.year_end) if found.year_end else ""
    return {"lands_in": found.lands_in or place, "landing_year": found.accounting_year or year}


def ties(run: ReportRun, totals: Totals) -> Sequence[Tie]:
    """The table against the applications as sent, the lines against the ledger's rows, the accounts against both."""
    sent = list(declared.sent(run.region, run.as_of))
    whole, public = sum((each.declared for each in sent), ZERO), sum((each.contribution for each in sent), ZERO)
    lines, accounts = totals[LINES.key], totals[APPENDIX_4.key]
    return [
        Tie("annex_23", "Dépenses déclarées", "Declared expenditure", totals[TABLE.key]["expenditure"], whole),
        Tie("contribution", "Contribution publique", "Public contribution",
            totals[TABLE.key]["public_contribution"], public),
        Tie("lines", "Lignes déclarées", "Declared lines", lines["declared"], public),
        Tie("lines_expenditure", "Dépense des lignes", "Expenditure of the lines", lines["expenditure"], whole),
        Tie("ledger", "Lignes du grand livre", "Ledger rows", lines["booked"], _booked(sent)),
        Tie("accounts", "Comptes et écarts", "Accounts and differences",
            accounts["accounts_expenditure"] + accounts["expenditure_difference"], whole),
        Tie("deductions", "Corrections des comptes", "Corrections of the accounts",
            accounts["contribution_difference"], _left_out(run, sent)),
        Tie("advances", "Avances d’aides d’État", "State aid advances", totals[PAID_AHEAD.key]["paid"],
            advances.booked(run.region, run.as_of).aggregate(total=Sum("amount"))["total"] or ZERO),
        Tie("advances_declared", "Avances déclarées", "Advances declared", totals[ADVANCES.key]["declared"],
            advances.declared(run.region, run.as_of)),
    ]  # fmt: skip


def _booked(sent: Sequence[PaymentApplication]) -> Any:
    """Paid, less recovered, less corrected: read from the ledger and the corrections, not from the lines' copies."""
    held = OperationClaimLine.objects.filter(claim__payment_application__in=list(sent), live=True)
    rows = LedgerEntry.objects.filter(pk__in=held.filter(entry__isnull=False).values("entry"))
    told = dict(rows.values_list("bucket").annotate(total=Sum("amount")))
    less = Correction.objects.filter(pk__in=held.filter(correction__isnull=False).values("correction"))
    corrected = less.aggregate(total=Sum("amount"))["total"] or ZERO
    return told.get(Bucket.PAID, ZERO) - told.get(Bucket.RECOVERED, ZERO) - corrected


def _left_out(run: ReportRun, sent: Sequence[PaymentApplication]) -> Any:
    """The corrections put in the accounts of the years declared, from their own rows."""
    years = {each.year_end for each in sent}
    rows = Correction.objects.filter(application__region=run.region, recorded_at__lte=run.as_of, year_end__in=years)
    return rows.aggregate(total=Sum("amount"))["total"] or ZERO


REPORT = Report(
    key="declarations", name_fr="Demandes de paiement et comptes FEDER",
    name_en="ERDF payment applications and accounts",
    sheets=SHEETS, read=sources, ties=ties, scope=REGION,
    roles=(RoleKind.DECIDER, RoleKind.CERTIFIER, RoleKind.LIQUIDATOR, RoleKind.AUTHORISING),
)  # fmt: skip
